public import Commands
public import Domain
internal import Drawing
internal import Widgets

/// Where the orchestrators run what: by service, by node, or only what is stuck.
public struct PlacementPane: Pane {
    /// The systems that place tasks on nodes.
    static let kinds: Set<Source.Kind> = [.swarm, .kubernetes, .marathon, .mesos, .helios]

    private struct Basis: Hashable {
        var placement: UInt64
        var query: PlacementQuery
    }

    public let id = PaneID.placement
    var query = PlacementQuery()
    var index = PlacementIndex()
    var explanations = Explanations()
    var listing = Listing<PlacementRow.ID>()
    /// One for one with the listing's.
    private(set) var rows: [PlacementRow] = []
    private(set) var hidden = 0
    private var basis: Basis?
    /// Where the cursor goes once the rows have been worked out.
    private var wanted: PlacementRow.ID?
    var pageHeight = 10
    /// Which row each line of the pane shows, as drawn last.
    var rowOfLine: [Int?] = []
    var panel = PlacementPanel()

    public init() {}

    public var filter: Filter {
        get { query.filter }
        set { query.filter = newValue }
    }
    public var showsProblemsOnly: Bool {
        get { query.showsProblemsOnly }
        set { query.showsProblemsOnly = newValue }
    }
    public var rowCount: Int { listing.count }

    public mutating func arrange(_ snapshot: Snapshot) {
        let now = Basis(placement: snapshot.revisions.placement, query: query)
        if now != basis {
            if basis?.placement != now.placement {
                index = PlacementIndex(snapshot)
                explanations = Explanations()
            }
            basis = now
            let found =
                switch query.view {
                case .services: WorkloadRows(snapshot: snapshot, index: index, query: query).rows()
                case .nodes: NodeLanes(snapshot: snapshot, index: index, query: query).rows()
                case .stuck: StuckRows(snapshot: snapshot, index: index, query: query).rows()
                }
            rows = found.rows
            hidden = found.hidden
            listing.replace(rows.map(\.id))
        }
        if let wanted {
            listing.select(wanted)
            self.wanted = nil
        }
    }

    // MARK: Commands

    public mutating func perform(_ command: Command.ID, _ snapshot: Snapshot) -> Bool {
        if listing.perform(command, page: pageHeight) { return true }
        switch command {
        case .view: changeView(snapshot)
        case .sortNext where query.view == .services: sort(by: query.order.stepped(by: 1))
        case .sortPrevious where query.view == .services: sort(by: query.order.stepped(by: -1))
        case .invertSort where query.view == .services: query.ascending.toggle()
        case .right where query.view != .stuck: unfold(snapshot)
        case .left where query.view != .stuck: fold(snapshot)
        default: return false
        }
        arrange(snapshot)
        return true
    }

    private mutating func sort(by order: ServiceOrder) {
        query.order = order
        query.ascending = true
    }

    /// The cursor stays on the same thing, or goes to what has it in the other view.
    private mutating func changeView(_ snapshot: Snapshot) {
        let selected = listing.selected
        query.view = query.view.next
        arrange(snapshot)
        var candidates: [PlacementRow.ID] = selected.map { [$0] } ?? []
        if case .task(let id)? = selected, let task = index.tasks[id].map({ snapshot.tasks[$0] }) {
            if let node = task.node { candidates.append(.node(node)) }
            if let workload = task.workload { candidates.append(.workload(workload)) }
        }
        if !candidates.contains(where: { listing.select($0) }) { listing.move(to: 0) }
    }

    /// Opens what is selected; an open stack opens all its services.
    private mutating func unfold(_ snapshot: Snapshot) {
        guard let selected = listing.selected else { return }
        switch selected {
        case .stack:
            if query.closed.remove(selected) == nil { query.opened.formUnion(services(of: selected, snapshot)) }
        case .workload, .node, .nowhere: query.opened.insert(selected)
        case .source, .task: return
        }
    }

    /// Closes what is selected, or goes up to what it hangs below.
    private mutating func fold(_ snapshot: Snapshot) {
        guard let selected = listing.selected else { return }
        switch selected {
        case .stack:
            let services = services(of: selected, snapshot)
            if query.opened.isDisjoint(with: services) { query.closed.insert(selected) } else { query.opened.subtract(services) }
        case .workload, .node, .nowhere, .task: if query.opened.remove(selected) == nil { goUp() }
        case .source: return
        }
    }

    private mutating func goUp() {
        let depth = rows[listing.index].depth
        guard depth > 0, let parent = rows[..<listing.index].lastIndex(where: { $0.depth < depth }) else { return }
        listing.move(to: parent)
    }

