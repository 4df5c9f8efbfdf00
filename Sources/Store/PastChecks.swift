public import Domain

/// What earlier runs have seen of the checks.
public struct PastChecks: Sendable {
    /// The last one of every check that was still there when it was last looked at.
    public var latest: [CheckTransition]
    /// All of the last hour, oldest first.
    public var recent: [CheckTransition]
    public var watched: [WatchSpan]

    public init(latest: [CheckTransition] = [], recent: [CheckTransition] = [], watched: [WatchSpan] = []) {
        self.latest = latest
        self.recent = recent
        self.watched = watched
    }
}

/// The same, by what it is looked up by.
struct CheckMemory {
    private var latest: [Source.ID: [Check.ID: CheckTransition]] = [:]
    private var recent: [Check.ID: [CheckTransition]]
    private let watched: [Source.ID: [WatchSpan]]

    init(_ past: PastChecks) {
        for transition in past.latest { latest[transition.check.source, default: [:]][transition.check] = transition }
        recent = Dictionary(grouping: past.recent.filter { $0.from != nil }, by: \.check)
        watched = Dictionary(grouping: past.watched, by: \.source)
    }

    func spans(of source: Source.ID) -> [WatchSpan] { watched[source] ?? [] }

    /// What is known of a check that was there when this run first looked.
    func recall(_ id: Check.ID) -> (latest: CheckTransition, recent: [CheckTransition])? {
        latest[id.source]?[id].map { ($0, recent[id] ?? []) }
    }

    /// Once a source has told all it has, what else was known of it is of no more use.
    mutating func forget(_ source: Source.ID) {
        for id in (latest.removeValue(forKey: source) ?? [:]).keys { recent[id] = nil }
    }
}
