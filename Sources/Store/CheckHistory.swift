internal import Domain

/// Remembers when each check changed, in this run and in those before it, so that "since when" and "how often" can be told honestly.
struct CheckHistory {
    /// Kept of each check; one that flaps faster than once a minute loses its oldest changes of the hour.
    static let transitionLimit = 64
    static let window = Duration.seconds(3600)

    private struct Record {
        var status: Check.Status
        var since: Timestamp
        /// `since` is only the moment of the first look.
        var isAtLeast: Bool
        /// Changes only, not the first sight.
        var transitions: [CheckTransition] = []
        var firstStatus: Check.Status
        var firstSeen: Timestamp
        /// It was found by the first look at its source: an earlier run may have known it.
        let isOld: Bool
        /// Nil for as long as its source has been watched.
        var appeared: Timestamp?
        /// Its container is stopped.
        var isAway = false

        mutating func add(_ transition: CheckTransition) {
            transitions.append(transition)
            if transitions.count > transitionLimit { transitions.removeFirst(transitions.count - transitionLimit) }
        }
    }

    private var records: [Check.ID: Record] = [:]
    /// Since when those have been starting that never had a verdict: only that is what history begins with.
    private var starting: [Check.ID: Timestamp] = [:]
    private var watches: [Source.ID: SourceWatch] = [:]
    /// Nil until earlier runs are known of, if ever.
    private var memory: CheckMemory?
    /// Seen before `memory` was there.
    private var unsettled: Set<Check.ID> = []
    /// Those with transitions, which grow old.
    private var restless: Set<Check.ID> = []
    /// What is to be recorded, in order.
    private var news: [News] = []

    /// What happened to a check.
    enum News {
        /// With how long the status before had lasted, in words; empty for the first sight.
        case changed(CheckTransition, before: String)
        case gone(Check.ID)
    }

    mutating func takeNews() -> [News] {
        defer { news = [] }
        return news
    }

    /// The check with all filled in that has been seen of it.
    mutating func judged(_ check: Check, at now: Timestamp) -> Check {
        let watch = watch(check.id.source, at: now)
        guard var record = records[check.id] else {
            guard check.status == .starting else {
                starting[check.id] = nil
                return firstSight(of: check, watch, at: now)
            }
            return withoutVerdict(check, at: now)
        }
        if record.status != check.status {
            let isUnwatched = watch.phase == .resuming
            let moment = check.since.map { min($0, now) } ?? now
            let transition = CheckTransition(check: check.id, at: moment, from: record.status, to: check.status, wasUnwatched: isUnwatched)
            let before = isUnwatched ? Self.unwatched : (record.isAtLeast ? "for at least " : "for ") + Self.span(from: record.since, to: moment)
            news.append(.changed(transition, before: before))
            record.add(transition)
            record.status = check.status
            record.since = moment
            record.isAtLeast = isUnwatched && (check.since == nil || check.isSinceAtLeast)
            restless.insert(check.id)
        } else if record.isAway {
            record.since = check.since ?? now
            record.isAtLeast = false
            news.append(.changed(CheckTransition(check: check.id, at: now, from: nil, to: check.status), before: ""))
        } else if record.isAtLeast, let since = check.since, since < record.since {
            record.since = since
            record.isAtLeast = check.isSinceAtLeast
        }
        record.isAway = false
        records[check.id] = record
        return filled(check, record, at: now)
    }

    private mutating func withoutVerdict(_ check: Check, at now: Timestamp) -> Check {
        let begin = starting[check.id] ?? now
        starting[check.id] = begin
        var check = check
        check.since = check.since ?? begin
        check.isSinceAtLeast = false
        check.watchedSince = begin
        return check
    }

    private mutating func firstSight(of check: Check, _ watch: SourceWatch, at now: Timestamp) -> Check {
        let isOld = watch.phase == .starting
        let record = Record(
            status: check.status, since: check.since ?? now, isAtLeast: check.since == nil || check.isSinceAtLeast,
            firstStatus: check.status, firstSeen: now, isOld: isOld, appeared: isOld ? nil : now)
        records[check.id] = record
        if memory == nil { unsettled.insert(check.id) } else { settle(check.id) }
        return filled(check, records[check.id] ?? record, at: now)
    }

