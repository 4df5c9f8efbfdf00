import Drawing

@testable import Widgets

/// A text view with its text, drawn as a person sees it.
final class Reader {
    var view: TextView
    var lines: [String]
    /// What stands in front of each line on the screen and is not searched.
    var lead = ""
    var size = Size(width: 21, height: 5)
    var follows = false
    private(set) var asked = 0

    init(_ lines: [String], wraps: Bool = true, keepsWords: Bool = false) {
        view = TextView(wraps: wraps, keepsWords: keepsWords)
        self.lines = lines
    }

    func canvas() -> Canvas {
        var canvas = Canvas(size: size)
        let (lines, lead) = (lines, lead)
        var asked = 0
        view.draw(into: &canvas, rect: canvas.bounds, count: lines.count, follows: follows) {
            asked += 1
            return TextView.Line(lead + lines[$0])
        }
        self.asked = asked
        return canvas
    }

    /// The rows without the scroll mark.
    func rows() -> [String] {
        canvas().text.split(separator: "\n", omittingEmptySubsequences: false).map { row in
            var row = row
            while row.last == "┃" || row.last == " " { row.removeLast() }
            return String(row)
        }
    }

    func find(_ text: String) -> Bool {
        let lines = lines
        return view.find(text, count: lines.count) { lines[$0] }
    }

    func findNext(forward: Bool = true) -> Bool {
        let lines = lines
        return view.findNext(forward: forward, count: lines.count) { lines[$0] }
    }

    /// Nothing comes after what is shown.
    var isAtEnd: Bool {
        let view = view
        defer { self.view = view }
        let now = rows()
        self.view.scroll(by: 1000)
        return rows() == now
    }

    /// The text of the current match as it stands on the screen.
    func current() -> String {
        let canvas = canvas()
        var text = ""
        for y in 0..<canvas.size.height {
            for cell in canvas.row(y) where cell.role == .match && cell.overlay.contains(.bold) { text.unicodeScalars.append(Unicode.Scalar(cell.scalar) ?? "?") }
        }
        return text
    }
}

/// The same numbers in every run.
struct Dice: RandomNumberGenerator {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}
