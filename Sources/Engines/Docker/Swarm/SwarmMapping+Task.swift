internal import Domain

/// Tasks: which of them stand for the service, and which are only kept as history.
///
/// Swarm keeps up to five ended tasks for each place (`TaskHistoryRetentionLimit`), also for places that have been scaled
/// away, and tells of none of them what it is kept for.
extension SwarmMapping {
    /// What the tasks of a service follow each other in: a numbered slot, or a node.
    private enum Place: Hashable, Comparable {
        case slot(Int64)
        case node(String)
        case own(String)
    }

    /// What is left of a service that has gone: tasks that are still ending. Those that have ended are nobody's history, and
    /// those of a removed job stay in the swarm for good (20.10).
    func tasks(_ wires: [TaskResource], ofGone service: ServiceResource?) -> [WorkloadTask] {
        tasks(wires.filter { !$0.hasEnded }, of: service)
    }

    /// All tasks of one service, those of a place together, the newest first.
    func tasks(_ wires: [TaskResource], of service: ServiceResource?) -> [WorkloadTask] {
        let places = Dictionary(grouping: wires.filter { $0.id?.isEmpty == false }) { place($0, service) }
            .mapValues { $0.sorted(by: Self.isNewer) }
        let current = currentOnes(Array(places.values), service)
        return places.sorted { $0.key < $1.key }.flatMap { place, tasks in
            tasks.enumerated().compactMap { index, wire in
                wire.id.map { id in
                    task(wire, id, name: name(place, service, wire), service, older: tasks.count - 1 - index, isCurrent: current.contains(id))
                }
            }
        }
    }

    private func place(_ wire: TaskResource, _ service: ServiceResource?) -> Place {
        let node = wire.nodeID ?? ""
        switch service?.mode {
        case .replicated, .job: return .slot(wire.slot ?? 0)
        case .global, .globalJob: return node.isEmpty ? .own(wire.id ?? "") : .node(node)
        case nil:
            if let slot = wire.slot { return .slot(slot) }
            return node.isEmpty ? .own(wire.id ?? "") : .node(node)
        }
    }

    private static func isNewer(_ a: TaskResource, _ b: TaskResource) -> Bool {
        let (left, right) = (a.created.flatMap { Timestamp(rfc3339: $0) }, b.created.flatMap { Timestamp(rfc3339: $0) })
        guard left != right else { return a.id ?? "" > b.id ?? "" }
        return left ?? Timestamp(seconds: 0) > right ?? Timestamp(seconds: 0)
    }

    /// Those that shall run, and of the places where nothing shall the newest, as long as the service still wants the place.
    private func currentOnes(_ places: [[TaskResource]], _ service: ServiceResource?) -> Set<String> {
        var current = Set<String>()
        var ended: [TaskResource] = []
        var filled = 0
        for tasks in places {
            // While an update starts the new one before it stops the old one, a place has two.
            let wanted = tasks.filter { task in !task.isEnding && service.map { task.belongs(to: $0) } ?? true }
            if !wanted.isEmpty {
                filled += 1
                current.formUnion(wanted.compactMap(\.id))
            } else if let newest = tasks.first {
                ended.append(newest)
            }
        }
        let kept: any Sequence<TaskResource> =
            switch service?.mode {
            // A slot that was scaled away keeps its history: of slots without a running task only so many count as are missing.
            case .replicated(let count):
                ended.filter { $0.desired != "remove" }.sorted(by: Self.isNewer).prefix(max(0, count - filled))
            // Asked to end, because its node was drained or does not qualify any more, it ends as `shutdown`.
            case .global: ended.filter { $0.desired != "remove" && $0.state != "shutdown" && takesTasks($0.nodeID) }
            // What ended well is still wanted; what failed for good is why the job does not end.
            case .job, .globalJob: ended.filter { task in service.map { task.belongs(to: $0) } ?? false && task.desired != "remove" && task.state != "shutdown" }
            case nil: [TaskResource]()
            }
        for task in kept { if let id = task.id { current.insert(id) } }
        return current
    }

    private func name(_ place: Place, _ service: ServiceResource?, _ wire: TaskResource) -> String {
        let name = service?.name ?? ""
        let stem = name.isEmpty ? Self.short(wire.serviceID) : name
        return switch place {
        case .slot(let slot): "\(stem).\(slot)"
        case .node(let node): "\(stem).\(nodeName(node))"
        case .own(let id): "\(stem).\(Self.short(id))"
        }
    }

    private func task(
        _ wire: TaskResource, _ raw: String, name: String, _ service: ServiceResource?, older: Int, isCurrent: Bool
    ) -> WorkloadTask {
        let node = wire.nodeID.flatMap { $0.isEmpty ? nil : $0 }
        let state = state(wire)
        let container = wire.containerID ?? ""
        return WorkloadTask(
            id: taskID(raw), name: name, workload: workloadID(wire.serviceID), slot: Int(clamping: wire.slot ?? 0), node: node.map(nodeID),
            containers: container.isEmpty ? [] : [container], state: state, stateWord: wire.state, wanted: wire.desired, isCurrent: isCurrent,
            isOutdated: service.map { wire.template != $0.template } ?? false, reason: reason(wire, state), exitCode: Self.exitCode(wire),
            restarts: older, image: Self.image(wire.template.image).name, addresses: wire.addresses.map(Self.address), reserved: wire.reserved,
            created: wire.created.flatMap { Timestamp(rfc3339: $0) }, since: wire.at.flatMap { Timestamp(rfc3339: $0) })
    }

    /// In the order in which a task passes through them (swarmkit, api/types.proto, `TaskState`).
    private func state(_ wire: TaskResource) -> WorkloadTask.State {
        switch wire.state {
        case "new", "allocated", "pending": .pending
        // Assigned: it has its node and holds there what it reserves.
        case "assigned", "accepted", "preparing", "ready", "starting": wire.isEnding ? .stopping : .starting
        // On a node that is down the last word stays, however long ago the task was replaced.
        case "running": wire.isEnding ? (isDown(wire.nodeID) ? .lost : .stopping) : .running
        case "complete", "shutdown": .finished
        case "failed": .failed
        case "rejected": .rejected
        case "remove": .stopping
        case "orphaned": .lost
        default: .unknown(wire.state)
        }
    }

    /// What Swarm writes into every task as it passes through its states: nothing that the state itself does not say.
    private static let routine: Set<String> = [
        "created", "pending task scheduling", "scheduler assigned task to node", "scheduler confirmed task can run on preassigned node", "assigned",
        "accepted", "preparing", "prepared", "ready", "starting", "started", "running", "finished", "shutdown", "complete",
    ]

    private func reason(_ wire: TaskResource, _ state: WorkloadTask.State) -> String {
        let error = wire.error ?? ""
        if !error.isEmpty { return DockerMapping.bounded(error) }
        let message = wire.message ?? ""
        if !message.isEmpty, message != wire.state, !Self.routine.contains(message) { return DockerMapping.bounded(message) }
        return state == .lost && wire.state == "running" ? "its node \(nodeName(wire.nodeID ?? "")) is down" : ""
    }

    /// The engine writes 0 while it runs, and for a container that was never made.
    private static func exitCode(_ wire: TaskResource) -> Int? {
        guard ["complete", "failed", "shutdown"].contains(wire.state), wire.containerID?.isEmpty == false else { return nil }
        return wire.exitCode.map { Int(clamping: $0) }
    }

    /// `10.0.1.8/24` without the prefix length.
    private static func address(_ text: String) -> String { String(text.prefix { $0 != "/" }) }
}
