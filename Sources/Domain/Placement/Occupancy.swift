/// What one node carries, counted as SwarmKit's scheduler counts it (swarmkit `scheduler/nodeinfo.go`).
struct Occupancy {
    /// A port of the node itself. One that the orchestrator has yet to choose is none.
    struct HostPort: Hashable {
        let number: Int
        let transport: String

        init?(_ port: Workload.Port) {
            guard let number = port.published, number != 0 else { return nil }
            self.number = number
            transport = port.transport
        }
    }

    /// What its tasks reserve, those that are on their way out included.
    private(set) var reserved: Resources
    /// Tasks that hold something on it.
    private(set) var holders = 0
    /// Tasks that shall run on it; those on their way out are not among them.
    private(set) var active = 0
    private(set) var activeByWorkload: [Workload.ID: Int] = [:]
    /// Who has each of the node's own ports that are taken.
    private(set) var portHolders: [HostPort: String] = [:]

    init(reserved: Resources = Resources()) { self.reserved = reserved }

    /// `workload` is what the task belongs to, where that is known: its ports are taken too.
    mutating func hold(_ task: WorkloadTask, of workload: Workload?) {
        guard task.holdsResources else { return }
        reserved = reserved + task.reserved
        holders += 1
        for port in workload?.demand.hostPorts.compactMap(HostPort.init) ?? [] { portHolders[port] = task.name }
        guard task.isActive else { return }
        active += 1
        if let id = task.workload { activeByWorkload[id, default: 0] += 1 }
    }

    /// Takes in as many tasks of a workload as are forecast to land here.
    mutating func land(_ count: Int, of workload: Workload) {
        reserved = reserved + workload.demand.resources.multiplied(by: count)
        holders = Self.sum(holders, count)
        active = Self.sum(active, count)
        activeByWorkload[workload.id] = Self.sum(activeByWorkload[workload.id] ?? 0, count)
        for port in workload.demand.hostPorts.compactMap(HostPort.init) { portHolders[port] = workload.name }
    }

    // A forecast may be asked for any number at all.
    private static func sum(_ a: Int, _ b: Int) -> Int { Int(clamping: Int128(a) + Int128(b)) }

    /// What is left of a node's capacity, never below nothing. Amounts that the capacity does not tell stay unset.
    func free(of capacity: Resources) -> Resources {
        Resources(
            nanoCPUs: capacity.nanoCPUs.map { Int64(clamping: max(0, Int128($0) - Int128(reserved.nanoCPUs ?? 0))) },
            memory: capacity.memory.map { $0 - min($0, reserved.memory ?? 0) },
            disk: capacity.disk.map { $0 - min($0, reserved.disk ?? 0) },
            slots: capacity.slots.map { Int(clamping: max(0, Int128($0) - Int128(max(holders, reserved.slots ?? 0)))) },
            others: Dictionary(uniqueKeysWithValues: capacity.others.map { ($0, max(0, $1 - (reserved.others[$0] ?? 0))) }))
    }
}

extension WorkloadTask {
    /// It counts where the scheduler spreads tasks and limits them: it has a node and shall run there.
    var isActive: Bool {
        guard isCurrent, node != nil else { return false }
        switch state {
        case .starting, .running: return true
        // What Swarm calls `pending` with a node is a global service's task that its node has not taken yet.
        case .pending, .stopping, .finished, .failed, .rejected, .lost, .unknown: return false
        }
    }
}

extension Resources {
    /// So much for each of several tasks. 64 bits times 63 bits fit into 128 with the sign.
    fileprivate func multiplied(by count: Int) -> Resources {
        let times = Int128(count)
        return Resources(
            nanoCPUs: nanoCPUs.map { Int64(clamping: Int128($0) * times) },
            memory: memory.map { UInt64(clamping: Int128($0) * times) },
            disk: disk.map { UInt64(clamping: Int128($0) * times) },
            slots: slots.map { Int(clamping: Int128($0) * times) },
            others: others.mapValues { $0 * Double(count) })
    }
}
