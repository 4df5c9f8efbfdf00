/// Workloads deployed one after another on the same nodes: each finds what those before it have left, so that together they
/// have to fit.
public struct PlacementCourse: Sendable {
    private let board: PlacementBoard
    private var gone: Set<WorkloadTask.ID> = []
    private var landed: [(workload: Workload, counts: [Node.ID: Int])] = []

    public init(_ board: PlacementBoard) { self.board = board }

    /// For each node, whether it would take one more task of the workload as things stand at this point of the course.
    public func verdicts(on workload: Workload) -> [NodeVerdict] { scheduler().verdicts(on: workload) }

    /// Where the tasks of a workload would be once it is as given, `count` of them. Those that are replaced leave first: what
    /// they hold is free for the new ones.
    ///
    /// - Parameter isReplaced: whether a task makes way for a new one; the others stay where they are.
    public mutating func deploy(_ workload: Workload, to count: Int, replacing isReplaced: (WorkloadTask) -> Bool = { _ in false }) -> Forecast {
        let slots = TaskSlots(of: workload.id, in: board.tasks)
        let before = scheduler()
        var leaving: [WorkloadTask] = []
        if case .replicated = workload.mode { leaving = slots.leaving(slots.count - max(0, count)) }
        let isGone = Set(leaving.map(\.id))
        let staying = slots.tasks.filter { $0.isActive && !isGone.contains($0.id) && !isReplaced($0) }
        gone.formUnion(Set(slots.tasks.map(\.id)).subtracting(staying.map(\.id)))
        var after = scheduler()
        let (counts, unplaced, refusals) =
            switch workload.mode {
            case .perNode, .jobPerNode: Self.spread(workload, where: Set(staying.compactMap(\.node)), &after)
            case .replicated, .pinned: Self.fill(count - TaskSlots(of: workload.id, in: staying).placed, of: workload, &after)
            case .job:
                Self.fill(
                    Int(clamping: Int128(count) - Int128(max(0, workload.completed)) - Int128(TaskSlots(of: workload.id, in: staying).placed)), of: workload,
                    &after)
            }
        landed.append((workload, counts))
        return Forecast(landings: board.landings(of: workload, before, after), unplaced: unplaced, refusals: refusals, leaving: leaving)
    }

    private typealias Step = (counts: [Node.ID: Int], unplaced: Int, refusals: [NodeVerdict])

    private static func fill(_ wanted: Int, of workload: Workload, _ scheduler: inout Scheduler) -> Step {
        let counts = scheduler.place(max(0, wanted), of: workload)
        let unplaced = max(0, wanted) - counts.values.reduce(0, +)
        return (counts, unplaced, unplaced > 0 ? scheduler.verdicts(on: workload) : [])
    }

    /// One on each node that qualifies. A node that is ready and meets the constraints gets its task in any case: where that
    /// does not fit it stays pending.
    private static func spread(_ workload: Workload, where there: Set<Node.ID>, _ scheduler: inout Scheduler) -> Step {
        let verdicts = scheduler.verdicts(on: workload).filter { !there.contains($0.node.id) }
        let taking = verdicts.filter(\.accepts).map(\.node.id)
        for node in taking { scheduler.land(1, of: workload, on: node) }
        let pending = verdicts.filter { verdict in
            !verdict.accepts && !verdict.refusals.contains { $0.stage == .ready || $0.stage == .taint || $0.stage == .constraint }
        }
        return (Dictionary(taking.map { ($0, 1) }) { first, _ in first }, pending.count, pending)
    }

    private func scheduler() -> Scheduler {
        var scheduler = board.scheduler(without: gone)
        for (workload, counts) in landed { for (node, count) in counts { scheduler.land(count, of: workload, on: node) } }
        return scheduler
    }
}
