internal import Domain
internal import JSON

/// Changes of nodes.
extension SwarmPlans {
    func describe(_ change: NodeChange, of id: Node.ID, _ name: String, _ plan: inout Plan) async throws(Trouble) {
        let wire = try await connection.tree(["nodes", id.raw], attempt: Self.attempt(plan.operation), gone: "node \(name) has gone")
        guard let base = wire["Spec"], let version = wire["Version", "Index"]?.natural else {
            throw Trouble(.malformed, attempt: Self.attempt(plan.operation), answer: "the engine's answer holds no specification")
        }
        plan.base = base.json
        plan.previous = base.json
        plan.revision = version
        let board = try await board()
        guard let node = board.nodes.first(where: { $0.id == id }) else {
            plan.obstacle = "node \(name) has gone"
            return
        }
        if let edited = Self.edited(base, by: change) {
            plan.changes = SpecificationWords.changes(from: base, to: edited).map { change in
                Plan.Change(subject: "\(change.subject) of \(name)", before: change.before, after: change.after)
            }
            plan.calls = ["POST /nodes/\(id.raw)/update?version=\(version) \(edited.json)"]
            guard !plan.changes.isEmpty else {
                plan.idle = "it is so already"
                return
            }
        }
        switch change {
        case .setAvailability(let availability): describeAvailability(availability, node, board, &plan)
        case .setLabels:
            let labels = base["Labels"]?.dictionary ?? [:]
            plan.commandLine = SwarmCommand(labelling: name, from: labels, by: change, at: engineArguments).text
            plan.undo = Operation(.node(.setLabels(labels)), on: plan.operation.target)
            plan.wayBack = "the labels of now (:undo)"
            describeLabels(change, node, board, &plan)
        case .promote, .demote: describeRole(change, node, board, &plan)
        case .remove(let force): describeRemoval(node, force: force, &plan)
        }
    }

    /// A node's specification after a change; nil where the node itself goes.
    static func edited(_ base: JSONTree, by change: NodeChange) -> JSONTree? {
        var tree = base
        switch change {
        case .setAvailability(let availability):
            let word =
                switch availability {
                case .active: "active"
                case .paused: "pause"
                case .draining: "drain"
                }
            tree.set(.string(word), at: ["Availability"])
        case .setLabels(let labels): tree.set(.dictionary(labels), at: ["Labels"])
        case .promote: tree.set(.string("manager"), at: ["Role"])
        case .demote: tree.set(.string("worker"), at: ["Role"])
        case .remove: return nil
        }
        return tree
    }

    private func describeAvailability(_ availability: Node.Availability, _ node: Node, _ board: PlacementBoard, _ plan: inout Plan) {
        plan.undo = Operation(.node(.setAvailability(node.availability)), on: plan.operation.target)
        plan.wayBack = "make it \(node.availability.rawValue) again (:undo)"
        switch availability {
        case .active:
            let pending = board.tasks.filter(\.isUnplaced)
            if !pending.isEmpty { plan.notes.append("the swarm tries its \(pending.count) pending tasks again; what runs elsewhere stays there") }
        case .paused: plan.notes.append("what runs on it stays; nothing new lands there")
        case .draining:
            let departures = board.departures(from: node)
            for departure in departures {
                let change: Plan.Change =
                    if departure.stops {
                        Plan.Change(subject: departure.task.name, before: "on \(node.name)", after: "ends: it is there once a node")
                    } else if let destination = departure.destination {
                        Plan.Change(subject: departure.task.name, before: "on \(node.name)", after: "moves to \(destination.name)")
                    } else {
                        Plan.Change(subject: departure.task.name, before: "on \(node.name)", after: "finds no other node and stays pending")
                    }
                plan.changes.append(change)
            }
            let stranded = departures.filter { $0.destination == nil && !$0.stops }
            for departure in stranded {
                plan.warnings.append("\(departure.task.name) fits nowhere else: " + departure.refusals.map { "\($0.node.name): \($0.refusals.map(\.words).joined(separator: "; "))" }.joined(separator: " · "))
            }
            if departures.isEmpty { plan.notes.append("no task of a service runs on it") }
            plan.notes.append("containers that belong to no service stay where they are")
            plan.wayBack = "make it active again (:undo); what has moved does not come back by itself"
        }
    }

