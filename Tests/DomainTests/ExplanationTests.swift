import Testing

@testable import Domain

@Suite struct ExplanationTests {
    static let draining = Board.node("h3") { $0.availability = .draining }
    static let ssd = Demand(constraints: ["node.labels.ssd == true"])

    static func explanation(_ demand: Demand, _ nodes: [Node], reason: String = "", tasks: [WorkloadTask] = [], others: [Workload] = []) throws
        -> PlacementExplanation
    {
        let workload = Board.workload("web", demand)
        let task = Board.task(99, of: workload, state: .pending, reason: reason)
        return try #require(PlacementBoard(nodes: nodes, workloads: [workload] + others, tasks: tasks + [task]).explanation(of: task))
    }

    @Test func explainsATask() throws {
        let reason = "no suitable node (scheduling constraints not satisfied on 2 nodes; 1 node not available for new tasks)"
        let explanation = try Self.explanation(Self.ssd, [Board.node("h1"), Board.node("h2"), Self.draining], reason: reason)
        #expect(explanation.schedulerWords == reason)
        #expect(explanation.agreement == .agrees)
        #expect(explanation.summary == "none of 3 nodes: 2 lack ssd == true, 1 is draining")
        #expect(explanation.verdicts.map(\.refusals.count) == [1, 1, 2])
        #expect(explanation.remedies == ["add label ssd=true to h1", "remove the constraint node.labels.ssd == true", "add label ssd=true to h2"])
    }

    @Test func whatIsUnknownIsNotExplained() {
        let task = Board.task(1, of: Board.workload(), state: .pending)
        #expect(PlacementBoard(nodes: [], workloads: [], tasks: [task]).explanation(of: task) == nil)
    }

    @Test func aTaskIsNotInItsOwnWay() throws {
        let workload = Board.workload("web", Demand(hostPorts: [Workload.Port(published: 80, target: 80, isOnHost: true)], maximumPerNode: 1))
        let node = Board.node("h1")
        let task = Board.task(1, of: workload, on: node)
        let board = PlacementBoard(nodes: [node], workloads: [workload], tasks: [task])
        #expect(try #require(board.explanation(of: task)).summary == "1 of 1 node would take it: h1")
        #expect(board.explanation(of: workload).summary == "h1, the only node, has port 80 taken")
        #expect(board.explanation(of: workload).agreement == .silent)
    }

    // Agreement.

    struct Text: Sendable, CustomTestStringConvertible {
        var testDescription: String { "\(name): \(reason)" }
        let name: String
        let reason: String
        var nodes = [Board.node("h1"), Board.node("h2"), draining]
        var demand = ssd
        var agreement: PlacementExplanation.Agreement
    }

    static let texts: [Text] =
        [
            Text(
                name: "with what the engine puts before it",
                reason:
                    "pending task scheduling: no suitable node (scheduling constraints not satisfied on 2 nodes; 1 node not available for new tasks)",
                agreement: .agrees),
            Text(
                name: "in any order",
                reason: "no suitable node (1 node not available for new tasks; scheduling constraints not satisfied on 2 nodes)", agreement: .agrees),
            Text(name: "no node", reason: "no suitable node", nodes: [], agreement: .agrees),
            Text(
                name: "all away", reason: "no suitable node (2 nodes not available for new tasks)",
                nodes: [draining, Board.node("h2") { $0.status = .down }], agreement: .agrees),
            Text(
                name: "resources", reason: "no suitable node (insufficient resources on 1 node)", nodes: [Board.node("h1")],
                demand: Demand(constraints: ssd.constraints, resources: Resources(nanoCPUs: 100 * Board.core)), agreement: .agrees),
            Text(
                name: "plugins", reason: "no suitable node (missing plugin on 2 nodes; 1 node not available for new tasks)",
                demand: Demand(plugins: ["Log/gelf"]), agreement: .agrees),
            Text(
                name: "platforms", reason: "no suitable node (unsupported platform on 2 nodes; 1 node not available for new tasks)",
                demand: Demand(platforms: [Platform(architecture: "s390x")]), agreement: .agrees),
            Text(
                name: "another number",
                reason: "no suitable node (scheduling constraints not satisfied on 1 node; 2 nodes not available for new tasks)",
                agreement: .disagrees("not available: it counts 2 nodes, we count 1; constraints not satisfied: it counts 1 node, we count 2")),
            Text(
                name: "fewer nodes", reason: "no suitable node (scheduling constraints not satisfied on 2 nodes)",
                agreement: .disagrees("not available: it counts 0 nodes, we count 1")),
            Text(
                name: "a node that would take it", reason: "no suitable node (scheduling constraints not satisfied on 2 nodes)",
                nodes: [Board.node("h1"), Board.node("h2") { $0.labels = ["ssd": "true"] }],
                agreement: .disagrees("constraints not satisfied: it counts 2 nodes, we count 1; by our count h2 would take it")),
            Text(
                name: "no node where there are some", reason: "no suitable node",
                agreement: .disagrees("it found no node to look at, we see 3 nodes")),
            Text(
                name: "a limit that nobody reached", reason: "no suitable node (max replicas per node limit exceed)", nodes: [Self.draining],
                agreement: .disagrees("not available: it counts 0 nodes, we count 1; maximum per node: it says so, we count no node")),
            Text(
                name: "what is not known here", reason: "no suitable node (cannot fulfill requested CSI volume mounts on 1 node)",
                agreement: .disagrees("it misses CSI volumes on 1 node, which we know nothing of")),
        ]
        + [
            "", "No such image: foo:latest", "task: non-zero exit (1)", "no suitable node (moon not full on 2 nodes)", "no suitable node ()",
            "no suitable node today",
            "0/3 nodes are available: 3 Insufficient cpu.", "no suitable node (insufficient resources on many nodes)",
            "no suitable node (1 node not available for new tasks; and more)",
            "no suitable node (not available for new tasks)", "on 1 node",
        ].map { Text(name: "silent", reason: $0, agreement: .silent) }

