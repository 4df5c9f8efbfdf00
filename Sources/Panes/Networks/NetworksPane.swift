public import Commands
public import Domain
public import Drawing
internal import Widgets

/// Who is plugged into what: the host's links and bridges with the containers behind them, and the engines' networks.
public struct NetworksPane: Pane {
    private struct Basis: Hashable {
        var networks: UInt64
        var containers: UInt64
        var hosts: UInt64
        var hostNetwork: UInt64
        var filter: Filter
        var problemsOnly: Bool
        var isEngineView: Bool

        /// Only the facts differ, not what is asked of them.
        func isSameQuestion(as other: Basis) -> Bool {
            filter == other.filter && problemsOnly == other.problemsOnly && isEngineView == other.isEngineView
        }
    }

    public let id = PaneID.networks
    public var filter = Filter.none
    public var showsProblemsOnly = false
    var isEngineView = false
    private var rows: [NetworkRow.ID: (prefix: String, row: NetworkRow)] = [:]
    private var listing = Listing<NetworkRow.ID>()
    private var basis: Basis?
    private var hidden = 0
    private var arrangedAt: Timestamp?

    /// With more containers than that the tree is not worked out for each of them that starts or ends.
    private static let manyContainers = 1000
    /// Seconds.
    private static let patience: Int64 = 2
    private var pageHeight = 10

    public init() {}

    public var rowCount: Int { listing.count }

    public mutating func arrange(_ snapshot: Snapshot) {
        let revisions = snapshot.revisions
        let now = Basis(
            networks: revisions.networks, containers: revisions.containers, hosts: revisions.hosts, hostNetwork: revisions.hostNetwork,
            filter: filter, problemsOnly: showsProblemsOnly, isEngineView: isEngineView)
        guard now != basis else { return }
        if let basis, basis.isSameQuestion(as: now), snapshot.containers.count > Self.manyContainers, let arrangedAt,
            snapshot.takenAt.seconds(since: arrangedAt) < Self.patience
        {
            return
        }
        basis = now
        arrangedAt = snapshot.takenAt
        let all = Tree.rows(NetworkForest(snapshot: snapshot, isEngineView: isEngineView).trees())
        let kept = all.filter { row in
            if showsProblemsOnly, !row.value.pieces.contains(where: { $0.role == .bad || $0.role == .warning }) { return false }
            return !filter.isActive || filter.matches([row.value.words], labels: labels(row.value.id, snapshot))
        }
        hidden = all.count - kept.count
        rows = Dictionary(kept.map { ($0.value.id, ($0.prefix, $0.value)) }, uniquingKeysWith: { first, _ in first })
        var seen = Set<NetworkRow.ID>()
        listing.replace(kept.map(\.value.id).filter { seen.insert($0).inserted })
    }

    private func labels(_ id: NetworkRow.ID, _ snapshot: Snapshot) -> [String: String] {
        switch id {
        case .network(let id): snapshot.network(id)?.labels ?? [:]
        case .plug(_, let container): snapshot.container(container)?.labels ?? [:]
        case .heading, .link, .route: [:]
        }
    }

    public mutating func perform(_ command: Command.ID, _ snapshot: Snapshot) -> Bool {
        if listing.perform(command, page: pageHeight) { return true }
        guard command == .view else { return false }
        isEngineView.toggle()
        arrange(snapshot)
        return true
    }

    public func subject(in snapshot: Snapshot) -> Subject {
        switch listing.selected {
        case .network(let id)?: return snapshot.network(id).map(Subject.network) ?? .none
        case .plug(let network, let container)?:
            guard let network = snapshot.network(network), let container = snapshot.container(container) else { return .none }
            return .attachment(network, container)
        case .link(let name)?: return snapshot.hostNetwork.links.first { $0.name == name }.map(Subject.link) ?? .none
        case .heading?, .route?, nil: return .none
        }
    }

    public mutating func select(_ subject: Subject) -> Bool {
        switch subject {
        case .network(let network): return listing.select(.network(network.id))
        case .attachment(let network, let container): return listing.select(.plug(network.id, container.id))
        case .container(let container):
            guard let row = listing.rows.first(where: { if case .plug(_, container.id) = $0 { true } else { false } }) else { return false }
            return listing.select(row)
        default: return false
        }
    }

    public mutating func click(row: Int) { listing.move(to: listing.top + row) }

    public func note(_ snapshot: Snapshot) -> String {
        var parts = ["\(snapshot.networks.count) networks"]
        let links = snapshot.hostNetwork.links.count
        if links > 0, !isEngineView { parts.append("\(links) links") }
        if isEngineView { parts.append("engine view") }
        if showsProblemsOnly { parts.insert("problems only", at: 0) }
        if filter.isActive { parts.insert("/" + filter.source, at: 0) }
        return parts.joined(separator: " · ")
    }

    public func problemCount(_ snapshot: Snapshot) -> Int { 0 }

    public mutating func draw(into canvas: inout Canvas, rect: Rect, scene: Scene) {
        pageHeight = max(1, rect.height)
        guard !listing.rows.isEmpty else {
            EmptyState.of(
                scene.snapshot, kinds: [.docker, .host], what: "networks", hidden: hidden, filter: filter, problemsOnly: showsProblemsOnly,
                emptyHint: "\(scene.key(.newNetwork)) creates one", scene: scene
            ).draw(into: &canvas, rect: rect)
            return
        }
        let visible = listing.visible(height: rect.height)
        for (offset, position) in visible.enumerated() {
            let y = rect.y + offset
            guard let (prefix, row) = rows[listing.rows[position]] else { continue }
            let limit = rect.maxX - 1
            var x = canvas.draw(prefix, x: rect.x, y: y, limit: limit - rect.x, .border)
            var end = limit
            if let rates = row.rates, rect.width > 90 {
                let width = 22
                canvas.drawRight(rates, x: limit - width, y: y, width: width, .graph)
                end = limit - width - 1
            }
            for piece in row.pieces where !piece.text.isEmpty && x < end {
                x = canvas.draw(piece.text, x: x, y: y, limit: end - x, piece.role, ellipsis: true) + 1
            }
            let line = Rect(x: rect.x, y: y, width: rect.width, height: 1)
            if row.isDimmed { canvas.lay(.dimmed, over: line) }
            if position == listing.index { canvas.drawCursor(line, isFocused: scene.isFocused) }
        }
        Table.drawScrollMark(into: &canvas, x: rect.maxX - 1, y: rect.y, height: rect.height, top: visible.lowerBound, count: listing.count)
    }
}
