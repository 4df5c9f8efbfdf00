import Testing

@testable import Domain

/// Six cells of ten minutes; `.` passing, `w` warning, `C` critical, `m` maintenance, `s` starting, a space where nobody watched.
@Suite struct CheckStripTests {
    static let now = Timestamp(seconds: 1_700_000_000)
    static func ago(minutes: Int64) -> Timestamp { Timestamp(seconds: now.seconds - minutes * 60) }

    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String { name }
        let name: String
        var status: Check.Status = .passing
        /// Minutes ago; nil where it is not watched.
        var watched: Int64?
        var changes: [(Int64, Check.Status?, Check.Status, unwatched: Bool)] = []
        let strip: String
    }

    static let cases: [Case] = [
        Case(name: "never watched", strip: "      "),
        Case(name: "watched all the time", watched: 90, strip: "......"),
        Case(name: "watched for 25 minutes", watched: 25, strip: "   ..."),
        Case(name: "watched since now", watched: 0, strip: "     ."),
        Case(name: "red for 15 minutes", status: .critical, watched: 90, changes: [(15, .passing, .critical, false)], strip: "....CC"),
        Case(
            name: "the worst within each cell", watched: 90, changes: [(15, .passing, .warning, false), (14, .warning, .critical, false), (13, .critical, .passing, false)],
            strip: "....C."),
        // Passing from 55 to 35 minutes ago and critical since; the run that saw it ended, and this one began 12 minutes ago.
        Case(
            name: "an earlier run told of it", status: .critical, watched: 12, changes: [(55, nil, .passing, false), (35, .passing, .critical, false)],
            strip: "..C CC"),
        Case(
            name: "found out afterwards", status: .critical, watched: 12, changes: [(55, nil, .passing, false), (12, .passing, .critical, true)],
            strip: ".   CC"),
        Case(name: "the first change of a run that has ended", status: .passing, changes: [(35, .passing, .warning, false)], strip: "  w   "),
    ]

    static func text(_ given: Case) -> String {
        let id = Check.ID(Source.ID("consul"), "n/c")
        let check = Check(
            id: id, name: "c", status: given.status,
            transitions: given.changes.map { CheckTransition(check: id, at: ago(minutes: $0.0), from: $0.1, to: $0.2, wasUnwatched: $0.unwatched) },
            watchedSince: given.watched.map(ago))
        return String(
            check.strip(cells: 6, until: now).map { status -> Character in
                switch status {
                case nil: " "
                case .passing: "."
                case .starting: "s"
                case .maintenance: "m"
                case .warning: "w"
                case .critical: "C"
                }
            })
    }

    @Test(arguments: cases) func drawsTheLastHour(_ given: Case) { #expect(Self.text(given) == given.strip) }

    @Test func anExactBeginningIsKnownThoughNobodyWatched() {
        let check = Check(id: Check.ID(Source.ID("d"), "c"), name: "c", status: .critical, since: Self.ago(minutes: 25), watchedSince: Self.ago(minutes: 5))
        #expect(check.strip(cells: 6, until: Self.now) == [nil, nil, nil, .critical, .critical, .critical])
        var bounded = check
        bounded.isSinceAtLeast = true
        #expect(bounded.strip(cells: 6, until: Self.now) == [nil, nil, nil, nil, nil, .critical])
    }

    @Test func oddSizesAreHarmless() {
        let check = Check(id: Check.ID(Source.ID("d"), "c"), name: "c", status: .passing, watchedSince: Timestamp(nanoseconds: .min))
        #expect(check.strip(cells: 0, until: Self.now).isEmpty)
        #expect(check.strip(cells: -3, until: Self.now).isEmpty)
        #expect(check.strip(cells: 3, over: .zero, until: Self.now).last == .passing)
        #expect(check.strip(cells: 3, over: .seconds(Int64.max), until: Timestamp(nanoseconds: .max)).count == 3)
        #expect(check.strip(cells: Int.max, over: .seconds(1), until: Self.now).count == 4096)
        #expect(check.strip(cells: 3, until: Timestamp(nanoseconds: .min)).count == 3)
    }
}
