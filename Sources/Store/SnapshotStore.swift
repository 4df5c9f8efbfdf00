public import Domain
internal import Synchronization

/// Folds the updates of all sources into one picture.
///
/// Updates come from any thread; the picture is a value under one lock. `onChange` is called after each batch so that
/// the loop can be woken; it asks for `snapshot()` when it has time, and gets everything that happened until then.
public final class SnapshotStore: Sendable {
    struct State {
        var picture: Snapshot
        var containerIndex: [Container.ID: Int] = [:]
        var checkIndex: [Check.ID: Int] = [:]
        var history = CheckHistory()
        /// When flips of an hour ago are next looked for.
        var nextAging: Timestamp
        var knownEvents: Set<String> = []
    }

    /// Events kept in memory; older ones are in the history file.
    public static let eventLimit = 2000

    private let state: Mutex<State>
    private let now: @Sendable () -> Timestamp
    private let onChange: @Sendable () -> Void
    private let record: @Sendable (Event) -> Void
    private let recordTransition: @Sendable (CheckTransition) -> Void
    private let recordGone: @Sendable (Check.ID, Timestamp) -> Void

    /// - Parameters:
    ///   - record: called once for each new event, to keep it across restarts.
    ///   - recordTransition: called for each change of a check, and for the first status of one that no earlier run knew.
    ///   - recordGone: called when a check is no longer there, so that nobody takes what comes under its id later for the same.
    public init(
        now: @escaping @Sendable () -> Timestamp, onChange: @escaping @Sendable () -> Void,
        record: @escaping @Sendable (Event) -> Void = { _ in }, recordTransition: @escaping @Sendable (CheckTransition) -> Void = { _ in },
        recordGone: @escaping @Sendable (Check.ID, Timestamp) -> Void = { _, _ in }
    ) {
        self.now = now
        self.onChange = onChange
        self.record = record
        self.recordTransition = recordTransition
        self.recordGone = recordGone
        let began = now()
        state = Mutex(State(picture: Snapshot(takenAt: began), nextAging: began))
    }

    /// The picture as it is now: a value, not copied until somebody changes it.
    public func snapshot() -> Snapshot {
        let taken = now()
        return state.withLock {
            $0.picture.takenAt = taken
            return $0.picture
        }
    }

    public func receive(_ update: Update) {
        apply { state, moment in
            if case .event(let event) = update { return Self.insert(event, into: &state) ? [event] : [] }
            Self.fold(update, into: &state, at: moment)
            Self.age(&state, at: moment)
            return []
        }
    }

    /// Puts the events of earlier runs behind those of this one.
    public func restore(_ events: [Event]) {
        state.withLock { state in
            for event in events { _ = Self.insert(event, into: &state) }
        }
        onChange()
    }

    /// Joins what earlier runs saw of the checks to what this one has seen of them until now.
    public func restore(_ past: PastChecks) {
        apply { state, moment in
            if state.history.restore(past) { Self.refill(&state, at: moment) }
            return []
        }
    }

    /// The spans in which the sources were watched by this run, until now.
    public func watchSpans() -> [WatchSpan] {
        let moment = now()
        return state.withLock { $0.history.spans(until: moment) }
    }

    /// One change of the state, and what is to be recorded of it.
    private func apply(_ change: (inout sending State, Timestamp) -> [Event]) {
        let moment = now()
        let (events, news): ([Event], [CheckHistory.News]) = state.withLock { state in
            var fresh = change(&state, moment)
            let news = state.history.takeNews()
            for event in Self.events(of: news, in: state.picture, state.checkIndex) where Self.insert(event, into: &state) { fresh.append(event) }
            return (fresh, news)
        }
        for case .changed(let transition, _) in news { recordTransition(transition) }
        for case .gone(let id) in news { recordGone(id, moment) }
        for event in events { record(event) }
        onChange()
    }

    private static func insert(_ event: Event, into state: inout State) -> Bool {
        guard state.knownEvents.insert(event.id).inserted else { return false }
        var index = 0
        while index < state.picture.events.count, state.picture.events[index].at > event.at { index += 1 }
        state.picture.events.insert(event, at: index)
        if state.picture.events.count > eventLimit, let oldest = state.picture.events.popLast() {
            state.knownEvents.remove(oldest.id)
        }
        state.picture.revisions.events += 1
        return true
    }

    private static func fold(_ update: Update, into state: inout State, at now: Timestamp) {
        switch update {
        case .source(let source):
            watch(source, in: &state, at: now)
            if let index = state.picture.sources.firstIndex(where: { $0.id == source.id }) {
                guard state.picture.sources[index] != source else { return }
                state.picture.sources[index] = source
            } else {
                state.picture.sources.append(source)
            }
            state.picture.revisions.sources += 1
        case .host(let host):
            if let index = state.picture.hosts.firstIndex(where: { $0.id == host.id }) {
                guard state.picture.hosts[index] != host else { return }
                state.picture.hosts[index] = host
            } else {
                state.picture.hosts.append(host)
            }
            state.picture.revisions.hosts += 1
        case .containers, .container, .containerGone, .detail: foldContainers(update, into: &state, at: now)
        case .networks(let source, let list):
            state.picture.networks.removeAll { $0.id.source == source }
            state.picture.networks += list.sorted { $0.name < $1.name }
            state.picture.revisions.networks += 1
        case .usage(let readings):
            for (raw, usage) in readings {
                if state.picture.usage[raw] == nil {
                    state.picture.usage[raw] = UsageHistory(usage)
                } else {
                    state.picture.usage[raw]?.append(usage)
                }
            }
            // A reading may come after its container has gone, and nothing would take it out again. What may yet come to be known stays.
            if state.picture.usage.count > state.picture.containers.count {
                let known = Set(state.picture.containers.map(\.id.raw))
                state.picture.usage = state.picture.usage.filter { known.contains($0.key) || readings[$0.key] != nil }
            }
            state.picture.revisions.usage += 1
        case .hostNetwork(let network):
            guard state.picture.hostNetwork != network else { return }
            state.picture.hostNetwork = network
            state.picture.revisions.hostNetwork += 1
        case .nodes, .workloads, .tasks, .tasksOf: foldPlacement(update, into: &state.picture)
        case .checks, .checkChanges: foldChecks(update, into: &state, at: now)
        case .instances, .members, .registry: foldRegistry(update, into: &state.picture)
        case .event: break
        }
    }
}
