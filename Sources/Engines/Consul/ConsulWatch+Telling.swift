internal import Domain
internal import Engine

/// What becomes of the source: live, stale, absent, and what a person should know about it.
extension ConsulWatch {
    /// Milliseconds without a word from the leader from which on a server's answer is called old.
    private static let oldContact: UInt64 = 5000

    /// Hands on what is new, and wakes the loops that it concerns.
    func tellNews() {
        for update in picture.news() {
            sink(update)
            guard case .checkChanges(let changed, let gone) = update else { continue }
            // Whether an agent lives, its members know better and sooner.
            if changed.contains(where: { $0.kind == "serf" }) || gone.contains(where: { $0.raw.hasSuffix("/" + HealthCheck.serf) }) { membersBell.ring() }
        }
        instancesBell.ring()
    }

    /// After each answer of a session that has read everything once.
    func tellStanding() {
        if picture.isBlank { return tellLost(ConsulTrouble.invisible(attempt: connection.attempt("read the catalog"), hasToken: connection.hasToken)) }
        let wasLost = isToldLost
        isToldLost = false
        hasFollowed = true
        tell {
            $0.title = title
            $0.remarks = standingRemarks + remarks
            if !$0.freshness.isLive { $0.freshness = .live(since: now()) }
        }
        if wasLost { tellOfSource("back", "followed again", .notice) }
    }

    /// `consul 1.8`
    private var title: String {
        let parts = (picture.agent?.version ?? "").split(separator: ".").prefix(2)
        return parts.isEmpty ? "consul" : "consul " + PlainText.printable(parts.joined(separator: "."))
    }

    private var remarks: [String] {
        var remarks: [String] = []
        if let remark = leaderRemark { remarks.append(remark) }
        if standings.values.contains(where: \.isFiltered) {
            remarks.append(connection.hasToken ? "the token may not see everything" : "not everything can be seen without a token (CONSUL_HTTP_TOKEN)")
        }
        if isAgentSilent { remarks.append("the agent does not say which node it is (the token lacks agent:read): its version and its DNS port are not known") }
        if let asked = connection.datacenter, let own = picture.agent?.datacenter, asked != own {
            remarks.append("datacenter \(PlainText.printable(asked)), by way of an agent in \(PlainText.printable(own)): who leads it is not known")
        }
        return remarks
    }

    private var leaderRemark: String? {
        let contact = standings.values.map(\.lastContact).max() ?? 0
        if leaderlessSince != nil || standings.values.contains(where: { $0.knowsLeader == false }) {
            let silence = leaderlessSince.map { UInt64(max(0, (ContinuousClock.now - $0).components.seconds)) } ?? 0
            return "no leader: what is shown may be \(silence + contact / 1000) s old; changes are refused"
        }
        guard contact > Self.oldContact else { return nil }
        return "the server that answers has not heard from the leader for \(contact / 1000) s: what is shown may be that old"
    }

    func lost(_ trouble: Trouble) {
        guard trouble.reason != .cancelled else { return }
        if !isExpected, !hasFollowed, ConsulTrouble.isAbsence(trouble) {
            tell {
                $0.freshness = .absent(
                    "no Consul at \(connection.place): \(trouble.answer); set CONSUL_HTTP_ADDR, and CONSUL_HTTP_TOKEN where one is needed, to watch one elsewhere")
            }
            return
        }
        tellLost(trouble)
    }

    func tellLost(_ trouble: Trouble) {
        switch source.freshness {
        case .live: tell { $0.freshness = .stale(since: lastAnswer ?? now(), trouble) }
        case .stale(let since, _): tell { $0.freshness = .stale(since: since, trouble) }
        case .failed(let since, _): tell { $0.freshness = .failed(since: since, trouble) }
        case .waiting, .connecting, .absent: tell { $0.freshness = .failed(since: now(), trouble) }
        }
        guard !isToldLost else { return }
        isToldLost = true
        tellOfSource("lost", trouble.answer, .failure)
    }

    func tell(_ change: (inout Source) -> Void) {
        let old = source
        change(&source)
        guard source != old else { return }
        record(source)
        sink(.source(source))
    }

    private func tellOfSource(_ action: String, _ detail: String, _ severity: Event.Severity) {
        let at = now()
        sink(
            .event(
                Event(
                    id: "\(at.nanoseconds)/\(source.id)/\(action)", at: at, origin: .binnacle, source: source.id, kind: "source",
                    action: action, subject: source.name, subjectID: source.id.raw, detail: detail, severity: severity)))
    }
}
