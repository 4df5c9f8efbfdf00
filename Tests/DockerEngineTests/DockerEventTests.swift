internal import Domain
internal import Testing
@testable internal import DockerEngine

@Suite struct DockerEventTests {
    private static let id = "f4939cb2c7ef48280f3a48bbfcfd827a83f1503f617ab8000ecac17270fb5523"

    private func event(_ json: String) throws -> DockerEvent { DockerEvent(try EventMessage(Array(json.utf8))) }

    /// The same event as engines before and from API 1.52 tell it.
    private func bothForms(_ action: String, _ attributes: String, type: String = "container") throws -> [DockerEvent] {
        let actor = #""Type":"\#(type)","Action":"\#(action)","Actor":{"ID":"\#(Self.id)","Attributes":{\#(attributes)}},"scope":"local","time":1795420975,"timeNano":1795420975885979451}"#
        return [
            try event(#"{"status":"\#(action)","id":"\#(Self.id)","from":"busybox:local",\#(actor)"#),
            try event("{" + actor),
        ]
    }

    @Test func bothFormsMeanTheSame() throws {
        let forms = try bothForms("die", #""exitCode":"137","image":"busybox:local","name":"web""#)
        #expect(forms[0] == forms[1])
        let die = forms[0]
        #expect(die.exitCode == 137 && die.name == "web" && die.effect == .container(Self.id) && die.wantsInspection)
        #expect(die.at == Timestamp(nanoseconds: 1_795_420_975_885_979_451))
        #expect(die.replayID == "1795420975885979451/\(Self.id)/die")
    }

    @Test func healthIsToldWithItsOutcome() throws {
        let event = try bothForms("health_status: unhealthy", #""name":"web""#)[0]
        #expect(event.action == "health_status" && event.argument == "unhealthy" && event.wantsInspection)
        let told = try #require(event.told(by: Source.ID("docker:local")))
        #expect(told.action == "health_status: unhealthy" && told.severity == .failure && told.subject == "web")
    }

    @Test func podmanSaysItDifferently() throws {
        let died = try event(#"{"Type":"container","Action":"died","Actor":{"ID":"a","Attributes":{"containerExitCode":"1","name":"x"}},"timeNano":5}"#)
        #expect(died.action == "die" && died.exitCode == 1)
        let health = try event(#"{"Type":"container","Action":"health_status","Actor":{"ID":"a","Attributes":{"health_status":"healthy"}},"timeNano":5}"#)
        #expect(health.argument == "healthy")
        let removed = try event(#"{"Type":"container","Action":"remove","Actor":{"ID":"a"},"timeNano":5}"#)
        #expect(removed.effect == .containerGone("a"))
    }

    @Test func theOldestFormIsUnderstood() throws {
        let event = try event(#"{"status":"start","id":"abc","from":"busybox","time":7}"#)
        #expect(event.kind == "container" && event.effect == .container("abc") && event.at == Timestamp(seconds: 7))
        #expect(event.name == "abc")
    }

    @Test func networkEventsPointAtTheirContainer() throws {
        #expect(try bothForms("connect", #""container":"c1","name":"bridge","type":"bridge""#, type: "network")[0].effect == .container("c1"))
        #expect(try bothForms("create", #""name":"front","type":"bridge""#, type: "network")[0].effect == .networks)
    }

    @Test(arguments: [
        "attach", "detach", "top", "resize", "copy", "archive-path", "extract-to-dir", "exec_create: sh", "exec_start: sh", "exec_die", "exec_detach",
        "init", "cleanup", "sync",
    ])
    func plumbingCostsNothingAndIsNotTold(_ action: String) throws {
        for event in try bothForms(action, #""name":"web""#) {
            #expect(event.effect == .nothing && event.told(by: Source.ID("s")) == nil)
        }
    }

    @Test func noiseIsSeenWithoutReading() {
        #expect(DockerEvent.isNoise(Array(#"{"status":"exec_create: /bin/sh","id":"#.utf8)))
        #expect(DockerEvent.isNoise(Array(#"{"Type":"container","Action":"exec_die","Actor""#.utf8)))
        #expect(!DockerEvent.isNoise(Array(#"{"status":"start","id":"exec_"#.utf8)))
    }

    @Test(arguments: [
        ("0", "finished (exit 0)", Event.Severity.notice), ("137", "killed (SIGKILL, exit 137)", .notice),
        ("143", "ended on request (SIGTERM, exit 143)", .notice), ("1", "failed (exit 1)", .failure),
    ])
    func deathsAreToldInWords(_ code: String, _ words: String, _ severity: Event.Severity) throws {
        let told = try #require(try bothForms("die", #""exitCode":"\#(code)","name":"web""#)[0].told(by: Source.ID("s")))
        #expect(told.detail == words && told.severity == severity)
    }

    @Test func escapeSequencesDoNotTravel() throws {
        let event = try event(#"{"Type":"container","Action":"start","Actor":{"ID":"a","Attributes":{"name":"\u001b[2Jweb"}},"timeNano":5}"#)
        #expect(event.told(by: Source.ID("s"))?.subject == " [2Jweb")
    }
}
