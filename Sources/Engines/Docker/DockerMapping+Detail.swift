internal import Domain

extension DockerMapping {
    /// How many probes the engine itself keeps, and how much of each output.
    private static let probeLimit = 5
    private static let serviceVariableCount = 64
    /// Bytes, of a name as of a value.
    private static let serviceVariableLimit = 512

    static func detail(_ wire: ContainerInspection) -> Container.Detail {
        let state = wire.state
        let health = state?.health
        return Container.Detail(
            pid: state?.pid.flatMap { $0 > 0 ? $0 : nil }, restartCount: wire.restartCount ?? 0,
            isOutOfMemoryKilled: state?.outOfMemoryKilled ?? false, exitCode: exitCode(state),
            error: bounded(state?.error ?? ""), startedAt: state?.startedAt.flatMap { Timestamp(rfc3339: $0) },
            finishedAt: state?.finishedAt.flatMap { Timestamp(rfc3339: $0) }, restartPolicy: restartPolicy(wire.hostConfig),
            usesTerminal: wire.config?.usesTerminal ?? false, failingStreak: health?.failingStreak ?? 0,
            probes: (health?.log ?? []).suffix(probeLimit).map(probe),
            healthCommand: bounded(healthCommand(wire.config?.healthCheck?.test ?? [])),
            serviceVariables: serviceVariables(wire.config?.environment ?? []), hostname: bounded(wire.config?.hostname ?? ""))
    }

    /// What registrars read of an environment. A value that is too long is left out whole: half a script would be another script.
    static func serviceVariables(_ environment: [String]) -> [String: String] {
        var found: [String: String] = [:]
        for variable in environment where variable.hasPrefix("SERVICE_") {
            guard let equals = variable.utf8.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let key = variable[..<equals]
            let value = variable[equals...].dropFirst()
            guard key.utf8.count <= serviceVariableLimit, value.utf8.count <= serviceVariableLimit else { continue }
            // The engine's own rule for a name given twice: the last one counts.
            guard found.count < serviceVariableCount || found[String(key)] != nil else { continue }
            found[String(key)] = String(value)
        }
        return found
    }

    /// The engine writes 0 for a container that never ended as well.
    private static func exitCode(_ state: ContainerInspection.State?) -> Int? {
        guard let state, state.finishedAt.flatMap({ Timestamp(rfc3339: $0) }) != nil || state.status == "exited" else { return nil }
        return state.exitCode
    }

    static func restartPolicy(_ wire: ContainerInspection.HostConfig?) -> String {
        let name = wire?.restartPolicy?.name ?? ""
        guard name == "on-failure", let limit = wire?.restartPolicy?.maximumRetryCount, limit > 0 else {
            return name.isEmpty ? "no" : name
        }
        return "\(name):\(limit)"
    }

    private static func probe(_ wire: ContainerInspection.Health.Run) -> Probe {
        Probe(
            start: wire.start.flatMap { Timestamp(rfc3339: $0) }, end: wire.end.flatMap { Timestamp(rfc3339: $0) },
            exitCode: wire.exitCode ?? 0, output: bounded(wire.output ?? ""))
    }

    private static func healthCommand(_ test: [String]) -> String {
        test == ["NONE"] ? "" : test.joined(separator: " ")
    }

    /// The state as an inspection tells it, with exact times.
    static func state(_ wire: ContainerInspection) -> Container.State {
        let state = wire.state
        let started = state?.startedAt.flatMap { Timestamp(rfc3339: $0) }
        switch state?.status ?? "" {
        case "running", "stopping": return .running(since: started)
        case "paused": return .paused(since: nil)
        case "restarting": return .restarting(exitCode: state?.exitCode)
        case "exited", "stopped":
            return .exited(code: state?.exitCode, at: state?.finishedAt.flatMap { Timestamp(rfc3339: $0) })
        case let word: return Self.state(word, StatusText(""), at: Timestamp(seconds: 0))
        }
    }

    /// As much of a container as a plan needs: who it is and who owns it.
    func container(_ wire: ContainerInspection) -> Container {
        let raw = wire.id ?? ""
        return Container(
            id: containerID(raw), host: host, name: Self.name(wire.name.map { [$0] }, raw: raw), image: wire.config?.image ?? "",
            created: wire.created.flatMap { Timestamp(rfc3339: $0) } ?? Timestamp(seconds: 0), state: Self.state(wire),
            health: Self.health(wire.state?.health?.status), labels: Self.bounded(wire.config?.labels),
            networkMode: wire.hostConfig?.networkMode ?? "", detail: Self.detail(wire))
    }
}
