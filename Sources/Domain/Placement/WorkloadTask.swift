/// One instance of a workload (`Task` alone would shadow the language's own): Swarm task, pod, Mesos task, one Helios job on one host.
public struct WorkloadTask: Sendable, Hashable, Identifiable {
    public typealias ID = Identifier<WorkloadTask>

    public enum State: Sendable, Hashable {
        case pending, starting, running, stopping, finished, failed, rejected, lost
        case unknown(String)
    }

    public let id: ID
    /// `web.3`, `web.lab-n1` for a task that is there because of its node; pods' own names.
    public var name: String
    public var workload: Workload.ID?
    /// Which of the workload's places it fills: the same after a restart, when another task fills it. 0 where places have no numbers.
    public var slot: Int
    public var node: Node.ID?
    /// Raw ids of its containers: one in Swarm, several in a pod.
    public var containers: [String]
    public var state: State
    /// The source's own word for the state: `preparing`, `CrashLoopBackOff`, `TASK_STAGING`.
    public var stateWord: String
    /// What the source wants of it: `running`, `shutdown`, `remove`.
    public var wanted: String
    /// The place is its own: shall run, or did what it was for. False for those before it, kept as history.
    public var isCurrent: Bool
    /// It runs the workload's specification of before.
    public var isOutdated: Bool
    /// Why, in the source's words and in full.
    public var reason: String
    public var exitCode: Int?
    public var restarts: Int
    public var image: String
    public var addresses: [String]
    /// What it reserves on its node.
    public var reserved: Resources
    public var created: Timestamp?
    public var since: Timestamp?

    public init(
        id: ID, name: String, workload: Workload.ID? = nil, slot: Int = 0, node: Node.ID? = nil, containers: [String] = [],
        state: State, stateWord: String = "", wanted: String = "running", isCurrent: Bool = true, isOutdated: Bool = false, reason: String = "",
        exitCode: Int? = nil, restarts: Int = 0, image: String = "", addresses: [String] = [], reserved: Resources = Resources(),
        created: Timestamp? = nil, since: Timestamp? = nil
    ) {
        self.id = id
        self.name = name
        self.workload = workload
        self.slot = slot
        self.node = node
        self.containers = containers
        self.state = state
        self.stateWord = stateWord
        self.wanted = wanted
        self.isCurrent = isCurrent
        self.isOutdated = isOutdated
        self.reason = reason
        self.exitCode = exitCode
        self.restarts = restarts
        self.image = image
        self.addresses = addresses
        self.reserved = reserved
        self.created = created
        self.since = since
    }

    /// The scheduler has not let it on a node yet. One that is there because of its node has that node all the same.
    public var isUnplaced: Bool { isCurrent && state == .pending }

    /// It has a node and what it reserves there counts.
    public var holdsResources: Bool {
        switch state {
        case .starting, .running, .stopping: node != nil
        case .pending, .finished, .failed, .rejected, .lost, .unknown: false
        }
    }

    /// Why it wants somebody's attention; nil while all is well or it is history.
    public var problem: String? {
        guard isCurrent else { return nil }
        switch state {
        case .pending: return "not placed" + (reason.isEmpty ? "" : ": " + reason)
        case .failed, .rejected, .lost: return stateWord + (reason.isEmpty ? "" : ": " + reason)
        case .unknown: return stateWord
        case .starting, .running, .stopping, .finished: return nil
        }
    }
}
