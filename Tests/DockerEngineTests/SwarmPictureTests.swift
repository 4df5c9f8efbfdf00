internal import Domain
internal import Testing
internal import Transport
@testable internal import DockerEngine

/// What is told of what was read: everything once, and then only what differs.
@Suite struct SwarmPictureTests {
    private typealias Fixture = SwarmFixture

    private let start = ContinuousClock.now

    private func picture() throws -> SwarmPicture {
        var picture = SwarmPicture(source: Fixture.source)
        _ = picture.take(nodes: try Fixture.nodes(Fixture.node("n1", "lab-n1"), Fixture.node("n2", "lab-n2")))
        picture.take(services: try Fixture.services(Fixture.service("s1", "web"), Fixture.service("s2", "db")), at: start)
        picture.take(
            tasks: try Fixture.tasks(
                Fixture.task("a", of: "s1", slot: 1, node: "n1"), Fixture.task("b", of: "s1", slot: 2, node: "n2"),
                Fixture.task("c", of: "s2", slot: 1, node: "n2"), Fixture.task("d", of: "s2", slot: 2, node: "n2"), Fixture.task("x", of: "")), at: start)
        picture.begin(at: start, settling: .seconds(10))
        return picture
    }

    private func network(_ name: String, id: String) throws -> NetworkResource {
        let connection = DockerConnection(address: .unix(path: "/nowhere"))
        let json = #"{"Id":"\#(id)","Name":"\#(name)","Driver":"overlay"}"#
        return try connection.decode(NetworkResource.self, HTTPResponse(status: 200, body: Array(json.utf8)), reading: "it", attempt: "read it")
    }

    private func kinds(_ updates: [Update]) -> [String] {
        updates.map { update in
            switch update {
            case .nodes: "nodes"
            case .workloads: "workloads"
            case .tasks(_, let tasks): "tasks \(tasks.count)"
            case .tasksOf(let ids, let tasks): "\(ids.map(\.raw).sorted().joined(separator: "+")) \(tasks.count)"
            default: "other"
            }
        }
    }

    @Test func everythingIsToldOnce() throws {
        var picture = try picture()
        #expect(kinds(picture.news(isFirst: true)) == ["nodes", "workloads", "tasks 4"])
        #expect(picture.news().isEmpty)
        #expect(picture.board.tasks.count == 4 && picture.board.workloads.map(\.name) == ["web", "db"])
    }

    @Test func nodesKnowWhatIsReservedOnThem() throws {
        var picture = try picture()
        _ = picture.news(isFirst: true)
        #expect(picture.told.nodes.map(\.reserved.nanoCPUs) == [250_000_000, 750_000_000])
    }

    @Test func theSameAgainIsNoNews() throws {
        var picture = try picture()
        _ = picture.news(isFirst: true)
        picture.take(services: picture.services, at: start)
        picture.take(tasks: picture.tasks.values.flatMap { $0 }, at: start)
        let moved = picture.take(nodes: picture.nodes)
        #expect(!moved && picture.news().isEmpty)
    }

    @Test func onlyTheTasksThatChangedAreTold() throws {
        var picture = try picture()
        _ = picture.news(isFirst: true)
        let tasks = try Fixture.tasks(
            Fixture.task("a", of: "s1", slot: 1, node: "n1", "failed", desired: "shutdown"), Fixture.task("b", of: "s1", slot: 2, node: "n2"))
        picture.take(tasks: tasks, of: ["s1", "s2"], at: start)
        // Those of s2 were asked for and have gone.
        #expect(kinds(picture.news()) == ["nodes", "s1+s2 2"])
        #expect(picture.told.nodes.map(\.reserved.nanoCPUs) == [nil, 250_000_000])
    }

    @Test func aNewImageMakesTasksOutdatedWithoutReadingThem() throws {
        var picture = try picture()
        _ = picture.news(isFirst: true)
        picture.take(services: try Fixture.services(Fixture.service("s1", "web", image: "busybox:new"), Fixture.service("s2", "db")), at: start)
        let news = picture.news()
        #expect(kinds(news) == ["workloads", "s1 2"])
        #expect(picture.told.tasks["s1"]?.allSatisfy(\.isOutdated) == true)
    }

