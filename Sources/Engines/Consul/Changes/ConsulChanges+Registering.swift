internal import Domain
internal import JSON

/// Putting in: services with their checks, and checks by themselves.
extension ConsulChanges {
    func describeRegistration(_ registration: ServiceRegistration, _ deed: inout ConsulDeed) async throws(Trouble) {
        let operation = deed.plan.operation
        let id = registration.id.isEmpty ? registration.name : registration.id
        if registration.name.isEmpty {
            deed.plan.obstacle = "it has no name"
            return
        }
        if !(0...65535).contains(registration.port) {
            deed.plan.obstacle = "\(registration.port) is no port"
            return
        }
        for check in registration.checks {
            guard let problem = RegistrationBody.problem(check) else { continue }
            deed.plan.obstacle = "its check \(words(check.name)): \(problem)"
            return
        }
        let (node, agent): (String, ConsulConnection)
        switch try await finder.owner(of: registration.node) {
        case .beyond(let why):
            deed.plan.obstacle = why
            return
        case .none(let status): return try await describeCatalogEntry(registration, status, &deed)
        case .reached(let reached, let description):
            if let problem = scriptProblem(registration.checks, description) {
                deed.plan.obstacle = problem
                return
            }
            (node, agent) = (registration.node.isEmpty ? description?.node ?? "" : registration.node, reached)
        }
        let place = node.isEmpty ? "" : " on \(words(node))"
        let held = try await definition(id, at: agent, operation)
        let target: Operation.Target = .instance(ServiceInstance.id(source, node: node, serviceID: id), name: registration.name)
        deed.plan.changes = changes(registration, held, "\(words(registration.name)) (\(words(id))\(place))")
        deed.done = "registered \(words(registration.name)) as \(words(id))\(place)"
        if let held {
            deed.plan.previous = SecretMask.masked(held.json)
            if registration.checks.isEmpty, deed.plan.changes.isEmpty { return deed.plan.idle = "it is registered just so already" }
            deed.plan.warnings.append("\(words(id)) is registered already: it becomes what stands here")
            deed.plan.notes.append("checks that it has and that do not stand here stay")
            deed.plan.undo = Operation(.registry(.register(Self.registration(held, node: node))), on: operation.target)
            deed.plan.wayBack = "register it as it was (:undo)" + (registration.checks.isEmpty ? "" : "; checks that are new stay")
        } else {
            deed.plan.undo = node.isEmpty ? nil : Operation(.registry(.deregister), on: target)
            deed.plan.wayBack = "deregister it" + (node.isEmpty ? "" : " (:undo)")
        }
        describe(registration.checks, &deed)
        let call = ConsulCall("PUT", ["agent", "service", "register"], body: Array(RegistrationBody.service(registration).json.utf8))
        deed.plan.commandLine = commandLine(registration, call, agent)
        deed.steps = [ConsulDeed.Step(call: call, connection: agent, needs: "service:write on “\(words(registration.name))”")]
        deed.proof = .agentService(agent, id: id, isThere: true)
    }

    /// For a node that somebody wrote into the catalog: there is no agent to hold the service.
    private func describeCatalogEntry(_ registration: ServiceRegistration, _ status: Member.Status, _ deed: inout ConsulDeed) async throws(Trouble) {
        let node = words(registration.node), id = registration.id.isEmpty ? registration.name : registration.id
        guard status == .external, let entry = try await catalogEntry(registration.node, deed.plan.operation), let address = entry["Node", "Address"]?.text else {
            deed.plan.obstacle = status == .external ? "there is no node \(node)" : "the agent of \(node) is \(status.rawValue): nobody there can hold a service"
            return
        }
        guard registration.checks.isEmpty else {
            deed.plan.obstacle = "\(node) has no agent, and nobody would run its checks: register it without them"
            return
        }
        let held = entry["Services"]?.members.first { $0.key == id }?.value
        deed.plan.changes = changes(registration, held, "\(words(registration.name)) (\(words(id)) on \(node))")
        deed.plan.notes.append("\(node) has no agent: it is written into the catalog itself")
        if let held {
            deed.plan.previous = SecretMask.masked(held.json)
            if deed.plan.changes.isEmpty { return deed.plan.idle = "it is registered just so already" }
            deed.plan.undo = Operation(.registry(.register(Self.registration(held, node: registration.node))), on: deed.plan.operation.target)
        } else {
            deed.plan.undo = Operation(
                .registry(.deregister), on: .instance(ServiceInstance.id(source, node: registration.node, serviceID: id), name: registration.name))
        }
        deed.plan.wayBack = held == nil ? "deregister it (:undo)" : "write it as it was (:undo)"
        deed.done = "wrote \(words(registration.name)) on \(node) into the catalog"
        var tree = RegistrationBody.catalogEntry(registration, nodeAddress: address)
        if let datacenter = connection.datacenter { tree.set(.string(datacenter), at: ["Datacenter"]) }
        let call = ConsulCall("PUT", ["catalog", "register"], body: Array(tree.json.utf8))
        deed.plan.commandLine = ConsulCommand(connection: connection).curl(call)
        deed.steps = [ConsulDeed.Step(call: call, connection: connection, needs: "service:write on “\(words(registration.name))”")]
    }

