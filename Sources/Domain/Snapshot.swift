/// Everything that is known at one moment: an immutable value that crosses threads by a retain.
///
/// `revisions` count the changes of each kind, so that a pane whose kinds did not change does no work at all.
public struct Snapshot: Sendable {
    public struct Revisions: Sendable, Hashable {
        public var sources: UInt64 = 0
        public var hosts: UInt64 = 0
        public var containers: UInt64 = 0
        public var usage: UInt64 = 0
        public var networks: UInt64 = 0
        public var hostNetwork: UInt64 = 0
        public var placement: UInt64 = 0
        public var checks: UInt64 = 0
        /// Instances, members and what registries say of themselves.
        public var registry: UInt64 = 0
        public var events: UInt64 = 0
        public init() {}
    }

    public var takenAt: Timestamp
    public var revisions: Revisions
    public var sources: [Source]
    public var hosts: [Host]
    public var containers: [Container]
    /// By the container's raw id: the host's own files know nothing of engines.
    public var usage: [String: UsageHistory]
    public var networks: [Network]
    public var hostNetwork: HostNetwork
    public var nodes: [Node]
    public var workloads: [Workload]
    public var tasks: [WorkloadTask]
    public var checks: [Check]
    public var instances: [ServiceInstance]
    public var members: [Member]
    public var registries: [Registry]
    /// Newest first, bounded.
    public var events: [Event]

    public init(
        takenAt: Timestamp, revisions: Revisions = Revisions(), sources: [Source] = [], hosts: [Host] = [],
        containers: [Container] = [], usage: [String: UsageHistory] = [:], networks: [Network] = [],
        hostNetwork: HostNetwork = HostNetwork(), nodes: [Node] = [], workloads: [Workload] = [],
        tasks: [WorkloadTask] = [], checks: [Check] = [], instances: [ServiceInstance] = [], members: [Member] = [], registries: [Registry] = [],
        events: [Event] = []
    ) {
        self.instances = instances
        self.members = members
        self.registries = registries
        self.takenAt = takenAt
        self.revisions = revisions
        self.sources = sources
        self.hosts = hosts
        self.containers = containers
        self.usage = usage
        self.networks = networks
        self.hostNetwork = hostNetwork
        self.nodes = nodes
        self.workloads = workloads
        self.tasks = tasks
        self.checks = checks
        self.events = events
    }

    public func source(_ id: Source.ID) -> Source? { sources.first { $0.id == id } }
    public func host(_ id: Host.ID) -> Host? { hosts.first { $0.id == id } }
    public func container(_ id: Container.ID) -> Container? { containers.first { $0.id == id } }
    public func network(_ id: Network.ID) -> Network? { networks.first { $0.id == id } }
    public func node(_ id: Node.ID) -> Node? { nodes.first { $0.id == id } }
    public func workload(_ id: Workload.ID) -> Workload? { workloads.first { $0.id == id } }
    public func check(_ id: Check.ID) -> Check? { checks.first { $0.id == id } }
    public func instance(_ id: ServiceInstance.ID) -> ServiceInstance? { instances.first { $0.id == id } }
    public func member(_ id: Member.ID) -> Member? { members.first { $0.id == id } }
    public func registry(_ id: Source.ID) -> Registry? { registries.first { $0.id == id } }
    public func task(_ id: WorkloadTask.ID) -> WorkloadTask? { tasks.first { $0.id == id } }

    /// The container of a task, where its engine is watched; nil elsewhere.
    public func container(of task: WorkloadTask) -> Container? {
        guard let raw = task.containers.first else { return nil }
        return containers.first { $0.id.raw == raw }
    }

    /// Who is plugged into a network, running or not, in the order of the containers.
    public func attachments(of network: Network) -> [(container: Container, endpoint: Endpoint)] {
        var found: [(Container, Endpoint)] = []
        for container in containers where container.id.source == network.id.source {
            for endpoint in container.endpoints
            where endpoint.networkID == network.id.raw || (endpoint.networkID.isEmpty && endpoint.network == network.name) {
                found.append((container, endpoint))
            }
        }
        return found
    }
}
