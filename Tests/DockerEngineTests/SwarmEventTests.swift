internal import Domain
internal import Testing
@testable internal import DockerEngine

/// What a person is told of a swarm: by the engine's events, and by what only the lists show.
@Suite struct SwarmEventTests {
    private typealias Fixture = SwarmFixture

    private func told(_ kind: String, _ action: String, _ attributes: String) throws -> Event {
        let line = #"{"Type":"\#(kind)","Action":"\#(action)","Actor":{"ID":"x","Attributes":{"name":"lab-n3"\#(attributes)}},"scope":"swarm","time":1795519401,"timeNano":1795519401840813509}"#
        return try #require(DockerEvent(try EventMessage(Array(line.utf8))).told(by: Source.ID("docker:local")))
    }

    @Test(arguments: [
        (#","state.new":"down","state.old":"ready""#, "state ready → down", Event.Severity.failure),
        (#","state.new":"ready","state.old":"down""#, "state down → ready", .notice),
        (#","state.new":"unknown","state.old":"ready""#, "state ready → unknown", .routine),
        (#","availability.new":"drain","availability.old":"active""#, "availability active → drain", .notice),
        (#","availability.new":"drain","availability.old":"active","state.new":"down","state.old":"ready""#, "availability active → drain, state ready → down", .failure),
        ("", "", .routine),
    ])
    func nodes(_ attributes: String, _ words: String, _ severity: Event.Severity) throws {
        let event = try told("node", "update", attributes)
        #expect(event.detail == words && event.severity == severity && event.subject == "lab-n3" && event.origin == .engine)
    }

    @Test(arguments: [
        (#","updatestate.new":"updating""#, "update started", Event.Severity.notice), (#","updatestate.new":"completed","updatestate.old":"updating""#, "update completed", .notice),
        (#","updatestate.new":"paused","updatestate.old":"updating""#, "update paused", .failure), (#","updatestate.new":"rollback_started""#, "rolling back", .warning),
        (#","updatestate.new":"rollback_paused""#, "roll-back paused", .failure), (#","updatestate.new":"rollback_completed""#, "rolled back", .notice),
        (#","replicas.new":"5","replicas.old":"3""#, "replicas 3 → 5", .notice),
        (#","image.new":"busybox:none","image.old":"busybox:local""#, "image busybox:local → busybox:none", .notice), ("", "", .routine),
    ])
    func services(_ attributes: String, _ words: String, _ severity: Event.Severity) throws {
        let event = try told("service", "update", attributes)
        #expect(event.detail == words && event.severity == severity)
    }

    @Test func comingsAndGoings() throws {
        #expect(try told("node", "create", "").detail == "joined the swarm" && told("service", "remove", "").severity == .notice)
        #expect(try told("secret", "update", "").severity == .routine)
    }

    private func tidings(_ before: [NodeResource], _ after: [NodeResource], tellsStates: Bool = false) -> [Event] {
        NodeTidings(from: before, to: after, tellsStates: tellsStates).events(of: Fixture.source, at: Timestamp(seconds: 7))
    }

    @Test func aNewLeaderAndAManagerOutOfReachAreTold() throws {
        let before = try Fixture.nodes(
            Fixture.node("n1", "lab-n1", manager: #"{"Leader":true,"Reachability":"reachable"}"#), Fixture.node("n2", "lab-n2", manager: #"{"Reachability":"reachable"}"#))
        let after = try Fixture.nodes(
            Fixture.node("n1", "lab-n1", state: "down", manager: #"{"Reachability":"unreachable"}"#),
            Fixture.node("n2", "lab-n2", manager: #"{"Leader":true,"Reachability":"reachable"}"#), Fixture.node("n3", "lab-n3"))
        let events = tidings(before, after)
        #expect(events.map { "\($0.subject) \($0.action) \($0.detail)" } == ["lab-n1 unreachable as a manager", "lab-n2 leader leads the swarm, after lab-n1"])
        #expect(events.map(\.severity) == [.warning, .notice] && events.allSatisfy { $0.origin == .binnacle && $0.kind == "node" && $0.at == Timestamp(seconds: 7) })
        #expect(tidings(before, after, tellsStates: true).map(\.detail).contains("state ready → down"))
        #expect(tidings([], after, tellsStates: true).isEmpty, "the first list is no news")
        #expect(tidings(after, after, tellsStates: true).isEmpty)
        #expect(tidings(after, before).last?.action == "reachable" || tidings(after, before).contains { $0.action == "reachable" && $0.severity == .notice })
    }
}
