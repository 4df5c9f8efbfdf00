public import Commands
public import Domain
public import Drawing
internal import Widgets

/// All containers of all engines in one list, or grouped by Compose project.
public struct ContainersPane: Pane {
    enum RowID: Hashable, Sendable {
        case project(String)
        case container(Container.ID)
    }

    /// Everything the order of the rows depends on.
    private struct Basis: Hashable {
        var containers: UInt64
        var usage: UInt64
        var filter: Filter
        var problemsOnly: Bool
        var sort: ContainerColumn
        var ascending: Bool
        var isGrouped: Bool
        var folded: Set<String>
    }

    public let id = PaneID.containers
    public var filter = Filter.none
    public var showsProblemsOnly = false
    public private(set) var marks: Set<Container.ID> = []
    var sort = ContainerColumn.state
    var ascending = true
    var isGrouped = false
    var folded: Set<String> = []
    var listing = Listing<RowID>()
    /// Where each container stands in the snapshot the rows were worked out from.
    /// All positions, as they were sorted last.
    private var order: [Int] = []
    var positions: [Container.ID: Int] = [:]
    var members: [String: [Int]] = [:]
    private var basis: Basis?
    private var hidden = 0
    private var lastMark: RowID?
    var pageHeight = 10

    public init() {}

    public var rowCount: Int { listing.count }
    /// The list is ordered by readings, so every container has to be read.
    public var needsAllUsage: Bool { sort.isUsage }
    /// Raw ids of the rows seen at the last drawing.
    public private(set) var visibleIDs: [String] = []

