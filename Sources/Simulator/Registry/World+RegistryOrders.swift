internal import Domain

extension World {
    /// No more than so many orders wait for a leader.
    private static let waitingLimit = 1000

    /// Changes that the agent keeps and tells the servers as soon as there is a leader. True: it waits.
    private mutating func waits(_ order: Order) -> Bool {
        guard !hasRegistryLeader else { return false }
        if waitingOrders.count < World.waitingLimit { waitingOrders.append(order) }
        return true
    }

    private func agent(_ name: String) throws(OrderRefusal) -> SimMember {
        guard let member = registry.members[name] else { throw OrderRefusal(.serverError, "no such agent: \(name)") }
        return member
    }

    mutating func register(_ instance: SimInstance, _ checks: [SimCheck], replacesChecks: Bool, _ agent: String) throws(OrderRefusal) -> Answer {
        let member = try self.agent(agent)
        if instance.name.isEmpty { throw OrderRefusal(.badRequest, "Missing service name") }
        for check in checks { try validate(check) }
        if waits(.register(instance, checks: checks, replacesChecks: replacesChecks, agent: agent)) { return Answer() }
        var instance = instance
        instance.node = agent
        if instance.id.isEmpty { instance.id = instance.name }
        instance.container = container(at: instance.address, instance.port, on: member)
        put(instance)
        var kept: Set<String> = []
        for (number, check) in checks.enumerated() {
            var check = check
            check.node = agent
            if check.id.isEmpty { check.id = "service:\(instance.id)" + (checks.count > 1 ? ":\(number + 1)" : "") }
            if check.name.isEmpty { check.name = "Service '\(instance.name)' check" }
            check.serviceID = instance.id
            check.serviceName = instance.name
            check.serviceTags = instance.tags
            kept.insert(check.key)
            install(check)
        }
        if replacesChecks {
            for key in registry.checksByInstance[instance.key] ?? OrderedKeys() where !kept.contains(key) && !key.contains("/_service_maintenance:") { removeCheck(key) }
        }
        return Answer()
    }

    private func validate(_ check: SimCheck) throws(OrderRefusal) {
        switch check.kind {
        case .http, .tcp, .script, .docker, .grpc:
            if check.interval <= .zero { throw OrderRefusal(.badRequest, "Invalid check: Interval must be > 0 for Script, HTTP, or TCP checks") }
        case .ttl(let ttl): if ttl <= .zero { throw OrderRefusal(.badRequest, "Invalid check: TTL must be > 0 for TTL checks") }
        case .alias, .serf, .maintenance, .none: break
        }
    }

    /// Puts it in; one that is known and does the same keeps what it found.
    private mutating func install(_ check: SimCheck) {
        var check = check
        if let old = registry.checks[check.key], old.kind == check.kind, old.interval == check.interval {
            check.status = old.status
            check.output = old.output
            check.fault = old.fault
            check.flapping = old.flapping
            check.expires = old.expires
            return put(check)
        }
        put(check)
        begin(check.key)
    }

    /// Who answers there, as far as it is one of ours.
    private func container(at address: String, _ port: Int, on member: SimMember) -> String? {
        guard let host = member.host.flatMap({ hosts[$0] }) else { return nil }
        if address.isEmpty || address == host.address || address.hasPrefix("127.") { return host.publishedPorts["\(port)/tcp"] }
        return host.containers.first { id in containers[id]?.endpoints.contains { $0.address == address } == true }
    }

    mutating func deregister(_ service: String, _ agent: String) throws(OrderRefusal) -> Answer {
        _ = try self.agent(agent)
        // 1.8 says yes also to what it does not know.
        if !waits(.deregister(service: service, agent: agent)) {
            removeCheck("\(agent)/_service_maintenance:\(service)")
            removeInstance("\(agent)/\(service)")
        }
        return Answer()
    }

    mutating func registerCheck(_ check: SimCheck, _ agent: String) throws(OrderRefusal) -> Answer {
        _ = try self.agent(agent)
        if check.name.isEmpty { throw OrderRefusal(.badRequest, "Missing check name") }
        try validate(check)
        var check = check
        check.node = agent
        if check.id.isEmpty { check.id = check.name }
        if !check.serviceID.isEmpty {
            guard let instance = registry.instances["\(agent)/\(check.serviceID)"], !instance.isOrphan else {
                throw OrderRefusal(.serverError, "ServiceID \"\(check.serviceID)\" does not exist")
            }
            check.serviceName = instance.name
            check.serviceTags = instance.tags
        }
        if !waits(.registerCheck(check, agent: agent)) { install(check) }
        return Answer()
    }

    mutating func deregisterCheck(_ id: String, _ agent: String) throws(OrderRefusal) -> Answer {
        _ = try self.agent(agent)
        if !waits(.deregisterCheck(id, agent: agent)) { removeCheck("\(agent)/\(id)") }
        return Answer()
    }

