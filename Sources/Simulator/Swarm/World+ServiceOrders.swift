internal import Domain

extension World {
    private func invalid(_ text: String) -> OrderRefusal { OrderRefusal(.badRequest, "rpc error: code = InvalidArgument desc = \(text)") }

    /// The managers, or what the engine says in their place.
    func mustManage(_ host: SimHost? = nil) throws(OrderRefusal) {
        if let host, let node = swarm.nodes[host.id], node.spec.role == .worker {
            throw OrderRefusal(
                .unavailable,
                "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. Please run this command on a manager node or promote the current node to a manager.")
        }
        if !swarm.hasLeader { throw OrderRefusal(.serverError, SimSwarm.noLeaderMessage) }
    }

    private func validate(_ spec: SimServiceSpec, of id: String?) throws(OrderRefusal) {
        let bytes = Array(spec.name.utf8)
        let isName = !bytes.isEmpty && bytes.count <= 63 && bytes.allSatisfy { (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || [45, 95, 46].contains($0) }
        if !isName || bytes.first == 45 || bytes.last == 45 { throw invalid("name must be valid as a DNS name component") }
        if spec.task.container.image.isEmpty { throw invalid("ContainerSpec: image reference must be provided") }
        switch spec.mode {
        case .replicated(let number), .replicatedJob(let number, _):
            if number < 0 { throw invalid("Number of replicas must be non-negative") }
            // The real one would try.
            if number > 10_000 { throw invalid("the practice cluster runs no more than 10000 tasks of a service") }
        case .global, .globalJob: break
        }
        for constraint in spec.task.constraints where SimConstraint(constraint) == nil { throw invalid("constraint expected one operator from ==, !=") }
        if spec.task.reservations.memory > 0, spec.task.reservations.memory < 4 << 20 {
            throw invalid("invalid memory value \(spec.task.reservations.memory): Must be at least 4MiB")
        }
        if spec.task.reservations.nanoCPUs > 0, spec.task.reservations.nanoCPUs < 1_000_000 {
            throw invalid("invalid cpu value \(Double(spec.task.reservations.nanoCPUs) / 1e9): Must be at least 0.001")
        }
        for attachment in spec.task.networks { _ = try overlay(attachment.network) }
        for port in spec.ports where port.published > 0 && port.mode == .ingress {
            for (_, other) in swarm.services where other.id != id {
                if other.ports.contains(where: { $0.published == port.published && $0.transport == port.transport }) {
                    throw invalid("port '\(port.published)' is already in use by service '\(other.spec.name)' (\(other.id)) as an ingress port")
                }
            }
        }
    }

    /// With the ports and platforms that were left open filled in.
    private mutating func ports(of spec: SimServiceSpec, before: [SimServicePort]) -> [SimServicePort] {
        spec.ports.map { port in
            var port = port
            if port.published == 0, port.mode == .ingress {
                if let kept = before.first(where: { $0.target == port.target && $0.transport == port.transport && $0.mode == .ingress }) {
                    port.published = kept.published
                } else {
                    port.published = swarm.nextPort
                    swarm.nextPort = swarm.nextPort >= 32767 ? 30000 : swarm.nextPort + 1
                }
            }
            return port
        }
    }

    private func resolved(_ spec: SimServiceSpec) -> SimServiceSpec {
        var spec = spec
        if spec.task.platforms.isEmpty, let image = image(spec.task.container.image) {
            spec.task.platforms = image.architectures.map { SimPlatform(architecture: $0) }
        }
        return spec
    }

    private mutating func virtualAddresses(of spec: SimServiceSpec, before: [SimService.VirtualAddress]) -> [SimService.VirtualAddress] {
        guard spec.endpointMode != "dnsrr" else {
            for old in before { giveBack(old) }
            return []
        }
        var names = spec.task.networks.map(\.network)
        if spec.ports.contains(where: { $0.mode == .ingress }) { names.insert("ingress", at: 0) }
        let wanted = names.compactMap { networks[$0]?.id ?? overlays[$0] }
        for old in before where !wanted.contains(old.network) { giveBack(old) }
        return wanted.compactMap { id in
            if let kept = before.first(where: { $0.network == id }) { return kept }
            guard let address = networks[id]?.pool.take(), let prefix = networks[id]?.pool.prefix else { return nil }
            return SimService.VirtualAddress(network: id, address: "\(address)/\(prefix)")
        }
    }

    private mutating func giveBack(_ address: SimService.VirtualAddress) {
        if let bare = address.address.split(separator: "/").first { networks[address.network]?.pool.giveBack(String(bare)) }
    }

    mutating func createService(_ spec: SimServiceSpec) throws(OrderRefusal) -> Answer {
        try mustManage()
        try validate(spec, of: nil)
        if swarm.names[spec.name] != nil {
            throw OrderRefusal(
                .conflict, "rpc error: code = AlreadyExists desc = name conflicts with an existing object: service \(spec.name) already exists")
        }
        var answer = Answer()
        answer.id = add(spec)
        if image(spec.task.container.image) == nil {
            answer.warnings = [
                "image \(spec.task.container.image) could not be accessed on a registry to record\nits digest. Each node will access \(spec.task.container.image) independently,\npossibly leading to different nodes running different\nversions of the image.\n"
            ]
        }
        return answer
    }

    @discardableResult
    mutating func add(_ spec: SimServiceSpec) -> String {
        let spec = resolved(spec)
        let id = random.swarmID()
        let given = ports(of: spec, before: [])
        swarm.services[id] = SimService(
            id: id, version: swarmChanged(), created: now, updated: now, spec: spec, ports: given, addresses: virtualAddresses(of: spec, before: []))
        swarm.names[spec.name] = id
        tellService(id, .create)
        requestTending(id)
        return id
    }

    private func serviceToChange(_ reference: String, _ version: UInt64) throws(OrderRefusal) -> SimService {
        try mustManage()
        let service = try self.service(reference)
        guard service.version == version else { throw OrderRefusal(.serverError, "rpc error: code = Unknown desc = update out of sequence") }
        return service
    }

    mutating func updateService(_ reference: String, _ version: UInt64, _ spec: SimServiceSpec) throws(OrderRefusal) -> Answer {
        let service = try serviceToChange(reference, version)
        if spec.name != service.spec.name { throw OrderRefusal(.notImplemented, "rpc error: code = Unimplemented desc = renaming services is not supported") }
        switch (spec.mode, service.spec.mode) {
        case (.replicated, .replicated), (.global, .global), (.replicatedJob, .replicatedJob), (.globalJob, .globalJob): break
        case _: throw OrderRefusal(.notImplemented, "rpc error: code = Unimplemented desc = service mode change is not allowed")
        }
        try validate(spec, of: service.id)
        change(service, to: spec, previous: service.spec)
        return Answer()
    }

    mutating func rollBack(_ reference: String, _ version: UInt64) throws(OrderRefusal) -> Answer {
        let service = try serviceToChange(reference, version)
        guard let previous = service.previousSpec else {
            throw OrderRefusal(.badRequest, "rpc error: code = FailedPrecondition desc = service \(service.id) does not have a previous spec")
        }
        change(service, to: previous, previous: service.spec, isRollback: true)
        return Answer()
    }

    private mutating func change(_ service: SimService, to spec: SimServiceSpec, previous: SimServiceSpec, isRollback: Bool = false) {
        // Whoever changes the image without saying for which machines it is gets those of the new one.
        var spec = spec
        if spec.task.container.image != service.spec.task.container.image, spec.task.platforms == service.spec.task.platforms { spec.task.platforms = [] }
        spec = resolved(spec)
        let given = ports(of: spec, before: service.ports)
        let addresses = virtualAddresses(of: spec, before: service.addresses)
        swarm.services[service.id]?.previousSpec = previous
        swarm.services[service.id]?.spec = spec
        swarm.services[service.id]?.ports = given
        swarm.services[service.id]?.addresses = addresses
        swarm.services[service.id]?.updateStatus = nil
        swarm.services[service.id]?.rollout = nil
        swarm.services[service.id]?.settled = []
        swarm.services[service.id]?.restarts = [:]
        if spec.mode.isJob { swarm.services[service.id]?.jobIteration += 1 }
        touch(service.id)
        tellService(service.id, .update, changes(from: service.spec, to: spec))
        // Waiting tasks are of the old make; they are no use any more.
        for id in service.tasks where swarm.unplaced.contains(id) && swarm.tasks[id]?.template != spec.task { shutDown(id, remove: true) }
        beginRollout(service.id, isRollback: isRollback, message: isRollback ? "manually requested rollback" : nil)
        requestTending(service.id)
    }

    private func changes(from old: SimServiceSpec, to new: SimServiceSpec) -> [String: String] {
        var changes: [String: String] = [:]
        if case .replicated(let before) = old.mode, case .replicated(let after) = new.mode, before != after {
            changes["replicas.old"] = String(before)
            changes["replicas.new"] = String(after)
        }
        if old.task.container.image != new.task.container.image {
            changes["image.old"] = old.task.container.image
            changes["image.new"] = new.task.container.image
        }
        return changes
    }

    mutating func removeService(_ reference: String) throws(OrderRefusal) -> Answer {
        try mustManage()
        let service = try self.service(reference)
        tellService(service.id, .remove)
        for address in service.addresses { giveBack(address) }
        swarm.names[service.spec.name] = nil
        swarm.services[service.id] = nil
        loads[service.id] = nil
        _ = swarmChanged()
        // The tasks outlive it until their containers have ended.
        for id in service.tasks { shutDown(id, remove: true) }
        return Answer()
    }
}
