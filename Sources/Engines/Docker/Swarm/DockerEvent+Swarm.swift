internal import Domain

/// What a manager's events of its swarm mean to a person.
extension DockerEvent {
    /// Managers put what changed into attributes: `state.old`, `state.new`, `image.new`; an update without any is one of
    /// labels, or of the swarm's own bookkeeping.
    var swarmVerdict: (Event.Severity, String)? {
        switch (kind, action) {
        case ("node", "create"): (.notice, "joined the swarm")
        case ("node", "remove"): (.notice, "is no node of the swarm any more")
        case (_, "create"), (_, "remove"): (.notice, "")
        case ("node", _), ("service", _): (changes.map(\.severity).max() ?? .routine, changes.map(\.words).joined(separator: ", "))
        default: (.routine, "")
        }
    }

    private var changes: [(severity: Event.Severity, words: String)] {
        attributes.keys.filter { $0.hasSuffix(".new") }.sorted().map { key in
            let field = String(key.dropLast(4))
            let new = attributes[key] ?? ""
            if field == "updatestate" { return Self.rollout(new) }
            let old = attributes["\(field).old"].map { "\($0) → " } ?? ""
            return (field == "state" ? NodeSeverity.of(state: new) : .notice, "\(field) \(old)\(new)")
        }
    }

    private static func rollout(_ state: String) -> (severity: Event.Severity, words: String) {
        switch state {
        case "updating": (.notice, "update started")
        case "completed": (.notice, "update completed")
        case "paused": (.failure, "update paused")
        case "rollback_started": (.warning, "rolling back")
        case "rollback_paused": (.failure, "roll-back paused")
        case "rollback_completed": (.notice, "rolled back")
        default: (.routine, "update \(state)")
        }
    }
}
