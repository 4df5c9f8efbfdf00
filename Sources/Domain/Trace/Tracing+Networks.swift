/// The networks that the container is plugged into, and the one that it has left.
extension Tracing {
    private static let networkLimit = 4

    mutating func addNetworks() {
        if let why = chain.missing[.network] { add(Trace.Link(.network, chain.title, state: .missing, facts: [.init("", why)])) }
        if let network = chain.network?.entity { return addStart(network) }
        guard let container = chain.container?.entity else { return }
        let left = leftNetwork(container)
        for endpoint in container.endpoints.prefix(Self.networkLimit) { add(endpoint, of: container, left) }
        if let left, !container.endpoints.prefix(Self.networkLimit).contains(where: { isPlug($0, into: left.network) }) {
            var facts = [Trace.Link.Fact("endpoint", "none: \(container.name) is not attached", isEvidence: true)]
            facts.append(.init("subnet", left.network.subnets.map(\.range).joined(separator: ", "), isEvidence: true))
            let others = container.endpoints.map(\.network)
            facts.append(.init("attached to", others.isEmpty ? "no network" : others.joined(separator: ", ")))
            add(
                Trace.Link(
                    .network, left.network.name, state: .broken, joint: .init("by the instance's address \(left.address), which lies in its subnet", .likely),
                    facts: facts, place: .network(left.network.id)),
                left.fault)
        }
        // Without a network on purpose: on the host's, on another container's, or on none.
        let isOnItsOwn = ["host", "none"].contains(container.networkMode) || container.networkMode.hasPrefix("container:")
        if container.endpoints.isEmpty, left == nil, container.isUp, !isOnItsOwn, chain.instance != nil || isRed {
            add(
                Trace.Link(.network, "no network", state: .broken, facts: [.init("endpoint", "none: \(container.name) is attached to no network", isEvidence: true)]),
                Fault(depth: .leftNetwork, sentence: "\(container.name) is attached to no network any more, so nobody reaches it"))
        }
    }

    private mutating func add(_ endpoint: Endpoint, of container: Container, _ left: LeftNetwork?) {
        let network = joins.networks[Network.ID(container.id.source, endpoint.networkID)]
        var facts = [Trace.Link.Fact("endpoint", endpoint.address.isEmpty ? "none while it does not run" : endpoint.address)]
        if !endpoint.addressIPv6.isEmpty { facts.append(.init("", endpoint.addressIPv6)) }
        if let network { facts.append(.init("subnet", network.subnets.map(\.range).joined(separator: ", ") + " (\(network.driver))")) }
        if !endpoint.aliases.isEmpty { facts.append(.init("aliases", Words.list(endpoint.aliases, limit: 6))) }
        let isMoved = left.map { isPlug(endpoint, into: $0.network) } ?? false
        add(
            Trace.Link(
                .network, endpoint.network, state: endpoint.address.isEmpty && container.isUp && container.networkMode != "host" ? .doubtful : .good,
                joint: .init("by the container's endpoint", .certain), facts: facts, place: network.map { .network($0.id) }),
            isMoved ? left?.fault : nil)
    }

    /// A trace begun at a network: who is plugged in, and which of them is in trouble.
    private mutating func addStart(_ network: Network) {
        let attached = snapshot.attachments(of: network)
        var facts = [Trace.Link.Fact("driver", network.driver)]
        if !network.subnets.isEmpty { facts.append(.init("subnet", network.subnets.map(\.range).joined(separator: ", "))) }
        let inTrouble = attached.filter { $0.container.problem != nil }
        facts.append(.init("containers", "\(attached.count) attached, \(inTrouble.count) in trouble"))
        for (container, _) in inTrouble.prefix(Self.networkLimit) {
            facts.append(.init("", "\(container.name): \(container.problem ?? "")", isEvidence: true))
        }
        let fault = inTrouble.first.map { first in
            Fault(
                depth: .container, sentence: "the network \(network.name) is in order; \(inTrouble.count) of \(attached.count) containers on it "
                    + (inTrouble.count == 1 ? "is" : "are") + " not: \(first.container.name) \(first.container.problem ?? "")", isOnPurpose: true)
        }
        add(Trace.Link(.network, network.name, state: .good, facts: facts, place: .network(network.id)), fault)
    }

    // Left networks.

    struct LeftNetwork {
        var network: Network
        var address: String
        var fault: Fault
    }

    private func isPlug(_ endpoint: Endpoint, into network: Network) -> Bool {
        endpoint.networkID.isEmpty ? endpoint.network == network.name : endpoint.networkID == network.id.raw
    }

    /// The registered address lies in a network of the engine, and the container has another address there or none.
    private func leftNetwork(_ container: Container) -> LeftNetwork? {
        guard container.isUp, let instance = chain.instance?.entity.instance, !instance.address.isEmpty else { return nil }
        guard !container.endpoints.contains(where: { $0.address == instance.address || $0.addressIPv6 == instance.address }) else { return nil }
        // The gateway is the host's own end: published ports answer there.
        guard joins.machines[container.id.source]?.addresses.contains(instance.address) != true,
            let network = joins.network(holding: instance.address, on: [container.id.source]),
            !network.subnets.contains(where: { $0.gateway == instance.address })
        else { return nil }
        let holder = joins.containers(at: instance.address).first { $0.id.source == container.id.source && $0.isUp }
        let answers = holder.map { "\(instance.address) is \($0.name) now" } ?? "\(instance.address) answers to nobody"
        if let endpoint = container.endpoints.first(where: { isPlug($0, into: network) }) {
            let has = endpoint.address.isEmpty ? "no address" : endpoint.address
            let sentence = "\(container.name) has \(has) in network \(network.name) and is registered at \(instance.address): \(answers)"
            return LeftNetwork(network: network, address: instance.address, fault: Fault(depth: .wrongEndpoint, sentence: sentence))
        }
        return LeftNetwork(
            network: network, address: instance.address,
            fault: Fault(depth: .leftNetwork, sentence: "\(container.name) is not attached to network \(network.name) any more, so \(answers)"))
    }
}
