internal import CCurses
public import Drawing
internal import Glibc

extension Terminal {
    /// Switches the theme. The next `present` gives every row anew.
    public mutating func apply(_ palette: Palette) {
        styles.apply(palette)
        // The Linux console has 64 pairs in all: the new theme needs those of the old one.
        if styles.depth != .none, curses_pair_limit() <= 256 {
            styles.forgetPairs()
            curses_forget_pairs()
        }
        isStale = true
    }

    /// Makes the screen show `canvas`. Nothing is sent for what it shows already.
    public mutating func present(_ canvas: borrowing Canvas) {
        let size = size
        guard size.width > 0, size.height > 0, !isGivenBack else { return }
        let theirs = canvas.size
        let width = min(theirs.width, size.width)
        let padding = size.width - width
        if scratch.count != size.width { scratch = Array(repeating: curses_cell(), count: size.width) }
        canvas.cells.withUnsafeBufferPointer { cells in
            for y in 0..<size.height {
                let row = y < theirs.height ? UnsafeBufferPointer(rebasing: cells[y * theirs.width..<y * theirs.width + width]) : nil
                giveRow(y, row, padding: row == nil ? size.width : padding)
            }
        }
        isStale = false
        if let cursor = canvas.cursor, cursor.x >= 0, cursor.x < size.width, cursor.y >= 0, cursor.y < size.height {
            _ = curses_flush(options.synchronized, Int32(cursor.y), Int32(cursor.x))
        } else {
            _ = curses_flush(options.synchronized, -1, -1)
        }
    }

    /// Gives a row to curses unless it is the one shown. The canvas may be smaller than the screen: `padding` blanks follow.
    private mutating func giveRow(_ y: Int, _ row: UnsafeBufferPointer<Cell>?, padding: Int) {
        let start = y * size.width
        let changed = shown.withUnsafeMutableBufferPointer { shown in
            let mine = UnsafeMutableBufferPointer(rebasing: shown[start..<start + size.width])
            var differs = isStale
            if let row, !row.isEmpty, differs || !Self.same(UnsafeBufferPointer(rebasing: mine[..<row.count]), row) {
                differs = true
                _ = mine.update(from: row)
            }
            for x in size.width - padding..<size.width where mine[x] != .blank {
                mine[x] = .blank
                differs = true
            }
            return differs
        }
        guard changed else { return }
        dress(start)
        scratch.withUnsafeBufferPointer { curses_put_row(Int32(y), $0.baseAddress, Int32($0.count)) }
    }

    /// Looks for the cells of a row that begins at `start` in `shown`.
    ///
    /// The colour of a blank cannot be seen, so it is chosen to cost the least: that of the text before it in a short gap,
    /// and none in a long one or at the end of the row, where the terminal can be told to clear.
    private mutating func dress(_ start: Int) {
        var before: StyleTable.Look?
        var x = 0
        while x < size.width {
            let cell = shown[start + x]
            let look = styles.look(cell.role, cell.overlay)
            guard cell.isBlank else {
                scratch[x] = curses_cell(
                    scalar: cell.scalar, mark: cell.mark, traits: look.traits, pair: look.pair, width: UInt32(cell.width))
                before = look
                x += 1
                continue
            }
            var end = x + 1
            while end < size.width, shown[start + end].isBlank, shown[start + end].role == cell.role, shown[start + end].overlay == cell.overlay { end += 1 }
            let isGap = end < size.width && end - x <= Self.shortGap
            var blank = curses_cell(scalar: 0x20, mark: 0, traits: look.blankTraits, pair: look.blankPair, width: 1)
            if isGap, let before, before.hasPlainBlank, look.hasPlainBlank, before.blankPair == look.blankPair {
                blank.traits = before.traits
                blank.pair = before.pair
            }
            for index in x..<end { scratch[index] = blank }
            x = end
        }
    }

    private static var shortGap: Int { 12 }

    private static func same(_ mine: UnsafeBufferPointer<Cell>, _ row: UnsafeBufferPointer<Cell>) -> Bool {
        guard let a = mine.baseAddress, let b = row.baseAddress else { return mine.count == row.count }
        if memcmp(a, b, row.count * MemoryLayout<Cell>.stride) == 0 { return true }
        // The last byte of a cell's stride is padding and may hold anything.
        for x in 0..<row.count where memcmp(a + x, b + x, MemoryLayout<Cell>.size) != 0 { return false }
        return true
    }

    /// Takes the size the terminal has now. Everything is painted anew by the next `present`.
    public mutating func resized() -> Size {
        var rows: Int32 = 0
        var columns: Int32 = 0
        if curses_measure(&rows, &columns) { _ = curses_resize(rows, columns) }
        size = Size(width: Int(curses_columns()), height: Int(curses_rows()))
        shown = Array(repeating: .blank, count: size.width * size.height)
        isStale = true
        curses_repaint()
        return size
    }

    /// The real screen is wiped and painted again by the next `present`, whatever others wrote on it.
    public mutating func redraw() {
        isStale = true
        curses_repaint()
    }

    public mutating func ring() { curses_write("\u{7}", 1) }

    /// Puts a text on the clipboard of the person's own machine (OSC 52), also through ssh.
    ///
    /// False if it is too long for that or the terminal would print it. Whether the terminal obeyed cannot be known.
    @discardableResult
    public mutating func copy(_ text: String) -> Bool {
        guard let sequence = Clipboard.sequence(for: text, term: surroundings.term ?? "") else { return false }
        sequence.withUnsafeBufferPointer { buffer in
            buffer.withMemoryRebound(to: CChar.self) { curses_write($0.baseAddress, Int32($0.count)) }
        }
        return true
    }
}

extension Cell {
    fileprivate var isBlank: Bool { scalar == 0x20 && mark == 0 && width == 1 }
}
