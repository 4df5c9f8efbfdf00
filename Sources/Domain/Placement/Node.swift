/// Placement: where an orchestrator runs what. One model for Swarm, Kubernetes, Marathon, Mesos, Helios and classic Swarm.

/// Amounts of what a node offers or a task asks for. Only what the orchestrator accounts for is set.
public struct Resources: Sendable, Hashable {
    /// Billionths of a core (Swarm's NanoCPUs; Kubernetes' `250m` is 250 000 000; Mesos' 0.25 likewise).
    public var nanoCPUs: Int64?
    /// Bytes.
    public var memory: UInt64?
    /// Bytes.
    public var disk: UInt64?
    /// How many tasks or pods fit by count.
    public var slots: Int?
    /// Everything else by name: `nvidia.com/gpu`, Swarm's generic resources, Mesos port counts.
    public var others: [String: Double]

    public init(nanoCPUs: Int64? = nil, memory: UInt64? = nil, disk: UInt64? = nil, slots: Int? = nil, others: [String: Double] = [:]) {
        self.nanoCPUs = nanoCPUs
        self.memory = memory
        self.disk = disk
        self.slots = slots
        self.others = others
    }
}

/// A machine that an orchestrator places tasks on: Swarm or Kubernetes node, Mesos agent, Helios host.
public struct Node: Sendable, Hashable, Identifiable {
    public typealias ID = Identifier<Node>
    public enum Status: Sendable, Hashable { case ready, down, disconnected, unknown(String) }
    /// `paused`: nothing new lands (Kubernetes: cordoned). `draining`: what runs moves away too.
    public enum Availability: Sendable, Hashable { case active, paused, draining }

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
    public var labels: [String: String]
    public var taints: [Taint]
    public var capacity: Resources
    public var reserved: Resources
    public var version: String
    public var platform: String
    /// The source's own words about why the node is not well: Kubernetes conditions, Swarm's status message.
    public var message: String

    public init(
        id: ID, name: String, address: String = "", status: Status = .ready, availability: Availability = .active,
        roles: [String] = [], labels: [String: String] = [:], taints: [Taint] = [], capacity: Resources = Resources(),
        reserved: Resources = Resources(), version: String = "", platform: String = "", message: String = ""
    ) {
        self.id = id
        self.name = name
        self.address = address
        self.status = status
        self.availability = availability
        self.roles = roles
        self.labels = labels
        self.taints = taints
        self.capacity = capacity
        self.reserved = reserved
        self.version = version
        self.platform = platform
        self.message = message
    }
}

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
        /// Placed by hand on named hosts: Helios deployments.
        case pinned
    }
    /// Where a rollout is, in one shape for all: Swarm's UpdateStatus, Kubernetes' conditions, Marathon's deployments.
    public enum Rollout: Sendable, Hashable {
        case settled, progressing, paused, rollingBack, rolledBack, failed
    }

    public let id: ID
    public var name: String
    /// Stack, namespace, or Marathon group; empty where there is none.
    public var group: String
    /// The source's own word: `service`, `Deployment`, `app`, `job`.
    public var kind: String
    public var mode: Mode
    public var image: String
    public var desired: Int
    public var running: Int
    public var rollout: Rollout
    public var rolloutMessage: String
    public var constraints: [String]
    public var asked: Resources
    public var ports: [Container.Port]
    public var labels: [String: String]
    public var updated: Timestamp?

    public init(
        id: ID, name: String, group: String = "", kind: String, mode: Mode = .replicated, image: String = "",
        desired: Int = 0, running: Int = 0, rollout: Rollout = .settled, rolloutMessage: String = "",
        constraints: [String] = [], asked: Resources = Resources(), ports: [Container.Port] = [],
        labels: [String: String] = [:], updated: Timestamp? = nil
    ) {
        self.id = id
        self.name = name
        self.group = group
        self.kind = kind
        self.mode = mode
        self.image = image
        self.desired = desired
        self.running = running
        self.rollout = rollout
        self.rolloutMessage = rolloutMessage
        self.constraints = constraints
        self.asked = asked
        self.ports = ports
        self.labels = labels
        self.updated = updated
    }
}

/// One instance of a workload (`Task` alone would shadow the language's own): Swarm task, pod, Mesos task, one Helios job on one host.
public struct WorkloadTask: Sendable, Hashable, Identifiable {
    public typealias ID = Identifier<WorkloadTask>
    public enum State: Sendable, Hashable {
        case pending, starting, running, stopping, finished, failed, rejected, lost
        case unknown(String)
    }

    public let id: ID
    public var name: String
    public var workload: Workload.ID?
    public var node: Node.ID?
    /// Raw ids of its containers: one in Swarm, several in a pod.
    public var containers: [String]
    public var state: State
    /// The source's own word for the state: `preparing`, `CrashLoopBackOff`, `TASK_STAGING`.
    public var stateWord: String
    /// Why, in the source's words and in full.
    public var reason: String
    public var exitCode: Int?
    public var restarts: Int
    public var since: Timestamp?

    public init(
        id: ID, name: String, workload: Workload.ID? = nil, node: Node.ID? = nil, containers: [String] = [],
        state: State, stateWord: String = "", reason: String = "", exitCode: Int? = nil, restarts: Int = 0,
        since: Timestamp? = nil
    ) {
        self.id = id
        self.name = name
        self.workload = workload
        self.node = node
        self.containers = containers
        self.state = state
        self.stateWord = stateWord
        self.reason = reason
        self.exitCode = exitCode
        self.restarts = restarts
        self.since = since
    }
}
