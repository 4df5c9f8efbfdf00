import Commands
import Domain
import Drawing
import Panes
import Testing

/// A trace by itself: a chain in, cells, a cursor and a place out.
@Suite struct TracePageTests {
    /// What a terminal of 80×24 leaves of itself inside the frame.
    private static let small = Size(width: 78, height: 21)

    private static func screen(_ page: inout TracePage, _ size: Size = small, hasUnicode: Bool = true) -> String {
        var canvas = Canvas(size: size, hasUnicode: hasUnicode)
        page.draw(into: &canvas, rect: canvas.bounds, scene: Scene(snapshot: HealthFixture.troubled, now: HealthFixture.now))
        return canvas.text
    }

    private static func words(_ screen: String) -> String { screen.split(whereSeparator: { $0 == " " || $0 == "\n" }).joined(separator: " ") }

    private static func kind(_ page: TracePage) -> String {
        switch page.selectedPlace {
        case .check: "check"
        case .instance: "instance"
        case .container: "container"
        case .network: "network"
        default: "none"
        }
    }

    @Test(arguments: [Size(width: 160, height: 46), small])
    func golden(size: Size) {
        var page = TracePage(TraceFixture.memory())
        GoldenScreens.compare(Self.screen(&page, size), named: "trace-\(size.width)x\(size.height)")
    }

    // MARK: What is shown

