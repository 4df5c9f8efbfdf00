internal import Domain

/// The containers of one engine as last known: lists, single answers, events and inspections folded together.
struct DockerPicture: Sendable {
    private(set) var containers: [String: Container] = [:]
    /// Exact moments of the last start, from events and inspections; the list only tells rounded ages.
    private var starts: [String: Timestamp] = [:]
    private var ends: [String: Timestamp] = [:]
    private var pauses: [String: Timestamp] = [:]
    /// States that an event told a moment ago, and until when they outweigh a list that lags behind it.
    private var held: [String: (state: Container.State, until: Timestamp)] = [:]
    /// The engine's clock when the last whole list was asked for; events before it are history.
    var listedAt: Timestamp?

    /// A whole list. Answers the containers with what was known beside it: exact times, details.
    mutating func replaceAll(with list: [Container], texts: [String: StatusText], at now: Timestamp) -> [Container] {
        let old = containers
        containers = [:]
        containers.reserveCapacity(list.count)
        let merged = list.map { container in
            let container = refined(container, text: texts[container.id.raw], old: old[container.id.raw], at: now)
            containers[container.id.raw] = container
            return container
        }
        starts = starts.filter { containers[$0.key] != nil }
        ends = ends.filter { containers[$0.key] != nil }
        pauses = pauses.filter { containers[$0.key] != nil }
        held = held.filter { containers[$0.key] != nil && $0.value.until > now }
        return merged
    }

    mutating func replace(with container: Container, text: StatusText?, at now: Timestamp) -> Container {
        let container = refined(container, text: text, old: containers[container.id.raw], at: now)
        containers[container.id.raw] = container
        return container
    }

    /// nil when it was not there.
    mutating func remove(_ id: String) -> Container? {
        starts[id] = nil
        ends[id] = nil
        pauses[id] = nil
        held[id] = nil
        return containers.removeValue(forKey: id)
    }

    /// What the event itself says about a container, shown before the engine has been asked again.
    ///
    /// Replayed events that are older than the list say nothing new: the list already holds their outcome.
    ///
    /// - Parameter lag: how long from `now` on the engine's list may still show the state before.
    mutating func apply(_ event: DockerEvent, at now: Timestamp, lag: Duration) -> Container? {
        guard event.kind == "container" else { return nil }
        note(event)
        // The list's clock is a header of whole seconds.
        guard let listedAt, event.at >= listedAt.adding(.seconds(1)), var container = containers[event.id] else { return nil }
        switch event.action {
        case "start": container.state = .running(since: event.at)
        case "die":
            container.state = .exited(code: event.exitCode, at: event.at)
            // Its addresses are gone with it.
            container.endpoints = container.endpoints.map { endpoint in
                var endpoint = endpoint
                endpoint.address = ""
                endpoint.addressIPv6 = ""
                return endpoint
            }
        case "pause": container.state = .paused(since: event.at)
        case "unpause": container.state = .running(since: starts[event.id])
        case "rename":
            guard let name = event.attributes["name"], !name.isEmpty else { return nil }
            container.name = name
        case "health_status":
            guard let health = Container.Health(rawValue: event.argument) else { return nil }
            container.health = health
        default: return nil
        }
        if containers[event.id]?.state != container.state { held[event.id] = (container.state, now.adding(lag)) }
        containers[event.id] = container
        return container
    }

    /// When something happened is true also of what is too old to be shown by itself.
    private mutating func note(_ event: DockerEvent) {
        switch event.action {
        case "start": starts[event.id] = event.at
        case "die": ends[event.id] = event.at
        case "pause": pauses[event.id] = event.at
        default: break
        }
    }

    /// What an inspection told. Answers the container when more than the detail changed by it.
    mutating func learn(_ id: String, _ detail: Container.Detail, health: Container.Health?) -> Container? {
        guard var container = containers[id] else { return nil }
        container.detail = detail
        // The engine remembers what a container's last probe said also after its end; lists tell health of what runs.
        if let health, container.state.isRunning { container.health = health }
        switch container.state {
        case .running:
            if let start = detail.startedAt {
                starts[id] = start
                container.state = .running(since: start)
            }
        case .exited(let code, _):
            if let end = detail.finishedAt {
                ends[id] = end
                container.state = .exited(code: code ?? detail.exitCode, at: end)
            }
        case .created, .paused, .restarting, .removing, .dead, .unknown: break
        }
        let old = containers.updateValue(container, forKey: id)
        return old?.state == container.state && old?.health == container.health ? nil : container
    }

    private func refined(_ fresh: Container, text: StatusText?, old: Container?, at now: Timestamp) -> Container {
        var container = fresh
        let id = container.id.raw
        if let held = held[id], held.until > now { container.state = held.state }
        switch container.state {
        case .running:
            if let start = starts[id], text?.agrees(with: start, at: now) ?? true {
                container.state = .running(since: start)
            } else if case .running(let since?) = old?.state, text?.agrees(with: since, at: now) ?? true {
                // Two estimates from one rounded text: the first stays, or the age on the screen would jump.
                container.state = .running(since: since)
            }
        case .exited(let code, _):
            if let end = ends[id], text?.agrees(with: end, at: now) ?? true {
                container.state = .exited(code: code, at: end)
            } else if case .exited(code, let at?) = old?.state, text?.agrees(with: at, at: now) ?? true {
                container.state = .exited(code: code, at: at)
            }
        case .paused: container.state = .paused(since: pauses[id])
        case .created, .restarting, .removing, .dead, .unknown: break
        }
        container.detail = old?.detail
        return container
    }
}
