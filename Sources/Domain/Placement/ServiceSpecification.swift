/// What a workload shall be, as a form or a file says it: the part of an orchestrator's specification that a person fills in.
///
/// Engines translate it into their own terms. When an existing workload is changed, only the fields that differ from what it
/// has now are written into the specification that the engine already holds; everything else there stays untouched.
public struct ServiceSpecification: Sendable, Hashable {
    public struct Mount: Sendable, Hashable {
        /// `volume`, `bind`, `tmpfs`.
        public var kind: String
        /// Volume name or path on the node; empty for an anonymous volume and for tmpfs.
        public var origin: String
        public var destination: String
        public var isReadOnly: Bool
        /// Of a volume that is made on the node when it is missing; an empty driver leaves the engine's own.
        public var driver: String
        public var driverOptions: [String: String]
        public var labels: [String: String]
        /// A new volume does not get what the image has at that place.
        public var skipsCopy: Bool
        /// Of a bind: `rprivate`, `rshared` …; empty leaves the engine's own.
        public var propagation: String
        /// Of a tmpfs, in bytes; nil for no limit.
        public var size: UInt64?
        public init(
            kind: String = "volume", origin: String, destination: String, isReadOnly: Bool = false, driver: String = "", driverOptions: [String: String] = [:],
            labels: [String: String] = [:], skipsCopy: Bool = false, propagation: String = "", size: UInt64? = nil
        ) {
            self.driver = driver
            self.driverOptions = driverOptions
            self.labels = labels
            self.skipsCopy = skipsCopy
            self.propagation = propagation
            self.size = size
            self.kind = kind
            self.origin = origin
            self.destination = destination
            self.isReadOnly = isReadOnly
        }
    }

    public struct HealthCheck: Sendable, Hashable {
        /// As Docker has it: `["CMD-SHELL", "wget -qO- localhost"]`, `["CMD", "nc", "-z", …]`, `["NONE"]`.
        public var test: [String]
        /// Zero leaves the engine's own.
        public var interval: Duration
        public var timeout: Duration
        public var startPeriod: Duration
        public var retries: Int
        public init(test: [String], interval: Duration = .zero, timeout: Duration = .zero, startPeriod: Duration = .zero, retries: Int = 0) {
            self.test = test
            self.interval = interval
            self.timeout = timeout
            self.startPeriod = startPeriod
            self.retries = retries
        }
    }

    public struct Restart: Sendable, Hashable {
        /// `none`, `on-failure`, `any`.
        public var condition: String
        public var delay: Duration?
        public var maximumAttempts: Int?
        public var window: Duration?
        public init(condition: String = "any", delay: Duration? = nil, maximumAttempts: Int? = nil, window: Duration? = nil) {
            self.condition = condition
            self.delay = delay
            self.maximumAttempts = maximumAttempts
            self.window = window
        }
    }

    public struct Attachment: Sendable, Hashable {
        /// The network's name.
        public var network: String
        public var aliases: [String]
        public init(network: String, aliases: [String] = []) {
            self.network = network
            self.aliases = aliases
        }
    }

    /// A config or secret that the orchestrator hands to the task as a file.
    public struct HandedFile: Sendable, Hashable {
        /// Its name in the orchestrator.
        public var name: String
        /// Where the task finds it.
        public var target: String
        public var user: String
        public var group: String
        /// Permission bits.
        public var mode: UInt32
        public init(name: String, target: String, user: String = "0", group: String = "0", mode: UInt32 = 0o444) {
            self.name = name
            self.target = target
            self.user = user
            self.group = group
            self.mode = mode
        }
    }

