internal import Domain
internal import Engine

/// What operations on networks would change.
extension Plan {
    mutating func describeNetwork(_ id: Network.ID, _ plans: DockerPlans) async throws(Trouble) {
        guard let (body, wire) = try await plans.connection.network(id.raw), let network = plans.mapping.network(wire) else {
            obstacle = "the network has gone"
            return
        }
        previous = String(decoding: body, as: UTF8.self).trimmedOfLineEnd
        let attached = (wire.containers ?? [:]).sorted { $0.key < $1.key }
        switch operation.action {
        case .connect(let container, _, let address, let aliases):
            try await describeConnection(of: container, to: network, address, aliases, plans)
        case .disconnect(let container, _, let force):
            try await describeDisconnection(of: container, from: network, force: force, plans)
        case .removeNetwork:
            let range = network.subnets.map(\.range).joined(separator: ", ")
            changes = [Change(subject: "network \(PlainText.printable(network.name))", before: "\(network.driver) \(range)", after: "removed")]
            wayBack = "create it again; addresses may differ"
            if network.isBuiltIn {
                obstacle = "\(network.name) is one of the engine's own networks, which cannot be removed"
            } else if !attached.isEmpty {
                let names = attached.map { PlainText.printable($0.value.name ?? DockerEvent.short($0.key)) }.joined(separator: ", ")
                obstacle = "in use by \(names): disconnect or stop \(attached.count == 1 ? "it" : "them") first"
            } else {
                let stopped = try await plans.stopped(on: network)
                if !stopped.isEmpty { warnings.append("stopped \(stopped.joined(separator: ", ")) could not be started without it") }
            }
        case .start, .pause, .unpause, .stop, .restart, .kill, .rename, .removeContainer, .prune, .createNetwork, .workload, .node, .registry: break
        }
    }

    private mutating func describeConnection(
        of id: Container.ID, to network: Network, _ address: String, _ aliases: [String], _ plans: DockerPlans
    ) async throws(Trouble) {
        guard let (_, wire) = try await plans.connection.inspection(id.raw) else {
            obstacle = "the container has gone"
            return
        }
        let container = plans.mapping.container(wire)
        let name = PlainText.printable(container.name)
        let networks = wire.networkSettings?.networks ?? [:]
        changes = [
            Change(
                subject: name, before: networks.isEmpty ? "no network" : networks.keys.sorted().joined(separator: ", "),
                after: (networks.keys.sorted() + [network.name]).joined(separator: ", "))
        ]
        if !address.isEmpty { changes.append(Change(subject: "address in \(network.name)", before: "none", after: address)) }
        if !aliases.isEmpty { changes.append(Change(subject: "names in \(network.name)", before: "none", after: aliases.joined(separator: ", "))) }
        wayBack = "disconnect it again"
        let mode = container.networkMode
        if networks[network.name] != nil {
            obstacle = "\(name) is already connected to \(network.name)"
        } else if mode == "host" || mode == "none" || mode.hasPrefix("container:") {
            obstacle = "\(name) runs with the network mode \(mode), which allows no other network"
        } else if network.scope == "swarm", !network.isAttachable {
            obstacle = "\(network.name) belongs to the swarm and is not attachable: only services can use it"
        } else if network.name == "host" || network.name == "none" {
            obstacle = "\(network.name) cannot be connected to a container that exists"
        }
        if !address.isEmpty, network.isBuiltIn { warnings.append("the engine gives fixed addresses in networks of your own only") }
        if !aliases.isEmpty, network.name == "bridge" { warnings.append("the default bridge resolves no names: the aliases have no effect") }
    }

    private mutating func describeDisconnection(
        of id: Container.ID, from network: Network, force: Bool, _ plans: DockerPlans
    ) async throws(Trouble) {
        guard let (_, wire) = try await plans.connection.inspection(id.raw) else {
            // By force a network is rid of endpoints whose container has gone.
            if !force { obstacle = "the container has gone" }
            return
        }
        let container = plans.mapping.container(wire)
        let name = PlainText.printable(container.name)
        let networks = wire.networkSettings?.networks ?? [:]
        let rest = networks.keys.filter { $0 != network.name }.sorted()
        changes = [
            Change(
                subject: name, before: networks.keys.sorted().joined(separator: ", "), after: rest.isEmpty ? "no network" : rest.joined(separator: ", "))
        ]
        guard let endpoint = networks[network.name] else {
            if !force { obstacle = "\(name) is not connected to \(network.name)" }
            return
        }
        wayBack = "connect it again; its address may differ"
        if let address = endpoint.address, !address.isEmpty {
            changes.append(Change(subject: "address in \(network.name)", before: address, after: "free"))
        }
        if container.isUp { warnings.append("connections over \(network.name) break") }
        if rest.isEmpty, container.isUp {
            warnings.append("it is its only network: \(name) can no longer be reached")
            for port in wire.publishedPorts { warnings.append("published port \(port) stops answering") }
        }
    }

    mutating func describeCreation(_ specification: NetworkSpecification, _ plans: DockerPlans) async throws(Trouble) {
        let name = PlainText.printable(specification.name)
        var what = [specification.driver, specification.subnet.isEmpty ? "a subnet of the engine's choice" : specification.subnet]
        if specification.isInternal { what.append("internal") }
        if specification.isAttachable { what.append("attachable") }
        changes = [Change(subject: "network \(name)", before: "not there", after: what.joined(separator: ", "))]
        wayBack = "remove it"
        if specification.isInternal { warnings.append("internal: containers in it reach nothing outside") }
        if !specification.gateway.isEmpty, specification.subnet.isEmpty { warnings.append("a gateway without a subnet is not used") }
        let networks = try await plans.connection.networks()
        if specification.name.isEmpty || specification.name.utf8.contains(where: { $0 <= 0x20 || $0 == UInt8(ascii: "/") || $0 == 0x7F }) {
            obstacle = "“\(name)” is not a name for a network"
        } else if networks.contains(where: { $0.name == specification.name }) {
            obstacle = "a network called \(name) is there already"
        } else if !specification.subnet.isEmpty,
            let other = networks.first(where: { $0.addressManagement?.config?.contains { $0.subnet == specification.subnet } == true })
        {
            obstacle = "\(specification.subnet) is already the subnet of \(PlainText.printable(other.name ?? ""))"
        }
    }
}

extension DockerPlans {
    /// Names of containers that do not run and are set to use it; the network itself only knows of running ones.
    func stopped(on network: Network) async throws(Trouble) -> [String] {
        try await connection.containers().list.compactMap { wire in
            let uses = wire.networks.contains { $0.value.networkID == network.id.raw || $0.key == network.name }
            guard uses, wire.state != "running", wire.state != "paused" else { return nil }
            return PlainText.printable(DockerMapping.name(wire.names, raw: wire.id ?? ""))
        }
    }
}
