public import Domain

/// A span of time in which a source was watched without a gap.
public struct WatchSpan: Sendable, Hashable {
    public var source: Source.ID
    public var from: Timestamp
    public var until: Timestamp

    public init(source: Source.ID, from: Timestamp, until: Timestamp) {
        self.source = source
        self.from = from
        self.until = until
    }
}

/// Since when a source is watched. What changed while it was not is found out only afterwards.
struct SourceWatch {
    /// A gap shorter than this is none: a restart of the program, a reconnect.
    static let bridged = Duration.seconds(120)

    enum Phase {
        /// Nothing is known yet of what it has. → `following`
        case starting
        /// What is told now was heard as it happened. → `resuming`
        case following
        /// There was a gap: its next list tells what changed meanwhile. → `following`
        case resuming
    }

    /// When this run began to watch it, or began again after a gap.
    private(set) var began: Timestamp
    /// The same, earlier runs included that this one follows without a gap.
    private(set) var since: Timestamp
    private(set) var phase = Phase.starting
    /// Nil while it is watched.
    private var lostAt: Timestamp?

    init(at now: Timestamp) {
        began = now
        since = now
    }

    /// - Returns: true when there was a gap too long to be passed over.
    mutating func resume(at now: Timestamp) -> Bool {
        guard let lost = lostAt else { return false }
        lostAt = nil
        guard now >= lost.adding(Self.bridged) else { return false }
        began = now
        since = now
        return true
    }

    mutating func lose(at moment: Timestamp) {
        guard lostAt == nil else { return }
        lostAt = max(began, moment)
        if case .following = phase { phase = .resuming }
    }

    mutating func hasListed() { phase = .following }

    /// Reaches back over the earlier spans that this one follows.
    mutating func follow(_ spans: [WatchSpan]) {
        for span in spans.sorted(by: { $0.until > $1.until }) where span.until.adding(Self.bridged) > since { since = min(since, span.from) }
    }

    func span(of source: Source.ID, until now: Timestamp) -> WatchSpan {
        WatchSpan(source: source, from: began, until: max(began, lostAt ?? now))
    }
}
