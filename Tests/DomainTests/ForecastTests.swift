import Testing

@testable import Domain

@Suite struct ForecastTests {
    static let h1 = Board.node("h1"), h2 = Board.node("h2"), h3 = Board.node("h3")

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var demand = Demand()
        var nodes = [h1, h2, h3]
        var counts: [Int]
        var to: Int
        var lines: [String]
        var unplaced = 0
    }

    static let draining = Board.node("h2") { $0.availability = .draining }

    static func zoned(_ zones: String?...) -> [Node] {
        zones.enumerated().map { index, zone in Board.node("h\(index + 1)") { node in zone.map { node.labels["zone"] = $0 } } }
    }

    static let spread = Demand(spreadOver: ["node.labels.zone"])

    static let cases: [Case] = [
        Case(testDescription: "from nothing", counts: [0, 0, 0], to: 4, lines: ["h1 0→2", "h2 0→1", "h3 0→1"]),
        Case(testDescription: "the emptiest first", counts: [3, 1, 0], to: 6, lines: ["h1 3→3", "h2 1→1", "h3 0→2"]),
        // Seen three times in a real swarm: 1, 3 and 5.
        Case(testDescription: "two empty nodes beside a full one", counts: [5, 0, 0], to: 9, lines: ["h1 5→5", "h2 0→1", "h3 0→3"]),
        // Seen in a real swarm when a node with four drained.
        Case(testDescription: "up to the other and one more", nodes: [h1, h2], counts: [4, 1], to: 9, lines: ["h1 4→4", "h2 1→5"]),
        Case(testDescription: "in turn after the first round", nodes: [h1, h2], counts: [0, 2], to: 7, lines: ["h1 0→4", "h2 2→3"]),
        Case(testDescription: "not on a draining node", nodes: [h1, draining], counts: [0, 2], to: 5, lines: ["h1 0→3", "h2 2→2"]),
        Case(
            testDescription: "what fits and no more", demand: Demand(resources: Resources(nanoCPUs: 3_000_000_000)), counts: [1, 0, 0], to: 5,
            lines: ["h1 1→1", "h2 0→1", "h3 0→1"], unplaced: 2),
        Case(
            testDescription: "one per port", demand: Demand(hostPorts: [Workload.Port(published: 80, target: 80, isOnHost: true)]),
            counts: [1, 0, 0], to: 4, lines: ["h1 1→1", "h2 0→1", "h3 0→1"], unplaced: 1),
        Case(
            testDescription: "up to the limit", demand: Demand(maximumPerNode: 2), counts: [2, 1, 0], to: 7,
            lines: ["h1 2→2", "h2 1→2", "h3 0→2"], unplaced: 1),
        Case(
            testDescription: "full ones are passed over in turn", demand: Demand(resources: Resources(memory: 4 * Board.gigabyte)),
            nodes: [h1, Board.node("h2") { $0.capacity.memory = 40 * Board.gigabyte }, h3], counts: [0, 0, 0], to: 10,
            lines: ["h1 0→2", "h2 0→6", "h3 0→2"]),
        Case(testDescription: "nowhere", demand: Demand(constraints: ["node.labels.ssd == true"]), counts: [0, 0, 0], to: 2, lines: [], unplaced: 2),
        Case(testDescription: "no nodes", nodes: [], counts: [], to: 2, lines: [], unplaced: 2),
        Case(testDescription: "nothing to do", counts: [1, 1, 0], to: 2, lines: ["h1 1→1", "h2 1→1"]),
        Case(testDescription: "fewer than none", counts: [0, 0, 0], to: -5, lines: []),
        // Seen three times in a real swarm.
        Case(
            testDescription: "evenly over zones", demand: spread, nodes: zoned("a", "a", "b"), counts: [0, 0, 0], to: 6,
            lines: ["h1 0→2", "h2 0→1", "h3 0→3"]),
        // Seen three times in a real swarm: 5, 3 and 1. The first zone is filled to the even share of all, the full one's included.
        Case(
            testDescription: "over uneven zones, one of them without the label", demand: spread, nodes: zoned("a", "b", nil), counts: [5, 0, 0],
            to: 9, lines: ["h1 5→5", "h2 0→1", "h3 0→3"]),
        Case(
            testDescription: "a zone that is full leaves its portion to the others",
            demand: Demand(maximumPerNode: 1, spreadOver: ["node.labels.zone"]), nodes: zoned("a", "b", "b"), counts: [0, 0, 0], to: 3,
            lines: ["h1 0→1", "h2 0→1", "h3 0→1"]),
        Case(
            testDescription: "what is in a full zone is no reason to fill another one more",
            demand: Demand(resources: Resources(memory: Board.gigabyte), spreadOver: ["node.labels.zone"]),
            nodes: zip(zoned("a", "b", "c"), [4, 40, 40] as [UInt64]).map { node, gigabytes in
                var node = node
                node.capacity.memory = gigabytes * Board.gigabyte
                return node
            }, counts: [4, 0, 0], to: 24, lines: ["h1 4→4", "h2 0→10", "h3 0→10"]),
        Case(
            testDescription: "over two labels", demand: Demand(spreadOver: ["node.labels.zone", "Engine.Labels.rack"]),
            nodes: zoned("a", "a", "b").enumerated().map { index, node in
                var node = node
                node.engineLabels["rack"] = "r\(index)"
                return node
            }, counts: [0, 0, 0], to: 8, lines: ["h1 0→2", "h2 0→2", "h3 0→4"]),
        Case(
            testDescription: "what is no label is not spread over", demand: Demand(spreadOver: ["node.hostname", "node.labels."]), counts: [1, 0, 0],
            to: 3, lines: ["h1 1→1", "h2 0→1", "h3 0→1"]),
    ]

    @Test(arguments: cases) func lands(_ example: Case) {
        let workload = Board.workload("web", example.demand)
        let board = PlacementBoard(
            nodes: example.nodes.reversed(), workloads: [workload], tasks: Board.tasks(of: workload, Array(zip(example.nodes, example.counts))))
        let forecast = board.forecast(scaling: workload, to: example.to)
        #expect(forecast.lines == example.lines)
        #expect(forecast.unplaced == example.unplaced)
        #expect(forecast.refusals.count == (example.unplaced > 0 ? example.nodes.count : 0))
        #expect(!forecast.refusals.map(\.accepts).contains(true), "nobody is left without a node that would take it")
        #expect(forecast.leaving == [])
    }

    @Test func equalNodesAreTakenByTheirTasksInAll() {
        let workload = Board.workload(), other = Board.workload("other")
        let board = PlacementBoard(
            nodes: [Self.h1, Self.h2, Self.h3], workloads: [workload, other],
            tasks: Board.tasks(of: other, [(Self.h1, 2), (Self.h3, 1)]) + [Board.task(9, of: other, on: Self.h2, state: .failed)]
                + [7, 8].map { Board.task($0, of: other, on: Self.h2, state: .running, isCurrent: false) })
        #expect(board.forecast(scaling: workload, to: 1).lines == ["h2 0→1"], "what has ended, or is on its way out, does not count")
        #expect(board.forecast(scaling: workload, to: 2).lines == ["h2 0→1", "h3 0→1"])
        #expect(board.forecast(scaling: workload, to: 5).lines == ["h1 0→1", "h2 0→2", "h3 0→2"], "in turn after the first round")
    }

    @Test func aNodeWithMoreInAllIsLeftWhenItHasAsMany() {
        let workload = Board.workload(), other = Board.workload("other")
        let own = Board.tasks(of: workload, [(Self.h2, 1)])
        let busy = PlacementBoard(nodes: [Self.h1, Self.h2], workloads: [workload, other], tasks: own + Board.tasks(of: other, [(Self.h1, 3)]))
        #expect(busy.forecast(scaling: workload, to: 3).lines == ["h1 0→1", "h2 1→2"])
        let idle = PlacementBoard(nodes: [Self.h1, Self.h2], workloads: [workload, other], tasks: own)
        #expect(idle.forecast(scaling: workload, to: 3).lines == ["h1 0→2", "h2 1→1"])
    }

    @Test func tasksThatWaitAreTriedAgain() {
        let workload = Board.workload("web", Demand(maximumPerNode: 1))
        let board = PlacementBoard(
            nodes: [Self.h1, Self.h2], workloads: [workload],
            tasks: [
                Board.task(1, of: workload, on: Self.h1), Board.task(2, of: workload, state: .pending), Board.task(3, of: workload, state: .pending),
            ])
        let forecast = board.forecast(scaling: workload, to: 4)
        #expect(forecast.lines == ["h1 1→1", "h2 0→1"])
        #expect(forecast.unplaced == 2)
        #expect(
            forecast.refusals.map { $0.refusals.map(\.stage) } == [[.maximumPerNode], [.maximumPerNode]], "as it is after the others have landed")
    }

    @Test(arguments: [Demand(), spread, Demand(maximumPerNode: .max)]) func anyNumberIsAnswered(_ demand: Demand) {
        let workload = Board.workload("web", demand), other = Board.workload("other")
        let nodes = Self.zoned("a", "b", nil)
        let board = PlacementBoard(
            nodes: nodes, workloads: [workload, other], tasks: Board.tasks(of: other, [(nodes[0], 3)]) + Board.tasks(of: workload, [(nodes[1], 1)]))
        let forecast = board.forecast(scaling: workload, to: .max)
        #expect(forecast.unplaced == 0)
        #expect(forecast.landings.reduce(Int128(0)) { $0 + Int128($1.after) } == Int128(Int.max))
        #expect(forecast.landings.count == 3)
    }

    @Test func hugeReservationsSaturate() {
        let workload = Board.workload("web", Demand(resources: Resources(nanoCPUs: .max, memory: .max, others: ["gpu": .infinity])))
        let node = Board.node("h1") { $0.capacity = Resources(nanoCPUs: .max, memory: .max, others: ["gpu": .infinity]) }
        let forecast = PlacementBoard(nodes: [node], workloads: [workload], tasks: [Board.task(1, of: workload, on: node)]).forecast(
            scaling: workload, to: .max)
        #expect(forecast.lines == ["h1 1→1"])
        #expect(forecast.unplaced == .max - 1)
        let one = PlacementBoard(nodes: [node], workloads: [workload], tasks: []).forecast(scaling: workload, to: 3)
        #expect(one.lines == ["h1 0→1"])
    }
}
