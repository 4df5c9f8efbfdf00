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
    case workload(Workload)
    /// A stack or namespace with what belongs to it.
    case stack(Source.ID, String, [Workload])
    case task(WorkloadTask)
    case node(Node)
    /// A service of a registry with all its instances.
    case service(ServiceHealth)
    case instance(ServiceInstance)
    case member(Member)
    case disagreement(Disagreement)
}

/// Everything that decides whether a command can be done now.
public struct Situation: Sendable {
    public var pane: PaneID
    public var subject: Subject
    public var marked: [Container]
    /// Why nothing may be changed at all: `--readonly`, or a production context.
    public var readOnlyReason: String?
    public var isEngineLive: Bool
    /// Why there is nothing to take back; nil when there is.
    public var undoReason: String?
    /// Why the containers that a command would act on may not be changed, where the subject itself may.
    public var containersReadOnlyReason: String?
    /// Why nothing can be placed: no orchestrator answers, or it cannot decide just now; nil when one can.
    public var placementReason: String?
    /// What is watched is the practice cluster.
    public var isPractice = false
    /// Why no registry can be changed through what is selected, or at all where nothing of one is; nil when one can.
    public var registryReason: String?
    /// The workload that a command would act on: the one under the cursor, or the task's.
    public var workload: Workload?
    /// The container of the task under the cursor, where its engine is watched.
    public var taskContainer: Container?
    /// Why the task's container cannot be looked into from here, where it cannot.
    public var taskDistance: String?

    public init(
        pane: PaneID, subject: Subject, marked: [Container] = [], readOnlyReason: String? = nil, isEngineLive: Bool = true, undoReason: String? = "nothing has been changed yet",
        placementReason: String? = nil, workload: Workload? = nil, taskContainer: Container? = nil, taskDistance: String? = nil, registryReason: String? = nil
    ) {
        self.registryReason = registryReason
        self.placementReason = placementReason
        self.workload = workload
        self.taskContainer = taskContainer
        self.taskDistance = taskDistance
        self.pane = pane
        self.subject = subject
        self.marked = marked
        self.readOnlyReason = readOnlyReason
        self.isEngineLive = isEngineLive
        self.undoReason = undoReason
    }

    /// The containers that a command would act on: the marked ones, else what the cursor stands on.
    public var containers: [Container] {
        if !marked.isEmpty { return marked }
        switch subject {
        case .container(let container), .attachment(_, let container): return [container]
        case .group(_, let containers): return containers
        case .task: return taskContainer.map { [$0] } ?? []
        case .none, .network, .link, .check, .event, .source, .workload, .stack, .node, .service, .instance, .member, .disagreement: return []
        }
    }

    public var network: Network? {
        switch subject {
        case .network(let network), .attachment(let network, _): network
        default: nil
        }
    }
}
