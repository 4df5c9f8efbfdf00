internal import Commands
internal import Domain
public import Drawing
internal import Widgets

extension HealthPane {
    public mutating func draw(into canvas: inout Canvas, rect: Rect, scene: Scene) {
        var area = rect
        RegistryRemarks(scene: scene, hasRows: !listing.rows.isEmpty).draw(into: &canvas, area: &area)
        guard !listing.rows.isEmpty else {
            headHeight = rect.height
            HealthEmptyState(pane: self, scene: scene).state.draw(into: &canvas, rect: area)
            return
        }
        // What is known of the selected row, where there is room to read it.
        let panel = area.takeBottom(rect.height >= 14 ? max(6, min(12, rect.height * 2 / 5)) : 0)
        headHeight = area.y - rect.y + 1
        pageHeight = max(1, area.height - 1)
        switch query.view {
        case .checks: drawChecks(into: &canvas, rect: area, scene: scene)
        case .services: drawServices(into: &canvas, rect: area, scene: scene)
        case .nodes: drawNodes(into: &canvas, rect: area, scene: scene)
        case .differences: drawDifferences(into: &canvas, rect: area, scene: scene)
        }
        HealthPanel(scene: scene, index: index).draw(subject(in: scene.snapshot), into: &canvas, rect: panel)
    }

    // MARK: Views

    private mutating func drawChecks(into canvas: inout Canvas, rect: Rect, scene: Scene) {
        let columns = CheckColumn.allCases.map(\.column)
        let widths = Table.widths(of: columns, in: rect.width - 3)
        let sorted = CheckColumn.column(of: query.order).rawValue
        Table.drawHeader(columns, widths: widths, into: &canvas, x: rect.x + 2, y: rect.y, sorted: sorted, ascending: query.ascending)
        let strip = CheckColumn.lastHour.rawValue
        let stripX = rect.x + 2 + widths[..<strip].reduce(0) { $0 + ($1 > 0 ? $1 + 1 : 0) }
        let index = index
        drawRows(into: &canvas, rect: rect, scene: scene) { row, canvas, y in
            guard case .check(let id) = row, let check = index.checks.check(id, in: scene.snapshot) else { return }
            Self.draw(CheckGlyph.of(check.status), into: &canvas, x: rect.x, y: y)
            Table.drawRow(columns, widths: widths, into: &canvas, x: rect.x + 2, y: y) { CheckColumn.allCases[$0].cell(check, scene) }
            if widths[strip] > 0 { CheckStrip.draw(check, until: scene.now, into: &canvas, x: stripX, y: y, width: widths[strip]) }
        }
    }

    private mutating func drawServices(into canvas: inout Canvas, rect: Rect, scene: Scene) {
        let sources = Set(index.services.lazy.map(\.source))
        let shown = RollUpColumn.allCases.filter { $0 != .registry || sources.count > 1 }
        let columns = shown.map(\.column)
        let widths = Table.widths(of: columns, in: rect.width - 3)
        Table.drawHeader(columns, widths: widths, into: &canvas, x: rect.x + 2, y: rect.y)
        let query = query
        let index = index
        drawRows(into: &canvas, rect: rect, scene: scene) { row, canvas, y in
            let line: RollUpLine
            switch row {
            case .service(let source, let name):
                guard let service = index.service(source, name) else { return }
                line = .service(service, isOpen: query.opened.contains(row))
            case .instance(let id):
                guard let health = index.health(of: id) else { return }
                line = .instance(health, isOpen: query.opened.contains(row))
            case .part(let id, _):
                guard let check = index.checks.check(id, in: scene.snapshot) else { return }
                line = .check(check)
            case .check, .member, .disagreement: return
            }
            Self.draw(CheckGlyph.of(line.status), into: &canvas, x: rect.x, y: y)
            Table.drawRow(columns, widths: widths, into: &canvas, x: rect.x + 2, y: y) { line.cell(shown[$0], scene) }
        }
    }

