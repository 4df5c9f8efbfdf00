import Drawing
import Testing

@testable import Widgets

@Suite struct ScrollingTests {
    /// 3 rows each at 20 columns.
    private let long = (0..<10).map { "\($0): " + String(repeating: "x", count: 40) + " end\($0)" }

    @Test func theEndOfAWrappedTextIsReached() {
        let reader = Reader(long)
        reader.view.scrollToEnd()
        #expect(reader.rows().last == "xxx end9")
        reader.view.scroll(by: 1)
        #expect(reader.rows().last == "xxx end9")
        reader.view.scroll(by: -1)
        #expect(reader.rows().last == String(repeating: "x", count: 20))
    }

    @Test func aLineLongerThanTheScreenIsReadToItsEnd() {
        let text = (0..<300).map { "\($0 % 10)" }.joined() + "END"
        let reader = Reader([text])
        var seen = reader.rows().joined()
        for _ in 0..<20 {
            let before = reader.rows()
            reader.view.scroll(by: reader.view.page)
            seen += reader.rows().filter { !before.contains($0) }.joined()
        }
        #expect(reader.rows().last == "END")
        #expect(seen.hasSuffix("END"))
        reader.view.scrollToTop()
        #expect(reader.rows().first == String(text.prefix(20)))
    }

