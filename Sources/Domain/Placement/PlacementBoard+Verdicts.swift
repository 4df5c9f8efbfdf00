extension PlacementBoard {
    /// For each node, whether it would take one more task of the workload, and every rule against it.
    public func verdicts(on workload: Workload) -> [NodeVerdict] { scheduler().verdicts(on: workload) }

    /// The board as a scheduler starts from it, some tasks taken off it first.
    ///
    /// Occupancy is counted from the tasks, not taken from what the nodes say is reserved: those figures would still hold
    /// the tasks that are taken off. Only a board without any task falls back to them.
    func scheduler(without gone: Set<WorkloadTask.ID> = []) -> Scheduler {
        guard !tasks.isEmpty else {
            return Scheduler(nodes: nodes, occupancies: Dictionary(nodes.map { ($0.id, Occupancy(reserved: $0.reserved)) }) { first, _ in first })
        }
        let known = Dictionary(workloads.map { ($0.id, $0) }) { first, _ in first }
        var occupancies: [Node.ID: Occupancy] = [:]
        for task in tasks where !gone.contains(task.id) {
            guard let node = task.node else { continue }
            occupancies[node, default: Occupancy()].hold(task, of: task.workload.flatMap { known[$0] })
        }
        return Scheduler(nodes: nodes, occupancies: occupancies)
    }

    func workload(_ id: Workload.ID?) -> Workload? { id.flatMap { id in workloads.first { $0.id == id } } }
}
