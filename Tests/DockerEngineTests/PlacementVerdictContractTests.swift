internal import Domain
internal import Engine
import JSON
internal import Testing
@testable internal import DockerEngine

/// Our own answer to "why is it not placed" beside the scheduler's, over many generated services on a swarm.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: LabSwarm.isThere, "BINNACLE_TEST_SWARM names no swarm"))
struct PlacementVerdictContractTests {
    private static let cases = 36

    /// The same services in each run: a failure can be looked into.
    private struct Dice {
        private var state: UInt64

        init(_ seed: UInt64) { state = seed }

        /// SplitMix64.
        private mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var z = state
            z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
            z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
            return z ^ (z >> 31)
        }

        mutating func below(_ limit: Int) -> Int { Int(next() % UInt64(limit)) }
        mutating func oneIn(_ count: Int) -> Bool { below(count) == 0 }
        mutating func choice<Element>(_ elements: [Element]) -> Element { elements[below(elements.count)] }
    }

    private static func constraints(_ nodes: [String]) -> [String] {
        [
            "node.labels.disk == ssd", "node.labels.disk != ssd", "node.labels.zone==a", "node.labels.zone != a", "node.role == manager", "node.role!=manager",
            "node.hostname == \(nodes[1])", "node.hostname != \(nodes[1])", "node.platform.os == linux", "node.platform.arch == x86_64",
            "node.platform.arch == arm64", "node.labels.nosuch == 1", "node.labels.nosuch != 1", "node.hostname==\(nodes[2].uppercased())",
        ]
    }

    private static func service(_ number: Int, _ nodes: [String], _ dice: inout Dice) -> ServiceSpecification {
        var s = ServiceSpecification(name: "bt-v\(number)", image: "busybox:local", arguments: ["sleep", "100000"], replicas: 1 + dice.below(3))
        s.stopGrace = .seconds(1)
        s.endpointMode = "dnsrr"
        for _ in 0..<dice.below(3) { s.constraints.append(dice.choice(constraints(nodes))) }
        if dice.oneIn(3) { s.reservations.nanoCPUs = Int64(1 + dice.below(25)) * 100_000_000 }
        if dice.oneIn(3) { s.reservations.memory = UInt64(1 + dice.below(40)) << 30 }
        if dice.oneIn(3) { s.ports = [.init(published: 31_000 + dice.below(3), target: 80, isOnHost: true)] }
        if dice.oneIn(4) { s.maximumPerNode = 1 }
        if dice.oneIn(8) { s.mounts = [.init(origin: "v", destination: "/v", driver: "nosuchdriver")] }
        return s
    }

    @Test(arguments: LabSwarm.all) func agreesWithTheScheduler(_ swarm: LabSwarm) async throws {
        let nodes = try await swarm.names()
        try #require(nodes.count == 3)
        let before = try await labels(swarm)
        let wanted = [["disk": "ssd"], ["zone": "a"], ["disk": "hdd", "zone": "b"]]
        for (name, labels) in zip(nodes, wanted) { try await set(labels, on: name, swarm) }
        var dice = Dice(20_261_124)
        var made: [String] = []
        var (pending, placed) = (0, 0)
        do {
            for number in 0..<Self.cases {
                // A node that takes nothing is part of the game for some of the cases.
                if number == 12 { try await setAvailability(.draining, of: nodes[2], swarm) }
                if number == 24 { try await setAvailability(.active, of: nodes[2], swarm) }
                let service = Self.service(number, nodes, &dice)
                _ = try await swarm.engine.perform(Plan(operation: Operation(.workload(.deploy(service)), on: swarm.whole)))
                made.append(service.name)
                let (stuck, board) = try await decided(service.name, swarm)
                placed += service.replicas - stuck.count
                for task in stuck {
                    pending += 1
                    let explanation = try #require(board.explanation(of: task))
                    let accepting = explanation.verdicts.filter { $0.accepts }.map(\.node.name)
                    #expect(accepting.isEmpty, "\(describe(service)): \(task.reason), and we say \(explanation.summary)")
                    #expect(explanation.agreement == .agrees, "\(describe(service)): \(explanation.agreement)")
                    #expect(!explanation.remedies.isEmpty, "\(describe(service)): nothing would help")
                }
                // What is stuck would be tried again whenever something else ends, and its words would be of before.
                if !stuck.isEmpty { try await remove(service.name, swarm) }
            }
        } catch {
            try await clear(made, before, swarm)
            throw error
        }
        try await clear(made, before, swarm)
        #expect(pending >= 10 && placed >= 10, "the dice made too few of one kind: \(pending) stuck, \(placed) placed")
    }

    /// Waits until the scheduler has said something of every task; answers those it could not place.
    private func decided(_ name: String, _ swarm: LabSwarm) async throws -> ([WorkloadTask], PlacementBoard) {
        var last: ([WorkloadTask], PlacementBoard) = ([], PlacementBoard(nodes: [], workloads: [], tasks: []))
        try await swarm.until("the scheduler decides on \(name)") {
            let board = try await swarm.engine.boardNow()
            guard let workload = board.workloads.first(where: { $0.name == name }) else { return false }
            let tasks = board.tasks.filter { $0.workload == workload.id && $0.isCurrent }
            last = (tasks.filter { $0.node == nil }, board)
            return tasks.count == workload.desired && tasks.allSatisfy { $0.node != nil || $0.reason.hasPrefix("no suitable node") }
        }
        return last
    }

    private func describe(_ s: ServiceSpecification) -> String {
        "\(s.name) ×\(s.replicas) \(s.constraints) cpu \(s.reservations.nanoCPUs ?? 0) memory \(s.reservations.memory ?? 0) ports \(s.ports) most \(s.maximumPerNode ?? 0)"
    }

    private func set(_ labels: [String: String], on name: String, _ swarm: LabSwarm) async throws {
        let node = try await swarm.node(name)
        let plan = try await swarm.plan(.node(.setLabels(labels)), on: node)
        if plan.obstacle == nil { _ = try await swarm.engine.perform(plan) }
    }

    private func setAvailability(_ availability: Node.Availability, of name: String, _ swarm: LabSwarm) async throws {
        let node = try await swarm.node(name)
        let plan = try await swarm.plan(.node(.setAvailability(availability)), on: node)
        if plan.obstacle == nil { _ = try await swarm.engine.perform(plan) }
        let word = availability == .draining ? "drain" : "active"
        try await swarm.until("\(name) is \(word)") { try await swarm.call("GET", "/nodes/\(node.raw)").contains("\"Availability\":\"\(word)\"") }
        // Those that have to move away have found another place, or none, before anything is compared.
        try await swarm.until("nothing moves any more") {
            let board = try await swarm.engine.boardNow()
            return !board.tasks.contains { $0.isCurrent && $0.node == nil && $0.reason.isEmpty }
        }
    }

    /// Returns when what its tasks held is free again.
    private func remove(_ name: String, _ swarm: LabSwarm) async throws {
        let id = try await swarm.id(of: name)
        try await swarm.call("DELETE", "/services/\(name)", allowing: [404])
        try await swarm.until("\(name) is gone") {
            let tasks = try JSONTree(Array(try await swarm.call("GET", "/tasks").utf8)).elements
            return !tasks.contains { task in
                task["ServiceID"]?.text == id && !["complete", "shutdown", "failed", "rejected", "orphaned"].contains(task["Status", "State"]?.text ?? "")
            }
        }
    }

    private func labels(_ swarm: LabSwarm) async throws -> [String: [String: String]] {
        let nodes = try JSONTree(Array(try await swarm.call("GET", "/nodes").utf8)).elements
        return Dictionary(nodes.map { ($0["Description", "Hostname"]?.text ?? "", $0["Spec", "Labels"]?.dictionary ?? [:]) }, uniquingKeysWith: { a, _ in a })
    }

    private func clear(_ names: [String], _ before: [String: [String: String]], _ swarm: LabSwarm) async throws {
        for name in names { try await swarm.call("DELETE", "/services/\(name)", allowing: [404]) }
        if let last = before.keys.max() { try await setAvailability(.active, of: last, swarm) }
        for (name, labels) in before { try await set(labels, on: name, swarm) }
    }
}
