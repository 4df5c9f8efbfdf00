import Foundation
import Testing

/// The real Consul agents that a run of the tests has started.
enum LabConsul {
    static let dev = variable("BINNACLE_TEST_CONSUL") ?? ""
    static let cluster = variable("BINNACLE_TEST_CONSUL_CLUSTER") ?? ""
    static let token = variable("BINNACLE_TEST_CONSUL_TOKEN") ?? ""
    static let isReady = Lab.isReady && !dev.isEmpty
    static let isClusterReady = !Lab.binary.isEmpty && !cluster.isEmpty
    static let needs: Comment = "needs BINNACLE_BINARY, BINNACLE_TEST_ENGINE and BINNACLE_TEST_CONSUL"
    static let needsCluster: Comment = "needs BINNACLE_BINARY and BINNACLE_TEST_CONSUL_CLUSTER"

    /// The lab's own script: `consul kill 3`, `consul rc 1`.
    static func lab(_ words: String) { _ = shell("\(Lab.scripts)/consul \(words)") }

    @discardableResult
    static func put(_ path: String, _ body: String = "") -> String { shell("curl -fsS -m 5 -X PUT -d '\(body)' \(dev)/v1/\(path)").output }

    /// An instance on the agent in development mode with one check, there while `body` runs.
    static func register(_ id: String, name: String, address: String = "127.0.0.1", port: Int, check: String, _ body: () throws -> Void) rethrows {
        put("agent/service/register", #"{"ID":"\#(id)","Name":"\#(name)","Address":"\#(address)","Port":\#(port),"Check":{"CheckID":"\#(name)-check","Name":"\#(name)-check",\#(check)}}"#)
        defer { put("agent/service/deregister/\(id)") }
        try body()
    }

    static func tcp(_ endpoint: String) -> String { #""TCP":"\#(endpoint)","Interval":"1s","Timeout":"1s""# }

    /// Until Consul itself says so, as the screen is measured by somebody else's word.
    static func until(_ check: String, is status: String, _ location: SourceLocation = #_sourceLocation) {
        let deadline = ContinuousClock.now + .seconds(20)
        var seen = ""
        while ContinuousClock.now < deadline {
            seen = shell("curl -fsS -m 5 \(dev)/v1/health/state/\(status)").output
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

    init(_ arguments: String, environment: String = "") {
        let (status, output) = shell("env \(environment) \(Lab.binary) --once --json \(arguments)")
        self.status = status
        // What is no JSON is an empty picture, and every expectation about it fails.
        root = (try? JSONSerialization.jsonObject(with: Data(output.utf8))) as? [String: Any] ?? [:]
    }

    func list(_ key: String) -> [[String: Any]] { root[key] as? [[String: Any]] ?? [] }
    func check(_ name: String) -> [String: Any]? { list("checks").first { $0["name"] as? String == name } }
    func text(_ key: String, ofCheck name: String) -> String { check(name)?[key] as? String ?? "" }
    func source(_ kind: String) -> [String: Any]? { list("sources").first { $0["kind"] as? String == kind } }
}
