/// The places of one replicated workload, each with the tasks that fill it now: one, or two while the second takes over.
struct TaskSlots {
    /// In order of their numbers; tasks without a number have a place of their own.
    private let slots: [[WorkloadTask]]

    init(of workload: Workload.ID, in tasks: [WorkloadTask]) {
        let current = tasks.filter { $0.workload == workload && $0.isCurrent }
            .sorted { ($0.slot, $0.name, $0.id.raw) < ($1.slot, $1.name, $1.id.raw) }
        let numbered = Dictionary(grouping: current.filter { $0.slot > 0 }, by: \.slot).sorted { $0.key < $1.key }.map(\.value)
        slots = numbered + current.filter { $0.slot <= 0 }.map { [$0] }
    }

    var count: Int { slots.count }
    var tasks: [WorkloadTask] { slots.flatMap { $0 } }

    /// How many have a task on a node.
    var placed: Int { slots.count { $0.contains { $0.isActive } } }

    /// Those that go when there shall be so many fewer, the first to go first.
    ///
    /// swarmkit `orchestrator/replicated/services.go` keeps nodes even before it spares what runs: places without a node,
    /// or with two tasks, go first. The others are counted on their node, running ones first, and go from the highest
    /// count down: from the node with most, one each round, and there whatever does not run yet. A task that is starting on a
    /// node of its own so outlives the third one of another node. The order among equals is arbitrary for SwarmKit;
    /// here, and in its recent versions as a rule, what does not run goes first and then the highest number.
    func leaving(_ excess: Int) -> [WorkloadTask] {
        let runningFirst = slots.sorted { Self.rank($0) < Self.rank($1) }
        var onNode: [Node.ID: Int] = [:]
        var ranked: [(number: Int, order: Int, slot: [WorkloadTask])] = []
        for (order, slot) in runningFirst.enumerated() {
            if slot.count == 1, let node = slot.first?.node {
                let number = (onNode[node] ?? 0) + 1
                onNode[node] = number
                ranked.append((number, order, slot))
            } else {
                ranked.append((.max, order, slot))
            }
        }
        return ranked.sorted { ($0.number, $0.order) > ($1.number, $1.order) }.prefix(max(0, excess)).flatMap(\.slot)
    }

    private static func rank(_ slot: [WorkloadTask]) -> Int { slot.contains { $0.state == .running } ? 0 : 1 }
}
