/// Where a registry sends clients, held against where the container can be reached.
extension Comparison {
    mutating func compareEndpoint(_ pair: Pair) {
        let (instance, container) = (pair.instance, pair.joint.container)
        // On the host's network, or in another container's, the engine tells of no ports and addresses to hold anything against.
        guard !instance.address.isEmpty, instance.port > 0, container.networkMode != "host", !container.networkMode.hasPrefix("container:") else { return }
        let own = container.endpoints.flatMap { [$0.address, $0.addressIPv6] }
        if own.contains(instance.address) { return compareInsidePort(pair) }
        if isOfMachine(instance, container) { return comparePublishedPort(pair) }
        compareAddress(pair)
    }

    private func isOfMachine(_ instance: ServiceInstance, _ container: Container) -> Bool {
        if joins.machines[container.id.source]?.addresses.contains(instance.address) == true { return true }
        guard joins.engines(ofNode: instance.node, in: instance.id.source).contains(container.id.source) else { return false }
        return joins.members[Joins.NodeKey(source: instance.id.source, node: instance.node)]?.address == instance.address
    }

    /// Programs may listen on ports that their image does not declare: only Registrator's id proves which one was meant.
    private mutating func compareInsidePort(_ pair: Pair) {
        let (instance, container) = (pair.instance, pair.joint.container)
        // On another network than the bridge Registrator itself pairs the container's address with the host's port.
        guard let id = RegistratorID(instance.serviceID), pair.joint.way == .registratorID, id.port != instance.port else { return }
        tell(
            .wrongPort, instance, container: container.id, match: pair.joint.joint.words,
            words: "\(instance.service) is registered at \(instance.endpoint), and \(container.name) listens on \(id.port) there",
            mend: register(pair, instance.address, id.port), advice: "register it with port \(id.port) under the same id")
    }

    private mutating func comparePublishedPort(_ pair: Pair) {
        let (instance, container) = (pair.instance, pair.joint.container)
        let published = container.publishedPorts
        guard !published.contains(where: { $0.hostPort == instance.port }) else { return }
        // Of a swarm's task the orchestrator publishes the ports, on every node.
        guard container.orchestrator == nil else { return }
        let inside = RegistratorID(instance.serviceID).flatMap { pair.joint.way == .registratorID ? $0.port : nil }
        let fitting = published.filter { inside == nil || $0.containerPort == inside }
        guard let port = fitting.first?.hostPort, Set(fitting.compactMap(\.hostPort)).count == 1 else {
            let ports = published.compactMap(\.hostPort).map(String.init)
            return tell(
                .wrongPort, instance, container: container.id, match: pair.joint.joint.words,
                words: "\(instance.service) is registered at \(instance.endpoint), and \(container.name) does not publish port \(instance.port)"
                    + (ports.isEmpty ? ": it publishes none" : ": it publishes \(Words.list(ports, limit: 6))"),
                mend: nil, advice: "make the container anew with port \(instance.port) published, or register it at the right port")
        }
        tell(
            .wrongPort, instance, container: container.id, match: pair.joint.joint.words,
            words: "\(instance.service) is registered at \(instance.endpoint), and \(container.name) publishes port \(port) on its host",
            mend: register(pair, instance.address, port), advice: "register it with port \(port) under the same id")
    }

    /// An address that is neither the machine's nor the container's may be right, behind a translation; one of the engine's own
    /// networks cannot be.
    private mutating func compareAddress(_ pair: Pair) {
        let (instance, container) = (pair.instance, pair.joint.container)
        guard let network = joins.network(holding: instance.address, on: [container.id.source]),
            !network.subnets.contains(where: { $0.gateway == instance.address })
        else { return }
        let plug = container.endpoints.first { $0.networkID == network.id.raw || ($0.networkID.isEmpty && $0.network == network.name) }
        if let address = plug?.address, !address.isEmpty {
            return tell(
                .wrongAddress, instance, container: container.id, match: pair.joint.joint.words,
                words: "\(instance.service) is registered at \(instance.address), and \(container.name) has \(address) in network \(network.name)",
                mend: register(pair, address, instance.port), advice: "register it with address \(address) under the same id")
        }
        let connect = Operation(.connect(container: container.id, name: container.name, address: "", aliases: []), on: .network(network.id, name: network.name))
        tell(
            .wrongAddress, instance, container: container.id, match: pair.joint.joint.words,
            words: "\(instance.service) is registered at \(instance.address), and \(container.name) is not attached to network \(network.name), whose address that is",
            mend: plug == nil ? connect : nil, advice: "connect \(container.name) to \(network.name) again; where it gets another address there, register that one")
    }

    /// The same entry with another address and port, with the checks that the container asks for where it asks.
    private func register(_ pair: Pair, _ address: String, _ port: Int) -> Operation? {
        let (instance, container) = (pair.instance, pair.joint.container)
        guard let source = joins.sources[instance.id.source] else { return nil }
        let hostname = RegistratorID(instance.serviceID)?.host ?? instance.node
        let isOwn = container.endpoints.contains { $0.address == address || $0.addressIPv6 == address }
        let asked = RegistratorConventions.registrations(of: container, hostname: hostname, hostAddress: address, internal: isOwn).first {
            $0.id == instance.serviceID && $0.port == port && $0.address == address
        }
        let registration = ServiceRegistration(
            node: instance.node, id: instance.serviceID, name: instance.service, address: address, port: port, tags: instance.tags, meta: instance.meta,
            checks: asked?.checks ?? [], container: container.id.raw)
        return Operation(.registry(.register(registration)), on: .source(source.id, name: source.name))
    }
}