    public var name: String
    public var image: String
    /// Replaces the image's entry point; empty keeps it.
    public var command: [String]
    public var arguments: [String]
    public var mode: Workload.Mode
    public var replicas: Int
    /// `KEY=value`.
    public var environment: [String]
    public var ports: [Workload.Port]
    public var mounts: [Mount]
    public var networks: [Attachment]
    public var constraints: [String]
    public var spreadOver: [String]
    public var maximumPerNode: Int?
    public var limits: Resources
    public var reservations: Resources
    public var healthCheck: HealthCheck?
    public var update: Workload.RolloutPolicy?
    public var rollback: Workload.RolloutPolicy?
    public var restart: Restart?
    /// Of the service.
    public var labels: [String: String]
    /// Of each task's container.
    public var containerLabels: [String: String]
    /// `vip`, `dnsrr`; empty leaves the engine's own.
    public var endpointMode: String
    public var hostName: String
    public var user: String
    public var workingFolder: String
    public var stopSignal: String
    public var stopGrace: Duration?
    public var isReadOnlyRoot: Bool
    public var usesTerminal: Bool
    public var usesInit: Bool?
    public var groups: [String]
    public var hosts: [String]
    public var nameServers: [String]
    public var searchDomains: [String]
    public var capabilitiesAdded: [String]
    public var capabilitiesDropped: [String]
    public var sysctls: [String: String]
    public var secrets: [HandedFile]
    public var configs: [HandedFile]
    /// Driver and options of the tasks' logs; an empty driver leaves the engine's own.
    public var logDriver: String
    public var logOptions: [String: String]

    public init(
        name: String, image: String, command: [String] = [], arguments: [String] = [], mode: Workload.Mode = .replicated, replicas: Int = 1,
        environment: [String] = [], ports: [Workload.Port] = [], mounts: [Mount] = [], networks: [Attachment] = [], constraints: [String] = [],
        spreadOver: [String] = [], maximumPerNode: Int? = nil, limits: Resources = Resources(), reservations: Resources = Resources(),
        healthCheck: HealthCheck? = nil, update: Workload.RolloutPolicy? = nil, rollback: Workload.RolloutPolicy? = nil, restart: Restart? = nil,
        labels: [String: String] = [:], containerLabels: [String: String] = [:], endpointMode: String = "", hostName: String = "", user: String = "",
        workingFolder: String = "", stopSignal: String = "", stopGrace: Duration? = nil, isReadOnlyRoot: Bool = false, usesTerminal: Bool = false,
        usesInit: Bool? = nil, groups: [String] = [], hosts: [String] = [], nameServers: [String] = [], searchDomains: [String] = [],
        capabilitiesAdded: [String] = [], capabilitiesDropped: [String] = [], sysctls: [String: String] = [:], secrets: [HandedFile] = [],
        configs: [HandedFile] = [], logDriver: String = "", logOptions: [String: String] = [:]
    ) {
        self.name = name
        self.image = image
        self.command = command
        self.arguments = arguments
        self.mode = mode
        self.replicas = replicas
        self.environment = environment
        self.ports = ports
        self.mounts = mounts
        self.networks = networks
        self.constraints = constraints
        self.spreadOver = spreadOver
        self.maximumPerNode = maximumPerNode
        self.limits = limits
        self.reservations = reservations
        self.healthCheck = healthCheck
        self.update = update
        self.rollback = rollback
        self.restart = restart
        self.labels = labels
        self.containerLabels = containerLabels
        self.endpointMode = endpointMode
        self.hostName = hostName
        self.user = user
        self.workingFolder = workingFolder
        self.stopSignal = stopSignal
        self.stopGrace = stopGrace
        self.isReadOnlyRoot = isReadOnlyRoot
        self.usesTerminal = usesTerminal
        self.usesInit = usesInit
        self.groups = groups
        self.hosts = hosts
        self.nameServers = nameServers
        self.searchDomains = searchDomains
        self.capabilitiesAdded = capabilitiesAdded
        self.capabilitiesDropped = capabilitiesDropped
        self.sysctls = sysctls
        self.secrets = secrets
        self.configs = configs
        self.logDriver = logDriver
        self.logOptions = logOptions
    }
}
