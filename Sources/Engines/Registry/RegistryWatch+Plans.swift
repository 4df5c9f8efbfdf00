internal import Domain

/// What changes would do. Nothing is asked of anybody: all that a plan needs is here.
extension RegistryWatch {
    func plan(_ operation: Operation) -> Plan {
        var plan = Plan(operation: operation)
        plan.notes = ["the built-in registry has no command line of its own"]
        describe(&plan)
        if let obstacle { plan.obstacle = obstacle }
        return plan
    }

    private func describe(_ plan: inout Plan) {
        switch (plan.operation.action, plan.operation.target) {
        case (.registry(.register(let registration)), .source): describe(registration, &plan)
        case (.registry(.registerCheck(let definition)), .source): describe(definition, on: nil, &plan)
        case (.registry(.registerCheck(let definition)), .instance(let id, _)): describe(definition, on: id, &plan)
        case (.registry(.deregister), .instance(let id, _)): describeRemoval(of: id, &plan)
        case (.registry(.deregister), .check(let id, _)): describeRemoval(of: id, &plan)
        case (.registry(.deregister), .member(let id, _)):
            plan.obstacle = "\(id.raw) is the machine of an engine that is watched, or of something registered on it: it leaves with them"
        case (.registry(.maintenance(let begins, let reason)), .instance(let id, _)):
            guard let instance = holdings.instances[id] else { return gone(&plan) }
            describe(begins, reason, of: "service instance \(instance.registration.id)", key: id.raw, &plan)
        case (.registry(.maintenance(let begins, let reason)), .member(let id, _)):
            let members = roster.members(besides: holdings.instances.values.lazy.map(\.registration.node))
            guard members.contains(where: { $0.id == id }) else { return gone(&plan) }
            describe(begins, reason, of: "node \(id.raw)", key: id.raw, &plan)
        default: plan.obstacle = "this cannot be done to \(CheckAnswer.printable(plan.operation.target.name)) in the built-in registry"
        }
    }

    private var obstacle: String? {
        if configuration.isReadOnly { return "the registry is watched read-only" }
        switch standing {
        case .on: return nil
        case .absent: return "Consul holds the registry here: change it there"
        case .undecided: return "it is not settled yet whether a Consul holds the registry here; try again in a moment"
        }
    }

    private func gone(_ plan: inout Plan) { plan.obstacle = "it has gone" }

    private func describe(_ asked: ServiceRegistration, _ plan: inout Plan) {
        let registration = completed(asked)
        let id = holdings.instanceID(registration)
        let known = holdings.instances[id]
        plan.changes = [
            Plan.Change(
                subject: "service instance \(registration.id) on \(registration.node)", before: known.map { Self.words($0.registration) } ?? "not registered",
                after: Self.words(registration))
        ]
        for check in registration.checks { plan.changes.append(Plan.Change(subject: "check \(check.name)", before: "—", after: check.words)) }
        plan.calls = ["keep service \(id.raw) in \(configuration.path)"]
        plan.undo = Operation(.registry(.deregister), on: .instance(id, name: registration.id))
        plan.wayBack = "deregister it again"
        if let known, known.isHandmade {
            plan.undo = Operation(.registry(.register(known.registration)), on: plan.operation.target)
            plan.wayBack = "register it again as it was"
        }
        if registration.name.isEmpty {
            plan.obstacle = "a service needs a name"
        } else if !(0...65_535).contains(asked.port) {
            plan.obstacle = "\(asked.port) is not a port number"
        } else if let known, !known.isHandmade {
            plan.obstacle = "a container is registered by this id: \(known.registration.container.prefix(12)); choose another"
        } else if known == nil, holdings.handmade.count >= Holdings.serviceLimit {
            plan.obstacle = "\(Holdings.serviceLimit) services are registered, which is all that are kept"
        }
        warn(of: registration.checks, container: registration.container, &plan)
    }

    private func describe(_ asked: CheckDefinition, on instance: ServiceInstance.ID?, _ plan: inout Plan) {
        if let instance, holdings.instances[instance] == nil { return gone(&plan) }
        let added = addition(asked, on: plan.operation.target)
        let id = holdings.checkID(node: added.node, added.definition.id)
        let place = added.serviceID.isEmpty ? "node \(added.node)" : "\(added.serviceID) on \(added.node)"
        plan.changes = [
            Plan.Change(subject: "check \(added.definition.id) of \(place)", before: holdings.added[id]?.definition.words ?? "—", after: added.definition.words)
        ]
        plan.calls = ["keep check \(id.raw) in \(configuration.path)"]
        plan.undo = Operation(.registry(.deregister), on: .check(id, name: added.definition.name))
        plan.wayBack = "remove it again"
        if holdings.checks[id] != nil, holdings.added[id] == nil {
            plan.obstacle = "there is a check by this id already: \(added.definition.id); choose another"
        } else if holdings.added.count >= Holdings.checkLimit {
            plan.obstacle = "\(Holdings.checkLimit) checks are kept already, which is all that are"
        }
        warn(of: [added.definition], container: instance.flatMap { holdings.instances[$0]?.container?.raw } ?? "", &plan)
    }

