internal import Domain
internal import Engine
internal import JSON
internal import Transport

/// Changes of a swarm, once confirmed.
struct SwarmDeeds: Sendable {
    let connection: DockerConnection
    let operation: Operation
    private var attempt: String { SwarmPlans.attempt(operation) }
    private var name: String { PlainText.printable(operation.target.name) }

    init(connection: DockerConnection, operation: Operation) {
        self.connection = connection
        self.operation = operation
    }

    /// Answers in words what was done.
    func perform(_ plan: Plan) async throws(Trouble) -> String {
        switch (operation.action, operation.target) {
        case (.workload(.deploy(let specification)), .source):
            let tree = try await SwarmEdit(connection: connection).tree(specification, operation)
            return "deployed \(PlainText.printable(specification.name))" + words(try await create(tree))
        case (.workload(.deployStack(let stack)), .group): return try await SwarmStackDeeds(deeds: self, plan: plan).deploy(stack)
        case (.workload(.undeploy), .group): return try await SwarmStackDeeds(deeds: self, plan: plan).undeploy()
        case (.workload(.restore(let json)), .group): return try await SwarmStackDeeds(deeds: self, plan: plan).restore(json)
        case (.workload(.undeploy), .workload(let id, _)):
            try await remove(["services", id.raw])
            return "undeployed \(name)"
        case (.workload(let change), .workload(let id, _)): return try await update(id.raw, change, plan)
        case (.node(.remove(let force)), .node(let id, _)):
            try await remove(["nodes", id.raw], force ? [("force", "1")] : [])
            return "removed node \(name) from the swarm"
        case (.node(let change), .node(let id, _)): return try await update(id.raw, change, plan)
        default: throw Trouble(.unsupported, attempt: attempt, answer: "a swarm cannot do this")
        }
    }

    private func update(_ id: String, _ change: WorkloadChange, _ plan: Plan) async throws(Trouble) -> String {
        // What was undeployed comes back by being created.
        guard let base = plan.base else {
            guard case .restore(let json) = change else { throw Trouble(.malformed, attempt: attempt, answer: "the plan holds no specification") }
            return "deployed \(name) as it was" + words(try await create(try SwarmEdit.specification(json, operation)))
        }
        let before = try SwarmEdit.specification(base, operation)
        var update = SpecificationUpdate(path: ["services", id], name: name, base: before, edited: before, rising: [SwarmEdit.restartCount])
        switch change {
        case .scale, .restart:
            guard let edited = SwarmEdit.edited(before, by: change) else { break }
            update = SpecificationUpdate(path: update.path, name: name, base: before, edited: edited, rising: update.rising)
        case .deploy(let specification):
            let edited = try await SwarmEdit(connection: connection).edited(before, by: specification, operation)
            update = SpecificationUpdate(path: update.path, name: name, base: before, edited: edited, rising: update.rising)
        case .restore(let json):
            let edited = SwarmReturn.service(try SwarmEdit.specification(json, operation), over: before)
            update = SpecificationUpdate(path: update.path, name: name, base: before, edited: edited, rising: update.rising)
        case .rollBack: update = SpecificationUpdate(path: update.path, name: name, base: before, edited: before, query: [("rollback", "previous")], isWhole: true)
        case .undeploy, .deployStack: throw Trouble(.unsupported, attempt: attempt, answer: "a service cannot do this")
        }
        let warnings = try await update.send(over: connection, attempt: attempt)
        return done(change, before) + words(warnings)
    }

    private func done(_ change: WorkloadChange, _ before: JSONTree) -> String {
        switch change {
        case .scale(let count): "scaled \(name) from \(SwarmEdit.replicas(before) ?? 0) to \(count)"
        case .restart: "asked for new tasks of \(name)"
        case .deploy: "deployed \(name) anew"
        case .rollBack: "rolling \(name) back"
        case .restore: "put \(name) back as it was"
        case .undeploy, .deployStack: "changed \(name)"
        }
    }

    private func update(_ id: String, _ change: NodeChange, _ plan: Plan) async throws(Trouble) -> String {
        guard let base = plan.base, let edited = SwarmPlans.edited(try SwarmEdit.specification(base, operation), by: change) else {
            throw Trouble(.malformed, attempt: attempt, answer: "the plan holds no specification")
        }
        let update = SpecificationUpdate(path: ["nodes", id], name: "node \(name)", base: try SwarmEdit.specification(base, operation), edited: edited)
        let warnings = try await update.send(over: connection, attempt: attempt)
        let done =
            switch change {
            case .setAvailability(let availability): "node \(name) is \(availability.rawValue) now"
            case .setLabels: "changed the labels of node \(name)"
            case .promote: "node \(name) becomes a manager"
            case .demote: "node \(name) becomes a worker"
            case .remove: "removed node \(name)"
            }
        return done + words(warnings)
    }

    // MARK: Requests

    /// The engine's warnings.
    func create(_ tree: JSONTree) async throws(Trouble) -> [String] {
        SwarmAnswer.warnings(try await send(DockerCall("POST", ["services", "create"], body: Array(tree.json.utf8))))
    }

    func send(_ call: DockerCall, tolerating: Set<Int> = []) async throws(Trouble) -> [UInt8] {
        let answer = try await connection.answer(call, timeout: .seconds(60), attempt: attempt)
        guard (200..<300).contains(answer.status) || tolerating.contains(answer.status) else {
            throw SwarmAnswer.trouble(answer, attempt: attempt, address: connection.address)
        }
        return answer.body
    }

    /// What has gone already counts as removed.
    func remove(_ path: [String], _ query: [(String, String)] = []) async throws(Trouble) {
        _ = try await send(DockerCall("DELETE", path, query), tolerating: [404])
    }

    private func words(_ warnings: [String]) -> String { warnings.isEmpty ? "" : " (\(warnings.joined(separator: "; ")))" }
}