    public mutating func arrange(_ snapshot: Snapshot) {
        let now = Basis(
            containers: snapshot.revisions.containers, usage: sort.isUsage ? snapshot.revisions.usage : 0, filter: filter,
            problemsOnly: showsProblemsOnly, sort: sort, ascending: ascending, isGrouped: isGrouped, folded: folded)
        guard now != basis else { return }
        basis = now
        positions = Dictionary(snapshot.containers.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        marks = marks.filter { positions[$0] != nil }
        // The order of before is nearly that of now, and what is nearly in order is sorted in little more than one pass.
        var indices = order.count == snapshot.containers.count ? order : Array(snapshot.containers.indices)
        let isWhole = !showsProblemsOnly && !filter.isActive
        if showsProblemsOnly { indices.removeAll { snapshot.containers[$0].problem == nil } }
        if filter.isActive { indices.removeAll { !matches(snapshot.containers[$0]) } }
        hidden = snapshot.containers.count - indices.count
        sort.order(&indices, snapshot, ascending: ascending)
        if isWhole { order = indices }
        members = [:]
        guard isGrouped else {
            listing.replace(indices.map { .container(snapshot.containers[$0].id) })
            return
        }
        for index in indices { members[snapshot.containers[index].composeProject ?? "", default: []].append(index) }
        var rows: [RowID] = []
        // Containers of no project come last, whatever they are called.
        for project in members.keys.sorted(by: { ($0.isEmpty ? 1 : 0, $0) < ($1.isEmpty ? 1 : 0, $1) }) {
            rows.append(.project(project))
            if !folded.contains(project) { rows += (members[project] ?? []).map { .container(snapshot.containers[$0].id) } }
        }
        listing.replace(rows)
    }

    private func matches(_ container: Container) -> Bool {
        filter.matches(
            [container.name, container.image, container.state.word, container.composeProject ?? "", container.id.short] + container.endpoints.map(\.address),
            labels: container.labels)
    }

    public mutating func perform(_ command: Command.ID, _ snapshot: Snapshot) -> Bool {
        if listing.perform(command, page: pageHeight) { return true }
        switch command {
        case .sortNext: cycleSort(1)
        case .sortPrevious: cycleSort(-1)
        case .invertSort: ascending.toggle()
        case .view: isGrouped.toggle()
        case .mark:
            toggleMark()
            listing.move(by: 1)
        case .markRange: markRange()
        case .clearMarks: marks = []
        case .open:
            guard case .project(let name)? = listing.selected else { return false }
            if folded.remove(name) == nil { folded.insert(name) }
        default: return false
        }
        arrange(snapshot)
        return true
    }

    private mutating func cycleSort(_ step: Int) {
        let all = ContainerColumn.allCases
        let position = all.firstIndex(of: sort) ?? 0
        sort = all[(position + step + all.count) % all.count]
        ascending = !sort.isLargestFirst
    }

    private mutating func toggleMark() {
        switch listing.selected {
        case .container(let id)?:
            if marks.remove(id) == nil { marks.insert(id) }
        case .project(let name)?:
            let ids = containerIDs(of: name)
            if ids.isSubset(of: marks) { marks.subtract(ids) } else { marks.formUnion(ids) }
        case nil: return
        }
        lastMark = listing.selected
    }

    private func containerIDs(of project: String) -> Set<Container.ID> {
        let wanted = Set(members[project] ?? [])
        return Set(positions.filter { wanted.contains($0.value) }.keys)
    }

    private mutating func markRange() {
        guard let lastMark, let start = listing.rows.firstIndex(of: lastMark) else { return toggleMark() }
        for row in listing.rows[min(start, listing.index)...max(start, listing.index)] {
            if case .container(let id) = row { marks.insert(id) }
        }
        self.lastMark = listing.selected
    }

    /// Containers marked, in the order of the rows; marked ones that a filter hides are left out of nothing.
    public func marked(in snapshot: Snapshot) -> [Container] {
        snapshot.containers.filter { marks.contains($0.id) }
    }

    public mutating func clearMarks() { marks = [] }

    public func subject(in snapshot: Snapshot) -> Subject {
        switch listing.selected {
        case .container(let id)?: snapshot.container(id).map(Subject.container) ?? .none
        case .project(let name)?:
            .group(name, snapshot.containers.filter { ($0.composeProject ?? "") == name })
        case nil: .none
        }
    }

    public mutating func select(_ subject: Subject) -> Bool {
        guard case .container(let container) = subject else { return false }
        return listing.select(.container(container.id))
    }

    public mutating func click(row: Int) { listing.move(to: listing.top + row - 1) }

    public func note(_ snapshot: Snapshot) -> String {
        var running = 0
        var problems = 0
        for container in snapshot.containers {
            if container.isUp { running += 1 }
            if container.problem != nil { problems += 1 }
        }
        var parts = ["\(running) running", "\(snapshot.containers.count - running) stopped"]
        if problems > 0 { parts.append("\(problems) with a problem") }
        if !marks.isEmpty { parts.insert("\(marks.count) marked", at: 0) }
        if showsProblemsOnly { parts.insert("problems only", at: 0) }
        if filter.isActive { parts.insert("/" + filter.source, at: 0) }
        return parts.joined(separator: " · ")
    }

    public func problemCount(_ snapshot: Snapshot) -> Int { snapshot.containers.reduce(0) { $0 + ($1.problem == nil ? 0 : 1) } }

    public mutating func draw(into canvas: inout Canvas, rect: Rect, scene: Scene) {
        pageHeight = max(1, rect.height - 1)
        visibleIDs = []
        guard !listing.rows.isEmpty else {
            EmptyState.of(
                scene.snapshot, kinds: [.docker], what: "containers", hidden: hidden, filter: filter, problemsOnly: showsProblemsOnly,
                emptyHint: "start one with docker run, and it appears here at once", scene: scene
            ).draw(into: &canvas, rect: rect)
            return
        }
        let columns = ContainerColumn.columns(hosts: scene.snapshot.hosts.count)
        let visible = listing.visible(height: rect.height - 1)
        let widths = ContainerColumn.widths(of: columns, in: rect.width - 3, rows: listing.rows[visible].compactMap { row(of: $0, scene) })
        Table.drawHeader(columns, widths: widths, into: &canvas, x: rect.x + 2, y: rect.y, sorted: ContainerColumn.allCases.firstIndex(of: sort), ascending: ascending)
        for (offset, position) in visible.enumerated() {
            let y = rect.y + 1 + offset
            switch listing.rows[position] {
            case .project(let name): drawProject(name, into: &canvas, rect: rect, y: y, snapshot: scene.snapshot)
            case .container(let id):
                guard let row = row(of: listing.rows[position], scene) else { continue }
                visibleIDs.append(id.raw)
                drawContainer(row, columns: columns, widths: widths, into: &canvas, rect: rect, y: y, scene: scene)
            }
            if position == listing.index { canvas.drawCursor(Rect(x: rect.x, y: y, width: rect.width, height: 1), isFocused: scene.isFocused) }
        }
        Table.drawScrollMark(into: &canvas, x: rect.maxX - 1, y: rect.y + 1, height: rect.height - 1, top: visible.lowerBound, count: listing.count)
    }

    private func row(of id: RowID, _ scene: Scene) -> ContainerRow? {
        guard case .container(let id) = id, let index = positions[id], index < scene.snapshot.containers.count else { return nil }
        let container = scene.snapshot.containers[index]
        return ContainerRow(container: container, history: scene.snapshot.usage[id.raw], host: scene.snapshot.host(container.host), now: scene.now, isGrouped: isGrouped)
    }

    private func drawContainer(_ row: ContainerRow, columns: [Column], widths: [Int], into canvas: inout Canvas, rect: Rect, y: Int, scene: Scene) {
        let container = row.container
        let isStale = !(scene.snapshot.source(container.id.source)?.freshness.isLive ?? false)
        if marks.contains(container.id) {
            canvas.draw("▸", x: rect.x, y: y, .mark, .bold)
        } else {
            let glyph = StateGlyph.of(container)
            canvas.draw(glyph.text, x: rect.x, y: y, glyph.role)
        }
        Table.drawRow(columns, widths: widths, into: &canvas, x: rect.x + 2, y: y) { row.cell(ContainerColumn.allCases[$0], width: widths[$0]) }
        let line = Rect(x: rect.x, y: y, width: rect.width, height: 1)
        if isStale { canvas.lay(.dimmed, over: line) }
        if marks.contains(container.id) { canvas.lay(.marked, over: line) }
    }

    private func drawProject(_ name: String, into canvas: inout Canvas, rect: Rect, y: Int, snapshot: Snapshot) {
        let indices = members[name] ?? []
        let up = indices.reduce(0) { $0 + (snapshot.containers[$1].isUp ? 1 : 0) }
        let title = name.isEmpty ? "(no Compose project)" : name
        var x = canvas.draw(folded.contains(name) ? "▸ " : "▾ ", x: rect.x, y: y, .accent)
        x = canvas.draw(title, x: x, y: y, limit: rect.maxX - x, .heading, .bold)
        canvas.draw("  \(up) of \(indices.count) running", x: x, y: y, limit: rect.maxX - x, up == indices.count ? .muted : .warning)
    }
}
