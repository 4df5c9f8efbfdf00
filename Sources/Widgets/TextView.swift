public import Drawing

/// A text that is read: scrolled, wrapped or moved sideways, searched. Keeps positions, not the text.
///
/// A move is made by the next drawing, which knows the text: made before the text has come, it is not lost. Only the
/// lines near the screen are laid into rows, and of a line only the rows seen; stepping back in one counts its rows.
public struct TextView: Sendable {
    public struct Line: Sendable {
        public var text: String
        public var role: Role
        public init(_ text: String, _ role: Role = .text) {
            self.text = text
            self.role = role
        }
    }

    /// Where a row begins: a line, and a byte in it.
    private struct Place: Hashable, Comparable {
        var line = 0
        var byte = 0
        static func < (a: Place, b: Place) -> Bool { (a.line, a.byte) < (b.line, b.byte) }
    }

    /// Counted from the end of the line: what is drawn may have more in front than what is searched.
    private struct Hit {
        var line: Int
        var rest: Int
    }

    private enum Move { case by(Int), top, end }

    /// What the top was worked out from, so that it can be found again when the rows become others.
    private struct Basis {
        var layout: LineLayout
        /// Bytes in the line at the top.
        var count: Int
        /// The byte that the last move put at the top. The row that holds it may begin before it by now.
        var byte: Int
    }

    private struct Seen {
        var place: Place
        var content: Line
        var row: LineLayout.Row
    }

    public var wraps: Bool
    private let keepsWords: Bool
    public private(set) var search = ""
    private var hit: Hit?
    private var isHitAwaited = false
    private var moves: [Move] = []
    private var top = Place()
    private var basis: Basis?
    private var left = 0
    private var height = 1
    private var width = 80

    /// - Parameter keepsWords: wraps prose, at blanks; otherwise rows are filled to the last cell.
    public init(wraps: Bool = true, keepsWords: Bool = false) {
        self.wraps = wraps
        self.keepsWords = keepsWords
    }

    public mutating func scroll(by rows: Int) {
        if case .by(let before)? = moves.last, (before > 0) == (rows > 0) {
            moves[moves.count - 1] = .by(before + rows)
        } else {
            moves.append(.by(rows))
        }
    }

    public mutating func scrollToTop() { moves = [.top] }
    public mutating func scrollToEnd() { moves = [.end] }
    public mutating func scrollSideways(by columns: Int) { left = max(0, left + columns) }
    public var page: Int { max(1, height - 1) }

    /// Lines were dropped in front: what was read stays where it was.
    public mutating func dropped(_ lines: Int) {
        if top.line < lines {
            top = Place()
            basis = nil
        } else {
            top.line -= lines
        }
        hit = hit.flatMap { $0.line < lines ? nil : Hit(line: $0.line - lines, rest: $0.rest) }
    }

    /// Begins a search from the top of what is seen; true if there is a match, which the next drawing shows.
    public mutating func find(_ text: String, count: Int, line: (Int) -> String) -> Bool {
        search = text
        hit = nil
        return findNext(forward: true, count: count, line: line)
    }

    public mutating func findNext(forward: Bool, count: Int, line: (Int) -> String) -> Bool {
        guard !search.isEmpty, count > 0 else { return false }
        if !moves.isEmpty { settle(count) { Line(line($0)) } }
        let needle = Needle(search)
        var start = Place(line: min(top.line, count - 1))
        if let hit, hit.line < count {
            let place = line(hit.line).utf8.count - hit.rest
            start = Place(line: hit.line, byte: max(0, forward ? place + needle.count : place))
        } else if let basis, top.line < count {
            start.byte = max(0, line(start.line).utf8.count - basis.count + top.byte)
        }
        for distance in 0...count {
            let index = (start.line + (forward ? distance : count - distance)) % count
            let text = line(index)
            let found = text.withBytes { bytes in
                forward ? needle.first(in: bytes, from: distance == 0 ? start.byte : 0) : needle.last(in: bytes, before: distance == 0 ? start.byte : bytes.count)
            }
            guard let found else { continue }
            hit = Hit(line: index, rest: text.utf8.count - found)
            isHitAwaited = true
            return true
        }
        return false
    }

    /// Case matters only if the search has a capital letter.
    public static func occurrence(of needle: String, in text: String) -> Range<String.Index>? {
        let needle = Needle(needle)
        guard let found = text.withBytes({ needle.first(in: $0) }) else { return nil }
        let start = text.utf8.index(text.startIndex, offsetBy: found)
        return start..<text.utf8.index(start, offsetBy: needle.count)
    }

    // MARK: Rows

    private var layout: LineLayout {
        LineLayout(width: width, wrapping: !wraps ? .none(left: left) : keepsWords ? .words : .anywhere)
    }

    private func rows(from place: Place, atMost limit: Int, _ count: Int, _ line: (Int) -> Line) -> [Seen] {
        let layout = layout
        var seen: [Seen] = []
        var index = place.line
        while index < count, seen.count < limit {
            let content = line(index)
            content.text.withBytes { bytes in
                layout.rows(in: bytes, from: index == place.line ? place.byte : 0) { start, row in
                    seen.append(Seen(place: Place(line: index, byte: start), content: content, row: row))
                    return seen.count < limit
                }
            }
            index += 1
        }
        return seen
    }

    private func place(_ rows: Int, before place: Place, _ line: (Int) -> Line) -> Place {
        var place = place
        var rows = rows
        while rows > 0, place > Place() {
            var end = place.byte
            if end == 0 {
                place.line -= 1
                end = Int.max
            }
            let starts = line(place.line).text.withBytes { layout.starts(in: $0, before: end) }
            place.byte = starts[max(0, starts.count - rows)]
            rows -= starts.count
        }
        return place
    }

