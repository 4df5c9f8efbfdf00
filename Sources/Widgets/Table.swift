public import Drawing

/// What a column is, apart from its rows.
public struct Column: Sendable {
    public enum Alignment: Sendable { case left, right }
    public var title: String
    public var extent: Extent
    public var alignment: Alignment
    /// Columns of the lowest rank are the first to go when the pane is narrow.
    public var rank: Int

    public init(_ title: String, _ extent: Extent, _ alignment: Alignment = .left, rank: Int = 0) {
        self.title = title
        self.extent = extent
        self.alignment = alignment
        self.rank = rank
    }
}

/// The text of one cell and what it means. Made only for rows that are seen.
public struct CellText: Sendable {
    public var text: String
    public var role: Role
    public var overlay: Overlay

    public init(_ text: String, _ role: Role = .text, _ overlay: Overlay = []) {
        self.text = text
        self.role = role
        self.overlay = overlay
    }
}

/// Draws rows under headings. Owns nothing: the caller keeps the rows, the cursor and the widths' reasons.
public enum Table {
    /// Which columns fit into `width`, and how wide each is; the others get 0.
    public static func widths(of columns: [Column], in width: Int) -> [Int] {
        var shown = Array(columns.indices)
        func needed() -> Int {
            shown.reduce(max(0, shown.count - 1)) { sum, index in
                switch columns[index].extent {
                case .fixed(let n): sum + n
                case .flexible(let minimum, _): sum + minimum
                }
            }
        }
        while shown.count > 1, needed() > width {
            guard let victim = shown.indices.min(by: { (columns[shown[$0]].rank, -$0) < (columns[shown[$1]].rank, -$1) }) else { break }
            shown.remove(at: victim)
        }
        let shares = Layout.share(width, among: shown.map { columns[$0].extent })
        var widths = Array(repeating: 0, count: columns.count)
        for (position, index) in shown.enumerated() { widths[index] = shares[position] }
        return widths
    }

    /// Gives a column the cells it lacks from others that have more than they need. `need` is asked only for those.
    public static func lend(to borrower: Int, need wanted: Int, from lenders: [Int], widths: inout [Int], need: (Int) -> Int) {
        guard widths[borrower] > 0 else { return }
        for lender in lenders where widths[lender] > 0 && widths[borrower] < wanted {
            let part = min(wanted - widths[borrower], widths[lender] - need(lender))
            guard part > 0 else { continue }
            widths[lender] -= part
            widths[borrower] += part
        }
    }

    /// The heading line; the column that sorts carries an arrow.
    public static func drawHeader(_ columns: [Column], widths: [Int], into canvas: inout Canvas, x: Int, y: Int, sorted: Int? = nil, ascending: Bool = true) {
        var x = x
        for (index, column) in columns.enumerated() where widths[index] > 0 {
            let isSorted = index == sorted
            let title = isSorted ? column.title + (ascending ? "▲" : "▼") : column.title
            let role: Role = isSorted ? .accent : .heading
            if column.alignment == .right {
                canvas.drawRight(title, x: x, y: y, width: widths[index], role)
            } else {
                canvas.draw(title, x: x, y: y, limit: widths[index], role)
            }
            x += widths[index] + 1
        }
    }

    /// One row of cells.
    public static func drawRow(_ columns: [Column], widths: [Int], into canvas: inout Canvas, x: Int, y: Int, cell: (Int) -> CellText) {
        var x = x
        for index in columns.indices where widths[index] > 0 {
            let content = cell(index)
            if columns[index].alignment == .right {
                canvas.drawRight(content.text, x: x, y: y, width: widths[index], content.role, content.overlay)
            } else {
                canvas.draw(content.text, x: x, y: y, limit: widths[index], content.role, content.overlay, ellipsis: true)
            }
            x += widths[index] + 1
        }
    }

    /// A thumb in the right edge that says how much lies above and below.
    public static func drawScrollMark(into canvas: inout Canvas, x: Int, y: Int, height: Int, top: Int, count: Int) {
        guard count > height, height > 1 else { return }
        let length = max(1, height * height / count)
        let start = min(height - length, top * (height - length + 1) / max(1, count - height + 1))
        for offset in start..<start + length { canvas.draw("┃", x: x, y: y + offset, .borderFocused) }
    }
}
