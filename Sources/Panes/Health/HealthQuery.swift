internal import Domain

/// How the health pane looks at the same facts.
enum HealthView: Hashable, Sendable {
    case checks, services, nodes, differences

    var next: HealthView {
        switch self {
        case .checks: .services
        case .services: .nodes
        case .nodes: .differences
        case .differences: .checks
        }
    }

    /// As the frame names it.
    var words: String {
        switch self {
        case .checks: "by check"
        case .services: "by service"
        case .nodes: "by node"
        case .differences: "differences"
        }
    }
}

/// What the checks are ordered by.
enum CheckOrder: Int, CaseIterable, Hashable, Sendable {
    case status, name, service, node, since, flips

    func stepped(by step: Int) -> CheckOrder {
        let all = Self.allCases
        return all[(rawValue + step + all.count) % all.count]
    }
}

/// What a person has chosen to see: with the picture itself, all that the rows depend on.
struct HealthQuery: Hashable, Sendable {
    var view = HealthView.checks
    var filter = Filter.none
    var showsProblemsOnly = false
    var order = CheckOrder.status
    var ascending = true
    /// Services, instances and nodes whose parts have rows of their own.
    var opened: Set<HealthRow> = []

    var isNarrowed: Bool { filter.isActive || showsProblemsOnly }
}

/// One thing that the cursor can stand on.
enum HealthRow: Hashable, Sendable {
    /// In the view by check, and below the node it is registered on.
    case check(Check.ID)
    case service(Source.ID, String)
    case instance(ServiceInstance.ID)
    /// Below an instance: a node's check counts for every instance on the node.
    case part(Check.ID, of: ServiceInstance.ID)
    case member(Member.ID)
    case disagreement(Disagreement.ID)

    var source: Source.ID {
        switch self {
        case .check(let id), .part(let id, _): id.source
        case .service(let id, _): id
        case .instance(let id): id.source
        case .member(let id): id.source
        case .disagreement(let id): id.source
        }
    }

    /// What it hangs below; nil for a row at the margin of the view.
    func parent(in view: HealthView, _ index: HealthIndex) -> HealthRow? {
        switch self {
        case .service, .member, .disagreement: nil
        case .instance(let id): index.serviceName(of: id).map { .service(id.source, $0) }
        case .part(_, let instance): .instance(instance)
        case .check(let id): view == .nodes ? index.node(of: id).map { .member(Member.ID(id.source, $0)) } : nil
        }
    }
}
