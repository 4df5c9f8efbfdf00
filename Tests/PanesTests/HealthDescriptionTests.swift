import Domain
import Panes
import Testing

/// What is told of checks, services, nodes and differences in full.
@Suite struct HealthDescriptionTests {
    private static func text(_ lines: Description.Lines) -> String { lines.map(\.text).joined(separator: "\n") }

    private static func web(_ snapshot: Snapshot = HealthFixture.troubled) throws -> ServiceHealth { try #require(snapshot.serviceHealth(HealthFixture.consul, name: "web")) }

    @Test func aCheckIsToldInFull() {
        let snapshot = HealthFixture.troubled
        let text = Self.text(Description.of(snapshot.checks[3], in: snapshot))
        for part in [
            "Check web answers", "status          critical", "4 min, 2026-11-23T07:59:04Z", "since 2026-11-23T07:18:04Z (45 min), without a gap", "3 changes in the last hour", "···▁▁██▁▁▁▁█",
            "GET http://10.0.0.1:8080/health every 10 s", "wake the web team", "tags            canary", "    and a second line", "Changes in the last hour (3)",
            "2026-11-23T07:38:04Z (25m00s ago) from critical to passing", "consul (consul 1.8.7)",
        ] { #expect(text.contains(part), "\(part)") }
        #expect(!text.contains("Runs"))
        #expect(Self.text(Description.of(snapshot.checks[0], in: snapshot)).contains("at least 45 min: it was so when Binnacle first looked"))
    }

    @Test func aChangeThatNobodySawIsToldAsSuch() {
        var check = HealthFixture.check("n1", "a", "a", .critical, "")
        check.transitions = [CheckTransition(check: check.id, at: HealthFixture.ago(60), from: .passing, to: .critical, wasUnwatched: true)]
        #expect(Self.text(Description.of(check, in: HealthFixture.troubled)).contains("found out then: nobody watched"))
    }

    @Test func aHealthCheckTellsItsRuns() {
        var snapshot = HealthFixture.differing
        snapshot.containers[0].detail = Container.Detail(failingStreak: 3, healthCommand: "CMD-SHELL wget -qO- localhost")
        let probe = Probe(start: HealthFixture.ago(10), end: HealthFixture.ago(9), exitCode: 127, output: "/bin/sh: wget: not found\n")
        let check = Check(
            id: Check.ID(HealthFixture.engine, snapshot.containers[0].id.raw), name: "cache1", status: .critical, output: "x", node: "h1", container: snapshot.containers[0].id, probes: [probe],
            kind: "healthcheck")
        let text = Self.text(Description.of(check, in: snapshot))
        for part in ["HEALTHCHECK CMD-SHELL wget -qO- localhost", "3 times in a row", "failed with exit 127", "took            1000 ms", "/bin/sh: wget: not found", "node            lab1", "cache1, running"] {
            #expect(text.contains(part), "\(part)")
        }
    }

    // MARK: DNS and connections

    @Test func aServiceAsksDNSAndEveryInstance() throws {
        let questions = Description.questions(for: try Self.web(), in: HealthFixture.troubled)
        #expect(Set(questions) == [
            .services(name: "web.service.consul", HealthFixture.nameServer), .addresses(name: "web.service.consul", HealthFixture.nameServer), .connect(host: "10.0.0.1", port: 8080),
            .connect(host: "10.0.0.2", port: 8080),
        ])
        var snapshot = HealthFixture.troubled
        snapshot.registries = []
        snapshot.instances = (1...40).map { HealthFixture.instance("n1", "web\($0)", "web", "10.0.0.\($0)", 80) } + [HealthFixture.instance("n1", "none", "web", "", 0)]
        let many = try Self.web(snapshot)
        #expect(Description.questions(for: many, in: snapshot).count == 16)
        let text = Self.text(Description.of(many, evidence: Evidence(), in: snapshot))
        for part in ["none is known for this registry", "not tried from here: only the first 16 are", "no address to connect to"] { #expect(text.contains(part), "\(part)") }
    }

    @Test func whatIsStillAskedIsSaid() throws {
        let text = Self.text(Description.of(try Self.web(), evidence: Evidence(), in: HealthFixture.troubled))
        for part in ["critical, 0 of 2 passing", "decided by      web answers", "SRV             asking…", "A, AAAA         asking…", "connecting from here: asking…", "127.0.0.1:8600"] {
            #expect(text.contains(part), "\(part)")
        }
        #expect(!text.contains("DNS gives"))
    }

    @Test func dnsStandsBesideWhatIsRegistered() throws {
        var evidence = Evidence()
        let server = HealthFixture.nameServer
        evidence[.services(name: "web.service.consul", server)] = .services([
            .init(host: "0A000002.addr.dc1.consul.", port: 8080, addresses: ["10.0.0.2"]), .init(host: "old.node.dc1.consul.", port: 9090, addresses: ["10.0.0.9"]),
        ])
        evidence[.addresses(name: "web.service.consul", server)] = .addresses(["10.0.0.2", "10.0.0.9"])
        evidence[.connect(host: "10.0.0.1", port: 8080)] = .notConnected("connection refused")
        evidence[.connect(host: "10.0.0.2", port: 8080)] = .connected(after: .milliseconds(3))
        let text = Self.text(Description.of(try Self.web(), evidence: evidence, in: HealthFixture.troubled))
        for part in [
            "DNS leaves it out, as it should: web answers is critical", "from here no connection opens: connection refused", "DNS gives it to clients", "within 3 ms", "0a000002.addr.dc1.consul:8080 (10.0.0.2)",
            "it gives old.node.dc1.consul:9090 (10.0.0.9), which is registered nowhere",
        ] { #expect(text.contains(part), "\(part)") }
        let instance = Self.text(Description.of(HealthFixture.troubled.instances[0], evidence: evidence, in: HealthFixture.troubled))
        for part in ["10.0.0.1:8080", "DNS leaves it out", "web1", "= front", "v1, canary"] { #expect(instance.contains(part), "\(part)") }
    }

    @Test func dnsThatIsWrongIsPointedOut() throws {
        let server = HealthFixture.nameServer
        var evidence = Evidence([.services(name: "web.service.consul", server): .services([.init(host: "n1.node.dc1.consul", port: 8080)])])
        var text = Self.text(Description.of(try Self.web(), evidence: evidence, in: HealthFixture.troubled))
        #expect(text.contains("DNS gives it to clients although web answers is critical"))
        #expect(text.contains("DNS does not give it, though no check of the registry speaks against it"))
        evidence = Evidence([.services(name: "web.service.consul", server): .noSuchName, .addresses(name: "web.service.consul", server): .failed(Trouble(.timedOut, attempt: "ask 127.0.0.1:8600", answer: "no answer within 2 s"))])
        text = Self.text(Description.of(try Self.web(), evidence: evidence, in: HealthFixture.troubled))
        for part in ["no such name", "could not ask 127.0.0.1:8600: no answer within 2 s", "DNS leaves it out, as it should"] { #expect(text.contains(part), "\(part)") }
    }

    // MARK: Nodes and differences

    @Test func aNodeTellsWhatStandsOnIt() {
        let snapshot = HealthFixture.troubled
        let text = Self.text(Description.of(snapshot.members[0], in: snapshot))
        for part in ["server, leader", "10.0.0.1:8300", "its agent is the one that answers Binnacle", "✖ web answers: Get", "Instances on it (2)", "10.0.0.1:5432, id db1"] { #expect(text.contains(part), "\(part)") }
        #expect(Self.text(Description.of(snapshot.members[2], in: snapshot)).contains("its agent does not answer the others"))
        #expect(Self.text(Description.of(snapshot.members[1], in: snapshot)).contains("= b"))
    }

    @Test func aDifferenceTellsBothSides() {
        let snapshot = HealthFixture.differing
        let difference = Disagreement(
            id: Disagreement.ID(HealthFixture.consul, "wrong port cache"), kind: .wrongPort, service: "cache", instance: HealthFixture.instance("n1", "cache1", "cache", "10.0.0.1", 6380),
            container: snapshot.containers[0].id, words: "registered with port 6380, published on 6379", match: "by Registrator's id lab1:cache1:6379",
            mend: Operation(.registry(.deregister), on: .instance(ServiceInstance.id(HealthFixture.consul, node: "n1", serviceID: "cache1"), name: "cache1")), advice: "deregister it")
        var text = Self.text(Description.of(difference, in: snapshot))
        for part in ["wrong port", "published on 6379", "lab1:cache1:6379", "would mend it", ":mend shows the plan", "10.0.0.1:6380", "cache1, running", "172.17.0.2 in bridge", ":6379→6379"] { #expect(text.contains(part), "\(part)") }
        var byHand = difference
        byHand.mend = nil
        byHand.container = nil
        text = Self.text(Description.of(byHand, in: snapshot))
        #expect(text.contains("to do") && !text.contains(":mend") && text.contains("none"))
    }

    @Test func textFromOutsideIsHarmless() {
        let evil = "e\u{1B}[31mvil\u{9B}2J\u{7}"
        var check = HealthFixture.check("n1", evil, evil, .critical, evil + "\n" + evil, instance: (evil, evil), does: evil, notes: evil, tags: [evil])
        check.probes = [Probe(start: nil, end: nil, exitCode: 1, output: evil)]
        let member = Member(id: Member.ID(HealthFixture.consul, evil), name: evil, address: evil, datacenter: evil, status: .failed, version: evil, meta: [evil: evil])
        let text = Self.text(Description.of(check, in: HealthFixture.troubled)) + Self.text(Description.of(member, in: HealthFixture.troubled))
        #expect(!text.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || (0x7F..<0xA0).contains($0.value) })
    }
}
