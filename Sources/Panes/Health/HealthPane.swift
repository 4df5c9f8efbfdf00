public import Commands
public import Domain
public import Drawing
internal import Widgets

/// All health checks, worst first, with what the selected one printed.
public struct HealthPane: Pane {
    private struct Basis: Hashable {
        var checks: UInt64
        var filter: Filter
        var problemsOnly: Bool
        var sort: Int
        var ascending: Bool
    }

    private static let columns = [
        Column("STATUS", .fixed(11), rank: 90), Column("CHECK", .flexible(minimum: 14, weight: 2), rank: 99),
        Column("SERVICE", .flexible(minimum: 8, weight: 1), rank: 30), Column("NODE", .flexible(minimum: 8, weight: 1), rank: 20),
        Column("SINCE", .fixed(8), .right, rank: 80), Column("FLIPS/H", .fixed(7), .right, rank: 40),
        Column("OUTPUT", .flexible(minimum: 12, weight: 5), rank: 60),
    ]

    public let id = PaneID.health
    public var filter = Filter.none
    public var showsProblemsOnly = false
    private var listing = Listing<Check.ID>()
    private var positions: [Check.ID: Int] = [:]
    private var basis: Basis?
    private var hidden = 0
    private var sort = 0
    private var ascending = true
    private var pageHeight = 10

    public init() {}

    public var rowCount: Int { listing.count }

