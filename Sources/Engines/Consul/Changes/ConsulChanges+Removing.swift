internal import Domain
internal import Engine
internal import JSON

/// Taking out: by the agent that holds it as long as that lives, else out of the catalog.
extension ConsulChanges {
    func describeRemoval(of instance: ServiceInstance, _ deed: inout ConsulDeed) async throws(Trouble) {
        let operation = deed.plan.operation
        let name = words(instance.serviceID), node = words(instance.node)
        let entry = try await catalogEntry(instance.node, operation)
        let kept = entry?["Services"]?.members.first { $0.key == instance.serviceID }?.value
        let checks = try await checks(ofNode: instance.node, operation).filter { $0.serviceID == instance.serviceID }
        let service = kept?["Service"]?.text ?? instance.service
        let subject = "\(words(service)) (\(name) on \(node))"
        let endpoint = kept.map { Self.registration($0, node: instance.node).words } ?? words(instance.endpoint)
        deed.plan.changes = [Plan.Change(subject: subject, before: endpoint.isEmpty ? "registered" : "registered: \(endpoint)", after: "deregistered")]
        for check in checks { deed.plan.changes.append(Plan.Change(subject: "check \(words(check.name))", before: check.status.word, after: "goes with it")) }
        deed.done = "deregistered \(subject)"
        switch try await finder.owner(of: instance.node) {
        case .beyond(let why):
            deed.plan.obstacle = why
            return
        case .none(let status):
            guard kept != nil else { return deed.plan.idle = "the catalog has no such instance (any more)" }
            let why = status == .external ? "\(node) has no agent" : "the agent of \(node) is \(status == .left ? "gone (left)" : "not answering (\(status.rawValue))")"
            deed.plan.notes.append("\(why), so that nobody puts it back: it is taken out of the catalog itself")
            if status == .failed { deed.plan.warnings.append("an agent that comes back on \(node) with this service in its data folder registers it again") }
            removeFromCatalog(instance, kept, isRestorable: status == .external, &deed)
        case .reached(let agent, _):
            if let held = try await definition(instance.serviceID, at: agent, operation) {
                deed.plan.previous = SecretMask.masked(held.json)
                let undone = Self.registration(held, node: instance.node)
                deed.plan.undo = Operation(.registry(.register(undone)), on: .source(source, name: source.raw))
                deed.plan.wayBack = "register it again (:undo)"
                let own = checks.filter { !HealthCheck.isMaintenance(Self.parts($0.id.raw).id) }
                if !own.isEmpty {
                    deed.plan.warnings.append(
                        "Consul does not hand out how checks are defined: registered again, it comes without its \(own.count) check\(own.count == 1 ? "" : "s") and counts as passing")
                }
                warnOfTheRest(held, &deed)
                deed.plan.notes.append("an agent that has it in its configuration files registers it again when it reloads")
                deed.plan.commandLine = ConsulCommand(connection: agent).consul(["services", "deregister"], ["-id=\(instance.serviceID)"])
                deed.steps = [
                    ConsulDeed.Step(
                        call: ConsulCall("PUT", ["agent", "service", "deregister", instance.serviceID]), connection: agent,
                        needs: "service:write on “\(words(service))”", tolerates: [404])
                ]
                deed.proof = .agentService(agent, id: instance.serviceID, isThere: false)
            } else {
                guard kept != nil else { return deed.plan.idle = "neither its agent nor the catalog has such an instance (any more)" }
                deed.plan.notes.append("the agent of \(node) does not hold it: it is an orphan in the catalog, and taken out there")
                removeFromCatalog(instance, kept, isRestorable: false, &deed)
            }
        }
        let left = try await others(of: service, than: { $0 == instance.node && $1 == instance.serviceID }, operation)
        if left == 0 { deed.plan.warnings.append("no other instance of \(words(service)) is passing or warning: who asks for it finds none") }
    }

    private func removeFromCatalog(_ instance: ServiceInstance, _ kept: JSONTree?, isRestorable: Bool, _ deed: inout ConsulDeed) {
        deed.plan.previous = kept.map { SecretMask.masked($0.json) }
        if isRestorable, let kept {
            deed.plan.undo = Operation(.registry(.register(Self.registration(kept, node: instance.node))), on: .source(source, name: source.raw))
            deed.plan.wayBack = "write it into the catalog again, without its checks (:undo)"
            warnOfTheRest(kept, &deed)
        } else {
            deed.plan.wayBack = nil
        }
        takeOut([("Node", instance.node), ("ServiceID", instance.serviceID)], &deed)
    }