    private func place(holding byte: Int, line index: Int, _ text: String) -> Place {
        Place(line: index, byte: text.withBytes { layout.starts(in: $0, before: byte + 1) }.last ?? 0)
    }

    /// Makes the moves that were asked for. No room stays empty below while there is text above.
    private mutating func settle(_ count: Int, _ line: (Int) -> Line) {
        guard count > 0 else { return }
        align(count, line)
        let before = top
        for move in moves {
            switch move {
            case .top: top = Place()
            case .end: top = place(height, before: Place(line: count), line)
            case .by(let rows) where rows < 0: top = place(-rows, before: top, line)
            case .by(let rows): top = self.rows(from: top, atMost: rows + 1, count, line).last?.place ?? top
            }
            clamp(count, line)
        }
        moves = []
        clamp(count, line)
        rebase(before, line)
    }

    private mutating func rebase(_ before: Place, _ line: (Int) -> Line) {
        guard top != before else { return }
        basis = top.byte == 0 ? nil : Basis(layout: layout, count: line(top.line).text.utf8.count, byte: top.byte)
    }

    /// The width may have changed, or the line itself: what was at the top stays in the row at the top.
    private mutating func align(_ count: Int, _ line: (Int) -> Line) {
        if top.line >= count {
            top = Place(line: count - 1)
            basis = nil
        }
        guard let before = basis else { return }
        let text = line(top.line).text
        guard before.layout != layout || before.count != text.utf8.count else { return }
        let byte = max(0, text.utf8.count - before.count + before.byte)
        basis = Basis(layout: layout, count: text.utf8.count, byte: byte)
        top = place(holding: byte, line: top.line, text)
    }

    private mutating func clamp(_ count: Int, _ line: (Int) -> Line) {
        let seen = wraps ? rows(from: top, atMost: height, count, line).count : count - top.line
        if seen < height { top = place(height - seen, before: top, line) }
    }

    private mutating func reveal(_ hit: Hit, _ count: Int, _ line: (Int) -> Line) {
        let text = line(hit.line).text
        let start = max(0, text.utf8.count - hit.rest)
        if !wraps {
            let end = min(text.utf8.count, start + search.utf8.count)
            let (column, length) = text.withBytes { (Cells.width(of: $0, in: 0..<start), Cells.width(of: $0, in: start..<end)) }
            // The last cell may be an ellipsis.
            if column < left || column + length >= left + width { left = column + length < width ? 0 : max(0, column - width / 3) }
        }
        let place = place(holding: start, line: hit.line, text)
        let seen = rows(from: top, atMost: height, count, line)
        if let first = seen.first, let last = seen.last, place < first.place || place > last.place {
            let before = top
            top = self.place(height / 3, before: place, line)
            clamp(count, line)
            rebase(before, line)
        }
    }

    // MARK: Drawing

    public mutating func draw(into canvas: inout Canvas, rect: Rect, count: Int, follows: Bool = false, line: (Int) -> Line) {
        guard !rect.isEmpty, count > 0 else { return }
        height = rect.height
        // The last column is the scroll mark's.
        width = max(1, rect.width - 1)
        if follows { moves = [.end] }
        settle(count, line)
        if isHitAwaited, let hit, hit.line < count { reveal(hit, count, line) }
        isHitAwaited = false
        let rows = rows(from: top, atMost: height, count, line)
        let needle = search.isEmpty ? nil : Needle(search)
        for (offset, seen) in rows.enumerated() { draw(seen, needle, into: &canvas, x: rect.x, y: rect.y + offset) }
        drawMark(rows, count, into: &canvas, rect: rect)
    }

    private func draw(_ seen: Seen, _ needle: Needle?, into canvas: inout Canvas, x: Int, y: Int) {
        let (text, row) = (seen.content.text, seen.row)
        var current: Range<Int>?
        if let needle, let hit, hit.line == seen.place.line {
            let start = max(0, text.utf8.count - hit.rest)
            let part = (start..<start + needle.count).clamped(to: row.bytes)
            if !part.isEmpty { current = part }
        }
        let overlay: Overlay = current == nil ? [] : .underlined
        let x = x + row.indent
        let limit = width - row.indent
        let end = canvas.draw(text.piece(row.bytes), x: x, y: y, limit: limit, seen.content.role, overlay)
        if row.isCut { canvas.draw("…", x: end, y: y, seen.content.role, overlay) }
        guard let needle else { return }
        text.withBytes { bytes in
            func mark(_ span: Range<Int>, _ overlay: Overlay) {
                let column = Cells.width(of: bytes, in: row.bytes.lowerBound..<span.lowerBound)
                canvas.draw(text.piece(span), x: x + column, y: y, limit: limit - column, .match, overlay)
            }
            for span in needle.spans(in: bytes, within: row.bytes) { mark(span, overlay) }
            if let current { mark(current, [.underlined, .bold]) }
        }
    }

    /// In lines, of which those at the edges are seen in part: counting all rows would mean to lay out the whole text.
    private func drawMark(_ rows: [Seen], _ count: Int, into canvas: inout Canvas, rect: Rect) {
        guard let first = rows.first, let last = rows.last else { return }
        func share(_ seen: Seen, _ byte: Int) -> Double { Double(seen.place.line) + Double(byte) / Double(max(1, seen.content.text.utf8.count)) }
        let begin = share(first, first.place.byte)
        let end = last.row.next.map { share(last, $0) } ?? Double(last.place.line + 1)
        let scale = Double(height) / (end - begin)
        let total = Int((scale * Double(count)).rounded(.up))
        let above = end >= Double(count) ? total - height : Int(scale * begin)
        Table.drawScrollMark(into: &canvas, x: rect.maxX - 1, y: rect.y, height: height, top: above, count: total)
    }
}
