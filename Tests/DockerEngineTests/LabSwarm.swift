internal import Domain
internal import Engine
internal import Glibc
import JSON
internal import Testing
internal import Transport
@testable internal import DockerEngine

/// A swarm of three engines that a test may change: a real one, or that of the practice cluster, which has to behave like it.
struct LabSwarm: Sendable, CustomTestStringConvertible {
    /// Those that the environment names, by an engine that manages; the same tests run on each.
    static let all: [LabSwarm] = ["BINNACLE_TEST_SWARM", "BINNACLE_TEST_PRACTICE_SWARM"].compactMap { LabEngine.named($0).map { LabSwarm($0) } }
    static let isThere = !all.isEmpty

    let lab: LabEngine
    let engine: SwarmEngine

    init(_ lab: LabEngine, isReadOnly: Bool = false) {
        self.lab = lab
        let docker = DockerEngine(DockerEngine.Configuration(name: "lab", address: lab.address, isReadOnly: isReadOnly)) {
            var time = timespec()
            clock_gettime(CLOCK_REALTIME, &time)
            return Timestamp(nanoseconds: Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec))
        }
        engine = SwarmEngine(sharing: docker)
    }

    var testDescription: String { lab.variable }

    /// The engine of another node of the same swarm, counted from 1; nil where the environment names none.
    func neighbour(_ number: Int) -> LabEngine? { LabEngine.named("\(lab.variable)_\(number)") }

    /// Names of its nodes in order: the first is the one that is asked.
    func names() async throws -> [String] {
        try JSONTree(Array(try await call("GET", "/nodes").utf8)).elements.compactMap { $0["Description", "Hostname"]?.text }.sorted()
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
