internal import Domain
internal import FoundationEssentials
internal import Synchronization
internal import Transport

/// Requests to one engine: the version prefix, JSON both ways, failures in words. Knows no resource.
final class DockerConnection: Sendable {
    /// Larger answers are refused: 2000 containers are some 3 MB.
    private static let bodyLimit = 64 << 20

    let address: Address
    private let client: HTTPClient
    private let headers: [(String, String)]
    private let pinned: APIVersion?
    private let greeting = Mutex<Greeting?>(nil)
    /// Told of every request before it is sent; tests count with it.
    private let observe: (@Sendable (HTTPRequest) -> Void)?

    init(
        address: Address, apiVersion: String? = nil, headers: [String: String] = [:],
        observe: (@Sendable (HTTPRequest) -> Void)? = nil
    ) {
        self.address = address
        self.observe = observe
        // sshd's MaxSessions and MaxStartups are ten by default, and each ssh connection is a process (docker/compose#6463).
        let connections = if case .ssh = address { 2 } else { 8 }
        client = HTTPClient(address: address, maximumConnections: connections)
        self.headers = headers.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
        pinned = apiVersion.flatMap(APIVersion.init)
    }

    /// `list the containers of unix:///var/run/docker.sock`.
    func attempt(_ what: String) -> String { "\(what) of \(address)" }

    // Negotiation.

    /// Asks who is there and settles the version. Cheap: one request without a body.
    func greet(timeout: Duration = .seconds(10)) async throws(Trouble) -> Greeting {
        let attempt = "reach the engine at \(address)"
        var response = try await send(HTTPRequest(method: "HEAD", path: "/_ping", headers: headers), timeout: timeout, attempt: attempt)
        var greeting = Greeting(response.headers, pinned: pinned)
        if !greeting.namesVersion {
            // Engines before 18.09 and some proxies do not know HEAD here.
            response = try await send(HTTPRequest(path: "/_ping", headers: headers), timeout: timeout, attempt: attempt)
            greeting = Greeting(response.headers, pinned: pinned)
        }
        // A ping of 500 still carries the headers that count; a gateway's error does not.
        if !greeting.namesVersion {
            if response.status >= 500 { throw DockerTrouble.make(response, attempt: attempt, address: address) }
            try await ask(&greeting, timeout: timeout)
        }
        remember(greeting)
        return greeting
    }

    /// Whether the engine answers at all.
    func ping(timeout: Duration) async throws(Trouble) {
        _ = try await send(
            HTTPRequest(method: "HEAD", path: "/_ping", headers: headers), timeout: timeout, attempt: "ping the engine at \(address)")
    }

    private func remember(_ new: Greeting) { greeting.withLock { $0 = new } }

    private func ask(_ greeting: inout Greeting, timeout: Duration) async throws(Trouble) {
        let request = HTTPRequest(path: "/version", headers: headers)
        let response = try await send(request, timeout: timeout, attempt: attempt("read the version"))
        guard response.status == 200, let wire = try? JSONDecoder().decode(EngineVersion.self, from: Data(response.body)) else {
            // Not fatal by itself: the oldest version is tried, and the list will tell what is wrong.
            return
        }
        if pinned == nil, let offered = wire.apiVersion.flatMap(APIVersion.init) { greeting.apiVersion = min(offered, .newest) }
        if greeting.engineVersion.isEmpty { greeting.engineVersion = wire.version ?? "" }
    }

    /// The greeting of the last negotiation; negotiates when there was none.
    func acquaintance() async throws(Trouble) -> Greeting {
        if let known = greeting.withLock({ $0 }) { return known }
        return try await greet()
    }

    // Requests under `/vX.Y`.

    func path(_ call: DockerCall, _ version: APIVersion) -> String { "/v\(version)\(call.target)" }

