import Domain
import JSON

@testable import Simulator

/// The base cluster behind the handlers of its engines, without sockets: time flies, so that nobody waits for a stop.
struct DockerFixture: Sendable {
    struct Answer: Sendable {
        var status: Int
        var headers: [(String, String)]
        var body: [UInt8]

        var text: String { String(decoding: body, as: UTF8.self) }
        var json: JSONTree { (try? JSONTree(body)) ?? .null }  // What is no JSON fails the expectation that looks into it.
        var message: String { json["message"]?.text ?? "" }
        func header(_ name: String) -> String? { headers.first { $0.0 == name }?.1 }
    }

    let cluster: PracticeCluster
    private let handlers: [String: DockerHandler]

    init(speed: Double = 200) {
        let start = Timestamp(rfc3339: "2026-11-24T12:00:00Z") ?? Timestamp(seconds: 0)
        let begun = ContinuousClock.now
        cluster = PracticeCluster(world: World(seed: 7, start: start), speed: speed) { start.adding(ContinuousClock.now - begun) }
        let ledger = SwarmLedger()
        var handlers: [String: DockerHandler] = [:]
        for host in cluster.with({ $0.hosts.values }) { handlers[host.name] = DockerHandler(cluster: cluster, host: host.id, ledger: ledger) }
        self.handlers = handlers
    }

    func ask(_ method: String, _ path: String, _ body: String = "", on host: String = "h1", version: String = "/v1.41") async -> Answer {
        let request = ServerRequest(method: method, target: version + path, headers: [], body: Array(body.utf8))
        guard let reply = await handlers[host]?.answer(request) else { return Answer(status: 0, headers: [], body: []) }
        switch reply {
        case .whole(let status, let headers, let body): return Answer(status: status, headers: headers, body: body)
        case .stream(let status, let headers, let chunks):
            var body: [UInt8] = []
            for await chunk in chunks where body.count < 1 << 20 { body += chunk }
            return Answer(status: status, headers: headers, body: body)
        case .hijacked(let status, let headers, _): return Answer(status: status, headers: headers, body: [])
        case .bytes, .dropped: return Answer(status: -1, headers: [], body: [])
        }
    }

    func get(_ path: String, on host: String = "h1") async -> Answer { await ask("GET", path, on: host) }
    func post(_ path: String, _ body: String = "", on host: String = "h1") async -> Answer { await ask("POST", path, body, on: host) }

    /// `filters=…`, encoded.
    static func filters(_ json: String) -> String {
        "filters=" + json.utf8.map { byte in
            let hex = String(byte, radix: 16, uppercase: true)
            return "%" + (hex.count < 2 ? "0" : "") + hex
        }.joined()
    }
}
