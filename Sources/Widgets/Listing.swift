/// Rows that a cursor moves over. The cursor stays on the same *thing* however the rows are sorted, filtered or
/// replaced; if the thing is gone it moves to its nearest neighbour.
public struct Listing<RowID: Hashable & Sendable>: Sendable {
    public private(set) var rows: [RowID] = []
    public private(set) var index = 0
    /// First visible row.
    public private(set) var top = 0
    private var chosen: RowID?

    public init() {}

    public var selected: RowID? { rows.isEmpty ? nil : rows[index] }
    public var count: Int { rows.count }

    public mutating func replace(_ new: [RowID]) {
        rows = new
        if let chosen, let found = find(chosen) {
            index = found
        } else {
            index = max(0, min(index, rows.count - 1))
            // While nobody has moved the cursor it belongs to the first row, whatever that is.
            if chosen != nil { chosen = selected }
        }
    }

    private func find(_ row: RowID) -> Int? {
        if index < rows.count, rows[index] == row { return index }
        return rows.firstIndex(of: row)
    }

    public mutating func move(to newIndex: Int) {
        guard !rows.isEmpty else { return }
        index = max(0, min(newIndex, rows.count - 1))
        chosen = rows[index]
    }

    public mutating func move(by delta: Int) { move(to: index + delta) }

    /// Puts the cursor on a row by identity; false when there is no such row.
    @discardableResult
    public mutating func select(_ row: RowID) -> Bool {
        guard let found = rows.firstIndex(of: row) else { return false }
        move(to: found)
        return true
    }

    /// Scrolls so that the cursor is in view; returns the visible rows.
    public mutating func visible(height: Int) -> Range<Int> {
        guard height > 0, !rows.isEmpty else {
            top = 0
            return 0..<0
        }
        if index < top { top = index }
        if index >= top + height { top = index - height + 1 }
        top = max(0, min(top, rows.count - height))
        return top..<min(rows.count, top + height)
    }

    /// The same where rows take several lines each: the row under the cursor is seen whole if it fits at all, the last
    /// visible one may be cut. `lines` is asked only for rows that may be seen.
    public mutating func visible(height: Int, lines: (Int) -> Int) -> Range<Int> {
        guard height > 0, !rows.isEmpty else {
            top = 0
            return 0..<0
        }
        top = max(0, min(top, index))
        var first = index
        var used = max(1, lines(index))
        while first > top {
            let more = max(1, lines(first - 1))
            guard used + more <= height else { break }
            used += more
            first -= 1
        }
        top = first
        var end = index + 1
        while end < rows.count, used < height {
            used += max(1, lines(end))
            end += 1
        }
        // No room is left empty below while rows are hidden above.
        while top > 0 {
            let more = max(1, lines(top - 1))
            guard used + more <= height else { break }
            used += more
            top -= 1
        }
        return top..<end
    }
}
