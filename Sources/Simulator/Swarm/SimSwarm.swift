public import Domain

public struct SimNode: Sendable, Identifiable {
    public enum Role: String, Sendable, Hashable { case worker, manager }
    public enum Availability: String, Sendable, Hashable { case active, pause, drain }
    public enum State: String, Sendable, Hashable { case unknown, down, ready, disconnected }

    /// The host's.
    public let id: String
    public internal(set) var version: UInt64
    public let created: Timestamp
    public internal(set) var updated: Timestamp
    public internal(set) var spec: SimNodeSpec
    public let hostname: String
    public let platform: SimPlatform
    public let resources: SimResources
    public let engineVersion: String
    public let engineLabels: [String: String]
    public let address: String
    public internal(set) var state: State = .ready
    public internal(set) var message = ""
    public internal(set) var isLeader = false
    /// Of a manager.
    public internal(set) var isReachable = true
    /// Tasks that are or were here, oldest first.
    public internal(set) var tasks = OrderedKeys()
    var load = NodeLoad()
    var generation = 0

    /// What its tasks reserve together.
    public var reserved: SimResources { load.reserved }
}

/// What an order may change of a node: Swarm's NodeSpec.
public struct SimNodeSpec: Sendable, Hashable {
    public var name = ""
    public var labels: [String: String] = [:]
    public var role: SimNode.Role
    public var availability: SimNode.Availability
    public init(role: SimNode.Role = .worker, availability: SimNode.Availability = .active) {
        self.role = role
        self.availability = availability
    }
}

/// What is booked on a node, kept up with every task that comes and goes.
struct NodeLoad: Sendable {
    var reserved = SimResources()
    /// Tasks that are wanted there.
    var tasks = 0
    var tasksByService: [String: Int] = [:]
    var hostPorts: Set<String> = []
}

/// The swarm: what its managers keep.
public struct SimSwarm: Sendable {
    public let id: String
    public let created: Timestamp
    /// Rises with every change of anything here.
    public internal(set) var version: UInt64 = 10
    public internal(set) var nodes = Roster<String, SimNode>()
    public internal(set) var services = Roster<String, SimService>()
    public internal(set) var tasks = Roster<String, SimTask>()
    public let taskHistoryLimit = 5
    /// Service ids by name.
    public internal(set) var names: [String: String] = [:]
    var unplaced = OrderedKeys()
    var isSchedulingDue = false
    var nextPort = 30000

    /// More than half of the managers answer. Without that nothing can be read or changed.
    public var hasLeader: Bool {
        var managers = 0
        var reachable = 0
        for (_, node) in nodes where node.spec.role == .manager {
            managers += 1
            if node.isReachable { reachable += 1 }
        }
        return reachable * 2 > managers
    }
}

/// The refusal of everything that is asked of managers without a majority, in the engine's words.
extension SimSwarm {
    public static let noLeaderMessage =
        "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online. Make sure more than half of the managers are online."
}
