internal import Domain
internal import Synchronization

/// One agent of the registry, as it answers on its HTTP port.
struct ConsulHandler: RequestHandler {
    let cluster: PracticeCluster
    /// The name of its node.
    let agent: String
    /// Where it says that it answers for names.
    let dnsPort: Int
    let memory: ConsulMemory
    /// So long a server looks for a leader before it says that there is none.
    var patience = Duration.seconds(7)

    func answer(_ request: ServerRequest) async -> ServerReply {
        let date = ("Date", ServerDate.text(cluster.time))
        guard let route = ConsulRoute(request.segments) else {
            return .whole(status: 404, headers: [date], body: [])
        }
        let common = [("Vary", "Accept-Encoding"), date]
        if request.method != route.method {
            let allowed = ("Allow", "OPTIONS,\(route.method)")
            if request.method == "OPTIONS" { return .whole(status: 200, headers: [allowed] + common, body: []) }
            return Self.text(405, "method \(request.method) not allowed", [allowed] + common)
        }
        do throws(ConsulFault) {
            if let omission = route.omission { throw ConsulFault(status: 400, text: omission) }
            var answer = try await reply(to: route, request)
            if request.queryValue("pretty") != nil { answer.indent() }
            let type = answer.type.map { [("Content-Type", $0)] } ?? []
            return .whole(status: answer.status, headers: type + answer.headers + common, body: answer.body)
        } catch {
            let empty = error.hasHeaders ? [("X-Consul-Index", "1"), ("X-Consul-Knownleader", "false"), ("X-Consul-Lastcontact", "0")] : []
            return Self.text(error.status, error.text, empty + common)
        }
    }

    private static func text(_ status: Int, _ text: String, _ headers: [(String, String)]) -> ServerReply {
        .whole(status: status, headers: headers + [("Content-Type", "text/plain; charset=utf-8")], body: Array(text.utf8))
    }

    private func reply(to route: ConsulRoute, _ request: ServerRequest) async throws(ConsulFault) -> ConsulAnswer {
        switch route {
        case .nodes, .services, .node, .nodeServices, .service, .state, .checksOfNode, .checksOfService, .healthOfService:
            return try await read(route, request)
        case .leader, .peers, .datacenters, .raft, .agentSelf, .members, .agentServices, .agentService, .agentChecks, .agentHealth, .agentHealthByName:
            return try look(route, request)
        case .catalogRegister, .catalogDeregister:
            // What cannot be read is refused by the agent, before it asks a server.
            _ = route == .catalogRegister ? try RegistrationReader.catalogEntry(request.body).node : try RegistrationReader.removal(request.body).node
            try await waitForLeader(hasHeaders: false)
            try change(route, request)
            return .json(Array("true".utf8))
        case .register, .deregister, .maintain, .maintainNode, .registerCheck, .deregisterCheck, .tell, .tellFreely, .forceLeave:
            try change(route, request)
            return ConsulAnswer()
        }
    }

    // MARK: The leader

    private func waitForLeader(hasHeaders: Bool) async throws(ConsulFault) {
        let end = ContinuousClock.now + patience
        while true {
            let (isLed, sequence) = cluster.with { (!$0.registry.leader.isEmpty, $0.lastSequence) }
            if isLed { return }
            let left = end - .now
            if left <= .zero || Task.isCancelled { throw ConsulFault(status: 500, text: "No cluster leader", hasHeaders: hasHeaders) }
            await cluster.news(after: sequence, atMost: left)
        }
    }

    // MARK: Tables

    /// Answers when the table is another than the caller knows, or after the time that the caller gives.
    private func read(_ route: ConsulRoute, _ request: ServerRequest) async throws(ConsulFault) -> ConsulAnswer {
        let query = try ConsulQuery(request, datacenter: cluster.with { $0.registry.datacenter }, isFiltered: route != .services)
        if !query.isStale { try await waitForLeader(hasHeaders: true) }
        // So that not all come back at once, the server adds up to a sixteenth.
        let end = ContinuousClock.now + query.wait + query.wait * Double.random(in: 0...1) / 16
        while true {
            enum Look: Sendable { case same(UInt64), answer(ConsulAnswer) }
            let look = cluster.with { world -> Look in
                let index = max(1, route.index(in: world.registry) ?? 1)
                if let known = query.index, index <= known, ContinuousClock.now < end { return .same(world.lastSequence) }
                var answer = ConsulAnswer.json(body(route, world.registry, query))
                answer.headers = [
                    ("X-Consul-Effective-Consistency", query.consistency), ("X-Consul-Index", String(index)),
                    ("X-Consul-Knownleader", world.registry.leader.isEmpty ? "false" : "true"),
                    ("X-Consul-Lastcontact", String(memory.silence(isLed: !world.registry.leader.isEmpty, now: world.now))),
                ]
                return .answer(answer)
            }
            switch look {
            case .answer(let answer): return answer
            case .same(let sequence):
                await cluster.news(after: sequence, atMost: max(end - .now, .milliseconds(1)))
                // The client has gone, and whatever is said is said to nobody.
                if Task.isCancelled { throw ConsulFault(status: 500, text: "the request was given up") }
            }
        }
    }
}