    @Test func aNodeThatGoesDownTakesItsTasksAlong() throws {
        var picture = try picture()
        _ = picture.news(isFirst: true)
        let moves = picture.take(nodes: try Fixture.nodes(Fixture.node("n1", "lab-n1"), Fixture.node("n2", "lab-n2", state: "down")))
        #expect(moves && kinds(picture.news()) == ["nodes"])
        let tasks = try Fixture.tasks(
            Fixture.task("b", of: "s1", slot: 2, node: "n2", desired: "shutdown"), Fixture.task("e", of: "s1", slot: 2, "pending", created: "2026-11-23T09:00:00Z"))
        picture.take(tasks: tasks, of: ["s1"], at: start)
        _ = picture.news()
        #expect(picture.told.tasks["s1"]?.map(\.state) == [.pending, .lost] && picture.told.workloads["s1"]?.running == 1)
    }

    @Test func aRemovedServiceKeepsItsNameWhileItsTasksEnd() throws {
        var picture = try picture()
        _ = picture.news(isFirst: true)
        picture.take(services: try Fixture.services(Fixture.service("s2", "db")), at: start)
        #expect(kinds(picture.news()) == ["workloads"] && picture.hasOrphans)
        picture.take(tasks: try Fixture.tasks(Fixture.task("a", of: "s1", slot: 1, node: "n1", desired: "remove"), Fixture.task("c", of: "s2", slot: 1, node: "n2")), at: start)
        _ = picture.news()
        #expect(picture.told.tasks["s1"]?.map(\.name) == ["web.1"] && picture.told.tasks["s1"]?.first?.state == .stopping)
        picture.take(tasks: try Fixture.tasks(Fixture.task("c", of: "s2", slot: 1, node: "n2")), at: start)
        #expect(!picture.hasOrphans && kinds(picture.news()).last == "s1 0")
    }

    @Test func networksGetTheirNamesLater() throws {
        var picture = try picture()
        picture.take(services: try Fixture.services(Fixture.service("s1", "web", task: #","Networks":[{"Target":"net1"}]"#)), at: start)
        _ = picture.news(isFirst: true)
        #expect(picture.told.workloads["s1"]?.networks == ["net1"])
        picture.take(networks: [try network("front", id: "net1")])
        #expect(kinds(picture.news()) == ["workloads"] && picture.told.workloads["s1"]?.networks == ["front"])
    }

    @Test func onlyWhatIsUnderWayIsReadAgain() throws {
        var picture = try picture()
        _ = picture.news(isFirst: true)
        #expect(picture.unsettled(at: start, settling: .seconds(10)).isEmpty)
        picture.take(services: try Fixture.services(Fixture.service("s1", "web", running: 1), Fixture.service("s2", "db")), at: start + .seconds(60))
        #expect(picture.unsettled(at: start + .seconds(60), settling: .seconds(10)) == ["s1"])
        _ = picture.news()
        // Its counts do not fit however long ago that was.
        #expect(picture.unsettled(at: start + .seconds(600), settling: .seconds(10)) == ["s1"])
        #expect(picture.quiet("s1", at: start + .seconds(600)) == .seconds(540))
        #expect(picture.share(of: ["s1"]) == 0.5)
    }

    @Test func costKeepsListsApart() {
        var cadence = Cadence()
        #expect(cadence.isDue(every: .seconds(5), at: start))
        cadence.ran(from: start, to: start + .milliseconds(20))
        let end = start + .milliseconds(20)
        #expect(cadence.wait(every: .seconds(5), at: end) == .seconds(5) && cadence.isDue(every: .seconds(5), at: end + .seconds(5)))
        cadence.want()
        #expect(cadence.wait(every: .seconds(5), at: end) == .milliseconds(200))
        cadence.ran(from: start, to: start + .seconds(2))
        #expect(cadence.wait(every: .seconds(5), at: start + .seconds(2)) == .seconds(20), "a list of two seconds is not read every five")
        cadence.demand()
        #expect(cadence.isDue(every: .seconds(5), at: start))
    }
}
