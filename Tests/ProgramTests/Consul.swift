import Foundation
import Testing

/// A real Consul agent that a run of the tests has started, and what brings a command into its network.
struct LabConsul {
    let url: String
    /// Put before a command; empty where the agent is in the network of the tests.
    let inside: String

    /// On this machine's own network.
    static let dev = LabConsul(url: variable("BINNACLE_TEST_CONSUL") ?? "", inside: "")
    /// In the network of the engine that the tests use: it reaches the engine's containers and their published ports.
    static let inner = LabConsul(url: variable("BINNACLE_TEST_CONSUL_INNER") ?? "", inside: variable("BINNACLE_TEST_INSIDE") ?? "")
    static let cluster = variable("BINNACLE_TEST_CONSUL_CLUSTER") ?? ""
    static let token = variable("BINNACLE_TEST_CONSUL_TOKEN") ?? ""

    static let isReady = Lab.isReady && !inner.url.isEmpty
    static let isClusterReady = !Lab.binary.isEmpty && !cluster.isEmpty
    static let needs: Comment = "needs BINNACLE_BINARY, BINNACLE_TEST_ENGINE, BINNACLE_TEST_CONSUL_INNER and BINNACLE_TEST_INSIDE"
    static let needsCluster: Comment = "needs BINNACLE_BINARY and BINNACLE_TEST_CONSUL_CLUSTER"

    /// The program, where it reaches what this agent reaches.
    var binary: String { "\(inside) \(Lab.binary)" }

    /// The lab's own script: `consul kill 3`, `consul rc 1`.
    static func lab(_ words: String) { _ = shell("\(Lab.scripts)/consul \(words)") }

    func get(_ path: String) -> String { shell("\(inside) curl -fsS -m 5 \(url)/v1/\(path)").output }

    @discardableResult
    func put(_ path: String, _ body: String = "") -> String { shell("\(inside) curl -fsS -m 5 -X PUT -d '\(body)' '\(url)/v1/\(path)'").output }

    /// An instance with one check, there while `body` runs.
    func register(_ id: String, name: String, address: String = "127.0.0.1", port: Int, check: String, _ body: () throws -> Void) rethrows {
        put("agent/service/register", #"{"ID":"\#(id)","Name":"\#(name)","Address":"\#(address)","Port":\#(port),"Check":{"CheckID":"\#(name)-check","Name":"\#(name)-check",\#(check)}}"#)
        defer { put("agent/service/deregister/\(id)") }
        try body()
    }

    static func tcp(_ endpoint: String) -> String { #""TCP":"\#(endpoint)","Interval":"1s","Timeout":"1s""# }

    /// Until Consul itself says so, as the screen is measured by somebody else's word.
    func until(_ check: String, is status: String, _ location: SourceLocation = #_sourceLocation) {
        let deadline = ContinuousClock.now + .seconds(20)
        var seen = ""
        while ContinuousClock.now < deadline {
            seen = get("health/state/\(status)")
            if seen.contains("\"\(check)\"") { return }
            poll(nil, 0, 100)
        }
        Issue.record("Consul does not say that \(check) is \(status): \(seen.prefix(400))", sourceLocation: location)
    }
}

/// What `--once --json` says, taken apart.
struct JSONLook {
    let status: Int32
    private let root: [String: Any]

    init(_ arguments: String, environment: String = "", inside: String = "") {
        let (status, output) = shell("env \(environment) \(inside) \(Lab.binary) --once --json \(arguments)")
        self.status = status
        // What is no JSON is an empty picture, and every expectation about it fails.
        root = (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [String: Any] ?? [:]
    }

    func list(_ key: String) -> [[String: Any]] { root[key] as? [[String: Any]] ?? [] }
    func check(_ name: String) -> [String: Any]? { list("checks").first { $0["name"] as? String == name } }
    func text(_ key: String, ofCheck name: String) -> String { check(name)?[key] as? String ?? "" }
    func source(_ kind: String) -> [String: Any]? { list("sources").first { $0["kind"] as? String == kind } }
}
