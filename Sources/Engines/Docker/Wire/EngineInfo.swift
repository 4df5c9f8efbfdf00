/// What Binnacle reads of `GET /info`.
struct EngineInfo: Decodable, Sendable {
    struct Swarm: Decodable, Sendable {
        var localState: String?
        var isManager: Bool?
        enum CodingKeys: String, CodingKey {
            case localState = "LocalNodeState"
            case isManager = "ControlAvailable"
        }
    }

    var name: String?
    var serverVersion: String?
    var cpus: Int?
    var memory: UInt64?
    var operatingSystem: String?
    var kernel: String?
    var architecture: String?
    /// "1" or "2"; absent before API 1.41, when there was only 1.
    var cgroupVersion: String?
    var cgroupDriver: String?
    var labels: [String]?
    var warnings: [String]?
    /// `name=rootless`, `name=seccomp,profile=default`.
    var securityOptions: [String]?
    var swarm: Swarm?

    enum CodingKeys: String, CodingKey {
        case name = "Name"
        case serverVersion = "ServerVersion"
        case cpus = "NCPU"
        case memory = "MemTotal"
        case operatingSystem = "OperatingSystem"
        case kernel = "KernelVersion"
        case architecture = "Architecture"
        case cgroupVersion = "CgroupVersion"
        case cgroupDriver = "CgroupDriver"
        case labels = "Labels"
        case warnings = "Warnings"
        case securityOptions = "SecurityOptions"
        case swarm = "Swarm"
    }
}

/// `GET /version`, asked only where `/_ping` names no API version.
struct EngineVersion: Decodable, Sendable {
    var version: String?
    var apiVersion: String?
    enum CodingKeys: String, CodingKey {
        case version = "Version"
        case apiVersion = "ApiVersion"
    }
}