    @Test(arguments: texts) func compares(_ text: Text) throws {
        #expect(try Self.explanation(text.demand, text.nodes, reason: text.reason).agreement == text.agreement)
    }

    @Test func aBatchThatFoundRoomInPartMayNameOnlyTheLast() throws {
        let workload = Board.workload("web", Demand(maximumPerNode: 1))
        let nodes = [Board.node("h1"), Board.node("h2"), Self.draining]
        let placed = Board.tasks(of: workload, [(nodes[0], 1), (nodes[1], 1)])
        func agreement(_ reason: String) throws -> PlacementExplanation.Agreement {
            try Self.explanation(workload.demand, nodes, reason: reason, tasks: placed).agreement
        }
        // As a real swarm said it.
        #expect(try agreement("no suitable node (max replicas per node limit exceed; 1 node not available for new tasks)") == .agrees)
        #expect(try agreement("no suitable node (max replicas per node limit exceed)") == .agrees)
        #expect(try agreement("no suitable node (2 nodes not available for new tasks)") == .disagrees("not available: it counts 2 nodes, we count 1"))
    }

    @Test func portsThatOtherTasksHaveAreComparedToo() throws {
        let workload = Board.workload("web", Demand(hostPorts: [Workload.Port(published: 8099, target: 80, isOnHost: true)]))
        let nodes = ["h1", "h2", "h3"].map { Board.node($0) }
        let placed = Board.tasks(of: workload, nodes.map { ($0, 1) })
        // As a real swarm said it.
        let reason = "no suitable node (host-mode port already in use on 3 nodes)"
        #expect(try Self.explanation(workload.demand, nodes, reason: reason, tasks: placed).agreement == .agrees)
        #expect(
            try Self.explanation(workload.demand, [nodes[0], nodes[1]], reason: reason, tasks: placed).agreement
                == .disagrees("host port in use: it counts 3 nodes, we count 2"))
    }

    @Test func aTaskMadeForItsNodeIsLookedAtThere() throws {
        let agent = Board.workload("agent", mode: .perNode, Demand(resources: Resources(nanoCPUs: 100 * Board.core)))
        let nodes = [Board.node("h1"), Board.node("h2")]
        // As a real swarm said it: without "no suitable node".
        let task = Board.task(0, of: agent, on: nodes[1], state: .pending, reason: "insufficient resources on 1 node")
        let explanation = try #require(PlacementBoard(nodes: nodes, workloads: [agent], tasks: [task]).explanation(of: task))
        #expect(explanation.agreement == .agrees)
        #expect(explanation.summary == "h2, the only node, has too little CPU left")
        #expect(explanation.remedies == ["reserve 4 CPUs instead of 100"])
    }

    // Summaries.

    @Test(
        arguments: [
            (ssd, [], "there is no node"),
            (ssd, [Board.node("h1"), Board.node("h2") { $0.labels["ssd"] = "no" }], "none of 2 nodes: 2 lack ssd == true"),
            (Demand(constraints: ["node.role != worker"]), [Board.node("h1"), draining], "none of 2 nodes: 1 is draining, 1 breaks role != worker"),
            (
                Demand(resources: Resources(memory: 100 * Board.gigabyte)), [Board.node("h1"), Board.node("h2") { $0.capacity.memory = 1 }],
                "none of 2 nodes: 2 have too little memory left"
            ),
            (Demand(), [Board.node("h1"), draining], "1 of 2 nodes would take it: h1"),
            (Demand(), ["h1", "h2", "h3", "h4", "h5"].map { Board.node($0) }, "5 of 5 nodes would take it: h1, h2, h3 and 2 more"),
            (
                Demand(platforms: [Platform(system: "windows")]),
                [Board.node("h1"), Board.node("h2") { $0.platform = Platform() }, Board.node("h4")],
                "none of 3 nodes: 2 are linux/amd64, 1 is of unknown platform"
            ),
        ] as [(Demand, [Node], String)]) func sumsUp(_ demand: Demand, nodes: [Node], summary: String) throws
    {
        #expect(try Self.explanation(demand, nodes).summary == summary)
    }
}
