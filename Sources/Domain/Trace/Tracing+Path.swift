/// The way that a client takes: the name in DNS, the published port, and a connection from here.
extension Tracing {
    private static let answerLimit = 6

    mutating func addPath() {
        guard let health = chain.instance?.entity else { return }
        let instance = health.instance
        var facts: [Trace.Link.Fact] = []
        var probe: Evidence.Answer?
        var isWaiting = false
        if !instance.address.isEmpty, instance.port > 0 {
            probe = ask(.connect(host: instance.address, port: instance.port))
            isWaiting = probe == nil
            facts.append(.init("TCP probe", words(of: probe, to: instance.endpoint), isEvidence: isRefused(probe)))
        }
        let reading = published(instance, probe)
        if let words = reading.words { facts.append(.init("published", words, isEvidence: reading.fault != nil)) }
        if reading.fault != nil, let inside = reading.inside, isRefused(probe), joins.machines[inside.source]?.isLocal == true {
            let answer = ask(.connect(host: inside.address, port: inside.port))
            facts.append(.init("inside", words(of: answer, to: "\(inside.address):\(inside.port)"), isEvidence: true))
        }
        let isUnnamed = addNames(of: health, to: &facts)
        guard !facts.isEmpty else { return }
        let state: Trace.Link.State = reading.fault == nil && isWaiting ? .pending : isRefused(probe) || isUnnamed ? .doubtful : .good
        add(
            Trace.Link(
                .path, instance.endpoint.isEmpty ? instance.service : instance.endpoint, state: state,
                joint: .init("by the address and port that the registry tells", .certain), facts: facts),
            reading.fault)
    }

    private func isRefused(_ probe: Evidence.Answer?) -> Bool { if case .notConnected = probe { true } else { false } }
    private func isConnected(_ probe: Evidence.Answer?) -> Bool { if case .connected = probe { true } else { false } }

    private func words(of probe: Evidence.Answer?, to endpoint: String) -> String {
        switch probe {
        case .connected(let after): "a connection to \(endpoint) opens from here, after \(Self.milliseconds(after))"
        case .notConnected(let why): "no connection to \(endpoint) from here: \(Words.cut(why, 160))"
        case .failed(let trouble): "could not be tried: \(trouble.answer)"
        case nil: "a connection to \(endpoint) is being tried"
        case .addresses, .services, .noSuchName, .nothing, .lines, .detail: "unknown"
        }
    }

    private static func milliseconds(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = seconds.multipliedReportingOverflow(by: 1000).partialValue &+ attoseconds / 1_000_000_000_000_000
        return milliseconds < 1 ? "less than 1 ms" : "\(milliseconds) ms"
    }

    // The port.

    private struct Reading {
        var words: String?
        var fault: Fault?
        /// Where the container listens by itself.
        var inside: (source: Source.ID, address: String, port: Int)?
    }

    /// Whether the container answers at the registered address and port, by what the engine says of it and by the probe.
    private func published(_ instance: ServiceInstance, _ probe: Evidence.Answer?) -> Reading {
        guard !instance.address.isEmpty, instance.port > 0 else { return Reading() }
        guard let container = chain.container?.entity else { return deserted(instance, probe) }
        guard container.isUp else { return Reading() }
        if container.endpoints.contains(where: { $0.address == instance.address || $0.addressIPv6 == instance.address }) {
            return own(instance, container, probe)
        }
        guard isHostAddress(instance, container) else {
            // What is neither the machine's nor the container's may be translated somewhere on the way: only silence tells.
            let isUnknown = joins.network(holding: instance.address, on: [container.id.source]) == nil
            guard isUnknown, isRefused(probe) else { return Reading() }
            let sentence = "\(instance.address) is no address of \(container.name) nor of its machine, and nothing answers at \(instance.endpoint)"
            return Reading(fault: Fault(depth: .wrongEndpoint, sentence: sentence))
        }
        let bindings = container.publishedPorts.filter { $0.hostPort == instance.port }
        if let binding = bindings.first(where: { $0.hostAddress.isEmpty || $0.hostAddress == instance.address }) {
            let words = "port \(instance.port) of the host leads to port \(binding.containerPort) of \(container.name)"
            return Reading(words: words, fault: silent(instance, container, probe))
        }
        if let binding = bindings.first {
            let words = "on \(binding.hostAddress) only"
            let sentence = "port \(instance.port) of \(container.name) is published on \(binding.hostAddress) only, so nobody reaches it at \(instance.endpoint)"
            return Reading(words: words, fault: isConnected(probe) ? nil : Fault(depth: .wrongEndpoint, sentence: sentence))
        }
        return unpublished(instance, container, probe)
    }

    /// No container is known there. Silence explains a check that failed as well.
    private func deserted(_ instance: ServiceInstance, _ probe: Evidence.Answer?) -> Reading {
        guard case .notConnected(let why) = probe, chain.checks.contains(where: { $0.entity.counted >= .warning && $0.entity.kind != "serf" }) else { return Reading() }
        return Reading(fault: Fault(depth: .silentPort, sentence: "nothing answers at \(instance.endpoint) (\(Words.cut(why, 160))), and no watched engine has a container there"))
    }

