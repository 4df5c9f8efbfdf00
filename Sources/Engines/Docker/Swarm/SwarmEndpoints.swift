internal import Domain
internal import JSON
internal import Transport

/// What Binnacle reads of a swarm, typed. All but `swarmStanding` is answered by managers only.
extension DockerConnection {
    /// Managers block a request for up to 20 s while they have no leader (measured with 20.10), then say so.
    private static var patience: Duration { .seconds(25) }

    /// Where the engine stands, by its own description: dear in old engines, and the only answer that names the managers.
    func swarmStanding(within limit: Duration? = nil) async throws(Trouble) -> SwarmStanding {
        let attempt = attempt("ask about the swarm")
        let response = try await answer(DockerCall("GET", ["info"]), timeout: limit ?? Self.patience, attempt: attempt)
        let isPodman = try await acquaintance().isPodman
        if response.status == 200 {
            let info = try decode(SwarmInfo.self, response, reading: "the engine's description", attempt: attempt)
            return SwarmStanding(info, isPodman: isPodman, address: address.description)
        }
        // A proxy may hide the description and still let the swarm through.
        guard SwarmPlace(refusal: "", status: response.status) != nil else {
            throw SwarmAnswer.trouble(response, attempt: attempt, address: address)
        }
        return SwarmStanding(place: isPodman ? .unfit : try await swarmPlace(), engine: address.description)
    }

    /// The same by the cheapest question that tells it.
    func swarmPlace() async throws(Trouble) -> SwarmPlace {
        let attempt = attempt("look for a swarm")
        let response = try await answer(DockerCall("GET", ["nodes"]), timeout: Self.patience, attempt: attempt)
        if response.status == 200 { return .manager }
        let words = EngineMessage(response.body).text
        // Without a leader it is a manager all the same.
        if SwarmTrouble.isLeaderless(words) { return .manager }
        if let place = SwarmPlace(refusal: words, status: response.status) { return place }
        throw SwarmAnswer.trouble(response, attempt: attempt, address: address)
    }

    func swarmNodes() async throws(Trouble) -> [NodeResource] {
        try await swarmList(DockerCall("GET", ["nodes"]), "the nodes of the swarm", NodeResource.list)
    }

    /// As it came: most lists of services are the same as the one before, and then are not read at all.
    func swarmServices(counted: Bool) async throws(Trouble) -> [UInt8] {
        let call = DockerCall("GET", ["services"], counted ? [("status", "true")] : [])
        return try await swarmAnswer(call, attempt: attempt("read the services of the swarm"))
    }

    func serviceResources(_ body: [UInt8]) throws(Trouble) -> [ServiceResource] {
        do throws(JSONReader.Malformed) { return try ServiceResource.list(body) } catch {
            throw malformed(body, "the services of the swarm", error)
        }
    }

    /// - Parameter services: ids; nil for the tasks of all. One that is not there fails the whole request with 404.
    func swarmTasks(of services: [String]? = nil) async throws(Trouble) -> [TaskResource] {
        let filter = services.map { [DockerCall.filters(["service": $0.sorted()])] } ?? []
        return try await swarmList(DockerCall("GET", ["tasks"], filter), "the tasks of the swarm", TaskResource.list)
    }

    func swarmNetworks() async throws(Trouble) -> [NetworkResource] {
        let call = DockerCall("GET", ["networks"], [DockerCall.filters(["scope": ["swarm"]])])
        return try await get([NetworkResource]?.self, call, timeout: Self.patience, reading: "the networks of the swarm") ?? []
    }

    /// What happens to nodes, services, networks, secrets and configs. There are no events of tasks.
    func swarmEvents() async throws(Trouble) -> HTTPStream {
        try await stream(
            DockerCall("GET", ["events"], [DockerCall.filters(["scope": ["swarm"]])], accept: "application/json"),
            attempt: attempt("follow the events of the swarm"))
    }

    /// One task; nil when it has gone.
    func swarmTask(_ id: String) async throws(Trouble) -> TaskResource? {
        let attempt = attempt("read task \(DockerEvent.short(id))")
        let response = try await answer(DockerCall("GET", ["tasks", id]), timeout: Self.patience, attempt: attempt)
        if response.status == 404 { return nil }
        guard response.status == 200 else { throw SwarmAnswer.trouble(response, attempt: attempt, address: address) }
        do throws(JSONReader.Malformed) {
            var reader = JSONReader(response.body)
            return try TaskResource(&reader)
        } catch {
            throw malformed(response.body, "a task", error)
        }
    }

    /// Whether a service is there.
    func hasService(_ id: String) async throws(Trouble) -> Bool {
        let attempt = attempt("look for service \(DockerEvent.short(id))")
        let response = try await answer(DockerCall("GET", ["services", id]), timeout: Self.patience, attempt: attempt)
        if response.status == 404 { return false }
        guard response.status == 200 else { throw SwarmAnswer.trouble(response, attempt: attempt, address: address) }
        return true
    }

    func swarmAnswer(_ call: DockerCall, attempt: String) async throws(Trouble) -> [UInt8] {
        let response = try await answer(call, timeout: Self.patience, attempt: attempt)
        guard response.status == 200 else { throw SwarmAnswer.trouble(response, attempt: attempt, address: address) }
        return response.body
    }

    private func swarmList<Wire: Sendable>(
        _ call: DockerCall, _ reading: String, _ read: ([UInt8]) throws(JSONReader.Malformed) -> [Wire]
    ) async throws(Trouble) -> [Wire] {
        let body = try await swarmAnswer(call, attempt: attempt("read \(reading)"))
        do throws(JSONReader.Malformed) { return try read(body) } catch {
            throw malformed(body, reading, error)
        }
    }

    private func malformed(_ body: [UInt8], _ reading: String, _ error: JSONReader.Malformed) -> Trouble {
        DockerTrouble.malformed(HTTPResponse(status: 200, body: body), reading: reading, problem: error.words, attempt: attempt("read \(reading)"))
    }
}
