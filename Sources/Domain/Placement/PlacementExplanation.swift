/// Why a task has no node: what the scheduler says, what we count, and what would help.
public struct PlacementExplanation: Sendable, Hashable {
    /// Whether our count comes out as the scheduler's own.
    public enum Agreement: Sendable, Hashable {
        case agrees
        /// The scheduler said nothing that could be compared.
        case silent
        /// What it says and what we count.
        case disagrees(String)
    }

    public var verdicts: [NodeVerdict]
    /// The task's reason, in full.
    public var schedulerWords: String
    public var agreement: Agreement
    /// The smallest changes that would let it run, best first, at most three; each names the thing to change: "add label
    /// ssd=true to h1", "on h2: activate it and free port 8080 (web.1 has it)". Empty while some node would take it.
    public var remedies: [String]

    public init(verdicts: [NodeVerdict], schedulerWords: String = "", agreement: Agreement = .silent, remedies: [String] = []) {
        self.verdicts = verdicts
        self.schedulerWords = schedulerWords
        self.agreement = agreement
        self.remedies = remedies
    }
}

extension PlacementBoard {
    /// What keeps a task from the nodes, the task itself not counted among those that are in its way. nil when its
    /// workload is unknown.
    ///
    /// A task that is there because of its node is looked at on that node alone.
    public func explanation(of task: WorkloadTask) -> PlacementExplanation? {
        guard let workload = workload(task.workload) else { return nil }
        let scheduler = scheduler(without: [task.id])
        var verdicts = scheduler.verdicts(on: workload)
        if workload.mode.bindsToNode, let node = task.node { verdicts.removeAll { $0.node.id != node } }
        // The scheduler forgets the nodes it refused whenever one accepts (swarmkit `scheduler/pipeline.go`, Process): of a
        // batch that found room in part it may name only the last ones.
        let mayHaveForgotten = tasks.contains { $0.workload == workload.id && $0.id != task.id && $0.isActive }
        return PlacementExplanation(
            verdicts: verdicts, schedulerWords: task.reason,
            agreement: SchedulerText(task.reason)?.agreement(with: verdicts, mayBePartial: mayHaveForgotten) ?? .silent,
            remedies: Remedies(of: workload, verdicts, on: scheduler).words)
    }

    /// What one more task of the workload would meet.
    public func explanation(of workload: Workload) -> PlacementExplanation {
        let scheduler = scheduler()
        let verdicts = scheduler.verdicts(on: workload)
        return PlacementExplanation(verdicts: verdicts, remedies: Remedies(of: workload, verdicts, on: scheduler).words)
    }
}

extension Workload.Mode {
    /// Its tasks are made for a node each: what ends there is not started elsewhere.
    var bindsToNode: Bool {
        switch self {
        case .perNode, .jobPerNode, .pinned: true
        case .replicated, .job: false
        }
    }
}
