internal import Domain
internal import Testing
@testable internal import DockerEngine

@Suite struct DockerPictureTests {
    private let mapping = DockerMapping(source: Source.ID("docker:local"), name: "local")
    private let listed = Timestamp(seconds: 1000)

    private func container(_ status: String, state: String = "running", at now: Timestamp) throws -> (Container, StatusText) {
        var wire = ContainerSummary()
        wire.id = "a"
        wire.names = ["/web"]
        wire.state = state
        wire.status = status
        return (try #require(mapping.container(wire, StatusText(status), at: now)), StatusText(status))
    }

    private func event(_ action: String, at seconds: Int64, _ attributes: String = "") throws -> DockerEvent {
        let json = #"{"Type":"container","Action":"\#(action)","Actor":{"ID":"a","Attributes":{\#(attributes)}},"time":\#(seconds)}"#
        return DockerEvent(try EventMessage(Array(json.utf8)))
    }

    private func picture(_ status: String, state: String = "running") throws -> DockerPicture {
        var picture = DockerPicture()
        picture.listedAt = listed
        let (container, text) = try container(status, state: state, at: listed)
        _ = picture.replaceAll(with: [container], texts: ["a": text], at: listed)
        return picture
    }

    @Test func eventsShowBeforeTheEngineIsAsked() throws {
        var picture = try picture("Up 5 minutes")
        #expect(picture.apply(try event("die", at: 1010, #""exitCode":"3""#), at: listed, lag: .milliseconds(150))?.state == .exited(code: 3, at: Timestamp(seconds: 1010)))
        #expect(picture.apply(try event("start", at: 1011), at: listed, lag: .milliseconds(150))?.state == .running(since: Timestamp(seconds: 1011)))
        #expect(picture.apply(try event("pause", at: 1012), at: listed, lag: .milliseconds(150))?.state == .paused(since: Timestamp(seconds: 1012)))
        #expect(picture.apply(try event("unpause", at: 1013), at: listed, lag: .milliseconds(150))?.state == .running(since: Timestamp(seconds: 1011)))
        #expect(picture.apply(try event("rename", at: 1014, #""name":"new""#), at: listed, lag: .milliseconds(150))?.name == "new")
        #expect(picture.apply(try event("health_status: unhealthy", at: 1015), at: listed, lag: .milliseconds(150))?.health == .unhealthy)
    }

    @Test func aListThatLagsBehindItsEventDoesNotTurnBack() throws {
        var picture = try picture("Up 5 minutes")
        let now = Timestamp(seconds: 1010)
        _ = picture.apply(try event("pause", at: 1010), at: now, lag: .milliseconds(150))
        let (stale, text) = try container("Up 5 minutes", at: now)
        #expect(picture.replace(with: stale, text: text, at: now.adding(.milliseconds(20))).state == .paused(since: now))
        #expect(picture.replace(with: stale, text: text, at: now.adding(.milliseconds(200))).state.word == "running")
    }

    @Test func historyAndStrangersShowNothing() throws {
        var picture = try picture("Up 5 minutes")
        #expect(picture.apply(try event("die", at: 999), at: listed, lag: .milliseconds(150)) == nil)
        // The list's clock has whole seconds only: this may have been before it.
        #expect(picture.apply(try event("die", at: 1000), at: listed, lag: .milliseconds(150)) == nil)
        #expect(picture.remove("a") != nil)
        #expect(picture.apply(try event("die", at: 1010), at: listed, lag: .milliseconds(150)) == nil)
    }

    @Test func exactTimesOutliveRoundedOnes() throws {
        var picture = try picture("Up 5 minutes")
        _ = picture.apply(try event("start", at: 1010), at: listed, lag: .milliseconds(150))
        let later = Timestamp(seconds: 1010 + 65)
        let (fresh, text) = try container("Up About a minute", at: later)
        #expect(picture.replace(with: fresh, text: text, at: later).state == .running(since: Timestamp(seconds: 1010)))
    }

    @Test func aRestartThatNobodySawIsBelieved() throws {
        var picture = try picture("Up 5 minutes")
        _ = picture.apply(try event("start", at: 1010), at: listed, lag: .milliseconds(150))
        let later = Timestamp(seconds: 8000)
        let (fresh, text) = try container("Up 3 seconds", at: later)
        #expect(picture.replace(with: fresh, text: text, at: later).state == .running(since: Timestamp(seconds: 7997)))
    }

    @Test func inspectionsGiveExactTimesAndStay() throws {
        var picture = try picture("Up 5 minutes")
        let start = Timestamp(seconds: 1000 - 330)
        let learned = picture.learn("a", Container.Detail(pid: 7, startedAt: start), health: nil)
        #expect(learned?.state == .running(since: start))
        #expect(picture.learn("a", Container.Detail(pid: 7, startedAt: start), health: nil) == nil)
        let (fresh, text) = try container("Up 5 minutes", at: listed)
        let merged = picture.replace(with: fresh, text: text, at: listed)
        #expect(merged.detail?.pid == 7 && merged.state == .running(since: start))
        #expect(picture.learn("gone", Container.Detail(), health: nil) == nil)
    }
}
