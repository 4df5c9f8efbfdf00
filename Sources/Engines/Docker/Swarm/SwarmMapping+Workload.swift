internal import Domain

extension SwarmMapping {
    /// - Parameter tasks: the service's own, as last read.
    func workload(_ wire: ServiceResource, tasks: [TaskResource]) -> Workload {
        let image = Self.image(wire.template.image)
        return Workload(
            id: workloadID(wire.id), name: wire.name.isEmpty ? Self.short(wire.id) : wire.name,
            group: wire.labels["com.docker.stack.namespace"] ?? "", kind: "service", mode: Self.mode(wire.mode), image: image.name,
            digest: image.digest, desired: desired(wire, tasks), running: running(wire, tasks), completed: completed(wire, tasks),
            rollout: Self.rollout(wire.rollout.state), rolloutMessage: DockerMapping.bounded(wire.rollout.message),
            rolloutSince: Self.since(wire.rollout), updatePolicy: wire.updatePolicy, rollbackPolicy: wire.rollbackPolicy, demand: demand(wire),
            ports: wire.ports.map(Self.port), networks: wire.networks.map { networks[$0]?.name ?? $0 }, labels: DockerMapping.bounded(wire.labels),
            updated: wire.updated.flatMap { Timestamp(rfc3339: $0) }, hasPrevious: wire.hasPrevious, revision: wire.revision)
    }

    private static func mode(_ wire: ServiceResource.Mode) -> Workload.Mode {
        switch wire {
        case .replicated: .replicated
        case .global: .perNode
        case .job(let completions, _): .job(completions: completions)
        case .globalJob: .jobPerNode
        }
    }

    /// `nginx:1.25@sha256:…` in its two parts.
    static func image(_ text: String) -> (name: String, digest: String) {
        guard let cut = text.firstIndex(of: "@") else { return (text, "") }
        return (String(text[..<cut]), String(text[text.index(after: cut)...]))
    }

    /// What shall run now: of a job what may run at once of that which is left, of a global job all that it is for.
    private func desired(_ wire: ServiceResource, _ tasks: [TaskResource]) -> Int {
        let done = completed(wire, tasks)
        switch wire.mode {
        case .replicated(let count): return count
        case .global: return wire.counts?.desired ?? Set(tasks.filter { !$0.isEnding }.map { $0.nodeID ?? $0.id ?? "" }).count
        case .job(let completions, let concurrent): return max(0, min(concurrent ?? completions, completions - min(done, completions)))
        case .globalJob:
            let left = wire.counts?.desired ?? tasks.count { $0.belongs(to: wire) && !$0.isEnding && $0.state != "complete" }
            return Int(clamping: Int64(left) &+ Int64(done))
        }
    }

    /// The swarm counts a task as running for as long as nobody has said otherwise, so also on a node that is down, where it
    /// has been replaced long since (measured: `3/2` of a global service). Those are left out.
    private func running(_ wire: ServiceResource, _ tasks: [TaskResource]) -> Int {
        guard let counts = wire.counts else { return tasks.count { $0.state == "running" && !$0.isEnding } }
        return max(0, counts.running - tasks.count { $0.state == "running" && $0.isEnding && isDown($0.nodeID) })
    }

    private func completed(_ wire: ServiceResource, _ tasks: [TaskResource]) -> Int {
        switch wire.mode {
        case .replicated, .global: 0
        case .job, .globalJob: wire.counts?.completed ?? tasks.count { $0.state == "complete" && $0.belongs(to: wire) }
        }
    }

    private static func rollout(_ word: String) -> Workload.Rollout {
        switch word {
        case "updating": .progressing
        case "paused", "rollback_paused": .paused
        case "rollback_started": .rollingBack
        case "rollback_completed": .rolledBack
        default: .settled
        }
    }

    private static func since(_ rollout: ServiceResource.Rollout) -> Timestamp? {
        let ended = rollout.state.hasSuffix("completed") ? rollout.completed : nil
        return (ended ?? rollout.started).flatMap { Timestamp(rfc3339: $0) }
    }

    private func demand(_ wire: ServiceResource) -> Demand {
        Demand(
            constraints: wire.constraints, resources: wire.reserved, platforms: wire.platforms,
            hostPorts: wire.ports.filter { $0.isOnHost && $0.published != nil }.map(Self.port), plugins: plugins(wire),
            maximumPerNode: wire.maximumPerNode, spreadOver: wire.spreadOver)
    }

    /// What SwarmKit's scheduler asks of a node's engine (swarmkit, manager/scheduler, `PluginFilter`): volume drivers other
    /// than its own `local`, the drivers of the networks, the driver of the log where one is named.
    private func plugins(_ wire: ServiceResource) -> Set<String> {
        var plugins = Set(wire.volumeDrivers.filter { !$0.isEmpty && $0 != "local" }.map { "Volume/\($0)" })
        for network in wire.networks {
            if let driver = networks[network]?.driver, !driver.isEmpty { plugins.insert("Network/\(driver)") }
        }
        if wire.ports.contains(where: { !$0.isOnHost }), let driver = networks.values.first(where: \.isIngress)?.driver, !driver.isEmpty {
            plugins.insert("Network/\(driver)")
        }
        if let driver = wire.logDriver, !driver.isEmpty, driver != "none" { plugins.insert("Log/\(driver)") }
        return plugins
    }

    private static func port(_ wire: ServiceResource.Port) -> Workload.Port {
        Workload.Port(published: wire.published, target: wire.target, transport: wire.transport, isOnHost: wire.isOnHost)
    }
}

extension TaskResource {
    /// Whether it shall not run any more. A job's tasks are wanted until they are complete.
    var isEnding: Bool {
        switch desired {
        case "complete": iteration == nil
        case "shutdown", "failed", "rejected", "remove", "orphaned": true
        default: false
        }
    }

    /// It has run, or never will.
    var hasEnded: Bool {
        switch state {
        case "complete", "shutdown", "failed", "rejected", "remove", "orphaned": true
        default: false
        }
    }

    /// Of the present run of a job; tasks of anything else always are.
    func belongs(to service: ServiceResource) -> Bool { iteration == nil || iteration == service.iteration }
}
