internal import Domain

/// Stacks: several services with the networks, secrets and configs they share.
extension SwarmPlans {
    static let stackLabel = "com.docker.stack.namespace"

    /// What belongs to a stack now, as the engine has it.
    struct StackHoldings: Sendable {
        var services: [JSONTree]
        var networks: [JSONTree]
        var secrets: [JSONTree]
        var configs: [JSONTree]

        func service(named name: String) -> JSONTree? { services.first { $0["Spec", "Name"]?.text == name } }
    }

    static func holdings(of stack: String, over connection: DockerConnection, attempt: String) async throws(Trouble) -> StackHoldings {
        let mine = DockerCall.filters(["label": ["\(stackLabel)=\(stack)"]])
        return StackHoldings(
            services: try await connection.trees(["services"], [mine], attempt: attempt), networks: try await connection.trees(["networks"], [mine], attempt: attempt),
            secrets: try await connection.trees(["secrets"], [mine], attempt: attempt), configs: try await connection.trees(["configs"], [mine], attempt: attempt))
    }

    func describeStack(_ stack: StackSpecification, _ plan: inout Plan) async throws(Trouble) {
        let attempt = Self.attempt(plan.operation)
        let there = try await Self.holdings(of: stack.name, over: connection, attempt: attempt)
        let all = try await connection.trees(["networks"], attempt: attempt)
        let board = try await board()
        let names = Set(all.compactMap { $0["Name"]?.text })
        for network in stack.networks where !names.contains(network.name) {
            if network.isExternal {
                plan.obstacle = "the network \(EngineMessage.printable(network.name)) is called external and is not there: docker network create -d overlay makes it"
            } else {
                plan.changes.append(Plan.Change(subject: "network \(EngineMessage.printable(network.name))", before: "", after: "new, \(network.driver)"))
                plan.calls.append("POST /networks/create \(network.name)")
            }
        }
        try await describeBlobs(stack.secrets, "secret", "secrets", there.secrets, attempt, &plan)
        try await describeBlobs(stack.configs, "config", "configs", there.configs, attempt, &plan)
        for service in stack.services {
            let name = EngineMessage.printable(service.name)
            guard let old = there.service(named: service.name), let base = old["Spec"] else {
                plan.changes.append(Plan.Change(subject: "service \(name)", before: "", after: "new, of \(EngineMessage.printable(service.image))" + Self.countWords(service)))
                plan.calls.append("POST /services/create \(name)")
                describePlacing(service, board, &plan)
                continue
            }
            let edited = try await SwarmEdit(connection: connection).edited(base, by: service, plan.operation)
            let changes = SpecificationWords.changes(from: base, to: edited)
            plan.changes += changes.map { Plan.Change(subject: "\(name) \($0.subject)", before: $0.before.nonEmpty ?? "none", after: $0.after) }
            if changes.isEmpty { plan.notes.append("\(name) stays as it is") } else { plan.calls.append("POST /services/\(old["ID"]?.text ?? name)/update") }
        }
        let wanted = Set(stack.services.map(\.name))
        for old in there.services {
            guard let name = old["Spec", "Name"]?.text, !wanted.contains(name) else { continue }
            plan.notes.append("\(EngineMessage.printable(name)) is in the stack and not in the file: it stays (X undeploys it)")
        }
        plan.notes += stack.ignored.map { "not done: " + EngineMessage.printable($0) }
        if stack.services.isEmpty { plan.obstacle = "the file holds no service" }
        if plan.calls.isEmpty, plan.obstacle == nil { plan.obstacle = "nothing differs from what runs now" }
        if there.services.isEmpty {
            plan.undo = Operation(.workload(.undeploy), on: plan.operation.target)
            plan.wayBack = "undeploy the stack (:undo)"
        } else if let keeping = Self.keeping(there) {
            plan.undo = Operation(.workload(.restore(keeping)), on: plan.operation.target)
            plan.wayBack = "the services as they are now (:undo)"
        }
    }

