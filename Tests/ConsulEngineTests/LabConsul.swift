internal import Domain
internal import Glibc
import JSON
internal import Transport
@testable internal import ConsulEngine

/// A real Consul that a test may register things in. It makes and removes its own, called `bt-…`.
struct LabConsul: Sendable {
    struct Refused: Error, CustomStringConvertible {
        var description: String
    }

    let address: Address
    var token: String?

    private static func value(_ name: String) -> String? { getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 } }

    private static func address(_ name: String, _ tls: TLSOptions? = nil) -> Address? {
        // An address that is none counts as none: the tests are skipped, and say so.
        value(name).flatMap { try? Address.parse($0, tls: tls) }
    }

    /// One agent, alone, without permissions to ask for.
    static let single = address("BINNACLE_TEST_CONSUL").map { LabConsul(address: $0) }
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
