import Domain
import Store
import Testing

/// Two runs of the program, one after the other, with one history file.
@Suite struct RestartTests {
    private let file = HistoryFile()

    /// “http” turned critical at 1240, “tcp” was always passing; ended at 2000.
    private func earlierRun() throws -> History {
        let history = try file.open()
        let run = WatchedRun(at: 1000)
        run.list(("http", .passing), ("tcp", .passing))
        try run.restore(from: history)
        run.change("http", .critical, at: 1240)
        try run.end(into: history, at: 2000)
        return history
    }

    @Test func `what lasts over a restart is told from its beginning`() throws {
        let history = try earlierRun()
        let run = WatchedRun(at: 2100)
        run.list(("http", .critical), ("tcp", .passing))
        #expect(run.check("http")?.since == Timestamp(seconds: 2100) && run.check("http")?.isSinceAtLeast == true, "until the file is read")
        let before = run.store.snapshot().revisions.checks
        try run.restore(from: history)
        let http = try #require(run.check("http"))
        #expect(http.since == Timestamp(seconds: 1240) && !http.isSinceAtLeast && http.watchedSince == Timestamp(seconds: 1000))
        #expect(http.flips == 1 && http.transitions.map(\.to) == [.critical])
        let tcp = try #require(run.check("tcp"))
        #expect(tcp.since == Timestamp(seconds: 1000) && tcp.isSinceAtLeast && tcp.flips == 0)
        #expect(run.store.snapshot().revisions.checks > before)
        #expect(run.notes.isEmpty && run.events.isEmpty, "nothing happened")
    }

    @Test func `the same when the source answers only after the file is read`() throws {
        let history = try earlierRun()
        let run = WatchedRun(at: 2050)
        try run.restore(from: history)
        run.list(("http", .critical), ("tcp", .passing), at: 2110)
        #expect(run.check("http")?.since == Timestamp(seconds: 1240) && run.check("tcp")?.watchedSince == Timestamp(seconds: 1000))
    }

    @Test func `over a gap nobody knows what was`() throws {
        let history = try earlierRun()
        let run = WatchedRun(at: 2000 + 121)
        run.list(("http", .critical), ("tcp", .passing))
        try run.restore(from: history)
        for name in ["http", "tcp"] {
            let check = try #require(run.check(name))
            #expect(check.since == Timestamp(seconds: 2121) && check.isSinceAtLeast && check.watchedSince == Timestamp(seconds: 2121))
        }
        #expect(run.check("http")?.flips == 1, "it did flip within the hour")
        try run.end(into: history, at: 2130)
        // A third run follows the second without a gap: the gap before that stays one.
        let third = WatchedRun(at: 2140)
        third.list(("http", .critical), ("tcp", .passing))
        try third.restore(from: history)
        #expect(third.check("http")?.since == Timestamp(seconds: 2121) && third.check("http")?.isSinceAtLeast == true)
    }

    @Test func `what is different was changed while nobody watched`() throws {
        let history = try earlierRun()
        let run = WatchedRun(at: 2060)
        run.list(("http", .passing), ("tcp", .passing))
        // It changes once more before the file is read.
        run.change("http", .warning, at: 2061)
        try run.restore(from: history)
        let check = try #require(run.check("http"))
        #expect(check.transitions.map(\.to) == [.critical, .passing, .warning])
        #expect(check.transitions.map(\.wasUnwatched) == [false, true, false])
        #expect(check.since == Timestamp(seconds: 2061) && !check.isSinceAtLeast && check.flips == 3)
        #expect(run.events.map(\.action).sorted() == ["passing", "warning"])
        try run.end(into: history, at: 2070)
        #expect(try history.latestTransitions().first { $0.check == check.id }?.to == .warning)
    }

    @Test func `a status found out afterwards began at the latest then`() throws {
        let history = try earlierRun()
        let run = WatchedRun(at: 9000)
        run.list(("http", .passing), ("tcp", .passing))
        try run.restore(from: history)
        let check = try #require(run.check("http"))
        #expect(check.since == Timestamp(seconds: 9000) && check.isSinceAtLeast)
        #expect(check.transitions.map(\.wasUnwatched) == [true], "the one before is more than an hour ago")
    }

    @Test func `what was gone and came back is another`() throws {
        let history = try file.open()
        let run = WatchedRun(at: 1000)
        try run.restore(from: history)
        run.list(("http", .passing), ("tcp", .passing))
        run.list(("tcp", .passing), at: 1100)
        try run.end(into: history, at: 1200)
        #expect(try history.latestTransitions().map(\.check.raw) == ["n1/tcp"])
        let next = WatchedRun(at: 1210)
        next.list(("http", .passing), ("tcp", .passing))
        try next.restore(from: history)
        #expect(next.check("http")?.since == Timestamp(seconds: 1210) && next.check("tcp")?.since == Timestamp(seconds: 1000))
        // One that comes up while its source is watched is new, whatever the file knows of it.
        let third = WatchedRun(at: 1220)
        third.list(("tcp", .passing))
        try third.restore(from: history)
        third.list(("http", .passing), ("tcp", .passing), at: 1230)
        #expect(third.check("http")?.since == Timestamp(seconds: 1230) && third.check("http")?.watchedSince == Timestamp(seconds: 1230))
    }

    @Test func `without a file all goes on as if there was none`() throws {
        let run = WatchedRun(at: 1000)
        run.list(("http", .passing))
        try run.restore(from: try file.open())
        #expect(run.check("http")?.since == Timestamp(seconds: 1000) && run.check("http")?.isSinceAtLeast == true)
        #expect(run.transitions == [CheckTransition(check: Check.ID(WatchedRun.consul, "n1/http"), at: Timestamp(seconds: 1000), from: nil, to: .passing)])
        #expect(run.events.isEmpty)
    }

    @Test func `a trim spares the last change of each check`() throws {
        let history = try file.open()
        let quiet = Check.ID(WatchedRun.consul, "n1/quiet")
        let loud = Check.ID(WatchedRun.consul, "n1/loud")
        let flapping = (2...100).map { CheckTransition(check: loud, at: Timestamp(seconds: $0), from: .passing, to: .critical, wasUnwatched: $0 == 3) }
        try history.append(transitions: [CheckTransition(check: quiet, at: Timestamp(seconds: 1), from: nil, to: .maintenance)] + flapping)
        #expect(try history.transitions(since: Timestamp(seconds: 2)) == flapping)
        try history.trim(transitions: 10)
        #expect(try history.transitions(since: Timestamp(seconds: 0)).map(\.at.seconds) == [1] + Array(92...100))
        #expect(try Set(history.latestTransitions().map(\.check)) == [quiet, loud])
        try history.trim(transitions: 1)
        #expect(try history.transitions(since: Timestamp(seconds: 0)).map(\.check) == [loud])
    }

    @Test func `a span grows as it is written again`() throws {
        let history = try file.open()
        let span = WatchSpan(source: WatchedRun.consul, from: Timestamp(seconds: 1), until: Timestamp(seconds: 2))
        try history.extendWatch([span])
        var longer = span
        longer.until = Timestamp(seconds: 60)
        let other = WatchSpan(source: WatchedRun.docker, from: Timestamp(seconds: 1), until: Timestamp(seconds: 70))
        try history.extendWatch([longer, other])
        #expect(try file.open().watchSpans() == [other, longer])
    }
}