    private static func countWords(_ service: ServiceSpecification) -> String {
        switch service.mode {
        case .replicated, .pinned: ", \(service.replicas) tasks"
        case .perNode: ", global"
        case .job(let completions): ", a job of \(completions)"
        case .jobPerNode: ", a global job"
        }
    }

    private func describeBlobs(_ blobs: [StackSpecification.Blob], _ kind: String, _ path: String, _ mine: [JSONTree], _ attempt: String, _ plan: inout Plan) async throws(Trouble) {
        guard !blobs.isEmpty else { return }
        let names = Set(try await connection.trees([path], attempt: attempt).compactMap { $0["Spec", "Name"]?.text })
        for blob in blobs {
            let name = EngineMessage.printable(blob.name)
            if names.contains(blob.name) {
                if !blob.isExternal { plan.notes.append("\(kind) \(name) is there already and cannot change: give it another name to change its contents") }
            } else if blob.isExternal {
                plan.obstacle = "the \(kind) \(name) is called external and is not there: docker \(kind) create makes it"
            } else {
                plan.changes.append(Plan.Change(subject: "\(kind) \(name)", before: "", after: "new, \(ByteCount.words(UInt64(blob.data.count)))"))
                plan.calls.append("POST /\(path)/create \(name)")
            }
        }
    }

    func describeStackRemoval(_ name: String, _ plan: inout Plan) async throws(Trouble) {
        let there = try await Self.holdings(of: name, over: connection, attempt: Self.attempt(plan.operation))
        let board = try await board()
        for service in there.services {
            guard let id = service["ID"]?.text, let serviceName = service["Spec", "Name"]?.text else { continue }
            let workload = board.workloads.first { $0.id.raw == id }
            plan.changes.append(
                Plan.Change(subject: "service \(EngineMessage.printable(serviceName))", before: workload.map { "\($0.running) of \($0.desired) running" } ?? "there", after: "undeployed"))
            plan.calls.append("DELETE /services/\(id)")
            if let workload { warnOfPorts(workload, gone: true, &plan) }
        }
        for (kind, path, objects) in [("network", "networks", there.networks), ("secret", "secrets", there.secrets), ("config", "configs", there.configs)] {
            for object in objects {
                let name = object["Name"]?.text ?? object["Spec", "Name"]?.text ?? "?"
                plan.changes.append(Plan.Change(subject: "\(kind) \(EngineMessage.printable(name))", before: "there", after: "removed"))
                plan.calls.append("DELETE /\(path)/\(object["Id"]?.text ?? object["ID"]?.text ?? name)")
            }
        }
        if plan.changes.isEmpty { plan.obstacle = "nothing of the stack is there any more" }
        if let keeping = Self.keeping(there) {
            plan.previous = SecretMask.masked(keeping)
            plan.undo = Operation(.workload(.restore(keeping)), on: plan.operation.target)
            plan.wayBack = "deployed again from the same specifications, under other ids (:undo); volumes stay"
        } else {
            plan.warnings.append("the contents of its secrets cannot be read back: to have it again, deploy its file")
        }
    }

    /// Everything of a stack that `restore` needs; nil when it has secrets, whose contents nobody gives away.
    static func keeping(_ there: StackHoldings) -> String? {
        guard there.secrets.isEmpty else { return nil }
        return JSONTree.object([
            "services": .array(there.services.compactMap { $0["Spec"] }), "networks": .array(there.networks), "configs": .array(there.configs.compactMap { $0["Spec"] }),
        ]).json
    }

    func describeStackReturn(_ name: String, _ json: String, _ plan: inout Plan) throws(Trouble) {
        let kept = try SwarmEdit.specification(json, plan.operation)
        for service in kept["services"]?.elements ?? [] {
            plan.changes.append(Plan.Change(subject: "service \(EngineMessage.printable(service["Name"]?.text ?? "?"))", before: "as it is now, or gone", after: "as it was"))
        }
        plan.notes.append("networks and configs that are missing are made again first")
        plan.calls = ["POST /services/create or /update, for each"]
        plan.wayBack = "deploy the stack's file"
    }
}
