/// Something that happened, told by a source or done by the operator.
public struct Event: Sendable, Hashable, Identifiable {
    public enum Severity: Int, Sendable, Hashable, Comparable {
        case routine, notice, warning, failure
        public static func < (a: Severity, b: Severity) -> Bool { a.rawValue < b.rawValue }
    }
    public enum Origin: String, Sendable, Hashable {
        /// A source told it.
        case engine
        /// The operator did it through Binnacle.
        case operation
        /// Binnacle itself saw it: a source lost or back.
        case binnacle
    }

    /// Same text for the same event however often it is told: replays after a reconnect are recognised by it.
    public let id: String
    public var at: Timestamp
    public var origin: Origin
    public var source: Source.ID
    /// `container`, `network`, `image`, `volume`, `service`, `source`.
    public var kind: String
    /// `start`, `die`, `health_status: unhealthy`.
    public var action: String
    /// Name of what it happened to.
    public var subject: String
    /// Raw id of what it happened to.
    public var subjectID: String
    /// The rest in words: `exit 137, killed (SIGKILL)`.
    public var detail: String
    public var severity: Severity

    public init(
        id: String, at: Timestamp, origin: Origin, source: Source.ID, kind: String, action: String, subject: String,
        subjectID: String = "", detail: String = "", severity: Severity = .routine
    ) {
        self.id = id
        self.at = at
        self.origin = origin
        self.source = source
        self.kind = kind
        self.action = action
        self.subject = subject
        self.subjectID = subjectID
        self.detail = detail
        self.severity = severity
    }
}
