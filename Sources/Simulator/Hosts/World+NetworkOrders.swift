internal import Domain

extension World {
    /// An overlay by id or name, as a service's specification names it.
    func overlay(_ reference: String) throws(OrderRefusal) -> SimNetwork {
        if let found = networks[reference] ?? overlays[reference].flatMap({ networks[$0] }), found.scope == .swarm { return found }
        throw OrderRefusal(.notFound, "network \(reference) not found")
    }

    mutating func createNetwork(_ spec: SimNetworkSpec, host: String) throws(OrderRefusal) -> Answer {
        guard let machine = self.host(host) else { throw OrderRefusal(.serverError, "no such host: \(host)") }
        if spec.name.isEmpty { throw OrderRefusal(.badRequest, "invalid network name: ") }
        let driver = spec.driver.isEmpty ? "bridge" : spec.driver
        if ["bridge", "host", "none"].contains(spec.name) {
            throw OrderRefusal(.forbidden, "operation is not permitted on predefined \(spec.name) network ")
        }
        guard ["bridge", "overlay", "macvlan"].contains(driver) else { throw OrderRefusal(.notFound, "plugin \"\(driver)\" not found") }
        if networks(on: host).contains(where: { $0.name == spec.name }) {
            throw OrderRefusal(.conflict, "network with name \(spec.name) already exists")
        }
        if driver == "overlay" { try mustManage(machine) }
        let pool = try pool(for: spec, host: driver == "overlay" ? nil : machine.id)
        let network = add(
            name: spec.name, driver: driver, host: driver == "overlay" ? nil : machine.id, pool: pool, gateway: spec.gateway, isInternal: spec.isInternal,
            isAttachable: spec.isAttachable, labels: spec.labels, options: spec.options)
        tell(network, .create)
        var answer = Answer()
        answer.id = network.id
        return answer
    }

    private mutating func pool(for spec: SimNetworkSpec, host: String?) throws(OrderRefusal) -> AddressPool {
        let rivals = networks.values.filter { $0.host == host }
        if !spec.subnet.isEmpty {
            guard let pool = AddressPool(subnet: spec.subnet) else { throw OrderRefusal(.badRequest, "invalid subnet \(spec.subnet) : invalid CIDR block notation") }
            if rivals.contains(where: { $0.pool.overlaps(pool) }) {
                throw OrderRefusal(.forbidden, "Pool overlaps with other one on this address space")
            }
            return pool
        }
        let candidates = host == nil ? (1...255).map { "10.0.\($0).0/24" } : (18...31).map { "172.\($0).0.0/16" } + (0...255).map { "192.168.\($0).0/24" }
        for subnet in candidates {
            if let pool = AddressPool(subnet: subnet), !rivals.contains(where: { $0.pool.overlaps(pool) }) { return pool }
        }
        throw OrderRefusal(.serverError, "could not find an available, non-overlapping IPv4 address pool among the defaults to assign to the network")
    }

    /// Makes one, without asking whether it may.
    @discardableResult
    mutating func add(
        name: String, driver: String, host: String?, pool: AddressPool?, gateway: String = "", isInternal: Bool = false, isAttachable: Bool = false,
        isIngress: Bool = false, labels: [String: String] = [:], options: [String: String] = [:]
    ) -> SimNetwork {
        let vxlan = driver == "overlay" ? 4096 + overlays.count : nil
        let network = SimNetwork(
            id: driver == "overlay" ? random.swarmID() : random.hexadecimal(64), name: name, driver: driver, scope: driver == "overlay" ? .swarm : .local,
            host: host, subnet: pool?.subnet ?? "", gateway: pool == nil ? "" : gateway.isEmpty ? pool?.gateway ?? "" : gateway, isInternal: isInternal,
            isAttachable: isAttachable, isIngress: isIngress, labels: labels, options: options, created: now,
            version: driver == "overlay" ? swarmChanged() : 0, vxlan: vxlan, pool: pool ?? AddressPool())
        networks[network.id] = network
        if let host { hosts[host]?.networks.insert(network.id) } else { overlays[name] = network.id }
        return network
    }

