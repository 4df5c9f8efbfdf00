extension Check {
    /// The last `span` before `now` in equal cells, oldest first: the worst status within each; nil where nobody watched and no
    /// transition tells.
    public func strip(cells: Int, over span: Duration = .seconds(3600), until now: Timestamp) -> [Status?] {
        var strip = Strip(cells: cells, over: span, until: now)
        let changes = transitions.sorted { $0.at < $1.at }
        for (index, change) in changes.enumerated() {
            strip.mark(change.to, from: change.at, to: change.at)
            // Up to a change that was seen the status before it held; up to one that was found out afterwards nobody knows.
            guard !change.wasUnwatched, let before = change.from else { continue }
            let begin = index > 0 ? changes[index - 1].at : min(watchedSince ?? change.at, change.at)
            strip.mark(before, from: begin, to: change.at, includingEnd: false)
        }
        var known = watchedSince
        if let since, !isSinceAtLeast { known = min(known ?? since, since) }
        if let last = changes.last, let begin = known { known = max(begin, last.at) }
        if let known { strip.mark(status, from: known, to: now) }
        return strip.cells
    }
}

private struct Strip {
    private(set) var cells: [Check.Status?]
    private let start: Int64
    /// Of one cell, in nanoseconds.
    private let width: Int64

    init(cells count: Int, over span: Duration, until now: Timestamp) {
        // Nobody draws more than a screen's width; what is asked beyond it would only cost.
        let count = min(max(0, count), 4096)
        let (seconds, attoseconds) = span.components
        let (whole, overflows) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let length = overflows ? Int64.max / 2 : max(0, whole &+ attoseconds / 1_000_000_000)
        cells = Array(repeating: nil, count: count)
        width = count == 0 ? 1 : max(1, length / Int64(count))
        start = now.nanoseconds.subtractingReportingOverflow(width &* Int64(count)).partialValue
    }

    mutating func mark(_ status: Check.Status, from begin: Timestamp, to end: Timestamp, includingEnd: Bool = true) {
        guard !cells.isEmpty, begin <= end, end.nanoseconds >= start else { return }
        let first = max(0, index(begin.nanoseconds))
        let last = min(cells.count - 1, index(includingEnd || end == begin ? end.nanoseconds : end.nanoseconds - 1))
        guard first <= last else { return }
        for cell in first...last { cells[cell] = max(cells[cell] ?? status, status) }
    }

    /// The last cell holds the present moment too.
    private func index(_ moment: Int64) -> Int {
        let (offset, overflows) = moment.subtractingReportingOverflow(start)
        if overflows { return moment < start ? -1 : cells.count }
        if offset < 0 { return -1 }
        let index = Int(offset / width)
        return offset == width * Int64(cells.count) ? cells.count - 1 : index
    }
}
