public import Commands
public import Domain
public import Drawing
internal import Widgets

/// A trace to be read: the verdict stays at the top, a cursor goes from link to link of the chain below it.
public struct TracePage: Sendable {
    public private(set) var trace: Trace
    private var layout: TraceLines
    private var cursor = 0
    /// The first line of the chain that is seen.
    private var top = 0
    /// Lines of the chain that are seen, as drawn last.
    private var height = 16
    /// Until somebody moves it the cursor stands on the cause, which answers that still come in may change.
    private var hasMoved = false
    private var isRevealAwaited = true
    /// Which link each row shows, as drawn last.
    private var linkOfRow: [Int?] = []

    public init(_ trace: Trace) {
        self.trace = trace
        layout = TraceLines(trace, width: 78)
        cursor = Self.start(of: trace)
    }

    private static func start(of trace: Trace) -> Int { trace.cause.flatMap { trace.links.indices.contains($0) ? $0 : nil } ?? 0 }

    /// The same trace with more known: the cursor stays on its link, and the link where it is on the screen.
    public mutating func replace(_ trace: Trace) {
        guard trace != self.trace else { return }
        let before = self.trace
        let offset = layout.spans.indices.contains(cursor) ? layout.spans[cursor].lowerBound - top : 0
        self.trace = trace
        layout = TraceLines(trace, width: layout.width)
        guard hasMoved, before.links.indices.contains(cursor) else {
            cursor = Self.start(of: trace)
            isRevealAwaited = true
            return
        }
        let link = before.links[cursor]
        let twin = trace.links.firstIndex { $0.kind == link.kind && $0.title == link.title } ?? trace.links.firstIndex { $0.kind == link.kind }
        cursor = twin ?? max(0, min(cursor, trace.links.count - 1))
        if layout.spans.indices.contains(cursor) { top = layout.spans[cursor].lowerBound - offset }
        clamp()
    }

    public var selectedPlace: Trace.Place? { trace.links.indices.contains(cursor) ? trace.links[cursor].place : nil }

    // MARK: Moving

    public mutating func perform(_ command: Command.ID) -> Bool {
        settle()
        switch command {
        case .up: stepUp()
        case .down: stepDown()
        case .pageUp: scroll(by: -max(1, height - 1))
        case .pageDown: scroll(by: max(1, height - 1))
        case .halfUp: scroll(by: -max(1, height / 2))
        case .halfDown: scroll(by: max(1, height / 2))
        case .top:
            cursor = 0
            top = 0
        case .bottom:
            cursor = max(0, trace.links.count - 1)
            top = lastTop
        default: return false
        }
        hasMoved = true
        return true
    }

    /// To the next link; one that goes on below the screen is read to its end first.
    private mutating func stepDown() {
        guard layout.spans.indices.contains(cursor) else { return }
        if layout.spans[cursor].upperBound > top + height {
            top += 1
        } else if cursor + 1 < layout.spans.count {
            cursor += 1
            let span = layout.spans[cursor]
            if span.count > height { top = span.lowerBound } else { show(span) }
        }
    }

    private mutating func stepUp() {
        guard layout.spans.indices.contains(cursor) else { return }
        if layout.spans[cursor].lowerBound < top {
            top -= 1
        } else if cursor > 0 {
            cursor -= 1
            let span = layout.spans[cursor]
            if span.count > height { top = span.upperBound - height } else { show(span) }
        }
    }

    /// By lines; the cursor goes along where its link's beginning would be seen no more.
    private mutating func scroll(by lines: Int) {
        guard !layout.spans.isEmpty else { return }
        let before = top
        top += lines
        clamp()
        if top == before {
            cursor = lines < 0 ? 0 : layout.spans.count - 1
            return
        }
        let seen = top..<top + height
        if seen.contains(layout.spans[cursor].lowerBound) { return }
        let heads = layout.spans.indices.filter { seen.contains(layout.spans[$0].lowerBound) }
        cursor = (lines < 0 ? heads.last : heads.first) ?? layout.spans.firstIndex { $0.contains(top) } ?? cursor
    }

    public mutating func click(row: Int) {
        guard linkOfRow.indices.contains(row), let link = linkOfRow[row] else { return }
        cursor = link
        hasMoved = true
    }

    private var lastTop: Int { max(0, layout.lines.count - height) }

    private mutating func clamp() { top = max(0, min(top, lastTop)) }

