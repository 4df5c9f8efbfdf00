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
    /// Exactly when the status began, or the first moment it was seen so.
    public var since: Timestamp?
    /// `since` is only a lower bound: the check was already so when Binnacle began to look.
    public var isSinceAtLeast: Bool
    /// Changes of status within the last hour that were seen.
    public var flips: Int
    /// The source's own memory of past runs, oldest first (Docker keeps five).
    public var probes: [Probe]
    public var tags: [String]

    public init(
        id: ID, name: String, status: Status, output: String = "", service: String = "", serviceID: String = "",
        node: String = "", container: Container.ID? = nil, since: Timestamp? = nil, isSinceAtLeast: Bool = false,
        flips: Int = 0, probes: [Probe] = [], tags: [String] = []
    ) {
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
