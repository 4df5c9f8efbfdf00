public import Drawing

/// A short list to choose from, with a line of explanation each.
public struct Menu: Sendable {
    public struct Item: Sendable, Hashable {
        public var title: String
        public var note: String
        /// Why it cannot be chosen; shown instead of the note.
        public var obstacle: String?
        public init(_ title: String, note: String = "", obstacle: String? = nil) {
            self.title = title
            self.note = note
            self.obstacle = obstacle
        }
    }

    public var title: String
    public var items: [Item]
    public private(set) var listing = Listing<Int>()

    public init(title: String, items: [Item], selected: Int = 0) {
        self.title = title
        self.items = items
        listing.replace(Array(items.indices))
        listing.move(to: selected)
    }

    public var selected: Int? { listing.selected }

    public mutating func move(by delta: Int) { listing.move(by: delta) }
    public mutating func move(to index: Int) { listing.move(to: index) }

    public mutating func replace(_ items: [Item]) {
        self.items = items
        listing.replace(Array(items.indices))
        listing.move(to: 0)
    }

    /// Rows it would like to have, frame included.
    public var height: Int { items.count + 2 }
    /// Columns it would like to have, frame included.
    public var width: Int { widest.title + (widest.note == 0 ? 0 : widest.note + 2) + 4 }

    /// Notes stand below each other, so the longest title and the longest note count, whosever they are.
    private var widest: (title: Int, note: Int) {
        (max(12, items.map { TextWidth.of($0.title) }.max() ?? 0), items.map { TextWidth.of($0.obstacle ?? $0.note) }.max() ?? 0)
    }

    public mutating func drawRows(into canvas: inout Canvas, rect: Rect) {
        let widest = widest
        let titleWidth = widest.note == 0 || width - 2 <= rect.width ? widest.title : min(widest.title, max(12, rect.width / 2))
        let visible = listing.visible(height: rect.height)
        for (offset, row) in visible.enumerated() {
            let item = items[row]
            let y = rect.y + offset
            let role: Role = item.obstacle == nil ? .text : .muted
            canvas.draw(item.title, x: rect.x + 1, y: y, limit: min(titleWidth, rect.width - 1), role, ellipsis: true)
            let noteX = rect.x + titleWidth + 3
            canvas.draw(item.obstacle ?? item.note, x: noteX, y: y, limit: rect.maxX - noteX - 1, item.obstacle == nil ? .muted : .stale, ellipsis: true)
            if row == listing.index { canvas.lay(.selected, over: Rect(x: rect.x, y: y, width: rect.width, height: 1)) }
        }
        Table.drawScrollMark(into: &canvas, x: rect.maxX - 1, y: rect.y, height: rect.height, top: visible.lowerBound, count: items.count)
    }
}
