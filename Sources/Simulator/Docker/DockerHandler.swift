internal import Domain

/// The Engine API of one machine: a view of the world, in the words and the status codes of Docker 20.10 (API 1.41).
struct DockerHandler: RequestHandler {
    static let newest = (major: 1, minor: 41)
    static let oldest = (major: 1, minor: 12)

    let cluster: PracticeCluster
    /// The id of the machine.
    let host: String
    /// What all managers of the swarm have in common.
    let ledger: SwarmLedger
    let state = DockerState()

    init(cluster: PracticeCluster, host: String, ledger: SwarmLedger = SwarmLedger()) {
        self.cluster = cluster
        self.host = host
        self.ledger = ledger
    }

    func answer(_ request: ServerRequest) async -> ServerReply {
        let call = DockerRequest(request)
        if let version = call.version {
            if version > Self.newest {
                let words = "client version \(version.major).\(version.minor) is too new. Maximum supported API version is \(Self.newest.major).\(Self.newest.minor)"
                return reply(400, message(words))
            }
            if version < Self.oldest {
                let words = "client version \(version.major).\(version.minor) is too old. Minimum supported API version is 1.12, please upgrade your client to a newer version\n"
                return .whole(status: 400, headers: headers(type: "text/plain; charset=utf-8"), body: Array(words.utf8))
            }
        }
        do throws(OrderRefusal) {
            return try await route(call) ?? .whole(status: 404, headers: [("Content-Type", "application/json"), ("Date", date)], body: message("page not found"))
        } catch {
            if error.kind == .notModified { return .whole(status: 304, headers: headers(type: nil), body: []) }
            return reply(error.kind.status, message(error.message))
        }
    }

    /// nil for a page that there is not.
    private func route(_ call: DockerRequest) async throws(OrderRefusal) -> ServerReply? {
        switch call.path.first {
        case "_ping": return ping(call)
        case "version": return call.isGet("version") ? reply(200, look { EngineDescription(world: $0, host: host).version() }) : nil
        case "info": return call.isGet("info") ? reply(200, look { EngineDescription(world: $0, host: host).info() }) : nil
        case "events": return call.isGet("events") ? try events(call) : nil
        case "containers": return try await containers(call)
        case "exec": return try await exec(call)
        case "networks": return try await networks(call)
        case "images", "distribution": return try await images(call)
        case "volumes", "system", "build", "plugins", "auth": return try await storage(call)
        case "services", "tasks", "nodes", "swarm", "secrets", "configs": return try await swarm(call)
        default: return nil
        }
    }

    private func ping(_ call: DockerRequest) -> ServerReply? {
        guard call.path.count == 1, call.method == "GET" || call.method == "HEAD" else { return nil }
        let caching = [("Cache-Control", "no-cache, no-store, must-revalidate"), ("Pragma", "no-cache")]
        return .whole(
            status: 200, headers: headers(type: "text/plain; charset=utf-8") + caching, body: call.method == "HEAD" ? [] : Array("OK".utf8))
    }

    // MARK: The world

    func look<Value: Sendable, Failure: Error>(_ body: (inout World) throws(Failure) -> Value) throws(Failure) -> Value { try cluster.with(body) }

    /// Carries it out, and returns when it has been done.
    @discardableResult
    func order(_ order: Order) async throws(OrderRefusal) -> Answer {
        let answer = try look { world throws(OrderRefusal) in try world.order(order) }
        if let done = answer.doneAt {
            await cluster.wait(until: done) { world in answer.run.map { $0.generation != world.containers[$0.container]?.generation } ?? false }
        }
        return answer
    }

    // MARK: Answers

    private var date: String { ServerDate.text(cluster.time) }

    func headers(type: String?) -> [(String, String)] {
        let (version, time) = look { ($0.hosts[host]?.engineVersion ?? "", $0.now) }
        let standing = [
            ("Api-Version", "\(Self.newest.major).\(Self.newest.minor)"), ("Docker-Experimental", "false"), ("Ostype", "linux"),
            ("Server", "Docker/\(version) (linux)"), ("Date", ServerDate.text(time)),
        ]
        return standing + (type.map { [("Content-Type", $0)] } ?? [])
    }

    /// JSON, with a newline at its end as Go's encoder writes it.
    func reply(_ status: Int, _ body: [UInt8]) -> ServerReply {
        var body = body
        if !body.isEmpty, body.last != 0x0A { body.append(0x0A) }
        return .whole(status: status, headers: headers(type: "application/json"), body: body)
    }

    func reply(_ status: Int, _ members: (inout JSONText) -> Void) -> ServerReply {
        var text = JSONText()
        text.object(members)
        return reply(status, text.bytes)
    }

    /// Without a word.
    func reply(_ status: Int) -> ServerReply { .whole(status: status, headers: headers(type: nil), body: []) }

    func message(_ words: String) -> [UInt8] {
        var text = JSONText()
        text.object { $0.field("message", words) }
        return text.bytes + [0x0A]
    }
}
