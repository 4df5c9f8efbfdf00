/// What registries say: the instance, the agent behind its checks, and whether those who say it answer at all.
extension Tracing {
    mutating func addInstance() {
        if let why = chain.missing[.instance] { add(Trace.Link(.instance, "", state: .missing, facts: [.init("", why)])) }
        guard let joined = chain.instance else { return }
        let health = joined.entity
        let instance = health.instance
        var facts = [Trace.Link.Fact("address", instance.endpoint.isEmpty ? "none" : instance.endpoint)]
        facts.append(.init("node", instance.node))
        if let decider = health.decider {
            facts.append(.init("status", "\(health.status.word), decided by \(decider.name)"))
        } else {
            facts.append(.init("status", "passing: it has no checks"))
        }
        if !instance.tags.isEmpty { facts.append(.init("tags", Words.list(instance.tags.map { Words.cut($0, 60) }, limit: 8))) }
        if chain.otherInstances > 0 { facts.append(.init("others", "\(chain.otherInstances) more of \(instance.service); this is the worst")) }
        if health.instance.address.isEmpty, instance.port > 0 { facts.append(.init("", "no client can reach it: it has a port and no address", isEvidence: true)) }
        let title = instance.serviceID == instance.service || instance.serviceID.isEmpty ? instance.service : "\(instance.service) (\(instance.serviceID))"
        add(
            Trace.Link(
                .instance, Words.cut(title, 120), state: health.status == .passing ? .good : .doubtful, joint: joined.joint, facts: facts,
                place: .instance(instance.id)))
    }

    /// The agent is a link of its own only where it matters: the trace is about it, or it does not answer.
    mutating func addMember() {
        guard let joined = chain.member else { return }
        let member = joined.entity
        let serf = chain.checks.map(\.entity).first { $0.kind == "serf" || $0.id.raw.hasSuffix("/serfHealth") }
        let isDead = member.status == .failed || serf?.status == .critical
        let isAbout =
            switch start {
            case .member, .node: true
            case .check(let id): chain.checks.first?.entity.id == id && chain.instance == nil
            default: false
            }
        guard isDead || isAbout else { return }
        let kind = joins.sources[member.id.source]?.kind == .consul ? "Consul agent" : "agent"
        var facts = [Trace.Link.Fact("agent", "\(member.role), \(member.status.rawValue)", isEvidence: isDead)]
        if !member.address.isEmpty { facts.append(.init("address", member.address)) }
        let instances = snapshot.instances.filter { $0.id.source == member.id.source && $0.node == member.name }
        if !instances.isEmpty { facts.append(.init("instances", "\(instances.count) registered on it")) }
        guard isDead else {
            let state: Trace.Link.State = member.status == .alive || member.status == .external ? .good : .doubtful
            return add(Trace.Link(.node, "\(kind) on \(member.name)", state: state, joint: joined.joint, facts: facts, place: .member(member.id)))
        }
        if let output = serf.flatMap({ Words.firstLine($0.output) }) { facts.append(.init("serf", output, isEvidence: true)) }
        facts.append(.init("checks", "of this node are as they were when it was last heard"))
        let since = serf?.since.map { (serf?.isSinceAtLeast == true ? " at least" : "") + Words.ago($0, now) } ?? ""
        let sentence = "the \(kind) on \(member.name) stopped answering\(since): its checks are as they were when it was last heard"
        add(
            Trace.Link(.node, "\(kind) on \(member.name)", state: .broken, joint: joined.joint, facts: facts, place: .member(member.id)),
            Fault(depth: .deadAgent, sentence: sentence))
    }

    /// Those of the sources the chain rests on that do not answer: what they said is old.
    mutating func addSources() {
        let told: [Source.ID?] = [
            chain.checks.first?.entity.id.source, chain.instance?.entity.instance.id.source, chain.member?.entity.id.source,
            chain.workload?.entity.id.source, chain.node?.entity.id.source, chain.container?.entity.id.source, chain.network?.entity.id.source,
        ]
        var asked: [Source.ID] = []
        for case let id? in told where !asked.contains(id) { asked.append(id) }
        for id in asked {
            guard let source = joins.sources[id], let trouble = source.freshness.trouble else { continue }
            let since: Timestamp? =
                switch source.freshness {
                case .stale(let since, _), .failed(let since, _): since
                default: nil
                }
            let name = [source.kind.rawValue, source.name].filter { !$0.isEmpty }.joined(separator: " ")
            let age = since.map { Words.span(now.seconds(since: $0)) }
            var facts = [Trace.Link.Fact("tried", "\(trouble.attempt): \(trouble.answer)", isEvidence: true)]
            if let remedy = trouble.remedy { facts.append(.init("remedy", remedy)) }
            facts.append(.init("facts", "what it told is \(age ?? "of unknown age") old"))
            let isRegistry = source.kind == .consul || source.kind == .registry
            let sentence = "\(name) itself has not answered\(age.map { " for \($0)" } ?? "") (\(Words.cut(trouble.answer, 120))): what is shown of it is as it was then"
            add(
                Trace.Link(.node, name, state: .broken, joint: .init("it is what told of the links here", .certain), facts: facts),
                Fault(depth: isRegistry ? .staleRegistry : .staleEngine, sentence: sentence))
        }
    }
}