    /// Joins what this run saw of a check to what earlier ones did.
    private mutating func settle(_ id: Check.ID) {
        guard var record = records[id], let watch = watches[id.source] else { return }
        // One that came up later is another of the same name, whatever was known of the first.
        guard let past = memory?.recall(id), record.isOld else {
            news.append(.changed(CheckTransition(check: id, at: record.firstSeen, from: nil, to: record.firstStatus), before: ""))
            if record.isOld { records[id]?.appeared = record.firstSeen }
            return
        }
        let hasChanged = record.firstStatus != record.status || !record.transitions.isEmpty
        let own = record.transitions
        record.transitions = []
        for transition in past.recent { record.add(transition) }
        if past.latest.to == record.firstStatus {
            if !hasChanged {
                // Before the gap it was so as well, but within it nobody knows.
                let isUnbroken = past.latest.at >= watch.since
                let since = isUnbroken ? past.latest.at : watch.since
                if record.isAtLeast, since < record.since {
                    record.since = since
                    record.isAtLeast = !isUnbroken || past.latest.from == nil || past.latest.wasUnwatched
                }
            }
        } else {
            let moment = record.isAtLeast || hasChanged ? record.firstSeen : record.since
            let transition = CheckTransition(check: id, at: moment, from: past.latest.to, to: record.firstStatus, wasUnwatched: true)
            record.add(transition)
            news.append(.changed(transition, before: Self.unwatched))
        }
        for transition in own { record.add(transition) }
        if past.latest.from == nil, past.latest.at > watch.since { record.appeared = past.latest.at }
        if !record.transitions.isEmpty { restless.insert(id) }
        records[id] = record
    }

    /// - Returns: true when checks that were judged already may read differently now.
    mutating func restore(_ past: PastChecks) -> Bool {
        let memory = CheckMemory(past)
        self.memory = memory
        for source in watches.keys { watches[source]?.follow(memory.spans(of: source)) }
        let waiting = unsettled
        unsettled = []
        for id in waiting { settle(id) }
        for (source, watch) in watches where watch.phase != .starting { self.memory?.forget(source) }
        return !records.isEmpty
    }

    func filled(_ check: Check, at now: Timestamp) -> Check { records[check.id].map { filled(check, $0, at: now) } ?? check }

    private func filled(_ check: Check, _ record: Record, at now: Timestamp) -> Check {
        let begin = now.adding(.zero - Self.window)
        var check = check
        check.since = record.since
        check.isSinceAtLeast = record.isAtLeast
        check.transitions = record.transitions.first.map { $0.at >= begin } ?? true ? record.transitions : record.transitions.filter { $0.at >= begin }
        check.flips = check.transitions.count
        check.watchedSince = record.appeared ?? watches[check.id.source]?.since
        return check
    }

    /// The checks of which a change is over an hour ago by now.
    mutating func aged(at now: Timestamp) -> [Check.ID] {
        let begin = now.adding(.zero - Self.window)
        let aged = restless.filter { id in records[id].map { $0.transitions.contains { $0.at < begin } } ?? true }
        for id in aged {
            records[id]?.transitions.removeAll { $0.at < begin }
            if records[id]?.transitions.isEmpty ?? true { restless.remove(id) }
        }
        return Array(aged)
    }

    /// It is not there any more; `isAway`: only as long as its container does not run.
    mutating func remove(_ id: Check.ID, isAway: Bool = false) {
        starting[id] = nil
        guard let record = records[id] else { return }
        if !record.isAway { news.append(.gone(id)) }
        if isAway {
            records[id]?.isAway = true
        } else {
            records[id] = nil
            unsettled.remove(id)
            restless.remove(id)
        }
    }

    private static let unwatched = "when it was last watched"

    /// `4 s`, `12 min`, `3 h`, `2 days`: of two units the greater says enough here.
    private static func span(from: Timestamp, to: Timestamp) -> String {
        let seconds = to.seconds(since: from)
        return switch seconds {
        case ..<120: "\(seconds) s"
        case ..<7200: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) days"
        }
    }
}

// MARK: Watching

extension CheckHistory {
    /// The watch of a source that told something just now.
    private mutating func watch(_ source: Source.ID, at now: Timestamp) -> SourceWatch {
        if let known = watches[source] { return known }
        var watch = SourceWatch(at: now)
        if let memory { watch.follow(memory.spans(of: source)) }
        watches[source] = watch
        return watch
    }

    /// A source answers.
    /// - Returns: true when its checks may have changed and changed back unseen, so that they read differently now.
    mutating func resume(_ source: Source.ID, at now: Timestamp) -> Bool {
        _ = watch(source, at: now)
        guard watches[source]?.resume(at: now) == true else { return false }
        for (id, record) in records where id.source == source {
            records[id]?.appeared = nil
            guard record.since < now else { continue }
            records[id]?.since = now
            records[id]?.isAtLeast = true
        }
        return true
    }

    /// A source does not answer since `moment`.
    mutating func lose(_ source: Source.ID, at moment: Timestamp) { watches[source]?.lose(at: moment) }

    /// All that a source has was told.
    mutating func hasListed(_ source: Source.ID, at now: Timestamp) {
        guard watch(source, at: now).phase != .following else { return }
        watches[source]?.hasListed()
        memory?.forget(source)
    }

    /// Some of what it has was told: after a gap that is all that has changed.
    mutating func hasCaughtUp(_ source: Source.ID, at now: Timestamp) {
        if watch(source, at: now).phase == .resuming { watches[source]?.hasListed() }
    }

    func spans(until now: Timestamp) -> [WatchSpan] { watches.map { $1.span(of: $0, until: now) } }
}
