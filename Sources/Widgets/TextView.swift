public import Drawing

/// A text that is read: scrolled, wrapped or moved sideways, searched. Keeps positions, not the text.
public struct TextView: Sendable {
    public struct Line: Sendable {
        public var text: String
        public var role: Role
        public init(_ text: String, _ role: Role = .text) {
            self.text = text
            self.role = role
        }
    }

    /// First visible line.
    public private(set) var top = 0
    public private(set) var left = 0
    public var wraps: Bool
    public private(set) var search = ""
    /// The line that holds the current match.
    public private(set) var match: Int?
    private var height = 1
    private var width = 80

    public init(wraps: Bool = true) { self.wraps = wraps }

    public mutating func scroll(by rows: Int, count: Int) { top = clamped(top + rows, count) }
    public mutating func scroll(to row: Int, count: Int) { top = clamped(row, count) }
    public mutating func scrollSideways(by columns: Int) { left = max(0, left + columns) }
    public var page: Int { max(1, height - 1) }
    public func isAtEnd(count: Int) -> Bool { top >= clamped(count, count) }

    /// Lines were dropped in front: what was read stays where it was.
    public mutating func dropped(_ lines: Int) {
        top = max(0, top - lines)
        match = match.flatMap { $0 >= lines ? $0 - lines : nil }
    }

    private func clamped(_ row: Int, _ count: Int) -> Int { max(0, min(row, count - max(1, min(height, count)))) }

    /// Begins a search from the top of what is seen; true if there is a match.
    public mutating func find(_ text: String, count: Int, line: (Int) -> String) -> Bool {
        search = text
        match = nil
        guard !text.isEmpty else { return false }
        return step(from: top - 1, forward: true, count: count, line: line)
    }

    public mutating func findNext(forward: Bool, count: Int, line: (Int) -> String) -> Bool {
        guard !search.isEmpty else { return false }
        return step(from: match ?? (forward ? top - 1 : top), forward: forward, count: count, line: line)
    }

    private mutating func step(from start: Int, forward: Bool, count: Int, line: (Int) -> String) -> Bool {
        guard count > 0 else { return false }
        for distance in 1...count {
            let index = ((forward ? start + distance : start - distance) % count + count) % count
            if Self.occurrence(of: search, in: line(index)) != nil {
                match = index
                if index < top || index >= top + height { top = clamped(index - height / 3, count) }
                return true
            }
        }
        return false
    }

    /// Case matters only if the search has a capital letter.
    public static func occurrence(of needle: String, in text: String) -> Range<String.Index>? {
        guard !needle.isEmpty else { return nil }
        let exact = needle.contains(where: \.isUppercase)
        var start = text.startIndex
        while start < text.endIndex {
            var a = start
            var b = needle.startIndex
            while a < text.endIndex, b < needle.endIndex {
                let left = text[a]
                let right = needle[b]
                guard left == right || (!exact && left.lowercased() == right.lowercased()) else { break }
                a = text.index(after: a)
                b = needle.index(after: b)
            }
            if b == needle.endIndex { return start..<a }
            start = text.index(after: start)
        }
        return nil
    }

    /// Draws the lines that are seen and says how many lines of the text that were.
    @discardableResult
    public mutating func draw(into canvas: inout Canvas, rect: Rect, count: Int, follows: Bool = false, line: (Int) -> Line) -> Int {
        height = max(1, rect.height)
        width = max(1, rect.width)
        if follows { top = followTop(count: count, line: line) }
        top = clamped(top, count)
        var y = rect.y
        var index = top
        while y < rect.maxY, index < count {
            let content = line(index)
            y = draw(content, index: index, into: &canvas, rect: rect, y: y)
            index += 1
        }
        Table.drawScrollMark(into: &canvas, x: rect.maxX - 1, y: rect.y, height: rect.height, top: top, count: count)
        return index - top
    }

    /// The first line to show so that the last one is at the bottom, wrapped lines counted.
    private func followTop(count: Int, line: (Int) -> Line) -> Int {
        guard wraps else { return max(0, count - height) }
        var rows = 0
        var index = count
        while index > 0 {
            rows += max(1, (TextWidth.of(line(index - 1).text) + width - 1) / width)
            if rows > height { break }
            index -= 1
        }
        return min(index, max(0, count - 1))
    }

    private func draw(_ content: Line, index: Int, into canvas: inout Canvas, rect: Rect, y: Int) -> Int {
        let overlay: Overlay = index == match ? .underlined : []
        if !wraps {
            var text = Substring(content.text)
            var skipped = 0
            while skipped < left, let first = text.first {
                skipped += max(1, TextWidth.of(String(first)))
                text = text.dropFirst()
            }
            canvas.draw(String(text), x: rect.x, y: y, limit: rect.width, content.role, overlay, ellipsis: true)
            highlight(String(text), into: &canvas, x: rect.x, y: y, width: rect.width)
            return y + 1
        }
        var rest = Substring(content.text)
        var row = y
        repeat {
            let piece = TextWidth.prefix(String(rest), width)
            let text = piece.text.isEmpty ? rest.prefix(1) : piece.text
            canvas.draw(String(text), x: rect.x, y: row, limit: rect.width, content.role, overlay)
            highlight(String(text), into: &canvas, x: rect.x, y: row, width: rect.width)
            rest = rest.dropFirst(text.count)
            row += 1
        } while !rest.isEmpty && row < rect.maxY
        return row
    }

    private func highlight(_ text: String, into canvas: inout Canvas, x: Int, y: Int, width: Int) {
        guard !search.isEmpty else { return }
        var rest = text[...]
        var column = 0
        while let range = Self.occurrence(of: search, in: String(rest)) {
            let found = String(rest)
            let before = TextWidth.of(found[..<range.lowerBound])
            let hit = String(found[range])
            guard column + before < width else { return }
            canvas.draw(hit, x: x + column + before, y: y, limit: width - column - before, .match)
            let used = found.distance(from: found.startIndex, to: range.upperBound)
            column += before + TextWidth.of(hit)
            rest = rest.dropFirst(used)
        }
    }
}
