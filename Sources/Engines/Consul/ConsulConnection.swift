internal import Domain
internal import FoundationEssentials
internal import JSON
internal import Transport

/// Requests to one agent: who asks, for which datacenter, failures in words. Knows no resource.
final class ConsulConnection: Sendable {
    /// Larger answers are refused: 5,000 checks are some 2 MB.
    private static let bodyLimit = 64 << 20
    /// Three lists that wait for changes, four reads of instances, and some for what a person asks. Agents allow 200 a client.
    private static let connections = 10

    let address: Address
    let hasToken: Bool
    private let configuration: ConsulEngine.Configuration
    private let client: HTTPClient
    private let headers: [(String, String)]
    /// Told of every request before it is sent; tests count with it.
    private let observe: (@Sendable (HTTPRequest) -> Void)?

    init(_ configuration: ConsulEngine.Configuration, observe: (@Sendable (HTTPRequest) -> Void)? = nil) {
        self.configuration = configuration
        self.observe = observe
        address = configuration.address
        client = HTTPClient(address: configuration.address, maximumConnections: Self.connections)
        let token = configuration.token.flatMap { $0.isEmpty ? nil : $0 }
        hasToken = token != nil
        let login = configuration.basicAuth.map { ("Authorization", "Basic " + Data($0.utf8).base64EncodedString()) }
        headers = [token.map { ("X-Consul-Token", $0) }, login].compactMap(\.self)
    }

    /// The agent of another node, asked in the same way at the same port; nil where this one is reached by a path in the file system.
    func neighbour(at host: String) -> ConsulConnection? {
        var configuration = configuration
        if let route = configuration.routes[host] {
            configuration.address = route
            return ConsulConnection(configuration, observe: observe)
        }
        guard case .tcp(_, let port, let prefix, let tls) = address, !host.isEmpty else { return nil }
        configuration.address = .tcp(host: host, port: port, prefix: prefix, tls: tls)
        return ConsulConnection(configuration, observe: observe)
    }

    /// `http://127.0.0.1:8500`.
    var place: String { Self.place(address) }

    static func place(_ address: Address) -> String {
        guard case .tcp(let host, let port, let prefix, let tls) = address else { return address.description }
        let name = host.contains(":") ? "[\(host)]" : host
        return "\(tls == nil ? "http" : "https")://\(name):\(port)\(prefix)"
    }

    /// `list the checks of http://127.0.0.1:8500`.
    func attempt(_ what: String) -> String { "\(what) of \(place)" }

    /// The datacenter that was asked for; nil for the agent's own.
    var datacenter: String? { configuration.datacenter.flatMap { $0.isEmpty ? nil : $0 } }

    // MARK: Requests

    /// `PUT /v1/agent/service/deregister/web-1`, with the body where there is one; nothing in it is masked.
    func text(_ call: ConsulCall) -> String {
        let body = call.body.map { " " + String(decoding: $0, as: UTF8.self) } ?? ""
        return "\(call.method) \(target(call))\(body)"
    }

    func target(_ call: ConsulCall) -> String {
        var scope: [ConsulCall.Argument] = []
        if call.reach == .catalog, let datacenter { scope.append(ConsulCall.Argument(name: "dc", value: datacenter)) }
        if let namespace = configuration.namespace, !namespace.isEmpty { scope.append(ConsulCall.Argument(name: "ns", value: namespace)) }
        if let partition = configuration.partition, !partition.isEmpty { scope.append(ConsulCall.Argument(name: "partition", value: partition)) }
        return call.target(adding: scope)
    }

    /// Any status is an answer here.
    func answer(_ call: ConsulCall, timeout: Duration = .seconds(10), attempt: String) async throws(Trouble) -> HTTPResponse {
        var fields = headers
        if let body = call.body, !body.isEmpty { fields.append(("Content-Type", "application/json")) }
        let request = HTTPRequest(method: call.method, path: target(call), headers: fields, body: call.body)
        observe?(request)
        do throws(TransportError) {
            return try await client.send(request, timeout: timeout, bodyLimit: Self.bodyLimit)
        } catch {
            throw ConsulTrouble.make(error, attempt: attempt, address: address)
        }
    }

    /// The whole answer when its status is a good one.
    func perform(_ call: ConsulCall, timeout: Duration = .seconds(10), attempt: String) async throws(Trouble) -> HTTPResponse {
        let response = try await answer(call, timeout: timeout, attempt: attempt)
        guard (200..<300).contains(response.status) else { throw await refusal(response, attempt: attempt) }
        return response
    }

    /// What an answer that says no comes to.
    func refusal(_ response: HTTPResponse, attempt: String) async -> Trouble {
        let trouble = ConsulTrouble.make(response, attempt: attempt, address: address)
        // An agent that reaches no leader cannot look tokens up, and says that it knows none.
        if response.status == 403, trouble.reason == .unauthorized, await !reachesLeader { return ConsulTrouble.unled(attempt: attempt, said: response.body) }
        return trouble
    }

    /// `/v1/status/leader` wants no token. Its failure is the answer here.
    private var reachesLeader: Bool {
        get async {
            let call = ConsulCall("GET", ["status", "leader"])
            guard let response = try? await answer(call, timeout: .seconds(5), attempt: attempt("read the leader")) else { return false }
            return response.status == 200 && response.body.contains { (0x30...0x39).contains($0) }
        }
    }

    /// - Parameter reading: what is expected, for the words of a failure: "the list of checks".
    func read<Value>(
        _ body: [UInt8], _ reading: String, _ attempt: String, _ read: ([UInt8]) throws(JSONReader.Malformed) -> Value
    ) throws(Trouble) -> Value {
        do throws(JSONReader.Malformed) {
            return try read(body)
        } catch {
            throw ConsulTrouble.malformed(body, reading: reading, problem: error.words, attempt: attempt)
        }
    }
}
