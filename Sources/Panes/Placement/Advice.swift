internal import Commands
internal import Domain
internal import Widgets

/// The first thing that would help, in words. For tasks without a node the board knows better: see `PlacementExplanation`.
enum Advice {
    static func of(_ node: Node, key: (Command.ID) -> String) -> String? {
        switch node.status {
        case .down, .disconnected, .unknown:
            let gone = node.isManager ? "if it is gone for good, make it a worker (:role), then \(key(.remove)) removes it" : "if it is gone for good, \(key(.remove)) removes it"
            return "see that the machine is up, that its engine runs and that it reaches the managers; \(gone)"
        case .ready: break
        }
        return node.problem == nil ? nil : "see that the managers reach each other: without more than half of them nothing can be changed"
    }

    static func of(_ workload: Workload, key: (Command.ID) -> String) -> String? {
        switch workload.rollout {
        case .paused, .failed:
            let back = workload.hasPrevious ? "\(key(.rollBack)) goes back to the specification before, " : ""
            return "\(back)\(key(.deploy)) deploys a corrected one; its failed tasks say what went wrong"
        case .rollingBack: return "it goes back by itself; its failed tasks say what went wrong"
        case .settled, .progressing, .rolledBack: return nil
        }
    }

    static func of(_ task: WorkloadTask, key: (Command.ID) -> String) -> String? {
        switch task.state {
        case .rejected: return rejection(task)
        case .failed:
            switch task.exitCode {
            case 137?: return "something killed it: if that was its memory limit, a higher one helps; \(key(.logs)) shows what it printed"
            case 126?, 127?: return "check the command in its specification, or the image"
            default: return "\(key(.logs)) shows what it printed before it ended"
            }
        case .lost: return "its node does not answer any more: see the node"
        case .pending, .starting, .running, .stopping, .finished, .unknown: return nil
        }
    }

    private static func rejection(_ task: WorkloadTask) -> String {
        func says(_ words: String) -> Bool { TextView.occurrence(of: words, in: task.reason) != nil }
        if says("no such image") || says("pull access denied") || says("manifest unknown") {
            return "its node cannot pull \(task.image.isEmpty ? "the image" : task.image): check name and tag, and the login to its registry"
        }
        if says("bind source path does not exist") { return "make that path on the node, or use a volume" }
        return "the node could not even start it: check the mounts, networks and command in its specification"
    }
}
