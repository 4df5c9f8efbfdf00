internal import Domain
internal import Engine
internal import Synchronization

/// What the other engines tell, folded as it comes: running containers, their hosts, how the sources are. Filled from any thread, emptied
/// by one loop.
final class Hearing: Sendable {
    /// What changed since the last time it was taken.
    struct News: Sendable {
        /// nil for one that runs no more.
        var containers: [Container.ID: Container?] = [:]
        var hosts: [Host.ID: Host] = [:]
        var sources: [Source.ID: Source] = [:]
        /// Engines whose whole list was told.
        var listed = Set<Source.ID>()

        var isEmpty: Bool { containers.isEmpty && hosts.isEmpty && sources.isEmpty && listed.isEmpty }
    }

    /// More containers than that are not registered; the engines show them all the same.
    private static let containerLimit = 20_000

    private struct State {
        /// Those that run, as last told.
        var running: [Container.ID: Container] = [:]
        var news = News()
    }

    private let state = Mutex(State())
    let bell = Bell()

    func fold(_ update: Update) {
        let isOfUse = state.withLock { state in
            switch update {
            case .source(let source): state.news.sources[source.id] = source
            case .host(let host): state.news.hosts[host.id] = host
            case .containers(let source, let list):
                let listed = Set(list.map(\.id))
                for id in state.running.keys where id.source == source && !listed.contains(id) { Self.lose(id, &state) }
                for container in list { Self.take(container, &state) }
                state.news.listed.insert(source)
            case .container(let container): Self.take(container, &state)
            case .containerGone(let id): Self.lose(id, &state)
            case .detail(let id, let detail):
                guard var container = state.running[id] else { return false }
                container.detail = detail
                Self.take(container, &state)
            case .networks, .usage, .hostNetwork, .nodes, .workloads, .tasks, .tasksOf, .checks, .checkChanges, .instances, .members, .registry, .event:
                return false
            }
            return !state.news.isEmpty
        }
        if isOfUse { bell.ring() }
    }

    func take() -> News {
        state.withLock { state in
            defer { state.news = News() }
            return state.news
        }
    }

    private static func take(_ container: Container, _ state: inout State) {
        switch container.state {
        case .running, .paused: break
        // As Registrator has it: what died has left, also while it is about to be started again.
        case .created, .restarting, .removing, .exited, .dead, .unknown: return lose(container.id, &state)
        }
        let known = state.running[container.id]
        var container = container
        if container.detail == nil { container.detail = known?.detail }
        guard container != known, known != nil || state.running.count < containerLimit else { return }
        state.running[container.id] = container
        state.news.containers[container.id] = .some(container)
    }

    private static func lose(_ id: Container.ID, _ state: inout State) {
        guard state.running.removeValue(forKey: id) != nil else { return }
        state.news.containers[id] = .some(nil)
    }
}
