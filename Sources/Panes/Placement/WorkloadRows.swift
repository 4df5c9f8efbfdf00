internal import Domain

/// The view by service: stack, its services, their tasks; services without a stack stand at the margin.
struct WorkloadRows {
    let snapshot: Snapshot
    let index: PlacementIndex
    let query: PlacementQuery

    func rows() -> (rows: [PlacementRow], hidden: Int) {
        var rows: [PlacementRow] = []
        var hidden = 0
        for source in index.sources {
            let all = snapshot.workloads.indices.filter { snapshot.workloads[$0].id.source == source }
            let kept = all.filter(isServiceWanted)
            hidden += all.count - kept.count
            let loose = index.looseTasks(of: source).filter(isTaskWanted)
            guard !kept.isEmpty || !loose.isEmpty else { continue }
            if index.sources.count > 1 { rows.append(PlacementRow(id: .source(source), depth: 0)) }
            append(kept, of: source, to: &rows)
            rows += TaskRows(snapshot: snapshot, index: index).rows(loose, isOpened: true, depth: 0)
        }
        return (rows, hidden)
    }

    private func append(_ kept: [Int], of source: Source.ID, to rows: inout [PlacementRow]) {
        var groups: [(name: String, members: [Int])] = []
        var places: [String: Int] = [:]
        for position in ordered(kept) {
            let group = snapshot.workloads[position].group
            if !group.isEmpty, let place = places[group] {
                groups[place].members.append(position)
            } else {
                places[group] = groups.count
                groups.append((group, [position]))
            }
        }
        for group in groups {
            let stack = PlacementRow.ID.stack(source, group.name)
            if !group.name.isEmpty {
                rows.append(PlacementRow(id: stack, depth: 0))
                if query.closed.contains(stack) { continue }
            }
            let depth = group.name.isEmpty ? 0 : 1
            for position in group.members {
                let id = snapshot.workloads[position].id
                rows.append(PlacementRow(id: .workload(id), depth: depth))
                rows += TaskRows(snapshot: snapshot, index: index).rows(index.tasks(of: id), isOpened: query.opened.contains(.workload(id)), depth: depth + 1)
            }
        }
    }

    private func isServiceWanted(_ position: Int) -> Bool {
        let workload = snapshot.workloads[position]
        let tasks = index.tasks(of: workload.id)
        if query.showsProblemsOnly, workload.problem == nil, !tasks.contains(where: { index.isNoteworthy($0, in: snapshot) }) { return false }
        guard query.filter.isActive else { return true }
        var fields = [workload.name, workload.group, workload.kind, workload.mode.word, workload.image, workload.rolloutWord, workload.rolloutMessage]
        fields += workload.ports.map(\.description)
        var nodes = Set<Node.ID>()
        for position in tasks {
            if let node = snapshot.tasks[position].node, nodes.insert(node).inserted { fields.append(index.name(of: node)) }
            if !snapshot.tasks[position].reason.isEmpty { fields.append(snapshot.tasks[position].reason) }
        }
        return query.filter.matches(fields, labels: workload.labels)
    }

    private func isTaskWanted(_ position: Int) -> Bool {
        let task = snapshot.tasks[position]
        if query.showsProblemsOnly, !index.isNoteworthy(position, in: snapshot) { return false }
        return !query.filter.isActive || query.filter.matches([task.name, task.image, task.standing, task.reason, task.node.map(index.name) ?? ""])
    }

    /// Stacks in the order of their names and loose services last; by another column, as their first service comes.
    private func ordered(_ positions: [Int]) -> [Int] {
        let workloads = snapshot.workloads
        func tie(_ a: Int, _ b: Int) -> Bool {
            let (left, right) = (workloads[a].group, workloads[b].group)
            if left != right { return left.isEmpty || right.isEmpty ? right.isEmpty : NaturalOrder.precedes(left, right) }
            return NaturalOrder.precedes(workloads[a].name, workloads[b].name)
        }
        let keyed: [(position: Int, key: Double)] = positions.map { position in
            switch query.order {
            case .name: (position, 0)
            case .tasks: (position, workloads[position].share)
            // What changed last has the smallest age.
            case .updated: (position, -Double(workloads[position].updated?.nanoseconds ?? 0))
            }
        }
        return keyed.sorted { a, b in
            if a.key != b.key { return query.ascending ? a.key < b.key : a.key > b.key }
            return query.order == .name && !query.ascending ? tie(b.position, a.position) : tie(a.position, b.position)
        }.map(\.position)
    }
}
