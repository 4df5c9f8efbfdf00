internal import Domain
internal import Synchronization

/// `/containers`: looking.
extension DockerHandler {
    func containers(_ call: DockerRequest) async throws(OrderRefusal) -> ServerReply? {
        switch (call.method, call.path.count) {
        case ("GET", 2) where call.path[1] == "json": return try listContainers(call)
        case ("POST", 2) where call.path[1] == "create": return try await createContainer(call)
        case ("POST", 2) where call.path[1] == "prune": return try await pruneContainers(call)
        case ("DELETE", 2):
            try await order(.removeContainer(call.path[1], force: call.flag("force"), volumes: call.flag("v"), host: host))
            return reply(204)
        case ("GET", 3): return try await lookInto(call.path[1], call.path[2], call)
        case ("POST", 3): return try await change(call.path[1], call.path[2], call)
        default: return nil
        }
    }

    private func lookInto(_ id: String, _ what: String, _ call: DockerRequest) async throws(OrderRefusal) -> ServerReply? {
        switch what {
        case "json":
            let execs = state.execs.withLock { $0 }
            return reply(
                200,
                try look { world throws(OrderRefusal) in
                    let container = try world.container(id, on: host)
                    return ContainerWriting(container: container, world: world).inspection(execs: execs.running(in: container.id), hasSizes: call.flag("size"))
                })
        case "stats": return try await statistics(id, call)
        case "top":
            let isWide = call.text("ps_args").contains("aux")
            return reply(
                200,
                try look { world throws(OrderRefusal) in
                    let container = try world.container(id, on: host)
                    guard container.isRunning else { throw OrderRefusal(.conflict, "Container \(container.id) is not running") }
                    return ProcessListing.json(world.processes(of: container), isWide: isWide, started: container.startedAt ?? world.now)
                })
        case "logs":
            var wish = try LogWish(call)
            let container = try look { world throws(OrderRefusal) in try world.container(id, on: host) }
            wish.frames.isRaw = container.spec.usesTerminal
            let stream = Following.stream(ContainerLogFollower(cluster: cluster, id: container.id, wish: wish))
            return .stream(status: 200, headers: headers(type: nil), stream)
        case "changes":
            _ = try look { world throws(OrderRefusal) in try world.container(id, on: host) }
            return reply(200, Array("null".utf8))
        default: return nil
        }
    }

    // MARK: The list

    private static let filters: Set<String> = [
        "ancestor", "before", "exited", "expose", "health", "id", "is-task", "isolation", "label", "name", "network", "publish", "since", "status", "volume",
    ]
    private static let states: Set<String> = ["created", "dead", "exited", "paused", "removing", "restarting", "running"]
    private static let healths: Set<String> = ["healthy", "none", "starting", "unhealthy"]

    private func listContainers(_ call: DockerRequest) throws(OrderRefusal) -> ServerReply {
        let filters = try call.filters(Self.filters)
        let limit = try call.integer("limit") ?? 0
        for status in filters["status"] where !Self.states.contains(status) { throw OrderRefusal(.badRequest, "Invalid filter 'status=\(status)'") }
        for health in filters["health"] where !Self.healths.contains(health) { throw OrderRefusal(.badRequest, "Invalid filter 'health=\(health)'") }
        let hasEverything = call.flag("all") || limit > 0 || filters.has("status") || filters.has("exited")
        let hasSizes = call.flag("size")
        let bytes = try look { world throws(OrderRefusal) in
            let isMeant = try wish(filters, world)
            let machine = world.hosts[host]
            // One id is asked for after each event: that must not look at all of them.
            let isDirect = filters.has("id") && filters["id"].allSatisfy { $0.utf8.count == 64 }
            let ids = isDirect ? filters["id"] : Array(machine?.containers ?? OrderedKeys()).reversed()
            return state.list.withLock { texts in
                texts.list(ids, world, hasSizes: hasSizes, limit: limit) { container in
                    container.host == host && (hasEverything || container.isRunning || container.state == .restarting) && isMeant(container)
                }
            }
        }
        return reply(200, bytes)
    }

