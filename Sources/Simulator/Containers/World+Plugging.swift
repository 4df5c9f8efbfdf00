internal import Domain

/// A container's ports and its ends on networks: taken when it starts, given back when it ends.
extension World {
    /// Gives it its ports on the host, all or none.
    mutating func publish(_ container: SimContainer, on host: String) throws(OrderRefusal) -> [SimBinding] {
        var given: [SimBinding] = []
        for binding in container.spec.bindings {
            var binding = binding
            if binding.hostPort == 0 {
                var port = hosts[host]?.nextDynamicPort ?? 32_768
                while hosts[host]?.publishedPorts["\(port)/\(binding.port.transport)"] != nil { port += 1 }
                hosts[host]?.nextDynamicPort = port >= 60_999 ? 32_768 : port + 1
                binding.hostPort = port
            }
            let key = "\(binding.hostPort)/\(binding.port.transport)"
            if hosts[host]?.publishedPorts[key] != nil {
                for done in given { hosts[host]?.publishedPorts["\(done.hostPort)/\(done.port.transport)"] = nil }
                throw OrderRefusal(
                    .serverError,
                    "driver failed programming external connectivity on endpoint \(container.name) (\(container.endpoints.first?.id ?? "")): Bind for \(binding.hostAddress.isEmpty ? "0.0.0.0" : binding.hostAddress):\(binding.hostPort) failed: port is already allocated")
            }
            hosts[host]?.publishedPorts[key] = container.id
            given.append(binding)
        }
        return given
    }

    mutating func connectAll(_ id: String) throws(OrderRefusal) {
        for index in (containers[id]?.endpoints ?? []).indices { try plugIn(id, index) }
    }

    /// What a happening tells of a network. The network itself is not held on to while its lists change.
    private func face(of network: String) -> (name: String, driver: String, host: String?, isAddressed: Bool)? {
        networks[network].map { ($0.name, $0.driver, $0.host, !$0.subnet.isEmpty) }
    }

    /// Gives the endpoint its address.
    mutating func plugIn(_ id: String, _ index: Int) throws(OrderRefusal) {
        guard let container = containers[id] else { return }
        let network = container.endpoints[index].network
        guard let face = face(of: network) else { throw OrderRefusal(.notFound, "network \(network) not found") }
        if face.isAddressed {
            let wanted = container.endpoints[index].wanted
            if !wanted.isEmpty, networks[network]?.pool.take(wanted) != true { throw OrderRefusal(.forbidden, "Address already in use") }
            guard let address = wanted.isEmpty ? networks[network]?.pool.take() : wanted else {
                throw OrderRefusal(.serverError, "no available IPv4 addresses on this network's address pools: \(face.name) (\(network))")
            }
            containers[id]?.endpoints[index].address = address
            containers[id]?.endpoints[index].mac = AddressPool.mac(of: address)
        }
        networks[network]?.containers.insert(id)
        let event = Happening.NetworkEvent(action: .connect, id: network, name: face.name, driver: face.driver, container: id)
        tell(.network(event), host: container.host)
    }

    mutating func unplug(_ id: String, _ index: Int) {
        guard let container = containers[id] else { return }
        let endpoint = container.endpoints[index]
        guard networks[endpoint.network]?.containers.contains(id) == true, let face = face(of: endpoint.network) else { return }
        networks[endpoint.network]?.pool.giveBack(endpoint.address)
        networks[endpoint.network]?.containers.remove(id)
        containers[id]?.endpoints[index].address = ""
        containers[id]?.endpoints[index].mac = ""
        let event = Happening.NetworkEvent(action: .disconnect, id: endpoint.network, name: face.name, driver: face.driver, container: id)
        tell(.network(event), host: container.host)
    }

    /// Gives back ports and addresses.
    mutating func release(_ id: String) {
        guard let container = containers[id] else { return }
        for binding in container.published {
            let key = "\(binding.hostPort)/\(binding.port.transport)"
            if hosts[container.host]?.publishedPorts[key] == id { hosts[container.host]?.publishedPorts[key] = nil }
        }
        containers[id]?.published = []
        for index in container.endpoints.indices { unplug(id, index) }
    }

    mutating func tell(_ network: SimNetwork, _ action: Happening.NetworkEvent.Action) {
        let event = Happening.NetworkEvent(action: action, id: network.id, name: network.name, driver: network.driver, container: nil)
        tell(.network(event), host: network.host)
    }
}
