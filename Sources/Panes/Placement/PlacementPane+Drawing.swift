internal import Commands
internal import Domain
public import Drawing
internal import Widgets

extension PlacementPane {
    public mutating func draw(into canvas: inout Canvas, rect: Rect, scene: Scene) {
        rowOfLine = []
        var area = rect
        drawRemarks(into: &canvas, area: &area, scene: scene)
        guard !listing.rows.isEmpty else {
            emptyState(scene).draw(into: &canvas, rect: area)
            return
        }
        if area.width >= PlacementPanel.minimumWidth {
            let list = area.takeLeft(max(60, area.width * 11 / 20))
            for y in area.y..<area.maxY { canvas.draw("│", x: area.x, y: y, .border) }
            _ = area.takeLeft(2)
            panel.draw(subject(in: scene.snapshot), row: listing.selected, into: &canvas, rect: area, scene: scene)
            area = list
        }
        switch query.view {
        case .services: drawServices(into: &canvas, rect: area, scene: scene)
        case .nodes: drawNodes(into: &canvas, rect: area, scene: scene)
        case .stuck: drawRows(into: &canvas, rect: area, scene: scene, isRoleHidden: true) { _, _, _ in }
        }
    }

    // MARK: Views

    private mutating func drawServices(into canvas: inout Canvas, rect: Rect, scene: Scene) {
        let shown = ServiceColumn.columns(hasRollouts: index.hasRollouts)
        let columns = shown.map(\.column)
        let widths = Table.widths(of: columns, in: rect.width - 3)
        var area = rect
        let header = area.takeTop(1)
        Table.drawHeader(
            columns, widths: widths, into: &canvas, x: header.x + 2, y: header.y, sorted: shown.firstIndex(of: ServiceColumn.column(of: query.order)), ascending: query.ascending)
        rowOfLine.append(nil)
        drawRows(into: &canvas, rect: area, scene: scene, isRoleHidden: true) { head, canvas, y in
            guard case .service(let line) = head else { return }
            canvas.draw(line.glyph.text, x: area.x, y: y, line.glyph.role)
            Table.drawRow(columns, widths: widths, into: &canvas, x: area.x + 2, y: y) { line.cell(shown[$0], width: widths[$0]) }
        }
    }

    private mutating func drawNodes(into canvas: inout Canvas, rect: Rect, scene: Scene) {
        let columns = NodeColumn.allCases.map(\.column)
        let widths = Table.widths(of: columns, in: rect.width - 3)
        var area = rect
        let header = area.takeTop(1)
        Table.drawHeader(columns, widths: widths, into: &canvas, x: header.x + 2, y: header.y)
        rowOfLine.append(nil)
        drawRows(into: &canvas, rect: area, scene: scene, isRoleHidden: widths[NodeColumn.role.rawValue] == 0) { head, canvas, y in
            guard case .node(let line) = head else { return }
            canvas.draw(line.glyph.text, x: area.x, y: y, line.glyph.role)
            Table.drawRow(columns, widths: widths, into: &canvas, x: area.x + 2, y: y) { line.cell(NodeColumn.allCases[$0], width: widths[$0]) }
        }
    }

    private mutating func drawRows(
        into canvas: inout Canvas, rect: Rect, scene: Scene, isRoleHidden: Bool, drawCells: (PlacementBlock.Head, inout Canvas, Int) -> Void
    ) {
        let services = rows.count > rect.height ? rows.count : rows.reduce(0) { if case .workload = $1.id { $0 + 1 } else { $0 } }
        var builder = PlacementBlocks(
            scene: scene, index: index, query: query, width: rect.width - 1, showsAllChips: rows.count + services <= rect.height, isRoleHidden: isRoleHidden,
            explanations: explanations)
        var blocks: [Int: PlacementBlock] = [:]
        let rows = rows
        func block(_ position: Int) -> PlacementBlock {
            if let known = blocks[position] { return known }
            let block = builder.block(rows[position])
            blocks[position] = block
            return block
        }
        var listing = listing
        let visible = listing.visible(height: rect.height) { block($0).height }
        self.listing = listing
        pageHeight = max(1, visible.count)
        var y = rect.y
        for position in visible where y < rect.maxY {
            let block = block(position)
            let area = Rect(x: rect.x, y: y, width: rect.width, height: min(block.height, rect.maxY - y))
            if case .words(let pieces) = block.head {
                Self.draw(pieces, into: &canvas, x: area.x + block.indent, y: y, end: area.maxX - 1)
            } else {
                drawCells(block.head, &canvas, y)
            }
            for (offset, pieces) in block.more.prefix(area.height - 1).enumerated() {
                Self.draw(pieces, into: &canvas, x: area.x + block.moreIndent, y: y + 1 + offset, end: area.maxX - 1)
            }
            if !(scene.snapshot.source(rows[position].id.source)?.freshness.isLive ?? false) { canvas.lay(.dimmed, over: area) }
            if position == listing.index { canvas.drawCursor(area, isFocused: scene.isFocused) }
            rowOfLine += Array(repeating: position, count: area.height)
            y += area.height
        }
        explanations = builder.explanations
        // Rows are of unequal height: the mark says how far one is among the rows.
        if visible.count < rows.count, !visible.isEmpty {
            let scale = max(1, rect.height / visible.count)
            Table.drawScrollMark(into: &canvas, x: rect.maxX - 1, y: rect.y, height: rect.height, top: visible.lowerBound * scale, count: rows.count * scale)
        }
    }

