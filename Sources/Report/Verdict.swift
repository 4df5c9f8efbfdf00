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
        if snapshot.sources.contains(where: { $0.kind != .host && !$0.freshness.isLive }) {
            self = .unreadable
        } else if snapshot.containers.contains(where: { $0.problem != nil }) || snapshot.checks.contains(where: { $0.status >= .warning }) {
            self = .problems
        } else {
            self = .healthy
        }
    }
}