    private func own(_ instance: ServiceInstance, _ container: Container, _ probe: Evidence.Answer?) -> Reading {
        if container.listens(on: instance.port) {
            // The container's address can be dialled from its own machine; from elsewhere silence means nothing.
            let isNear = joins.machines[container.id.source]?.isLocal == true
            return Reading(words: "clients dial the container itself", fault: isNear ? silent(instance, container, probe) : nil)
        }
        let declared = Words.list(container.declaredPorts.map(String.init), limit: 6)
        let reading = Reading(words: "\(container.name) declares port \(declared), not \(instance.port)")
        guard isRefused(probe) else { return reading }
        let sentence = "\(instance.service) is registered with port \(instance.port), on which \(container.name) does not listen: it declares \(declared)"
        return Reading(words: reading.words, fault: Fault(depth: .wrongEndpoint, sentence: sentence))
    }

    private func unpublished(_ instance: ServiceInstance, _ container: Container, _ probe: Evidence.Answer?) -> Reading {
        if container.networkMode == "host" { return Reading(words: "it is on the host's own network", fault: silent(instance, container, probe)) }
        if chain.workload?.entity.ports.contains(where: { $0.published == instance.port }) == true {
            return Reading(words: "by the orchestrator, on every node", fault: silent(instance, container, probe))
        }
        // Of a container that only is called alike nothing is claimed before somebody has knocked.
        if probe == nil, chain.way == .name { return Reading() }
        if isConnected(probe) { return Reading(words: "not by \(container.name): something else answers at \(instance.endpoint)") }
        let name = container.name
        let insidePort = RegistratorID(instance.serviceID)?.port ?? container.declaredPorts.first
        let address = container.endpoints.first { !$0.address.isEmpty }?.address
        let nothing = isRefused(probe) ? "nothing on the host listens at \(instance.endpoint)" : "nothing leads there from \(instance.endpoint)"
        if let elsewhere = container.publishedPorts.first(where: { insidePort == nil || $0.containerPort == insidePort }), let outside = elsewhere.hostPort {
            let sentence = "\(instance.service) is registered with port \(instance.port), and port \(elsewhere.containerPort) of \(name) is published at \(outside): \(nothing)"
            return Reading(words: "\(outside) leads to port \(elsewhere.containerPort); \(instance.port) leads nowhere", fault: Fault(depth: .wrongEndpoint, sentence: sentence))
        }
        var sentence = "port \(instance.port) of \(name) is not published: \(nothing)"
        var reading = Reading(words: "\(name) publishes " + (container.publishedPorts.isEmpty ? "nothing" : "other ports only"))
        if let insidePort {
            sentence += "; the container listens on \(insidePort) inside" + (address.map { " (\($0):\(insidePort))" } ?? "")
            if let address { reading.inside = (container.id.source, address, insidePort) }
        }
        reading.fault = Fault(depth: .wrongEndpoint, sentence: sentence)
        return reading
    }

    /// Everything leads there, and nobody takes the connection.
    private func silent(_ instance: ServiceInstance, _ container: Container, _ probe: Evidence.Answer?) -> Fault? {
        guard case .notConnected(let why) = probe else { return nil }
        return Fault(depth: .silentPort, sentence: "nothing answers at \(instance.endpoint), though \(container.name) runs: \(Words.cut(why, 160))")
    }

    private func isHostAddress(_ instance: ServiceInstance, _ container: Container) -> Bool {
        if joins.machines[container.id.source]?.addresses.contains(instance.address) == true { return true }
        let isLoopback = instance.address.hasPrefix("127.") || instance.address == "::1"
        // Every machine calls itself so, and which machine it is the container tells, where more than its name was matched.
        if isLoopback, chain.way != .name { return true }
        guard joins.engines(ofNode: instance.node, in: instance.id.source).contains(container.id.source) else { return false }
        let member = joins.members[Joins.NodeKey(source: instance.id.source, node: instance.node)]
        return isLoopback || member?.address == instance.address
    }

    // The name.

    /// Adds what DNS answers beside what is registered. Whether the name is missing though the instance passes.
    private mutating func addNames(of health: InstanceHealth, to facts: inout [Trace.Link.Fact]) -> Bool {
        guard let server = joins.snapshot.registry(health.instance.id.source)?.dns else { return false }
        let name = "\(health.instance.service).service" + (server.domain.isEmpty ? "" : "." + server.domain)
        let addresses = ask(.addresses(name: name, server))
        let services = ask(.services(name: name, server))
        facts.append(.init("DNS A", words(of: addresses, named: name)))
        facts.append(.init("DNS SRV", words(of: services, named: name)))
        switch addresses {
        case .nothing, .noSuchName: return health.status == .passing
        default: return false
        }
    }

    private func words(of answer: Evidence.Answer?, named name: String) -> String {
        switch answer {
        case .addresses(let addresses): return "\(name) is \(addresses.isEmpty ? "nothing" : Words.list(addresses, limit: Self.answerLimit))"
        case .services(let records):
            let targets = records.map { "\($0.addresses.first ?? $0.host):\($0.port)" }
            return "\(name) is \(targets.isEmpty ? "nothing" : Words.list(targets, limit: Self.answerLimit))"
        case .noSuchName: return "\(name) does not exist: no instance passes, or it is not registered"
        case .nothing: return "\(name) has no answer: no instance passes"
        case .failed(let trouble): return "could not be asked: \(Words.cut(trouble.answer, 160))"
        case nil: return "being asked"
        case .connected, .notConnected, .lines, .detail: return "unknown"
        }
    }
}

extension Container {
    /// Inside, in order, TCP.
    var declaredPorts: [Int] { Set(ports.filter { $0.transport == "tcp" }.map(\.containerPort)).sorted() }
}
