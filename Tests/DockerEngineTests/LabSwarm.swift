internal import Domain
internal import Engine
internal import Glibc
import JSON
internal import Testing
internal import Transport
@testable internal import DockerEngine

/// A real swarm that a test may change: three engines, of which this one manages.
struct LabSwarm: Sendable {
    static let url = getenv("BINNACLE_TEST_SWARM").map { String(cString: $0) }
    static let isThere = url != nil

    let lab: LabEngine
    let engine: SwarmEngine

    init(isReadOnly: Bool = false) {
        // A bad address would be a fault of the script that made it: the tests then fail at their first request.
        let address = (try? Address.parse(Self.url ?? "", tls: nil)) ?? .unix(path: "/nonexistent")
        lab = LabEngine(variable: "BINNACLE_TEST_SWARM", address: address)
        let docker = DockerEngine(DockerEngine.Configuration(name: "lab", address: address, isReadOnly: isReadOnly)) {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
        }
        engine = SwarmEngine(sharing: docker)
    }

    var whole: Operation.Target { .source(engine.source.id, name: "lab") }

    @discardableResult
    func call(_ method: String, _ path: String, _ body: String? = nil, allowing: Set<Int> = []) async throws -> String {
        try await lab.call(method, path, body, allowing: allowing)
    }

    func plan(_ action: Operation.Action, on target: Operation.Target) async throws -> Plan { try await engine.plan(Operation(action, on: target)) }

    func trouble(_ plan: Plan) async -> Trouble? {
        do throws(Trouble) {
            _ = try await engine.perform(plan)
            return nil
        } catch {
            return error
        }
    }

    private func service(_ name: String) async throws -> JSONTree { try JSONTree(Array(try await call("GET", "/services/\(name)").utf8)) }

    func id(of name: String) async throws -> String { try #require(try await service(name)["ID"]?.text) }

    func specification(_ name: String) async throws -> JSONTree { try #require(try await service(name)["Spec"]) }

    /// As another operator would.
    func send(_ spec: JSONTree, to name: String) async throws {
        let version = try #require(try await service(name)["Version", "Index"]?.natural)
        try await call("POST", "/services/\(name)/update?version=\(version)", spec.json)
    }

    func node(_ name: String) async throws -> Operation.Target {
        let nodes = try JSONTree(Array(try await call("GET", "/nodes").utf8)).elements
        let id = try #require(nodes.first { $0["Description", "Hostname"]?.text == name }?["ID"]?.text)
        return .node(Node.ID(engine.source.id, id), name: name)
    }

    /// Running tasks of a service by the name of their node.
    func counts(_ name: String) async throws -> [String: Int] {
        let nodes = try JSONTree(Array(try await call("GET", "/nodes").utf8)).elements
        let names = Dictionary(nodes.map { ($0["ID"]?.text ?? "", $0["Description", "Hostname"]?.text ?? "") }, uniquingKeysWith: { a, _ in a })
        let filters = DockerCall.filters(["service": [name], "desired-state": ["running"]])
        let tasks = try JSONTree(Array(try await call("GET", "/tasks?filters=\(DockerCall.encoded(filters.1))").utf8)).elements
        return tasks.filter { $0["Status", "State"] == .string("running") }.reduce(into: [:]) { $0[names[$1["NodeID"]?.text ?? ""] ?? "?", default: 0] += 1 }
    }

    func settled(_ name: String, running: Int) async throws {
        try await until("\(name) runs \(running) tasks") {
            let status = try await service(name)["UpdateStatus", "State"]?.text ?? "completed"
            let count = try await counts(name).values.reduce(0, +)
            return count == running && status != "updating" && status != "rollback_started"
        }
    }

    /// Looks until it is so, half a minute at most.
    func until(_ what: String, _ condition: () async throws -> Bool) async throws {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            if try await condition() { return }
            // Between two looks of a bounded wait; the swarm has no event for this.
            try await Task.sleep(for: .milliseconds(50))
        }
        Issue.record("not seen within 30 s: \(what)")
    }
}
