import Commands
import Domain
import Drawing
import Panes
import Testing

/// The health pane by itself: a snapshot in, cells and a cursor out.
@Suite struct HealthPaneTests {
    static func pane(_ snapshot: Snapshot, _ commands: [Command.ID] = []) -> HealthPane {
        var pane = HealthPane()
        pane.arrange(snapshot)
        for command in commands { _ = pane.perform(command, snapshot) }
        return pane
    }

    static func screen(_ pane: inout HealthPane, _ snapshot: Snapshot, width: Int = 80, height: Int = 24, hasUnicode: Bool = true, utcOffset: Int = 0) -> String {
        var canvas = Canvas(size: Size(width: width, height: height), hasUnicode: hasUnicode)
        pane.arrange(snapshot)
        pane.draw(into: &canvas, rect: canvas.bounds, scene: Scene(snapshot: snapshot, now: snapshot.takenAt, utcOffset: utcOffset))
        return canvas.text
    }

    static func lines(_ screen: String) -> [Substring] { screen.split(separator: "\n", omittingEmptySubsequences: false) }

    static func words(_ screen: String) -> String { screen.split(whereSeparator: { $0 == " " || $0 == "\n" }).joined(separator: " ") }

    static func name(_ subject: Subject) -> String {
        switch subject {
        case .check(let check): check.id.raw
        case .service(let service): service.name
        case .instance(let instance): instance.serviceID
        case .member(let member): member.name
        case .disagreement(let difference): difference.kind.rawValue
        default: ""
        }
    }

    private static func names(_ pane: HealthPane, _ snapshot: Snapshot) -> [String] {
        var pane = pane
        _ = pane.perform(.top, snapshot)
        return (0..<pane.rowCount).map { _ in
            defer { _ = pane.perform(.down, snapshot) }
            return name(pane.subject(in: snapshot))
        }
    }

    // MARK: By check

