/// A task that has to leave a node, and where its work goes on.
public struct Departure: Sendable, Hashable {
    public var task: WorkloadTask
    /// Of several tasks of one workload, which goes where is not decided before they go: the numbers are what counts.
    /// nil: nowhere.
    public var destination: Node?
    /// Why nowhere.
    public var refusals: [NodeVerdict]
    /// It ends and nothing takes its place: it was there because of the node, or nothing would start it again.
    public var stops: Bool

    public init(task: WorkloadTask, destination: Node? = nil, refusals: [NodeVerdict] = [], stops: Bool = false) {
        self.task = task
        self.destination = destination
        self.refusals = refusals
        self.stops = stops
    }
}

extension PlacementBoard {
    /// What moves when the node drains, and where to, in order of the workloads' names and the tasks' numbers.
    ///
    /// The workloads compete for the room that is left. SwarmKit takes them in an arbitrary order, here by name.
    public func departures(from node: Node) -> [Departure] {
        let leaving = tasks.filter { $0.node == node.id && $0.isActive }
        let emptied = PlacementBoard(nodes: nodes.map { $0.id == node.id ? $0.drained() : $0 }, workloads: workloads, tasks: tasks)
        var scheduler = emptied.scheduler(without: Set(leaving.map(\.id)))
        let byName = emptied.nodes.sorted { ($0.name, $0.id.raw) < ($1.name, $1.id.raw) }
        var departures: [Departure] = []
        let groups = Dictionary(grouping: leaving, by: \.workload).map { (workload: workload($0.key), tasks: $0.value.sorted(by: Self.inOrder)) }
        for group in groups.sorted(by: { Self.key($0.workload, $0.tasks) < Self.key($1.workload, $1.tasks) }) {
            guard let workload = group.workload, !workload.mode.bindsToNode else {
                departures += group.tasks.map { Departure(task: $0, stops: true) }
                continue
            }
            let landed = scheduler.place(group.tasks.count, of: workload)
            let destinations = byName.flatMap { Array(repeating: $0, count: landed[$0.id] ?? 0) }
            let refusals = destinations.count < group.tasks.count ? scheduler.verdicts(on: workload) : []
            for (index, task) in group.tasks.enumerated() {
                let destination = index < destinations.count ? destinations[index] : nil
                departures.append(Departure(task: task, destination: destination, refusals: destination == nil ? refusals : []))
            }
        }
        return departures
    }

    private static func inOrder(_ a: WorkloadTask, _ b: WorkloadTask) -> Bool { (a.slot, a.name, a.id.raw) < (b.slot, b.name, b.id.raw) }

    private static func key(_ workload: Workload?, _ tasks: [WorkloadTask]) -> (String, String) {
        (workload?.name ?? tasks.first?.name ?? "", workload?.id.raw ?? "")
    }
}

extension Node {
    fileprivate func drained() -> Node {
        var node = self
        node.availability = .draining
        return node
    }
}