    public mutating func arrange(_ snapshot: Snapshot) {
        let now = Basis(checks: snapshot.revisions.checks, filter: filter, problemsOnly: showsProblemsOnly, sort: sort, ascending: ascending)
        guard now != basis else { return }
        basis = now
        let checks = snapshot.checks
        var indices = Array(checks.indices)
        if showsProblemsOnly { indices.removeAll { checks[$0].status < .warning } }
        if filter.isActive { indices.removeAll { !filter.matches([checks[$0].name, checks[$0].service, checks[$0].status.word, checks[$0].output, checks[$0].node]) } }
        hidden = checks.count - indices.count
        indices.sort { a, b in
            let order = precedes(checks[a], checks[b])
            return ascending ? order : precedes(checks[b], checks[a])
        }
        positions = Dictionary(checks.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        listing.replace(indices.map { checks[$0].id })
    }

    private func precedes(_ a: Check, _ b: Check) -> Bool {
        switch sort {
        case 1: break
        case 2: if a.service != b.service { return a.service < b.service }
        case 3: if a.node != b.node { return a.node < b.node }
        case 4: if a.since != b.since { return (a.since?.nanoseconds ?? 0) > (b.since?.nanoseconds ?? 0) }
        case 5: if a.flips != b.flips { return a.flips > b.flips }
        default: if a.status != b.status { return a.status > b.status }
        }
        if a.name != b.name { return NaturalOrder.precedes(a.name, b.name) }
        return a.id.raw < b.id.raw
    }

    public mutating func perform(_ command: Command.ID, _ snapshot: Snapshot) -> Bool {
        if listing.perform(command, page: pageHeight) { return true }
        switch command {
        case .sortNext: sort = (sort + 1) % 6
        case .sortPrevious: sort = (sort + 5) % 6
        case .invertSort: ascending.toggle()
        default: return false
        }
        arrange(snapshot)
        return true
    }

    public func subject(in snapshot: Snapshot) -> Subject {
        guard let id = listing.selected, let check = snapshot.checks.first(where: { $0.id == id }) else { return .none }
        return .check(check)
    }

    public mutating func select(_ subject: Subject) -> Bool {
        switch subject {
        case .check(let check): listing.select(check.id)
        case .container(let container): listing.select(Check.ID(container.id.source, container.id.raw))
        default: false
        }
    }

    public mutating func click(row: Int) { listing.move(to: listing.top + row - 1) }

    public func note(_ snapshot: Snapshot) -> String {
        var counts: [Check.Status: Int] = [:]
        for check in snapshot.checks { counts[check.status, default: 0] += 1 }
        var parts = Check.Status.allCases.reversed().compactMap { status in counts[status].map { "\($0) \(status.word)" } }
        if parts.isEmpty { parts = ["no checks"] }
        if showsProblemsOnly { parts.insert("problems only", at: 0) }
        if filter.isActive { parts.insert("/" + filter.source, at: 0) }
        return parts.joined(separator: " · ")
    }

    public func problemCount(_ snapshot: Snapshot) -> Int { snapshot.checks.reduce(0) { $0 + ($1.status >= .warning ? 1 : 0) } }

    public mutating func draw(into canvas: inout Canvas, rect: Rect, scene: Scene) {
        guard !listing.rows.isEmpty else {
            drawEmpty(into: &canvas, rect: rect, scene: scene)
            return
        }
        var area = rect
        let selected = subject(in: scene.snapshot)
        // What the selected check printed, where there is room to read it.
        let detailHeight = rect.height >= 14 ? min(6, rect.height / 3) : 0
        let detail = area.takeBottom(detailHeight)
        pageHeight = max(1, area.height - 1)
        let widths = Table.widths(of: Self.columns, in: area.width - 3)
        Table.drawHeader(Self.columns, widths: widths, into: &canvas, x: area.x + 2, y: area.y, sorted: sort, ascending: ascending)
        let visible = listing.visible(height: area.height - 1)
        for (offset, position) in visible.enumerated() {
            guard let index = positions[listing.rows[position]], index < scene.snapshot.checks.count else { continue }
            let check = scene.snapshot.checks[index]
            let y = area.y + 1 + offset
            let glyph = Self.glyph(check.status)
            canvas.draw(glyph.0, x: area.x, y: y, glyph.1)
            Table.drawRow(Self.columns, widths: widths, into: &canvas, x: area.x + 2, y: y) { cell($0, check, scene) }
            let line = Rect(x: area.x, y: y, width: area.width, height: 1)
            if !(scene.snapshot.source(check.id.source)?.freshness.isLive ?? true) { canvas.lay(.dimmed, over: line) }
            if position == listing.index { canvas.drawCursor(line, isFocused: scene.isFocused) }
        }
        Table.drawScrollMark(into: &canvas, x: area.maxX - 1, y: area.y + 1, height: area.height - 1, top: visible.lowerBound, count: listing.count)
        if detailHeight > 1, case .check(let check) = selected { drawOutput(check, into: &canvas, rect: detail) }
    }

    private func cell(_ column: Int, _ check: Check, _ scene: Scene) -> CellText {
        switch column {
        case 0: return CellText(check.status.word, Self.glyph(check.status).1)
        case 1: return CellText(check.name, check.status >= .warning ? .bad : .text)
        case 2: return CellText(check.service, .muted)
        case 3: return CellText(scene.snapshot.hosts.first { $0.id.raw == check.node }?.name ?? check.node, .muted)
        case 4:
            guard let since = check.since else { return CellText("–", .muted) }
            return CellText((check.isSinceAtLeast ? "≥" : "") + Figure.longAge(scene.now.seconds(since: since)), .text)
        case 5: return CellText(check.flips == 0 ? "0" : String(check.flips), check.flips == 0 ? .muted : .warning)
        default: return CellText(String(check.output.drop { $0.isWhitespace }.prefix { $0 != "\n" && $0 != "\r\n" }), .muted)
        }
    }

    private func drawOutput(_ check: Check, into canvas: inout Canvas, rect: Rect) {
        let title = "── \(check.name): what it last printed "
        canvas.draw(title + String(repeating: "─", count: max(0, rect.width - TextWidth.of(title))), x: rect.x, y: rect.y, limit: rect.width, .border)
        let text = check.output.isEmpty ? "(nothing)" : check.output
        let lines = Paragraph.lines(String(text.prefix(4096)), width: rect.width - 2).filter { !$0.isEmpty }
        for (offset, line) in lines.prefix(rect.height - 1).enumerated() {
            canvas.draw(line, x: rect.x + 1, y: rect.y + 1 + offset, limit: rect.width - 1, check.status >= .warning ? .text : .muted)
        }
    }

    private func drawEmpty(into canvas: inout Canvas, rect: Rect, scene: Scene) {
        EmptyState.of(
            scene.snapshot, kinds: [.docker], what: "health checks", hidden: hidden, filter: filter, problemsOnly: showsProblemsOnly,
            emptyHint: "No running container declares a HEALTHCHECK. This pane shows Docker's own results; it waits for Consul as its registry, which this version does not read yet.",
            scene: scene
        ).draw(into: &canvas, rect: rect)
    }

    static func glyph(_ status: Check.Status) -> (String, Role) {
        switch status {
        case .critical: ("✖", .bad)
        case .warning: ("!", .warning)
        case .maintenance: ("◐", .info)
        case .starting: ("◌", .info)
        case .passing: ("●", .good)
        }
    }
}
