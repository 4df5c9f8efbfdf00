/// What the raw fields mean to a person: problems, exit codes in words, who owns the container.
extension Container {
    /// The Compose project, from the labels that Compose and podman-compose set.
    public var composeProject: String? {
        labels["com.docker.compose.project"] ?? labels["io.podman.compose.project"]
    }

    public var composeService: String? { labels["com.docker.compose.service"] }

    /// Who would start another in its place: acting on this container itself is then mostly in vain.
    public var orchestrator: String? {
        // The swarm label is the empty string on tasks: its presence counts, not its value.
        if labels["com.docker.swarm.task"] != nil || labels["com.docker.swarm.task.id"] != nil {
            return "Swarm service \(labels["com.docker.swarm.service.name"] ?? "?")"
        }
        if let pod = labels["io.kubernetes.pod.name"] { return "Kubernetes pod \(pod)" }
        if labels["com.amazonaws.ecs.task-arn"] != nil { return "an ECS task" }
        if labels["com.hashicorp.nomad.alloc_id"] != nil { return "a Nomad allocation" }
        if name.hasPrefix("mesos-") { return "a Mesos task" }
        if let unit = labels["PODMAN_SYSTEMD_UNIT"] { return "systemd unit \(unit)" }
        return nil
    }

    /// Why this row is red, in a few words; nil while all is well.
    public var problem: String? {
        if detail?.isOutOfMemoryKilled == true, !isUp { return "killed for memory" }
        switch state {
        case .dead: return "dead"
        case .restarting(let code): return "restarting" + (code.map { " after exit \($0)" } ?? "")
        case .exited(let code?, _) where code != 0 && !Exit.wasAskedFor(code): return Exit.words(code)
        case .unknown(let word): return word
        case .created, .running, .paused, .removing, .exited: break
        }
        if health == .unhealthy { return "unhealthy" }
        if let error = detail?.error, !error.isEmpty, !isUp { return error }
        return nil
    }

    public var isUp: Bool { state.isRunning }

    /// When the present state began, where that is known.
    public var since: Timestamp? {
        switch state {
        case .running(let since), .paused(let since): since
        case .exited(_, let at): at
        case .created, .removing: created
        case .restarting, .dead, .unknown: nil
        }
    }

    /// Ports folded for display: the engine repeats a mapping for 0.0.0.0 and for ::.
    public var publishedPorts: [Port] {
        var seen = Set<Port>()
        return ports.filter { $0.hostPort != nil }
            .map { port in
                var folded = port
                if folded.hostAddress == "0.0.0.0" || folded.hostAddress == "::" { folded.hostAddress = "" }
                return folded
            }
            .filter { seen.insert($0).inserted }
            .sorted { ($0.hostPort ?? 0, $0.containerPort) < ($1.hostPort ?? 0, $1.containerPort) }
    }
}

/// Exit codes in words. 128 + n means that signal n ended the process; 125 to 127 are the engine's and the shell's own.
public enum Exit {
    public static func words(_ code: Int) -> String {
        switch code {
        case 0: "finished (exit 0)"
        case 125: "the engine could not start it (exit 125)"
        case 126: "its command is not executable (exit 126)"
        case 127: "its command was not found (exit 127)"
        case 137: "killed (SIGKILL, exit 137)"
        case 139: "crashed (SIGSEGV, exit 139)"
        case 134: "aborted (SIGABRT, exit 134)"
        case 143: "ended on request (SIGTERM, exit 143)"
        case 130: "interrupted (SIGINT, exit 130)"
        case 129...192: "ended by signal \(code - 128) (exit \(code))"
        default: "failed (exit \(code))"
        }
    }

    /// SIGTERM, SIGKILL and SIGINT are what an ordinary stop looks like; not a failure by themselves.
    public static func wasAskedFor(_ code: Int) -> Bool { code == 143 || code == 137 || code == 130 }
}
