public import Domain
internal import Commands
internal import Drawing
internal import Widgets

/// What a registry holds, beside what DNS answers for it and what a connection from here says.
extension Description {
    /// So many instances, checks or records have lines of their own; more are counted.
    private static let apart = 200

    // MARK: Services and instances

    /// What a service's description would like to know beyond the snapshot.
    public static func questions(for service: ServiceHealth, in snapshot: Snapshot) -> [Evidence.Question] {
        NameAnswers(service.source, service.name, evidence: Evidence(), in: snapshot).questions(service.instances.map(\.instance))
    }

    /// The same for one instance.
    public static func questions(for instance: ServiceInstance, in snapshot: Snapshot) -> [Evidence.Question] {
        NameAnswers(instance.id.source, instance.service, evidence: Evidence(), in: snapshot).questions([instance])
    }

    public static func of(_ service: ServiceHealth, evidence: Evidence, in snapshot: Snapshot) -> Lines {
        var d = Description(snapshot)
        let instances = service.instances.map(\.instance)
        d.heading("Service \(LogText.clean(service.name))")
        d.fact("status", "\(service.status.word), \(service.passing) of \(instances.count) passing", statusRole(service.status))
        d.decision(service.decider)
        d.fact("registry", d.title(of: service.source))
        d.fact("tags", Set(instances.flatMap(\.tags)).sorted().joined(separator: ", "))
        let answers = NameAnswers(service.source, service.name, evidence: evidence, in: snapshot)
        let tried = NameAnswers.connections(instances)
        d.heading("Registered instances (\(instances.count))")
        for health in service.instances.prefix(apart) { d.instance(health, answers, tried) }
        d.more(instances.count)
        d.names(answers, instances)
        return d.lines
    }

    public static func of(_ instance: ServiceInstance, evidence: Evidence, in snapshot: Snapshot) -> Lines {
        var d = Description(snapshot)
        let health = snapshot.health(of: instance)
        let answers = NameAnswers(instance.id.source, instance.service, evidence: evidence, in: snapshot)
        d.heading("Instance of \(LogText.clean(instance.service))")
        d.fact("status", health.status.word, statusRole(health.status))
        d.decision(health.decider)
        d.fact("endpoint", instance.endpoint.isEmpty ? "no address" : instance.endpoint)
        let connection = answers.connection(instance, among: NameAnswers.connections([instance]))
        d.fact("", connection.text, connection.role)
        if let words = answers.words(health) { d.fact("", words.text, words.role) }
        d.fact("node", instance.node)
        d.fact("service id", instance.serviceID)
        d.fact("registry", d.title(of: instance.id.source))
        if let id = instance.container { d.fact("container", snapshot.container(id).map { "\($0.name), \($0.state.word)" } ?? id.short + ", not there any more") }
        d.fact("tags", instance.tags.joined(separator: ", "))
        d.checks(health.checks)
        d.names(answers, snapshot.instances.filter { $0.id.source == instance.id.source && $0.service == instance.service })
        d.pairs(instance.meta, title: "Meta")
        return d.lines
    }

    private mutating func instance(_ health: InstanceHealth, _ answers: NameAnswers, _ tried: [Evidence.Question]) {
        let instance = health.instance
        let endpoint = instance.endpoint.isEmpty ? "no address" : instance.endpoint
        fact(instance.node.isEmpty ? "?" : LogText.clean(instance.node), "\(CheckGlyph.of(health.status).text) \(endpoint) \(health.status.word)", Self.statusRole(health.status))
        if health.status > .passing, let decider = health.decider {
            let output = CheckWords.firstLine(decider.output)
            fact("", "decided by \(decider.name)" + (output.isEmpty ? "" : ": " + output))
        }
        if let words = answers.words(health) { fact("", words.text, words.role) }
        let connection = answers.connection(instance, among: tried)
        fact("", connection.text, connection.role)
    }

    private mutating func decision(_ decider: Check?) {
        guard let decider else {
            fact("decided by", "no check, which counts as passing", .muted)
            return
        }
        fact("decided by", decider.name, Self.statusRole(decider.status))
        fact("", CheckWords.standing(decider, now: now, utcOffset: 0) + (decider.isSinceAtLeast ? " UTC" : ""))
        fact("", CheckWords.firstLine(decider.output))
    }

    // MARK: DNS

    private mutating func names(_ answers: NameAnswers, _ instances: [ServiceInstance]) {
        heading("What DNS answers now")
        guard let server = answers.server else {
            fact("server", "none is known for this registry: nobody was asked", .muted)
            return
        }
        fact("server", "\(server.host.contains(":") ? "[\(server.host)]" : server.host):\(server.port)")
        fact("name", answers.name)
        answer("SRV", answers.records)
        answer("A, AAAA", answers.addresses)
        for stranger in answers.strangers(instances).prefix(Self.apart) { fact("differs", "it gives \(stranger), which is registered nowhere", .bad) }
    }

