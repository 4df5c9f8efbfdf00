internal import Domain
internal import Engine

/// What operations on one container would change.
extension Plan {
    mutating func describeContainer(_ id: Container.ID, _ plans: DockerPlans) async throws(Trouble) {
        guard let (body, wire) = try await plans.connection.inspection(id.raw) else {
            obstacle = "the container has gone"
            return
        }
        previous = String(decoding: body, as: UTF8.self).trimmedOfLineEnd
        let container = plans.mapping.container(wire)
        let name = PlainText.printable(container.name)
        switch operation.action {
        case .start: describeStart(container, name)
        case .stop(let grace): describeStop(container, wire, name, grace: grace)
        case .restart(let grace): describeRestart(container, wire, name, grace: grace)
        case .kill(let signal): describeKill(container, wire, name, signal: signal)
        case .pause: describePause(container, wire, name)
        case .unpause: describeUnpause(container, name)
        case .rename(let new): try await describeRename(container, to: new, plans)
        case .removeContainer(let force, let volumes): describeRemoval(container, wire, name, force: force, volumes: volumes)
        case .prune, .createNetwork, .connect, .disconnect, .removeNetwork, .workload, .node, .registry: break
        }
    }

    private mutating func describeStart(_ container: Container, _ name: String) {
        changes = [Change(subject: name, before: container.stateInWords, after: "running")]
        wayBack = "stop it again"
        switch container.state {
        case .running, .restarting: obstacle = "\(name) is already running"
        case .paused: obstacle = "\(name) is paused: unpause it instead"
        case .removing, .dead: obstacle = "\(name) is \(container.state.word) and cannot be started"
        case .created, .exited, .unknown: break
        }
    }

    private mutating func describeStop(_ container: Container, _ wire: ContainerInspection, _ name: String, grace: Int?) {
        let signal = DockerEvent.signal(wire.config?.stopSignal?.nonEmpty ?? "SIGTERM")
        let seconds = grace ?? wire.config?.stopTimeout ?? 10
        changes = [Change(subject: name, before: container.stateInWords, after: "exited")]
        warnings = ["\(signal) first, SIGKILL after \(seconds) s if it has not ended by then"]
        warnOfAbsence(container, wire)
        warnOfRestartPolicy(wire)
        wayBack = wire.hostConfig?.vanishesWhenStopped == true ? nil : "start it again"
        if !container.isUp { obstacle = "\(name) is not running" }
    }

    private mutating func describeRestart(_ container: Container, _ wire: ContainerInspection, _ name: String, grace: Int?) {
        changes = [Change(subject: name, before: container.stateInWords, after: container.isUp ? "stopped, then running again" : "running")]
        for port in container.isUp ? wire.publishedPorts : [] { warnings.append("published port \(port) does not answer meanwhile") }
        if let owner = container.orchestrator { warnings.append("it belongs to \(owner): that may start another while this one is down") }
        switch container.state {
        case .removing, .dead: obstacle = "\(name) is \(container.state.word) and cannot be restarted"
        case .paused: warnings.append("it is paused now; it will run afterwards")
        case .created, .running, .restarting, .exited, .unknown: break
        }
    }

    private mutating func describeKill(_ container: Container, _ wire: ContainerInspection, _ name: String, signal: String) {
        let isFinal = ["SIGKILL", "KILL", "9"].contains(signal.uppercased())
        changes = [Change(subject: name, before: container.stateInWords, after: isFinal ? "exited (137)" : "as its process takes \(signal)")]
        if isFinal {
            warnings.append("SIGKILL ends it at once, without SIGTERM: it cannot save or finish anything")
            warnOfAbsence(container, wire)
            warnOfRestartPolicy(wire)
            wayBack = wire.hostConfig?.vanishesWhenStopped == true ? nil : "start it again"
        }
        if !container.isUp { obstacle = "\(name) is not running" }
    }

    private mutating func describePause(_ container: Container, _ wire: ContainerInspection, _ name: String) {
        changes = [Change(subject: name, before: container.stateInWords, after: "paused")]
        wayBack = "unpause it"
        warnings = wire.publishedPorts.map { "published port \($0) accepts connections and does not answer" }
        if container.health != .none { warnings.append("its health check does not run while it is paused") }
        switch container.state {
        case .running: break
        case .paused: obstacle = "\(name) is already paused"
        case .restarting: obstacle = "\(name) is restarting just now: try again when it runs"
        case .created, .removing, .exited, .dead, .unknown: obstacle = "\(name) is not running"
        }
    }

