internal import Domain
internal import Drawing

/// One character for the state of a task, never colour alone.
enum TaskGlyph {
    static func of(_ task: WorkloadTask) -> (text: String, role: Role) {
        switch task.state {
        case .running: task.isOutdated ? ("▣", .muted) : ("■", .good)
        case .starting: ("▨", .info)
        case .pending: ("□", .warning)
        case .stopping: ("▥", .muted)
        case .finished: ("✓", .good)
        case .failed, .rejected: ("✖", .bad)
        case .lost, .unknown: ("?", .bad)
        }
    }
}

extension WorkloadTask {
    /// Where it is, in one or two words: the source's own, but for a task that no node has.
    var standing: String {
        if isUnplaced { return "not placed" }
        if !stateWord.isEmpty { return stateWord }
        switch state {
        case .pending: return "pending"
        case .starting: return "starting"
        case .running: return "running"
        case .stopping: return "stopping"
        case .finished: return "finished"
        case .failed: return "failed"
        case .rejected: return "rejected"
        case .lost: return "lost"
        case .unknown(let word): return word
        }
    }

    /// Its place among its workload's tasks: `.3`, or what its own name adds to the workload's.
    func label(in workload: Workload?) -> String {
        if slot > 0 { return ".\(slot)" }
        guard let workload, name.hasPrefix(workload.name + "."), name.count > workload.name.count + 1 else { return name }
        return String(name.dropFirst(workload.name.count))
    }
}
