/// What a service shall be: Swarm's ServiceSpec.
public struct SimServiceSpec: Sendable, Hashable {
    public enum Mode: Sendable, Hashable {
        case replicated(Int)
        case global
        case replicatedJob(completions: Int, concurrent: Int)
        case globalJob

        public var isJob: Bool {
            switch self {
            case .replicatedJob, .globalJob: true
            case .replicated, .global: false
            }
        }
    }

    public var name: String
    public var labels: [String: String] = [:]
    public var task: SimTaskTemplate
    public var mode: Mode = .replicated(1)
    public var update = SimRollout()
    public var rollback = SimRollout()
    public var ports: [SimServicePort] = []
    /// `vip`, `dnsrr`.
    public var endpointMode = "vip"
    /// What a view got besides and wants to tell again; the world does not read it.
    public var passthrough = ""

    public init(name: String, task: SimTaskTemplate) {
        self.name = name
        self.task = task
    }
}

/// What each task of a service is made from. A change of anything here replaces the tasks.
public struct SimTaskTemplate: Sendable, Hashable {
    public var container: SimContainerSpec
    public var reservations = SimResources()
    public var limits = SimResources()
    public var restart = SimRestart()
    public var constraints: [String] = []
    /// `node.labels.zone`: tasks are spread over its values first.
    public var spreadOver: [String] = []
    /// 0: no limit.
    public var maximumPerNode = 0
    /// Empty: any. The view that resolves images fills it in; the world takes those of the image.
    public var platforms: [SimPlatform] = []
    public var networks: [SimAttachment] = []
    public var forceUpdate = 0
    /// Counts as a change, as everything of the template does.
    public var passthrough = ""

    public init(container: SimContainerSpec) { self.container = container }
}

public struct SimResources: Sendable, Hashable {
    /// 0: nothing said.
    public var nanoCPUs: Int64
    public var memory: Int64
    public init(nanoCPUs: Int64 = 0, memory: Int64 = 0) {
        self.nanoCPUs = nanoCPUs
        self.memory = memory
    }
}

public struct SimPlatform: Sendable, Hashable {
    public var os: String
    public var architecture: String
    public init(os: String = "linux", architecture: String) {
        self.os = os
        self.architecture = architecture
    }
}

public struct SimRestart: Sendable, Hashable {
    public enum Condition: String, Sendable, Hashable { case none, onFailure = "on-failure", any }
    public var condition: Condition = .any
    public var delay: Duration = .seconds(5)
    /// 0: for ever.
    public var maximumAttempts = 0
    public var window: Duration = .zero
    public init() {}
}

/// How an update or a rollback goes over the tasks.
public struct SimRollout: Sendable, Hashable {
    public enum FailureAction: String, Sendable, Hashable { case pause, `continue`, rollback }
    public enum Order: String, Sendable, Hashable { case stopFirst = "stop-first", startFirst = "start-first" }
    /// 0: all at once.
    public var parallelism = 1
    public var delay: Duration = .zero
    public var failureAction: FailureAction = .pause
    public var monitor: Duration = .seconds(5)
    public var maximumFailureRatio = 0.0
    public var order: Order = .stopFirst
    public init() {}
}

public struct SimServicePort: Sendable, Hashable {
    public enum Mode: String, Sendable, Hashable { case ingress, host }
    public var name = ""
    public var transport = "tcp"
    public var target: Int
    /// 0 in an order: the next free one of 30000 and up.
    public var published: Int
    public var mode: Mode = .ingress
    public init(target: Int, published: Int, mode: Mode = .ingress) {
        self.target = target
        self.published = published
        self.mode = mode
    }
}
