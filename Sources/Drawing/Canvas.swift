/// One character cell: what stands there and what it means.
public struct Cell: Sendable, Hashable {
    /// The base character; 0 in the right half of a wide one.
    public var scalar: UInt32
    /// One combining mark on it, or 0. Further marks are dropped.
    public var mark: UInt32
    public var role: Role
    public var overlay: Overlay
    /// 1 or 2; 0 for the right half of a wide character.
    public var width: UInt8

    public init(scalar: UInt32 = 0x20, mark: UInt32 = 0, role: Role = .text, overlay: Overlay = [], width: UInt8 = 1) {
        self.scalar = scalar
        self.mark = mark
        self.role = role
        self.overlay = overlay
        self.width = width
    }

    public static let blank = Cell()
}

/// A grid of cells that everything is drawn into. No terminal is needed to look at one.
///
/// Text from outside is made harmless here and nowhere else: no control character ever becomes a cell.
public struct Canvas: Sendable {
    public private(set) var size: Size
    public private(set) var cells: [Cell]
    /// Where the terminal's cursor stands; nil hides it.
    public var cursor: (x: Int, y: Int)?
    /// The terminal shows UTF-8; otherwise everything beyond ASCII is replaced by what comes nearest.
    public var hasUnicode: Bool

    public init(size: Size, hasUnicode: Bool = true) {
        self.size = Size(width: max(0, size.width), height: max(0, size.height))
        self.hasUnicode = hasUnicode
        cells = Array(repeating: .blank, count: self.size.width * self.size.height)
    }

    public var bounds: Rect { Rect(x: 0, y: 0, width: size.width, height: size.height) }

    public subscript(x: Int, y: Int) -> Cell { cells[y * size.width + x] }

    public func row(_ y: Int) -> ArraySlice<Cell> { cells[y * size.width..<(y + 1) * size.width] }

    public mutating func clear(size: Size) {
        let size = Size(width: max(0, size.width), height: max(0, size.height))
        cursor = nil
        if size == self.size {
            cells.withUnsafeMutableBufferPointer { $0.update(repeating: .blank) }
        } else {
            self.size = size
            cells = Array(repeating: .blank, count: size.width * size.height)
        }
    }

    public mutating func fill(_ rect: Rect, with scalar: Unicode.Scalar = " ", _ role: Role = .text, _ overlay: Overlay = []) {
        let area = rect.intersection(bounds)
        guard !area.isEmpty else { return }
        let cell = Cell(scalar: glyph(scalar.value), role: role, overlay: overlay)
        for y in area.y..<area.maxY {
            mend(area.x, y)
            mend(area.maxX - 1, y)
            for x in area.x..<area.maxX { cells[y * size.width + x] = cell }
        }
    }

    /// Lays an overlay over what is already drawn.
    public mutating func lay(_ overlay: Overlay, over rect: Rect) {
        let area = rect.intersection(bounds)
        guard !area.isEmpty else { return }
        for y in area.y..<area.maxY {
            for x in area.x..<area.maxX { cells[y * size.width + x].overlay.formUnion(overlay) }
        }
    }

    /// Draws text from `x`, at most `limit` cells wide and never outside the canvas; returns the column after it.
    /// What does not fit is cut off, with an ellipsis if `ellipsis` is set.
    @discardableResult
    public mutating func draw(
        _ text: String, x: Int, y: Int, limit: Int = Int.max, _ role: Role = .text, _ overlay: Overlay = [], ellipsis: Bool = false
    ) -> Int {
        guard y >= 0, y < size.height, x < size.width, limit > 0 else { return x }
        let end = limit >= size.width - x ? size.width : x + limit
        var column = x
        var fits = true
        for scalar in text.unicodeScalars {
            let value = Self.harmless(scalar)
            guard value != 0 else { continue }
            let width = value < 0x7F ? 1 : (Unicode.Scalar(value).map(TextWidth.of) ?? 1)
            if width == 0 {
                attach(mark: value, before: column, y: y, from: max(0, x))
                continue
            }
            if column + width > end {
                fits = false
                break
            }
            if column >= 0 { put(value, width: width, x: column, y: y, role, overlay) }
            column += width
        }
        if !fits, ellipsis, end - 1 >= max(0, x) {
            let last = min(column, end) - (column >= end ? 1 : 0)
            put(0x2026, width: 1, x: max(last, max(0, x)), y: y, role, overlay)
            column = max(last, max(0, x)) + 1
        }
        return column
    }

    private mutating func put(_ value: UInt32, width: Int, x: Int, y: Int, _ role: Role, _ overlay: Overlay) {
        mend(x, y)
        let index = y * size.width + x
        if width == 2 {
            guard x + 1 < size.width else { return }
            mend(x + 1, y)
            if hasUnicode {
                cells[index] = Cell(scalar: value, role: role, overlay: overlay, width: 2)
                cells[index + 1] = Cell(scalar: 0, role: role, overlay: overlay, width: 0)
            } else {
                cells[index] = Cell(scalar: 0x3F, role: role, overlay: overlay)
                cells[index + 1] = Cell(scalar: 0x3F, role: role, overlay: overlay)
            }
        } else {
            cells[index] = Cell(scalar: glyph(value), role: role, overlay: overlay)
        }
    }

    private mutating func attach(mark: UInt32, before column: Int, y: Int, from start: Int) {
        guard hasUnicode, column > start else { return }
        var x = min(column, size.width) - 1
        if x > start, cells[y * size.width + x].width == 0 { x -= 1 }
        if x >= start, cells[y * size.width + x].mark == 0 { cells[y * size.width + x].mark = mark }
    }

    /// A wide character loses a half when the other half is drawn over: blank what is left of it.
    private mutating func mend(_ x: Int, _ y: Int) {
        guard x >= 0, x < size.width else { return }
        let index = y * size.width + x
        let width = cells[index].width
        if width == 0, x > 0 { cells[index - 1] = Cell(role: cells[index - 1].role, overlay: cells[index - 1].overlay) }
        if width == 2, x + 1 < size.width { cells[index + 1] = Cell(role: cells[index].role, overlay: cells[index].overlay) }
    }

    private func glyph(_ value: UInt32) -> UInt32 { hasUnicode || value < 0x7F ? value : ASCIIGlyph.nearest(to: value) }

    /// 0 for what is not drawn at all; a stand-in for control characters; the value itself for the rest.
    ///
    /// Bidirectional overrides and joiners are dropped: they could make a row read as something else.
    static func harmless(_ scalar: Unicode.Scalar) -> UInt32 {
        let v = scalar.value
        if v >= 0x20, v < 0x7F { return v }
        if v == 0x09 || v == 0x0A || v == 0x0D { return 0x20 }
        if v < 0x20 || (v >= 0x7F && v < 0xA0) { return 0xB7 }
        if v == 0xAD || (v >= 0x200B && v <= 0x200F) || (v >= 0x2028 && v <= 0x202E) || (v >= 0x2060 && v <= 0x206F) { return 0 }
        if v == 0xFEFF || v == 0x61C || (v >= 0xFE00 && v <= 0xFE0F) || (v >= 0xFFF9 && v <= 0xFFFB) || v >= 0xE0000 { return 0 }
        return v
    }
}
