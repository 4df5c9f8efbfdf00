import Testing

@testable import Domain

@Suite struct DepartureTests {
    static let h1 = Board.node("h1"), h2 = Board.node("h2"), h3 = Board.node("h3")

    func lines(_ departures: [Departure]) -> [String] {
        departures.map { "\($0.task.name) \($0.stops ? "stops" : $0.destination?.name ?? "nowhere")" }
    }

    @Test func whatRunsMovesWhereThereIsRoom() {
        let web = Board.workload(), other = Board.workload("other")
        let nodes = [Self.h1, Self.h2, Self.h3]
        // As in a real swarm: four leave a node, the others have four and one.
        let tasks = Array(Board.tasks(of: web, [(Self.h1, 4), (Self.h2, 4), (Self.h3, 1)]).reversed())
        #expect(
            lines(PlacementBoard(nodes: nodes, workloads: [web], tasks: tasks).departures(from: Self.h2)) == [
                "web.5 h3", "web.6 h3", "web.7 h3", "web.8 h3",
            ])
        // What moves first counts for what moves next.
        let board = PlacementBoard(nodes: nodes, workloads: [web, other], tasks: tasks + Board.tasks(of: other, [(Self.h2, 1)]))
        #expect(lines(board.departures(from: Self.h2)) == ["other.1 h3", "web.5 h1", "web.6 h3", "web.7 h3", "web.8 h3"])
    }

    @Test func whatFindsNoRoomSaysWhy() throws {
        let web = Board.workload("web", Demand(resources: Resources(memory: 3 * Board.gigabyte)))
        let board = PlacementBoard(
            nodes: [Self.h1, Self.h2], workloads: [web],
            tasks: Board.tasks(of: web, [(Self.h1, 1), (Self.h2, 2)]) + [
                Board.task(9, of: web, on: Self.h2, state: .failed, isCurrent: false),
                Board.task(8, of: web, on: Self.h2, state: .stopping, isCurrent: false),
            ])
        let departures = board.departures(from: Self.h2)
        #expect(lines(departures) == ["web.2 h1", "web.3 nowhere"])
        #expect(departures.first?.refusals == [])
        let refusals = try #require(departures.last).refusals
        #expect(refusals.map(\.node.name) == ["h1", "h2"])
        #expect(refusals.first?.refusals == [.memory(asked: 3 * Board.gigabyte, free: 2 * Board.gigabyte)], "after the first has moved")
        #expect(refusals.last?.refusals.first == .availability(.draining))
    }

    @Test(arguments: [Workload.Mode.perNode, .jobPerNode, .pinned]) func whatIsThereForTheNodeEnds(_ mode: Workload.Mode) {
        let agent = Board.workload("agent", mode: mode)
        let board = PlacementBoard(nodes: [Self.h1, Self.h2], workloads: [agent], tasks: Board.tasks(of: agent, [(Self.h1, 1), (Self.h2, 1)]))
        #expect(board.departures(from: Self.h2) == [Departure(task: Board.task(2, of: agent, on: Self.h2), stops: true)])
    }

    @Test func nothingStartsATaskOfNobodyAgain() {
        var orphan = Board.task(1, of: Board.workload("gone"), on: Self.h1)
        var bare = Board.task(2, of: Board.workload("gone"), on: Self.h1)
        bare.workload = nil
        orphan.name = "orphan"
        let board = PlacementBoard(nodes: [Self.h1, Self.h2], workloads: [], tasks: [bare, orphan])
        #expect(lines(board.departures(from: Self.h1)) == ["orphan stops", "gone.2 stops"].sorted())
        #expect(board.departures(from: Self.h2) == [])
        #expect(PlacementBoard(nodes: [], workloads: [], tasks: []).departures(from: Self.h1) == [])
    }

    @Test func whatLeavesNoLongerCountsInItsZone() {
        let web = Board.workload("web", Demand(spreadOver: ["node.labels.zone"]))
        let zoned = zip([Self.h1, Self.h2, Self.h3], ["a", "a", "b"]).map { node, zone in
            var node = node
            node.labels["zone"] = zone
            return node
        }
        let board = PlacementBoard(nodes: zoned, workloads: [web], tasks: Board.tasks(of: web, [(Self.h2, 2), (Self.h3, 1)]))
        #expect(lines(board.departures(from: Self.h2)) == ["web.1 h1", "web.2 h1"])
    }

    @Test func itsOwnPortIsNotInTheWay() {
        let web = Board.workload("web", Demand(hostPorts: [Workload.Port(published: 80, target: 80, isOnHost: true)]))
        let board = PlacementBoard(nodes: [Self.h1, Self.h2, Self.h3], workloads: [web], tasks: Board.tasks(of: web, [(Self.h1, 1), (Self.h2, 1)]))
        #expect(lines(board.departures(from: Self.h1)) == ["web.1 h3"])
    }
}
