internal import Domain
internal import Engine
internal import JSON

/// Maintenance: a critical check that Consul's DNS and its clients heed, put on and taken off by the agent itself.
extension ConsulChanges {
    /// Services of one node that are looked at for what is left of them.
    private static let servicesLooked = 32

    func describeMaintenance(_ on: Bool, _ reason: String, of instance: ServiceInstance, _ deed: inout ConsulDeed) async throws(Trouble) {
        let operation = deed.plan.operation
        let name = words(instance.serviceID), node = words(instance.node)
        switch try await finder.owner(of: instance.node) {
        case .beyond(let why): deed.plan.obstacle = why
        case .none(let status): deed.plan.obstacle = "no agent of \(node) is there to do it (\(status.rawValue)): take the instance out instead"
        case .reached(let agent, _):
            guard let held = try await definition(instance.serviceID, at: agent, operation) else {
                deed.plan.obstacle = "the agent of \(node) holds no service \(name): it is only in the catalog, and can be taken out there"
                return
            }
            let service = held["Service"]?.text ?? instance.service
            let id = HealthCheck.serviceMaintenance + instance.serviceID
            let standing = try await maintenance(id, at: agent)
            describe(on, reason, standing, of: "\(words(service)) (\(name) on \(node))", &deed)
            var arguments = ["-service=\(instance.serviceID)"]
            if on { arguments += reasonArgument(reason) }
            deed.plan.commandLine = ConsulCommand(connection: agent).consul(["maint"], [on ? "-enable" : "-disable"] + arguments)
            deed.steps = [
                ConsulDeed.Step(
                    call: call(on, reason, ["agent", "service", "maintenance", instance.serviceID]), connection: agent, needs: "service:write on “\(words(service))”")
            ]
            deed.proof = .agentCheck(agent, id: id, isThere: on)
            guard on, deed.plan.idle == nil else { return }
            let left = try await others(of: service, than: { $0 == instance.node && $1 == instance.serviceID }, operation)
            if left == 0 { deed.plan.warnings.append("no other instance of \(words(service)) is passing or warning: who asks for it finds none") } else {
                deed.plan.notes.append("\(left) other instance\(left == 1 ? "" : "s") of \(words(service)) \(left == 1 ? "goes" : "go") on answering")
            }
        }
    }

    func describeMaintenance(_ on: Bool, _ reason: String, ofNode node: String, _ deed: inout ConsulDeed) async throws(Trouble) {
        let operation = deed.plan.operation
        switch try await finder.owner(of: node) {
        case .beyond(let why): deed.plan.obstacle = why
        case .none(let status): deed.plan.obstacle = "no agent of \(words(node)) is there to do it (\(status.rawValue))"
        case .reached(let agent, _):
            let standing = try await maintenance(HealthCheck.nodeMaintenance, at: agent)
            describe(on, reason, standing, of: "node \(words(node))", &deed)
            deed.plan.commandLine = ConsulCommand(connection: agent).consul(["maint"], [on ? "-enable" : "-disable"] + (on ? reasonArgument(reason) : []))
            deed.steps = [ConsulDeed.Step(call: call(on, reason, ["agent", "maintenance"]), connection: agent, needs: "node:write on “\(words(node))”")]
            deed.proof = .agentCheck(agent, id: HealthCheck.nodeMaintenance, isThere: on)
            guard on, deed.plan.idle == nil, let services = try await catalogEntry(node, operation)?["Services"]?.members else { return }
            if !services.isEmpty { deed.plan.notes.append("every service instance on it (\(services.count)) counts as in maintenance") }
            let names = Set(services.compactMap { $0.value["Service"]?.text }).subtracting(["consul"]).sorted()
            for name in names.prefix(Self.servicesLooked) where try await others(of: name, than: { on, _ in on == node }, operation) == 0 {
                deed.plan.warnings.append("no instance of \(words(name)) elsewhere is passing or warning: who asks for it finds none")
            }
            if names.count > Self.servicesLooked { deed.plan.notes.append("only \(Self.servicesLooked) of its \(names.count) services were looked at") }
        }
    }

    /// The reason given when it began; nil while it is off.
    private func maintenance(_ id: String, at agent: ConsulConnection) async throws(Trouble) -> String? {
        try await agent.ownChecks(source: source).first { $0.id.raw.hasSuffix("/" + id) }.map(\.notes)
    }

    private func describe(_ on: Bool, _ reason: String, _ standing: String?, of subject: String, _ deed: inout ConsulDeed) {
        let target = deed.plan.operation.target
        if on == (standing != nil) {
            deed.plan.idle = on ? "it is in maintenance already: \(words(standing ?? ""))" : "it is not in maintenance"
            return
        }
        let word = { (reason: String?) in reason.map { $0.isEmpty ? "in maintenance" : "in maintenance: \(PlainText.printable($0))" } ?? "in service" }
        deed.plan.changes = [Plan.Change(subject: subject, before: word(standing), after: word(on ? reason : nil))]
        deed.plan.undo = Operation(.registry(.maintenance(!on, reason: on ? "" : standing ?? "")), on: target)
        deed.plan.wayBack = on ? "end the maintenance (:undo)" : "begin it again, for the same reason (:undo)"
        deed.plan.notes.append(on ? "its checks go on running; Consul's DNS and clients that ask for passing instances leave it out" : "what its checks say counts again")
        deed.done = on ? "\(subject) is in maintenance" : "\(subject) is in service again"
    }

    private func reasonArgument(_ reason: String) -> [String] { reason.isEmpty ? [] : ["-reason=\(reason)"] }

    private func call(_ on: Bool, _ reason: String, _ path: [String]) -> ConsulCall {
        var call = ConsulCall("PUT", path, ["enable": on ? "true" : "false"])
        if on, !reason.isEmpty { call.arguments.append(ConsulCall.Argument(name: "reason", value: reason)) }
        return call
    }
}
