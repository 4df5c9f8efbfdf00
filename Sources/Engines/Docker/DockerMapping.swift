internal import Domain

/// Wire to domain for the entities of one engine. Pure: what time it is and whose they are is given.
struct DockerMapping: Sendable {
    /// Labels and commands beyond this many bytes are cut: a 10 MB label must not live in every snapshot.
    static let textLimit = 4096

    let source: Source.ID
    let host: Host.ID

    init(source: Source.ID, name: String) {
        self.source = source
        host = Host.ID(source, name)
    }

    func containerID(_ raw: String) -> Container.ID { Container.ID(source, raw) }

    /// nil for an entry without an id, which nothing could refer to.
    func container(_ wire: ContainerSummary, _ text: StatusText, at now: Timestamp) -> Container? {
        guard let raw = wire.id, !raw.isEmpty else { return nil }
        return Container(
            id: containerID(raw), host: host, name: Self.name(wire.names, raw: raw), image: wire.image ?? "",
            imageID: wire.imageID ?? "", command: Self.bounded(wire.command ?? ""),
            created: Timestamp(seconds: wire.created ?? 0), state: Self.state(wire.state, text, at: now),
            health: wire.health.map { Self.health($0) } ?? text.health, ports: wire.ports.compactMap(Self.port),
            labels: Self.bounded(wire.labels), mounts: wire.mounts.map(Self.mount),
            networkMode: wire.networkMode ?? "",
            endpoints: wire.networks.map { Self.endpoint($0.key, $0.value) }.sorted { $0.network < $1.network })
    }

    /// Old engines name links as `/other/alias` beside the container's own `/name`.
    static func name(_ names: [String]?, raw: String) -> String {
        let all = names ?? []
        let own = all.first { $0.utf8.count(where: { $0 == UInt8(ascii: "/") }) == 1 && $0.hasPrefix("/") } ?? all.first
        let bare = own.map { $0.hasPrefix("/") ? String($0.dropFirst()) : $0 } ?? ""
        return bare.isEmpty ? String(raw.prefix(12)) : bare
    }

    static func state(_ word: String?, _ text: StatusText, at now: Timestamp) -> Container.State {
        switch word ?? "" {
        // `configured` and `initialized`, `stopped` and `stopping` are Podman's own.
        case "created", "configured", "initialized": .created
        case "running", "stopping": .running(since: text.moment(before: now))
        // The list tells when a paused container started, not when it was paused.
        case "paused": .paused(since: nil)
        case "restarting": .restarting(exitCode: text.exitCode)
        case "removing": .removing
        case "exited", "stopped": .exited(code: text.exitCode, at: text.moment(before: now))
        case "dead": .dead
        case "": .unknown("unknown")
        case let other: .unknown(other)
        }
    }

    static func health(_ word: String?) -> Container.Health {
        word.flatMap(Container.Health.init(rawValue:)) ?? .none
    }

    private static func port(_ wire: ContainerSummary.Port) -> Container.Port? {
        guard let inside = wire.privatePort else { return nil }
        return Container.Port(
            hostAddress: wire.ip ?? "", hostPort: wire.publicPort == 0 ? nil : wire.publicPort, containerPort: inside,
            transport: wire.type ?? "tcp")
    }

    private static func mount(_ wire: MountPoint) -> Container.Mount {
        let name = wire.name ?? ""
        return Container.Mount(
            kind: wire.type ?? "", origin: name.isEmpty ? wire.source ?? "" : name, destination: wire.destination ?? "",
            isWritable: wire.isWritable ?? true)
    }

    private static func endpoint(_ name: String, _ wire: EndpointSettings) -> Endpoint {
        Endpoint(
            network: name, networkID: wire.networkID ?? "", address: wire.address ?? "", addressIPv6: wire.addressIPv6 ?? "",
            gateway: wire.gateway ?? "", hardwareAddress: wire.hardwareAddress ?? "", aliases: wire.aliases ?? [])
    }

    static func bounded(_ labels: [String: String]?) -> [String: String] {
        guard let labels else { return [:] }
        guard labels.contains(where: { $0.value.utf8.count > textLimit || $0.key.utf8.count > textLimit }) else { return labels }
        return Dictionary(labels.map { (bounded($0.key), bounded($0.value)) }, uniquingKeysWith: { first, _ in first })
    }

    static func bounded(_ text: String) -> String {
        let count = text.utf8.count
        guard count > textLimit else { return text }
        // A cut inside a character leaves a replacement mark, which is honest enough.
        return String(decoding: text.utf8.prefix(textLimit), as: UTF8.self) + "… (\(count) bytes)"
    }
}
