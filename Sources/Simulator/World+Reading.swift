extension World {
    /// A host by id or name.
    public func host(_ reference: String) -> SimHost? { hosts[reference] ?? hostNames[reference].flatMap { hosts[$0] } }

    /// A container of the host: by id, by name (with or without the slash), by the beginning of its id.
    public func container(_ reference: String, on host: String) throws(OrderRefusal) -> SimContainer {
        guard let host = self.host(host) else { throw OrderRefusal(.notFound, "No such container: \(reference)") }
        let name = reference.hasPrefix("/") ? String(reference.dropFirst()) : reference
        if let found = containers[reference], found.host == host.id { return found }
        if let found = host.names[name].flatMap({ containers[$0] }) { return found }
        var match: String?
        if !reference.isEmpty {
            for id in host.containers where id.hasPrefix(reference) {
                // 20.10 says this with a 500.
                if match != nil { throw OrderRefusal(.serverError, "Multiple IDs found with provided prefix: \(reference)") }
                match = id
            }
        }
        guard let found = match.flatMap({ containers[$0] }) else { throw OrderRefusal(.notFound, "No such container: \(reference)") }
        return found
    }

    /// The host's containers, oldest first.
    public func containers(on host: String) -> [SimContainer] {
        (self.host(host)?.containers ?? OrderedKeys()).compactMap { containers[$0] }
    }

    /// What the host's engine lists: its own networks, then the overlays (on a worker only those that its containers are on).
    public func networks(on host: String) -> [SimNetwork] {
        guard let host = self.host(host) else { return [] }
        let own = host.networks.compactMap { networks[$0] }
        let isManager = swarm.nodes[host.id]?.spec.role == .manager
        let overlays = self.overlays.values.compactMap { networks[$0] }.filter { network in
            isManager || network.isIngress || network.containers.contains { containers[$0]?.host == host.id }
        }
        return own + overlays
    }

    /// By id, by name, by the beginning of an id.
    public func network(_ reference: String, on host: String) throws(OrderRefusal) -> SimNetwork {
        let all = networks(on: host)
        if let found = all.first(where: { $0.id == reference }) ?? all.first(where: { $0.name == reference }) { return found }
        let found = reference.isEmpty ? [] : all.filter { $0.id.hasPrefix(reference) }
        if found.count > 1 { throw OrderRefusal(.badRequest, "network \(reference) is ambiguous (\(found.count) matches found on ID prefix)") }
        guard let found = found.first else { throw OrderRefusal(.notFound, "network \(reference) not found") }
        return found
    }

    /// By id, by name, by the beginning of an id.
    public func service(_ reference: String) throws(OrderRefusal) -> SimService {
        if let found = swarm.services[reference] ?? swarm.names[reference].flatMap({ swarm.services[$0] }) { return found }
        let found = reference.isEmpty ? [] : swarm.services.keys.filter { $0.hasPrefix(reference) }
        if found.count > 1 { throw OrderRefusal(.badRequest, "service \(reference) is ambiguous (\(found.count) matches found)") }
        guard let service = found.first.flatMap({ swarm.services[$0] }) else { throw OrderRefusal(.notFound, "service \(reference) not found") }
        return service
    }

    /// By id, by host name, by the beginning of an id.
    public func node(_ reference: String) throws(OrderRefusal) -> SimNode {
        if let found = swarm.nodes[reference] ?? hostNames[reference].flatMap({ swarm.nodes[$0] }) { return found }
        let found = reference.isEmpty ? [] : swarm.nodes.keys.filter { $0.hasPrefix(reference) }
        if found.count > 1 { throw OrderRefusal(.badRequest, "node \(reference) is ambiguous (\(found.count) matches found)") }
        guard let node = found.first.flatMap({ swarm.nodes[$0] }) else { throw OrderRefusal(.notFound, "node \(reference) not found") }
        return node
    }

    /// By id, by the beginning of an id, or by its whole name.
    public func task(_ reference: String) throws(OrderRefusal) -> SimTask {
        if let found = swarm.tasks[reference] { return found }
        if let last = reference.split(separator: ".").last.flatMap({ swarm.tasks[String($0)] }), last.name == reference { return last }
        let found = reference.isEmpty ? [] : swarm.tasks.keys.filter { $0.hasPrefix(reference) }
        guard found.count == 1, let task = found.first.flatMap({ swarm.tasks[$0] }) else {
            throw OrderRefusal(.notFound, "task \(reference) not found")
        }
        return task
    }

    /// The service's tasks, oldest first, its history among them.
    public func tasks(of service: String) -> [SimTask] {
        (swarm.services[service]?.tasks ?? OrderedKeys()).compactMap { swarm.tasks[$0] }
    }

    /// What the list of services tells with `status=true`.
    public func serviceStatus(_ service: SimService) -> (running: Int, desired: Int, completed: Int) {
        var running = 0
        var wanted = 0
        var completed = 0
        for id in service.tasks {
            guard let task = swarm.tasks[id] else { continue }
            if task.state == .running, task.isWanted { running += 1 }
            if task.isWanted { wanted += 1 }
            if task.state == .complete, task.jobIteration == service.jobIteration { completed += 1 }
        }
        switch service.spec.mode {
        case .replicated(let replicas): return (running, replicas, completed)
        case .global: return (running, wanted, completed)
        case .replicatedJob(let completions, _): return (running, completions, completed)
        case .globalJob: return (running, wanted + completed, completed)
        }
    }

    public func image(_ reference: String) -> SimImage? {
        images[reference] ?? (reference.contains(":") && !reference.hasSuffix(":") ? nil : images[reference + ":latest"])
    }

    /// What the host has pulled, oldest first.
    public func images(on host: String) -> [SimImage] { (self.host(host)?.images ?? OrderedKeys()).compactMap { images[$0] } }
}
