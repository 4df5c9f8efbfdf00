internal import Domain

/// From what was read to what is told.
extension SwarmPicture {
    /// What differs from what was told before.
    ///
    /// - Parameter isFirst: all of it, as lists that replace whatever the sink had.
    mutating func news(isFirst: Bool = false) -> [Update] {
        guard isFirst || isAllDoubtful || !doubtful.isEmpty else { return [] }
        let mapping = mapping
        let ids = isFirst || isAllDoubtful ? Set(tasks.keys).union(servicesByID.keys).union(told.tasks.keys).union(told.order) : doubtful
        doubtful = []
        isAllDoubtful = false
        let moved = mapTasks(ids, mapping)
        let nodes = mapNodes(mapping)
        let isReordered = mapWorkloads(ids, mapping)
        var updates: [Update] = []
        if isFirst || nodes != told.nodes {
            told.nodes = nodes
            updates.append(.nodes(source, nodes))
        }
        if isFirst || isReordered { updates.append(.workloads(source, told.order.compactMap { told.workloads[$0] })) }
        if isFirst {
            updates.append(.tasks(source, told.tasks.sorted { $0.key < $1.key }.flatMap(\.value)))
        } else if !moved.isEmpty {
            updates.append(.tasksOf(Set(moved.map(mapping.workloadID)), moved.sorted().flatMap { told.tasks[$0] ?? [] }))
        }
        return updates
    }

    /// As told; what a forecast is made from.
    var board: PlacementBoard {
        PlacementBoard(
            nodes: told.nodes, workloads: told.order.compactMap { told.workloads[$0] },
            tasks: told.tasks.sorted { $0.key < $1.key }.flatMap(\.value))
    }

    private var mapping: SwarmMapping {
        var mapping = SwarmMapping(source: source, networks: networks, answering: answering)
        for node in nodes { if let id = node.id { mapping.nodes[id] = node } }
        return mapping
    }

    /// Whose tasks changed.
    private mutating func mapTasks(_ ids: Set<String>, _ mapping: SwarmMapping) -> Set<String> {
        var moved = Set<String>()
        for id in ids {
            let wires = tasks[id] ?? []
            let service = servicesByID[id]
            let new = service == nil ? mapping.tasks(wires, ofGone: departed[id]) : mapping.tasks(wires, of: service)
            guard new != told.tasks[id] ?? [] else { continue }
            told.tasks[id] = new.isEmpty ? nil : new
            moved.insert(id)
        }
        return moved
    }

    /// Whether any changed, came or went.
    private mutating func mapWorkloads(_ ids: Set<String>, _ mapping: SwarmMapping) -> Bool {
        var isNew = false
        for id in ids {
            let new = servicesByID[id].map { mapping.workload($0, tasks: tasks[id] ?? []) }
            guard new != told.workloads[id] else { continue }
            told.workloads[id] = new
            isNew = true
        }
        let order = services.map(\.id)
        guard isNew || order != told.order else { return false }
        told.order = order
        return true
    }

    private func mapNodes(_ mapping: SwarmMapping) -> [Node] {
        var reserved: [String: Resources] = [:]
        for tasks in told.tasks.values {
            for task in tasks where task.holdsResources && !task.reserved.isEmpty {
                guard let node = task.node?.raw else { continue }
                reserved[node] = (reserved[node] ?? Resources()) + task.reserved
            }
        }
        return nodes.compactMap { wire in mapping.node(wire, reserved: wire.id.flatMap { reserved[$0] } ?? Resources()) }
    }
}
