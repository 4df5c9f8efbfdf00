internal import Domain
internal import Glibc
import JSON
internal import Testing
internal import Transport
@testable internal import ConsulEngine

/// A Consul that a test may register things in: a real one, or that of the practice cluster, which has to behave like it. A test makes
/// and removes its own services, called `bt-…`.
struct LabConsul: Sendable, CustomTestStringConvertible {
    struct Refused: Error, CustomStringConvertible {
        var description: String
    }

    let address: Address
    var token: String?
    /// Which of the environment's it is.
    var variable = ""

    var testDescription: String { variable }
    var isPractice: Bool { variable.hasPrefix("BINNACLE_TEST_PRACTICE") }

    private static func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } }

    private static func address(_ name: String, _ tls: TLSOptions? = nil) -> Address? {
        // An address that is none counts as none: the tests are skipped, and say so.
        value(name).flatMap { try? Address.parse($0, tls: tls) }
    }

    /// One agent, alone, without permissions to ask for; and one of the practice cluster. The same tests run on each.
    static let all = ["BINNACLE_TEST_CONSUL", "BINNACLE_TEST_PRACTICE_CONSUL"].compactMap { name in
        address(name).map { LabConsul(address: $0, variable: name) }
    }
    /// The server of a cluster that asks for tokens, two clients beside it.
    static let cluster = address("BINNACLE_TEST_CONSUL_CLUSTER").map { LabConsul(address: $0, token: value("BINNACLE_TEST_CONSUL_TOKEN")) }
    static let clusterByTLS = value("BINNACLE_TEST_CONSUL_CA").flatMap { file in
        address("BINNACLE_TEST_CONSUL_HTTPS", TLSOptions(caFile: file)).map { LabConsul(address: $0, token: value("BINNACLE_TEST_CONSUL_TOKEN")) }
    }
    static let clusterWithoutItsCA = address("BINNACLE_TEST_CONSUL_HTTPS", TLSOptions()).map { LabConsul(address: $0) }

    func configuration(isReadOnly: Bool = false) -> ConsulEngine.Configuration {
        ConsulEngine.Configuration(name: "lab", address: address, token: token, isReadOnly: isReadOnly)
    }

    /// - Returns: the body as text.
    @discardableResult
    func call(_ method: String, _ path: String, _ body: String? = nil, at host: String? = nil, allowing: Set<Int> = []) async throws -> String {
        var address = address
        if let host, case .tcp(_, let port, let prefix, let tls) = address { address = .tcp(host: host, port: port, prefix: prefix, tls: tls) }
        var headers = token.map { [("X-Consul-Token", $0)] } ?? []
        if body != nil { headers.append(("Content-Type", "application/json")) }
        let response = try await HTTPClient(address: address).send(
            HTTPRequest(method: method, path: path, headers: headers, body: body.map { Array($0.utf8) }), timeout: .seconds(20))
        let text = String(decoding: response.body, as: UTF8.self)
        guard response.status == 200 || allowing.contains(response.status) else { throw Refused(description: "\(method) \(path): \(response.status) \(text)") }
        return text
    }

    func tree(_ path: String) async throws -> JSONTree { try JSONTree(Array(try await call("GET", path).utf8)) }

    /// The node of the agent asked.
    func node() async throws -> String { try await tree("/v1/agent/self")["Config", "NodeName"]?.text ?? "" }

    /// Services as the lab's script has them in its Consul: `web-1` passes, `web-2` and `db-1` do not. The practice cluster has other ones.
    func withItsServices<Answer>(_ body: () async throws -> Answer) async throws -> Answer {
        guard isPractice else { return try await body() }
        let services = [
            #"{"ID":"web-1","Name":"web","Port":18080,"Tags":["v1","primary"],"Meta":{"version":"1"},"Check":{"CheckID":"web-1-ttl","Name":"ttl","TTL":"60s","Status":"passing"}}"#,
            #"{"ID":"web-2","Name":"web","Port":18081,"Check":{"CheckID":"web-2-http","Name":"http","HTTP":"http://127.0.0.1:1/","Interval":"2s"}}"#,
            #"{"ID":"db-1","Name":"db","Port":5432,"Check":{"CheckID":"db-1-tcp","Name":"tcp","TCP":"127.0.0.1:1","Interval":"2s"}}"#,
        ]
        for service in services { try await call("PUT", "/v1/agent/service/register", service) }
        let answer: Result<Answer, any Error>
        do { answer = .success(try await body()) } catch { answer = .failure(error) }
        for id in ["web-1", "web-2", "db-1"] { try await call("PUT", "/v1/agent/service/deregister/\(id)", allowing: [404]) }
        return try answer.get()
    }

    static func name(_ suffix: String) -> String { "bt-\(suffix)-\(UInt16.random(in: 0 ... .max))" }

    /// A service for as long as `body` runs, its id and name the same.
    ///
    /// - Parameter more: further members of the registration, each behind a comma.
    func withService<Answer>(_ suffix: String, _ more: String = "", at host: String? = nil, _ body: (_ name: String) async throws -> Answer) async throws -> Answer {
        let name = Self.name(suffix)
        try await call("PUT", "/v1/agent/service/register", #"{"ID":"\#(name)","Name":"\#(name)"\#(more)}"#, at: host)
        do {
            let answer = try await body(name)
            try await call("PUT", "/v1/agent/service/deregister/\(name)", at: host, allowing: [404])
            return answer
        } catch {
            try await call("PUT", "/v1/agent/service/deregister/\(name)", at: host, allowing: [404])
            throw error
        }
    }
}
