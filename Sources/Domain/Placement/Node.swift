/// Placement: where an orchestrator runs what. One model for Swarm, Kubernetes, Marathon, Mesos, Helios and classic Swarm.

/// A machine that an orchestrator places tasks on: Swarm or Kubernetes node, Mesos agent, Helios host.
public struct Node: Sendable, Hashable, Identifiable {
    public typealias ID = Identifier<Node>

    public enum Status: Sendable, Hashable {
        case ready, down, disconnected
        case unknown(String)

        public var word: String {
            switch self {
            case .ready: "ready"
            case .down: "down"
            case .disconnected: "disconnected"
            case .unknown(let word): word.isEmpty ? "unknown" : word
            }
        }
    }

    /// `paused`: nothing new lands (Kubernetes: cordoned). `draining`: what runs moves away too.
    public enum Availability: String, Sendable, Hashable, CaseIterable {
        case active, paused, draining
    }

    /// A rule that keeps tasks away unless they tolerate it (Kubernetes); Mesos reservations and attributes go to labels.
    public struct Taint: Sendable, Hashable {
        public var key: String
        public var value: String
        public var effect: String
        public init(key: String, value: String, effect: String) {
            self.key = key
            self.value = value
            self.effect = effect
        }
    }

    public let id: ID
    public var name: String
    public var address: String
    public var status: Status
    public var availability: Availability
    /// `leader`, `manager`, `worker`, `control-plane`, `agent`.
    public var roles: [String]
    /// How the other managers reach this one: `reachable`, `unreachable`; empty for nodes that do not manage.
    public var reachability: String
    public var labels: [String: String]
    /// Labels that the engine on it declares itself, apart from those the orchestrator keeps.
    public var engineLabels: [String: String]
    public var taints: [Taint]
    public var capacity: Resources
    /// The sum of what the tasks on it reserve, running or about to.
    public var reserved: Resources
    public var version: String
    public var platform: Platform
    /// What its engine can load: `Volume/local`, `Network/overlay`, `Log/json-file`.
    public var plugins: Set<String>
    /// The source's own words about why the node is not well: Kubernetes conditions, Swarm's status message.
    public var message: String
    /// Counts the changes of its specification, where the source does; sent back so that two operators cannot overwrite each other.
    public var revision: UInt64
    /// Binnacle talks to this very node: what runs here can be looked into directly.
    public var isAnswering: Bool

    public init(
        id: ID, name: String, address: String = "", status: Status = .ready, availability: Availability = .active,
        roles: [String] = [], reachability: String = "", labels: [String: String] = [:], engineLabels: [String: String] = [:], taints: [Taint] = [],
        capacity: Resources = Resources(), reserved: Resources = Resources(), version: String = "", platform: Platform = Platform(),
        plugins: Set<String> = [], message: String = "", revision: UInt64 = 0, isAnswering: Bool = false
    ) {
        self.id = id
        self.name = name
        self.address = address
        self.status = status
        self.availability = availability
        self.roles = roles
        self.reachability = reachability
        self.labels = labels
        self.engineLabels = engineLabels
        self.taints = taints
        self.capacity = capacity
        self.reserved = reserved
        self.version = version
        self.platform = platform
        self.plugins = plugins
        self.message = message
        self.revision = revision
        self.isAnswering = isAnswering
    }

    public var isLeader: Bool { roles.contains("leader") }
    public var isManager: Bool { roles.contains("manager") || isLeader }

    /// Why the node wants somebody's attention; nil while it is ready. Draining is somebody's wish, not a problem.
    public var problem: String? {
        if status != .ready { return status.word + (message.isEmpty ? "" : ": " + message) }
        if !reachability.isEmpty, reachability != "reachable" { return "manager \(reachability)" }
        return nil
    }
}

/// Operating system and processor: `linux/amd64`. Sources that call the processor `x86_64` or `aarch64` mean the same.
public struct Platform: Sendable, Hashable, CustomStringConvertible {
    public var system: String
    public var architecture: String

    /// Empty parts fit everything.
    public init(system: String = "", architecture: String = "") {
        self.system = system.lowercased()
        self.architecture =
            switch architecture.lowercased() {
            case "x86_64", "x86-64": "amd64"
            case "aarch64": "arm64"
            case let other: other
            }
    }

    public var description: String { [system, architecture].filter { !$0.isEmpty }.joined(separator: "/") }
}