    private func warn(of checks: [CheckDefinition], container: String, _ plan: inout Plan) {
        for check in checks {
            switch check.probe {
            case .ttl: plan.warnings.append("nobody can report to the built-in registry: a TTL check turns critical when its time is over")
            case .script, .docker:
                if !runner.allowsScripts { plan.warnings.append("scripts are not allowed (“registry: {scripts: true}” allows them): the check will not run") }
                if container.isEmpty { plan.warnings.append("a script runs inside its service's container, and none is named: the check will not run") }
            case .http, .tcp: break
            }
        }
    }

    private func describeRemoval(of id: ServiceInstance.ID, _ plan: inout Plan) {
        guard let instance = holdings.instances[id] else { return gone(&plan) }
        let registration = instance.registration
        plan.changes = [Plan.Change(subject: "service instance \(registration.id) on \(registration.node)", before: Self.words(registration), after: "not registered")]
        plan.previous = try? Self.json(registration, "")  // Only for the journal; what it was is in the undo as well.
        guard instance.isHandmade else {
            plan.obstacle = "it comes back as long as its container runs: stop the container, or give it SERVICE_IGNORE=yes, which keeps it out"
            return
        }
        plan.calls = ["forget service \(id.raw) in \(configuration.path)"]
        plan.undo = Operation(.registry(.register(registration)), on: .source(source.id, name: source.name))
        plan.wayBack = "register it again"
        let added = holdings.added.values.count { $0.node == registration.node && $0.serviceID == registration.id }
        if added > 0 { plan.warnings.append("\(added) check\(added == 1 ? "" : "s") added to it later go with it, and do not come back by undo") }
    }

    private func describeRemoval(of id: Check.ID, _ plan: inout Plan) {
        guard let check = holdings.checks[id] else { return gone(&plan) }
        plan.calls = ["forget check \(id.raw) in \(configuration.path)"]
        switch check.body {
        case .maintenance:
            plan.obstacle = "it stands for a maintenance: end the maintenance"
        case .probe(let definition):
            plan.changes = [Plan.Change(subject: "check \(check.name)", before: definition.words, after: "—")]
            plan.wayBack = "add it again"
            let instance = ServiceInstance.id(source.id, node: check.node, serviceID: check.serviceID)
            let target: Operation.Target =
                check.serviceID.isEmpty ? .source(source.id, name: source.name) : .instance(instance, name: check.serviceID)
            plan.undo = Operation(.registry(.registerCheck(definition)), on: target)
            if holdings.added[id] == nil {
                if let registration = holdings.handmade[instance] {
                    plan.undo = Operation(.registry(.register(registration)), on: .source(source.id, name: source.name))
                } else {
                    plan.obstacle = "its container asks for it by its SERVICE_CHECK_… keys: it stays as long as the container runs"
                }
            }
        }
    }

    private func describe(_ begins: Bool, _ reason: String, of subject: String, key: String, _ plan: inout Plan) {
        let known = holdings.maintenance[key]?.reason
        let before = known.map { "under maintenance: \($0)" } ?? "in service"
        plan.changes = [Plan.Change(subject: subject, before: before, after: begins ? "under maintenance: \(bounded(reason))" : "in service")]
        plan.calls = ["\(begins ? "keep" : "forget") maintenance of \(key) in \(configuration.path)"]
        if begins {
            if known == bounded(reason) { plan.idle = "it is under maintenance already" }
            plan.undo = Operation(.registry(.maintenance(known != nil, reason: known ?? "")), on: plan.operation.target)
            plan.wayBack = "end the maintenance"
        } else {
            if known == nil { plan.idle = "it is not under maintenance" }
            plan.undo = known.map { Operation(.registry(.maintenance(true, reason: $0)), on: plan.operation.target) }
            plan.wayBack = "begin it again"
        }
    }

    private static func words(_ registration: ServiceRegistration) -> String {
        let place = registration.address + (registration.port == 0 ? "" : ":\(registration.port)")
        return "\(registration.name) at \(place.isEmpty ? "its node" : place)" + (registration.tags.isEmpty ? "" : " (\(registration.tags.joined(separator: ", ")))")
    }
}
