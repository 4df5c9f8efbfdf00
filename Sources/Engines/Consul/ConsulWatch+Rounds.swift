internal import Domain
internal import Engine
internal import JSON
internal import Transport

/// What is read when.
extension ConsulWatch {
    private static let poolSize = 4
    /// Lists of instances a round; there is a second between two rounds.
    private static let listsARound = 64

    /// What a person waits for, all at once; the indexes to follow the lists from.
    func readEverything() async throws -> [ConsulConnection.List: BlockingIndex] {
        async let checks = connection.list(.checks, after: nil, wait: pace.wait)
        async let services = connection.list(.services, after: nil, wait: pace.wait)
        async let nodes = connection.list(.nodes, after: nil, wait: pace.wait)
        async let standing: Void = readStanding()
        var indexes: [ConsulConnection.List: BlockingIndex] = [:]
        for (list, answer) in [(ConsulConnection.List.checks, try await checks), (.services, try await services), (.nodes, try await nodes)] {
            var index = BlockingIndex()
            index.take(answer.standing.index)
            indexes[list] = index
            try await take(list, answer.body, answer.standing)
        }
        try await standing
        picture.sweep.wantSweep()
        tellNews()
        // With the checks, where that is soon done: without its instances a service has no address.
        if picture.sweep.count <= Self.listsARound { try await readInstances() }
        tellStanding()
        return indexes
    }

    // MARK: Lists

    /// Asks again and again, waiting for changes.
    func follow(_ list: ConsulConnection.List, from first: BlockingIndex) async throws {
        var index = first
        var pause = max(pace.loop, index.penalty)
        while true {
            try await Task.sleep(for: pause)
            let start = ContinuousClock.now
            let answer = try await connection.list(list, after: index.value, wait: pace.wait)
            let received = ContinuousClock.now
            index.take(answer.standing.index)
            if try await take(list, answer.body, answer.standing) { tellNews() }
            tellStanding()
            let end = ContinuousClock.now
            let rest = max(pace.loop - (end - start), .zero)
            pause = max(rest, index.penalty, min((end - received) * pace.leisure, .seconds(30)))
        }
    }

    /// False when it is what it was.
    @discardableResult
    private func take(_ list: ConsulConnection.List, _ body: [UInt8], _ standing: ListStanding) async throws -> Bool {
        lastAnswer = now()
        let isMoved = standings[list]?.index != standing.index
        standings[list] = standing
        let isSame = bodies[list] == body
        switch list {
        case .checks:
            guard !isSame else { return false }
            picture.checks.take(try await readChecks(body, source.id))
        case .services:
            // The same names with another index: an instance was added, changed or taken out.
            guard !isSame || isMoved else { return false }
            picture.take(services: try connection.read(body, "the list of services", attempt, CatalogNode.serviceNames))
        case .nodes:
            guard !isSame else { return false }
            picture.take(nodes: try connection.read(body, "the list of nodes", attempt, CatalogNode.list))
        }
        bodies[list] = body
        return true
    }

    /// Off this actor: thousands of checks must not hold up what a person asks for.
    private nonisolated func readChecks(_ body: [UInt8], _ source: Source.ID) async throws -> [Check] {
        try connection.read(body, "the list of checks", connection.attempt("follow the checks")) { body throws(JSONReader.Malformed) in
            try HealthCheck.list(body, source: source)
        }
    }

    // MARK: Members, leader, the agent's own checks

    func keepMembers() async throws {
        while true {
            // Made before the round: what rings during it is not missed.
            let bell = Bell()
            membersBell = bell
            await bell.wait(atMost: pace.members)
            try Task.checkCancellation()
            let start = ContinuousClock.now
            try await readStanding()
            tellNews()
            tellStanding()
            try await Task.sleep(for: max(pace.loop, min((ContinuousClock.now - start) * 2, .seconds(30))))
        }
    }

    func readStanding() async throws {
        let limit = pace.answer
        async let members = connection.members(within: limit)
        async let leader = connection.leader(within: limit)
        async let own = connection.ownChecks(source: source.id, within: limit)
        var names: [String]?
        if lastDatacenters.map({ ContinuousClock.now - $0 >= pace.datacenters }) ?? true {
            names = try await connection.datacenters(within: limit)
            lastDatacenters = .now
        }
        // An agent knows the members of its own datacenter only.
        let isElsewhere = connection.datacenter.map { $0 != picture.agent?.datacenter } ?? false
        let list = try await members
        picture.agents = isElsewhere ? nil : list
        let address = try await leader
        if !isElsewhere { take(leader: address) }
        picture.checks.take(own: isElsewhere ? [] : try await own)
        if let names, !names.isEmpty { picture.datacenters = names }
        lastAnswer = now()
    }

    private func take(leader address: String?) {
        picture.leader = address
        guard let address else { return leaderlessSince = nil }
        if address.isEmpty {
            leaderlessSince = leaderlessSince ?? .now
        } else if leaderlessSince != nil {
            leaderlessSince = nil
            // What the lists said while there was none holds no more; they may wait for a minute until they say so.
            for list in ConsulConnection.List.allCases {
                standings[list]?.knowsLeader = nil
                standings[list]?.lastContact = 0
            }
        }
    }

    // MARK: Instances

    func keepInstances() async throws {
        while true {
            let bell = Bell()
            instancesBell = bell
            try await readInstances()
            try await Task.sleep(for: pace.loop)
            if !picture.sweep.hasWork { await bell.wait(atMost: pace.sweep) }
            try Task.checkCancellation()
        }
    }

    private func readInstances() async throws {
        picture.sweep.beginSweepIfDue(every: max(pace.sweep, pace.sweepUnit * picture.sweep.count), at: .now)
        let units = picture.sweep.take(Self.listsARound)
        if !units.isEmpty {
            let connection = connection, source = source.id
            try await withThrowingTaskGroup(of: (InstanceSweep.Unit, [ServiceInstance]).self) { group in
                var waiting = units[...]
                func start() {
                    guard let unit = waiting.popFirst() else { return }
                    group.addTask { (unit, try await connection.instances(of: unit, source: source)) }
                }
                for _ in 0..<Self.poolSize { start() }
                while let (unit, instances) = try await group.next() {
                    picture.sweep.put(instances, of: unit)
                    start()
                }
            }
        }
        for update in picture.newsOfInstances() { sink(update) }
    }
}
