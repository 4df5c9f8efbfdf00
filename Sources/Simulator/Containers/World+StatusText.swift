internal import Domain

extension World {
    /// `Up 5 minutes (healthy)`, `Exited (137) 3 seconds ago`, as the engine's list has it.
    public func statusText(of container: SimContainer) -> String {
        func ago(_ time: Timestamp?) -> String { World.humanDuration(now.nanoseconds - (time ?? now).nanoseconds) }
        switch container.state {
        case .created: return "Created"
        case .dead: return "Dead"
        case .restarting: return "Restarting (\(container.exitCode)) \(ago(container.finishedAt)) ago"
        case .exited:
            return container.finishedAt == nil ? "Created" : "Exited (\(container.exitCode)) \(ago(container.finishedAt)) ago"
        case .paused: return "Up \(ago(container.startedAt)) (Paused)"
        case .running:
            guard container.healthCheck != nil else { return "Up \(ago(container.startedAt))" }
            let word = container.health.status == .starting ? "health: starting" : container.health.status.rawValue
            return "Up \(ago(container.startedAt)) (\(word))"
        }
    }

    /// As docker/go-units words it.
    static func humanDuration(_ nanoseconds: Int64) -> String {
        let seconds = max(0, nanoseconds) / 1_000_000_000
        let minutes = seconds / 60
        let hours = (minutes + 30) / 60
        switch true {
        case seconds < 1: return "Less than a second"
        case seconds == 1: return "1 second"
        case seconds < 60: return "\(seconds) seconds"
        case minutes == 1: return "About a minute"
        case minutes < 60: return "\(minutes) minutes"
        case hours == 1: return "About an hour"
        case hours < 48: return "\(hours) hours"
        case hours < 24 * 7 * 2: return "\(hours / 24) days"
        case hours < 24 * 30 * 2: return "\(hours / 24 / 7) weeks"
        case hours < 24 * 365 * 2: return "\(hours / 24 / 30) months"
        case _: return "\(hours / 24 / 365) years"
        }
    }
}
