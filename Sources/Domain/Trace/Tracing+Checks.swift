/// The checks: what is red, since when, and whether the check itself is what is broken.
extension Tracing {
    private static let checkLimit = 4
    private static let outputLines = 5

    mutating func addChecks() {
        if let why = chain.missing[.check] { add(Trace.Link(.check, chain.title, state: .missing, facts: [.init("", why)])) }
        // The first is what the trace began with or what decides; of the others only those that are not as they should be.
        let begun = chain.checks.prefix(1)
        let others = chain.checks.dropFirst().filter { $0.entity.counted != .passing }
        for check in (begun + others).prefix(Self.checkLimit) { add(check) }
    }

    private mutating func add(_ joined: Chain.Joined<Check>) {
        let check = joined.entity
        var facts = [Trace.Link.Fact("status", standing(of: check))]
        if !check.definition.isEmpty { facts.append(.init("does", Words.cut(check.definition, 300))) }
        if !check.notes.isEmpty { facts.append(.init(check.counted == .maintenance ? "reason" : "notes", Words.cut(check.notes, 300), isEvidence: check.counted == .maintenance)) }
        let fault = fault(of: check)
        for (index, line) in Words.lines(check.output, limit: Self.outputLines).enumerated() {
            facts.append(.init(index == 0 ? "output" : "", line, isEvidence: fault?.depth == .checkCannotRun))
        }
        if fault?.depth == .checkCannotRun { facts.append(.init("runs", place(of: check))) }
        add(
            Trace.Link(.check, check.name, state: check.counted == .passing ? .good : .doubtful, joint: joined.joint, facts: facts, place: .check(check.id)), fault)
    }

    private func fault(of check: Check) -> Fault? {
        if check.counted == .maintenance {
            let what = check.serviceID.isEmpty ? "node \(check.node)" : "\(check.service.isEmpty ? check.serviceID : check.service) on \(check.node)"
            let reason = check.notes.isEmpty ? "no reason is given" : Words.cut(check.notes, 160)
            let since = check.since.map { " for \(check.isSinceAtLeast ? "at least " : "")\(Words.span(now.seconds(since: $0)))" } ?? ""
            return Fault(depth: .onPurpose, sentence: "\(what) has been in maintenance\(since), on purpose: \(reason)", isOnPurpose: true)
        }
        // The status of an agent that went away is told with the agent.
        guard check.status > .starting, check.kind != "serf", let failure = CheckFailure(check) else { return nil }
        return Fault(depth: .checkCannotRun, sentence: "the check \(check.name) itself cannot run: \(failure.words) where it runs (\(place(of: check)))")
    }

    /// Where the command of a check runs.
    private func place(of check: Check) -> String {
        if check.kind == "healthcheck" || check.kind == "docker" || joins.sources[check.id.source]?.kind == .registry {
            return "inside container \(chain.container?.entity.name ?? "")"
        }
        return check.node.isEmpty ? "the agent's machine" : "the agent on \(check.node)"
    }

    /// `critical for 4 min, 3 changes within the last hour`; "at least" where it was so before anybody looked.
    private func standing(of check: Check) -> String {
        var words = check.counted.word
        if let since = check.since { words += " for \(check.isSinceAtLeast ? "at least " : "")\(Words.span(now.seconds(since: since)))" }
        if check.flips > 0 { words += check.flips == 1 ? ", 1 change within the last hour" : ", \(check.flips) changes within the last hour" }
        return words
    }
}
