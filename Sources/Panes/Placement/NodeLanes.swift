internal import Domain

/// The view by node: each node with what stands on it, and what stands nowhere before them all.
struct NodeLanes {
    let snapshot: Snapshot
    let index: PlacementIndex
    let query: PlacementQuery

    func rows() -> (rows: [PlacementRow], hidden: Int) {
        var rows: [PlacementRow] = []
        var hidden = 0
        let tasks = TaskRows(snapshot: snapshot, index: index)
        for source in index.sources {
            let all = snapshot.nodes.indices.filter { snapshot.nodes[$0].id.source == source }
            let kept = all.filter(isNodeWanted).sorted { NaturalOrder.precedes(snapshot.nodes[$0].name, snapshot.nodes[$1].name) }
            let nowhere = index.tasksNowhere(of: source).filter(isTaskWanted)
            hidden += all.count - kept.count
            guard !kept.isEmpty || !nowhere.isEmpty else { continue }
            if index.sources.count > 1 { rows.append(PlacementRow(id: .source(source), depth: 0)) }
            if !nowhere.isEmpty {
                rows.append(PlacementRow(id: .nowhere(source), depth: 0, companions: nowhere))
                rows += tasks.rows(nowhere, isOpened: query.opened.contains(.nowhere(source)), depth: 1)
            }
            for position in kept {
                let id = snapshot.nodes[position].id
                rows.append(PlacementRow(id: .node(id), depth: 0))
                rows += tasks.rows(index.tasks(on: id), isOpened: query.opened.contains(.node(id)), depth: 1)
            }
        }
        return (rows, hidden)
    }

    private func isNodeWanted(_ position: Int) -> Bool {
        let node = snapshot.nodes[position]
        let tasks = index.tasks(on: node.id)
        if query.showsProblemsOnly, node.problem == nil, !tasks.contains(where: { index.isNoteworthy($0, in: snapshot) }) { return false }
        guard query.filter.isActive else { return true }
        let fields = [node.name, node.address, node.status.word, node.availability.rawValue, node.version, node.platform.description, node.message] + node.roles
        return query.filter.matches(fields + tasks.map { snapshot.tasks[$0].name }, labels: node.engineLabels.merging(node.labels) { $1 })
    }

    private func isTaskWanted(_ position: Int) -> Bool {
        let task = snapshot.tasks[position]
        guard query.filter.isActive else { return true }
        return query.filter.matches([task.name, task.standing, task.reason], labels: index.workload(of: task, in: snapshot)?.labels ?? [:])
    }
}
