public import Domain
internal import Synchronization

/// Folds the updates of all sources into one picture.
///
/// Updates come from any thread; the picture is a value under one lock. `onChange` is called after each batch so that
/// the loop can be woken; it asks for `snapshot()` when it has time, and gets everything that happened until then.
public final class SnapshotStore: Sendable {
    private struct State {
        var picture: Snapshot
        var containerIndex: [Container.ID: Int] = [:]
        var history = CheckHistory()
        var knownEvents: Set<String> = []
    }

    /// Events kept in memory; older ones are in the history file.
    public static let eventLimit = 2000

    private let state: Mutex<State>
    private let now: @Sendable () -> Timestamp
    private let onChange: @Sendable () -> Void
    private let record: @Sendable (Event) -> Void

    /// - Parameter record: called once for each new event, to keep it across restarts.
    public init(
        now: @escaping @Sendable () -> Timestamp, onChange: @escaping @Sendable () -> Void,
        record: @escaping @Sendable (Event) -> Void = { _ in }
    ) {
        self.now = now
        self.onChange = onChange
        self.record = record
        state = Mutex(State(picture: Snapshot(takenAt: now())))
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
        let moment = now()
        let fresh: Event? = state.withLock { state in
            if case .event(let event) = update {
                guard Self.insert(event, into: &state) else { return nil }
                return event
            }
            Self.fold(update, into: &state, at: moment)
            return nil
        }
        if let fresh { record(fresh) }
        onChange()
    }

    /// Puts the events of earlier runs behind those of this one.
    public func restore(_ events: [Event]) {
        state.withLock { state in
            for event in events { _ = Self.insert(event, into: &state) }
        }
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
        case .containers(let source, let list):
            replaceContainers(of: source, by: list, in: &state, at: now)
        case .container(let container):
            put(container, into: &state, at: now)
        case .containerGone(let id):
            remove(id, from: &state)
        case .detail(let id, let detail):
            guard let index = state.containerIndex[id], state.picture.containers[index].detail != detail else { return }
            state.picture.containers[index].detail = detail
            state.picture.revisions.containers += 1
            observe(state.picture.containers[index], in: &state, at: now)
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
            state.picture.revisions.usage += 1
        case .hostNetwork(let network):
            guard state.picture.hostNetwork != network else { return }
            state.picture.hostNetwork = network
            state.picture.revisions.hostNetwork += 1
        case .nodes, .workloads, .tasks, .tasksOf: foldPlacement(update, into: &state.picture)
        case .checks(let source, let list):
            let judged = list.map { state.history.judged($0, at: now) }
            state.picture.checks = state.picture.checks.filter { $0.id.source != source } + judged
            state.picture.revisions.checks += 1
        case .event:
            break
        }
    }

    private static func replaceContainers(of source: Source.ID, by list: [Container], in state: inout State, at now: Timestamp) {
        var details: [Container.ID: Container.Detail] = [:]
        for container in state.picture.containers where container.id.source == source {
            if let detail = container.detail { details[container.id] = detail }
        }
        let listed = Set(list.map(\.id))
        for container in state.picture.containers where container.id.source == source && !listed.contains(container.id) {
            forget(container.id, in: &state)
        }
        var all = state.picture.containers.filter { $0.id.source != source }
        all.reserveCapacity(all.count + list.count)
        for var container in list {
            // A list says nothing of what an inspection told; keep it while the container is the same and in the same state.
            if container.detail == nil { container.detail = details[container.id] }
            all.append(container)
        }
        state.picture.containers = all
        state.containerIndex = Dictionary(all.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        state.picture.revisions.containers += 1
        for container in all where container.id.source == source { observe(container, in: &state, at: now) }
    }

    private static func put(_ container: Container, into state: inout State, at now: Timestamp) {
        var container = container
        if let index = state.containerIndex[container.id] {
            if container.detail == nil { container.detail = state.picture.containers[index].detail }
            guard state.picture.containers[index] != container else { return }
            state.picture.containers[index] = container
        } else {
            state.containerIndex[container.id] = state.picture.containers.count
            state.picture.containers.append(container)
        }
        state.picture.revisions.containers += 1
        observe(container, in: &state, at: now)
    }

    private static func remove(_ id: Container.ID, from state: inout State) {
        guard let index = state.containerIndex[id] else { return }
        state.picture.containers.remove(at: index)
        state.containerIndex = Dictionary(state.picture.containers.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        state.picture.revisions.containers += 1
        forget(id, in: &state)
    }

    private static func forget(_ id: Container.ID, in state: inout State) {
        state.picture.usage[id.raw] = nil
        let check = Check.ID(id.source, id.raw)
        if let index = state.picture.checks.firstIndex(where: { $0.id == check }) {
            state.picture.checks.remove(at: index)
            state.picture.revisions.checks += 1
        }
        state.history.forget(check)
    }

    /// The engine's own HEALTHCHECK is a check like any other.
    private static func observe(_ container: Container, in state: inout State, at now: Timestamp) {
        let id = Check.ID(container.id.source, container.id.raw)
        let index = state.picture.checks.firstIndex { $0.id == id }
        guard let check = Check(healthOf: container) else {
            if let index {
                state.picture.checks.remove(at: index)
                state.picture.revisions.checks += 1
            }
            return
        }
        let judged = state.history.judged(check, at: now)
        if let index {
            guard state.picture.checks[index] != judged else { return }
            state.picture.checks[index] = judged
        } else {
            state.picture.checks.append(judged)
        }
        state.picture.revisions.checks += 1
    }
}