    mutating func removeNetwork(_ reference: String, host: String) throws(OrderRefusal) -> Answer {
        let network = try self.network(reference, on: host)
        if network.host != nil, ["bridge", "host", "none"].contains(network.name) {
            throw OrderRefusal(.forbidden, "\(network.name) is a pre-defined network and cannot be removed")
        }
        if network.scope == .swarm {
            if let machine = self.host(host) { try mustManage(machine) }
            if let service = swarm.services.values.first(where: { uses($0.spec, network) }) {
                let reason = network.isIngress ? "ingress network cannot be removed because service \(service.id) depends on it" : "network \(network.id) is in use by service \(service.id)"
                throw OrderRefusal(.badRequest, "rpc error: code = FailedPrecondition desc = \(reason)")
            }
        }
        if !network.containers.isEmpty {
            throw OrderRefusal(.forbidden, "error while removing network: network \(network.name) id \(network.id) has active endpoints")
        }
        networks[network.id] = nil
        if let host = network.host { hosts[host]?.networks.remove(network.id) } else { overlays[network.name] = nil }
        tell(network, network.scope == .swarm ? .remove : .destroy)
        return Answer()
    }

    private func uses(_ spec: SimServiceSpec, _ network: SimNetwork) -> Bool {
        spec.task.networks.contains { $0.network == network.id || $0.network == network.name }
            || network.isIngress && spec.ports.contains { $0.mode == .ingress }
    }

    mutating func connect(_ reference: String, _ container: String, _ address: String, _ aliases: [String], _ host: String) throws(OrderRefusal) -> Answer {
        let network = try self.network(reference, on: host)
        let container = try self.container(container, on: host)
        if network.scope == .swarm, !network.isAttachable {
            throw OrderRefusal(.forbidden, "Could not attach to network \(reference): rpc error: code = PermissionDenied desc = network \(reference) not manually attachable")
        }
        if !address.isEmpty, ["bridge", "host", "none"].contains(network.name) {
            throw OrderRefusal(.badRequest, "user specified IP address is supported on user defined networks only")
        }
        if container.endpoints.contains(where: { $0.network == network.id }) {
            throw OrderRefusal(.forbidden, "endpoint with name \(container.name) already exists in network \(network.name)")
        }
        if container.spec.networkMode == "host" || network.driver == "host" {
            throw OrderRefusal(.badRequest, "container sharing network namespace with another container or host cannot be connected to any other network")
        }
        if !address.isEmpty, !network.pool.contains(address) {
            throw OrderRefusal(.serverError, "Invalid address \(address): It does not belong to any of this network's subnets")
        }
        var endpoint = endpoint(of: container.id, on: network, aliases: aliases)
        endpoint.wanted = address
        containers[container.id]?.endpoints.append(endpoint)
        guard container.isRunning else { return Answer() }
        do throws(OrderRefusal) { try plugIn(container.id, container.endpoints.count) } catch {
            containers[container.id]?.endpoints.removeLast()
            throw error
        }
        return Answer()
    }

    mutating func disconnect(_ reference: String, _ container: String, _ host: String) throws(OrderRefusal) -> Answer {
        let network = try self.network(reference, on: host)
        let container = try self.container(container, on: host)
        guard let index = container.endpoints.firstIndex(where: { $0.network == network.id }) else {
            throw OrderRefusal(.serverError, "container \(container.id) is not connected to network \(network.name)")
        }
        if container.spec.networkMode == "host" {
            throw OrderRefusal(.badRequest, "container cannot be disconnected from host network or connected to host network")
        }
        unplug(container.id, index)
        containers[container.id]?.endpoints.remove(at: index)
        wakeChecks(of: container.id)
        return Answer()
    }

