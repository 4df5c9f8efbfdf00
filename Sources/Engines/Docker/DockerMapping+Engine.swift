internal import Domain

/// The engine itself and its networks.
extension DockerMapping {
    func network(_ wire: NetworkResource) -> Network? {
        guard let raw = wire.id, !raw.isEmpty else { return nil }
        let pools = wire.addressManagement?.config ?? []
        return Network(
            id: Network.ID(source, raw), host: host, name: wire.name ?? String(raw.prefix(12)), driver: wire.driver ?? "",
            scope: wire.scope ?? "local", created: wire.created.flatMap { Timestamp(rfc3339: $0) },
            subnets: pools.compactMap { pool in
                pool.subnet.map { Network.Subnet(range: $0, gateway: pool.gateway ?? "") }
            },
            options: Self.bounded(wire.options), labels: Self.bounded(wire.labels), isInternal: wire.isInternal ?? false,
            isAttachable: wire.isAttachable ?? false, isIngress: wire.isIngress ?? false, hasIPv6: wire.enableIPv6 ?? false)
    }

    /// What the first answer alone tells, so that rows have a host before `/info` has come.
    func host(_ greeting: Greeting, name: String, isLocal: Bool) -> Host {
        Host(
            id: host, name: name, engineVersion: greeting.engineVersion, apiVersion: greeting.apiVersion.description,
            engineName: greeting.engineName, isLocal: isLocal, swarm: greeting.swarm)
    }

    func host(_ host: Host, refinedBy info: EngineInfo, isLocal: Bool) -> Host {
        var host = host
        let swarm = info.swarm
        if let name = info.name, !name.isEmpty { host.name = name }
        if let version = info.serverVersion, !version.isEmpty { host.engineVersion = version }
        host.operatingSystem = info.operatingSystem ?? ""
        host.kernel = info.kernel ?? ""
        host.architecture = info.architecture ?? ""
        host.cpus = info.cpus ?? 0
        host.memory = info.memory ?? 0
        host.cgroupVersion = info.cgroupVersion.flatMap { Int($0) }
        host.cgroupDriver = info.cgroupDriver ?? ""
        host.isRootless = (info.securityOptions ?? []).contains { $0.hasPrefix("name=rootless") }
        host.isLocal = isLocal
        host.labels = Self.bounded(Self.pairs(info.labels ?? []))
        host.warnings = (info.warnings ?? []).map(Self.bounded)
        let state = swarm?.localState ?? ""
        host.swarm = state == "active" ? "active/\(swarm?.isManager == true ? "manager" : "worker")" : state.isEmpty ? "inactive" : state
        return host
    }

    private static func pairs(_ texts: [String]) -> [String: String] {
        var pairs: [String: String] = [:]
        for text in texts {
            let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if let key = parts.first { pairs[String(key)] = parts.count > 1 ? String(parts[1]) : "" }
        }
        return pairs
    }
}