    private mutating func answer(_ name: String, _ answer: Evidence.Answer?) {
        switch answer {
        case nil: fact(name, "asking…", .info)
        case .services(let records):
            for (number, record) in records.prefix(Self.apart).enumerated() { fact(number == 0 ? name : "", NameAnswers.words(record)) }
            more(records.count)
        case .addresses(let addresses):
            for (number, address) in addresses.prefix(Self.apart).enumerated() { fact(number == 0 ? name : "", address) }
            more(addresses.count)
        case .noSuchName: fact(name, "no such name: no instance that may be used is registered under it", .warning)
        case .nothing: fact(name, "nothing: the name is known and no instance of it may be used", .warning)
        case .failed(let trouble): fact(name, trouble.description, .bad)
        case .connected, .notConnected, .lines, .detail: break
        }
    }

    // MARK: Nodes of a registry

    public static func of(_ member: Member, in snapshot: Snapshot) -> Lines {
        var d = Description(snapshot)
        let registry = snapshot.registry(member.id.source)
        d.heading("Node \(LogText.clean(member.name))")
        d.fact("status", member.status.rawValue, CheckGlyph.of(member.status).role)
        d.fact("problem", member.problem ?? "", .bad)
        if member.status == .external { d.fact("agent", "none: its entry was written from outside, and nobody watches the machine", .muted) }
        d.fact("role", member.role, member.isLeader ? .accent : .text)
        d.fact("address", member.address)
        d.fact("datacenter", member.datacenter)
        d.fact("version", member.version)
        if member.isAsked { d.fact("asked", "its agent is the one that answers Binnacle") }
        d.fact("registry", d.title(of: member.id.source))
        if let leader = registry?.leader { d.fact("leader", leader.isEmpty ? "none just now: nothing can be changed" : leader, leader.isEmpty ? .bad : .text) }
        d.fact("datacenters", registry?.datacenters.joined(separator: ", ") ?? "")
        let checks = snapshot.checks.filter { $0.id.source == member.id.source && $0.node == member.name }
        d.checks(checks.sorted { ($1.status, $0.name, $0.id.raw) < ($0.status, $1.name, $1.id.raw) })
        let instances = snapshot.instances.filter { $0.id.source == member.id.source && $0.node == member.name }
        d.heading("Instances on it (\(instances.count))")
        if instances.isEmpty { d.fact("", "none", .muted) }
        for instance in instances.sorted(by: { NaturalOrder.precedes($0.service, $1.service) }).prefix(apart) {
            d.fact(LogText.clean(instance.service), [instance.endpoint, instance.serviceID == instance.service ? "" : "id " + instance.serviceID].filter { !$0.isEmpty }.joined(separator: ", "))
        }
        d.more(instances.count)
        d.pairs(member.meta, title: "Meta")
        return d.lines
    }

    private mutating func checks(_ checks: [Check]) {
        heading("Checks (\(checks.count))")
        if checks.isEmpty { fact("", "none", .muted) }
        for check in checks.prefix(Self.apart) {
            let output = CheckWords.firstLine(check.output)
            fact(check.status.word, "\(CheckGlyph.of(check.status).text) \(check.name)" + (output.isEmpty ? "" : ": " + output), Self.statusRole(check.status))
        }
        more(checks.count)
    }

    // MARK: Differences

    public static func of(_ difference: Disagreement, in snapshot: Snapshot) -> Lines {
        var d = Description(snapshot)
        d.heading("Difference: \(difference.kind.rawValue)")
        d.fact("service", difference.service)
        d.paragraph("differs", difference.words, .warning)
        d.paragraph("matched", difference.match)
        d.paragraph(difference.mend == nil ? "to do" : "would mend it", difference.advice, .info)
        if difference.mend != nil { d.fact("", "\(word(.mend)) shows the plan for it", .muted) }
        if let instance = difference.instance {
            d.heading("As registered")
            d.fact("instance", instance.serviceID)
            d.fact("node", instance.node)
            d.fact("endpoint", instance.endpoint.isEmpty ? "no address" : instance.endpoint)
            d.fact("tags", instance.tags.joined(separator: ", "))
            d.fact("registry", d.title(of: instance.id.source))
        }
        d.heading("As it runs")
        guard let id = difference.container, let container = snapshot.container(id) else {
            d.fact("container", difference.container.map { $0.short + ", not there any more" } ?? "none", .muted)
            return d.lines
        }
        d.fact("container", "\(container.name), \(container.state.word)", container.problem == nil ? .text : .bad)
        for endpoint in container.endpoints where !endpoint.address.isEmpty || !endpoint.addressIPv6.isEmpty {
            d.fact("address", [endpoint.address, endpoint.addressIPv6].filter { !$0.isEmpty }.joined(separator: " ") + " in \(endpoint.network)")
        }
        for port in container.publishedPorts { d.fact("published", ContainerRow.words(port)) }
        return d.lines
    }

    // MARK: Words

    private func title(of source: Source.ID) -> String { snapshot.source(source).map { "\($0.name) (\($0.title))" } ?? source.raw }

    private mutating func more(_ count: Int) {
        if count > Self.apart { fact("", "and \(count - Self.apart) more", .muted) }
    }
}
