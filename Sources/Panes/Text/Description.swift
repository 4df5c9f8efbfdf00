public import Domain
public import Drawing
internal import Commands
internal import Widgets

/// What is known of a thing, in words, section by section. Made from the snapshot, so it needs no answer from anybody.
public struct Description {
    public typealias Lines = [(text: String, role: Role)]

    var lines: Lines = []
    let snapshot: Snapshot
    let now: Timestamp

    init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
        now = snapshot.takenAt
    }

    mutating func heading(_ text: String) {
        if !lines.isEmpty { lines.append(("", .text)) }
        lines.append((text, .heading))
    }

    mutating func fact(_ name: String, _ value: String, _ role: Role = .text) {
        guard !value.isEmpty else { return }
        let name = LogText.clean(name)
        lines.append(("  " + name + String(repeating: " ", count: max(1, 16 - name.count)) + LogText.clean(value), role))
    }

    func ago(_ at: Timestamp?) -> String {
        guard let at else { return "" }
        return "\(at.rfc3339) (\(Figure.longAge(now.seconds(since: at))) ago)"
    }

    public static func of(_ container: Container, in snapshot: Snapshot) -> Lines {
        var d = Description(snapshot)
        d.heading("State")
        d.fact("name", container.name)
        d.fact("state", container.state.word + (container.problem.map { ", " + $0 } ?? ""), container.problem == nil ? .good : .bad)
        if case .exited(let code?, _) = container.state { d.fact("exit", Exit.words(code), code == 0 ? .text : .bad) }
        if let detail = container.detail {
            if detail.isOutOfMemoryKilled { d.fact("memory", "the kernel killed it for memory (OOM)", .bad) }
            d.fact("error", detail.error, .bad)
            d.fact("started", d.ago(detail.startedAt))
            d.fact("finished", d.ago(detail.finishedAt))
            d.fact("restarts", "\(detail.restartCount), policy \(detail.restartPolicy.isEmpty ? "no" : detail.restartPolicy)")
            if let pid = detail.pid, pid > 0 { d.fact("pid", String(pid)) }
        } else {
            d.fact("since", d.ago(container.since))
        }
        if container.health != .none { d.fact("health", container.health.rawValue, container.health == .unhealthy ? .bad : .text) }
        if let owner = container.orchestrator { d.fact("belongs to", owner + "; change it there, or another takes its place", .warning) }
        d.heading("Image and command")
        d.fact("image", container.image)
        d.fact("image id", container.imageID)
        d.fact("command", container.command)
        d.fact("created", d.ago(container.created))
        d.fact("id", container.id.raw)
        d.fact("host", snapshot.host(container.host)?.name ?? "")
        if let usage = snapshot.usage[container.id.raw]?.latest, container.isUp {
            d.heading("Use")
            d.fact("processor", Figure.percent(usage.cpuPercent))
            d.fact("memory", Figure.bytes(usage.memory) + (usage.memoryLimit.map { " of \(Figure.bytes($0))" } ?? ", no limit"))
            d.fact("network", "received \(Figure.bytes(usage.received)) (\(Figure.rate(usage.receiveRate))), sent \(Figure.bytes(usage.sent)) (\(Figure.rate(usage.sendRate)))")
            d.fact("block", "read \(Figure.bytes(usage.read)) (\(Figure.rate(usage.readRate))), written \(Figure.bytes(usage.written)) (\(Figure.rate(usage.writeRate)))")
            d.fact("processes", String(usage.processes))
        }
        d.heading("Networks")
        if container.endpoints.isEmpty { d.fact("mode", container.networkMode) }
        for endpoint in container.endpoints {
            let address = [endpoint.address, endpoint.addressIPv6].filter { !$0.isEmpty }.joined(separator: " ")
            d.fact(endpoint.network, (address.isEmpty ? "no address (not running)" : address) + (endpoint.gateway.isEmpty ? "" : " gateway \(endpoint.gateway)"))
            d.fact("", endpoint.aliases.isEmpty ? "" : "also known as " + endpoint.aliases.joined(separator: ", "))
        }
        for port in container.publishedPorts { d.fact("published", ContainerRow.words(port), .info) }
        for port in Set(container.ports.filter { $0.hostPort == nil }).sorted(by: { $0.containerPort < $1.containerPort }) { d.fact("exposed", ContainerRow.words(port)) }
        if !container.mounts.isEmpty {
            d.heading("Mounts")
            for mount in container.mounts { d.fact(mount.kind, "\(mount.origin) → \(mount.destination)" + (mount.isWritable ? "" : " (read-only)")) }
        }
        if !container.labels.isEmpty {
            d.heading("Labels")
            for (key, value) in container.labels.sorted(by: { $0.key < $1.key }) { d.fact(key, "= " + value) }
        }
        return d.lines
    }

    public static func of(_ network: Network, in snapshot: Snapshot) -> Lines {
        var d = Description(snapshot)
        d.heading("Network")
        d.fact("name", network.name)
        d.fact("driver", network.driver)
        d.fact("scope", network.scope)
        for subnet in network.subnets { d.fact("subnet", subnet.range + (subnet.gateway.isEmpty ? "" : ", gateway \(subnet.gateway)")) }
        d.fact("bridge", network.bridgeName ?? "")
        d.fact("created", d.ago(network.created))
        d.fact("kind", [network.isInternal ? "internal: no way out" : "", network.isAttachable ? "attachable" : "", network.isIngress ? "ingress" : "", network.hasIPv6 ? "IPv6" : ""].filter { !$0.isEmpty }.joined(separator: ", "))
        d.fact("id", network.id.raw)
        d.fact("host", snapshot.host(network.host)?.name ?? "")
        let attached = snapshot.attachments(of: network)
        d.heading("Attached (\(attached.count))")
        for (container, endpoint) in attached {
            d.fact(container.name, endpoint.address.isEmpty ? "(\(container.state.word))" : endpoint.address + " " + endpoint.hardwareAddress)
        }
        if !network.options.isEmpty {
            d.heading("Options")
            for (key, value) in network.options.sorted(by: { $0.key < $1.key }) { d.fact(key, "= " + value) }
        }
        if !network.labels.isEmpty {
            d.heading("Labels")
            for (key, value) in network.labels.sorted(by: { $0.key < $1.key }) { d.fact(key, "= " + value) }
        }
        return d.lines
    }

    public static func of(_ link: Link, in snapshot: Snapshot) -> Lines {
        var d = Description(snapshot)
        d.heading("Interface of this machine")
        d.fact("name", link.name)
        d.fact("kind", link.kind.rawValue)
        d.fact("state", link.isUp ? (link.operState.isEmpty ? "up" : link.operState) : "down")
        for address in link.addresses { d.fact("address", address) }
        d.fact("hardware", link.hardwareAddress)
        d.fact("mtu", link.mtu > 0 ? String(link.mtu) : "")
        d.fact("plugged into", link.master ?? "")
        if let raw = link.container {
            d.fact("other end", "\(link.containerInterface ?? "") of \(snapshot.containers.first { $0.id.raw == raw }?.name ?? raw)")
        }
        d.fact("received", "\(Figure.bytes(link.received)) (\(Figure.rate(link.receiveRate)))")
        d.fact("sent", "\(Figure.bytes(link.sent)) (\(Figure.rate(link.sendRate)))")
        if link.errors > 0 { d.fact("errors", String(link.errors), .warning) }
        return d.lines
    }

    public static func of(_ event: Event, in snapshot: Snapshot) -> Lines {
        var d = Description(snapshot)
        d.heading("Event")
        d.fact("when", d.ago(event.at))
        d.fact("who", event.origin == .operation ? "you, through Binnacle" : event.source.raw)
        d.fact("what", event.kind + " " + event.action)
        d.fact("name", event.subject)
        d.fact("id", event.subjectID)
        d.fact("detail", event.detail)
        return d.lines
    }

    /// Every source: where it is, how fresh, what is wrong and what to do about it.
    public static func sources(_ snapshot: Snapshot) -> Lines {
        var d = Description(snapshot)
        for source in snapshot.sources {
            d.heading("\(source.name) (\(source.title))")
            d.fact("where", source.address)
            switch source.freshness {
            case .waiting: d.fact("state", "not asked yet", .muted)
            case .connecting(let since): d.fact("state", "connecting for \(Figure.longAge(d.now.seconds(since: since)))", .info)
            case .live(let since): d.fact("state", "live for \(Figure.longAge(d.now.seconds(since: since)))", .good)
            case .stale(let since, let trouble):
                d.fact("state", "stale: what is shown is \(Figure.longAge(d.now.seconds(since: since))) old; trying again by itself", .warning)
                d.trouble(trouble)
            case .failed(let since, let trouble):
                d.fact("state", "has not answered for \(Figure.longAge(d.now.seconds(since: since))); trying again by itself", .bad)
                d.trouble(trouble)
            case .absent(let why): d.fact("state", "nothing to watch here: " + why, .muted)
            }
            if source.isProduction { d.fact("production", "every change wants its name typed", .production) }
            if source.isReadOnly { d.fact("read-only", "no change is offered", .warning) }
            for remark in source.remarks { d.fact("note", remark, .warning) }
            for host in snapshot.hosts where host.id.source == source.id {
                d.fact("host", "\(host.name), \(host.cpus) processors, \(Figure.bytes(host.memory)) memory")
                d.fact("system", [host.operatingSystem, host.kernel, host.architecture].filter { !$0.isEmpty }.joined(separator: ", "))
                d.fact("engine", "\(host.engineName) \(host.engineVersion), API \(host.apiVersion)" + (host.isRootless ? ", rootless" : ""))
                if let version = host.cgroupVersion { d.fact("cgroup", "v\(version), \(host.cgroupDriver)") }
                for warning in host.warnings { d.fact("warning", warning, .warning) }
            }
        }
        if snapshot.sources.isEmpty { d.lines.append(("No source is configured.", .text)) }
        return d.lines
    }

    private mutating func trouble(_ trouble: Trouble) {
        fact("tried to", trouble.attempt)
        fact("came back", trouble.answer, .bad)
        fact("do", trouble.remedy ?? "", .info)
    }
}
