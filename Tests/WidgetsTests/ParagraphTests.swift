import Drawing
import Testing
import Widgets

@Suite struct ParagraphTests {
    @Test(arguments: [
        ("one two three", 7, ["one two", "three"]), ("toolongword x", 4, ["tool", "ongw", "ord", "x"]), ("a\n\nb", 9, ["a", "", "b"]), ("", 5, [""]),
        ("数据库 x", 4, ["数据", "库 x"]),
    ])
    func breaksAtSpacesAndNeverExceedsTheWidth(text: String, width: Int, lines: [String]) {
        #expect(Paragraph.lines(text, width: width) == lines)
        #expect(Paragraph.lines(text, width: width).allSatisfy { TextWidth.of($0) <= width })
    }
}