    /// Labels decide what constraints allow: which tasks would have to go.
    private func describeLabels(_ change: NodeChange, _ node: Node, _ board: PlacementBoard, _ plan: inout Plan) {
        guard case .setLabels(let labels) = change else { return }
        var after = node
        after.labels = labels
        let changed = PlacementBoard(nodes: board.nodes.map { $0.id == node.id ? after : $0 }, workloads: board.workloads, tasks: board.tasks)
        for workload in board.workloads {
            func isAllowed(_ board: PlacementBoard) -> Bool {
                board.verdicts(on: workload).first { $0.node.id == node.id }?.refusals.contains { if case .constraint = $0 { true } else { false } } == false
            }
            let (before, then) = (isAllowed(board), isAllowed(changed))
            if before, !then { plan.warnings.append("\(workload.name) may not run on \(node.name) any more: the swarm moves its tasks away") }
            if !before, then { plan.notes.append("\(workload.name) may run on \(node.name) then") }
        }
    }

    private func describeRole(_ change: NodeChange, _ node: Node, _ board: PlacementBoard, _ plan: inout Plan) {
        let managers = board.nodes.filter(\.isManager)
        let reachable = managers.filter { $0.reachability == "reachable" }
        let isPromoted = change == .promote
        let then = managers.count + (isPromoted ? 1 : -1)
        // A manager that is to be would have to answer first; one that does not answer takes no vote away when it goes.
        let answering = isPromoted ? reachable.count + (node.status == .ready ? 1 : 0) : reachable.count { $0.id != node.id }
        let majority = then / 2 + 1
        plan.undo = Operation(.node(isPromoted ? .demote : .promote), on: plan.operation.target)
        plan.wayBack = isPromoted ? "make it a worker again (:undo)" : "make it a manager again (:undo)"
        plan.notes.append("managers: \(managers.count) → \(then); the swarm decides while \(majority) of \(max(1, then)) answer; \(answering) would")
        let silent = managers.filter { $0.reachability != "reachable" && $0.id != node.id }
        if !silent.isEmpty { plan.warnings.append("does not answer as a manager: " + silent.map { "\($0.name) (\($0.reachability.nonEmpty ?? "unknown"))" }.joined(separator: ", ")) }
        if then < 1 {
            plan.obstacle = "it is the last manager: without one there is no swarm to decide anything"
        } else if answering < majority {
            plan.obstacle = "\(answering) of \(then) managers would answer, and \(majority) have to: the swarm could not decide anything any more"
        } else if answering == majority, then > 1 {
            plan.warnings.append("all \(answering) managers that answer are needed then: with one fewer the swarm decides nothing")
        }
        if then % 2 == 0, then > 0 { plan.warnings.append("an even number of managers survives no more losses than one fewer would") }
        if node.isLeader, !isPromoted { plan.warnings.append("it leads just now: another manager is elected first, which takes seconds") }
        if node.isAnswering, !isPromoted { plan.warnings.append("it is the manager that Binnacle talks to: this pane goes blind with it") }
    }

    private func describeRemoval(_ node: Node, force: Bool, _ plan: inout Plan) {
        plan.changes = [Plan.Change(subject: "node \(node.name)", before: node.status.word, after: "removed from the swarm")]
        plan.calls = ["DELETE /nodes/\(node.id.raw)" + (force ? "?force=1" : "")]
        plan.wayBack = nil
        plan.warnings.append("if its engine comes back it has to join anew (docker swarm leave, then join)")
        switch node.status {
        case .ready: plan.obstacle = "\(node.name) is alive: only a node that is down can be removed"
        case .down: if force { plan.notes.append("it is down: the swarm lets it go without being forced, too") }
        case .disconnected, .unknown:
            if force {
                plan.warnings.append("forced: \(node.name) is \(node.status.word) and may still run its tasks")
            } else {
                plan.obstacle = "\(node.name) is \(node.status.word): the swarm lets go of a node only once it is down"
            }
        }
        if node.isManager { plan.obstacle = "\(node.name) is a manager: demote it first (:role)" }
    }
}