    private static func draw(_ pieces: [CellText], into canvas: inout Canvas, x: Int, y: Int, end: Int) {
        var x = x
        for piece in pieces where x < end { x = canvas.draw(piece.text, x: x, y: y, limit: end - x, piece.role, piece.overlay, ellipsis: true) }
    }

    // MARK: What is to be known of the sources

    /// Old facts, dead orchestrators beside live ones, and what a source remarks of itself: lines above everything.
    private mutating func drawRemarks(into canvas: inout Canvas, area: inout Rect, scene: Scene) {
        let sources = scene.snapshot.sources.filter { Self.kinds.contains($0.kind) }
        let isAlone = sources.count == 1
        var lines: [(text: String, role: Role)] = []
        for source in sources {
            let name = isAlone ? "" : source.name + ": "
            switch source.freshness {
            case .stale(let since, let trouble):
                lines.append(("▲ \(name)stale \(Figure.age(scene.now.seconds(since: since))): \(trouble.answer)" + (trouble.remedy.map { "; " + $0 } ?? ""), .warning))
            case .failed(_, let trouble) where !listing.rows.isEmpty: lines.append(("✖ \(name)\(trouble.answer)", .bad))
            case .waiting, .connecting, .live, .failed, .absent: break
            }
            if case .absent = source.freshness { continue }
            lines += source.remarks.map { ("▲ " + name + $0, .warning) }
        }
        let wrapped = lines.flatMap { line in Paragraph.lines(TaskWords.line(line.text), width: area.width - 1).map { ($0, line.role) } }
        let rect = area.takeTop(min(wrapped.count, max(1, area.height / 3)))
        for (offset, line) in wrapped.prefix(rect.height).enumerated() {
            let isCut = offset == rect.height - 1 && wrapped.count > rect.height
            canvas.draw(isCut ? line.0 + " … \(scene.key(.sources)) shows all" : line.0, x: rect.x, y: rect.y + offset, limit: rect.width - 1, line.1, ellipsis: true)
        }
        rowOfLine += Array(repeating: nil, count: rect.height)
    }

    private func emptyState(_ scene: Scene) -> EmptyState {
        let snapshot = scene.snapshot
        let isAnythingKnown = !snapshot.nodes.isEmpty || !snapshot.workloads.isEmpty
        if isAnythingKnown, hidden == 0, query.view == .stuck || showsProblemsOnly {
            let tasks = index.tasks.count
            return .empty(what: "Nothing is stuck", hint: "\(snapshot.workloads.count) services with \(tasks) tasks on \(snapshot.nodes.count) nodes are as they should be; \(scene.key(.view)) shows them")
        }
        let sources = snapshot.sources.filter { Self.kinds.contains($0.kind) }
        if hidden == 0, sources.contains(where: \.freshness.isLive) {
            return .empty(what: "No services yet", hint: "\(scene.key(.deploy)) deploys one, from a Compose file or a form")
        }
        if !sources.isEmpty {
            let isAbsent = sources.allSatisfy { if case .absent = $0.freshness { true } else { false } }
            return .of(
                snapshot, kinds: Self.kinds, what: isAbsent ? "orchestrator here" : "services", hidden: hidden, filter: filter, problemsOnly: showsProblemsOnly,
                emptyHint: "nothing is known of its services yet", scene: scene)
        }
        let joined = snapshot.hosts.filter { !$0.swarm.isEmpty && $0.swarm != "inactive" }.map { "\($0.name) says of its swarm: \($0.swarm)" }
        let seen = joined.isEmpty ? "" : joined.joined(separator: ", ") + ". "
        return .empty(
            what: "No orchestrator is watched",
            hint: seen + "This pane shows what Swarm mode runs where: name the engine of one of its managers with --host, or make one with docker swarm init. \(scene.key(.palette)) lists all that can be done here.")
    }
}
