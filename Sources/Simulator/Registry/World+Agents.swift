internal import Domain

/// The agents of the registry, and Registrator beside them.
extension World {
    /// Whether the others still hear of an agent; what follows takes the time that gossip takes.
    mutating func seeMember(_ name: String) {
        guard let member = registry.members[name], let host = member.host.flatMap({ hosts[$0] }) else { return }
        let isThere = host.isAgentReachable
        guard isThere != (member.status == .alive) else { return }
        registry.members[name]?.generation += 1
        plan(.gossip(member: name, generation: member.generation + 1), in: isThere ? .milliseconds(1500) : .seconds(8))
    }

    mutating func gossip(member name: String, generation: Int) {
        guard var member = registry.members[name], member.generation == generation, let host = member.host.flatMap({ hosts[$0] }) else { return }
        let isThere = host.isAgentReachable
        if isThere != (member.status == .alive) {
            member.status = isThere ? .alive : .failed
            put(member)
        }
        elect()
        setStatus("\(name)/serfHealth", isThere ? .passing : .critical, isThere ? "Agent alive and reachable" : "Agent not live or unreachable")
        if isThere {
            for check in registry.checksByNode[name] ?? OrderedKeys() { wake(check) }
            if host.registrator != nil { synchronise(host.id) }
        }
    }

    /// A majority of the servers chooses a leader, unless something keeps it from that.
    mutating func elect() {
        let servers = registry.members.values.filter(\.isServer)
        let alive = servers.filter { $0.status == .alive }
        guard alive.count * 2 > servers.count, !isElectionBlocked else { return setLeader("") }
        if !alive.contains(where: { "\($0.address):8300" == registry.leader }), let first = alive.first { setLeader("\(first.address):8300") }
    }

    mutating func containerStarted(_ id: String) {
        guard let container = containers[id] else { return }
        if container.program.role == .registrator {
            hosts[container.host]?.registrator = id
            synchronise(container.host)
        } else if container.program.role == .agent {
            hosts[container.host]?.agent = id
            hosts[container.host]?.isAgentStopped = false
            if let name = hosts[container.host]?.name { seeMember(name) }
        } else {
            registerAsRegistrator(id)
        }
        wakeChecks(of: id)
    }

    mutating func containerEnded(_ id: String) {
        guard let container = containers[id] else { return }
        if hosts[container.host]?.registrator == id { hosts[container.host]?.registrator = nil }
        if hosts[container.host]?.agent == id {
            hosts[container.host]?.isAgentStopped = true
            if let name = hosts[container.host]?.name { seeMember(name) }
        }
        // A machine that is off tells nobody.
        guard hasRegistryLeader, let host = hosts[container.host], host.isUp, !host.isAgentStopped, host.registrator != nil else { return wakeChecks(of: id) }
        for instance in registry.instancesByContainer[id] ?? OrderedKeys() { removeInstance(instance) }
    }

    mutating func synchronise(_ host: String) {
        for id in hosts[host]?.containers ?? OrderedKeys() where containers[id]?.isRunning == true { registerAsRegistrator(id) }
        // With -cleanup: what is of this host and runs no more.
        guard hasRegistryLeader, let name = hosts[host]?.name else { return }
        for key in registry.instancesByNode[name] ?? OrderedKeys() {
            if let container = registry.instances[key]?.container, containers[container]?.isRunning != true { removeInstance(key) }
        }
    }

    /// Registers as Registrator does with -internal and -explicit: what has a SERVICE_NAME, each exposed port at its own address.
    private mutating func registerAsRegistrator(_ id: String) {
        guard let container = containers[id], let host = hosts[container.host], host.registrator != nil, !host.isAgentStopped, hasRegistryLeader,
            registry.members[host.name] != nil
        else { return }
        func value(_ key: String, _ port: SimPort?) -> String? {
            let names = (port.map { ["SERVICE_\($0.number)_\(key)"] } ?? []) + ["SERVICE_\(key)"]
            return names.lazy.compactMap { container.spec.labels[$0] ?? container.variable($0) }.first { !$0.isEmpty }
        }
        guard value("IGNORE", nil) == nil else { return }
        for port in container.exposedPorts {
            guard var name = value("NAME", port) else { continue }
            if container.exposedPorts.count > 1, value("\(port.number)_NAME", nil) == nil { name += "-\(port.number)" }
            let suffix = port.transport == "udp" ? ":udp" : ""
            var instance = SimInstance(node: host.name, id: value("ID", port) ?? "\(host.name):\(container.name):\(port.number)\(suffix)", name: name)
            instance.tags = value("TAGS", port)?.split(separator: ",").map(String.init) ?? []
            instance.address = container.address.isEmpty ? host.address : container.address
            instance.port = port.number
            instance.container = id
            put(instance)
            guard let kind = checkKind(instance, value("CHECK_HTTP", port), value("CHECK_TCP", port), value("CHECK_TTL", port)) else { continue }
            var check = SimCheck(node: host.name, id: "service:\(instance.id)", name: "Service '\(name)' check", kind: kind)
            if let old = registry.checks[check.key], old.kind == kind { continue }
            check.serviceID = instance.id
            check.serviceName = name
            check.serviceTags = instance.tags
            check.interval = value("CHECK_INTERVAL", port).flatMap(World.duration) ?? .seconds(10)
            check.timeout = value("CHECK_TIMEOUT", port).flatMap(World.duration) ?? .seconds(3)
            check.status = value("CHECK_INITIAL_STATUS", port).flatMap(SimCheck.Status.init) ?? .critical
            put(check)
            begin(check.key)
        }
    }

    private func checkKind(_ instance: SimInstance, _ http: String?, _ tcp: String?, _ ttl: String?) -> SimCheck.Kind? {
        let place = "\(instance.address):\(instance.port)"
        if let http { return .http(url: "http://\(place)\(http.hasPrefix("/") ? "" : "/")\(http)", method: "GET") }
        if let ttl, let duration = World.duration(ttl) { return .ttl(duration) }
        return tcp == nil ? nil : .tcp(place)
    }

    /// The first run of a check, or the first end of its TTL; and its end for good, should it never pass.
    mutating func begin(_ key: String) {
        guard let check = registry.checks[key] else { return }
        if case .ttl(let duration) = check.kind {
            let expires = later(by: duration)
            registry.checks[key]?.expires = expires
            registry.checks[key]?.generation += 1
            plan(.run(check: key, generation: check.generation + 1), in: duration)
        } else {
            wake(key)
        }
        if check.status == .critical, check.deregisterAfter > .zero, let generation = registry.checks[key]?.generation {
            plan(.run(check: key, generation: generation), in: check.deregisterAfter)
        }
    }

    /// Go's way of writing one: `10s`, `1m30s`, `500ms`.
    static func duration(_ text: String) -> Duration? {
        var total = Duration.zero
        var rest = Substring(text)
        guard !rest.isEmpty else { return nil }
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber }
            guard let number = Int64(digits), number <= 1_000_000_000 else { return nil }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            switch unit {
            case "ms": total += .milliseconds(number)
            case "s": total += .seconds(number)
            case "m": total += .seconds(number * 60)
            case "h": total += .seconds(number * 3600)
            case _: return nil
            }
        }
        return total
    }
}
