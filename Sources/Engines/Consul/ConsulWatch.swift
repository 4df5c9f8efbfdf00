internal import Domain
internal import Engine
internal import Transport

/// Follows one datacenter by way of one agent: three lists that tell when they change, and what has to be asked for again.
///
/// Its loops are tasks of one group that ends with the session: when one fails, all end, and the next session asks for
/// everything without an index, for it may be answered by another server.
actor ConsulWatch {
    /// How long things may take; tests hurry.
    struct Pace: Sendable {
        /// How long a server lets a question for changes wait.
        var wait = Duration.seconds(55)
        /// At least from one question for a list to the next.
        var loop = Duration.seconds(1)
        /// Times that what reading an answer cost passes before the next question: a twenty-fifth is 4% of one core.
        var leisure = 25
        /// Between looks at members, leader and the agent's own checks.
        var members = Duration.seconds(5)
        var datacenters = Duration.seconds(60)
        /// Between sweeps over all instances, at least; and for each list that one takes.
        var sweep = Duration.seconds(5)
        var sweepUnit = Duration.milliseconds(20)
        /// Without an answer for so long to what takes no time, the agent is taken for lost.
        var answer = Duration.seconds(5)
        /// A session that lasted so long was a good one.
        var steady = Duration.seconds(10)
        var backOff = BackOff()
    }

    let connection: ConsulConnection
    let pace: Pace
    let isExpected: Bool
    let sink: Sink
    let now: @Sendable () -> Timestamp
    let record: @Sendable (Source) -> Void

    var source: Source
    let standingRemarks: [String]
    var picture: ConsulPicture
    /// Bodies as they last came: what comes again unchanged is not read again.
    var bodies: [ConsulConnection.List: [UInt8]] = [:]
    var standings: [ConsulConnection.List: ListStanding] = [:]
    /// Since when no leader is known.
    var leaderlessSince: ContinuousClock.Instant?
    var isAgentSilent = false
    var lastDatacenters: ContinuousClock.Instant?
    var lastAnswer: Timestamp?
    /// It was followed once, so there is something to lose.
    var hasFollowed = false
    var isToldLost = false

    var membersBell = Bell()
    var instancesBell = Bell()
    private var renewal = Bell()
    private var retry = Bell()
    private var isFollowing = false

    init(
        connection: ConsulConnection, source: Source, isExpected: Bool, pace: Pace, sink: @escaping Sink, now: @escaping @Sendable () -> Timestamp,
        record: @escaping @Sendable (Source) -> Void
    ) {
        self.connection = connection
        self.source = source
        self.isExpected = isExpected
        self.pace = pace
        self.sink = sink
        self.now = now
        self.record = record
        standingRemarks = source.remarks
        picture = ConsulPicture(source: source.id)
        picture.datacenter = connection.datacenter
    }

    /// Until the task is cancelled.
    func run() async {
        var backOff = pace.backOff
        tell { $0.freshness = .connecting(since: now()) }
        while !Task.isCancelled {
            let start = ContinuousClock.now
            do {
                try await session()
                // Somebody asked for all of it again.
                backOff.reset()
                continue
            } catch {
                if Task.isCancelled { break }
                // One that fails as soon as it begins must not come back at the pace of the first failure.
                if isFollowing, ContinuousClock.now - start >= pace.steady { backOff.reset() }
                isFollowing = false
                lost(error as? Trouble ?? Trouble(.unreachable, attempt: attempt, answer: "\(error)"))
            }
            let bell = Bell()
            retry = bell
            await bell.wait(atMost: backOff.next())
        }
    }

    var attempt: String { connection.attempt("follow the catalog") }

    /// Everything is asked for again; what was lost, or not there, is tried at once.
    func refresh() {
        retry.ring()
        picture.sweep.demandSweep()
        if isFollowing { renewal.ring() }
    }

    /// Returns when everything shall be asked for again.
    private func session() async throws {
        isFollowing = false
        bodies = [:]
        standings = [:]
        lastDatacenters = nil
        let agent = try await connection.agentSelf()
        isAgentSilent = agent == nil
        picture.agent = agent
        picture.dns = agent?.nameServer(askedAt: connection.address)
        let indexes = try await readEverything()
        isFollowing = true
        let renewal = Bell()
        self.renewal = renewal
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (list, index) in indexes { group.addTask { try await self.follow(list, from: index) } }
            group.addTask { try await self.keepMembers() }
            group.addTask { try await self.keepInstances() }
            group.addTask { await renewal.wait() }
            defer { group.cancelAll() }
            try await group.next()
        }
        try Task.checkCancellation()
    }
}