    /// Scrolls no more than it takes to see these lines; where they do not all fit, the last of them.
    private mutating func show(_ lines: Range<Int>) {
        if lines.lowerBound < top { top = lines.lowerBound }
        if lines.upperBound > top + height { top = lines.upperBound - height }
        clamp()
    }

    /// Into lines of another width: the link under the cursor stays where it is on the screen.
    private mutating func lay(_ width: Int) {
        let offset = layout.spans.indices.contains(cursor) ? layout.spans[cursor].lowerBound - top : 0
        layout = TraceLines(trace, width: width)
        if layout.spans.indices.contains(cursor) { top = layout.spans[cursor].lowerBound - offset }
        isRevealAwaited = true
    }

    /// What the verdict rests on is seen when the trace opens; later on, at least something of the link under the cursor.
    private mutating func settle() {
        if isRevealAwaited, layout.spans.indices.contains(cursor) {
            let span = layout.spans[cursor]
            if span.count <= height {
                show(span)
            } else if !hasMoved {
                show(layout.evidence(of: cursor))
            } else if span.clamped(to: top..<top + height).isEmpty {
                show(span.lowerBound..<span.lowerBound + 1)
            }
        }
        isRevealAwaited = false
        clamp()
    }

    // MARK: In words

    public var title: String { "Trace of " + LogText.clean(trace.title) }

    public var note: String {
        var parts = ["\(trace.links.count) link\(trace.links.count == 1 ? "" : "s")"]
        if let cause = trace.cause, trace.links.indices.contains(cause) { parts.append("likely cause: \(trace.links[cause].kind.rawValue)") }
        if !trace.questions.isEmpty { parts.append("\(trace.questions.count) answer\(trace.questions.count == 1 ? "" : "s") awaited") }
        return parts.joined(separator: " · ")
    }

    /// All of it, with nothing cut, to be copied or saved.
    public var text: String {
        let whole = TraceLines(trace, width: 4096)
        return ([title] + whole.verdict.map(\.text) + [""] + whole.lines.map(\.text)).joined(separator: "\n") + "\n"
    }

    // MARK: Drawing

    public mutating func draw(into canvas: inout Canvas, rect: Rect, scene: Scene) {
        linkOfRow = Array(repeating: nil, count: rect.height)
        guard !rect.isEmpty else { return }
        // The last column is the scroll mark's.
        let width = max(1, rect.width - 2)
        if width != layout.width { lay(width) }
        var area = rect
        drawVerdict(into: &canvas, area: &area)
        if area.height != height { isRevealAwaited = true }
        height = max(1, area.height)
        settle()
        for (link, span) in layout.spans.enumerated() {
            for line in span.clamped(to: top..<max(top, min(layout.lines.count, top + area.height))) {
                // Of a link whose beginning is above the screen the name stays on it.
                let isHead = line == span.lowerBound || (line == top && area.height > 2)
                let y = area.y + line - top
                linkOfRow[y - rect.y] = link
                Self.draw(layout.lines[isHead ? span.lowerBound : line], into: &canvas, x: area.x, y: y, limit: width)
                guard link == cursor else { continue }
                // The whole of its first line, and of the others so much as tells how far it reaches.
                canvas.drawCursor(Rect(x: area.x, y: y, width: isHead ? area.width - 1 : 2, height: 1), isFocused: scene.isFocused)
            }
        }
        Table.drawScrollMark(into: &canvas, x: area.maxX - 1, y: area.y, height: area.height, top: top, count: layout.lines.count)
    }

    /// At most a third of the height, so that the chain keeps its place.
    private func drawVerdict(into canvas: inout Canvas, area: inout Rect) {
        let room = max(1, area.height / 3)
        let isCut = layout.verdict.count > room
        let head = area.takeTop(min(layout.verdict.count, room))
        for (offset, line) in layout.verdict.prefix(head.height).enumerated() {
            Self.draw(line, into: &canvas, x: head.x, y: head.y + offset, limit: layout.width)
            if isCut, offset == head.height - 1 { canvas.draw("…", x: head.maxX - 2, y: head.y + offset, .bad, .bold) }
        }
        if area.height > 8 { _ = area.takeTop(1) }
    }

    private static func draw(_ line: TraceLines.Line, into canvas: inout Canvas, x: Int, y: Int, limit: Int) {
        var column = x
        for piece in line.pieces where column < x + limit {
            column = canvas.draw(piece.text, x: column, y: y, limit: x + limit - column, piece.role, piece.overlay)
        }
    }
}
