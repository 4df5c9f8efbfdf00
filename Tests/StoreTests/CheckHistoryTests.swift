import Domain
import Store
import Testing

@Suite struct CheckHistoryTests {
    @Test func `a change is told with what was before`() throws {
        let run = WatchedRun(at: 1000)
        run.list(("http", .passing), ("tcp", .passing))
        #expect(run.events.isEmpty, "what is seen first is no event")
        run.change("http", .critical, output: "\n  connection refused\nsecond line", at: 1240)
        let check = try #require(run.check("http"))
        #expect(check.since == Timestamp(seconds: 1240) && !check.isSinceAtLeast && check.flips == 1)
        #expect(check.transitions == [CheckTransition(check: check.id, at: Timestamp(seconds: 1240), from: .passing, to: .critical)])
        #expect(check.watchedSince == Timestamp(seconds: 1000))
        let event = try #require(run.events.first)
        #expect(event.id == "check/consul:local/n1/http/1240000000000")
        #expect(event.origin == .binnacle && event.kind == "check" && event.action == "critical" && event.severity == .failure)
        #expect(event.subject == "http" && event.subjectID == "n1/http")
        #expect(event.detail == "was passing for at least 4 min; web on n1: connection refused")
        #expect(run.store.snapshot().events.map(\.id) == [event.id])
        run.change("http", .warning, at: 1300)
        #expect(run.events.last?.detail == "was critical for 60 s; web on n1" && run.events.last?.severity == .warning)
        run.change("http", .maintenance, at: 1310)
        run.change("http", .passing, at: 1320)
        #expect(run.events.suffix(2).map(\.severity) == [.notice, .notice])
        #expect(run.check("tcp")?.flips == 0 && run.check("tcp")?.since == Timestamp(seconds: 1000) && run.check("tcp")?.isSinceAtLeast == true)
    }

    @Test func `the engine tells of its own HEALTHCHECK, so that is no event of ours`() {
        let run = WatchedRun(at: 1000)
        run.store.receive(.containers(WatchedRun.docker, [WatchedRun.container("a", .healthy)]))
        run.store.receive(.container(WatchedRun.container("a", .unhealthy)))
        #expect(run.transitions.map(\.to) == [.critical])
        #expect(run.events.isEmpty)
        #expect(run.store.snapshot().checks.map(\.kind) == ["healthcheck"])
    }

    @Test func `flapping keeps to its bounds, and an hour later it is over`() throws {
        let run = WatchedRun(at: 1000)
        run.list(("http", .passing), ("tcp", .passing))
        for flip in 1...200 { run.change("http", flip.isMultiple(of: 2) ? .passing : .critical, at: 1000 + Int64(flip)) }
        #expect(run.transitions.count == 200, "every one is recorded")
        var check = try #require(run.check("http"))
        #expect(check.flips == 64 && check.transitions.last?.at == Timestamp(seconds: 1200) && check.transitions.first?.at == Timestamp(seconds: 1137))
        let before = run.store.snapshot().revisions.checks
        // Something else is told: it is enough for the flips to grow old.
        run.change("tcp", .passing, at: 1200 + 3590)
        check = try #require(run.check("http"))
        #expect(check.flips == 11 && check.since == Timestamp(seconds: 1200))
        #expect(run.store.snapshot().revisions.checks > before)
        run.change("tcp", .passing, at: 1200 + 3700)
        #expect(run.check("http")?.flips == 0)
    }

    @Test func `a container that is started again goes on, one that is gone does not`() throws {
        let run = WatchedRun(at: 1000)
        run.store.receive(.containers(WatchedRun.docker, [WatchedRun.container("a", .healthy)]))
        run.clock(1100)
        run.store.receive(.container(WatchedRun.container("a", .healthy, state: .created)))
        #expect(run.store.snapshot().checks.isEmpty)
        run.clock(1200)
        run.store.receive(.container(WatchedRun.container("a", .starting)))
        let check = try #require(run.store.snapshot().checks.first)
        #expect(check.flips == 1 && check.since == Timestamp(seconds: 1200))
        run.store.receive(.containerGone(check.container!))
        run.store.receive(.container(WatchedRun.container("a", .starting)))
        #expect(run.store.snapshot().checks.map(\.flips) == [0])
        #expect(run.notes.filter { if case .gone = $0 { true } else { false } }.count == 2)
    }

    @Test func `a source that does not answer is not watched`() throws {
        let run = WatchedRun(at: 1000)
        run.store.receive(.source(WatchedRun.source(.live(since: Timestamp(seconds: 1000)))))
        run.list(("a", .passing), ("b", .passing))
        let trouble = Trouble(.unreachable, attempt: "ask", answer: "nobody")
        run.clock(1500)
        run.store.receive(.source(WatchedRun.source(.stale(since: Timestamp(seconds: 1490), trouble))))
        // A short gap: what lasted goes on, what changed was not seen.
        run.list(("a", .passing), ("b", .warning), at: 1550)
        #expect(run.check("a")?.since == Timestamp(seconds: 1000) && run.check("a")?.watchedSince == Timestamp(seconds: 1000))
        #expect(run.check("b")?.transitions.map(\.wasUnwatched) == [true] && run.check("b")?.isSinceAtLeast == true)
        #expect(run.events.last?.detail == "was passing when it was last watched; web on n1")
        run.change("b", .passing, at: 1560)
        #expect(run.check("b")?.transitions.map(\.wasUnwatched) == [true, false], "from then on it is watched again")
        // A long one: it may have been anything meanwhile.
        run.clock(2000)
        run.store.receive(.source(WatchedRun.source(.stale(since: Timestamp(seconds: 2000), trouble))))
        run.clock(2200)
        run.store.receive(.source(WatchedRun.source(.live(since: Timestamp(seconds: 2200)))))
        run.list(("a", .passing), ("b", .passing))
        let check = try #require(run.check("a"))
        #expect(check.since == Timestamp(seconds: 2200) && check.isSinceAtLeast && check.watchedSince == Timestamp(seconds: 2200))
        #expect(run.store.watchSpans() == [WatchSpan(source: WatchedRun.consul, from: Timestamp(seconds: 2200), until: Timestamp(seconds: 2200))])
    }
}