    private func services(of stack: PlacementRow.ID, _ snapshot: Snapshot) -> Set<PlacementRow.ID> {
        guard case .stack(let source, let name) = stack else { return [] }
        return Set(snapshot.workloads.lazy.filter { $0.id.source == source && $0.group == name }.map { .workload($0.id) })
    }

    // MARK: The cursor

    public func subject(in snapshot: Snapshot) -> Subject {
        switch listing.selected {
        case .source(let id)?: snapshot.source(id).map(Subject.source) ?? .none
        case .stack(let source, let name)?: .stack(source, name, snapshot.workloads.filter { $0.id.source == source && $0.group == name })
        case .workload(let id)?: snapshot.workload(id).map(Subject.workload) ?? .none
        case .node(let id)?: snapshot.node(id).map(Subject.node) ?? .none
        case .task(let id)?: snapshot.task(id).map(Subject.task) ?? .none
        case .nowhere?, nil: .none
        }
    }

    /// Whatever view shows it; what is folded away is opened. The rows follow when they are worked out next.
    public mutating func select(_ subject: Subject) -> Bool {
        switch subject {
        case .workload(let workload):
            guard index.workloads[workload.id] != nil else { return false }
            query.view = .services
            query.closed.remove(.stack(workload.id.source, workload.group))
            wanted = .workload(workload.id)
        case .stack(let source, let name, _):
            query.view = .services
            wanted = .stack(source, name)
        case .node(let node):
            guard index.nodes[node.id] != nil else { return false }
            query.view = .nodes
            wanted = .node(node.id)
        case .task(let task):
            guard index.tasks[task.id] != nil else { return false }
            open(task)
            wanted = .task(task.id)
        case .none, .container, .group, .network, .attachment, .link, .check, .event, .source, .service, .instance, .member, .disagreement: return false
        }
        return true
    }

    private mutating func open(_ task: WorkloadTask) {
        if query.view == .stuck { query.view = .services }
        if query.view == .services, let workload = task.workload {
            query.opened.insert(.workload(workload))
            if let stack = index.stacks[workload] { query.closed.remove(.stack(workload.source, stack)) }
        }
        if query.view == .nodes { query.opened.insert(task.node.map { .node($0) } ?? .nowhere(task.id.source)) }
    }

    public mutating func click(row: Int) {
        guard rowOfLine.indices.contains(row), let position = rowOfLine[row] else { return }
        listing.move(to: position)
    }

    // MARK: In few words

    public func note(_ snapshot: Snapshot) -> String {
        let sources = snapshot.sources.filter { source in
            if case .absent = source.freshness { return false }
            return Self.kinds.contains(source.kind)
        }
        guard let first = sources.first else { return "no orchestrator" }
        func count(_ number: Int, _ word: String) -> String { "\(number) \(word)\(number == 1 ? "" : "s")" }
        var parts = [sources.count == 1 ? first.kind.rawValue : "\(sources.count) orchestrators"]
        if !snapshot.nodes.isEmpty { parts.append(count(snapshot.nodes.count, "node")) }
        switch query.view {
        case .services: if !snapshot.nodes.isEmpty { parts.append(count(snapshot.workloads.count, "service")) }
        case .nodes: parts.insert("by node", at: 0)
        case .stuck: parts.insert("what is stuck", at: 0)
        }
        let pending = Self.unplaced(snapshot).count
        if pending > 0 { parts.append("\(pending) pending") }
        if showsProblemsOnly { parts.insert("problems only", at: 0) }
        if filter.isActive { parts.insert("/" + filter.source, at: 0) }
        return parts.joined(separator: " · ")
    }

    /// Workloads and nodes with a problem, and unplaced tasks whose workload is not counted already.
    public func problemCount(_ snapshot: Snapshot) -> Int {
        let workloads = Set(snapshot.workloads.lazy.filter { $0.problem != nil }.map(\.id))
        let nodes = snapshot.nodes.reduce(0) { $0 + ($1.problem == nil ? 0 : 1) }
        return workloads.count + nodes + Self.unplaced(snapshot).filter { snapshot.tasks[$0].workload.map(workloads.contains) != true }.count
    }

    /// This runs for every frame: only tasks that have no node are looked at closely.
    private static func unplaced(_ snapshot: Snapshot) -> [Int] {
        snapshot.tasks.indices.filter { snapshot.tasks[$0].node == nil && snapshot.tasks[$0].isUnplaced }
    }
}
