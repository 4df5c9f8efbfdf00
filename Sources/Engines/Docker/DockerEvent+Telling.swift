internal import Domain
internal import Engine

/// What of the engine's events a person is told, and in which words.
extension DockerEvent {
    /// nil for what is not worth a line: the plumbing of execs, attachments and mounts.
    func told(by source: Source.ID) -> Event? {
        guard let (severity, detail) = verdict else { return nil }
        return Event(
            id: replayID, at: at, origin: .engine, source: source, kind: kind,
            action: argument.isEmpty ? action : "\(action): \(argument)", subject: PlainText.printable(name), subjectID: id,
            detail: PlainText.printable(detail), severity: severity)
    }

    private var verdict: (Event.Severity, String)? {
        switch kind {
        case "container": containerVerdict
        case "network": networkVerdict
        case "image": imageVerdict
        case "volume": action == "mount" || action == "unmount" ? nil : (.notice, "")
        case "daemon": (.notice, action == "reload" ? "the engine read its configuration again" : "")
        case "node", "service", "secret", "config": swarmVerdict
        default: nil
        }
    }

    private var containerVerdict: (Event.Severity, String)? {
        let image = attributes["image"].map { "from \($0)" } ?? ""
        switch action {
        case "create": return (.notice, image)
        case "start", "stop", "restart", "pause", "unpause", "update", "checkpoint", "commit", "export": return (.notice, "")
        case "rename":
            let old = attributes["oldName"].map { $0.hasPrefix("/") ? String($0.dropFirst()) : $0 }
            return (.notice, old.map { "was \($0)" } ?? "")
        case "kill": return (.routine, attributes["signal"].map { "signal \(Self.signal($0))" } ?? "")
        case "oom": return (.failure, "ran out of memory")
        case "destroy": return (.notice, "removed")
        case "die":
            guard let code = exitCode else { return (.notice, "") }
            let isFailure = code != 0 && !Exit.wasAskedFor(code)
            return (isFailure ? .failure : .notice, Exit.words(code))
        case "health_status":
            switch argument {
            case "unhealthy": return (.failure, "its health check fails")
            case "healthy": return (.notice, "its health check passes")
            case "starting": return (.routine, "its health check has not passed yet")
            default: return (.routine, argument)
            }
        // attach, detach, top, resize, copy, archive-path, extract-to-dir, exec_*, and Podman's init, sync, cleanup, mount.
        default: return nil
        }
    }

    private var networkVerdict: (Event.Severity, String)? {
        switch action {
        case "connect", "disconnect": (.routine, attributes["container"].map { "container \(Self.short($0))" } ?? "")
        case "create", "destroy", "remove": (.notice, attributes["type"].map { "\($0) network" } ?? "")
        case "update": nil
        default: (.routine, "")
        }
    }

    private var imageVerdict: (Event.Severity, String)? {
        switch action {
        case "pull", "push", "import", "load", "delete", "prune": (.notice, "")
        default: (.routine, "")
        }
    }

    /// `15 (SIGTERM)`: some engines tell numbers.
    static func signal(_ text: String) -> String {
        switch text {
        case "1": "1 (SIGHUP)"
        case "2": "2 (SIGINT)"
        case "3": "3 (SIGQUIT)"
        case "9": "9 (SIGKILL)"
        case "10": "10 (SIGUSR1)"
        case "12": "12 (SIGUSR2)"
        case "15": "15 (SIGTERM)"
        default: text
        }
    }
}
