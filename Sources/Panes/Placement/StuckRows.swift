internal import Domain

/// The view of what does not go on by itself: nodes that are not well, rollouts that stopped, tasks that are nowhere or failed.
struct StuckRows {
    let snapshot: Snapshot
    let index: PlacementIndex
    let query: PlacementQuery

    func rows() -> (rows: [PlacementRow], hidden: Int) {
        var rows: [PlacementRow] = []
        var hidden = 0
        for source in index.sources {
            let found = nodes(of: source) + rollouts(of: source) + tasks(of: source)
            let kept = query.filter.isActive ? found.filter(isWanted) : found
            hidden += found.count - kept.count
            guard !kept.isEmpty else { continue }
            if index.sources.count > 1 { rows.append(PlacementRow(id: .source(source), depth: 0)) }
            rows += kept
        }
        return (rows, hidden)
    }

    private func nodes(of source: Source.ID) -> [PlacementRow] {
        snapshot.nodes.filter { $0.id.source == source && $0.problem != nil }.sorted { NaturalOrder.precedes($0.name, $1.name) }
            .map { PlacementRow(id: .node($0.id), depth: 0) }
    }

    private func rollouts(of source: Source.ID) -> [PlacementRow] {
        snapshot.workloads.filter { workload in
            guard workload.id.source == source else { return false }
            switch workload.rollout {
            case .paused, .failed, .rollingBack: return true
            case .settled, .progressing, .rolledBack: return false
            }
        }.sorted { NaturalOrder.precedes($0.name, $1.name) }.map { PlacementRow(id: .workload($0.id), depth: 0) }
    }

    private func tasks(of source: Source.ID) -> [PlacementRow] {
        let builder = TaskRows(snapshot: snapshot, index: index)
        let workloads = snapshot.workloads.filter { $0.id.source == source }.sorted { NaturalOrder.precedes($0.name, $1.name) }
        let rows = workloads.flatMap { builder.rows(index.tasks(of: $0.id), isOpened: false, depth: 0) } + builder.rows(index.looseTasks(of: source), isOpened: false, depth: 0)
        // Tasks without a node first: nothing will happen to them before somebody acts.
        func isUnplaced(_ row: PlacementRow) -> Bool {
            guard case .task(let id) = row.id, let position = index.tasks[id] else { return false }
            return snapshot.tasks[position].isUnplaced
        }
        return rows.filter(isUnplaced) + rows.filter { !isUnplaced($0) }
    }

    private func isWanted(_ row: PlacementRow) -> Bool {
        switch row.id {
        case .node(let id):
            guard let node = index.nodes[id].map({ snapshot.nodes[$0] }) else { return false }
            return query.filter.matches([node.name, node.standing, node.message], labels: node.engineLabels.merging(node.labels) { $1 })
        case .workload(let id):
            guard let workload = index.workloads[id].map({ snapshot.workloads[$0] }) else { return false }
            return query.filter.matches([workload.name, workload.group, workload.rolloutWord, workload.rolloutMessage], labels: workload.labels)
        case .task(let id):
            guard let task = index.tasks[id].map({ snapshot.tasks[$0] }) else { return false }
            let workload = index.workload(of: task, in: snapshot)
            return query.filter.matches([task.name, workload?.group ?? "", task.standing, task.reason, task.node.map(index.name) ?? ""], labels: workload?.labels ?? [:])
        case .source, .stack, .nowhere: return false
        }
    }
}
