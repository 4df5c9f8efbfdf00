import Domain
import Store
import Testing

@Suite struct StoreTests {
    static let source = Source.ID("docker:local")

    func store() -> SnapshotStore { SnapshotStore(now: { Timestamp(seconds: 1000) }, onChange: {}) }

    func container(_ raw: String, health: Container.Health = .none) -> Container {
        Container(id: Container.ID(Self.source, raw), host: Host.ID(Self.source, "h"), name: raw, image: "i", created: Timestamp(seconds: 1), state: .running(since: nil), health: health)
    }

    @Test func patchesByIdentity() {
        let store = store()
        store.receive(.containers(Self.source, [container("a"), container("b")]))
        let before = store.snapshot().revisions.containers
        store.receive(.container(container("a")))
        #expect(store.snapshot().revisions.containers == before, "an unchanged container is no news")
        store.receive(.container(container("c")))
        store.receive(.containerGone(Container.ID(Self.source, "a")))
        #expect(store.snapshot().containers.map(\.name) == ["b", "c"])
    }

    @Test func aListLeavesOtherSourcesAlone() {
        let store = store()
        store.receive(.containers(Self.source, [container("a")]))
        let other = Source.ID("docker:other")
        store.receive(.containers(other, [Container(id: Container.ID(other, "a"), host: Host.ID(other, "h"), name: "x", image: "i", created: Timestamp(seconds: 1), state: .created)]))
        #expect(store.snapshot().containers.count == 2)
    }

    @Test func healthBecomesACheckWithFlips() {
        let store = store()
        store.receive(.containers(Self.source, [container("a", health: .healthy)]))
        #expect(store.snapshot().checks.map(\.status) == [.passing])
        store.receive(.container(container("a", health: .unhealthy)))
        let check = store.snapshot().checks.first
        #expect(check?.status == .critical)
        #expect(check?.flips == 1)
        #expect(check?.isSinceAtLeast == false)
        store.receive(.containerGone(Container.ID(Self.source, "a")))
        #expect(store.snapshot().checks.isEmpty)
    }

    @Test func theSameEventToldTwiceStandsOnce() {
        let store = store()
        let event = Event(id: "1/a/start", at: Timestamp(seconds: 5), origin: .engine, source: Self.source, kind: "container", action: "start", subject: "a", severity: .notice)
        store.receive(.event(event))
        store.receive(.event(event))
        var older = Event(id: "0/a/create", at: Timestamp(seconds: 4), origin: .engine, source: Self.source, kind: "container", action: "create", subject: "a")
        older.detail = "later told"
        store.receive(.event(older))
        #expect(store.snapshot().events.map(\.action) == ["start", "create"])
    }

    @Test func historySurvivesARestart() throws {
        let path = "/tmp/binnacle-history-\(UInt32.random(in: 0...UInt32.max)).sqlite"
        let event = Event(id: "1", at: Timestamp(seconds: 5), origin: .operation, source: Self.source, kind: "container", action: "stop", subject: "a", detail: "stopped a", severity: .notice)
        try History(path: path).append([event])
        let again = try History(path: path)
        #expect(try again.newest(10) == [event])
        try again.trim(to: 0)
        #expect(try again.newest(10).isEmpty)
    }

    @Test func theJournalKeepsWhatWasDone() throws {
        let path = "/tmp/binnacle-journal-\(UInt32.random(in: 0...UInt32.max)).jsonl"
        let journal = Journal(path: path)
        let operation = Operation(.stop(grace: nil), on: .container(Container.ID(Self.source, "abc"), name: "web"))
        let plan = Plan(operation: operation, calls: ["POST /containers/abc/stop"], commandLine: "docker stop web", previous: "{}")
        try journal.append(Journal.Entry(plan: plan, outcome: Outcome(operation: operation, result: .success("stopped web")), at: Timestamp(seconds: 5), user: "u"))
        try journal.append(Journal.Entry(plan: plan, outcome: Outcome(operation: operation, result: .failure(Trouble(.conflict, attempt: "stop web", answer: "no"))), at: Timestamp(seconds: 6), user: "u"))
        #expect(journal.newest(10).map(\.result) == ["failed", "done"])
        #expect(journal.newest(10).last?.commandLine == "docker stop web")
    }
}
