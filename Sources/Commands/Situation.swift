public import Domain

/// The panes, in the order of their keys.
public enum PaneID: Int, Sendable, Hashable, CaseIterable {
    case networks = 1, containers, placement, health, timeline

    public var title: String {
        switch self {
        case .networks: "Networks"
        case .containers: "Containers"
        case .placement: "Placement"
        case .health: "Health"
        case .timeline: "Timeline"
        }
    }

    /// The word for `--once PANE`.
    public var word: String { title.lowercased() }
}

/// What the cursor stands on.
public enum Subject: Sendable, Hashable {
    case none
    case container(Container)
    /// A heading of several containers: a Compose project.
    case group(String, [Container])
    case network(Network)
    /// A plug: a container where it is attached to a network.
    case attachment(Network, Container)
    case link(Link)
    case check(Check)
    case event(Event)
    case source(Source)
}

/// Everything that decides whether a command can be done now.
public struct Situation: Sendable {
    public var pane: PaneID
    public var subject: Subject
    public var marked: [Container]
    /// Why nothing may be changed at all: `--readonly`, or a production context.
    public var readOnlyReason: String?
    public var isEngineLive: Bool
    public var hasJournal: Bool

    public init(pane: PaneID, subject: Subject, marked: [Container] = [], readOnlyReason: String? = nil, isEngineLive: Bool = true, hasJournal: Bool = false) {
        self.pane = pane
        self.subject = subject
        self.marked = marked
        self.readOnlyReason = readOnlyReason
        self.isEngineLive = isEngineLive
        self.hasJournal = hasJournal
    }

    /// The containers that a command would act on: the marked ones, else what the cursor stands on.
    public var containers: [Container] {
        if !marked.isEmpty { return marked }
        switch subject {
        case .container(let container), .attachment(_, let container): return [container]
        case .group(_, let containers): return containers
        case .none, .network, .link, .check, .event, .source: return []
        }
    }

    public var network: Network? {
        switch subject {
        case .network(let network), .attachment(let network, _): network
        default: nil
        }
    }
}
