public import Domain
internal import Engine
internal import JSON
internal import Transport

/// What the servers themselves say of one thing.
extension ConsulEngine {
    public func rawJSON(of target: Operation.Target) async throws(Trouble) -> String {
        let attempt = connection.attempt("show \(target.kind) \(PlainText.printable(target.name))")
        let changes = ConsulChanges(connection: connection, source: source.id, isReadOnly: true, picture: await picture)
        var call: ConsulCall
        switch target {
        case .instance(let id, _):
            let instance = changes.instance(id)
            call = Self.call(["catalog", "node", instance.node], "ID", instance.serviceID)
        case .check(let id, _):
            let node = changes.picture.checks.checks.first { $0.id == id }?.node ?? ConsulChanges.parts(id.raw).node
            let check = id.raw.hasPrefix(node + "/") ? String(id.raw.dropFirst(node.count + 1)) : id.raw
            call = Self.call(["health", "node", node], "CheckID", check)
        case .member(let id, _): call = ConsulCall("GET", ["catalog", "node", id.raw], ["stale": nil])
        // Consul itself hides the tokens in it.
        case .source: call = ConsulCall("GET", ["agent", "self"])
        case .container, .network, .workload, .node, .task, .group:
            throw Trouble(.unsupported, attempt: attempt, answer: "a registry holds service instances, checks and nodes")
        }
        let body = try await connection.perform(call, timeout: .seconds(30), attempt: attempt).body
        let tree = try changes.tree(body, "it", attempt)
        let isGone =
            switch target {
            case .instance: tree["Services"]?.members.isEmpty ?? true
            case .check: tree.elements.isEmpty
            default: tree.isNull
            }
        if isGone { throw Trouble(.notFound, attempt: attempt, answer: "it has gone") }
        return JSONIndenter.indented(body)
    }

    /// One of a node's entries, or all of them where its name cannot be written in the filter language.
    private static func call(_ path: [String], _ selector: String, _ name: String) -> ConsulCall {
        var call = ConsulCall("GET", path, ["stale": nil])
        if let filter = ConsulCall.filter(selector, equals: name) { call.arguments.append(ConsulCall.Argument(name: "filter", value: filter)) }
        return call
    }
}
