public import Commands
public import Domain
internal import Drawing
internal import Widgets

/// How everything is, worst first: by check, by service, by node, and where the registry and what runs do not agree.
public struct HealthPane: Pane {
    /// The systems that keep instances of services and the nodes they are on.
    static let registryKinds: Set<Source.Kind> = [.consul, .registry, .etcd, .zookeeper]

    private struct Basis: Hashable {
        var checks: UInt64
        var registry: UInt64
        /// Containers and hosts: a roll-up and a comparison rest on them, the list of checks does not.
        var runtime: [UInt64]
        var query: HealthQuery
    }

    public let id = PaneID.health
    var query = HealthQuery()
    var index = HealthIndex()
    var listing = Listing<HealthRow>()
    private(set) var hidden = 0
    private var sieve = CheckSieve()
    private var basis: Basis?
    /// Where the cursor goes once the rows have been worked out.
    private var wanted: HealthRow?
    var pageHeight = 10
    /// Lines above the first row, as drawn last.
    var headHeight = 1

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
        let revisions = snapshot.revisions
        let runtime: [UInt64] =
            switch query.view {
            case .checks: query.filter.isActive ? [revisions.hosts] : []
            case .nodes: []
            case .services, .differences: [revisions.containers, revisions.hosts]
            }
        let now = Basis(checks: revisions.checks, registry: revisions.registry, runtime: runtime, query: query)
        if now != basis {
            basis = now
            index.update(snapshot, for: query.view)
            let found = HealthRows(snapshot: snapshot, index: index, query: query).rows(&sieve)
            hidden = found.hidden
            listing.replace(found.rows)
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
        case .sortNext where query.view == .checks: sort(by: query.order.stepped(by: 1))
        case .sortPrevious where query.view == .checks: sort(by: query.order.stepped(by: -1))
        case .invertSort where query.view == .checks: query.ascending.toggle()
        case .right where query.view == .services || query.view == .nodes: unfold()
        case .left where query.view == .services || query.view == .nodes: fold()
        default: return false
        }
        arrange(snapshot)
        return true
    }

    private mutating func sort(by order: CheckOrder) {
        query.order = order
        query.ascending = true
    }

    /// The cursor stays on the same thing, or goes to what has it in the other view.
    private mutating func changeView(_ snapshot: Snapshot) {
        let here = subject(in: snapshot)
        query.view = query.view.next
        arrange(snapshot)
        if !candidates(for: here).contains(where: { listing.select($0) }) { listing.move(to: 0) }
    }

    /// What stands for a subject in any of the views, the nearest first.
    private func candidates(for subject: Subject) -> [HealthRow] {
        switch subject {
        case .check(let check):
            let id = ServiceInstance.id(check.id.source, node: check.node, serviceID: check.serviceID)
            let own: [HealthRow] = [.check(check.id), .part(check.id, of: id), .instance(id)]
            return own + [.service(check.id.source, check.service), .member(Member.ID(check.id.source, check.node))]
        case .service(let service):
            let decider: [HealthRow] = service.decider.map { [.check($0.id), .member(Member.ID($0.id.source, $0.node))] } ?? []
            return [.service(service.source, service.name)] + decider
        case .instance(let instance):
            let decider: [HealthRow] = index.health(of: instance.id)?.decider.map { [.check($0.id)] } ?? []
            return [.instance(instance.id), .service(instance.id.source, instance.service)] + decider + [.member(Member.ID(instance.id.source, instance.node))]
        case .member(let member): return [.member(member.id)]
        case .disagreement(let difference): return [.disagreement(difference.id)]
        case .container(let container):
            // The engine's own check first; a registry's may speak for the container, too.
            return [.check(Check.ID(container.id.source, container.id.raw))] + index.checks.known.lazy.filter { $0.container == container.id }.map { .check($0.id) }
        default: return []
        }
    }

    private mutating func unfold() {
        switch listing.selected {
        case .service?, .instance?, .member?: if let row = listing.selected { query.opened.insert(row) }
        case .check?, .part?, .disagreement?, nil: return
        }
    }

    /// Closes what is selected, or goes up to what it hangs below.
    private mutating func fold() {
        guard let row = listing.selected, query.opened.remove(row) == nil, let parent = row.parent(in: query.view, index) else { return }
        listing.select(parent)
    }

    // MARK: The cursor

    public func subject(in snapshot: Snapshot) -> Subject {
        switch listing.selected {
        case .check(let id)?, .part(let id, _)?: index.checks.check(id, in: snapshot).map(Subject.check) ?? .none
        case .service(let source, let name)?: index.service(source, name).map(Subject.service) ?? .none
        case .instance(let id)?: index.instance(id, in: snapshot).map(Subject.instance) ?? .none
        case .member(let id)?: index.member(id, in: snapshot).map(Subject.member) ?? .none
        case .disagreement(let id)?: index.disagreement(id).map(Subject.disagreement) ?? .none
        case nil: .none
        }
    }

    /// Whatever view shows it; what is folded away is opened. The rows follow when they are worked out next.
    public mutating func select(_ subject: Subject) -> Bool {
        let candidates = candidates(for: subject)
        // Only the thing itself, not what has it.
        if let first = candidates.first, listing.select(first) { return true }
        // What a filter hides is found when the filter has been taken away.
        if query.isNarrowed { return false }
        switch subject {
        case .check, .container:
            guard let row = candidates.first(where: { if case .check(let id) = $0 { index.checks.positions[id] != nil } else { false } }) else { return false }
            query.view = .checks
            wanted = row
        case .service(let service):
            guard index.has(service.name, in: service.source) else { return false }
            query.view = .services
            wanted = .service(service.source, service.name)
        case .instance(let instance):
            guard index.serviceName(of: instance.id) != nil else { return false }
            query.view = .services
            query.opened.insert(.service(instance.id.source, instance.service))
            wanted = .instance(instance.id)
        case .member(let member):
            guard index.has(member.id) else { return false }
            query.view = .nodes
            wanted = .member(member.id)
        case .disagreement(let difference):
            query.view = .differences
            wanted = .disagreement(difference.id)
        default: return false
        }
        return true
    }

    public mutating func click(row: Int) {
        guard row >= headHeight, row < headHeight + pageHeight else { return }
        listing.move(to: listing.top + row - headHeight)
    }

    // MARK: In few words

    public func note(_ snapshot: Snapshot) -> String {
        var parts = [query.view.words]
        switch query.view {
        case .checks: parts.append(snapshot.checks.isEmpty ? "no checks" : CheckWords.tally(CheckWords.counts(snapshot.checks.lazy.map(\.status))))
        case .services: parts.append(index.services.isEmpty ? "no services" : CheckWords.tally(CheckWords.counts(index.services.lazy.map(\.status))))
        case .nodes: parts += Self.nodeWords(snapshot)
        case .differences: parts.append(index.disagreements.isEmpty ? "none" : String(index.disagreements.count))
        }
        if showsProblemsOnly { parts.insert("problems only", at: 0) }
        if filter.isActive { parts.insert("/" + filter.source, at: 0) }
        return parts.joined(separator: " · ")
    }

    private static func nodeWords(_ snapshot: Snapshot) -> [String] {
        guard !snapshot.members.isEmpty else { return ["no nodes"] }
        let order: [Member.Status] = [.failed, .leaving, .left, .unknown, .external, .alive]
        var words = order.compactMap { status in
            let count = snapshot.members.reduce(0) { $0 + ($1.status == status ? 1 : 0) }
            return count == 0 ? nil : "\(count) \(status.rawValue)"
        }
        if snapshot.registries.contains(where: { $0.leader?.isEmpty == true }) { words.insert("no leader", at: 0) }
        return words
    }

    /// Checks, and nodes that do not answer where no check says so already.
    public func problemCount(_ snapshot: Snapshot) -> Int {
        let checks = snapshot.checks.lazy.map(\.status).reduce(0) { $0 + ($1 >= .warning ? 1 : 0) }
        let silent = snapshot.members.filter { member in
            member.problem != nil && !snapshot.checks.contains { $0.status >= .warning && $0.kind == "serf" && $0.node == member.name && $0.id.source == member.id.source }
        }
        return checks + silent.count
    }
}
