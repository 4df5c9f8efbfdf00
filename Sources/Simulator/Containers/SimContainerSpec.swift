/// A port inside a container: `80/tcp`.
public struct SimPort: Sendable, Hashable {
    public var number: Int
    /// `tcp`, `udp`, `sctp`.
    public var transport: String
    public init(_ number: Int, _ transport: String = "tcp") {
        self.number = number
        self.transport = transport
    }
    public var text: String { "\(number)/\(transport)" }
}

/// A port of a container at a port of its host.
public struct SimBinding: Sendable, Hashable {
    public var port: SimPort
    /// Empty and `0.0.0.0` are everywhere.
    public var hostAddress: String
    /// 0 in an order: the next free one.
    public var hostPort: Int
    public init(_ port: SimPort, hostAddress: String = "", hostPort: Int) {
        self.port = port
        self.hostAddress = hostAddress
        self.hostPort = hostPort
    }
}

public struct SimMount: Sendable, Hashable {
    /// `bind`, `volume`, `tmpfs`.
    public var kind: String
    /// A path on the host, or the name of a volume.
    public var source: String
    public var destination: String
    public var isReadOnly: Bool
    /// Of a volume; empty is the engine's own.
    public var driver = ""
    /// The volume got its name from the engine.
    public var isAnonymous = false
    public init(kind: String, source: String, destination: String, isReadOnly: Bool = false) {
        self.kind = kind
        self.source = source
        self.destination = destination
        self.isReadOnly = isReadOnly
    }
}

public struct SimAttachment: Sendable, Hashable {
    /// Id or name.
    public var network: String
    public var aliases: [String]
    public init(_ network: String, aliases: [String] = []) {
        self.network = network
        self.aliases = aliases
    }
}

public struct SimHealthCheck: Sendable, Hashable {
    /// As Docker has it: `["CMD-SHELL", "wget -qO- localhost"]`.
    public var test: [String]
    public var interval: Duration = .seconds(10)
    public var timeout: Duration = .seconds(3)
    public var startPeriod: Duration = .zero
    public var retries = 3
    public init(test: [String]) { self.test = test }

    /// With the engine's own values where nothing is said; nil for `["NONE"]`, which switches an image's own off.
    var inForce: SimHealthCheck? {
        guard let first = test.first, first != "NONE" else { return nil }
        var check = self
        let day = Duration.seconds(86_400)
        check.interval = interval <= .zero ? .seconds(30) : max(.milliseconds(1), min(interval, day))
        check.timeout = timeout <= .zero ? .seconds(30) : min(timeout, day)
        check.startPeriod = max(.zero, min(startPeriod, day))
        check.retries = retries <= 0 ? 3 : min(retries, 1000)
        return check
    }
}

/// What a container is asked to be.
public struct SimContainerSpec: Sendable, Hashable {
    public enum Restart: String, Sendable, Hashable { case no, always, onFailure = "on-failure", unlessStopped = "unless-stopped" }

    public var image: String
    /// Empty: the image's own.
    public var entrypoint: [String] = []
    public var command: [String] = []
    /// `KEY=value`; the image's own come before.
    public var environment: [String] = []
    public var labels: [String: String] = [:]
    /// Empty: the first twelve digits of the id.
    public var hostname = ""
    public var user = ""
    public var workingDirectory = ""
    public var usesTerminal = false
    public var keepsInputOpen = false
    /// The image's own come besides.
    public var exposedPorts: [SimPort] = []
    public var bindings: [SimBinding] = []
    /// `default`, `bridge`, `host`, `none`, or the name of a network.
    public var networkMode = "default"
    /// Besides the mode's.
    public var networks: [SimAttachment] = []
    public var mounts: [SimMount] = []
    public var restart: Restart = .no
    /// Of `onFailure`; 0 for ever.
    public var maximumRetries = 0
    /// nil: the image's own.
    public var healthCheck: SimHealthCheck?
    /// 0: no limit.
    public var nanoCPUs: Int64 = 0
    public var memory: UInt64 = 0
    public var processLimit = 0
    public var stopSignal = "SIGTERM"
    public var stopGrace: Duration = .seconds(10)
    public var removesItself = false
    /// What a view got besides and wants to tell again; the world does not read it.
    public var passthrough = ""
    public init(image: String) { self.image = image }
}
