internal import Domain

/// Every change of the registry's tables goes through here, so that indexes and happenings keep step.
extension World {
    private mutating func bump(_ table: Happening.RegistryEvent.Table, node: String, service: String = "", check: String = "") -> UInt64 {
        registry.index += 1
        let index = registry.index
        switch table {
        case .nodes: registry.nodesIndex = index
        case .services: registry.servicesIndex = index
        case .checks: registry.checksIndex = index
        case .leader: break
        }
        if !service.isEmpty {
            registry.serviceIndexes[service] = index
        } else if table == .checks || table == .nodes {
            // What is of the node counts for every service there.
            for key in registry.instancesByNode[node] ?? OrderedKeys() {
                if let name = registry.instances[key]?.name { registry.serviceIndexes[name] = index }
            }
        }
        tell(.registry(Happening.RegistryEvent(table: table, index: index, node: node, service: service, check: check)))
        return index
    }

    mutating func put(_ member: SimMember) {
        var member = member
        let index = bump(.nodes, node: member.name)
        member.createIndex = registry.members[member.name]?.createIndex ?? index
        member.modifyIndex = index
        registry.members[member.name] = member
    }

    mutating func put(_ instance: SimInstance) {
        var instance = instance
        if let old = registry.instances[instance.key] {
            instance.createIndex = old.createIndex
            instance.modifyIndex = old.modifyIndex
            if old == instance { return }
            if old.name != instance.name { forgetName(old) }
        }
        let isNew = registry.instances[instance.key]?.name != instance.name
        let index = bump(.services, node: instance.node, service: instance.name)
        if instance.createIndex == 0 { instance.createIndex = index }
        instance.modifyIndex = index
        registry.instances[instance.key] = instance
        registry.instancesByNode[instance.node, default: OrderedKeys()].insert(instance.key)
        if isNew {
            registry.instancesByService[instance.name, default: OrderedKeys()].insert(instance.key)
            registry.names[instance.name] = (registry.names[instance.name] ?? 0) + 1
        }
        if let container = instance.container { registry.instancesByContainer[container, default: OrderedKeys()].insert(instance.key) }
    }

    private mutating func forgetName(_ instance: SimInstance) {
        registry.instancesByService[instance.name]?.remove(instance.key)
        if registry.instancesByService[instance.name]?.isEmpty == true { registry.instancesByService[instance.name] = nil }
        let left = (registry.names[instance.name] ?? 1) - 1
        registry.names[instance.name] = left > 0 ? left : nil
    }

    mutating func removeInstance(_ key: String) {
        guard let instance = registry.instances[key] else { return }
        for check in registry.checksByInstance[key] ?? OrderedKeys() { removeCheck(check) }
        registry.checksByInstance[key] = nil
        registry.instances[key] = nil
        registry.instancesByNode[instance.node]?.remove(key)
        forgetName(instance)
        if let container = instance.container {
            registry.instancesByContainer[container]?.remove(key)
            if registry.instancesByContainer[container]?.isEmpty == true { registry.instancesByContainer[container] = nil }
        }
        _ = bump(.services, node: instance.node, service: instance.name)
        // Names that are long gone need not wake anybody any more.
        if registry.serviceIndexes.count > 2 * registry.names.count + 4096 {
            registry.serviceIndexes = registry.serviceIndexes.filter { registry.names[$0.key] != nil }
        }
    }

    mutating func put(_ check: SimCheck) {
        var check = check
        if let old = registry.checks[check.key] {
            check.createIndex = old.createIndex
            check.modifyIndex = old.modifyIndex
            check.changed = old.status == check.status ? old.changed : now
            check.generation = old.generation
            check.dueRun = old.dueRun
            if old == check { return }
        } else {
            check.changed = now
        }
        let index = bump(.checks, node: check.node, service: check.serviceName, check: check.id)
        if check.createIndex == 0 { check.createIndex = index }
        check.modifyIndex = index
        registry.checks[check.key] = check
        registry.checksByNode[check.node, default: OrderedKeys()].insert(check.key)
        if !check.serviceID.isEmpty { registry.checksByInstance["\(check.node)/\(check.serviceID)", default: OrderedKeys()].insert(check.key) }
    }

    mutating func removeCheck(_ key: String) {
        guard let check = registry.checks[key] else { return }
        registry.checks[key] = nil
        registry.checksByNode[check.node]?.remove(key)
        registry.checksByInstance["\(check.node)/\(check.serviceID)"]?.remove(key)
        _ = bump(.checks, node: check.node, service: check.serviceName, check: check.id)
    }

    /// What a run found. The same again changes no index.
    mutating func setStatus(_ key: String, _ status: SimCheck.Status, _ output: String) {
        guard let check = registry.checks[key], check.status != status || check.output != output, hasRegistryLeader else { return }
        let index = bump(.checks, node: check.node, service: check.serviceName, check: check.id)
        registry.checks[key]?.status = status
        registry.checks[key]?.output = output
        registry.checks[key]?.modifyIndex = index
        guard check.status != status else { return }
        registry.checks[key]?.changed = now
        if status == .critical, check.deregisterAfter > .zero {
            plan(.run(check: key, generation: check.generation), in: check.deregisterAfter)
        }
    }

    var hasRegistryLeader: Bool { !registry.leader.isEmpty }

    mutating func setLeader(_ address: String) {
        guard registry.leader != address else { return }
        registry.leader = address
        tell(.registry(Happening.RegistryEvent(table: .leader, index: registry.index, node: "", service: "", check: "")))
        if !address.isEmpty { catchUp() }
    }

    /// The agents bring the catalog up to date with what they could not tell while there was no leader.
    private mutating func catchUp() {
        let waiting = waitingOrders
        waitingOrders = []
        for order in waiting {
            do throws(OrderRefusal) { _ = try self.order(order) } catch { continue }  // What was refused by now is refused.
        }
        for (_, host) in hosts where host.isReachable && host.registrator != nil { synchronise(host.id) }
        for (key, instance) in registry.instances {
            if let container = instance.container, containers[container]?.isRunning != true, let host = registry.members[instance.node]?.host, hosts[host]?.registrator != nil {
                removeInstance(key)
            }
        }
        for (name, member) in registry.members where member.host != nil { seeMember(name) }
        for key in registry.checks.keys { wake(key) }
    }
}
