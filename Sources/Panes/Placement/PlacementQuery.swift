internal import Domain

/// How the placement pane looks at the same facts.
enum PlacementView: Hashable, Sendable {
    case services, nodes, stuck

    var next: PlacementView {
        switch self {
        case .services: .nodes
        case .nodes: .stuck
        case .stuck: .services
        }
    }
}

/// What the services are ordered by.
enum ServiceOrder: Int, CaseIterable, Hashable, Sendable {
    case name, tasks, updated

    func stepped(by step: Int) -> ServiceOrder {
        let all = Self.allCases
        return all[(rawValue + step + all.count) % all.count]
    }
}

/// What a person has chosen to see: with the picture itself, all that the rows depend on.
struct PlacementQuery: Hashable, Sendable {
    var view = PlacementView.services
    var filter = Filter.none
    var showsProblemsOnly = false
    var order = ServiceOrder.name
    var ascending = true
    /// Services and nodes whose tasks all have rows of their own.
    var opened: Set<PlacementRow.ID> = []
    /// Stacks whose services are folded away.
    var closed: Set<PlacementRow.ID> = []
}
