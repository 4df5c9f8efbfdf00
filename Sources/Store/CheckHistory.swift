internal import Domain

/// Remembers when each check changed, so that "since when" and "how often" can be told honestly.
struct CheckHistory {
    private struct Record {
        var status: Check.Status
        var since: Timestamp
        /// `since` is only the moment of the first look.
        var isAtLeast: Bool
        var flips: [Timestamp] = []
    }

    private var records: [Check.ID: Record] = [:]

    /// The check with `since`, `isSinceAtLeast` and `flips` filled in from what has been seen of it.
    mutating func judged(_ check: Check, at now: Timestamp) -> Check {
        var check = check
        var record: Record
        if let known = records[check.id] {
            record = known
            if known.status != check.status {
                record.status = check.status
                record.since = check.since ?? now
                record.isAtLeast = false
                record.flips.append(now)
            } else if record.isAtLeast, let since = check.since, since < record.since {
                record.since = since
            }
        } else {
            record = Record(status: check.status, since: check.since ?? now, isAtLeast: check.since == nil || check.isSinceAtLeast)
        }
        let hourAgo = now.adding(.seconds(-3600))
        record.flips.removeAll { $0 < hourAgo }
        records[check.id] = record
        check.since = record.since
        check.isSinceAtLeast = record.isAtLeast
        check.flips = record.flips.count
        return check
    }

    mutating func forget(_ id: Check.ID) { records[id] = nil }
}

extension Check {
    /// The check that a container's HEALTHCHECK is; nil where it has none or is not running.
    init?(healthOf container: Container) {
        guard container.isUp else { return nil }
        let status: Status
        switch container.health {
        case .none: return nil
        case .starting: status = .starting
        case .healthy: status = .passing
        case .unhealthy: status = .critical
        }
        let probes = container.detail?.probes ?? []
        // The engine keeps five probes: if a passing one stands before the failing ones, the change is dated exactly.
        let isGood = status == .passing
        var since: Timestamp?
        var isAtLeast = true
        if status != .starting {
            for probe in probes.reversed() {
                guard (probe.exitCode == 0) == isGood else {
                    isAtLeast = false
                    break
                }
                since = probe.start
            }
        }
        self.init(
            id: Check.ID(container.id.source, container.id.raw), name: container.name, status: status,
            output: probes.last?.output ?? "", service: container.composeService ?? "", node: container.host.raw,
            container: container.id, since: since, isSinceAtLeast: isAtLeast, probes: probes)
    }
}
