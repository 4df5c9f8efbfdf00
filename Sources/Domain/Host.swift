/// A machine that runs containers, as its engine describes it.
public struct Host: Sendable, Hashable, Identifiable {
    public typealias ID = Identifier<Host>
    public let id: ID
    public var name: String
    /// `20.10.24+dfsg1`: not always a strict semantic version.
    public var engineVersion: String
    public var apiVersion: String
    /// `Docker`, `Podman`.
    public var engineName: String
    public var operatingSystem: String
    public var kernel: String
    public var architecture: String
    public var cpus: Int
    /// Bytes.
    public var memory: UInt64
    /// 1 or 2; nil where the engine does not say.
    public var cgroupVersion: Int?
    public var cgroupDriver: String
    public var isRootless: Bool
    /// The machine Binnacle itself runs on: statistics and links come from its own files.
    public var isLocal: Bool
    public var labels: [String: String]
    public var warnings: [String]
    /// `inactive`, `active/manager`, … as the engine says; placement waits for it.
    public var swarm: String

    public init(
        id: ID, name: String, engineVersion: String = "", apiVersion: String = "", engineName: String = "Docker",
        operatingSystem: String = "", kernel: String = "", architecture: String = "", cpus: Int = 0, memory: UInt64 = 0,
        cgroupVersion: Int? = nil, cgroupDriver: String = "", isRootless: Bool = false, isLocal: Bool = false,
        labels: [String: String] = [:], warnings: [String] = [], swarm: String = "inactive"
    ) {
        self.id = id
        self.name = name
        self.engineVersion = engineVersion
        self.apiVersion = apiVersion
        self.engineName = engineName
        self.operatingSystem = operatingSystem
        self.kernel = kernel
        self.architecture = architecture
        self.cpus = cpus
        self.memory = memory
        self.cgroupVersion = cgroupVersion
        self.cgroupDriver = cgroupDriver
        self.isRootless = isRootless
        self.isLocal = isLocal
        self.labels = labels
        self.warnings = warnings
        self.swarm = swarm
    }
}