    func describeRemoval(of id: Check.ID, _ deed: inout ConsulDeed) async throws(Trouble) {
        let operation = deed.plan.operation
        let told = picture.checks.checks.first { $0.id == id }
        let node = told?.node ?? Self.parts(id.raw).node
        let checkID = id.raw.hasPrefix(node + "/") ? String(id.raw.dropFirst(node.count + 1)) : Self.parts(id.raw).id
        let listed = try await checks(ofNode: node, operation).first { $0.id == id }
        let subject = "check \(words(listed?.name ?? told?.name ?? checkID)) on \(words(node))"
        if checkID == HealthCheck.serf {
            deed.plan.obstacle = "Consul keeps this check itself: whether the agent of \(words(node)) answers the others"
            return
        }
        if HealthCheck.isMaintenance(checkID) {
            deed.plan.obstacle = "this is no check but a maintenance: end the maintenance instead"
            return
        }
        deed.plan.changes = [Plan.Change(subject: subject, before: listed?.status.word ?? "registered", after: "deregistered")]
        deed.plan.wayBack = nil
        deed.done = "deregistered \(subject)"
        switch try await finder.owner(of: node) {
        case .beyond(let why): deed.plan.obstacle = why
        case .none(let status):
            guard listed != nil else { return deed.plan.idle = "the catalog has no such check (any more)" }
            deed.plan.notes.append("no agent of \(words(node)) would put it back (\(status == .external ? "it has none" : status.rawValue)): it is taken out of the catalog itself")
            takeOut([("Node", node), ("CheckID", checkID)], &deed)
        case .reached(let agent, _):
            let isHeld = try await agent.ownChecks(source: source).contains { $0.id == id }
            if isHeld {
                deed.plan.warnings.append("Consul does not hand out how a check is defined: nothing brings it back but whoever registered it")
                let call = ConsulCall("PUT", ["agent", "check", "deregister", checkID])
                deed.plan.commandLine = ConsulCommand(connection: agent).curl(call)
                let needs = (listed?.service).flatMap { $0.isEmpty ? nil : "service:write on “\(words($0))”" } ?? "node:write on “\(words(node))”"
                deed.steps = [ConsulDeed.Step(call: call, connection: agent, needs: needs, tolerates: [404])]
                deed.proof = .agentCheck(agent, id: checkID, isThere: false)
            } else {
                guard listed != nil else { return deed.plan.idle = "neither its agent nor the catalog has such a check (any more)" }
                deed.plan.notes.append("the agent of \(words(node)) does not hold it: it is an orphan in the catalog, and taken out there")
                takeOut([("Node", node), ("CheckID", checkID)], &deed)
            }
        }
    }

    func describeRemoval(ofNode node: String, _ deed: inout ConsulDeed) async throws(Trouble) {
        let operation = deed.plan.operation
        guard let entry = try await catalogEntry(node, operation) else { return deed.plan.idle = "the catalog has no such node (any more)" }
        deed.plan.changes = [Plan.Change(subject: "node \(words(node))", before: words(entry["Node", "Address"]?.text ?? "registered"), after: "taken out of the catalog")]
        for service in entry["Services"]?.members ?? [] {
            deed.plan.changes.append(Plan.Change(subject: "\(words(service.value["Service"]?.text ?? "")) (\(words(service.key)))", before: "registered", after: "goes with it"))
        }
        deed.plan.previous = SecretMask.masked(entry.json)
        deed.plan.wayBack = nil
        deed.done = "took node \(words(node)) out of the catalog"
        let alive = "the agent of \(words(node)) is alive and would put it back: stop it there first (consul leave)"
        switch try await finder.owner(of: node) {
        case .reached: deed.plan.obstacle = alive
        case .beyond:
            let status = picture.members.first { $0.name == node }?.status ?? .unknown
            if status == .alive || status == .unknown { deed.plan.obstacle = alive } else { takeOut([("Node", node)], &deed) }
        case .none(let status):
            if status == .failed {
                deed.plan.notes.append("the other agents still wait for it, up to 72 h: consul force-leave \(CommandLineText.quoted(words(node))) ends that")
                deed.plan.warnings.append("an agent that comes back there registers itself and its services again")
            }
            takeOut([("Node", node)], &deed)
        }
    }

    private func takeOut(_ what: [(String, String)], _ deed: inout ConsulDeed) {
        let members = ([("Datacenter", connection.datacenter ?? "")] + what).filter { !$0.1.isEmpty }
        let body = JSONTree.object(members.map { JSONTree.Member(key: $0.0, value: .string($0.1)) })
        let call = ConsulCall("PUT", ["catalog", "deregister"], body: Array(body.json.utf8))
        deed.plan.commandLine = ConsulCommand(connection: connection).curl(call)
        deed.steps = [ConsulDeed.Step(call: call, connection: connection, needs: "node:write on “\(words(what.first?.1 ?? ""))” (or service:write for a service)")]
    }

    /// What registering it again from our own description leaves out.
    private func warnOfTheRest(_ held: JSONTree, _ deed: inout ConsulDeed) {
        if let kind = held["Kind"]?.text, !kind.isEmpty { deed.plan.warnings.append("it is a \(words(kind)): registered again, it would be a plain service") }
        if let weights = held["Weights"], weights["Passing"]?.integer ?? 1 != 1 || weights["Warning"]?.integer ?? 1 != 1 {
            deed.plan.warnings.append("registered again, it comes with the usual weights in place of \(weights["Passing"]?.integer ?? 1) and \(weights["Warning"]?.integer ?? 1)")
        }
        if held["EnableTagOverride"]?.isTrue == true { deed.plan.warnings.append("registered again, its tags can no longer be changed by the catalog (EnableTagOverride)") }
    }

    /// From an agent's or the catalog's description of a service.
    static func registration(_ held: JSONTree, node: String) -> ServiceRegistration {
        ServiceRegistration(
            node: node, id: held["ID"]?.text ?? "", name: held["Service"]?.text ?? "", address: held["Address"]?.text ?? "",
            port: Int(clamping: held["Port"]?.integer ?? 0), tags: held["Tags"]?.texts ?? [], meta: held["Meta"]?.dictionary ?? [:])
    }
}

extension ServiceRegistration {
    /// `10.0.0.2:80, tags v1, primary`
    var words: String {
        let host = address.contains(":") ? "[\(address)]" : address
        let endpoint = port == 0 ? host : host.isEmpty ? "port \(port)" : "\(host):\(port)"
        return PlainText.printable(([endpoint] + (tags.isEmpty ? [] : ["tags " + tags.joined(separator: ", ")])).filter { !$0.isEmpty }.joined(separator: ", "))
    }
}
