/// What a workload asks of the node that one of its tasks shall run on.
public struct Demand: Sendable, Hashable {
    /// In the orchestrator's own words: `node.labels.ssd == true`, `hostname UNIQUE`.
    public var constraints: [String]
    /// Reserved for each task, whatever it uses.
    public var resources: Resources
    /// Any of these; empty for any platform.
    public var platforms: [Platform]
    /// Ports of the node itself that each task takes: no two tasks on one node may have the same.
    public var hostPorts: [Workload.Port]
    /// `Volume/rexray`, `Network/weave`, `Log/gelf`: what the node's engine must have.
    public var plugins: Set<String>
    /// At most so many tasks of the workload on one node; nil for no limit.
    public var maximumPerNode: Int?
    /// Labels over whose values tasks are spread evenly: `node.labels.zone`.
    public var spreadOver: [String]
    /// Taints that do not keep its tasks away: `key=value:effect`.
    public var tolerations: [String]

    public init(
        constraints: [String] = [], resources: Resources = Resources(), platforms: [Platform] = [], hostPorts: [Workload.Port] = [],
        plugins: Set<String> = [], maximumPerNode: Int? = nil, spreadOver: [String] = [], tolerations: [String] = []
    ) {
        self.constraints = constraints
        self.resources = resources
        self.platforms = platforms
        self.hostPorts = hostPorts
        self.plugins = plugins
        self.maximumPerNode = maximumPerNode
        self.spreadOver = spreadOver
        self.tolerations = tolerations
    }
}
