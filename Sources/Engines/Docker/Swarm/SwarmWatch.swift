internal import Domain
internal import Engine
internal import Transport

/// Follows the swarm that an engine manages: lists once, then the swarm's events, and polls for what has none.
///
/// An engine that manages no swarm is looked at now and then, by the smallest request that tells. Everything runs in tasks
/// of one group that ends with the session.
actor SwarmWatch {
    /// How long things may take; tests hurry.
    struct Pace: Sendable {
        /// Before the first question: the engine's own first list, which a person waits for, comes first.
        var grace = Duration.milliseconds(300)
        /// Between looks whether an engine manages a swarm by now.
        var look = Duration.seconds(5)
        /// The same where no swarm is ever to be expected.
        var hopelessLook = Duration.seconds(60)
        /// Between lists of services while placement is on the screen, and while it is not.
        var watched = Duration.seconds(1)
        var unwatched = Duration.seconds(5)
        var nodes = Duration.seconds(5)
        /// Between lists of all tasks.
        var everything = Duration.seconds(30)
        /// The same where services tell no counts (before API 1.41), and while tasks of removed services end.
        var uncounted = Duration.seconds(2)
        /// After a change the tasks of a service are read for so long, whatever its counts.
        var settling = Duration.seconds(10)
        /// What has been under way for so long without anything happening is looked at no more often than the nodes.
        var patience = Duration.seconds(60)
        /// Without an answer for so long, what is shown is called stale.
        var hesitation = Duration.seconds(5)
        var backOff = BackOff(limit: .seconds(5))
    }

    /// After so many looks the dear question is asked again: the managers may be others by now.
    private static let looks = 60

    let connection: DockerConnection
    let pace: Pace
    let attention: Attention
    let sink: Sink
    let now: @Sendable () -> Timestamp
    let record: @Sendable (Source) -> Void

    var source: Source
    var picture: SwarmPicture
    var standing: SwarmStanding?
    /// Services tell how many tasks they have.
    var areCounted = false
    var hasEvents = false
    /// The list of services as it last came.
    var lastServices: [UInt8] = []
    var servicesCadence = Cadence()
    var nodesCadence = Cadence()
    var tasksCadence = Cadence()
    var unsettledCadence = Cadence()
    var stuckCadence = Cadence()
    var wantsNetworks = false
    /// Rings when something is wanted before its time; a new one for each wait.
    var work = Bell()
    private var retry = Bell()
    /// Since when an answer is awaited.
    var asking: ContinuousClock.Instant?
    var lastAnswer: Timestamp?
    /// A swarm was told of, so there is one to be lost.
    var hasTold = false
    var isToldLost = false
    /// How often in a row the managers let a request wait until its time was up.
    var blocks = 0
    var isFollowing = false
    var remarks: [String] = []

    init(
        connection: DockerConnection, source: Source, pace: Pace, attention: Attention, sink: @escaping Sink,
        now: @escaping @Sendable () -> Timestamp, record: @escaping @Sendable (Source) -> Void
    ) {
        self.connection = connection
        self.source = source
        self.pace = pace
        self.attention = attention
        self.sink = sink
        self.now = now
        self.record = record
        picture = SwarmPicture(source: source.id)
    }

    /// Until the task is cancelled.
    func run() async {
        var backOff = pace.backOff
        await pause(pace.grace)
        if !Task.isCancelled { tell { $0.freshness = .connecting(since: now()) } }
        while !Task.isCancelled {
            isFollowing = false
            do {
                // It returns when the engine has come to stand elsewhere.
                try await session()
                backOff.reset()
            } catch {
                if Task.isCancelled { break }
                if isFollowing { backOff.reset() }
                await lost(error as? Trouble ?? Trouble(.unreachable, attempt: attempt, answer: "\(error)"))
            }
            await pause(backOff.next())
        }
    }

    var attempt: String { connection.attempt("follow the swarm") }

    /// Everything is asked for again; what was lost, or not there, is tried at once.
    func refresh() {
        retry.ring()
        guard isFollowing else { return }
        servicesCadence.demand()
        nodesCadence.demand()
        tasksCadence.demand()
        wantsNetworks = true
        work.ring()
    }

    private func pause(_ duration: Duration) async {
        let bell = Bell()
        retry = bell
        await bell.wait(atMost: duration)
    }

    private func session() async throws {
        let standing = try await connection.swarmStanding()
        self.standing = standing
        guard standing.place == .manager else { return try await stayOutside(standing) }
        if SwarmTrouble.isLeaderless(standing.error) { throw leaderless() }
        do {
            try await follow(standing)
        } catch let trouble as Trouble where isFollowing {
            // Demoted, or locked by a restart of the engine: the next session finds out which.
            if let place = SwarmPlace(refusal: trouble.answer, status: 0), place != .manager { return }
            throw trouble
        }
    }

    /// Looks cheaply whether anything has changed, and returns when it has.
    private func stayOutside(_ standing: SwarmStanding) async throws {
        tellOutside(standing)
        let isHopeless = standing.place == .unfit || standing.place == .hidden
        var seen: SwarmPlace?
        for _ in 0..<Self.looks {
            await pause(isHopeless ? pace.hopelessLook : pace.look)
            try Task.checkCancellation()
            let place = try await connection.swarmPlace()
            // The look tells less than the description: a broken membership looks like none at all.
            if place == .manager || seen.map({ $0 != place }) ?? false { return }
            seen = place
        }
    }

    /// The events first and the lists then: nothing falls between the two.
    private func follow(_ standing: SwarmStanding) async throws {
        let version = try await connection.acquaintance().apiVersion
        areCounted = version >= APIVersion(1, 41)
        remarks = []
        let events = try await openEvents(version)
        hasEvents = events != nil
        picture.answering = standing.node
        try await readEverything()
        isFollowing = true
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await self.rounds() }
            group.addTask { try await self.guardSilence() }
            if let events { group.addTask { try await self.pump(events) } }
        }
    }

    /// nil where the engine, or a proxy before it, does not offer the swarm's events.
    private func openEvents(_ version: APIVersion) async throws -> HTTPStream? {
        // A swarm's events came with API 1.30.
        guard version >= APIVersion(1, 30) else { return nil }
        do throws(Trouble) {
            return try await connection.swarmEvents()
        } catch {
            switch error.reason {
            case .forbidden, .notFound, .unsupported, .unauthorized:
                remarks.append("no events of the swarm (\(PlainText.printable(error.answer))): it is only polled")
                return nil
            case .unreachable, .conflict, .malformed, .timedOut, .refusedByPlan, .cancelled: throw error
            }
        }
    }
}
