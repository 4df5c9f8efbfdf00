public import Domain
internal import FoundationEssentials

/// The whole picture as one JSON object. `Sources/Report/README.md` documents the schema; `schema` is raised when a key
/// changes its meaning or goes, not when one is added.
public struct JSONReport {
    public static let schema = 1

    let snapshot: Snapshot

    public init(_ snapshot: Snapshot) { self.snapshot = snapshot }

    /// UTF-8, keys sorted, indented by two spaces, one line feed at the end.
    public func text() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes, .prettyPrinted]
        return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
    }

    private var value: ReportValue {
        .object([
            "schema": .whole(Self.schema), "taken_at": .text(snapshot.takenAt.rfc3339),
            "sources": .list(snapshot.sources.map(source)), "hosts": .list(snapshot.hosts.map(host)),
            "networks": .list(snapshot.networks.map(network)), "containers": .list(snapshot.containers.map(container)),
            "nodes": .list(snapshot.nodes.map(node)), "workloads": .list(snapshot.workloads.map(workload)),
            "tasks": .list(snapshot.tasks.map(task)), "services": .list(snapshot.services().map(service)), "members": .list(snapshot.members.map(member)),
            "registries": .list(snapshot.registries.map(registry)), "differences": .list(Disagreement.all(in: snapshot).map(difference)), "checks": .list(snapshot.checks.map(check)),
            "events": .list(snapshot.events.prefix(200).map(event)), "links": .list(snapshot.hostNetwork.links.map(link)),
        ])
    }

    func time(_ at: Timestamp?) -> ReportValue { .text(at?.rfc3339) }

    private func source(_ source: Source) -> ReportValue {
        let (state, since): (String, Timestamp?) =
            switch source.freshness {
            case .waiting: ("waiting", nil)
            case .connecting(let since): ("connecting", since)
            case .live(let since): ("live", since)
            case .stale(let since, _): ("stale", since)
            case .failed(let since, _): ("failed", since)
            case .absent: ("absent", nil)
            }
        let absence: String? = if case .absent(let why) = source.freshness { why } else { nil }
        return .object([
            "id": .text(source.id.raw), "kind": .text(source.kind.rawValue), "title": .text(source.title), "name": .text(source.name),
            "address": .text(source.address), "state": .text(state), "since": time(since), "error": .text(source.freshness.trouble?.description), "absence": .text(absence),
            "remarks": .list(source.remarks.map { .text($0) }), "production": .flag(source.isProduction), "read_only": .flag(source.isReadOnly),
        ])
    }

    private func host(_ host: Host) -> ReportValue {
        .object([
            "id": .text(host.id.raw), "source": .text(host.id.source.raw), "name": .text(host.name), "engine": .text(host.engineName),
            "engine_version": .text(host.engineVersion), "api_version": .text(host.apiVersion), "operating_system": .text(host.operatingSystem),
            "kernel": .text(host.kernel), "architecture": .text(host.architecture), "cpus": .whole(host.cpus), "memory_bytes": .natural(host.memory),
            "cgroup_version": .whole(host.cgroupVersion), "rootless": .flag(host.isRootless), "local": .flag(host.isLocal), "swarm": .text(host.swarm),
            "labels": .labels(host.labels), "warnings": .list(host.warnings.map { .text($0) }),
        ])
    }

    private func network(_ network: Network) -> ReportValue {
        .object([
            "id": .text(network.id.raw), "source": .text(network.id.source.raw), "name": .text(network.name), "driver": .text(network.driver), "scope": .text(network.scope),
            "host": .text(snapshot.host(network.host)?.name), "bridge": .text(network.bridgeName), "internal": .flag(network.isInternal),
            "attachable": .flag(network.isAttachable), "options": .labels(network.options), "labels": .labels(network.labels),
            "subnets": .list(network.subnets.map { .object(["range": .text($0.range), "gateway": .text($0.gateway)]) }),
            "containers": .list(snapshot.attachments(of: network).map { .object(["id": .text($0.container.id.raw), "name": .text($0.container.name), "address": .text($0.endpoint.address)]) }),
        ])
    }

    private func container(_ container: Container) -> ReportValue {
        let usage = container.isUp ? snapshot.usage[container.id.raw]?.latest : nil
        let exitCode: Int? = if case .exited(let code, _) = container.state { code } else { container.detail?.exitCode }
        return .object([
            "id": .text(container.id.raw), "source": .text(container.id.source.raw), "name": .text(container.name), "state": .text(container.state.word),
            "health": .text(container.health.rawValue), "problem": .text(container.problem), "image": .text(container.image), "command": .text(container.command),
            "host": .text(snapshot.host(container.host)?.name), "created": time(container.created), "since": time(container.since),
            "project": .text(container.composeProject), "service": .text(container.composeService), "exit_code": .whole(container.isUp ? nil : exitCode),
            "restarts": .whole(container.detail?.restartCount), "oom_killed": container.detail.map { .flag($0.isOutOfMemoryKilled) } ?? .null,
            "ports": .list(container.ports.map(port)), "labels": .labels(container.labels),
            "networks": .list(container.endpoints.map { .object(["name": .text($0.network), "id": .text($0.networkID), "address": .text($0.address), "hardware_address": .text($0.hardwareAddress)]) }),
            "cpu_percent": .decimal(usage?.cpuPercent), "memory_bytes": .natural(usage?.memory), "memory_limit_bytes": .natural(usage?.memoryLimit),
            "receive_bytes_per_second": .decimal(usage?.receiveRate), "send_bytes_per_second": .decimal(usage?.sendRate),
            "read_bytes_per_second": .decimal(usage?.readRate), "write_bytes_per_second": .decimal(usage?.writeRate), "processes": .whole(usage?.processes),
        ])
    }

    private func port(_ port: Container.Port) -> ReportValue {
        .object(["host_address": .text(port.hostAddress), "host_port": .whole(port.hostPort), "container_port": .whole(port.containerPort), "transport": .text(port.transport)])
    }

    private func event(_ event: Event) -> ReportValue {
        .object([
            "id": .text(event.id), "at": time(event.at), "origin": .text(event.origin.rawValue), "source": .text(event.source.raw), "kind": .text(event.kind),
            "action": .text(event.action), "subject": .text(event.subject), "detail": .text(event.detail),
        ])
    }

    private func link(_ link: Link) -> ReportValue {
        .object([
            "name": .text(link.name), "index": .whole(link.index), "kind": .text(link.kind.rawValue), "state": .text(link.operState), "master": .text(link.master),
            "addresses": .list(link.addresses.map { .text($0) }), "container": .text(link.container), "container_interface": .text(link.containerInterface),
            "received_bytes": .natural(link.received), "sent_bytes": .natural(link.sent),
        ])
    }
}
