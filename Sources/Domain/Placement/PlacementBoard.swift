/// The nodes, workloads and tasks of one orchestrator side by side: what questions about placement are answered from.
///
/// Pure arithmetic over the picture; nothing is asked of the orchestrator. It is a forecast of what its scheduler would do,
/// by the rules that it documents, and is shown beside what the scheduler itself says.
public struct PlacementBoard: Sendable {
    public let nodes: [Node]
    public let workloads: [Workload]
    public let tasks: [WorkloadTask]

    public init(nodes: [Node], workloads: [Workload], tasks: [WorkloadTask]) {
        self.nodes = nodes
        self.workloads = workloads
        self.tasks = tasks
    }

    /// What a snapshot knows of one source.
    public init(_ snapshot: Snapshot, source: Source.ID) {
        self.init(
            nodes: snapshot.nodes.filter { $0.id.source == source }, workloads: snapshot.workloads.filter { $0.id.source == source },
            tasks: snapshot.tasks.filter { $0.id.source == source })
    }
}