    mutating func setTTL(_ id: String, _ status: SimCheck.Status, _ output: String, _ agent: String) throws(OrderRefusal) -> Answer {
        _ = try self.agent(agent)
        guard let check = registry.checks["\(agent)/\(id)"], case .ttl(let duration) = check.kind else {
            throw OrderRefusal(.serverError, "CheckID \"\(id)\" does not have associated TTL")
        }
        if waits(.setTTL(check: id, status: status, output: output, agent: agent)) { return Answer() }
        registry.checks[check.key]?.generation += 1
        let expires = later(by: duration)
        registry.checks[check.key]?.expires = expires
        plan(.run(check: check.key, generation: check.generation + 1), in: duration)
        setStatus(check.key, status, output)
        return Answer()
    }

    mutating func maintain(service id: String, _ isOn: Bool, _ reason: String, _ agent: String) throws(OrderRefusal) -> Answer {
        _ = try self.agent(agent)
        guard let instance = registry.instances["\(agent)/\(id)"], !instance.isOrphan else { throw OrderRefusal(.notFound, "No service registered with ID \"\(id)\"") }
        if waits(.serviceMaintenance(service: id, isOn: isOn, reason: reason, agent: agent)) { return Answer() }
        var check = SimCheck(node: agent, id: "_service_maintenance:\(id)", name: "Service Maintenance Mode", kind: .maintenance)
        check.serviceID = id
        check.serviceName = instance.name
        check.serviceTags = instance.tags
        setMaintenance(check, isOn, reason, "service")
        return Answer()
    }

    mutating func maintainNode(_ isOn: Bool, _ reason: String, _ agent: String) throws(OrderRefusal) -> Answer {
        _ = try self.agent(agent)
        if waits(.nodeMaintenance(isOn: isOn, reason: reason, agent: agent)) { return Answer() }
        setMaintenance(SimCheck(node: agent, id: "_node_maintenance", name: "Node Maintenance Mode", kind: .maintenance), isOn, reason, "node")
        return Answer()
    }

    private mutating func setMaintenance(_ check: SimCheck, _ isOn: Bool, _ reason: String, _ what: String) {
        guard isOn else { return removeCheck(check.key) }
        var check = check
        check.notes = reason.isEmpty ? "Maintenance mode is enabled for this \(what), but no reason was provided. This is a default message." : reason
        put(check)
    }

    mutating func catalogRegister(
        _ node: String, _ address: String, _ meta: [String: String], _ instance: SimInstance?, _ checks: [SimCheck]
    ) throws(OrderRefusal) -> Answer {
        guard hasRegistryLeader else { throw OrderRefusal(.serverError, "No cluster leader") }
        if node.isEmpty || address.isEmpty { throw OrderRefusal(.serverError, "Must provide node and address") }
        if registry.members[node] == nil {
            put(SimMember(id: random.uuid(), name: node, address: address, isServer: false, status: .left, host: nil, meta: meta))
        }
        if var instance {
            instance.node = node
            if instance.id.isEmpty { instance.id = instance.name }
            if instance.name.isEmpty { throw OrderRefusal(.serverError, "Must provide service name with ID") }
            if registry.members[node]?.host != nil, registry.instances[instance.key].map(\.isOrphan) ?? true {
                instance.isOrphan = true
                // The agent compares what it has with the catalog about every minute.
                plan(.reconcile(instance: instance.key), in: random.milliseconds(30_000...60_000))
            }
            put(instance)
        }
        for check in checks {
            var check = check
            check.node = node
            if check.id.isEmpty { check.id = check.name }
            check.kind = .none
            if let owner = registry.instances["\(node)/\(check.serviceID)"] {
                check.serviceName = owner.name
                check.serviceTags = owner.tags
            }
            put(check)
        }
        return Answer()
    }

    mutating func catalogDeregister(_ node: String, _ service: String, _ check: String) throws(OrderRefusal) -> Answer {
        guard hasRegistryLeader else { throw OrderRefusal(.serverError, "No cluster leader") }
        if node.isEmpty { throw OrderRefusal(.serverError, "Must provide node") }
        if !service.isEmpty {
            removeInstance("\(node)/\(service)")
        } else if !check.isEmpty {
            removeCheck("\(node)/\(check)")
        } else if let member = registry.members[node] {
            for key in registry.instancesByNode[node] ?? OrderedKeys() { removeInstance(key) }
            for key in registry.checksByNode[node] ?? OrderedKeys() { removeCheck(key) }
            put(member)
            registry.members[node] = nil
        }
        // What an agent owns it tells again within a minute.
        if let host = registry.members[node]?.host, hosts[host]?.registrator != nil { synchronise(host) }
        return Answer()
    }

    /// The agent takes out of the catalog what it does not know itself.
    mutating func reconcile(instance key: String) {
        guard let instance = registry.instances[key], instance.isOrphan, hasRegistryLeader, registry.members[instance.node]?.status == .alive else { return }
        removeInstance(key)
    }

    mutating func forceLeave(_ node: String) throws(OrderRefusal) -> Answer {
        guard var member = registry.members[node] else { throw OrderRefusal(.serverError, "agent: No node found with name '\(node)'") }
        guard member.status == .failed else { return Answer() }
        member.status = .left
        put(member)
        elect()
        return Answer()
    }
}
