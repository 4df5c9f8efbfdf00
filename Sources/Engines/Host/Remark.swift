/// Something that a person should know about what these files do not tell; said once, in the strip and beside the pane.
enum Remark: Hashable, CaseIterable {
    case partOfMachine
    case noProcessorController, noMemoryController
    case noProcessor, noMemory, noBlocks, noProcesses
    case hiddenProcesses, foreignProcesses
    case deniedGroups

    var text: String {
        switch self {
        case .partOfMachine:
            "only a part of the machine's control groups is visible: Binnacle runs in a container; "
                + "start it with --cgroupns=host --pid=host -v /sys/fs/cgroup:/sys/fs/cgroup:ro to see the others"
        case .noProcessorController: "processor use is unknown: no cpuacct controller is mounted"
        case .noMemoryController: "memory use is unknown: no memory controller is mounted"
        case .noProcessor: "processor use of some containers cannot be read: permission denied on their control groups"
        case .noMemory: "memory of some containers cannot be read: permission denied on their control groups"
        case .noBlocks: "disk traffic of some containers cannot be read: permission denied on their control groups"
        case .noProcesses: "process counts of some containers cannot be read: permission denied on their control groups"
        case .hiddenProcesses:
            "network traffic of some containers cannot be read: /proc hides other users' processes (hidepid)"
        case .foreignProcesses:
            "network traffic of some containers cannot be read: their processes are outside this pid namespace (--pid=host)"
        case .deniedGroups: "some control groups cannot be listed: permission denied; containers in them are not seen"
        }
    }
}