    private mutating func drawNodes(into canvas: inout Canvas, rect: Rect, scene: Scene) {
        let columns = MemberColumn.allCases.map(\.column)
        let widths = Table.widths(of: columns, in: rect.width - 3)
        Table.drawHeader(columns, widths: widths, into: &canvas, x: rect.x + 2, y: rect.y)
        // A check below a node has the node's name and status columns for itself, and the rest for its output.
        let headWidths = widths.enumerated().map { $0.offset <= MemberColumn.status.rawValue ? $0.element : 0 }
        let outputX = rect.x + 2 + headWidths.reduce(0) { $0 + ($1 > 0 ? $1 + 1 : 0) }
        let query = query
        let index = index
        drawRows(into: &canvas, rect: rect, scene: scene) { row, canvas, y in
            switch row {
            case .member(let id):
                guard let member = index.member(id, in: scene.snapshot) else { return }
                let counts = index.counts(of: id, in: scene.snapshot)
                Self.draw(MemberColumn.glyph(member, counts), into: &canvas, x: rect.x, y: y)
                Table.drawRow(columns, widths: widths, into: &canvas, x: rect.x + 2, y: y) {
                    MemberColumn.allCases[$0].cell(member, counts, isOpen: query.opened.contains(row))
                }
            case .check(let id):
                guard let check = index.checks.check(id, in: scene.snapshot) else { return }
                Self.draw(CheckGlyph.of(check.status), into: &canvas, x: rect.x, y: y)
                Table.drawRow(columns, widths: headWidths, into: &canvas, x: rect.x + 2, y: y) {
                    $0 == MemberColumn.node.rawValue ? CellText("    " + check.name, check.status >= .warning ? .bad : .text) : CellText(check.status.word, CheckGlyph.of(check.status).role)
                }
                canvas.draw(CheckWords.firstLine(check.output), x: outputX, y: y, limit: rect.maxX - 1 - outputX, .muted, ellipsis: true)
            case .service, .instance, .part, .disagreement: return
            }
        }
    }

    private mutating func drawDifferences(into canvas: inout Canvas, rect: Rect, scene: Scene) {
        let columns = DifferenceColumn.allCases.map(\.column)
        let widths = Table.widths(of: columns, in: rect.width - 3)
        Table.drawHeader(columns, widths: widths, into: &canvas, x: rect.x + 2, y: rect.y)
        let index = index
        drawRows(into: &canvas, rect: rect, scene: scene) { row, canvas, y in
            guard case .disagreement(let id) = row, let difference = index.disagreement(id) else { return }
            Self.draw(CellText("▲", .warning), into: &canvas, x: rect.x, y: y)
            Table.drawRow(columns, widths: widths, into: &canvas, x: rect.x + 2, y: y) { DifferenceColumn.allCases[$0].cell(difference, scene) }
        }
    }

    // MARK: Rows

    private mutating func drawRows(into canvas: inout Canvas, rect: Rect, scene: Scene, drawRow: (HealthRow, inout Canvas, Int) -> Void) {
        let visible = listing.visible(height: rect.height - 1)
        for (offset, position) in visible.enumerated() {
            let row = listing.rows[position]
            let line = Rect(x: rect.x, y: rect.y + 1 + offset, width: rect.width, height: 1)
            drawRow(row, &canvas, line.y)
            if !(scene.snapshot.source(row.source)?.freshness.isLive ?? true) { canvas.lay(.dimmed, over: line) }
            if position == listing.index { canvas.drawCursor(line, isFocused: scene.isFocused) }
        }
        Table.drawScrollMark(into: &canvas, x: rect.maxX - 1, y: rect.y + 1, height: rect.height - 1, top: visible.lowerBound, count: listing.count)
    }

    private static func draw(_ glyph: CellText, into canvas: inout Canvas, x: Int, y: Int) { canvas.draw(glyph.text, x: x, y: y, limit: 1, glyph.role) }
}
