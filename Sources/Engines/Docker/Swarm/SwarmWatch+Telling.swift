internal import Domain

/// What becomes of the source: live, stale, absent, and the events that say so.
extension SwarmWatch {
    /// It is followed, or again.
    func tellLive() {
        let wasLost = isToldLost
        isToldLost = false
        hasTold = true
        blocks = 0
        lastAnswer = now()
        tell {
            $0.title = Self.title(picture.told.nodes)
            $0.remarks = remarks + (SwarmTrouble.quorumRemark(picture.told.nodes).map { [$0] } ?? [])
            if !$0.freshness.isLive { $0.freshness = .live(since: now()) }
        }
        if wasLost { tellOfSource("back", "followed again", .notice) }
    }

    /// `swarm 3 nodes`, `swarm 2/3 nodes` while one of them is not ready.
    static func title(_ nodes: [Node]) -> String {
        let ready = nodes.count { $0.status == .ready }
        return "swarm \(ready == nodes.count ? "" : "\(ready)/")\(nodes.count) node\(nodes.count == 1 ? "" : "s")"
    }

    func tellOutside(_ standing: SwarmStanding) {
        guard standing.place.isQuiet else { return tellLost(standing.trouble(attempt: attempt)) }
        if hasTold {
            // It left the swarm, or manages it no more: what was known of it has not merely aged.
            hasTold = false
            picture = SwarmPicture(source: source.id)
            lastServices = []
            for update in picture.news(isFirst: true) { sink(update) }
        }
        isToldLost = false
        tell {
            $0.title = "swarm"
            $0.remarks = []
            $0.freshness = .absent(standing.words)
        }
    }

    func lost(_ trouble: Trouble) async {
        if SwarmTrouble.isLeaderless(trouble.answer) { return tellLost(leaderless()) }
        guard trouble.reason == .timedOut || SwarmTrouble.isBlocked(trouble.answer) else { return tellLost(trouble) }
        // The description tells whether there is a leader, once the managers themselves have noticed that there is none.
        let standing: SwarmStanding?
        do throws(Trouble) { standing = try await connection.swarmStanding(within: pace.hesitation) } catch { standing = nil }
        guard !Task.isCancelled else { return }
        if SwarmTrouble.isLeaderless(standing?.error ?? "") { return tellLost(leaderless()) }
        blocks += 1
        // The first time it may yet come to a quick end: what is shown is called stale already.
        tellLost(SwarmTrouble.blocked(attempt: attempt), isCertain: blocks > 1)
    }

    func leaderless() -> Trouble {
        SwarmTrouble.lostQuorum(attempt: attempt, nodes: picture.told.nodes, managers: standing?.managers.count ?? 0)
    }

    /// - Parameter isCertain: worth an event.
    func tellLost(_ trouble: Trouble, isCertain: Bool = true) {
        switch source.freshness {
        case .live: tell { $0.freshness = .stale(since: lastAnswer ?? now(), trouble) }
        case .stale(let since, _): tell { $0.freshness = .stale(since: since, trouble) }
        case .failed(let since, _): tell { $0.freshness = .failed(since: since, trouble) }
        case .waiting, .connecting, .absent: tell { $0.freshness = .failed(since: now(), trouble) }
        }
        // Of an engine that never showed a swarm there is nothing to lose; that it is gone, its own source tells.
        guard hasTold, !isToldLost, isCertain else { return }
        isToldLost = true
        tellOfSource("lost", trouble.answer, .failure)
    }

    /// What is on the screen is not known to be true any more, though nothing has failed yet.
    func tellHesitation() {
        guard source.freshness.isLive else { return }
        tell { $0.freshness = .stale(since: lastAnswer ?? now(), SwarmTrouble.hesitation(attempt: attempt, after: pace.hesitation)) }
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