    @Test(arguments: [(false, true), (true, false), (true, true)]) func everyRowIsPassedInBothDirections(wraps: Bool, keepsWords: Bool) {
        let words = ["a", "bc", "漢字", "e\u{301}e\u{301}", "", "   ", String(repeating: "w", count: 33), "😀", "  key   value"]
        var dice = Dice()
        let lines = (0..<40).map { _ in (0..<Int.random(in: 0...12, using: &dice)).compactMap { _ in words.randomElement(using: &dice) }.joined(separator: " ") }
        let reader = Reader(lines, wraps: wraps, keepsWords: keepsWords)
        var down = [reader.rows()]
        while true {
            reader.view.scroll(by: 1)
            let rows = reader.rows()
            if rows == down.last, reader.isAtEnd { break }
            down.append(rows)
            guard down.count < 2000 else { break }
        }
        for (a, b) in zip(down, down.dropFirst()) { #expect(Array(a.dropFirst()) == Array(b.dropLast())) }
        var up = [reader.rows()]
        for _ in 1..<down.count {
            reader.view.scroll(by: -1)
            up.append(reader.rows())
        }
        #expect(Array(up.reversed()) == down)
        let atOnce = Reader(lines, wraps: wraps, keepsWords: keepsWords)
        atOnce.view.scrollToEnd()
        #expect(atOnce.rows() == down.last)
    }

    @Test func aMoveMadeBeforeTheTextHasComeIsNotLost() {
        let reader = Reader([])
        reader.view.scrollToEnd()
        _ = reader.canvas()
        reader.lines = (0..<100).map { "line \($0)" }
        #expect(reader.rows().last == "line 99")
        let other = Reader([], wraps: false)
        other.view.scrollToEnd()
        other.view.scroll(by: -2)
        other.lines = reader.lines
        #expect(other.rows().last == "line 97")
    }

    @Test func movesOfOneBatchStopAtTheEdgesOneByOne() {
        let reader = Reader((0..<100).map { "line \($0)" })
        for rows in [-1, -1, -1, 1, 1] { reader.view.scroll(by: rows) }
        #expect(reader.rows().first == "line 2")
    }

    @Test func whatIsFollowedHasItsEndAtTheBottom() {
        let reader = Reader(long)
        reader.follows = true
        #expect(reader.rows().last == "xxx end9")
        reader.lines.append("newest")
        #expect(reader.rows().last == "newest")
        reader.follows = false
        reader.view.scroll(by: -3)
        let before = reader.rows()
        reader.lines.removeFirst(4)
        reader.view.dropped(4)
        #expect(reader.rows() == before)
        reader.lines.removeFirst(7)
        reader.view.dropped(7)
        #expect(reader.rows().joined() == "")
    }

    @Test func anotherWidthKeepsWhatIsReadAtTheTop() {
        let text = (0..<100).map { "<\($0)>" }.joined()
        let reader = Reader([text, text])
        reader.view.scroll(by: 9)
        let top = reader.rows()[0].prefix(6)
        for width in [31, 12, 80, 21] {
            reader.size.width = width
            #expect(reader.rows()[0].contains(top))
        }
        reader.lead = "12:34:56 "
        #expect(reader.rows()[0].contains(top) || reader.rows()[1].contains(top.suffix(3)))
        reader.view.wraps = false
        #expect(reader.rows()[0].hasPrefix("12:34:56 <0>"))
    }

    @Test func shorterContentIsShownFromWhereItEnds() {
        let reader = Reader(long)
        reader.view.scrollToEnd()
        _ = reader.canvas()
        reader.lines = ["one", "two"]
        #expect(reader.rows() == ["one", "two", "", "", ""])
    }

    @Test func theScrollMarkCoversNoText() {
        let reader = Reader([String(repeating: "x", count: 200)])
        for _ in 0..<8 {
            let canvas = reader.canvas()
            #expect((0..<5).allSatisfy { canvas[20, $0].scalar != 0x78 })
            reader.view.scroll(by: 1)
        }
        #expect((0..<5).contains { reader.canvas()[20, $0].scalar == 0x2503 })
        // At the end the thumb is at the bottom.
        reader.view.scrollToEnd()
        #expect(reader.canvas()[20, 4].scalar == 0x2503)
    }

    @Test func aFrameAsksOnlyForTheLinesNearTheScreen() {
        let reader = Reader((0..<20_000).map { "line \($0) " + String(repeating: "x", count: 30) })
        let moves: [(inout TextView) -> Void] = [
            { $0.scrollToEnd() }, { $0.scroll(by: -4) }, { _ in }, { $0.scrollToTop() }, { $0.scroll(by: 4) },
        ]
        for move in moves {
            move(&reader.view)
            _ = reader.canvas()
            #expect(reader.asked < 50)
        }
    }
}

@Suite struct SearchingTests {
    @Test func matchesWithinALongWrappedLineBecomeVisible() {
        let filling = String(repeating: "x", count: 500)
        let reader = Reader(["first", filling + "needle1" + filling + "needle2" + filling, "last"])
        #expect(reader.find("needle"))
        #expect(reader.current() == "needle")
        #expect(reader.rows().joined().contains("needle1"))
        #expect(reader.findNext())
        #expect(reader.rows().joined().contains("needle2"))
        #expect(reader.findNext(forward: false))
        #expect(reader.rows().joined().contains("needle1"))
        #expect(reader.findNext(forward: false))
        #expect(reader.rows().joined().contains("needle2"))
        #expect(reader.findNext())
        #expect(reader.rows().joined().contains("needle1"))
    }

    @Test func rowsBeginWhereTheyShouldAfterASearchAndAnotherWidth() {
        let lines = ["first", (0..<200).map { "<\($0)>" }.joined(), "needle", (0..<100).map { "<\($0)>" }.joined() + "needle" + (100..<200).map { "<\($0)>" }.joined(), "last"]
        let reader = Reader(lines)
        #expect(reader.find("needle") && reader.findNext())
        #expect(reader.current() == "needle")
        for (width, lead) in [(16, ""), (21, "12:34 "), (34, "12:34 "), (21, "")] {
            reader.size.width = width
            reader.lead = lead
            let all = Reader(lines)
            all.lead = lead
            all.size = Size(width: width, height: 300)
            let rows = reader.rows()
            let whole = all.rows()
            #expect(whole.indices.dropLast(4).contains { Array(whole[$0..<$0 + 5]) == rows })
        }
    }

    @Test func aMatchFarToTheRightBecomesVisible() {
        let filling = String(repeating: "x", count: 300)
        let reader = Reader(["a", filling + "needle" + filling, "b needle"], wraps: false)
        #expect(reader.find("needle"))
        #expect(reader.current() == "needle")
        #expect(reader.findNext())
        #expect(reader.current() == "needle")
        #expect(reader.rows().contains("b needle"))
    }

