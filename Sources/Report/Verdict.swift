public import Domain

/// What the picture comes to: the exit status of `--once` and `--json`.
public enum Verdict: Int32, Sendable {
    /// Every source was read and nothing has a problem.
    case healthy = 0
    /// Something has a problem.
    case problems = 1
    /// A source could not be read, so nothing can be sworn to.
    case unreadable = 2

    public init(_ snapshot: Snapshot) {
        if snapshot.sources.contains(where: { $0.kind != .host && !Self.isRead($0.freshness) }) {
            self = .unreadable
        } else if snapshot.containers.contains(where: { $0.problem != nil }) || snapshot.checks.contains(where: { $0.status >= .warning })
            || snapshot.nodes.contains(where: { $0.problem != nil }) || snapshot.workloads.contains(where: { $0.problem != nil })
            || snapshot.members.contains(where: { $0.problem != nil })
        {
            self = .problems
        } else {
            self = .healthy
        }
    }

    /// What is not there has been asked and has answered so.
    private static func isRead(_ freshness: Freshness) -> Bool {
        switch freshness {
        case .live, .absent: true
        case .waiting, .connecting, .stale, .failed: false
        }
    }
}
