internal import Domain
internal import Engine
internal import JSON

/// Dry runs of changes to a swarm: asks how things are now and works out what an operation would come to. Changes nothing.
struct SwarmPlans: Sendable {
    let connection: DockerConnection
    let source: Source.ID
    let isReadOnly: Bool
    /// Where the docker command has to be pointed to reach the same manager.
    let engineArguments: [String]
    /// Nodes, workloads and tasks as they are at this moment.
    let board: @Sendable () async throws(Trouble) -> PlacementBoard

    func plan(_ operation: Operation) async throws(Trouble) -> Plan {
        var plan = Plan(operation: operation)
        plan.commandLine = SwarmCommand(operation, at: engineArguments).text
        switch (operation.action, operation.target) {
        case (.workload(.deploy(let specification)), .source): try await describeCreation(specification, &plan)
        case (.workload(let change), .workload(let id, let name)): try await describe(change, of: id, PlainText.printable(name), &plan)
        case (.workload(.deployStack(let stack)), .group): try await describeStack(stack, &plan)
        case (.workload(.undeploy), .group(_, let name)): try await describeStackRemoval(name, &plan)
        case (.workload(.restore(let json)), .group(_, let name)): try await describeStackReturn(name, json, &plan)
        case (.node(let change), .node(let id, let name)): try await describe(change, of: id, PlainText.printable(name), &plan)
        default: plan.obstacle = "a swarm cannot \(operation.action.verb) \(PlainText.printable(operation.target.name))"
        }
        if isReadOnly { plan.obstacle = DockerPlans.readOnly }
        return plan
    }

    static func attempt(_ operation: Operation) -> String { "\(operation.action.verb) \(PlainText.printable(operation.target.name))" }

    /// Changes of one service that is there.
    private func describe(_ change: WorkloadChange, of id: Workload.ID, _ name: String, _ plan: inout Plan) async throws(Trouble) {
        let service: JSONTree
        if case .restore(let json) = change {
            guard let found = try await serviceIfThere(id.raw, plan.operation) else { return try describeReturn(json, name, &plan) }
            service = found
        } else {
            service = try await connection.tree(["services", id.raw], attempt: Self.attempt(plan.operation), gone: "\(name) has gone")
        }
        guard let base = service["Spec"], let version = service["Version", "Index"]?.natural else {
            throw Trouble(.malformed, attempt: Self.attempt(plan.operation), answer: "the engine's answer holds no specification")
        }
        plan.base = base.json
        plan.previous = SecretMask.masked(base.json)
        plan.revision = version
        plan.undo = Operation(.workload(.restore(base.json)), on: plan.operation.target)
        let board = try await board()
        guard let workload = board.workloads.first(where: { $0.id == id }) else {
            plan.obstacle = "\(name) has gone"
            return
        }
        switch change {
        case .scale(let count): describeScaling(workload, to: count, board, &plan)
        case .deploy(let specification):
            let edit = SwarmEdit(connection: connection)
            let edited = try await edit.edited(base, by: specification, plan.operation)
            var old = ServiceForm(directory: try await edit.directory(for: nil, plan.operation)).specification(base)
            if SwarmEdit.withoutDigest(old.image) == specification.image { old.image = specification.image }
            plan.commandLine = SwarmCommand(updating: name, from: old, to: specification, at: engineArguments).text
            describeEdit(from: base, to: edited, workload, board, &plan)
        case .restore(let json):
            let before = SwarmReturn.service(try SwarmEdit.specification(json, plan.operation), over: base)
            describeEdit(from: base, to: before, workload, board, &plan)
        case .restart: describeRestart(workload, board, &plan)
        case .rollBack: describeRollBack(service, base, workload, board, &plan)
        case .undeploy: describeRemoval(workload, base, board, &plan)
        case .deployStack: plan.obstacle = "a stack is not deployed on a service"
        }
        plan.calls = plan.calls.isEmpty ? [call(id.raw, version, SwarmEdit.words(change))] : plan.calls
    }

    private func serviceIfThere(_ id: String, _ operation: Operation) async throws(Trouble) -> JSONTree? {
        do throws(Trouble) { return try await connection.tree(["services", id], attempt: Self.attempt(operation), gone: "it has gone") } catch {
            if error.reason == .notFound { return nil }
            throw error
        }
    }

    private func call(_ id: String, _ version: UInt64, _ words: String) -> String {
        "POST /services/\(id)/update?version=\(version): the whole specification as it is, with \(words)"
    }

    private func describeScaling(_ workload: Workload, to count: Int, _ board: PlacementBoard, _ plan: inout Plan) {
        plan.changes = [Plan.Change(subject: "tasks of \(workload.name)", before: "\(workload.asked)", after: "\(count)")]
        plan.wayBack = "scale it to \(workload.asked) again (:undo)"
        plan.undo = Operation(.workload(.scale(to: workload.asked)), on: plan.operation.target)
        switch workload.mode {
        case .perNode, .jobPerNode: plan.obstacle = "\(workload.name) is global: it has one task on every node that qualifies"
        case .replicated, .job, .pinned: break
        }
        if count == workload.asked {
            plan.changes = []
            plan.idle = "\(workload.name) shall have \(count) tasks and \(workload.running) run: type another number"
        }
        if count == 0 { plan.warnings.append("nothing of \(workload.name) will run") }
        if count < workload.running { warnOfPorts(workload, gone: count == 0, &plan) }
        describeForecast(board.forecast(scaling: workload, to: count), &plan)
        if workload.rollout == .progressing || workload.rollout == .rollingBack { plan.warnings.append("an update of it is under way: \(workload.rolloutMessage)") }
    }

