import Testing

@testable import Domain

@Suite struct ScalingDownTests {
    static let h1 = Board.node("h1"), h2 = Board.node("h2"), h3 = Board.node("h3")
    static let web = Board.workload()

    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var tasks: [WorkloadTask]
        var to: Int
        var leaving: [String]
        var lines: [String]
        var unplaced = 0
    }

    static let cases: [Case] = [
        // As a real swarm did it, from 9 to 6 tasks.
        Case(
            testDescription: "from the node with most, one each round, highest number first",
            tasks: Board.tasks(of: web, [(h1, 5)]) + [
                Board.task(6, of: web, on: h3), Board.task(7, of: web, on: h2), Board.task(8, of: web, on: h3), Board.task(9, of: web, on: h3),
            ],
            to: 6, leaving: ["web.5", "web.4", "web.9"], lines: ["h1 5→3", "h2 1→1", "h3 3→2"]),
        // As a real swarm did it, from 4 to 3 tasks.
        Case(
            testDescription: "a starting one outlives the third of another node",
            tasks: Board.tasks(of: web, [(h1, 3)]) + [Board.task(4, of: web, on: h2, state: .starting)],
            to: 3, leaving: ["web.3"], lines: ["h1 3→2", "h2 1→1"]),
        Case(
            testDescription: "a starting one goes before those that run on its node, and on nodes with as many",
            tasks: [
                Board.task(1, of: web, on: h1, state: .starting), Board.task(2, of: web, on: h1), Board.task(3, of: web, on: h2),
                Board.task(4, of: web, on: h2),
            ],
            to: 3, leaving: ["web.1"], lines: ["h1 2→1", "h2 2→2"]),
        Case(
            testDescription: "first those that wait for a node",
            tasks: Board.tasks(of: web, [(h1, 3)]) + [Board.task(4, of: web, state: .pending), Board.task(5, of: web, state: .pending)],
            to: 2, leaving: ["web.5", "web.4", "web.3"], lines: ["h1 3→2"]),
        Case(
            testDescription: "what still waits is still unplaced",
            tasks: Board.tasks(of: web, [(h1, 1)]) + [Board.task(2, of: web, state: .pending), Board.task(3, of: web, state: .pending)],
            to: 2, leaving: ["web.3"], lines: ["h1 1→1"], unplaced: 1),
        Case(
            testDescription: "a place with two tasks goes with both",
            tasks: Board.tasks(of: web, [(h1, 3)]) + [Board.task(1, of: web, on: h2, state: .starting, suffix: "-new")],
            to: 2, leaving: ["web.1", "web.1-new"], lines: ["h1 3→2", "h2 1→0"]),
        Case(
            testDescription: "history neither counts nor goes",
            tasks: Board.tasks(of: web, [(h1, 2)]) + [Board.task(2, of: web, on: h1, state: .failed, isCurrent: false, suffix: "-old")],
            to: 1, leaving: ["web.2"], lines: ["h1 2→1"]),
        Case(
            testDescription: "to nothing", tasks: Board.tasks(of: web, [(h1, 1), (h2, 1)]), to: -1, leaving: ["web.2", "web.1"],
            lines: ["h1 1→0", "h2 1→0"]),
        Case(
            testDescription: "places without numbers, by name",
            tasks: [Board.task(0, of: web, on: h1, suffix: "-a"), Board.task(0, of: web, on: h2, suffix: "-b")], to: 1, leaving: ["web.0-b"],
            lines: ["h1 1→1", "h2 1→0"]),
    ]

    @Test(arguments: cases) func leaves(_ example: Case) {
        let board = PlacementBoard(nodes: [Self.h1, Self.h2, Self.h3], workloads: [Self.web], tasks: example.tasks.reversed())
        let forecast = board.forecast(scaling: Self.web, to: example.to)
        #expect(forecast.leaving.map(\.name) == example.leaving)
        #expect(forecast.lines == example.lines)
        #expect(forecast.unplaced == example.unplaced)
        #expect(forecast.refusals.isEmpty == (example.unplaced == 0))
    }

    @Test(arguments: [Workload.Mode.perNode, .jobPerNode, .pinned]) func whatIsThereForItsNodeStays(_ mode: Workload.Mode) {
        let agent = Board.workload("agent", mode: mode)
        let board = PlacementBoard(nodes: [Self.h2, Self.h1], workloads: [agent], tasks: Board.tasks(of: agent, [(Self.h1, 1), (Self.h2, 1)]))
        for count in [0, 5] {
            #expect(board.forecast(scaling: agent, to: count) == board.forecast(scaling: agent, to: 2))
            #expect(board.forecast(scaling: agent, to: count).lines == ["h1 1→1", "h2 1→1"])
        }
    }

    @Test func aJobRunsWhatIsLeftOfIt() {
        var job = Board.workload("job", mode: .job(completions: 5))
        job.completed = 2
        let board = PlacementBoard(
            nodes: [Self.h1, Self.h2], workloads: [job],
            tasks: [
                Board.task(1, of: job, on: Self.h1, state: .finished), Board.task(2, of: job, on: Self.h1, state: .finished),
                Board.task(3, of: job, on: Self.h2),
            ])
        #expect(board.forecast(scaling: job, to: 5).lines == ["h1 0→2", "h2 1→1"])
        let fewer = board.forecast(scaling: job, to: 1)
        #expect(fewer.lines == ["h2 1→1"])
        #expect(fewer.leaving == [])
        #expect(fewer.unplaced == 0)
    }
}
