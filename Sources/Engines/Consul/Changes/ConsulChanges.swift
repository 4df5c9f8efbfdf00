internal import Domain
internal import Engine
internal import JSON
internal import Transport

/// Works out changes: asks how things are now and what an operation comes to. Changes nothing.
struct ConsulChanges: Sendable {
    static let readOnly = "this registry is watched read-only"

    let connection: ConsulConnection
    let source: Source.ID
    let isReadOnly: Bool
    /// As last told: which node and which id a row stands for.
    let picture: ConsulPicture

    static func attempt(_ operation: Operation) -> String {
        switch operation.action {
        case .registry(.register(let registration)): "register \(PlainText.printable(registration.name))"
        case .registry(.registerCheck(let definition)): "add check \(PlainText.printable(definition.name))"
        default: "\(operation.action.verb) \(PlainText.printable(operation.target.name))"
        }
    }

    func deed(_ operation: Operation) async throws(Trouble) -> ConsulDeed {
        var deed = ConsulDeed(operation)
        guard case .registry(let change) = operation.action else {
            deed.plan.obstacle = "a registry cannot \(operation.action.verb) \(PlainText.printable(operation.target.name))"
            return deed
        }
        switch (change, operation.target) {
        case (.maintenance(let on, let reason), .instance(let id, _)): try await describeMaintenance(on, reason, of: instance(id), &deed)
        case (.maintenance(let on, let reason), .member(let id, _)): try await describeMaintenance(on, reason, ofNode: id.raw, &deed)
        case (.deregister, .instance(let id, _)): try await describeRemoval(of: instance(id), &deed)
        case (.deregister, .check(let id, _)): try await describeRemoval(of: id, &deed)
        case (.deregister, .member(let id, _)): try await describeRemoval(ofNode: id.raw, &deed)
        case (.register(let registration), .source): try await describeRegistration(registration, &deed)
        case (.registerCheck(let definition), .source): try await describeNewCheck(definition, of: nil, &deed)
        case (.registerCheck(let definition), .instance(let id, _)): try await describeNewCheck(definition, of: instance(id), &deed)
        default: deed.plan.obstacle = "Consul cannot \(operation.action.verb) \(operation.target.kind == "engine" ? "a registry" : "a \(operation.target.kind)")"
        }
        deed.plan.calls = deed.texts(asked: connection)
        deed.plan.base = deed.fingerprint
        if deed.plan.obstacle != nil || deed.plan.idle != nil { deed.plan.undo = nil }
        if isReadOnly { deed.plan.obstacle = Self.readOnly }
        return deed
    }

    // MARK: Who is meant

    /// What was told of it; else what its id says, in which the first slash divides the node from the service.
    func instance(_ id: ServiceInstance.ID) -> ServiceInstance {
        if let told = picture.instances.first(where: { $0.id == id }) { return told }
        let (node, service) = Self.parts(id.raw)
        return ServiceInstance(id: id, service: service, serviceID: service, node: node)
    }

    static func parts(_ raw: String) -> (node: String, id: String) {
        guard let slash = raw.firstIndex(of: "/") else { return ("", raw) }
        return (String(raw[..<slash]), String(raw[raw.index(after: slash)...]))
    }

    var finder: AgentFinder { AgentFinder(connection: connection) }

    func words(_ text: String) -> String { PlainText.printable(text) }

    // MARK: How things are

    /// nil where the agent holds no such service.
    func definition(_ id: String, at agent: ConsulConnection, _ operation: Operation) async throws(Trouble) -> JSONTree? {
        let attempt = Self.attempt(operation)
        let response = try await agent.answer(ConsulCall("GET", ["agent", "service", id]), attempt: attempt)
        if response.status == 404 { return nil }
        guard response.status == 200 else { throw ConsulTrouble.make(response, attempt: attempt, address: agent.address, needs: "service:read on “\(words(id))”") }
        return try tree(response.body, "the definition of the service", attempt)
    }

    /// The checks of one node, as the catalog has them.
    func checks(ofNode node: String, _ operation: Operation) async throws(Trouble) -> [Check] {
        let attempt = Self.attempt(operation)
        let response = try await connection.perform(ConsulCall("GET", ["health", "node", node], ["stale": nil]), attempt: attempt)
        let source = source
        return try connection.read(response.body, "the checks of node \(words(node))", attempt) { body throws(JSONReader.Malformed) in
            try HealthCheck.list(body, source: source)
        }
    }

    /// What the catalog says of a node, its services included; nil where it has no such node.
    func catalogEntry(_ node: String, _ operation: Operation) async throws(Trouble) -> JSONTree? {
        let attempt = Self.attempt(operation)
        let response = try await connection.perform(ConsulCall("GET", ["catalog", "node", node], ["stale": nil]), attempt: attempt)
        let entry = try tree(response.body, "node \(words(node))", attempt)
        return entry.isNull ? nil : entry
    }

    func tree(_ body: [UInt8], _ reading: String, _ attempt: String) throws(Trouble) -> JSONTree {
        try connection.read(body, reading, attempt) { body throws(JSONReader.Malformed) in try JSONTree(body) }
    }

    /// Instances of a service that Consul's DNS hands out now, those of `excluded` not counted. It leaves out what is critical.
    func others(of service: String, than excluded: (_ node: String, _ id: String) -> Bool, _ operation: Operation) async throws(Trouble) -> Int {
        let attempt = Self.attempt(operation)
        let response = try await connection.perform(ConsulCall("GET", ["health", "service", service], ["stale": nil]), attempt: attempt)
        let entries = try tree(response.body, "the instances of \(words(service))", attempt).elements
        return entries.count { entry in
            guard let node = entry["Node", "Node"]?.text, let id = entry["Service", "ID"]?.text, !excluded(node, id) else { return false }
            return entry["Checks"]?.elements.allSatisfy { $0["Status"]?.text != "critical" } ?? true
        }
    }
}
