internal import Domain
internal import JSON

/// One entry of `GET /services`: what of it Binnacle shows. What is changed is never written from this, but from the
/// specification as it came.
struct ServiceResource: Sendable, Hashable {
    enum Mode: Sendable, Hashable {
        case replicated(Int)
        case global
        /// - Parameter concurrent: at most so many at once; nil for all that are left.
        case job(completions: Int, concurrent: Int?)
        case globalJob
    }

    /// `ServiceStatus`: told by the list only, asked with `status=true`, from API 1.41 on.
    struct Counts: Sendable, Hashable {
        /// Those whose last word was that they run, wanted or not: on a node that is down such a task stays for a day.
        var running: Int
        /// Of a job: what may run at once; of a global job: what has not ended well.
        var desired: Int
        /// Of the present run of a job.
        var completed: Int
    }

    struct Rollout: Sendable, Hashable {
        /// `updating`, `paused`, `completed`, `rollback_started`, `rollback_paused`, `rollback_completed`; empty without one.
        var state: String
        var started: String?
        var completed: String?
        var message: String
    }

    struct Port: Sendable, Hashable {
        var transport: String
        var target: Int
        var published: Int?
        var isOnHost: Bool
    }

    var id: String
    var revision: UInt64
    var updated: String?
    var name: String
    var labels: [String: String]
    var mode: Mode
    var template: TaskResource.Template
    var reserved: Resources
    var constraints: [String]
    var spreadOver: [String]
    var maximumPerNode: Int?
    var platforms: [Platform]
    /// Ids.
    var networks: [String]
    var volumeDrivers: [String]
    var logDriver: String?
    var updatePolicy: Workload.RolloutPolicy?
    var rollbackPolicy: Workload.RolloutPolicy?
    var ports: [Port]
    var hasPrevious: Bool
    var rollout: Rollout
    var counts: Counts?
    /// Which run of a job this is.
    var iteration: Int64

    /// - Throws: what is not JSON, or not an array; `null` is an empty list.
    static func list(_ body: [UInt8]) throws(JSONReader.Malformed) -> [ServiceResource] {
        switch try JSONTree(body) {
        case .array(let elements): return elements.compactMap { ServiceResource($0) }
        case .null: return []
        case .object, .string, .literal: throw JSONReader.Malformed(offset: 0, words: "it is JSON and not a list")
        }
    }

    /// nil for an entry without an id, which nothing could refer to.
    init?(_ tree: JSONTree) {
        guard let id = tree["ID"]?.text, !id.isEmpty else { return nil }
        self.id = id
        let spec = tree["Spec"]
        let task = spec?["TaskTemplate"]
        revision = tree["Version", "Index"]?.natural ?? 0
        updated = tree["UpdatedAt"]?.text
        name = spec?["Name"]?.text ?? ""
        labels = spec?["Labels"]?.dictionary ?? [:]
        mode = Mode(spec?["Mode"])
        template = TaskResource.Template(task)
        reserved = Resources(task?["Resources", "Reservations"])
        constraints = task?["Placement", "Constraints"]?.texts ?? []
        spreadOver = (task?["Placement", "Preferences"]?.elements ?? []).compactMap { $0["Spread", "SpreadDescriptor"]?.text }
        maximumPerNode = task?["Placement", "MaxReplicas"]?.count.flatMap { $0 > 0 ? $0 : nil }
        platforms = (task?["Placement", "Platforms"]?.elements ?? []).map {
            Platform(system: $0["OS"]?.text ?? "", architecture: $0["Architecture"]?.text ?? "")
        }
        // Before API 1.25 networks stood beside the template; services from then still have them there.
        networks = (task?["Networks"] ?? spec?["Networks"])?.elements.compactMap { $0["Target"]?.text } ?? []
        volumeDrivers = (task?["ContainerSpec", "Mounts"]?.elements ?? []).filter { $0["Type"]?.text == "volume" }
            .compactMap { $0["VolumeOptions", "DriverConfig", "Name"]?.text }
        logDriver = task?["LogDriver", "Name"]?.text
        updatePolicy = Workload.RolloutPolicy(spec?["UpdateConfig"])
        rollbackPolicy = Workload.RolloutPolicy(spec?["RollbackConfig"])
        // The endpoint has the ports that the swarm chose; the specification only those that were asked for.
        let ports = tree["Endpoint", "Ports"]?.elements ?? []
        self.ports = (ports.isEmpty ? spec?["EndpointSpec", "Ports"]?.elements ?? [] : ports).compactMap { Port($0) }
        hasPrevious = tree["PreviousSpec"]?.members.isEmpty == false
        let status = tree["UpdateStatus"]
        rollout = Rollout(
            state: status?["State"]?.text ?? "", started: status?["StartedAt"]?.text, completed: status?["CompletedAt"]?.text,
            message: status?["Message"]?.text ?? "")
        counts = Counts(tree["ServiceStatus"])
        iteration = tree["JobStatus", "JobIteration", "Index"]?.integer ?? 0
    }
}

extension JSONTree {
    /// A number of things: never negative, and no larger than can be counted.
    fileprivate var count: Int? { natural.map { Int(clamping: $0) } }
}

extension ServiceResource.Mode {
    fileprivate init(_ tree: JSONTree?) {
        if tree?["Global"] != nil {
            self = .global
        } else if tree?["GlobalJob"] != nil {
            self = .globalJob
        } else if let job = tree?["ReplicatedJob"] {
            self = .job(completions: job["TotalCompletions"]?.count ?? 1, concurrent: job["MaxConcurrent"]?.count.flatMap { $0 > 0 ? $0 : nil })
        } else {
            self = .replicated(tree?["Replicated", "Replicas"]?.count ?? 1)
        }
    }
}

extension ServiceResource.Counts {
    fileprivate init?(_ tree: JSONTree?) {
        guard let tree, let running = tree["RunningTasks"]?.count, let desired = tree["DesiredTasks"]?.count else { return nil }
        self.init(running: running, desired: desired, completed: tree["CompletedTasks"]?.count ?? 0)
    }
}

extension ServiceResource.Port {
    fileprivate init?(_ tree: JSONTree) {
        guard let target = tree["TargetPort"]?.count, target > 0 else { return nil }
        self.init(
            transport: tree["Protocol"]?.text ?? "tcp", target: target, published: tree["PublishedPort"]?.count.flatMap { $0 > 0 ? $0 : nil },
            isOnHost: tree["PublishMode"]?.text == "host")
    }
}

extension TaskResource.Template {
    fileprivate init(_ tree: JSONTree?) {
        let container = tree?["ContainerSpec"]
        self.init(
            image: container?["Image"]?.text ?? "", command: container?["Command"]?.texts ?? [], arguments: container?["Args"]?.texts ?? [],
            environment: container?["Env"]?.texts ?? [], forceUpdate: tree?["ForceUpdate"]?.integer ?? 0)
    }
}

extension Workload.RolloutPolicy {
    /// nil where the service leaves all of it to the swarm. What Go left out because it is zero or empty stands for Swarm's
    /// own defaults; durations are nanoseconds.
    init?(_ tree: JSONTree?) {
        guard let tree, !tree.members.isEmpty else { return nil }
        self.init(
            parallelism: tree["Parallelism"]?.count ?? 1, delay: .nanoseconds(tree["Delay"]?.integer ?? 0),
            onFailure: tree["FailureAction"]?.text ?? "pause", monitor: tree["Monitor"]?.integer.map { .nanoseconds($0) } ?? .seconds(5),
            tolerated: tree["MaxFailureRatio"]?.decimal ?? 0, order: tree["Order"]?.text ?? "stop-first")
    }
}