    private mutating func describeUnpause(_ container: Container, _ name: String) {
        changes = [Change(subject: name, before: container.stateInWords, after: "running")]
        wayBack = "pause it again"
        if case .paused = container.state { return }
        obstacle = "\(name) is not paused"
    }

    private mutating func describeRename(_ container: Container, to new: String, _ plans: DockerPlans) async throws(Trouble) {
        changes = [Change(subject: "name", before: PlainText.printable(container.name), after: PlainText.printable(new))]
        wayBack = "rename it to \(PlainText.printable(container.name))"
        if container.composeProject != nil { warnings.append("Compose may make another container of the old name at its next up") }
        if let owner = container.orchestrator { warnings.append("it belongs to \(owner), which knows it by its old name") }
        guard new != container.name else { return obstacle = "that is its name already" }
        guard ContainerName.isValid(new) else {
            return obstacle = "“\(PlainText.printable(new))” is not a name: letters, digits, _ . - and at least two of them, a letter or digit first"
        }
        // An id or a part of one would be found here as well; only the same name is in the way.
        if let (_, other) = try await plans.connection.inspection(new), DockerMapping.name(other.name.map { [$0] }, raw: "") == new {
            obstacle = "the name \(new) is taken by container \(DockerEvent.short(other.id ?? ""))"
        }
    }

    private mutating func describeRemoval(_ container: Container, _ wire: ContainerInspection, _ name: String, force: Bool, volumes: Bool) {
        changes = [Change(subject: name, before: container.stateInWords, after: "removed, with all that was written inside it")]
        for (network, endpoint) in (wire.networkSettings?.networks ?? [:]).sorted(by: { $0.key < $1.key }) {
            let address = endpoint.address ?? ""
            changes.append(Change(subject: "network \(network)", before: address.isEmpty ? "connected" : address, after: "free"))
        }
        let anonymous = wire.anonymousVolumes
        for volume in anonymous where volumes {
            changes.append(Change(subject: "volume \(volume.prefix(12))", before: "anonymous, used by it", after: "removed"))
        }
        if !anonymous.isEmpty {
            warnings.append(
                volumes
                    ? "\(anonymous.count) anonymous volume\(anonymous.count == 1 ? "" : "s") and what is in them are lost"
                    : "\(anonymous.count) anonymous volume\(anonymous.count == 1 ? " stays" : "s stay") behind, no longer used")
        }
        if container.isUp {
            warnings.append("it is running and is killed first (SIGKILL)")
            warnOfAbsence(container, wire)
            if !force { obstacle = "\(name) is \(container.state.word): stop it first, or remove it by force" }
        } else if let owner = container.orchestrator {
            warnings.append("it belongs to \(owner)")
        }
        if case .removing = container.state { obstacle = "\(name) is being removed already" }
    }

    private mutating func warnOfAbsence(_ container: Container, _ wire: ContainerInspection) {
        for port in wire.publishedPorts { warnings.append("published port \(port) stops answering") }
        if let owner = container.orchestrator {
            warnings.append("it belongs to \(owner): that will start another in its place, change it there")
        }
        if wire.hostConfig?.vanishesWhenStopped == true, operation.action.verb != "remove" {
            let count = wire.anonymousVolumes.count
            warnings.append(
                "it was started with --rm: it vanishes when it ends" + (count > 0 ? ", with \(count) anonymous volume\(count == 1 ? "" : "s")" : ""))
        }
    }

    private mutating func warnOfRestartPolicy(_ wire: ContainerInspection) {
        switch wire.hostConfig?.restartPolicy?.name ?? "" {
        case "always": warnings.append("restart policy always: it stays down until the engine itself restarts, then it starts again")
        case "unless-stopped": warnings.append("restart policy unless-stopped: it stays down, also when the engine restarts")
        case "on-failure": warnings.append("restart policy on-failure: a stop asked for does not count as a failure, it stays down")
        default: break
        }
    }
}