    private func describeEdit(from base: JSONTree, to edited: JSONTree, _ workload: Workload, _ board: PlacementBoard, _ plan: inout Plan) {
        plan.changes = SpecificationWords.changes(from: base, to: edited)
        plan.wayBack = "the specification of now is kept: B rolls back, :undo sends it again"
        guard !plan.changes.isEmpty else {
            plan.idle = "nothing differs from what it is now"
            return
        }
        var course = PlacementCourse(board)
        describeUpdate(from: base, to: edited, workload, &course, &plan)
    }

    private func describeRestart(_ workload: Workload, _ board: PlacementBoard, _ plan: inout Plan) {
        plan.changes = [Plan.Change(subject: workload.name, before: "\(workload.running) tasks run", after: "each replaced by a new one of the same specification")]
        if workload.running > 1 { plan.notes.append("all \(workload.running) tasks of \(workload.name), not only this one: the swarm restarts services, not tasks") }
        describeReplacing(workload, workload.updatePolicy ?? Workload.RolloutPolicy(), &plan)
        plan.wayBack = nil
        plan.undo = nil
    }

    private func describeRollBack(_ service: JSONTree, _ base: JSONTree, _ workload: Workload, _ board: PlacementBoard, _ plan: inout Plan) {
        guard let before = service["PreviousSpec"], case .object = before else {
            plan.obstacle = "\(workload.name) has no specification before this one"
            return
        }
        plan.changes = SpecificationWords.changes(from: base, to: before)
        if plan.changes.isEmpty { plan.notes.append("the specification before is the same as this one") }
        plan.wayBack = "rolling back twice goes forward again (:undo)"
        var course = PlacementCourse(board)
        describeUpdate(from: base, to: before, workload, &course, rollsBack: true, &plan)
        plan.calls = ["POST /services/\(workload.id.raw)/update?version=\(plan.revision ?? 0)&rollback=previous"]
    }

    private func describeRemoval(_ workload: Workload, _ spec: JSONTree, _ board: PlacementBoard, _ plan: inout Plan) {
        plan.changes = [Plan.Change(subject: "service \(workload.name)", before: "\(workload.running) of \(workload.desired) running", after: "undeployed")]
        for task in board.tasks where task.workload == workload.id && task.isCurrent && task.state == .running {
            plan.changes.append(Plan.Change(subject: "task \(task.name)", before: "running" + (board.nodes.first { $0.id == task.node }.map { " on \($0.name)" } ?? ""), after: "ends"))
        }
        warnOfPorts(workload, gone: true, &plan)
        plan.warnings.append("its task history and the logs of its tasks go with it")
        plan.wayBack = "deployed again from the same specification, under another id (:undo); volumes stay"
        if let note = SwarmReturn.note(spec) { plan.notes.append(note) }
        plan.calls = ["DELETE /services/\(workload.id.raw)"]
    }

    func warnOfPorts(_ workload: Workload, gone: Bool, _ plan: inout Plan) {
        guard gone else { return }
        for port in workload.ports { if let published = port.published { plan.warnings.append("published port \(published) does not answer any more") } }
    }

    private func describeReturn(_ json: String, _ name: String, _ plan: inout Plan) throws(Trouble) {
        let spec = try SwarmEdit.specification(json, plan.operation)
        plan.changes = [Plan.Change(subject: "service \(name)", before: "gone", after: "deployed again as it was")]
        plan.notes = ["image \(SpecificationWords.value(spec["TaskTemplate", "ContainerSpec", "Image"], [])), " + (SwarmEdit.replicas(spec).map { "\($0) tasks" } ?? "global")]
        if let note = SwarmReturn.note(spec) { plan.notes.append(note) }
        plan.wayBack = "undeploy it"
        plan.calls = ["POST /services/create"]
    }

    private func describeCreation(_ specification: ServiceSpecification, _ plan: inout Plan) async throws(Trouble) {
        let name = PlainText.printable(specification.name)
        let board = try await board()
        plan.changes = [Plan.Change(subject: "service \(name)", before: "", after: "new, of \(PlainText.printable(specification.image))")]
        plan.wayBack = "undeploy it"
        plan.calls = ["POST /services/create"]
        if board.workloads.contains(where: { $0.name == specification.name }) {
            plan.obstacle = "a service called \(name) is there already: select it and press u to change it"
            return
        }
        var course = PlacementCourse(board)
        describePlacing(specification, &course, &plan)
        for port in specification.ports {
            if let published = port.published { plan.changes.append(Plan.Change(subject: "port \(published)", before: "", after: port.isOnHost ? "taken on each node that runs a task" : "answered by every node")) }
        }
        plan.notes.append(await SwarmEdit(connection: connection).imageWords(specification.image))
    }
}

extension String {
    var nonEmpty: String? { isEmpty ? nil : self }
}
