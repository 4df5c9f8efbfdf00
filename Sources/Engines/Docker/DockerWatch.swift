internal import Domain
internal import Engine
internal import Transport

/// Follows one engine: one list, then its events, patching by id; comes back by itself when the engine was lost.
///
/// Its loops are tasks of one group that ends with the session, so nothing outlives the connection it belongs to.
actor DockerWatch {
    /// How long things may take; tests hurry.
    struct Pace: Sendable {
        /// An engine silent for so long is asked whether it still lives: events have no heartbeat.
        var watchdog = Duration.seconds(30)
        var ping = Duration.seconds(5)
        /// Between lists where events are not to be had.
        var poll = Duration.seconds(5)
        /// Between rounds of statistics of remote engines.
        var statistics = Duration.seconds(2)
        /// Before the first look into what is on the screen, and between such looks.
        var background = Duration.seconds(1)
        /// From an event to the moment when the engine's own list must show its outcome.
        var settling = Duration.milliseconds(150)
        var backOff = BackOff()
    }

    let connection: DockerConnection
    let mapping: DockerMapping
    let sink: Sink
    let attention: Attention
    let pace: Pace
    let now: @Sendable () -> Timestamp
    let record: @Sendable (Source) -> Void

    var source: Source
    /// What holds for this engine however it answers, and what this session found out.
    private let standingRemarks: [String]
    private var foundRemarks: [String] = []
    var host: Host?
    var picture = DockerPicture()
    var dirty = DirtyContainers()
    var departed = DepartedContainers()
    var inspections = PendingInspections()
    var wantsNetworks = false
    var isReadingNetworks = false
    /// Ids that could not be looked into, so that the background does not try for ever.
    var unfathomable = Set<String>()
    var previousReadings: [String: UsageCounters] = [:]

    /// Something came on the stream of events that could not be read. The lists are asked for with the next look around, so that an
    /// engine which talks nonsense is not asked without a pause.
    var hasMissed = false

    /// Rings when there is something to fetch; one for each session.
    var work = Bell()
    /// Rings when something will have to be asked about in a moment.
    var settle = Bell()
    var retry = Bell()
    var failure: Trouble?

    private var told: [String] = []
    private var toldSet = Set<String>()
    /// The newest event's time, by the engine's clock.
    var lastEvent: Timestamp?
    var lastSign = ContinuousClock.now
    private var isFollowing = false

    init(
        connection: DockerConnection, mapping: DockerMapping, source: Source, pace: Pace, attention: Attention, sink: @escaping Sink,
        now: @escaping @Sendable () -> Timestamp, record: @escaping @Sendable (Source) -> Void
    ) {
        self.connection = connection
        self.mapping = mapping
        self.source = source
        standingRemarks = source.remarks
        self.pace = pace
        self.attention = attention
        self.sink = sink
        self.now = now
        self.record = record
    }

    /// Until the task is cancelled.
    func run() async {
        var backOff = pace.backOff
        tell { $0.freshness = .connecting(since: now()) }
        while !Task.isCancelled {
            do {
                try await session()
            } catch {
                if Task.isCancelled { break }
                if isFollowing { backOff.reset() }
                lost(error as? Trouble ?? Trouble(.unreachable, attempt: connection.attempt("follow the engine"), answer: "\(error)"))
            }
            isFollowing = false
            let bell = Bell()
            retry = bell
            await bell.wait(atMost: backOff.next())
        }
    }

    /// Everything is asked for again; an engine that was lost is tried at once.
    func refresh() {
        retry.ring()
        guard isFollowing else { return }
        unfathomable = []
        dirty.markEverything()
        wantsNetworks = true
        work.ring()
    }

    private func session() async throws {
        foundRemarks = []
        unfathomable = []
        departed = DepartedContainers()
        let greeting = try await connection.greet()
        // The engine's own clock at the ping: the stream replays what happened from then on, so the list need not wait for
        // the stream, and nothing falls between the two. Without a clock the stream has to come first.
        let clock = lastEvent ?? greeting.clock
        let early = clock == nil ? try await open(since: nil) : nil
        // Beside the list, on a connection of its own: both are on the first screen.
        async let networks: Void = readNetworks()
        try await list(greeting)
        await networks
        let follow = clock == nil ? early : try await open(since: clock)
        work = Bell()
        settle = Bell()
        dirty = DirtyContainers()
        inspections = PendingInspections()
        isReadingNetworks = false
        wantsNetworks = false
        hasMissed = false
        failure = nil
        lastSign = .now
        markTroubled()
        work.ring()
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await self.dispatch() }
            group.addTask { try await self.confirm() }
            group.addTask { await self.describe(greeting) }
            group.addTask { try await self.lookAround() }
            if let follow {
                group.addTask { try await self.pump(follow) }
                group.addTask { try await self.guardSilence() }
            } else {
                group.addTask { try await self.poll() }
            }
        }
    }

    /// nil where the engine, or a proxy before it, does not offer events: the list is polled then.
    private func open(since: Timestamp?) async throws -> HTTPStream? {
        do {
            return try await connection.events(since: since)
        } catch {
            switch error.reason {
            case .forbidden, .notFound, .unsupported, .unauthorized:
                remark("no events (\(error.answer)): the list is read every \(pace.poll.components.seconds) s")
                return nil
            case .unreachable, .conflict, .malformed, .timedOut, .refusedByPlan, .cancelled: throw error
            }
        }
    }

    /// The first list of a session: what the person waits for.
    private func list(_ greeting: Greeting) async throws {
        let (containers, texts, clock) = try await fetchList()
        picture.listedAt = clock
        let merged = picture.replaceAll(with: containers, texts: texts, at: now())
        let wasLost = source.freshness.trouble != nil
        if host == nil {
            host = mapping.host(greeting, name: LocalMachine.name(for: connection.address), isLocal: LocalMachine.isLikely(connection.address))
            host.map { sink(.host($0)) }
        }
        // Before the source is called live: a frame drawn between the two would say that there are no containers.
        sink(.containers(source.id, merged))
        tell {
            $0.title = greeting.title
            $0.freshness = .live(since: now())
            $0.remarks = standingRemarks + foundRemarks
        }
        isFollowing = true
        if wasLost { tellOfSource("back", "followed again", .notice) }
    }

    /// Off this actor: decoding a long list must not hold up events.
    nonisolated func fetchList() async throws -> ([Container], [String: StatusText], Timestamp?) {
        let (wire, clock) = try await connection.containers()
        let moment = now()
        var texts: [String: StatusText] = [:]
        texts.reserveCapacity(wire.count)
        let containers = wire.compactMap { entry in
            let text = StatusText(entry.status ?? "")
            if let id = entry.id { texts[id] = text }
            return mapping.container(entry, text, at: moment)
        }
        return (containers, texts, clock)
    }

    private func lost(_ trouble: Trouble) {
        switch source.freshness {
        case .live:
            tell { $0.freshness = .stale(since: now(), trouble) }
            tellOfSource("lost", trouble.answer, .failure)
        case .stale(let since, _): tell { $0.freshness = .stale(since: since, trouble) }
        case .failed(let since, _): tell { $0.freshness = .failed(since: since, trouble) }
        case .waiting, .connecting, .absent:
            tell { $0.freshness = .failed(since: now(), trouble) }
            tellOfSource("lost", trouble.answer, .failure)
        }
    }

    func tell(_ change: (inout Source) -> Void) {
        let old = source
        change(&source)
        guard source != old else { return }
        record(source)
        sink(.source(source))
    }

    func remark(_ text: String) {
        let text = PlainText.printable(text)
        guard !foundRemarks.contains(text) else { return }
        foundRemarks.append(text)
        tell { $0.remarks = standingRemarks + foundRemarks }
    }

    private func tellOfSource(_ action: String, _ detail: String, _ severity: Event.Severity) {
        let at = now()
        sink(
            .event(
                Event(
                    id: "\(at.nanoseconds)/\(source.id)/\(action)", at: at, origin: .binnacle, source: source.id, kind: "source",
                    action: action, subject: source.name, subjectID: source.id.raw, detail: detail, severity: severity)))
    }

    /// Whether this event is new; replays after a reconnect are not told twice.
    func isFirstTelling(of event: DockerEvent) -> Bool {
        let id = event.replayID
        guard toldSet.insert(id).inserted else { return false }
        told.append(id)
        // The engine replays at most its last 256 events.
        if told.count > 1024 {
            for old in told.prefix(512) { toldSet.remove(old) }
            told.removeFirst(512)
        }
        return true
    }
}
