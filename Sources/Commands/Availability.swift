internal import Domain

extension Command {
    /// Why the command cannot be done now, in words for a person; nil if it can.
    ///
    /// The footer leaves unavailable commands out, help and palette show them with this reason, and pressing the key
    /// anyway answers with it: nothing is ever silently ignored.
    public func obstacle(in situation: Situation) -> String? {
        if danger > .none, let reason = situation.readOnlyReason { return reason }
        if actsOnContainers(situation), let reason = situation.containersReadOnlyReason { return reason }
        switch id {
        case .logs:
            switch situation.subject {
            case .workload, .task: return nil
            case .stack: return "choose one of its services"
            case .node, .member: return "a node prints nothing of its own; choose a task on it"
            case .check(let check) where check.serviceID.isEmpty && check.container == nil: return "\(check.name) is a node's own check, which belongs to no container"
            case .check, .instance: return nil
            case .service: return "choose one of its instances: Right unfolds them"
            default: return containerObstacle(situation, oneOnly: false)
            }
        case .processes, .shell:
            if case .task(let task) = situation.subject, situation.taskContainer == nil {
                return situation.taskDistance ?? "\(task.name) has no container yet"
            }
            return containerObstacle(situation, oneOnly: true)
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
            case .check, .container, .attachment, .event, .instance: return nil
            case .task: return situation.taskContainer == nil ? situation.taskDistance ?? "its container is not there yet" : nil
            default: return "the selected row belongs to nothing else"
            }
        case .restart:
            if situation.workload != nil, situation.marked.isEmpty { return situation.placementReason }
            return changeObstacle(situation)
        case .toggleRun, .pause, .kill, .rename: return changeObstacle(situation)
        case .remove:
            switch situation.subject {
            case .workload, .stack: return situation.placementReason
            case .node(let node): return situation.placementReason ?? Self.removal(of: node)
            case .instance, .member: return situation.registryReason
            case .check(let check) where check.container == nil: return situation.registryReason ?? Self.deregistration(of: check)
            case .service: return "choose one of its instances: Right unfolds them"
            case .disagreement: return "M makes the change that mends it"
            case .task: return "a removed task is replaced by another: s scales the service, X on the service undeploys it"
            default: break
            }
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
        case .trace:
            switch situation.subject {
            case .none, .group, .link, .source, .stack: return "select a check, a service, a task, a node, a container or a network first"
            case .event(let event): return event.subjectID.isEmpty ? "the event names nothing that could be traced" : nil
            default: return nil
            }
        case .scale:
            if let reason = situation.placementReason { return reason }
            guard let workload = situation.workload else { return Self.noWorkload }
            switch workload.mode {
            case .replicated, .job: return nil
            case .perNode, .jobPerNode: return "\(workload.name) is global: it has one task on every node that qualifies, so nodes and constraints decide how many"
            case .pinned: return "\(workload.name) is deployed to named hosts, one by one"
            }
        case .deploy: return situation.placementReason
        case .rollBack:
            if let reason = situation.placementReason { return reason }
            guard let workload = situation.workload else { return Self.noWorkload }
            return workload.hasPrevious ? nil : "\(workload.name) has no specification before this one"
        case .availability, .labels, .role:
            if let reason = situation.placementReason { return reason }
            guard case .node = situation.subject else { return "select a node first: v shows them" }
            return nil
        case .maintenance, .register, .addCheck, .mend: return registryObstacle(situation)
        case .undo: return situation.undoReason
        case .scenario, .speed: return situation.isPractice ? nil : "this is no practice: binnacle --practice opens the practice cluster"
        default: return nil
        }
    }

    private func actsOnContainers(_ situation: Situation) -> Bool {
        switch id {
        case .shell, .toggleRun, .pause, .kill, .rename: true
        // On a task these two mean its service.
        case .restart, .remove: situation.workload == nil || !situation.marked.isEmpty
        default: false
        }
    }

    private static let noWorkload = "select a service first"

    private static func removal(of node: Node) -> String? {
        if node.status == .ready { return "\(node.name) is alive and takes part: only a node that is down can be removed (a drains it first)" }
        if node.isManager { return "\(node.name) is a manager: make it a worker first (:role)" }
        return nil
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
        case .container, .network, .attachment, .check, .workload, .task, .node, .instance, .member: nil
        case .service: "choose one of its instances: Right unfolds them"
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
