/// One health check: Consul's, the engine's HEALTHCHECK, a readiness probe, one that Binnacle runs itself.
public struct Check: Sendable, Hashable, Identifiable {
    public typealias ID = Identifier<Check>

    /// Worst last, so that `max` of a group is its roll-up.
    public enum Status: Int, Sendable, Hashable, Comparable, CaseIterable {
        case passing, starting, maintenance, warning, critical
        public static func < (a: Status, b: Status) -> Bool { a.rawValue < b.rawValue }
        public var word: String {
            switch self {
            case .passing: "passing"
            case .starting: "starting"
            case .maintenance: "maintenance"
            case .warning: "warning"
            case .critical: "critical"
            }
        }
    }

    public let id: ID
    public var name: String
    public var status: Status
    /// What the last run printed, in full.
    public var output: String
    /// The service it speaks for; empty for a node's own check.
    public var service: String
    public var serviceID: String
    public var node: String
    public var container: Container.ID?
    /// `http`, `tcp`, `script`, `ttl`, `serf`, `maintenance`, `healthcheck`, or what else the source calls it; empty where it does not say.
    public var kind: String
    /// What the one who registered it wrote about it; for maintenance, the reason.
    public var notes: String
    /// What it does, in words: `GET http://10.0.0.2/ every 10 s`; empty where the source does not tell.
    public var definition: String
    /// Exactly when the status began, or the first moment it was seen so.
    public var since: Timestamp?
    /// `since` is only a lower bound: the check was already so when Binnacle began to look.
    public var isSinceAtLeast: Bool
    /// Changes of status within the last hour that were seen.
    public var flips: Int
    /// The changes of the last hour, oldest first, however many runs of Binnacle saw them.
    public var transitions: [CheckTransition]
    /// From when on Binnacle has watched it without a gap.
    public var watchedSince: Timestamp?
    /// The source's own memory of past runs, oldest first (Docker keeps five).
    public var probes: [Probe]
    public var tags: [String]

    public init(
        id: ID, name: String, status: Status, output: String = "", service: String = "", serviceID: String = "",
        node: String = "", container: Container.ID? = nil, since: Timestamp? = nil, isSinceAtLeast: Bool = false,
        flips: Int = 0, probes: [Probe] = [], tags: [String] = [], kind: String = "", notes: String = "", definition: String = "",
        transitions: [CheckTransition] = [], watchedSince: Timestamp? = nil
    ) {
        self.kind = kind
        self.notes = notes
        self.definition = definition
        self.transitions = transitions
        self.watchedSince = watchedSince
        self.id = id
        self.name = name
        self.status = status
        self.output = output
        self.service = service
        self.serviceID = serviceID
        self.node = node
        self.container = container
        self.since = since
        self.isSinceAtLeast = isSinceAtLeast
        self.flips = flips
        self.probes = probes
        self.tags = tags
    }
}