    mutating func pruneNetworks(_ host: String) -> Answer {
        var answer = Answer()
        for network in networks(on: host) where network.host != nil && network.containers.isEmpty {
            guard !["bridge", "host", "none", "docker_gwbridge"].contains(network.name) else { continue }
            if (try? removeNetwork(network.id, host: host)) != nil { answer.removed.append(network.name) }  // In use after all: it stays.
        }
        return answer
    }

    mutating func pull(_ reference: String, _ host: String) throws(OrderRefusal) -> Answer {
        guard let machine = self.host(host) else { throw OrderRefusal(.serverError, "no such host: \(host)") }
        guard let image = image(reference) else {
            let repository = reference.split(separator: ":").first.map(String.init) ?? reference
            if images.contains(where: { $0.value.repository == repository }) {
                throw OrderRefusal(.notFound, "manifest for \(reference) not found: manifest unknown: manifest unknown")
            }
            throw OrderRefusal(
                .notFound, "pull access denied for \(repository), repository does not exist or may require 'docker login': denied: requested access to the resource is denied")
        }
        var answer = Answer()
        answer.id = image.id
        if !machine.images.contains(image.reference) {
            hosts[machine.id]?.images.insert(image.reference)
            answer.doneAt = now.adding(.milliseconds(400 + Int64(image.size / 100_000)))
        }
        tell(.image(reference: image.reference, action: "pull"), host: machine.id)
        return answer
    }

    mutating func removeImage(_ reference: String, force: Bool, _ host: String) throws(OrderRefusal) -> Answer {
        guard let machine = self.host(host), let image = image(reference) ?? images.values.first(where: { $0.id == reference || $0.id.hasPrefix("sha256:" + reference) }),
            machine.images.contains(image.reference)
        else { throw imageNotFound(reference) }
        for container in containers(on: machine.id) where container.imageID == image.id {
            if container.isRunning || !force {
                let way = container.isRunning ? "cannot be forced" : "must force"
                throw OrderRefusal(
                    .conflict,
                    "conflict: unable to remove repository reference \"\(reference)\" (\(way)) - container \(container.id.prefix(12)) is using its referenced image \(image.id.dropFirst(7).prefix(12))")
            }
        }
        hosts[machine.id]?.images.remove(image.reference)
        tell(.image(reference: image.reference, action: "untag"), host: machine.id)
        tell(.image(reference: image.reference, action: "delete"), host: machine.id)
        var answer = Answer()
        answer.removed = [image.reference]
        return answer
    }

    mutating func pruneImages(all: Bool, _ host: String) -> Answer {
        var answer = Answer()
        guard all, let machine = self.host(host) else { return answer }
        let used = Set(containers(on: machine.id).map(\.imageID))
        for image in images(on: machine.id) where !used.contains(image.id) {
            hosts[machine.id]?.images.remove(image.reference)
            answer.removed.append(image.reference)
            answer.reclaimed += image.size
        }
        return answer
    }

    mutating func createVolume(_ name: String, _ host: String) throws(OrderRefusal) -> Answer {
        guard let machine = self.host(host) else { throw OrderRefusal(.serverError, "no such host: \(host)") }
        var answer = Answer()
        answer.id = name.isEmpty ? random.hexadecimal(64) : name
        if !machine.volumes.contains(answer.id) {
            hosts[machine.id]?.volumes.insert(answer.id)
            tell(.volume(name: answer.id, action: "create", container: nil), host: machine.id)
        }
        return answer
    }

    mutating func removeVolume(_ name: String, _ host: String) throws(OrderRefusal) -> Answer {
        guard let machine = self.host(host), machine.volumes.contains(name) else { throw OrderRefusal(.notFound, "get \(name): no such volume") }
        let users = containers(on: machine.id).filter { $0.spec.mounts.contains { $0.kind == "volume" && $0.source == name } }
        if !users.isEmpty {
            throw OrderRefusal(.conflict, "remove \(name): volume is in use - [\(users.map(\.id).joined(separator: ", "))]")
        }
        hosts[machine.id]?.volumes.remove(name)
        tell(.volume(name: name, action: "destroy", container: nil), host: machine.id)
        return Answer()
    }
}
