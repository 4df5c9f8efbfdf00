internal import Domain

extension SnapshotStore {
    /// Checks of registries. What is told again unchanged counts as nothing new.
    static func foldChecks(_ update: Update, into state: inout State, at now: Timestamp) {
        switch update {
        case .checks(let source, let list):
            resume(source, in: &state, at: now)
            let listed = Set(list.map(\.id))
            for check in state.picture.checks where check.id.source == source && !listed.contains(check.id) {
                takeOut(check.id, of: &state)
                state.history.remove(check.id)
            }
            for check in list { put(check, into: &state, at: now) }
            state.history.hasListed(source, at: now)
        case .checkChanges(let changed, let gone):
            let sources = Set(changed.map(\.id.source) + gone.map(\.source))
            for source in sources { resume(source, in: &state, at: now) }
            for id in gone {
                takeOut(id, of: &state)
                state.history.remove(id)
            }
            for check in changed { put(check, into: &state, at: now) }
            for source in sources { state.history.hasCaughtUp(source, at: now) }
        default: break
        }
    }

    /// A check as its source tells it.
    static func put(_ check: Check, into state: inout State, at now: Timestamp) {
        let judged = state.history.judged(check, at: now)
        if let index = state.checkIndex[check.id] {
            guard state.picture.checks[index] != judged else { return }
            state.picture.checks[index] = judged
        } else {
            state.checkIndex[check.id] = state.picture.checks.count
            state.picture.checks.append(judged)
        }
        state.picture.revisions.checks += 1
    }

    /// Out of the picture; the last one takes its place, so that thousands of others need not move.
    static func takeOut(_ id: Check.ID, of state: inout State) {
        guard let index = state.checkIndex.removeValue(forKey: id), let last = state.picture.checks.popLast() else { return }
        if index < state.picture.checks.count {
            state.picture.checks[index] = last
            state.checkIndex[last.id] = index
        }
        state.picture.revisions.checks += 1
    }

    /// What the history says of all checks may have changed.
    static func refill(_ state: inout State, at now: Timestamp, only ids: [Check.ID]? = nil) {
        var isChanged = false
        for index in ids?.compactMap({ state.checkIndex[$0] }) ?? Array(state.picture.checks.indices) {
            let filled = state.history.filled(state.picture.checks[index], at: now)
            guard filled != state.picture.checks[index] else { continue }
            state.picture.checks[index] = filled
            isChanged = true
        }
        if isChanged { state.picture.revisions.checks += 1 }
    }

    /// A flip of an hour ago is none any more, also where nothing is told of its check.
    static func age(_ state: inout State, at now: Timestamp) {
        guard now >= state.nextAging else { return }
        state.nextAging = now.adding(.seconds(30))
        let aged = state.history.aged(at: now)
        if !aged.isEmpty { refill(&state, at: now, only: aged) }
    }

    /// Whether a source is watched: what it has said until now holds on, but nobody sees it change.
    static func watch(_ source: Source, in state: inout State, at now: Timestamp) {
        switch source.freshness {
        case .live: resume(source.id, in: &state, at: now)
        case .stale(let since, _): state.history.lose(source.id, at: min(since, now))
        case .failed, .absent: state.history.lose(source.id, at: now)
        case .waiting, .connecting: break
        }
    }

    static func resume(_ source: Source.ID, in state: inout State, at now: Timestamp) {
        if state.history.resume(source, at: now) { refill(&state, at: now) }
    }

    /// Changes of checks stand on the timeline. Those of a HEALTHCHECK the engine tells itself.
    static func events(of news: [CheckHistory.News], in picture: Snapshot, _ index: [Check.ID: Int]) -> [Event] {
        news.compactMap { news in
            guard case .changed(let transition, let before) = news, let from = transition.from, let place = index[transition.check] else { return nil }
            let check = picture.checks[place]
            return check.kind == Check.healthcheck ? nil : Event(transition, of: check, was: from, before)
        }
    }
}

extension Event {
    fileprivate init(_ transition: CheckTransition, of check: Check, was: Check.Status, _ before: String) {
        let place = [check.service, check.node].filter { !$0.isEmpty }.joined(separator: " on ")
        let text = check.output.isEmpty ? check.notes : check.output
        // Some checks print pages; the first line names the trouble, and of a line the beginning does.
        let line = text.prefix(4096).split(whereSeparator: \.isNewline).lazy.map { $0.drop(while: \.isWhitespace) }.first { !$0.isEmpty }.map { String($0.prefix(200)) } ?? ""
        let rest = [place, line].filter { !$0.isEmpty }.joined(separator: ": ")
        self.init(
            id: "check/\(check.id.source)/\(check.id.raw)/\(transition.at.nanoseconds)", at: transition.at, origin: .binnacle, source: check.id.source,
            kind: "check", action: transition.to.word, subject: check.name, subjectID: check.id.raw,
            detail: "was \(was.word) \(before)" + (rest.isEmpty ? "" : "; \(rest)"), severity: Severity(transition.to))
    }
}

extension Event.Severity {
    fileprivate init(_ status: Check.Status) {
        self =
            switch status {
            case .passing, .starting, .maintenance: .notice
            case .warning: .warning
            case .critical: .failure
            }
    }
}
