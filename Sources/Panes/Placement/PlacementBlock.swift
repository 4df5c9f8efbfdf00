internal import Domain
internal import Drawing
internal import Widgets

/// The lines that one row takes on the screen: a table's cells or words, then what belongs below them.
struct PlacementBlock {
    enum Head {
        case service(ServiceLine)
        case node(NodeLine)
        case words([CellText])
    }

    var head: Head
    var indent = 0
    var more: [[CellText]] = []
    var moreIndent = 0

    var height: Int { 1 + more.count }

    init(_ head: Head, indent: Int = 0, more: [[CellText]] = [], moreIndent: Int = 0) {
        self.head = head
        self.indent = indent
        self.more = more
        self.moreIndent = moreIndent
    }

    /// Words only.
    init(_ lines: [[CellText]], indent: Int) {
        self.init(.words(lines.first ?? []), indent: indent, more: Array(lines.dropFirst()), moreIndent: indent)
    }
}

/// Works out the blocks of the rows that are seen.
struct PlacementBlocks {
    let scene: Scene
    let index: PlacementIndex
    let query: PlacementQuery
    let width: Int
    /// Chips stand below every service, not only below those that are not as they should be.
    let showsAllChips: Bool
    let isRoleHidden: Bool
    var explanations: Explanations

    private var snapshot: Snapshot { scene.snapshot }

    mutating func block(_ row: PlacementRow) -> PlacementBlock {
        switch row.id {
        case .source(let id): return PlacementBlock(.words(heading(id)))
        case .stack(let source, let name): return PlacementBlock(.words(stack(source, name)))
        case .nowhere: return nowhere(row)
        case .workload(let id):
            guard let position = index.workloads[id], position < snapshot.workloads.count else { return PlacementBlock(.words([])) }
            return service(snapshot.workloads[position], depth: row.depth)
        case .node(let id):
            guard let position = index.nodes[id], position < snapshot.nodes.count else { return PlacementBlock(.words([])) }
            return node(snapshot.nodes[position])
        case .task(let id):
            guard let position = index.tasks[id], position < snapshot.tasks.count else { return PlacementBlock(.words([])) }
            return task(position, row)
        }
    }

    // MARK: Headings

    private func heading(_ id: Source.ID) -> [CellText] {
        guard let source = snapshot.source(id) else { return [CellText(id.raw, .heading, .bold)] }
        return [CellText(source.name, .heading, .bold), CellText("  " + source.title, .muted)]
    }

    private func stack(_ source: Source.ID, _ name: String) -> [CellText] {
        let isClosed = query.closed.contains(.stack(source, name))
        let workloads = snapshot.workloads.filter { $0.id.source == source && $0.group == name }
        let problems = workloads.reduce(0) { $0 + ($1.problem == nil ? 0 : 1) }
        var pieces = [CellText(isClosed ? "▸ " : "▾ ", .accent), CellText(name, .heading, .bold)]
        pieces.append(CellText("  \(workloads.count) \(workloads.count == 1 ? "service" : "services")", .muted))
        if problems > 0 { pieces.append(CellText(", \(problems) with a problem", .warning)) }
        return pieces
    }

    private func nowhere(_ row: PlacementRow) -> PlacementBlock {
        let count = row.companions.count
        let head = [CellText("□ ", .warning), CellText("on no node", .title, .bold), CellText("  \(count) \(count == 1 ? "task" : "tasks")", .warning)]
        return PlacementBlock(.words(head))
    }

    // MARK: Services

    private func service(_ workload: Workload, depth: Int) -> PlacementBlock {
        if query.view == .stuck { return PlacementBlock(StuckLines.of(workload, now: scene.now, key: scene.key, width: width), indent: 0) }
        let positions = index.tasks(of: workload.id)
        let line = ServiceLine(
            workload: workload, tasks: positions.map { snapshot.tasks[$0] }, isFailing: positions.contains { index.hasFailedBefore($0, in: snapshot) }, depth: depth, now: scene.now)
        let indent = 2 * depth + 4
        var more: [[CellText]] = []
        switch workload.rollout {
        case .paused, .failed, .rollingBack:
            guard !workload.rolloutMessage.isEmpty else { break }
            more += Paragraph.lines(TaskWords.line(workload.rolloutMessage), width: max(8, width - indent)).map { [CellText($0, .bad)] }
        case .settled, .progressing, .rolledBack: break
        }
        if !query.opened.contains(.workload(workload.id)), !positions.isEmpty, showsAllChips || line.glyph.role != .good {
            more += TaskChips(groups: nodeGroups(positions)).lines(width: max(8, width - indent))
        }
        return PlacementBlock(.service(line), more: more, moreIndent: indent)
    }

