internal import Domain

/// A happening as the engine tells it.
struct EventWriting: Sendable {
    let type: String
    let action: String
    let id: String
    var attributes: [String: String]
    /// `local`, `swarm`.
    let scope: String
    let time: Timestamp
    /// Containers and images: the old form is told beside the new one.
    let isOld: Bool
    let from: String

    /// nil for what this engine does not tell.
    init?(_ happening: Happening, host: String, isManager: Bool) {
        var scope = "local"
        if let teller = happening.host {
            guard teller == host else { return nil }
        } else {
            guard isManager else { return nil }
            scope = "swarm"
        }
        time = happening.time
        switch happening.event {
        case .container(let event):
            let (word, more) = Self.words(event.action)
            (type, action, id) = ("container", word, event.id)
            attributes = event.labels.merging(["image": event.image, "name": event.name]) { _, new in new }.merging(more) { _, new in new }
            (isOld, from) = (true, event.image)
        case .network(let event):
            (type, action, id) = ("network", event.action.rawValue, event.id)
            attributes = ["name": event.name, "type": event.driver]
            if let container = event.container { attributes["container"] = container }
            (isOld, from) = (false, "")
        case .image(let reference, let word):
            (type, action, id) = ("image", word, reference)
            attributes = ["name": reference]
            (isOld, from) = (true, "")
        case .volume(let name, let word, let container):
            (type, action, id) = ("volume", word, name)
            attributes = ["driver": "local"]
            if let container { attributes["container"] = container }
            (isOld, from) = (false, "")
        case .service(let event):
            (type, action, id) = ("service", event.action.rawValue, event.id)
            attributes = event.changes.merging(["name": event.name]) { _, new in new }
            (isOld, from, scope) = (false, "", "swarm")
        case .node(let event):
            (type, action, id) = ("node", event.action.rawValue, event.id)
            attributes = event.changes.merging(["name": event.name]) { _, new in new }
            (isOld, from, scope) = (false, "", "swarm")
        case .task, .registry, .host, .scenario: return nil
        }
        self.scope = scope
    }

    private static func words(_ action: Happening.ContainerEvent.Action) -> (String, [String: String]) {
        switch action {
        case .create: ("create", [:])
        case .start: ("start", [:])
        case .stop: ("stop", [:])
        case .restart: ("restart", [:])
        case .pause: ("pause", [:])
        case .unpause: ("unpause", [:])
        case .destroy: ("destroy", [:])
        case .oom: ("oom", [:])
        case .update: ("update", [:])
        case .die(let code): ("die", ["exitCode": String(code)])
        case .kill(let signal): ("kill", ["signal": String(signal)])
        case .rename(let old): ("rename", ["oldName": "/" + old])
        case .health(let status): ("health_status: \(status.rawValue)", [:])
        case .execCreate(let command, let exec): ("exec_create: \(command)", ["execID": exec])
        case .execStart(let command, let exec): ("exec_start: \(command)", ["execID": exec])
        case .execDie(let exec, let code): ("exec_die", ["execID": exec, "exitCode": String(code)])
        }
    }

    var line: [UInt8] {
        var text = JSONText(reserving: 700)
        text.object { text in
            if isOld {
                text.field("status", action)
                text.field("id", id)
                if !from.isEmpty { text.field("from", from) }
            }
            text.field("Type", type)
            text.field("Action", action)
            text.object("Actor") {
                $0.field("ID", id)
                $0.field("Attributes", attributes)
            }
            text.field("scope", scope)
            text.field("time", time.seconds)
            text.field("timeNano", time.nanoseconds)
        }
        return text.bytes + [0x0A]
    }

    func isMeant(by filters: DockerFilters) -> Bool {
        if filters.isEmpty { return true }
        func names(_ kind: String) -> Bool {
            filters.admits(kind) { wish in type == kind && (id == wish || id.hasPrefix(wish) || attributes["name"] == wish) }
        }
        guard filters.admits("event", { action == $0 || action.hasPrefix($0 + ":") }), filters.admits("type", exactly: type), filters.admits("scope", exactly: scope),
            filters.admits(labels: attributes)
        else { return false }
        return ["container", "network", "volume", "service", "node", "secret", "config", "daemon", "plugin"].allSatisfy(names)
            && filters.admits("image") { attributes["image"] == $0 || type == "image" && id == $0 }
    }
}

/// `GET /events`.
struct EventFollower: Follower {
    /// The engine remembers no more of the past.
    static let memory = 256

    let cluster: PracticeCluster
    let host: String
    let filters: DockerFilters
    let until: Timestamp?
    private var sequence: UInt64
    /// What has happened before and is told first.
    private var past: [UInt8]?

    init(cluster: PracticeCluster, host: String, filters: DockerFilters, since: Timestamp?, until: Timestamp?) {
        self.cluster = cluster
        self.host = host
        self.filters = filters
        self.until = until
        let (events, last) = cluster.with { world -> ([EventWriting], UInt64) in
            guard since != nil || until != nil else { return ([], world.lastSequence) }
            return (Self.events(world, host: host, after: 0).suffix(Self.memory), world.lastSequence)
        }
        sequence = last
        past = events.filter { event in since.map { $0 <= event.time } ?? true && until.map { $0 >= event.time } ?? true && event.isMeant(by: filters) }.flatMap(\.line)
    }

    private static func events(_ world: World, host: String, after sequence: UInt64) -> [EventWriting] {
        let isManager = world.swarm.nodes[host]?.spec.role == .manager
        return world.happenings(after: sequence).compactMap { EventWriting($0, host: host, isManager: isManager) }
    }

    mutating func next() async -> [UInt8]? {
        if let past {
            self.past = nil
            return past
        }
        while !Task.isCancelled {
            let (events, last, now) = cluster.with { [host, sequence] world in
                (world.lastSequence > sequence ? Self.events(world, host: host, after: sequence) : [], world.lastSequence, world.now)
            }
            sequence = last
            let wanted = events.filter { event in until.map { $0 >= event.time } ?? true && event.isMeant(by: filters) }
            if !wanted.isEmpty { return wanted.flatMap(\.line) }
            if let until, now >= until { return nil }
            await cluster.news(after: sequence, atMost: until == nil ? .seconds(10) : .milliseconds(100))
        }
        return nil
    }
}

extension DockerHandler {
    func events(_ call: DockerRequest) throws(OrderRefusal) -> ServerReply {
        let (since, until) = (try call.time("since"), try call.time("until"))
        let follower = EventFollower(cluster: cluster, host: host, filters: try call.filters(), since: since, until: until)
        return .stream(status: 200, headers: headers(type: "application/json"), Following.stream(follower))
    }
}
