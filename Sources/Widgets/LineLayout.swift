internal import Drawing

/// How a line is laid into rows. Positions are bytes of its UTF-8, so that a row costs the same wherever it stands.
struct LineLayout: Sendable, Hashable {
    enum Wrapping: Sendable, Hashable {
        /// One row, from this column on.
        case none(left: Int)
        case anywhere
        /// At blanks. Where a line is `  key   text`, what follows stands below the text.
        case words
    }

    struct Row: Sendable, Hashable {
        var bytes: Range<Int>
        /// Blank cells before them.
        var indent = 0
        /// Where the next row begins; nil at the end of the line.
        var next: Int?
        /// The line goes on to the right.
        var isCut = false
    }

    var width: Int
    var wrapping: Wrapping

    /// Goes through the rows from the one that begins at `start`, while `body` answers true. An empty line has one row.
    func rows(in bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0, _ body: (_ start: Int, Row) -> Bool) {
        if case .none(let left) = wrapping {
            _ = body(0, cut(bytes, left: left))
            return
        }
        let hang = hang(of: bytes)
        var start = start
        while true {
            let row = wrapping == .words ? words(in: bytes, from: start, hang: hang) : piece(of: bytes, from: start)
            guard body(start, row), let next = row.next else { return }
            start = next
        }
    }

    /// Where the rows begin that begin before `end`.
    func starts(in bytes: UnsafeBufferPointer<UInt8>, before end: Int) -> [Int] {
        if case .none = wrapping { return [0] }
        var starts: [Int] = []
        rows(in: bytes) { start, row in
            if start < end { starts.append(start) }
            return row.next.map { $0 < end } ?? false
        }
        return starts
    }

    private func cut(_ bytes: UnsafeBufferPointer<UInt8>, left: Int) -> Row {
        var (start, column) = Cells.advance(left, in: bytes, from: 0)
        if start < bytes.count, column < left {
            // Half of a wide character.
            let cell = Cells.cell(in: bytes, at: start)
            start += cell.count
            column += cell.width
        }
        let indent = max(0, column - left)
        let end = Cells.advance(width - indent, in: bytes, from: start).end
        if end == bytes.count { return Row(bytes: start..<end, indent: indent) }
        return Row(bytes: start..<max(start, Cells.advance(width - indent - 1, in: bytes, from: start).end), indent: indent, isCut: true)
    }

    private func piece(of bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Row {
        let end = filled(width, in: bytes, from: start)
        return Row(bytes: start..<end, next: end < bytes.count ? end : nil)
    }

    private func words(in bytes: UnsafeBufferPointer<UInt8>, from start: Int, hang: (column: Int, text: Int)) -> Row {
        let indent = start == 0 ? 0 : hang.column
        let full = filled(width - indent, in: bytes, from: start)
        guard full < bytes.count else { return Row(bytes: start..<full, indent: indent) }
        // A key is not left alone on its row, nor a word broken that fits the next one.
        let first = start == 0 ? hang.text : start
        var end = full
        if !Self.isBlank(bytes, full) { while end > first, !Self.isBlank(bytes, end - 1) { end -= 1 } }
        if end <= first { end = full }
        var next = end
        while next < bytes.count, Self.isBlank(bytes, next) { next += 1 }
        while end > start, Self.isBlank(bytes, end - 1) { end -= 1 }
        return Row(bytes: start..<end, indent: indent, next: next < bytes.count ? next : nil)
    }

    /// The column where rows after the first begin, and the byte where the text of the first does.
    private func hang(of bytes: UnsafeBufferPointer<UInt8>) -> (column: Int, text: Int) {
        guard wrapping == .words else { return (0, 0) }
        let limit = min(28, width / 2)
        var index = 0
        while index < min(limit, bytes.count), Self.isBlank(bytes, index) { index += 1 }
        let indent = index
        var column = index
        while index < bytes.count, column < limit {
            if Self.isBlank(bytes, index) {
                let start = index
                while index < bytes.count, column < limit, Self.isBlank(bytes, index) {
                    index += 1
                    column += 1
                }
                if index - start > 1, index < bytes.count, !Self.isBlank(bytes, index) { return (column, index) }
            } else {
                let cell = Cells.cell(in: bytes, at: index)
                index += cell.count
                column += cell.width
            }
        }
        // A little further in than the line itself, which tells the two apart.
        return (indent == 0 ? 0 : min(indent + 2, limit), indent)
    }

    /// At least one character, even where it is too wide.
    private func filled(_ columns: Int, in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> Int {
        let end = Cells.advance(columns, in: bytes, from: start).end
        return end == start && start < bytes.count ? start + Cells.cell(in: bytes, at: start).count : end
    }

    private static func isBlank(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool { bytes[index] == 0x20 }
}

/// The cells that UTF-8 takes on a canvas.
enum Cells {
    /// How far at most `columns` cells reach from `start`, and how many they are.
    static func advance(_ columns: Int, in bytes: UnsafeBufferPointer<UInt8>, from start: Int) -> (end: Int, columns: Int) {
        var index = start
        var column = 0
        while index < bytes.count {
            if columns - column >= 8, index + 8 <= bytes.count, isASCII(bytes, index) {
                index += 8
                column += 8
                continue
            }
            let cell = cell(in: bytes, at: index)
            if column + cell.width > columns { break }
            index += cell.count
            column += cell.width
        }
        return (index, column)
    }

    static func width(of bytes: UnsafeBufferPointer<UInt8>, in range: Range<Int>) -> Int {
        advance(Int.max, in: UnsafeBufferPointer(rebasing: bytes[..<range.upperBound]), from: range.lowerBound).columns
    }

    /// The character that begins here: its bytes and its cells. The canvas shows control characters as one cell.
    static func cell(in bytes: UnsafeBufferPointer<UInt8>, at index: Int) -> (count: Int, width: Int) {
        let lead = UInt32(bytes[index])
        if lead < 0x80 { return (1, 1) }
        let count = min(lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4, bytes.count - index)
        var value = lead & (count == 2 ? 0x1F : count == 3 ? 0x0F : 0x07)
        for offset in 1..<count { value = value << 6 | UInt32(bytes[index + offset] & 0x3F) }
        if value < 0xA0 { return (count, 1) }
        if value == 0xAD { return (count, 0) }
        return (count, Unicode.Scalar(value).map(TextWidth.of) ?? 1)
    }

    private static func isASCII(_ bytes: UnsafeBufferPointer<UInt8>, _ index: Int) -> Bool {
        UnsafeRawBufferPointer(bytes).loadUnaligned(fromByteOffset: index, as: UInt64.self) & 0x8080_8080_8080_8080 == 0
    }
}

extension String {
    /// The UTF-8, without a copy of it.
    func withBytes<R>(_ body: (UnsafeBufferPointer<UInt8>) -> R) -> R {
        var text = self
        return text.withUTF8(body)
    }

    func piece(_ bytes: Range<Int>) -> String {
        let start = utf8.index(startIndex, offsetBy: bytes.lowerBound)
        return String(self[start..<utf8.index(start, offsetBy: bytes.count)])
    }
}
