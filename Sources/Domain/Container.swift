/// A container of one engine.
public struct Container: Sendable, Hashable, Identifiable {
    public typealias ID = Identifier<Container>

    public enum State: Sendable, Hashable {
        case created
        case running(since: Timestamp?)
        case paused(since: Timestamp?)
        case restarting(exitCode: Int?)
        case removing
        /// `at` is when it ended; nil where the source did not say.
        case exited(code: Int?, at: Timestamp?)
        case dead
        /// A state that this version does not know, in the source's own word.
        case unknown(String)

        /// The engine's own word.
        public var word: String {
            switch self {
            case .created: "created"
            case .running: "running"
            case .paused: "paused"
            case .restarting: "restarting"
            case .removing: "removing"
            case .exited: "exited"
            case .dead: "dead"
            case .unknown(let word): word
            }
        }

        public var isRunning: Bool {
            switch self {
            case .running, .paused, .restarting: true
            case .created, .removing, .exited, .dead, .unknown: false
            }
        }
    }

    public enum Health: String, Sendable, Hashable {
        /// The image or the container declares no health check.
        case none
        case starting, healthy, unhealthy
    }

    public struct Port: Sendable, Hashable {
        /// The address listened on; empty when the port is exposed and not published.
        public var hostAddress: String
        public var hostPort: Int?
        public var containerPort: Int
        /// `tcp`, `udp`, `sctp`.
        public var transport: String

        public init(hostAddress: String = "", hostPort: Int? = nil, containerPort: Int, transport: String = "tcp") {
            self.hostAddress = hostAddress
            self.hostPort = hostPort
            self.containerPort = containerPort
            self.transport = transport
        }
    }

    public struct Mount: Sendable, Hashable {
        public var kind: String
        public var origin: String
        public var destination: String
        public var isWritable: Bool

        public init(kind: String, origin: String, destination: String, isWritable: Bool) {
            self.kind = kind
            self.origin = origin
            self.destination = destination
            self.isWritable = isWritable
        }
    }

    /// What only an inspection tells; nil fields of the container until it has been inspected.
    public struct Detail: Sendable, Hashable {
        public var pid: Int?
        public var restartCount: Int
        public var isOutOfMemoryKilled: Bool
        public var exitCode: Int?
        /// The engine's own error text, e.g. why a start failed.
        public var error: String
        public var startedAt: Timestamp?
        public var finishedAt: Timestamp?
        public var restartPolicy: String
        public var usesTerminal: Bool
        public var failingStreak: Int
        /// The engine's last five probes, oldest first.
        public var probes: [Probe]
        /// What the health check runs: `CMD-SHELL wget -qO- localhost`.
        public var healthCommand: String
        /// The `SERVICE_…` variables of its environment, which registrars read; nothing else of the environment is kept.
        public var serviceVariables: [String: String]
        /// Its host name as it sees it itself: what Registrator in a container puts before its ids.
        public var hostname: String

        public init(
            pid: Int? = nil, restartCount: Int = 0, isOutOfMemoryKilled: Bool = false, exitCode: Int? = nil,
            error: String = "", startedAt: Timestamp? = nil, finishedAt: Timestamp? = nil, restartPolicy: String = "",
            usesTerminal: Bool = false, failingStreak: Int = 0, probes: [Probe] = [], healthCommand: String = "",
            serviceVariables: [String: String] = [:], hostname: String = ""
        ) {
            self.serviceVariables = serviceVariables
            self.hostname = hostname
            self.pid = pid
            self.restartCount = restartCount
            self.isOutOfMemoryKilled = isOutOfMemoryKilled
            self.exitCode = exitCode
            self.error = error
            self.startedAt = startedAt
            self.finishedAt = finishedAt
            self.restartPolicy = restartPolicy
            self.usesTerminal = usesTerminal
            self.failingStreak = failingStreak
            self.probes = probes
            self.healthCommand = healthCommand
        }
    }

    public let id: ID
    public var host: Host.ID
    /// Without the leading slash; never empty (the short id stands in).
    public var name: String
    public var image: String
    public var imageID: String
    public var command: String
    public var created: Timestamp
    public var state: State
    public var health: Health
    public var ports: [Port]
    public var labels: [String: String]
    public var mounts: [Mount]
    public var networkMode: String
    public var endpoints: [Endpoint]
    public var detail: Detail?

    public init(
        id: ID, host: Host.ID, name: String, image: String, imageID: String = "", command: String = "",
        created: Timestamp, state: State, health: Health = .none, ports: [Port] = [], labels: [String: String] = [:],
        mounts: [Mount] = [], networkMode: String = "", endpoints: [Endpoint] = [], detail: Detail? = nil
    ) {
        self.id = id
        self.host = host
        self.name = name
        self.image = image
        self.imageID = imageID
        self.command = command
        self.created = created
        self.state = state
        self.health = health
        self.ports = ports
        self.labels = labels
        self.mounts = mounts
        self.networkMode = networkMode
        self.endpoints = endpoints
        self.detail = detail
    }
}

/// One run of a health check, as the engine remembers it.
public struct Probe: Sendable, Hashable {
    public var start: Timestamp?
    public var end: Timestamp?
    public var exitCode: Int
    public var output: String

    public init(start: Timestamp?, end: Timestamp?, exitCode: Int, output: String) {
        self.start = start
        self.end = end
        self.exitCode = exitCode
        self.output = output
    }
}
