internal import Domain
internal import Engine
internal import Transport

/// What is read when.
extension SwarmWatch {
    /// With more services than this, or more than this part of all tasks, all tasks are read: one task of each is found
    /// by one more look into the swarm's store (20.10: three services cost what thirty tasks do).
    private static let fewServices = 100
    private static let smallShare = 0.3

    /// The lists that a person waits for, all at once.
    func readEverything() async throws {
        let start = ContinuousClock.now
        asking = start
        defer { asking = nil }
        async let networks = networksIfToBeHad()
        async let nodes = connection.swarmNodes()
        async let services = fetchServices(unless: [])
        async let tasks = connection.swarmTasks()
        picture.take(networks: await networks)
        _ = picture.take(nodes: try await nodes)
        let (body, list) = try await services
        let all = try await tasks
        let end = ContinuousClock.now
        lastServices = body
        picture.take(services: list ?? [], at: end)
        picture.take(tasks: all, at: end)
        picture.begin(at: end, settling: pace.settling)
        wantsNetworks = false
        servicesCadence.ran(from: start, to: end)
        nodesCadence.ran(from: start, to: end)
        tasksCadence.ran(from: start, to: end)
        unsettledCadence.ran(from: start, to: end)
        stuckCadence.ran(from: start, to: end)
        for update in picture.news(isFirst: true) { sink(update) }
        tellLive()
    }

    func rounds() async throws {
        while true {
            try Task.checkCancellation()
            // Made before the round: what rings during it is not missed.
            let bell = Bell()
            work = bell
            try await round()
            await bell.wait(atMost: pauseBeforeNextRound())
        }
    }

    private func round() async throws {
        let isWatched = attention.focus.wantsPlacement
        if wantsNetworks {
            wantsNetworks = false
            picture.take(networks: await networksIfToBeHad())
        }
        if nodesCadence.isDue(every: pace.nodes, at: .now) { try await readNodes() }
        if servicesCadence.isDue(every: interval(isWatched), at: .now) { try await readServices() }
        if tasksCadence.isDue(every: everythingInterval, at: .now) {
            try await readAllTasks()
        } else if areCounted, unsettledCadence.isDue(every: interval(isWatched), at: .now) {
            try await readUnsettledTasks()
        }
        for update in picture.news() { sink(update) }
        tellLive()
    }

    private func interval(_ isWatched: Bool) -> Duration { isWatched ? pace.watched : pace.unwatched }

    private var everythingInterval: Duration { !areCounted || picture.hasOrphans ? pace.uncounted : pace.everything }

    private func pauseBeforeNextRound() -> Duration {
        let now = ContinuousClock.now
        let interval = interval(attention.focus.wantsPlacement)
        let waits = [
            servicesCadence.wait(every: interval, at: now), nodesCadence.wait(every: pace.nodes, at: now),
            tasksCadence.wait(every: everythingInterval, at: now),
            // Placement may come onto the screen at any moment, and nobody rings then.
            pace.watched,
        ]
        return max(.milliseconds(5), waits.min() ?? pace.watched)
    }

    private func readNodes() async throws {
        let start = ContinuousClock.now
        let list = try await awaiting { try await self.connection.swarmNodes() }
        nodesCadence.ran(from: start, to: .now)
        let tidings = NodeTidings(from: picture.nodes, to: list, tellsStates: !hasEvents)
        for event in tidings.events(of: source.id, at: now()) { sink(.event(event)) }
        if picture.take(nodes: list) { tasksCadence.want() }
    }

    private func readServices() async throws {
        let start = ContinuousClock.now
        let known = lastServices
        let (body, list) = try await awaiting { try await self.fetchServices(unless: known) }
        servicesCadence.ran(from: start, to: .now)
        guard let list else { return }
        lastServices = body
        picture.take(services: list, at: .now)
        unsettledCadence.want()
    }

    /// Off this actor, and without a second reading of what is the same as before.
    nonisolated func fetchServices(unless known: [UInt8]) async throws -> (body: [UInt8], list: [ServiceResource]?) {
        let body = try await connection.swarmServices(counted: areCounted)
        return (body, body == known ? nil : try connection.serviceResources(body))
    }

    private func readAllTasks() async throws {
        let start = ContinuousClock.now
        let list = try await awaiting { try await self.connection.swarmTasks() }
        let end = ContinuousClock.now
        tasksCadence.ran(from: start, to: end)
        unsettledCadence.ran(from: start, to: end)
        picture.take(tasks: list, at: end)
    }

    private func readUnsettledTasks() async throws {
        let start = ContinuousClock.now
        var ids = picture.unsettled(at: start, settling: pace.settling)
        if stuckCadence.isDue(every: pace.nodes, at: start) {
            stuckCadence.ran(from: start, to: start)
        } else {
            ids = ids.filter { picture.quiet($0, at: start).map { $0 <= pace.patience } ?? true }
        }
        guard !ids.isEmpty else { return unsettledCadence.ran(from: start, to: start) }
        guard ids.count <= Self.fewServices, picture.share(of: ids) <= Self.smallShare else { return try await readAllTasks() }
        let wanted = ids
        do {
            let list = try await awaiting { try await self.connection.swarmTasks(of: Array(wanted)) }
            let end = ContinuousClock.now
            unsettledCadence.ran(from: start, to: end)
            picture.take(tasks: list, of: wanted, at: end)
        } catch let trouble as Trouble where trouble.reason == .notFound {
            // One of them has been removed since the list of services.
            servicesCadence.want()
            try await readAllTasks()
        }
    }

    /// Names of networks are worth no failure: ids stand in for them.
    private func networksIfToBeHad() async -> [NetworkResource] {
        do {
            return try await connection.swarmNetworks()
        } catch {
            let words = "no names of networks: \(PlainText.printable(error.answer))"
            if !Task.isCancelled, !remarks.contains(words) { remarks.append(words) }
            return []
        }
    }

    /// Notes that an answer is awaited.
    private func awaiting<Answer: Sendable>(_ body: @Sendable () async throws -> Answer) async throws -> Answer {
        asking = .now
        defer { asking = nil }
        return try await body()
    }
}
