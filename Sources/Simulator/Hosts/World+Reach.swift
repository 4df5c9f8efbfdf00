internal import Domain

/// What comes back from a knock at an address.
enum Reach: Hashable {
    /// Somebody listens; the fault is what an HTTP server there would complain of.
    case answers(fault: String?)
    case refuses
    case silent
}

extension World {
    /// What the resolver inside a container says: names on its networks, then hosts, then the registry's.
    func addresses(of name: String, from container: SimContainer) -> [String] {
        if name == "localhost" || name == container.hostname { return ["127.0.0.1"] }
        if AddressPool.isAddress(name) { return [name] }
        for endpoint in container.endpoints where !endpoint.address.isEmpty {
            let found = addresses(of: name, on: endpoint.network)
            if !found.isEmpty { return found }
        }
        if let host = host(name) { return [host.address] }
        if name.hasSuffix(".consul") { return resolve(name)?.records.map(\.address) ?? [] }
        return []
    }

    private func addresses(of name: String, on network: String) -> [String] {
        if let service = swarm.names[name].flatMap({ swarm.services[$0] }), let virtual = service.addresses.first(where: { $0.network == network }) {
            return [String(virtual.address.split(separator: "/")[0])]
        }
        let wanted = name.hasPrefix("tasks.") ? String(name.dropFirst(6)) : name
        return (networks[network]?.containers ?? OrderedKeys()).compactMap { id in
            guard let other = containers[id], let endpoint = other.endpoints.first(where: { $0.network == network }) else { return nil }
            let isMeant = other.name == wanted || endpoint.aliases.contains(wanted) || other.service.flatMap { swarm.services[$0]?.spec.name } == wanted
            return isMeant ? endpoint.address : nil
        }
    }

    /// Knocks at an address. Without a port it asks only whether somebody is there.
    func reach(_ address: String, port: Int?, from container: SimContainer?, on host: String? = nil) -> Reach {
        let from = container?.host ?? host ?? ""
        if address.hasPrefix("127.") {
            if let container { return knock(at: container, port, from: from) }
            return hosts[from].map { knock(at: $0, port) } ?? .silent
        }
        if let machine = hosts.first(where: { $0.value.address == address })?.value {
            if !machine.isReachable && machine.id != from || hosts[from]?.isCut == true && machine.id != from { return .silent }
            return knock(at: machine, port)
        }
        for (_, service) in swarm.services {
            guard service.addresses.contains(where: { $0.address.hasPrefix(address + "/") }) else { continue }
            let backends = service.tasks.compactMap { swarm.tasks[$0] }.filter { $0.state == .running }.compactMap { $0.container.flatMap { containers[$0] } }
            return backends.first.map { knock(at: $0, port, from: from) } ?? .silent
        }
        for (_, network) in networks where network.host == nil || network.host == from {
            guard network.pool.contains(address) else { continue }
            let found = network.containers.compactMap { containers[$0] }.first { $0.endpoints.contains { $0.network == network.id && $0.address == address } }
            return found.map { knock(at: $0, port, from: from) } ?? .silent
        }
        return .silent
    }

    func knock(at container: SimContainer, _ port: Int?, from: String) -> Reach {
        guard let machine = hosts[container.host] else { return .silent }
        if container.host != from, !machine.isReachable || hosts[from]?.isCut == true { return .silent }
        guard container.isRunning, let started = container.startedAt else { return .refuses }
        if container.state == .paused { return .silent }
        if now.nanoseconds - started.nanoseconds < container.program.readyAfter.nanoseconds { return .refuses }
        guard let port else { return .answers(fault: nil) }
        return container.exposedPorts.contains { $0.number == port } ? .answers(fault: fault(of: container)) : .refuses
    }

    private func knock(at host: SimHost, _ port: Int?) -> Reach {
        guard let port else { return .answers(fault: nil) }
        if [22, 2377, 8500].contains(port) { return .answers(fault: nil) }
        if let holder = host.publishedPorts["\(port)/tcp"].flatMap({ containers[$0] }) {
            let inside = holder.published.first { $0.hostPort == port }?.port.number
            return knock(at: holder, inside, from: host.id)
        }
        // The mesh answers on every node.
        if let service = swarm.services.values.first(where: { $0.ports.contains { $0.published == port && $0.mode == .ingress } }) {
            let one = service.tasks.compactMap { swarm.tasks[$0] }.first { $0.state == .running }?.container.flatMap { containers[$0] }
            return one == nil ? .silent : .answers(fault: one.flatMap { fault(of: $0) })
        }
        let open = host.containers.compactMap { containers[$0] }.first {
            $0.isRunning && $0.spec.networkMode == "host" && $0.exposedPorts.contains { $0.number == port }
        }
        return open.map { knock(at: $0, port, from: host.id) } ?? .refuses
    }
}
