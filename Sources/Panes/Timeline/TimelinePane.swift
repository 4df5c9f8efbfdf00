public import Commands
public import Domain
public import Drawing
internal import Widgets

/// What happened, newest first: the engines' events, the operator's own changes, sources lost and back.
public struct TimelinePane: Pane {
    private struct Basis: Hashable {
        var events: UInt64
        var filter: Filter
        var problemsOnly: Bool
        var showsRoutine: Bool
    }

    private static let columns = [
        Column("TIME", .fixed(8), rank: 90), Column("AGO", .fixed(4), .right, rank: 50), Column("SOURCE", .flexible(minimum: 6, weight: 0), rank: 20),
        Column("KIND", .fixed(9), rank: 40), Column("WHAT", .flexible(minimum: 12, weight: 1), rank: 95),
        Column("NAME", .flexible(minimum: 12, weight: 2), rank: 99), Column("DETAIL", .flexible(minimum: 10, weight: 4), rank: 60),
    ]

    public let id = PaneID.timeline
    public var filter = Filter.none
    public var showsProblemsOnly = false
    private var showsRoutine = false
    private var listing = Listing<String>()
    private var positions: [String: Int] = [:]
    private var basis: Basis?
    private var hidden = 0
    private var pageHeight = 10

    public init() {}

    public var rowCount: Int { listing.count }

    public mutating func arrange(_ snapshot: Snapshot) {
        let now = Basis(events: snapshot.revisions.events, filter: filter, problemsOnly: showsProblemsOnly, showsRoutine: showsRoutine)
        guard now != basis else { return }
        basis = now
        positions.removeAll(keepingCapacity: true)
        var rows: [String] = []
        hidden = 0
        for (index, event) in snapshot.events.enumerated() {
            positions[event.id] = index
            if !showsRoutine, event.severity == .routine { continue }
            if showsProblemsOnly, event.severity < .warning {
                hidden += 1
                continue
            }
            if filter.isActive, !filter.matches([event.subject, event.action, event.kind, event.detail, event.source.raw, event.origin == .operation ? "you" : ""]) {
                hidden += 1
                continue
            }
            rows.append(event.id)
        }
        listing.replace(rows)
    }

    public mutating func perform(_ command: Command.ID, _ snapshot: Snapshot) -> Bool {
        if listing.perform(command, page: pageHeight) { return true }
        guard command == .view else { return false }
        showsRoutine.toggle()
        arrange(snapshot)
        return true
    }

    public func subject(in snapshot: Snapshot) -> Subject {
        guard let id = listing.selected, let event = snapshot.events.first(where: { $0.id == id }) else { return .none }
        return .event(event)
    }

    public mutating func select(_ subject: Subject) -> Bool {
        guard case .event(let event) = subject else { return false }
        return listing.select(event.id)
    }

    public mutating func click(row: Int) { listing.move(to: listing.top + row - 1) }

    public func note(_ snapshot: Snapshot) -> String {
        var parts = ["\(listing.count) events"]
        if showsRoutine { parts.append("routine ones too") }
        if showsProblemsOnly { parts.insert("problems only", at: 0) }
        if filter.isActive { parts.insert("/" + filter.source, at: 0) }
        return parts.joined(separator: " · ")
    }

    /// Failures of the last hour: older ones are history, not a problem.
    public func problemCount(_ snapshot: Snapshot) -> Int {
        let hourAgo = snapshot.takenAt.adding(.seconds(-3600))
        return snapshot.events.prefix { $0.at >= hourAgo }.reduce(0) { $0 + ($1.severity == .failure ? 1 : 0) }
    }

    public mutating func draw(into canvas: inout Canvas, rect: Rect, scene: Scene) {
        pageHeight = max(1, rect.height - 1)
        guard !listing.rows.isEmpty else {
            EmptyState.of(
                scene.snapshot, kinds: [.docker], what: "events yet", hidden: hidden, filter: filter, problemsOnly: showsProblemsOnly,
                emptyHint: "what the engine tells and what you change appears here, and is kept for the next time; \(scene.key(.view)) shows routine events too", scene: scene
            ).draw(into: &canvas, rect: rect)
            return
        }
        let widths = Table.widths(of: Self.columns, in: rect.width - 3)
        Table.drawHeader(Self.columns, widths: widths, into: &canvas, x: rect.x + 2, y: rect.y)
        let today = scene.now.date(offset: scene.utcOffset)
        let visible = listing.visible(height: rect.height - 1)
        for (offset, position) in visible.enumerated() {
            guard let index = positions[listing.rows[position]], index < scene.snapshot.events.count else { continue }
            let event = scene.snapshot.events[index]
            let y = rect.y + 1 + offset
            let mark = Self.mark(event)
            canvas.draw(mark.0, x: rect.x, y: y, mark.1)
            Table.drawRow(Self.columns, widths: widths, into: &canvas, x: rect.x + 2, y: y) { column in
                switch column {
                case 0:
                    let day = event.at.date(offset: scene.utcOffset)
                    return CellText(day == today ? event.at.clock(offset: scene.utcOffset) : String(day.dropFirst(2)), .muted)
                case 1: return CellText(Figure.age(scene.now.seconds(since: event.at)), .muted)
                case 2: return CellText(event.origin == .operation ? "you" : scene.snapshot.source(event.source)?.name ?? event.source.raw, event.origin == .operation ? .own : .muted)
                case 3: return CellText(event.kind, .muted)
                case 4: return CellText(event.action, Self.role(event))
                case 5: return CellText(event.subject)
                default: return CellText(event.detail, event.severity >= .warning ? .text : .muted)
                }
            }
            if position == listing.index { canvas.drawCursor(Rect(x: rect.x, y: y, width: rect.width, height: 1), isFocused: scene.isFocused) }
        }
        Table.drawScrollMark(into: &canvas, x: rect.maxX - 1, y: rect.y + 1, height: rect.height - 1, top: visible.lowerBound, count: listing.count)
    }

    private static func mark(_ event: Event) -> (String, Role) {
        switch event.origin {
        case .operation: event.severity == .failure ? ("✖", .bad) : ("▸", .own)
        case .binnacle, .engine:
            switch event.severity {
            case .failure: ("✖", .bad)
            case .warning: ("▲", .warning)
            case .notice: ("·", .info)
            case .routine: (" ", .muted)
            }
        }
    }

    private static func role(_ event: Event) -> Role {
        if event.origin == .operation { return .own }
        switch event.severity {
        case .failure: return .bad
        case .warning: return .warning
        case .notice: return .text
        case .routine: return .muted
        }
    }
}
