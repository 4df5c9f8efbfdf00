public import Domain

/// What a health check says at a moment.
public struct SimHealth: Sendable, Hashable {
    public enum Status: String, Sendable, Hashable { case starting, healthy, unhealthy }

    public struct Probe: Sendable, Hashable {
        public var start: Timestamp
        public var end: Timestamp
        public var exitCode: Int
        public var output: String
    }

    public var status: Status
    public var failingStreak: Int
    /// The last five, oldest first.
    public var log: [Probe]
}

/// What is kept of a container's health. Probes between two changes are alike, so only the changes are kept, and the last five probes
/// are worked out when somebody asks.
struct SimHealthRecord: Sendable {
    struct Phase: Sendable {
        var from: Timestamp
        var fault: String?
    }

    var status: SimHealth.Status = .starting
    var streak = 0
    /// The phases of this run, oldest first; the last few.
    var phases: [Phase] = []
    /// What its probes print as long as all is well.
    var passing = "ok"
    /// A fault that somebody ordered.
    var fault: String?
}
