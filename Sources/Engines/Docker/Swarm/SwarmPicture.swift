internal import Domain

/// A swarm as last read, and what of it has been told.
///
/// It is kept as it came, because what a task means depends on its service and its node, and those change by themselves.
struct SwarmPicture: Sendable {
    /// What the sink knows, by the ids of services.
    struct Told: Sendable {
        var nodes: [Node] = []
        var workloads: [String: Workload] = [:]
        /// Ids in the order of the last list.
        var order: [String] = []
        var tasks: [String: [WorkloadTask]] = [:]
    }

    let source: Source.ID
    /// The node whose engine answers.
    var answering = ""
    private(set) var nodes: [NodeResource] = []
    private(set) var services: [ServiceResource] = []
    private(set) var servicesByID: [String: ServiceResource] = [:]
    /// Services that have gone while their tasks are still ending.
    private(set) var departed: [String: ServiceResource] = [:]
    /// By the id of their service.
    private(set) var tasks: [String: [TaskResource]] = [:]
    private(set) var networks: [String: SwarmMapping.NetworkName] = [:]
    /// When a service, or what its tasks do, was last seen to be different.
    private var changed: [String: ContinuousClock.Instant] = [:]
    /// Services whose workload or tasks may be something else than what was told.
    var doubtful = Set<String>()
    /// All of them, and the nodes.
    var isAllDoubtful = true
    var told = Told()

    init(source: Source.ID) { self.source = source }

    mutating func take(networks list: [NetworkResource]) {
        var names: [String: SwarmMapping.NetworkName] = [:]
        for wire in list {
            guard let id = wire.id, let name = wire.name, !name.isEmpty else { continue }
            names[id] = SwarmMapping.NetworkName(name: name, driver: wire.driver ?? "", isIngress: wire.isIngress ?? false)
        }
        guard names != networks else { return }
        networks = names
        isAllDoubtful = true
    }

    /// Whether nodes came or went, or their tasks are about to move.
    mutating func take(nodes list: [NodeResource]) -> Bool {
        guard list != nodes else { return false }
        let moves = list.map(Fate.init) != nodes.map(Fate.init)
        nodes = list
        isAllDoubtful = true
        return moves
    }

    /// What of a node decides about its tasks.
    private struct Fate: Hashable {
        var id: String?
        var state: String?
        var availability: String?
        var labels: [String: String]

        init(_ wire: NodeResource) {
            id = wire.id
            state = wire.state
            availability = wire.availability
            labels = wire.labels
        }
    }

    mutating func take(services list: [ServiceResource], at now: ContinuousClock.Instant) {
        let new = Dictionary(list.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        for (id, service) in new where servicesByID[id] != service { mark(id, at: now) }
        for (id, service) in servicesByID where new[id] == nil {
            departed[id] = service
            mark(id, at: now)
        }
        for id in new.keys { departed[id] = nil }
        services = list
        servicesByID = new
    }

    /// Every task there is.
    mutating func take(tasks list: [TaskResource], at now: ContinuousClock.Instant) {
        // Those without a service attach some container to a network: nobody placed them.
        let new = Dictionary(grouping: list.filter { !$0.serviceID.isEmpty }, by: \.serviceID)
        for (id, list) in new where tasks[id] != list { mark(id, at: now) }
        for id in tasks.keys where new[id] == nil { mark(id, at: now) }
        tasks = new
        departed = departed.filter { new[$0.key] != nil }
        changed = changed.filter { servicesByID[$0.key] != nil || new[$0.key] != nil }
    }

    mutating func take(tasks list: [TaskResource], of ids: Set<String>, at now: ContinuousClock.Instant) {
        let new = Dictionary(grouping: list.filter { ids.contains($0.serviceID) }, by: \.serviceID)
        for id in ids where tasks[id] ?? [] != new[id] ?? [] {
            tasks[id] = new[id]
            mark(id, at: now)
        }
    }

    private mutating func mark(_ service: String, at now: ContinuousClock.Instant) {
        changed[service] = now
        doubtful.insert(service)
    }

    /// What the first lists show has not changed just now.
    mutating func begin(at now: ContinuousClock.Instant, settling: Duration) {
        changed = changed.mapValues { _ in now - settling }
    }

    /// How long nothing has happened to a service; nil where nothing ever did.
    func quiet(_ service: String, at now: ContinuousClock.Instant) -> Duration? { changed[service].map { now - $0 } }
}

/// What is worth reading again.
extension SwarmPicture {
    /// Services with something under way: counts that are not what they shall be, a rollout, tasks that start or end, a
    /// change a moment ago.
    func unsettled(at now: ContinuousClock.Instant, settling: Duration) -> Set<String> {
        var ids = Set<String>()
        for id in servicesByID.keys {
            let isFresh = quiet(id, at: now).map { $0 < settling } ?? true
            if isFresh || told.workloads[id].map(Self.isUnderWay) ?? true || told.tasks[id, default: []].contains(where: Self.isUnderWay) {
                ids.insert(id)
            }
        }
        return ids
    }

    /// Tasks that are still ending of services that are not there any more: the swarm lists them only among all others.
    var hasOrphans: Bool { tasks.contains { id, tasks in servicesByID[id] == nil && !tasks.allSatisfy(\.hasEnded) } }

    /// Of all tasks, how large a part these services have.
    func share(of services: Set<String>) -> Double {
        let all = tasks.values.reduce(0) { $0 + $1.count }
        return all == 0 ? 1 : Double(services.reduce(0) { $0 + (tasks[$1]?.count ?? 0) }) / Double(all)
    }

    private static func isUnderWay(_ workload: Workload) -> Bool {
        switch workload.rollout {
        case .progressing, .rollingBack: true
        case .settled, .paused, .rolledBack, .failed:
            switch workload.mode {
            case .replicated, .perNode, .pinned: workload.running != workload.desired
            case .job, .jobPerNode: !workload.isConverged
            }
        }
    }

    private static func isUnderWay(_ task: WorkloadTask) -> Bool {
        switch task.state {
        case .pending, .starting: task.isCurrent
        case .stopping: true
        case .running, .finished, .failed, .rejected, .lost, .unknown: false
        }
    }
}
