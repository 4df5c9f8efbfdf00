import Testing

@testable import Widgets

@Suite struct LineLayoutTests {
    private func rows(_ text: String, _ width: Int, _ wrapping: LineLayout.Wrapping) -> [String] {
        var rows: [String] = []
        text.withBytes { bytes in
            LineLayout(width: width, wrapping: wrapping).rows(in: bytes) { _, row in
                rows.append(String(repeating: " ", count: row.indent) + text.piece(row.bytes) + (row.isCut ? "…" : ""))
                return true
            }
        }
        return rows
    }

    @Test(arguments: [
        ("", [""]), ("short", ["short"]), ("exactly twenty cells", ["exactly twenty cells"]),
        ("one two three four five six", ["one two three four", "five six"]),
        ("exactly twenty cells and more", ["exactly twenty cells", "and more"]),
        // Below the text, not below the key.
        ("  k  move to the next row", ["  k  move to the", "     next row"]),
        ("key:  one two three four", ["key:  one two three", "      four"]),
        ("    not now: nothing is seen", ["    not now: nothing", "      is seen"]),
        // A word longer than a row is broken, and never leaves its key alone.
        ("  id  0123456789abcdefghij", ["  id  0123456789abcd", "      efghij"]),
        ("see 0123456789abcdefghij now", ["see", "0123456789abcdefghij", "now"]),
        ("one  two                      ", ["one  two"]),
        ("漢字漢字 漢字漢字漢字漢字", ["漢字漢字", "漢字漢字漢字漢字"]),
    ] as [(String, [String])])
    func words(text: String, expected: [String]) {
        #expect(rows(text, 20, .words) == expected)
    }

    @Test(arguments: [
        ("one two three four five six", ["one two three four f", "ive six"]),
        (" 漢字漢字漢字漢字漢字漢字", [" 漢字漢字漢字漢字漢", "字漢字"]),
        ("e\u{301}" + String(repeating: "x", count: 19) + "yz", ["e\u{301}" + String(repeating: "x", count: 19), "yz"]),
    ] as [(String, [String])])
    func anywhere(text: String, expected: [String]) {
        #expect(rows(text, 20, .anywhere) == expected)
        #expect(rows(text, 20, .anywhere).joined() == text)
    }

    @Test(arguments: [
        ("short", 0, ["short"]), ("short", 3, ["rt"]), ("short", 9, [""]), ("0123456789", 0, ["0123456…"]), ("0123456789", 2, ["23456789"]),
        ("漢字漢字漢字", 0, ["漢字漢…"]), ("漢字漢字漢字", 1, [" 字漢字…"]),
    ] as [(String, Int, [String])])
    func notWrapped(text: String, left: Int, expected: [String]) {
        #expect(rows(text, 8, .none(left: left)) == expected)
    }

    @Test(arguments: [LineLayout.Wrapping.anywhere, .words]) func oneColumnIsEnough(wrapping: LineLayout.Wrapping) {
        #expect(rows("ab 漢", 1, wrapping).joined().filter { $0 != " " } == "ab漢")
        #expect(rows("  key   text", 1, wrapping).joined().filter { $0 != " " } == "keytext")
    }
}
