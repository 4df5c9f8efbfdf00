internal import Domain
internal import Engine
internal import FoundationEssentials

/// Changes, once confirmed; nobody else is asked for them.
extension RegistryWatch {
    func perform(_ plan: Plan) async throws(Trouble) -> String {
        let operation = plan.operation
        let name = CheckAnswer.printable(operation.target.name)
        let attempt = "\(operation.action.verb) \(name)"
        // Looked at again: what was planned a while ago may not fit any more.
        let fresh = self.plan(operation)
        if let obstacle = fresh.obstacle { throw Trouble(.refusedByPlan, attempt: attempt, answer: obstacle) }
        if let idle = fresh.idle { return idle }
        var batch = RegistryFile.Batch()
        let done: String
        switch (operation.action, operation.target) {
        case (.registry(.register(let asked)), .source):
            let registration = completed(asked)
            let id = holdings.instanceID(registration)
            holdings.handmade[id] = registration
            batch.services[id.raw] = (registration, true)
            done = "registered \(registration.id) on \(registration.node)"
        case (.registry(.registerCheck(let asked)), .source), (.registry(.registerCheck(let asked)), .instance):
            let added = addition(asked, on: operation.target)
            let id = holdings.checkID(node: added.node, added.definition.id)
            holdings.added[id] = added
            batch.checks[id.raw] = added
            done = "added the check \(added.definition.id) on \(added.node)"
        case (.registry(.deregister), .instance(let id, _)):
            forget(id, &batch)
            done = "deregistered \(name)"
        case (.registry(.deregister), .check(let id, _)):
            remove(check: id, &batch)
            done = "removed the check \(name)"
        case (.registry(.maintenance(let begins, let reason)), .instance), (.registry(.maintenance(let begins, let reason)), .member):
            let key = operation.target.raw
            let maintenance = begins ? Holdings.Maintenance(reason: bounded(reason), since: now()) : nil
            holdings.maintenance[key] = maintenance
            batch.maintenance[key] = .some(maintenance)
            done = begins ? "\(name) is under maintenance" : "maintenance of \(name) has ended"
        default: throw Trouble(.unsupported, attempt: attempt, answer: "the built-in registry does not know this change")
        }
        touch()
        return await keep(batch) ? done : done + ", until Binnacle ends: the registry's file cannot be written"
    }

    func rawJSON(of target: Operation.Target) throws(Trouble) -> String {
        let attempt = "show \(CheckAnswer.printable(target.name))"
        switch target {
        case .instance(let id, _):
            guard let instance = holdings.instances[id] else { break }
            return try Self.json(instance.registration, attempt)
        case .check(let id, _):
            guard let check = holdings.checks[id] else { break }
            switch check.body {
            case .probe(let definition): return try Self.json(definition, attempt)
            case .maintenance(let maintenance): return try Self.json(["maintenance": maintenance.reason], attempt)
            }
        case .member(let id, _):
            return try Self.json(holdings.instances.values.map(\.registration).filter { $0.node == id.raw }.sorted { $0.id < $1.id }, attempt)
        case .source: return try Self.json(holdings.instances.values.map(\.registration).sorted { ($0.node, $0.id) < ($1.node, $1.id) }, attempt)
        case .container, .network, .workload, .node, .task, .group:
            throw Trouble(.unsupported, attempt: attempt, answer: "the built-in registry holds services, checks and nodes")
        }
        throw Trouble(.notFound, attempt: attempt, answer: "it has gone")
    }

    /// Takes an instance out that was registered by hand, with the checks added to it.
    func forget(_ id: ServiceInstance.ID) {
        forget(id, &pending)
        touch()
    }

    // What is done.

    private func forget(_ id: ServiceInstance.ID, _ batch: inout RegistryFile.Batch) {
        guard let registration = holdings.handmade.removeValue(forKey: id) else { return }
        var gone = RegistryFile.Batch(goneServices: [id.raw])
        for (check, added) in holdings.added where added.node == registration.node && added.serviceID == registration.id {
            holdings.added[check] = nil
            gone.goneChecks.insert(check.raw)
        }
        if holdings.maintenance.removeValue(forKey: id.raw) != nil { gone.maintenance[id.raw] = .some(nil) }
        batch.add(gone)
    }

