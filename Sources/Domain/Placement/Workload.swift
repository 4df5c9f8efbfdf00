/// What an operator scales and deploys: Swarm service, Kubernetes controller, Marathon app, Helios job.
public struct Workload: Sendable, Hashable, Identifiable {
    public typealias ID = Identifier<Workload>

    /// How the number of tasks comes about.
    public enum Mode: Sendable, Hashable {
        /// So many, anywhere they fit.
        case replicated
        /// One on every node that qualifies: Swarm's global services, Kubernetes' DaemonSets.
        case perNode
        /// So many to completion: Swarm's and Kubernetes' jobs.
        case job(completions: Int)
        /// One to completion on every node that qualifies: Swarm's global jobs.
        case jobPerNode
        /// Placed by hand on named hosts: Helios deployments.
        case pinned

        /// One word for a column.
        public var word: String {
            switch self {
            case .replicated: "replicated"
            case .perNode: "global"
            case .job: "job"
            case .jobPerNode: "global job"
            case .pinned: "pinned"
            }
        }
    }

    /// Where a rollout is, in one shape for all: Swarm's UpdateStatus, Kubernetes' conditions, Marathon's deployments.
    public enum Rollout: String, Sendable, Hashable {
        case settled, progressing, paused, rollingBack = "rolling back", rolledBack = "rolled back", failed
    }

    public struct Port: Sendable, Hashable, CustomStringConvertible {
        /// On the nodes; nil where the orchestrator has not chosen one.
        public var published: Int?
        /// In the task.
        public var target: Int
        /// `tcp`, `udp`, `sctp`.
        public var transport: String
        /// Taken on the very node the task runs on, instead of answered by every node.
        public var isOnHost: Bool

        public init(published: Int?, target: Int, transport: String = "tcp", isOnHost: Bool = false) {
            self.published = published
            self.target = target
            self.transport = transport
            self.isOnHost = isOnHost
        }

        /// `8080→80`, `8080→80/udp on its node`.
        public var description: String {
            (published.map { "\($0)→" } ?? "") + String(target) + (transport == "tcp" ? "" : "/" + transport) + (isOnHost ? " on its node" : "")
        }
    }

    /// How tasks are replaced when the specification changes.
    public struct RolloutPolicy: Sendable, Hashable {
        /// Tasks at a time; 0 for all at once.
        public var parallelism: Int
        public var delay: Duration
        /// What happens when a new task fails: `pause`, `continue`, `rollback`.
        public var onFailure: String
        /// How long a new task is watched before it counts as good.
        public var monitor: Duration
        /// Share of tasks that may fail, 0...1.
        public var tolerated: Double
        /// `stop-first`, `start-first`.
        public var order: String

        public init(parallelism: Int = 1, delay: Duration = .zero, onFailure: String = "pause", monitor: Duration = .seconds(5), tolerated: Double = 0, order: String = "stop-first") {
            self.parallelism = parallelism
            self.delay = delay
            self.onFailure = onFailure
            self.monitor = monitor
            self.tolerated = tolerated
            self.order = order
        }
    }

    public let id: ID
    public var name: String
    /// Stack, namespace, or Marathon group; empty where there is none.
    public var group: String
    /// The source's own word: `service`, `Deployment`, `app`, `job`.
    public var kind: String
    public var mode: Mode
    /// `nginx:1.25`, the digest left out.
    public var image: String
    /// `sha256:…`; empty where the image is not pinned.
    public var digest: String
    public var desired: Int
    public var running: Int
    /// Of a job: how many have ended well.
    public var completed: Int
    public var rollout: Rollout
    /// The source's own words about the rollout, in full.
    public var rolloutMessage: String
    public var rolloutSince: Timestamp?
    public var updatePolicy: RolloutPolicy?
    public var rollbackPolicy: RolloutPolicy?
    public var demand: Demand
    public var ports: [Port]
    /// Names, or ids where the name is not known.
    public var networks: [String]
    public var labels: [String: String]
    public var updated: Timestamp?
    /// There is a specification before this one to go back to.
    public var hasPrevious: Bool
    /// Counts the changes of its specification, where the source does.
    public var revision: UInt64

    public init(
        id: ID, name: String, group: String = "", kind: String, mode: Mode = .replicated, image: String = "", digest: String = "",
        desired: Int = 0, running: Int = 0, completed: Int = 0, rollout: Rollout = .settled, rolloutMessage: String = "", rolloutSince: Timestamp? = nil,
        updatePolicy: RolloutPolicy? = nil, rollbackPolicy: RolloutPolicy? = nil, demand: Demand = Demand(), ports: [Port] = [], networks: [String] = [],
        labels: [String: String] = [:], updated: Timestamp? = nil, hasPrevious: Bool = false, revision: UInt64 = 0
    ) {
        self.id = id
        self.name = name
        self.group = group
        self.kind = kind
        self.mode = mode
        self.image = image
        self.digest = digest
        self.desired = desired
        self.running = running
        self.completed = completed
        self.rollout = rollout
        self.rolloutMessage = rolloutMessage
        self.rolloutSince = rolloutSince
        self.updatePolicy = updatePolicy
        self.rollbackPolicy = rollbackPolicy
        self.demand = demand
        self.ports = ports
        self.networks = networks
        self.labels = labels
        self.updated = updated
        self.hasPrevious = hasPrevious
        self.revision = revision
    }

    /// How many tasks the specification asks for: the number that scaling changes. Of a job some of them may have ended.
    public var asked: Int { if case .job(let completions) = mode { completions } else { desired } }

    /// Everything that shall run does, and no rollout is under way.
    public var isConverged: Bool {
        switch mode {
        case .job(let completions): completed >= completions
        case .jobPerNode: completed >= desired
        case .replicated, .perNode, .pinned: running == desired && rollout != .progressing && rollout != .rollingBack
        }
    }

    /// Why it wants somebody's attention; nil while all is well. A job that has ended is well.
    public var problem: String? {
        switch rollout {
        case .paused: return "update paused" + (rolloutMessage.isEmpty ? "" : ": " + rolloutMessage)
        case .failed: return "update failed" + (rolloutMessage.isEmpty ? "" : ": " + rolloutMessage)
        case .rollingBack: return "rolling back" + (rolloutMessage.isEmpty ? "" : ": " + rolloutMessage)
        case .settled, .progressing, .rolledBack: break
        }
        // A job has fewer running the further it is; what keeps its tasks from running is their own problem.
        switch mode {
        case .job, .jobPerNode: return nil
        case .replicated, .perNode, .pinned: break
        }
        // Tasks are being replaced: fewer than wanted is what the policy asks for. One that fails is a problem of its own.
        if rollout == .progressing { return nil }
        return isConverged || running >= desired ? nil : "\(running) of \(desired) running"
    }
}