    func describeNewCheck(_ definition: CheckDefinition, of instance: ServiceInstance?, _ deed: inout ConsulDeed) async throws(Trouble) {
        let operation = deed.plan.operation
        guard !definition.name.isEmpty else { return deed.plan.obstacle = "the check has no name" }
        if let problem = RegistrationBody.problem(definition) { return deed.plan.obstacle = problem }
        let (node, agent): (String, ConsulConnection)
        switch try await finder.owner(of: instance?.node ?? "") {
        case .beyond(let why): return deed.plan.obstacle = why
        case .none(let status): return deed.plan.obstacle = "no agent of \(words(instance?.node ?? "")) is there to run it (\(status.rawValue))"
        case .reached(let reached, let description):
            if let problem = scriptProblem([definition], description) { return deed.plan.obstacle = problem }
            (node, agent) = (instance?.node ?? description?.node ?? "", reached)
        }
        if let instance, try await self.definition(instance.serviceID, at: agent, operation) == nil {
            return deed.plan.obstacle = "the agent of \(words(instance.node)) holds no service \(words(instance.serviceID))"
        }
        // Consul takes the name where there is no id.
        let id = definition.id.isEmpty ? definition.name : definition.id
        let check = HealthCheck.id(source, node: node, check: id)
        let held = try await agent.ownChecks(source: source).first { $0.id.raw.hasSuffix("/" + id) }
        let subject = instance.map { "\(words($0.service)) (\(words($0.serviceID)))" } ?? (node.isEmpty ? "the agent's node" : "node \(words(node))")
        deed.plan.changes = [Plan.Change(subject: "check \(words(definition.name)) of \(subject)", before: held.map { "registered, \($0.status.word)" } ?? "", after: words(definition.words))]
        if held != nil { deed.plan.warnings.append("a check \(words(id)) is there already and is replaced; how it was defined, Consul does not tell") }
        deed.plan.undo = held == nil && !node.isEmpty ? Operation(.registry(.deregister), on: .check(check, name: definition.name)) : nil
        deed.plan.wayBack = held == nil ? "deregister it (:undo)" : nil
        deed.done = "added check \(words(definition.name)) to \(subject)"
        if instance == nil { deed.plan.notes.append("a node's check counts for every service on it") }
        describe([definition], &deed)
        let call = ConsulCall("PUT", ["agent", "check", "register"], body: Array(RegistrationBody.check(definition, isAlone: true, service: instance?.serviceID).json.utf8))
        deed.plan.commandLine = ConsulCommand(connection: agent).curl(call)
        let needs = instance.map { "service:write on “\(words($0.service))”" } ?? "node:write on “\(words(node))”"
        deed.steps = [ConsulDeed.Step(call: call, connection: agent, needs: needs)]
        deed.proof = .agentCheck(agent, id: id, isThere: true)
    }

    // MARK: Words

    private func scriptProblem(_ checks: [CheckDefinition], _ agent: AgentSelf?) -> String? {
        guard checks.contains(where: RegistrationBody.runsScript), let agent, !agent.runsRemoteScripts else { return nil }
        return "the agent of \(words(agent.node)) runs no scripts that come by its API: enable_script_checks in its configuration allows them"
    }

    private func describe(_ checks: [CheckDefinition], _ deed: inout ConsulDeed) {
        if checks.contains(where: { $0.initialStatus == nil }) { deed.plan.notes.append("a check counts as critical until it has run once") }
        if let limit = checks.compactMap(\.deregistersAfter).min() {
            deed.plan.warnings.append("critical for \(CheckDefinition.seconds(max(limit, 60))), the service is taken out of the registry by its agent")
        }
    }

    private func changes(_ registration: ServiceRegistration, _ held: JSONTree?, _ subject: String) -> [Plan.Change] {
        let before = held.map { Self.registration($0, node: registration.node) }
        var changes: [Plan.Change] = []
        func add(_ what: String, _ old: String?, _ new: String) {
            guard (old ?? "") != new else { return }
            changes.append(Plan.Change(subject: what.isEmpty ? subject : "\(what) of \(subject)", before: words(old ?? ""), after: new.isEmpty ? "none" : words(new)))
        }
        func list(_ meta: [String: String]) -> String { meta.sorted { $0.key < $1.key }.map { SecretMask.masked(variable: "\($0.key)=\($0.value)") }.joined(separator: ", ") }
        if let before {
            add("name", before.name, registration.name)
            add("address", before.address, registration.address)
            add("port", "\(before.port)", "\(registration.port)")
            add("tags", before.tags.joined(separator: ", "), registration.tags.joined(separator: ", "))
            add("meta", list(before.meta), list(registration.meta))
        } else {
            add("", nil, registration.words.isEmpty ? "registered" : "registered: \(registration.words)")
            if !registration.meta.isEmpty { add("meta", nil, list(registration.meta)) }
        }
        for check in registration.checks { add("check \(words(check.name))", nil, check.words) }
        return changes
    }

    /// The consul command takes no checks but in a file.
    private func commandLine(_ registration: ServiceRegistration, _ call: ConsulCall, _ agent: ConsulConnection) -> String {
        let command = ConsulCommand(connection: agent)
        guard registration.checks.isEmpty else { return command.curl(call) }
        var arguments = ["-name=\(registration.name)"]
        if !registration.id.isEmpty { arguments.append("-id=\(registration.id)") }
        if !registration.address.isEmpty { arguments.append("-address=\(registration.address)") }
        if registration.port != 0 { arguments.append("-port=\(registration.port)") }
        arguments += registration.tags.map { "-tag=\($0)" } + registration.meta.sorted { $0.key < $1.key }.map { "-meta=" + SecretMask.masked(variable: "\($0.key)=\($0.value)") }
        return command.consul(["services", "register"], arguments)
    }
}