    /// Any status is an answer here.
    func answer(_ call: DockerCall, timeout: Duration = .seconds(30), attempt: String) async throws(Trouble) -> HTTPResponse {
        let version = try await acquaintance().apiVersion
        return try await send(request(call, version), timeout: timeout, attempt: attempt)
    }

    /// The whole answer when its status is a good one.
    func perform(_ call: DockerCall, timeout: Duration = .seconds(30), attempt: String) async throws(Trouble) -> HTTPResponse {
        let response = try await answer(call, timeout: timeout, attempt: attempt)
        guard (200..<300).contains(response.status) || response.status == 304 else {
            throw DockerTrouble.make(response, attempt: attempt, address: address)
        }
        return response
    }

    /// - Parameter reading: what is expected, for the words of a failure: "the list of containers".
    func get<Wire: Decodable & Sendable>(
        _ type: Wire.Type, _ call: DockerCall, timeout: Duration = .seconds(30), reading: String
    ) async throws(Trouble) -> Wire {
        let attempt = attempt("read \(reading)")
        return try decode(type, try await perform(call, timeout: timeout, attempt: attempt), reading: reading, attempt: attempt)
    }

    func decode<Wire: Decodable>(
        _ type: Wire.Type, _ response: HTTPResponse, reading: String, attempt: String
    ) throws(Trouble) -> Wire {
        do {
            return try JSONDecoder().decode(type, from: Data(response.body))
        } catch {
            throw DockerTrouble.malformed(response, reading: reading, problem: Self.words(error), attempt: attempt)
        }
    }

    /// An answer that is followed as it comes. A bad status is read and thrown.
    func stream(_ call: DockerCall, attempt: String) async throws(Trouble) -> HTTPStream {
        let request = request(call, try await acquaintance().apiVersion)
        observe?(request)
        let refusal: HTTPResponse
        do throws(TransportError) {
            let stream = try await client.stream(request, headTimeout: .seconds(20))
            if stream.status == 200 { return stream }
            var body: [UInt8] = []
            for try await chunk in stream.chunks where body.count < 64 << 10 { body += chunk }
            refusal = HTTPResponse(status: stream.status, headers: stream.headers, body: body)
        } catch {
            throw DockerTrouble.make(error, attempt: attempt, address: address)
        }
        throw DockerTrouble.make(refusal, attempt: attempt, address: address)
    }

    func upgrade(_ call: DockerCall, attempt: String) async throws(Trouble) -> UpgradedConnection {
        let request = request(call, try await acquaintance().apiVersion)
        observe?(request)
        do throws(TransportError) {
            return try await client.upgrade(request)
        } catch {
            throw DockerTrouble.make(error, attempt: attempt, address: address)
        }
    }

    private func request(_ call: DockerCall, _ version: APIVersion) -> HTTPRequest {
        var fields = headers
        if let body = call.body, !body.isEmpty { fields.append(("Content-Type", "application/json")) }
        if let accept = call.accept { fields.append(("Accept", accept)) }
        return HTTPRequest(method: call.method, path: path(call, version), headers: fields, body: call.body)
    }

    private func send(_ request: HTTPRequest, timeout: Duration, attempt: String) async throws(Trouble) -> HTTPResponse {
        observe?(request)
        do throws(TransportError) {
            return try await client.send(request, timeout: timeout, bodyLimit: Self.bodyLimit)
        } catch {
            throw DockerTrouble.make(error, attempt: attempt, address: address)
        }
    }

    private static func words(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "\(error)" }
        func place(_ context: DecodingError.Context) -> String {
            let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: ".")
            return path.isEmpty ? "" : " at \(path)"
        }
        return switch error {
        case .typeMismatch(let type, let context): "something else than \(type)\(place(context))"
        case .valueNotFound(let type, let context): "no \(type)\(place(context))"
        case .keyNotFound(let key, let context): "no \(key.stringValue)\(place(context))"
        case .dataCorrupted(let context): "it is not JSON, or cut short\(place(context))"
        @unknown default: "it is not what was expected"
        }
    }
}
