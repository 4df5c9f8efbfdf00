internal import Domain
internal import Drawing
internal import Widgets

/// What is known of a check in honest words: what was seen is said as such, what was not is not claimed.
enum CheckWords {
    /// `critical for at least 4 min, watching since 09:10`, `critical for 4 min`.
    static func standing(_ check: Check, now: Timestamp, utcOffset: Int) -> String {
        guard let since = check.since else { return check.status.word }
        let span = span(now.seconds(since: since))
        guard check.isSinceAtLeast else { return "\(check.status.word) for \(span)" }
        return "\(check.status.word) for at least \(span), watching since \(moment(check.watchedSince ?? since, now: now, utcOffset: utcOffset))"
    }

    /// `7 changes in the last hour`; no more than what was watched is said of a check that is watched for a shorter time.
    static func changes(_ check: Check, now: Timestamp) -> String {
        let count = check.flips == 1 ? "1 change" : check.flips == 0 ? "no change" : "\(check.flips) changes"
        if check.flips == 0, let watched = check.watchedSince, now.seconds(since: watched) < 3600 { return "no change in the \(span(now.seconds(since: watched))) watched" }
        return count + " in the last hour"
    }

    /// What it does, or at least what kind it is; a HEALTHCHECK's command is known by its container's inspection.
    static func purpose(_ check: Check, in snapshot: Snapshot) -> String {
        if !check.definition.isEmpty { return check.definition }
        if let command = check.container.flatMap({ snapshot.container($0) })?.detail?.healthCommand, !command.isEmpty { return "HEALTHCHECK " + command }
        switch check.kind {
        case "": return ""
        case "healthcheck": return "HEALTHCHECK of its container"
        case "serf": return "whether the node's agent answers the other agents"
        case "maintenance": return "maintenance, switched on by somebody"
        case "ttl": return "ttl: somebody has to report in time"
        default: return "\(check.kind) check, run by the agent of its node"
        }
    }

    /// `40 s`, `4 min`, `2 h 5 min`, `3 days`.
    static func span(_ seconds: Int64) -> String {
        switch seconds {
        case ..<60: "\(max(0, seconds)) s"
        case ..<3600: "\(seconds / 60) min"
        case ..<86_400: seconds / 60 % 60 == 0 ? "\(seconds / 3600) h" : "\(seconds / 3600) h \(seconds / 60 % 60) min"
        case ..<172_800: "1 day"
        default: "\(seconds / 86_400) days"
        }
    }

    /// `09:10` where that was today.
    private static func moment(_ at: Timestamp, now: Timestamp, utcOffset: Int) -> String {
        let clock = String(at.clock(offset: utcOffset).prefix(5))
        let day = at.date(offset: utcOffset)
        return day == now.date(offset: utcOffset) ? clock : "\(day) \(clock)"
    }

    /// What it printed, as lines that are harmless; none where it printed nothing.
    static func output(_ text: String) -> [String] {
        var lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).map { LogText.clean(String($0)) }
        while lines.last?.allSatisfy(\.isWhitespace) == true { lines.removeLast() }
        while lines.first?.allSatisfy(\.isWhitespace) == true { lines.removeFirst() }
        return lines
    }

    /// The first line of it that says anything. Made for every row that is seen, so no more of it is looked at.
    static func firstLine(_ text: String) -> String { LogText.clean(String(text.drop { $0.isWhitespace }.prefix(400).prefix { !$0.isNewline })) }

    /// `2 critical · 1 warning · 31 passing`, worst first.
    static func tally(_ counts: [Int]) -> String {
        Check.Status.allCases.reversed().filter { counts[$0.rawValue] > 0 }.map { "\(counts[$0.rawValue]) \($0.word)" }.joined(separator: " · ")
    }

    /// How many there are of each status, by its raw value.
    static func counts(_ statuses: some Sequence<Check.Status>) -> [Int] {
        var counts = Array(repeating: 0, count: Check.Status.allCases.count)
        for status in statuses { counts[status.rawValue] += 1 }
        return counts
    }
}