    @Test func whatStandsInFrontIsNotCounted() {
        let reader = Reader((0..<50).map { "\($0) " + String(repeating: "x", count: 60) + " needle\($0)" })
        for lead in ["", "12:34:56 name │ ", "12:34:56 "] {
            reader.lead = lead
            #expect(reader.find("needle40") && reader.current() == "needle40")
            #expect(reader.find("needle3") && reader.current() == "needle3")
        }
    }

    @Test func aMatchAcrossTwoRowsIsMarkedOnBoth() {
        let reader = Reader([String(repeating: "x", count: 17) + "needle"])
        #expect(reader.find("needle") && reader.current() == "needle")
        #expect(reader.canvas()[19, 0].role == .match)
        #expect(reader.canvas()[0, 1].role == .match)
    }

    @Test func theSearchBeginsAtTheTopOfWhatIsSeen() {
        let reader = Reader((0..<50).map { "line \($0)" })
        reader.view.scroll(by: 30)
        #expect(reader.find("line") && reader.current() == "line")
        #expect(reader.rows()[0] == "line 30")
        #expect(reader.findNext(forward: false) && reader.rows().contains("line 29"))
        #expect(!reader.find("nowhere") && !reader.findNext())
        #expect(!reader.find(""))
    }

    /// Comparing characters instead of bytes takes minutes for this.
    @Test(arguments: [false, true]) func aHugeLineIsSearchedAndDrawnAtOnce(wraps: Bool) {
        let reader = Reader(["{", "    \"label\": \"" + String(repeating: "x", count: 2 << 20) + "y\"", "}"], wraps: wraps)
        let start = ContinuousClock.now
        #expect(reader.find("xxxy") && reader.current() == "xxxy")
        reader.view.scroll(by: -3)
        _ = reader.canvas()
        #expect(reader.findNext(forward: false) && reader.current() == "xxxy")
        reader.view.scrollToEnd()
        if wraps { #expect(reader.rows().last == "}") }
        #expect(ContinuousClock.now - start < .seconds(5))
    }

    @Test(arguments: [
        ("needle", "a Needle", true), ("Needle", "a needle", false), ("NEEDLE", "NEEDLES", true), ("é", "É", true), ("É", "é", false),
        ("с", "Ё", false), ("ё", "Ё", true), ("ссс", "сСс", true), ("日本", "今日本", true), ("aab", "aaab", true), ("x", "", false), ("", "x", false),
    ])
    func occurrences(needle: String, text: String, isFound: Bool) {
        let range = TextView.occurrence(of: needle, in: text)
        #expect((range != nil) == isFound)
        if let range { #expect(text[range].lowercased() == needle.lowercased()) }
    }

    @Test func findsWhatComparingEverywhereFinds() {
        var dice = Dice()
        for _ in 0..<500 {
            let text = Array((0..<Int.random(in: 0...40, using: &dice)).map { _ in "abAB".utf8.randomElement(using: &dice) ?? 0 })
            let word = Array((0..<Int.random(in: 1...4, using: &dice)).map { _ in "ab".utf8.randomElement(using: &dice) ?? 0 })
            let places = text.indices.filter { place in text.dropFirst(place).prefix(word.count).map { $0 | 0x20 } == word }
            let needle = Needle(String(decoding: word, as: UTF8.self))
            text.withUnsafeBufferPointer { bytes in
                let start = Int.random(in: 0...40, using: &dice)
                #expect(needle.first(in: bytes, from: start) == places.first { $0 >= start })
                #expect(needle.last(in: bytes, before: start) == places.last { $0 + word.count <= start })
                let covered = Set(places.flatMap { $0..<$0 + word.count }).intersection(3..<20)
                #expect(Set(needle.spans(in: bytes, within: min(3, text.count)..<min(20, text.count)).joined()) == covered)
            }
        }
    }
}