    private func wish(_ filters: DockerFilters, _ world: World) throws(OrderRefusal) -> (SimContainer) -> Bool {
        if filters.isEmpty { return { _ in true } }
        let before = try filters["before"].first.map { reference throws(OrderRefusal) in try world.container(reference, on: host).created }
        let since = try filters["since"].first.map { reference throws(OrderRefusal) in try world.container(reference, on: host).created }
        let isTask = try filters.flag("is-task")
        return { container in
            if let before, container.created >= before { return false }
            if let since, container.created <= since { return false }
            if let isTask, isTask != (container.task != nil) { return false }
            return isMeant(container, filters, world)
        }
    }

    private func isMeant(_ container: SimContainer, _ filters: DockerFilters, _ world: World) -> Bool {
        guard filters.admits("id", beginning: container.id), filters.admits(labels: container.spec.labels),
            filters.admits("name", { NamePattern.matches(container.name, $0) }), filters.admits("status", exactly: container.state.rawValue),
            filters.admits("ancestor", { $0 == container.spec.image || container.imageID == $0 || container.imageID.hasPrefix("sha256:" + $0) || container.spec.image == $0 + ":latest" }),
            filters.admits("network", { name in container.endpoints.contains { $0.networkName == name || $0.network.hasPrefix(name) } })
        else { return false }
        let volumes = container.spec.mounts
        return filters.admits("exited") { Int($0) == container.exitCode && container.state == .exited }
            && filters.admits("health") { $0 == (world.health(of: container)?.status.rawValue ?? "none") }
            && filters.admits("volume") { name in volumes.contains { $0.source == name || $0.destination == name } }
            && filters.admits("publish") { wish in container.published.contains { "\($0.hostPort)" == wish || "\($0.hostPort)/\($0.port.transport)" == wish } }
            && filters.admits("expose") { wish in container.exposedPorts.contains { $0.text == wish || "\($0.number)" == wish } }
    }

    // MARK: Statistics

    private func statistics(_ id: String, _ call: DockerRequest) async throws(OrderRefusal) -> ServerReply {
        let isOnce = !(call.text("stream").isEmpty || call.flag("stream"))
        let container = try look { world throws(OrderRefusal) in try world.container(id, on: host) }
        var follower = StatisticsFollower(cluster: cluster, id: container.id)
        guard isOnce else { return .stream(status: 200, headers: headers(type: "application/json"), Following.stream(follower)) }
        var reading = follower.reading()
        if !call.flag("one-shot"), reading?.usage != nil {
            // As the engine does it: two samples with a second between them.
            await follower.pause()
            reading = follower.reading() ?? reading
        }
        guard let reading else { throw OrderRefusal(.notFound, "No such container: \(id)") }
        return reply(200, reading.json)
    }
}

/// A reading every second.
struct StatisticsFollower: Follower {
    let cluster: PracticeCluster
    let id: String
    private var before: SimUsage?
    private var hasBegun = false

    init(cluster: PracticeCluster, id: String) {
        self.cluster = cluster
        self.id = id
    }

    mutating func next() async -> [UInt8]? {
        if hasBegun { await pause() }
        hasBegun = true
        return reading().map { $0.json + [0x0A] }
    }

    /// nil when the container has gone.
    mutating func reading() -> ContainerStatistics? {
        let found = cluster.with { [id] world in world.containers[id].map { ($0, world.usage(of: $0)) } }
        guard let (container, usage) = found else { return nil }
        defer { before = usage }
        return ContainerStatistics(container: container, usage: usage, before: usage == nil ? nil : before)
    }

    /// By the clock of the world; where that is slow, or stands, by ours.
    func pause() async {
        let due = cluster.time.adding(.seconds(1))
        await withTaskGroup(of: Void.self) { group in
            group.addTask { await cluster.wait(until: due) }
            group.addTask {
                // Cancelled by the other one, which came first.
                try? await Task.sleep(for: .seconds(2))
            }
            await group.next()
            group.cancelAll()
        }
    }
}
