internal import Domain
internal import Engine

/// Keeps the registry: makes services of what is heard, runs their checks, tells what changed, writes down what is to be kept.
///
/// One loop; runs of checks and writes to the file are children of it.
actor RegistryWatch {
    /// How long things may take; tests hurry.
    struct Pace: Sendable {
        /// For the Consul sources to have answered something.
        var consulPatience = Duration.seconds(2)
        /// For the first round of checks, before the registry is called live.
        var firstRound = Duration.seconds(3)
        /// For a container's environment to be read; then its labels have to do.
        var inspectionPatience = Duration.seconds(15)
        /// The first runs of checks are spread over so long.
        var jitter = Duration.seconds(2)
        /// What comes within so long is told together.
        var gathering = Duration.milliseconds(50)
        /// The same while another registry does the work.
        var idle = Duration.seconds(1)
        /// Between writes to the file.
        var writing = Duration.seconds(2)
    }

    enum Standing: Sendable, Hashable {
        /// Until the Consul sources have answered, at most until then.
        case undecided(until: ContinuousClock.Instant)
        case on(since: ContinuousClock.Instant)
        case absent
    }

    static let concurrency = 16

    let configuration: RegistryEngine.Configuration
    let hearing: Hearing
    let runner: ProbeRunner
    let pace: Pace
    let attention: Attention
    let sink: Sink
    let now: @Sendable () -> Timestamp
    private let record: @Sendable (Source) -> Void

    var source: Source
    var holdings: Holdings
    var board: CheckBoard
    var roster: Roster
    private(set) var standing: Standing
    private var heard: [Container.ID: (container: Container, at: ContinuousClock.Instant)] = [:]
    /// Whose environment is not known yet.
    private var heldBack = Set<Container.ID>()
    private var listed = Set<Source.ID>()
    /// Something changed that `settle` has to make count.
    var isUnsettled = false
    /// Nobody has been told of the instances since the registry was switched on.
    private var isUntold = true
    var changedChecks = Set<Check.ID>()
    private var toldMembers: [Member] = []
    private var toldNode: String?

    var file: RegistryFile?
    var pending = RegistryFile.Batch()
    var isWriting = false
    var changes = 0
    var lastWrite = ContinuousClock.now

    init(
        _ configuration: RegistryEngine.Configuration, source: Source, hearing: Hearing, runner: ProbeRunner, pace: Pace, attention: Attention,
        sink: @escaping Sink, now: @escaping @Sendable () -> Timestamp, record: @escaping @Sendable (Source) -> Void
    ) {
        self.configuration = configuration
        self.source = source
        self.hearing = hearing
        self.runner = runner
        self.pace = pace
        self.attention = attention
        self.sink = sink
        self.now = now
        self.record = record
        holdings = Holdings(source: source.id)
        board = CheckBoard(source: source.id)
        roster = Roster(source: source.id, hostname: configuration.hostname, hostAddress: configuration.hostAddress)
        standing = .undecided(until: .now + pace.consulPatience)
    }

    var isOn: Bool { if case .on = standing { true } else { false } }
    private var isUndecided: Bool { if case .undecided = standing { true } else { false } }

    /// Until the task is cancelled.
    func run() async {
        standing = .undecided(until: .now + pace.consulPatience)
        guard configuration.mode != .off else {
            return tell { $0.freshness = .absent("it is switched off; “registry: {mode: auto}” in the configuration brings it back where no Consul answers") }
        }
        await open()
        await withDiscardingTaskGroup { group in
            while !Task.isCancelled {
                step(.now)
                if isOn {
                    for errand in board.take(at: .now, atMost: Self.concurrency - board.underWay) { group.addTask { await self.work(errand) } }
                }
                if let batch = takeBatch(.now) { group.addTask { await self.write(batch) } }
                await hearing.bell.wait(atMost: pause(.now))
                // Cancellation ends it early, as it should.
                try? await Task.sleep(for: isOn || isUndecided ? pace.gathering : pace.idle)
            }
            group.cancelAll()
        }
        attention.setWantsServiceVariables(false)
        // The task is cancelled by now, and the database would refuse to work for it.
        let last = pending
        pending = RegistryFile.Batch()
        if !last.isEmpty { await Task { _ = await self.write(last) }.value }
    }

    // One round.

    private func step(_ clock: ContinuousClock.Instant) {
        let news = hearing.take()
        fold(news, clock)
        decide(clock)
        guard isOn else { return }
        let isChanged = isUnsettled || !news.isEmpty || toldMembers.isEmpty
        settle(clock)
        if isChanged {
            tellNode()
            tellMembers()
        }
        tellChecks()
        if case .on(let since) = standing, !source.freshness.isLive {
            let isComplete = board.hasAllRun && heldBack.isEmpty && !listed.isEmpty
            if isComplete || clock - since >= pace.firstRound { tell { $0.freshness = .live(since: now()) } }
        }
    }

    /// The machine's name is known once its engine has described itself.
    private func tellNode() {
        let node = roster.ownNode
        guard node != toldNode else { return }
        toldNode = node
        sink(.registry(Registry(id: source.id, node: node, runsScripts: configuration.allowsScripts)))
    }

    private func tellMembers() {
        let members = roster.members(besides: holdings.instances.values.lazy.map(\.registration.node))
        guard members != toldMembers else { return }
        toldMembers = members
        sink(.members(source.id, members))
    }

    private func fold(_ news: Hearing.News, _ clock: ContinuousClock.Instant) {
        listed.formUnion(news.listed)
        let moved = roster.fold(hosts: news.hosts, sources: news.sources)
        if !moved.isEmpty { isUnsettled = true }
        for (id, container) in news.containers {
            guard let container else {
                heard[id] = nil
                heldBack.remove(id)
                if holdings.set([], of: id, created: Timestamp(seconds: 0)) { isUnsettled = true }
                continue
            }
            heard[id] = (container, heard[id]?.at ?? clock)
            read(id, clock)
        }
        for id in moved.isEmpty ? [] : heard.keys.filter({ moved.contains($0.source) }) { read(id, clock) }
        for id in heldBack { read(id, clock) }
    }

    /// What a container asks for, once its environment is known or has been waited for long enough.
    private func read(_ id: Container.ID, _ clock: ContinuousClock.Instant) {
        guard let (container, at) = heard[id] else { return }
        guard container.detail != nil || clock - at >= pace.inspectionPatience else {
            heldBack.insert(id)
            return
        }
        heldBack.remove(id)
        let node = roster.node(of: container.host)
        var registrations = RegistratorConventions.registrations(of: container, hostname: node.name, hostAddress: node.address)
        if registrations.isEmpty, let own = RegistratorConventions.ownRegistration(of: container, hostname: node.name) { registrations = [own] }
        if holdings.set(registrations, of: id, created: container.created) { isUnsettled = true }
    }

    private func decide(_ clock: ContinuousClock.Instant) {
        let next = verdict(clock)
        guard next != standing else { return }
        standing = next
        if isOn { begin(clock) } else if case .absent = next { withdraw() }
    }

    private func verdict(_ clock: ContinuousClock.Instant) -> Standing {
        let on = isOn ? standing : .on(since: clock)
        if configuration.mode == .on { return on }
        switch roster.consul {
        case .holds: return .absent
        case .without: return on
        case .unknown, .waiting:
            // Once decided it stays, until there is something else to go by.
            if case .undecided(let until) = standing, clock >= until { return on }
            return standing
        }
    }

    private func begin(_ clock: ContinuousClock.Instant) {
        attention.setWantsServiceVariables(true)
        tell { $0.freshness = .connecting(since: now()) }
        toldNode = nil
        tellNode()
        isUnsettled = true
        isUntold = true
        settle(clock)
        sink(.checks(source.id, board.all))
        changedChecks = []
    }

    /// Another registry holds the services: ours are shown no more, and nothing of them is run.
    private func withdraw() {
        attention.setWantsServiceVariables(false)
        board.clear()
        changedChecks = []
        toldMembers = []
        sink(.instances(source.id, []))
        sink(.checks(source.id, []))
        sink(.members(source.id, []))
        tell { $0.freshness = .absent("Consul holds the registry here; the built-in one is used where no Consul answers") }
    }

    /// Makes what changed count: instances, then their checks.
    private func settle(_ clock: ContinuousClock.Instant) {
        guard isUnsettled else { return }
        isUnsettled = false
        let old = holdings.instances
        holdings.settle(nodes: roster.nodeNames)
        if old != holdings.instances || isUntold {
            isUntold = false
            sink(
                .instances(
                    source.id,
                    holdings.instances.map { ServiceInstance($0.value, id: $0.key, nodeAddress: roster.address(of: $0.value.registration.node)) }
                        .sorted { $0.id.raw < $1.id.raw }))
            for (id, instance) in holdings.instances where old[id] != instance && !instance.isHandmade {
                pending.add(RegistryFile.Batch(services: [id.raw: (instance.registration, false)]))
            }
            for (id, instance) in old where holdings.instances[id] == nil && !instance.isHandmade {
                pending.add(RegistryFile.Batch(goneServices: [id.raw]))
            }
        }
        let limit = pace.jitter
        let (changed, gone) = board.replace(with: holdings.checks, at: clock, now: now()) { interval in
            min(interval, limit) * Double.random(in: 0...1)
        }
        changedChecks.formUnion(changed)
        changedChecks.subtract(gone)
        if !gone.isEmpty { sink(.checkChanges(changed: [], gone: gone)) }
    }

    /// How long nothing has to be done unless the bell rings.
    private func pause(_ clock: ContinuousClock.Instant) -> Duration {
        var next = clock + .seconds(60)
        switch standing {
        case .undecided(let until): next = min(next, until)
        case .on(let since):
            if !source.freshness.isLive { next = min(next, since + pace.firstRound) }
            if let due = board.nextDue, board.underWay < Self.concurrency { next = min(next, due) }
        case .absent: break
        }
        for id in heldBack { if let at = heard[id]?.at { next = min(next, at + pace.inspectionPatience) } }
        if !pending.isEmpty, !isWriting { next = min(next, lastWrite + pace.writing) }
        return max(next - clock, .zero)
    }

    // The source.

    func tell(_ change: (inout Source) -> Void) {
        let old = source
        change(&source)
        guard source != old else { return }
        record(source)
        sink(.source(source))
    }

    func remark(_ text: String) {
        let text = CheckAnswer.printable(text)
        guard !source.remarks.contains(text), source.remarks.count < 8 else { return }
        tell { $0.remarks.append(text) }
    }
}
