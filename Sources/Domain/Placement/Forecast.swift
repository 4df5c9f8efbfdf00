/// Where the tasks of a workload would be after it is scaled, by the scheduler's rules as they are known.
public struct Forecast: Sendable, Hashable {
    /// A node and how many tasks of the workload shall run on it, now and then.
    public struct Landing: Sendable, Hashable {
        public var node: Node
        public var before: Int
        public var after: Int

        public init(node: Node, before: Int, after: Int) {
            self.node = node
            self.before = before
            self.after = after
        }
    }

    /// Every node that has or gets tasks of the workload, in order of name.
    public var landings: [Landing]
    /// How many tasks find no node, those that have none today included.
    public var unplaced: Int
    /// Why, once all others have landed; empty while all find a node.
    public var refusals: [NodeVerdict]
    /// When there are to be fewer: those that go, the first to go first.
    public var leaving: [WorkloadTask]

    public init(landings: [Landing], unplaced: Int = 0, refusals: [NodeVerdict] = [], leaving: [WorkloadTask] = []) {
        self.landings = landings
        self.unplaced = unplaced
        self.refusals = refusals
        self.leaving = leaving
    }
}

extension PlacementBoard {
    /// What would be after scaling to `count`. Where the number of tasks is not for the operator to say (one per node,
    /// placed by hand) that is what is now.
    public func forecast(scaling workload: Workload, to count: Int) -> Forecast {
        let slots = TaskSlots(of: workload.id, in: tasks)
        let count = max(0, count)
        switch workload.mode {
        case .perNode, .jobPerNode, .pinned: return present(of: workload, slots)
        case .replicated where count < slots.count: return present(of: workload, slots, without: slots.leaving(slots.count - count))
        // The scheduler tries the tasks that wait for a node again together with the new ones: all are of one kind.
        case .replicated: return landing(max(0, count - slots.placed), of: workload)
        // What has run to its end is not run again, and what runs is never taken back.
        case .job: return landing(Int(clamping: Int128(count) - Int128(max(0, workload.completed)) - Int128(slots.placed)), of: workload)
        }
    }

    private func landing(_ count: Int, of workload: Workload) -> Forecast {
        let before = scheduler()
        var after = before
        let placed = after.place(count, of: workload).values.reduce(0, +)
        let unplaced = max(0, count - placed)
        return Forecast(
            landings: landings(of: workload, before, after), unplaced: unplaced, refusals: unplaced > 0 ? after.verdicts(on: workload) : [])
    }

    private func present(of workload: Workload, _ slots: TaskSlots, without leaving: [WorkloadTask] = []) -> Forecast {
        let before = scheduler()
        let gone = Set(leaving.map(\.id))
        let after = gone.isEmpty ? before : scheduler(without: gone)
        let unplaced = slots.tasks.count { $0.isUnplaced && !gone.contains($0.id) }
        return Forecast(
            landings: landings(of: workload, before, after), unplaced: unplaced, refusals: unplaced > 0 ? after.verdicts(on: workload) : [],
            leaving: leaving)
    }

    func landings(of workload: Workload, _ before: Scheduler, _ after: Scheduler) -> [Forecast.Landing] {
        nodes.map { node in
            Forecast.Landing(
                node: node, before: before.occupancy(of: node.id).activeByWorkload[workload.id] ?? 0,
                after: after.occupancy(of: node.id).activeByWorkload[workload.id] ?? 0)
        }
        .filter { $0.before > 0 || $0.after > 0 }
        .sorted { ($0.node.name, $0.node.id.raw) < ($1.node.name, $1.node.id.raw) }
    }
}
