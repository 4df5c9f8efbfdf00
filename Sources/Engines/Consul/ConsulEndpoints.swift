internal import Domain
internal import Engine
internal import JSON
internal import Transport

/// What Binnacle reads of Consul's HTTP API, typed. What it writes is in `Changes`.
extension ConsulConnection {
    /// The three lists that say when they change.
    enum List: String, Sendable, CaseIterable {
        case checks = "the checks", services = "the services", nodes = "the nodes"

        fileprivate var path: [String] {
            switch self {
            case .checks: ["health", "state", "any"]
            case .services: ["catalog", "services"]
            case .nodes: ["catalog", "nodes"]
            }
        }
    }

    /// - Parameter index: waits until the list is another than at this index, at most `wait`; nil answers at once.
    func list(_ list: List, after index: UInt64?, wait: Duration) async throws(Trouble) -> (body: [UInt8], standing: ListStanding) {
        // Any server may answer, which also works while there is no leader.
        var call = ConsulCall("GET", list.path, ["stale": nil])
        var limit = Duration.seconds(30)
        if let index {
            call.arguments += [
                ConsulCall.Argument(name: "index", value: String(index)), ConsulCall.Argument(name: "wait", value: "\(wait.components.seconds)s"),
            ]
            // The server adds up to a sixteenth of the time, so that not all come back at once.
            limit += wait + wait / 16
        }
        let response = try await perform(call, timeout: limit, attempt: attempt("follow \(list.rawValue)"))
        return (response.body, ListStanding(response.headers))
    }

    /// nil where the token may not know: that takes `agent:read`.
    func agentSelf(within limit: Duration = .seconds(10)) async throws(Trouble) -> AgentSelf? {
        let attempt = attempt("read the description of the agent")
        let response = try await answer(ConsulCall("GET", ["agent", "self"]), timeout: limit, attempt: attempt)
        if response.status == 403, !String(decoding: response.body, as: UTF8.self).contains("ACL not found") { return nil }
        guard response.status == 200 else { throw await refusal(response, attempt: attempt) }
        return try read(response.body, "the description of a Consul agent", attempt) { body throws(JSONReader.Malformed) in try AgentSelf(body) }
    }

    /// nil where the token may not know.
    func members(within limit: Duration = .seconds(10)) async throws(Trouble) -> [AgentMember]? {
        let attempt = attempt("list the members")
        let response = try await answer(ConsulCall("GET", ["agent", "members"]), timeout: limit, attempt: attempt)
        if response.status == 403, !String(decoding: response.body, as: UTF8.self).contains("ACL not found") { return nil }
        guard response.status == 200 else { throw await refusal(response, attempt: attempt) }
        return try read(response.body, "the list of members", attempt, AgentMember.list)
    }

    /// Empty where there is no leader, or no server that would know one.
    func leader(within limit: Duration) async throws(Trouble) -> String? {
        let attempt = attempt("ask for the leader")
        let response = try await answer(ConsulCall("GET", ["status", "leader"]), timeout: limit, attempt: attempt)
        switch response.status {
        case 200:
            return try read(response.body, "the leader's address", attempt) { body throws(JSONReader.Malformed) in
                var reader = JSONReader(body)
                let text = try reader.string()
                try reader.finish()
                return text
            }
        case 500...: return ""
        default: return nil
        }
    }

    /// What the agent asked knows of its own checks: outputs that the catalog will have minutes later.
    func ownChecks(source: Source.ID, within limit: Duration = .seconds(10)) async throws(Trouble) -> [Check] {
        let attempt = attempt("list the agent's own checks")
        let response = try await answer(ConsulCall("GET", ["agent", "checks"]), timeout: limit, attempt: attempt)
        // Nice to have: what it may not tell is in the catalog, sooner or later.
        if response.status == 403 { return [] }
        guard response.status == 200 else { throw await refusal(response, attempt: attempt) }
        return try read(response.body, "the agent's own checks", attempt) { body throws(JSONReader.Malformed) in
            try HealthCheck.dictionary(body, source: source)
        }
    }

    /// Empty where it cannot be told just now: they come from gossip between servers.
    func datacenters(within limit: Duration) async throws(Trouble) -> [String] {
        let attempt = attempt("list the datacenters")
        let response = try await answer(ConsulCall("GET", ["catalog", "datacenters"]), timeout: limit, attempt: attempt)
        guard response.status == 200 else { return [] }
        return try read(response.body, "the list of datacenters", attempt) { body throws(JSONReader.Malformed) in
            var reader = JSONReader(body)
            let names = try reader.strings()
            try reader.finish()
            return names
        }
    }

    func instances(of unit: InstanceSweep.Unit, source: Source.ID) async throws(Trouble) -> [ServiceInstance] {
        let name = PlainText.printable(unit.name)
        switch unit {
        case .node(let node):
            let attempt = attempt("list the services of node \(name)")
            let response = try await perform(ConsulCall("GET", ["catalog", "node", node], ["stale": nil]), timeout: .seconds(30), attempt: attempt)
            return try read(response.body, "the services of node \(name)", attempt) { body throws(JSONReader.Malformed) in
                try CatalogInstances.ofNode(body, source: source)
            }
        case .service(let service):
            let attempt = attempt("list the instances of service \(name)")
            let response = try await perform(ConsulCall("GET", ["catalog", "service", service], ["stale": nil]), timeout: .seconds(30), attempt: attempt)
            return try read(response.body, "the instances of service \(name)", attempt) { body throws(JSONReader.Malformed) in
                try CatalogInstances.ofService(body, source: source)
            }
        }
    }
}
