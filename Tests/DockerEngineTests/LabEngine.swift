internal import Domain
internal import FoundationEssentials
internal import Glibc
internal import Testing
internal import Transport
@testable internal import DockerEngine

/// An engine that a test may make containers in: a real one, or one of the practice cluster, which has to behave like it. A test
/// makes and removes its own containers, called `bt-…`.
struct LabEngine: Sendable, CustomTestStringConvertible {
    let variable: String
    let address: Address

    struct Refused: Error, CustomStringConvertible {
        var description: String
    }

    /// Those that the environment names; the same tests run on each.
    static let all: [LabEngine] = ["BINNACLE_TEST_ENGINE", "BINNACLE_TEST_ENGINE_26", "BINNACLE_TEST_PRACTICE_ENGINE"].compactMap(named)

    /// nil for a variable that is not set, or names no engine.
    static func named(_ variable: String) -> LabEngine? {
        guard let value = getenv(variable), let address = try? Address.parse(String(cString: value), tls: nil) else { return nil }
        return LabEngine(variable: variable, address: address)
    }

    static let isThere = !all.isEmpty

    var testDescription: String { variable }

    var isPractice: Bool { variable.hasPrefix("BINNACLE_TEST_PRACTICE") }

    var path: String {
        if case .unix(let path) = address { path } else { "" }
    }

    private var client: HTTPClient { HTTPClient(address: address) }

    /// - Returns: the body as text.
    @discardableResult
    func call(_ method: String, _ path: String, _ body: String? = nil, allowing: Set<Int> = []) async throws -> String {
        let headers = body == nil ? [] : [("Content-Type", "application/json")]
        let response = try await client.send(
            HTTPRequest(method: method, path: "/v1.41" + path, headers: headers, body: body.map { Array($0.utf8) }), timeout: .seconds(60))
        let text = String(decoding: response.body, as: UTF8.self)
        guard (200..<300).contains(response.status) || response.status == 304 || allowing.contains(response.status) else {
            throw Refused(description: "\(method) \(path): \(response.status) \(text)")
        }
        return text
    }

    /// Returns when the engine's clock shows another second.
    func nextSecond() async throws {
        let client = client
        var dates = Set<String>()
        let deadline = ContinuousClock.now + .seconds(5)
        while dates.count < 2, ContinuousClock.now < deadline {
            dates.insert(try await client.send(HTTPRequest(path: "/_ping")).headers["Date"] ?? "")
        }
    }

    static func name(_ suffix: String) -> String { "bt-\(suffix)-\(UInt16.random(in: 0 ... .max))" }

    /// - Parameter more: further fields of the creation, each followed by a comma.
    func create(_ name: String, _ command: [String] = ["sleep", "100000"], host: String = "{}", more: String = "") async throws -> String {
        let words = try command.map { String(decoding: try JSONEncoder().encode($0), as: UTF8.self) }
        let body = #"{\#(more)"Image":"busybox:local","Cmd":[\#(words.joined(separator: ","))],"StopTimeout":1,"HostConfig":\#(host)}"#
        // The scripts of the lab make the image in real engines; the practice cluster has it where all its images are.
        if isPractice { try await call("POST", "/images/create?fromImage=busybox&tag=local") }
        let answer = try await call("POST", "/containers/create?name=\(name)", body)
        guard let start = answer.firstRange(of: "\"Id\":\"")?.upperBound else { throw Refused(description: answer) }
        return String(answer[start...].prefix { $0 != "\"" })
    }

    func run(_ name: String, _ command: [String] = ["sleep", "100000"], host: String = "{}", more: String = "") async throws -> String {
        let id = try await create(name, command, host: host, more: more)
        try await call("POST", "/containers/\(id)/start")
        return id
    }

    func remove(_ id: String) async throws { try await call("DELETE", "/containers/\(id)?force=1&v=1", allowing: [404, 409]) }

    /// A container for as long as `body` runs.
    func withContainer<Answer>(
        _ suffix: String, _ command: [String] = ["sleep", "100000"], host: String = "{}", more: String = "", starting: Bool = true,
        _ body: (_ id: String, _ name: String) async throws -> Answer
    ) async throws -> Answer {
        let name = Self.name(suffix)
        let id = try await create(name, command, host: host, more: more)
        do {
            if starting { try await call("POST", "/containers/\(id)/start") }
            let answer = try await body(id, name)
            try await remove(id)
            return answer
        } catch {
            try await remove(id)
            throw error
        }
    }

    /// A bridge network for as long as `body` runs.
    func withNetwork<Answer>(_ suffix: String, _ body: (_ id: String, _ name: String) async throws -> Answer) async throws -> Answer {
        let name = Self.name(suffix)
        let answer = try await call("POST", "/networks/create", #"{"Name":"\#(name)","Driver":"bridge"}"#)
        guard let start = answer.firstRange(of: "\"Id\":\"")?.upperBound else { throw Refused(description: answer) }
        let id = String(answer[start...].prefix { $0 != "\"" })
        do {
            let answer = try await body(id, name)
            try await call("DELETE", "/networks/\(id)", allowing: [404])
            return answer
        } catch {
            try await call("DELETE", "/networks/\(id)", allowing: [404, 403])
            throw error
        }
    }
}