    private func remove(check id: Check.ID, _ batch: inout RegistryFile.Batch) {
        if holdings.added.removeValue(forKey: id) != nil {
            batch.goneChecks.insert(id.raw)
            return
        }
        guard let check = holdings.checks[id], case .probe(let definition) = check.body else { return }
        let instance = ServiceInstance.id(source.id, node: check.node, serviceID: check.serviceID)
        guard var registration = holdings.handmade[instance], let index = registration.checks.firstIndex(of: definition) else { return }
        registration.checks.remove(at: index)
        holdings.handmade[instance] = registration
        batch.services[instance.raw] = (registration, true)
    }

    /// Together with what waits to be written, so that nothing is written in the wrong order.
    private func keep(_ batch: RegistryFile.Batch) async -> Bool {
        pending.add(batch)
        let all = pending
        pending = RegistryFile.Batch()
        return await write(all)
    }

    // What is kept.

    /// With a node, an id and ids for its checks, everything bounded.
    func completed(_ asked: ServiceRegistration) -> ServiceRegistration {
        var registration = asked
        registration.name = line(asked.name)
        registration.node = Roster.clean(asked.node.isEmpty ? roster.ownNode : asked.node)
        registration.id = asked.id.isEmpty ? registration.name : line(asked.id)
        registration.address = line(asked.address)
        registration.port = min(max(asked.port, 0), 65_535)
        registration.tags = asked.tags.prefix(64).map(line)
        registration.meta = Dictionary(asked.meta.sorted { $0.key < $1.key }.prefix(64).map { (line($0.key), bounded($0.value)) }, uniquingKeysWith: { first, _ in first })
        registration.checks = asked.checks.prefix(64).enumerated().map { index, check in
            var check = completed(check)
            check.id = Holdings.checkID(check, of: registration.id, index: index, among: min(asked.checks.count, 64))
            if check.name.isEmpty { check.name = "Service “\(registration.name)” check" }
            return check
        }
        return registration
    }

    func completed(_ asked: CheckDefinition) -> CheckDefinition {
        var definition = asked
        definition.id = line(asked.id)
        definition.name = line(asked.name)
        definition.notes = bounded(asked.notes)
        definition.interval = CheckBoard.clamped(asked.interval)
        definition.timeout = asked.timeout.map { $0.isFinite ? min(max($0, 0.05), 60) : 60 }
        definition.deregistersAfter = asked.deregistersAfter.map { max(60, CheckBoard.clamped($0)) }
        if case .ttl(let seconds) = asked.probe { definition.probe = .ttl(CheckBoard.clamped(seconds)) }
        return definition
    }

    func addition(_ asked: CheckDefinition, on target: Operation.Target) -> Holdings.AddedCheck {
        var definition = completed(asked)
        var node = roster.ownNode
        var service = ""
        if case .instance(let id, _) = target, let instance = holdings.instances[id] {
            node = instance.registration.node
            service = instance.registration.id
        }
        // As Consul does: the name stands for an id that was not given.
        if definition.id.isEmpty { definition.id = definition.name.isEmpty ? "\(definition.kind):\(service.isEmpty ? node : service)" : definition.name }
        if definition.name.isEmpty { definition.name = definition.id }
        return Holdings.AddedCheck(node: node, serviceID: service, definition: definition)
    }

    func bounded(_ text: String) -> String { String(CheckAnswer.printable(text).prefix(512)) }

    private func line(_ text: String) -> String { String(CheckAnswer.printable(text).filter { !$0.isNewline && $0 != "\t" }.prefix(255)) }

    static func json(_ value: some Encodable, _ attempt: String) throws(Trouble) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        do {
            return String(decoding: try encoder.encode(value), as: UTF8.self)
        } catch {
            throw Trouble(.malformed, attempt: attempt, answer: "\(error)")
        }
    }
}
