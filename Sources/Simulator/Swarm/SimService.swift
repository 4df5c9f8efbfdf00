public import Domain

public struct SimService: Sendable, Identifiable {
    public struct UpdateStatus: Sendable, Hashable {
        public enum State: String, Sendable, Hashable {
            case updating, paused, completed
            case rollbackStarted = "rollback_started"
            case rollbackPaused = "rollback_paused"
            case rollbackCompleted = "rollback_completed"
        }
        public var state: State
        public var startedAt: Timestamp
        public var completedAt: Timestamp?
        public var message: String
    }

    public struct VirtualAddress: Sendable, Hashable {
        public var network: String
        /// With the prefix: `10.0.1.2/24`.
        public var address: String
    }

    /// 25 letters and digits.
    public let id: String
    /// The version that an update must name; it rises also by what the swarm does itself.
    public internal(set) var version: UInt64
    public let created: Timestamp
    public internal(set) var updated: Timestamp
    public internal(set) var spec: SimServiceSpec
    public internal(set) var previousSpec: SimServiceSpec?
    public internal(set) var updateStatus: UpdateStatus?
    /// With the published ports that were given.
    public internal(set) var ports: [SimServicePort]
    public internal(set) var addresses: [VirtualAddress]
    /// Its tasks, oldest first; the history is among them.
    public internal(set) var tasks = OrderedKeys()
    /// Which run of a job.
    public internal(set) var jobIteration = 0
    /// Its tasks by place, oldest first.
    var tasksByPlace: [String: [String]] = [:]
    var rollout: RolloutCourse?
    /// When its tasks failed on which node, the last few minutes: such a node is taken last.
    var failures: [String: [Timestamp]] = [:]
    /// Restarts by place.
    var restarts: [String: Int] = [:]
    /// Places whose task ended for good.
    var settled: Set<String> = []
    /// The earliest visit on the agenda.
    var tendingAt: Timestamp?
}

public struct SimTask: Sendable, Identifiable {
    /// Swarm's states, in their order.
    public enum State: Int, Sendable, Hashable, Comparable, CaseIterable {
        case new, allocated, pending, assigned, accepted, preparing, ready, starting, running
        case complete, shutdown, failed, rejected, remove, orphaned

        public static func < (a: State, b: State) -> Bool { a.rawValue < b.rawValue }
        /// Swarm's word.
        public var text: String { "\(self)" }
        public var isOver: Bool { self > .running }
    }

    public let id: String
    public let service: String
    /// 0 of a global service.
    public let slot: Int
    public internal(set) var node: String?
    public internal(set) var state: State = .new
    public internal(set) var desired: State
    public internal(set) var message = "created"
    public internal(set) var error = ""
    /// When the state was reported.
    public internal(set) var timestamp: Timestamp
    public let created: Timestamp
    public internal(set) var updated: Timestamp
    public internal(set) var version: UInt64
    public let template: SimTaskTemplate
    public let serviceName: String
    public let hostPorts: [SimServicePort]
    /// Docker's id; it stays when the container is gone.
    public internal(set) var container: String?
    public internal(set) var pid = 0
    public internal(set) var exitCode = 0
    public internal(set) var addresses: [SimService.VirtualAddress] = []
    public let jobIteration: Int?
    var generation = 0
    /// It may start from then on.
    var notBefore: Timestamp?
    /// It may start when this one is over.
    var predecessor: String?
    /// The node's books hold what it reserves; and count it as active.
    var isBooked = false
    var isCounted = false
    var isUnhealthy = false
    /// Its place: the slot, or the node of a global service.
    var place: String { slot > 0 ? String(slot) : node ?? "" }

    /// `shop_web.2.x6…`, for a global service `shop_edge.<node>.<id>`.
    public var name: String { "\(serviceName).\(slot > 0 ? String(slot) : node ?? "").\(id)" }
    /// The orchestrator wants it and it is not over.
    public var isWanted: Bool { desired <= .running }
}