    /// Tasks by the node they are on, those without one last.
    private func nodeGroups(_ positions: [Int]) -> [TaskChips.Group] {
        var groups: [Node.ID: [TaskChips.Chip]] = [:]
        var nowhere: [TaskChips.Chip] = []
        for position in positions {
            let chip = TaskChips.Chip(snapshot.tasks[position])
            if let node = snapshot.tasks[position].node { groups[node, default: []].append(chip) } else { nowhere.append(chip) }
        }
        let named = groups.map { TaskChips.Group(label: index.name(of: $0.key), role: .muted, chips: $0.value) }
        return named.sorted { NaturalOrder.precedes($0.label, $1.label) } + (nowhere.isEmpty ? [] : [TaskChips.Group(label: "no node", role: .warning, chips: nowhere)])
    }

    // MARK: Nodes

    private func node(_ node: Node) -> PlacementBlock {
        let positions = index.tasks(on: node.id)
        if query.view == .stuck { return PlacementBlock(StuckLines.of(node, tasks: positions.map { snapshot.tasks[$0] }, key: scene.key, width: width), indent: 0) }
        var more = NodeLine(node: node, taskCount: positions.count).more(width: max(8, width - 4))
        if !query.opened.contains(.node(node.id)), !positions.isEmpty {
            more += TaskChips(groups: workloadGroups(positions)).lines(width: max(8, width - 4))
        }
        return PlacementBlock(.node(NodeLine(node: node, taskCount: positions.count, isRoleHidden: isRoleHidden)), more: more, moreIndent: 4)
    }

    private func workloadGroups(_ positions: [Int]) -> [TaskChips.Group] {
        var groups: [String: [TaskChips.Chip]] = [:]
        for position in positions {
            let workload = snapshot.tasks[position].workload.flatMap { index.workloads[$0] }
            let label = workload.map { snapshot.workloads[$0].name } ?? snapshot.tasks[position].name
            groups[label, default: []].append(TaskChips.Chip(snapshot.tasks[position]))
        }
        return groups.map { TaskChips.Group(label: $0.key, role: .muted, chips: $0.value) }.sorted { NaturalOrder.precedes($0.label, $1.label) }
    }

    // MARK: Tasks

    private mutating func task(_ position: Int, _ row: PlacementRow) -> PlacementBlock {
        let task = snapshot.tasks[position]
        let words = TaskWords(task: task, companions: row.companions.map { snapshot.tasks[$0] }, snapshot: snapshot, index: index, now: scene.now)
        let explanation = explanations.of(task, in: snapshot)
        if query.view == .stuck { return PlacementBlock(StuckLines.of(words, explanation, key: scene.key, width: width), indent: 0) }
        let indent = 2 * row.depth + 2
        let isByNode = query.view == .nodes
        if index.isNoteworthy(position, in: snapshot) {
            let lines = words.troubled(width: max(8, width - indent), isFull: isByNode || row.depth == 0, showsPlace: !isByNode, explanation)
            return PlacementBlock(lines, indent: indent)
        }
        let (labelWidth, placeWidth) = widths(of: task, isByNode: isByNode)
        return PlacementBlock(words.settled(isFull: isByNode || row.depth == 0, showsPlace: !isByNode, labelWidth: labelWidth, placeWidth: placeWidth), indent: indent)
    }

    /// Wide enough for the names among which the task stands, so that its fields line up with theirs.
    private func widths(of task: WorkloadTask, isByNode: Bool) -> (label: Int, place: Int) {
        let positions = isByNode ? task.node.map(index.tasks(on:)) ?? [] : task.workload.map(index.tasks(of:)) ?? []
        let workload = index.workload(of: task, in: snapshot)
        var label = 2
        var place = 2
        // A screenful of neighbours is enough to line up with.
        for position in positions.prefix(60) {
            let other = snapshot.tasks[position]
            label = max(label, TextWidth.of(isByNode ? other.name : other.label(in: workload)))
            if let node = other.node { place = max(place, TextWidth.of(index.name(of: node))) }
        }
        return (min(label, 32), min(place, 20))
    }
}