    @Test func everyLinkSaysHowItWasJoinedAndHowItIs() {
        var page = TracePage(TraceFixture.memory())
        let screen = Self.screen(&page, Size(width: 100, height: 50))
        for part in [
            "✖ The container web1 was killed for memory", "┌ ✖ check web answers", "├ ! service instance web1 on n1", "joined by its service id web1 (certain)",
            "– workload none  nothing found", "no orchestrator has placed this container", "├ ✖ container web1  ◀ likely cause", "(likely)", "▸ memory:", "└ ◌ path from here to 10.0.0.1:8080  asking…",
            "and a second line", "● network bridge",
        ] { #expect(screen.contains(part), "\(part)") }
        #expect(page.title == "Trace of check web answers")
        #expect(page.note == "6 links · likely cause: container · 1 answer awaited")
        for part in ["◀ likely cause", "restarts:   4, policy no", "line 6 before it died"] { #expect(page.text.contains(part)) }
        let plain = Self.screen(&page, Size(width: 100, height: 50), hasUnicode: false)
        for part in ["x The container", "+ x check web answers", "< likely cause", "> memory:", "- workload none"] { #expect(plain.contains(part), "\(part)") }
        #expect(!plain.unicodeScalars.contains { !$0.isASCII })
    }

    /// Without a key being pressed.
    @Test(arguments: [1, 6, 10, 14, 30])
    func theCauseAndItsEvidenceAreSeenAtOnce(lines: Int) {
        var page = TracePage(TraceFixture.memory(lines: lines))
        let screen = Self.screen(&page)
        #expect(Self.words(screen).contains("The container web1 was killed for memory"))
        #expect(screen.contains("◀ likely cause"))
        #expect(screen.contains("line \(lines) before it died"))
        #expect(Self.kind(page) == "container")
    }

    @Test func nothingBrokenIsSaidSo() {
        var page = TracePage(TraceFixture.trace([TraceFixture.network], cause: nil, verdict: "Nothing on the way is broken"))
        let screen = Self.screen(&page)
        #expect(screen.contains("● Nothing on the way is broken"))
        #expect(!screen.contains("likely cause"))
        #expect(page.note == "1 link")
        var empty = TracePage(TraceFixture.trace([], cause: 7, verdict: ""))
        for command: Command.ID in [.down, .up, .pageDown, .pageUp, .top, .bottom] { _ = empty.perform(command) }
        _ = Self.screen(&empty)
        #expect(empty.selectedPlace == nil)
    }

    // MARK: Moving

    @Test func theCursorGoesFromLinkToLink() {
        var page = TracePage(TraceFixture.memory())
        _ = Self.screen(&page)
        for kind in ["network", "none", "none"] {
            _ = page.perform(.down)
            #expect(Self.kind(page) == kind)
        }
        _ = page.perform(.top)
        #expect(Self.kind(page) == "check")
        for kind in ["instance", "none", "container", "network"] {
            _ = page.perform(.down)
            #expect(Self.kind(page) == kind)
        }
        for kind in ["container", "none", "instance", "check", "check"] {
            _ = page.perform(.up)
            #expect(Self.kind(page) == kind)
        }
        let isFilterItsOwn = page.perform(.filter)
        #expect(!isFilterItsOwn)
    }

    /// Every line of a link that is longer than the screen can be read, down and up again.
    @Test func aLongLinkIsScrolledByLines() {
        var page = TracePage(TraceFixture.memory(lines: 60))
        _ = Self.screen(&page)
        _ = page.perform(.top)
        var seen: Set<Int> = []
        func look() {
            let screen = Self.screen(&page)
            for number in 1...60 where screen.contains("line \(number) before it died") { seen.insert(number) }
        }
        for _ in 0..<100 where Self.kind(page) != "network" {
            look()
            _ = page.perform(.down)
        }
        #expect(Self.kind(page) == "network")
        #expect(seen.count == 60)
        seen = []
        for _ in 0..<100 where Self.kind(page) != "instance" {
            look()
            _ = page.perform(.up)
        }
        #expect(Self.kind(page) == "instance")
        #expect(seen.count == 60)
    }

    @Test(arguments: [Size(width: 0, height: 0), Size(width: 1, height: 1), Size(width: 20, height: 5), Size(width: 40, height: 9), small, Size(width: 200, height: 60)])
    func theCursorIsAlwaysSeen(size: Size) {
        for commands: [Command.ID] in [[.down, .up], [.pageDown, .pageUp], [.halfDown, .halfUp]] {
            var page = TracePage(TraceFixture.memory(lines: 20))
            for command in commands {
                for _ in 0..<(size.height < 20 ? 200 : 60) {
                    var canvas = Canvas(size: size)
                    page.draw(into: &canvas, rect: canvas.bounds, scene: Scene(snapshot: HealthFixture.troubled, now: HealthFixture.now))
                    #expect(size.height < 5 || canvas.cells.contains { $0.overlay.contains(.selected) })
                    _ = page.perform(command)
                }
            }
            #expect(Self.kind(page) == "check")
        }
    }

    @Test func aClickChoosesALink() {
        var page = TracePage(TraceFixture.memory())
        let lines = Self.screen(&page, Size(width: 100, height: 50)).split(separator: "\n", omittingEmptySubsequences: false)
        guard let row = lines.firstIndex(where: { $0.contains("and a second line") }) else {
            Issue.record("the output of the check is not seen")
            return
        }
        page.click(row: row)
        #expect(Self.kind(page) == "check")
        page.click(row: 0)
        page.click(row: 400)
        #expect(Self.kind(page) == "check")
    }

    // MARK: Answers that come in

    @Test func theCursorFollowsTheCauseUntilItIsMoved() {
        let before = TraceFixture.trace([TraceFixture.refused, TraceFixture.instance, TraceFixture.path], cause: nil, verdict: "Asking what is there")
        var page = TracePage(before)
        _ = Self.screen(&page)
        #expect(Self.kind(page) == "check")
        page.replace(TraceFixture.memory())
        #expect(Self.screen(&page).contains("◀ likely cause"))
        #expect(Self.kind(page) == "container")
        page = TracePage(before)
        _ = Self.screen(&page)
        _ = page.perform(.down)
        page.replace(TraceFixture.memory())
        #expect(Self.kind(page) == "instance")
        page.replace(TraceFixture.trace([TraceFixture.network, TraceFixture.killed(lines: 3)], cause: 1, verdict: "It was killed"))
        _ = Self.screen(&page)
        #expect(page.selectedPlace != nil)
    }

    @Test func aLinkStaysWhereItIsWhenOthersGrowAboveIt() {
        var page = TracePage(TraceFixture.memory(lines: 30))
        _ = Self.screen(&page)
        _ = page.perform(.bottom)
        _ = page.perform(.up)
        func row(_ screen: String) -> Int? { screen.split(separator: "\n", omittingEmptySubsequences: false).firstIndex { $0.contains("network bridge") } }
        let before = row(Self.screen(&page))
        page.replace(TraceFixture.memory(lines: 34))
        #expect(row(Self.screen(&page)) == before)
        #expect(Self.kind(page) == "network")
    }

    @Test func textFromOutsideNeverReachesACellRaw() {
        let evil = "e\u{1B}[31mvil\u{9B}2J\u{202E}\u{7}\rnext\nline"
        let link = Trace.Link(.container, evil, state: .broken, joint: .init(evil, .guess), facts: [.init(evil, evil, isEvidence: true), .init("", String(repeating: evil, count: 5000))])
        var page = TracePage(TraceFixture.trace([link], cause: 0, verdict: evil))
        let screen = Self.screen(&page, Size(width: 60, height: 400))
        #expect(!screen.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || (0x7F..<0xA0).contains($0.value) || $0.value == 0x202E })
        #expect(!page.text.unicodeScalars.contains { ($0.value < 0x20 && $0 != "\n") || (0x7F..<0xA0).contains($0.value) })
        #expect(!page.title.contains("\u{1B}"))
    }
}