    @Test func theWorstComesFirst() {
        let snapshot = HealthFixture.troubled
        var pane = Self.pane(snapshot)
        let worst = ["n3/serfHealth", "n1/service:web1", "n2/disk", "n1/_service_maintenance:db1"]
        #expect(Self.names(pane, snapshot) == worst + ["n1/serfHealth", "n2/serfHealth", "n2/service:web2"])
        #expect(pane.note(snapshot) == "by check · 2 critical · 1 warning · 1 maintenance · 3 passing")
        // The failed node is counted once: its serf check says the same.
        #expect(pane.problemCount(snapshot) == 3)
        let screen = Self.screen(&pane, snapshot, width: 160)
        for part in ["≥45m00s", "4m00s", "Get \"http://10.0.0.1:8080/health\"", "91% used on /"] { #expect(screen.contains(part)) }
    }

    @Test func aNodeWithoutASerfCheckIsAProblemByItself() {
        var snapshot = HealthFixture.troubled
        snapshot.checks.removeAll { $0.kind == "serf" }
        #expect(Self.pane(snapshot).problemCount(snapshot) == 3)
    }

    /// Without colours, and where only ASCII is shown.
    @Test(arguments: [(true, "···▁▁██▁▁▁▁█", "···▁▁▁▁▁▁▆▆▆"), (false, "...__##____#", "...______%%%")])
    func theLastHourIsReadWithoutColours(hasUnicode: Bool, critical: String, warning: String) {
        let snapshot = HealthFixture.troubled
        var pane = Self.pane(snapshot)
        let screen = Self.screen(&pane, snapshot, width: 160, hasUnicode: hasUnicode)
        #expect(screen.contains(critical))
        #expect(screen.contains(warning))
        var glyphs: Set<Character> = []
        for status in Check.Status.allCases {
            var single = HealthFixture.base
            single.checks = [HealthFixture.check("n1", "a", "a", status, "")]
            single.revisions.checks = 2
            var pane = Self.pane(single)
            guard let row = Self.lines(Self.screen(&pane, single, width: 160, hasUnicode: hasUnicode)).first(where: { $0.contains(status.word) }) else { continue }
            glyphs.formUnion(row.filter { "·▁◌▄▆█._o=%#".contains($0) })
        }
        #expect(glyphs.count == Check.Status.allCases.count + 1)
    }

    @Test func aNarrowPaneGivesUpServiceAndLastHour() {
        let snapshot = HealthFixture.troubled
        var pane = Self.pane(snapshot)
        let narrow = Self.screen(&pane, snapshot, width: 80)
        for title in ["STATUS", "CHECK", "NODE", "SINCE", "FLIPS/H", "OUTPUT"] { #expect(narrow.contains(title)) }
        for title in ["SERVICE", "LAST HOUR"] { #expect(!narrow.contains(title)) }
        let wide = Self.screen(&pane, snapshot, width: 100)
        for title in ["SERVICE", "LAST HOUR"] { #expect(wide.contains(title)) }
    }

    @Test func theWordsClaimNoMoreThanWasSeen() {
        var snapshot = HealthFixture.troubled
        var pane = Self.pane(snapshot, [.down])
        var screen = Self.screen(&pane, snapshot)
        for part in ["web answers: critical for 4 min", "3 changes in the last hour", "GET http://10.0.0.1:8080/health every 10 s", "wake the web team", "dial tcp 10.0.0.1:8080: connect:", "and a second line"] {
            #expect(screen.contains(part))
        }
        #expect(!screen.contains("at least"))
        _ = pane.perform(.bottom, snapshot)
        screen = Self.screen(&pane, snapshot)
        #expect(screen.contains("passing for at least 45 min, watching since 07:18"))
        #expect(screen.contains("no change in the 45 min watched"))
        #expect(Self.screen(&pane, snapshot, utcOffset: 7200).contains("watching since 09:18"))
        snapshot.checks = [HealthFixture.check("n1", "a", "never run", .critical, "")]
        snapshot.checks[0].since = nil
        snapshot.revisions.checks += 1
        screen = Self.screen(&pane, snapshot)
        #expect(screen.contains("never run: critical ─"))
        #expect(screen.contains("(it printed nothing)"))
    }

    @Test func theOrderIsTheSameEveryTime() {
        var snapshot = HealthFixture.troubled
        for step in 0..<6 {
            var pane = Self.pane(snapshot, Array(repeating: .sortNext, count: step))
            let order = Self.names(pane, snapshot)
            snapshot.checks.reverse()
            snapshot.revisions.checks += 1
            pane.arrange(snapshot)
            #expect(Self.names(pane, snapshot) == order, "order \(step)")
            _ = pane.perform(.invertSort, snapshot)
            #expect(Self.names(pane, snapshot) == order.reversed(), "order \(step) backwards")
        }
    }

    @Test func theCursorStaysOnACheckThatFlaps() {
        var snapshot = HealthFixture.troubled
        var pane = Self.pane(snapshot, [.down])
        #expect(Self.name(pane.subject(in: snapshot)) == "n1/service:web1")
        snapshot.checks[3].status = .passing
        snapshot.revisions.checks += 1
        pane.arrange(snapshot)
        #expect(Self.names(pane, snapshot).first == "n3/serfHealth")
        #expect(Self.names(pane, snapshot).suffix(2).contains("n1/service:web1"))
        #expect(Self.name(pane.subject(in: snapshot)) == "n1/service:web1")
        guard case .check(let check) = pane.subject(in: snapshot) else { return }
        #expect(check.status == .passing)
    }

    @Test func whatDidNotChangeIsNotWorkedOutAgain() {
        var snapshot = HealthFixture.troubled
        var pane = Self.pane(snapshot)
        snapshot.checks.removeAll()
        pane.arrange(snapshot)
        #expect(pane.rowCount == 7)
        snapshot.revisions.checks += 1
        pane.arrange(snapshot)
        #expect(pane.rowCount == 0)
    }

    // MARK: Other views

    @Test func aServiceUnfoldsToItsInstancesAndTheirChecks() {
        let snapshot = HealthFixture.troubled
        var pane = Self.pane(snapshot, [.view, .top])
        #expect(pane.note(snapshot).hasPrefix("by service · 1 critical"))
        #expect(Self.names(pane, snapshot) == ["web", "db"])
        #expect(Self.screen(&pane, snapshot).contains("0/2"))
        _ = pane.perform(.right, snapshot)
        #expect(Self.names(pane, snapshot) == ["web", "web1", "web2", "db"])
        let screen = Self.screen(&pane, snapshot, width: 120)
        for part in ["▾ web", "▸ n1 10.0.0.1:8080", "web answers: Get"] { #expect(screen.contains(part)) }
        _ = pane.perform(.down, snapshot)
        _ = pane.perform(.right, snapshot)
        #expect(Self.names(pane, snapshot) == ["web", "web1", "n1/service:web1", "n1/serfHealth", "web2", "db"])
        // The same check of a node below two instances is two rows.
        for command: Command.ID in [.down, .down, .down, .right] { _ = pane.perform(command, snapshot) }
        #expect(Set(Self.names(pane, snapshot)).isSuperset(of: ["n2/disk", "n2/service:web2"]))
        for command: Command.ID in [.top, .down, .down, .left] { _ = pane.perform(command, snapshot) }
        #expect(Self.name(pane.subject(in: snapshot)) == "web1")
        for command: Command.ID in [.left, .left, .left] { _ = pane.perform(command, snapshot) }
        #expect(Self.names(pane, snapshot) == ["web", "db"])
        #expect(Self.name(pane.subject(in: snapshot)) == "web")
    }

    @Test func nodesTellTheirRoleAndTheirChecks() {
        let snapshot = HealthFixture.troubled
        var pane = Self.pane(snapshot, [.view, .view, .top])
        #expect(pane.note(snapshot) == "by node · 1 failed · 2 alive")
        #expect(Self.names(pane, snapshot) == ["n3", "n1", "n2"])
        let screen = Self.screen(&pane, snapshot, width: 120)
        for part in ["server, leader", "10.0.0.3", "dc1", "1.8.7", "✖1 ◐1 ●1", "!1 ●2", "its agent does not answer the others"] { #expect(screen.contains(part)) }
        _ = pane.perform(.bottom, snapshot)
        _ = pane.perform(.right, snapshot)
        #expect(Self.names(pane, snapshot) == ["n3", "n1", "n2", "n2/disk", "n2/serfHealth", "n2/service:web2"])
        for command: Command.ID in [.bottom, .left] { _ = pane.perform(command, snapshot) }
        #expect(Self.name(pane.subject(in: snapshot)) == "n2")
    }

    @Test func differencesSayWhatWouldMendThem() throws {
        let snapshot = HealthFixture.differing
        let difference = try #require(Disagreement.all(in: snapshot).first)
        var pane = Self.pane(snapshot, [.view, .view, .view])
        #expect(pane.note(snapshot) == "differences · \(Disagreement.all(in: snapshot).count)")
        let screen = Self.words(Self.screen(&pane, snapshot, width: 160, height: 40))
        for part in [difference.kind.rawValue, difference.service, Self.words(difference.words), Self.words(difference.match), Self.words(difference.advice)] { #expect(screen.contains(part)) }
        #expect(screen.contains("M: ") == (difference.mend != nil))
        #expect(Self.name(pane.subject(in: snapshot)) == difference.kind.rawValue)
        // A difference is a problem, whatever the filter for problems hides elsewhere.
        let count = pane.rowCount
        pane.showsProblemsOnly = true
        pane.arrange(snapshot)
        #expect(pane.rowCount == count)
    }

    @Test func anotherViewKeepsTheCursorOnTheSameThing() {
        let snapshot = HealthFixture.troubled
        var pane = Self.pane(snapshot, [.down, .down])
        #expect(Self.name(pane.subject(in: snapshot)) == "n2/disk")
        pane = Self.pane(snapshot, [.down, .view])
        #expect(Self.name(pane.subject(in: snapshot)) == "web")
        _ = pane.perform(.view, snapshot)
        #expect(Self.name(pane.subject(in: snapshot)) == "n1")
        for _ in 0..<2 { _ = pane.perform(.view, snapshot) }
        #expect(pane.note(snapshot).hasPrefix("by check"))
    }
}
