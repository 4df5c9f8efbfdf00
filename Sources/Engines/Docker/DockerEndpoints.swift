internal import Domain
internal import JSON
internal import Transport

/// What Binnacle reads of the Engine API, typed. What it writes is in `DockerOperations`.
extension DockerConnection {
    /// - Parameter ids: only these; nil for all. Stopped ones included, sizes left out (they take the engine seconds).
    func containers(_ ids: [String]? = nil) async throws(Trouble) -> (list: [ContainerSummary], clock: Timestamp?) {
        let filter = ids.map { [DockerCall.filters(["id": $0])] } ?? []
        let attempt = attempt("list the containers")
        let response = try await perform(DockerCall("GET", ["containers", "json"], [("all", "1")] + filter), attempt: attempt)
        do throws(JSONReader.Malformed) {
            return (try ContainerSummary.list(response.body), response.headers["Date"].flatMap(HTTPDate.timestamp))
        } catch {
            throw DockerTrouble.malformed(response, reading: "the list of containers", problem: error.words, attempt: attempt)
        }
    }

    /// The inspection as it came, for showing and keeping, beside what is read of it. nil when the container has gone.
    func inspection(_ id: String) async throws(Trouble) -> (body: [UInt8], wire: ContainerInspection)? {
        let attempt = attempt("inspect container \(DockerEvent.short(id))")
        let response = try await answer(DockerCall("GET", ["containers", id, "json"]), attempt: attempt)
        if response.status == 404 { return nil }
        guard response.status == 200 else { throw DockerTrouble.make(response, attempt: attempt, address: address) }
        return (response.body, try decode(ContainerInspection.self, response, reading: "the inspection of a container", attempt: attempt))
    }

    /// nil when the network has gone. Only this answer names who is attached.
    func network(_ id: String) async throws(Trouble) -> (body: [UInt8], wire: NetworkResource)? {
        let attempt = attempt("inspect network \(DockerEvent.short(id))")
        let response = try await answer(DockerCall("GET", ["networks", id]), attempt: attempt)
        if response.status == 404 { return nil }
        guard response.status == 200 else { throw DockerTrouble.make(response, attempt: attempt, address: address) }
        return (response.body, try decode(NetworkResource.self, response, reading: "a network", attempt: attempt))
    }

    func networks() async throws(Trouble) -> [NetworkResource] {
        try await get([NetworkResource]?.self, DockerCall("GET", ["networks"]), reading: "the list of networks") ?? []
    }

    func info() async throws(Trouble) -> EngineInfo {
        try await get(EngineInfo.self, DockerCall("GET", ["info"]), reading: "the engine's description")
    }

    /// - Parameter since: the engine's clock; what happened from then on is told again (of its last 256 events).
    func events(since: Timestamp?) async throws(Trouble) -> HTTPStream {
        // RFC 3339 is not understood here; and from API 1.52 on the form of the stream depends on what is accepted.
        let query = since.map { [("since", Self.unixTime($0))] } ?? []
        return try await stream(
            DockerCall("GET", ["events"], query, accept: "application/json"), attempt: attempt("follow the events"))
    }

    func statistics(_ id: String, oneShot: Bool) async throws(Trouble) -> StatsReading {
        let query = [("stream", "false")] + (oneShot ? [("one-shot", "true")] : [])
        return try await get(
            StatsReading.self, DockerCall("GET", ["containers", id, "stats"], query), reading: "the statistics of a container")
    }

    func processes(_ id: String) async throws(Trouble) -> TopAnswer {
        try await get(TopAnswer.self, DockerCall("GET", ["containers", id, "top"]), reading: "the processes of a container")
    }

    /// `1795420975.860350756`.
    static func unixTime(_ time: Timestamp) -> String {
        let fraction = String(time.nanoseconds % 1_000_000_000)
        return "\(time.seconds)." + String(repeating: "0", count: max(0, 9 - fraction.count)) + fraction
    }
}
