internal import Domain

extension Command {
    /// Why the command cannot be done now, in words for a person; nil if it can.
    ///
    /// The footer leaves unavailable commands out, help and palette show them with this reason, and pressing the key
    /// anyway answers with it: nothing is ever silently ignored.
    public func obstacle(in situation: Situation) -> String? {
        if danger > .none, let reason = situation.readOnlyReason { return reason }
        switch id {
        case .logs, .processes, .shell: return containerObstacle(situation, oneOnly: id != .logs)
        case .probes:
            if case .check = situation.subject { return nil }
            guard let container = situation.containers.first else { return Self.noContainer }
            return container.health == .none ? "\(container.name) declares no health check" : nil
        case .previousLogs: return "Docker keeps one log for each container: l shows it from its beginning (s chooses how far back)"
        case .describe, .raw, .copy:
            if case .none = situation.subject { return "nothing is selected" }
            if id == .raw { return rawObstacle(situation) }
            return nil
        case .owner:
            switch situation.subject {
            case .check, .container, .attachment, .event: return nil
            default: return "the selected row belongs to nothing else"
            }
        case .toggleRun, .restart, .pause, .kill, .rename: return changeObstacle(situation)
        case .remove:
            if let network = situation.network, situation.marked.isEmpty, case .network = situation.subject {
                return network.isBuiltIn ? "the engine makes the network \(network.name) itself and keeps it" : nil
            }
            return changeObstacle(situation)
        case .connect:
            return situation.containers.isEmpty && situation.network == nil ? "select a container or a network first" : nil
        case .disconnect:
            if case .attachment = situation.subject { return nil }
            guard let container = situation.containers.first else { return Self.noContainer }
            return container.endpoints.isEmpty ? "\(container.name) is attached to no network" : nil
        case .prune, .newNetwork: return situation.isEngineLive ? nil : "no engine answers just now"
        case .trace: return "the trace needs the health pane's sources, which are not built yet; h shows a check's output, l its logs"
        case .scale, .deploy, .rollBack, .availability:
            return "there is no orchestrator to place anything: none of the configured engines is part of a swarm or cluster that Binnacle reads yet"
        case .maintenance: return "maintenance belongs to a registry, and none is connected"
        case .undo: return situation.hasJournal ? nil : "nothing has been changed yet"
        default: return nil
        }
    }

    private static let noContainer = "select a container first"

    private func containerObstacle(_ situation: Situation, oneOnly: Bool) -> String? {
        var containers = situation.containers
        if case .check(let check) = situation.subject, containers.isEmpty, check.container != nil { return nil }
        if oneOnly, containers.count > 1, !situation.marked.isEmpty {
            if case .container(let container) = situation.subject { containers = [container] }
        }
        guard let container = containers.first else { return Self.noContainer }
        if oneOnly {
            guard container.isUp else { return "\(container.name) is not running (\(container.state.word))" }
            if case .paused = container.state, id == .shell { return "\(container.name) is paused: p lets it go on" }
        }
        return nil
    }

    private func rawObstacle(_ situation: Situation) -> String? {
        switch situation.subject {
        case .container, .network, .attachment, .check: nil
        default: "the engine has no JSON of its own for this row"
        }
    }

    private func changeObstacle(_ situation: Situation) -> String? {
        let containers = situation.containers
        guard let first = containers.first else { return Self.noContainer }
        if id == .rename, containers.count > 1 { return "only one container can be renamed at a time" }
        if id == .kill, !containers.contains(where: \.isUp) { return "\(first.name) is not running (\(first.state.word))" }
        if id == .pause, !containers.contains(where: \.isUp) { return "\(first.name) is not running (\(first.state.word))" }
        return nil
    }
}
