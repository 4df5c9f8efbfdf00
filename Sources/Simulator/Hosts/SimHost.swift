public import Domain

/// A machine with an engine on it.
public struct SimHost: Sendable, Identifiable {
    /// Also the id of the machine's node in the swarm.
    public let id: String
    /// As the engine tells it of itself: `ABCD:EFGH:…`.
    public let engineID: String
    public let name: String
    public let cpus: Int
    /// Bytes.
    public let memory: UInt64
    public let os: String
    /// The kernel's word: `x86_64`.
    public let architecture: String
    /// `key=value` labels of the engine.
    public let labels: [String: String]
    public let engineVersion: String
    public let kernel: String
    public let operatingSystem: String
    public let address: String
    public internal(set) var bootedAt: Timestamp
    /// Off, its containers are dead and nothing on it answers.
    public internal(set) var isUp = true
    /// Cut off from all the others; its containers go on.
    public internal(set) var isCut = false
    /// Containers here, oldest first.
    public internal(set) var containers = OrderedKeys()
    /// Networks that only this host knows (bridge, host, none, docker_gwbridge), oldest first. Overlays are in `World.networks`.
    public internal(set) var networks = OrderedKeys()
    /// References (`shop/web:2.0`) of the images that have been pulled, oldest first.
    public internal(set) var images = OrderedKeys()
    public internal(set) var volumes = OrderedKeys()
    /// Container ids by name.
    var names: [String: String] = [:]
    /// Holders of published ports: `8080/tcp`.
    var publishedPorts: [String: String] = [:]
    var nextPID = 1200
    var nextDynamicPort = 32768
    /// Registrator runs here.
    var registrator: String?
    /// The container of the registry's agent; nil where the agent is no container.
    var agent: String?
    var isAgentStopped = false

    /// Its engine and its agents can be reached from outside.
    public var isReachable: Bool { isUp && !isCut }
    /// The registry's agent here can be reached.
    public var isAgentReachable: Bool { isReachable && !isAgentStopped }
}

/// What an image is and how a container made of it behaves.
public struct SimImage: Sendable, Hashable {
    public let reference: String
    /// `sha256:…`.
    public let id: String
    public let size: UInt64
    public let created: Timestamp
    public let entrypoint: [String]
    public let command: [String]
    public let environment: [String]
    public let exposedPorts: [SimPort]
    public let labels: [String: String]
    /// Architectures in the registry's words (`amd64`); the first is ours.
    public let architectures: [String]
    public let healthCheck: SimHealthCheck?
    let program: SimProgram

    public var repository: String { String(reference.split(separator: ":", maxSplits: 1).first ?? "") }
    public var tag: String { String(reference.split(separator: ":", maxSplits: 1).last ?? "latest") }
}
