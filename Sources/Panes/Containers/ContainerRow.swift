internal import Domain
internal import Drawing
internal import Widgets

/// The text of one container's cells, made while its row is drawn.
struct ContainerRow {
    let container: Container
    let history: UsageHistory?
    let host: Host?
    let now: Timestamp
    let isGrouped: Bool

    func cell(_ column: ContainerColumn, width: Int) -> CellText {
        switch column {
        case .name:
            return CellText((isGrouped ? "  " : "") + (isGrouped ? container.composeService ?? container.name : container.name), container.problem == nil ? .text : .bad)
        case .state: return state
        case .health: return health
        case .cpu: return cpu(width)
        case .memory: return memory(width)
        case .network:
            guard container.isUp, let usage = history?.latest, usage.receiveRate != nil else { return blank }
            return CellText(pair(usage.receiveRate, usage.sendRate), quiet(usage.receiveRate, usage.sendRate))
        case .block:
            guard container.isUp, let usage = history?.latest, usage.readRate != nil else { return blank }
            return CellText(pair(usage.readRate, usage.writeRate), quiet(usage.readRate, usage.writeRate))
        case .processes:
            guard container.isUp, let usage = history?.latest, usage.processes > 0 else { return blank }
            return CellText(String(usage.processes), .muted)
        case .restarts:
            guard let detail = container.detail else { return CellText("", .muted) }
            return CellText(detail.restartCount == 0 ? "0" : String(detail.restartCount), detail.restartCount == 0 ? .muted : .warning)
        case .ports:
            let ports = container.publishedPorts
            if ports.isEmpty { return blank }
            return CellText(ports.map(Self.words).joined(separator: " "), .info)
        case .uptime:
            guard let since = container.since else { return CellText("–", .muted) }
            return CellText(Figure.age(now.seconds(since: since)), container.isUp ? .text : .muted)
        case .image: return CellText(container.image, .muted)
        case .project: return CellText(container.composeProject ?? "", .muted)
        case .host: return CellText(host?.name ?? container.host.raw, .muted)
        }
    }

    private var blank: CellText { CellText("", .muted) }

    static func words(_ port: Container.Port) -> String {
        let transport = port.transport == "tcp" ? "" : "/" + port.transport
        guard let hostPort = port.hostPort else { return "\(port.containerPort)\(transport)" }
        let address = port.hostAddress.isEmpty ? "" : port.hostAddress
        return "\(address):\(hostPort)→\(port.containerPort)\(transport)"
    }

    private var state: CellText {
        switch container.state {
        case .running: return CellText("running", .good)
        case .paused: return CellText("paused", .warning)
        case .restarting: return CellText("restarting", .bad)
        case .exited(let code, _):
            if container.detail?.isOutOfMemoryKilled == true { return CellText("OOM killed", .bad) }
            let failed = container.problem != nil
            return CellText(code.map { "exited \($0)" } ?? "exited", failed ? .bad : .muted)
        case .created: return CellText("created", .muted)
        case .removing: return CellText("removing", .warning)
        case .dead: return CellText("dead", .bad)
        case .unknown(let word): return CellText(word, .warning)
        }
    }

    private var health: CellText {
        guard container.isUp else { return blank }
        switch container.health {
        case .none: return blank
        case .starting: return CellText("starting", .info)
        case .healthy: return CellText("healthy", .good)
        case .unhealthy: return CellText("unhealthy", .bad)
        }
    }

    private func cpu(_ width: Int) -> CellText {
        guard container.isUp, let history else { return blank }
        guard let percent = history.latest.cpuPercent else { return CellText("…", .muted) }
        let number = padded(Figure.percent(percent), 5)
        let graph = Sparkline.text(history.cpu, width: width - 6, floor: 10)
        let cores = Double(max(1, host?.cpus ?? 1)) * 100
        return CellText(graph + " " + number, percent < 0.05 ? .muted : percent >= cores * 0.9 ? .gaugeHigh : percent >= 60 ? .gaugeMiddle : .gaugeLow)
    }

    private func memory(_ width: Int) -> CellText {
        guard container.isUp, let history else { return blank }
        let usage = history.latest
        let limit = usage.memoryLimit.map(Double.init) ?? host.map { Double($0.memory) } ?? 0
        let share = limit > 0 ? Double(usage.memory) / limit : 0
        let number = padded(Figure.bytes(usage.memory), 5)
        let tail = limit > 0 ? padded(Figure.percent(share * 100), 5) : ""
        let graph = width >= 14 ? Sparkline.text(history.memory, width: 2, ceiling: limit > 0 ? Float(limit) : nil, floor: 1) + " " : ""
        return CellText(graph + number + " " + tail, usage.memoryLimit == nil ? .text : Gauge.role(share) == .gaugeLow ? .text : Gauge.role(share))
    }

    private func pair(_ a: Double?, _ b: Double?) -> String { padded(short(a), 5) + " " + padded(short(b), 5) + "/s" }
    private func short(_ value: Double?) -> String { value.map { $0 < 1 ? "0" : Figure.bytes(UInt64(min($0, 1e18))) } ?? "–" }
    private func quiet(_ a: Double?, _ b: Double?) -> Role { (a ?? 0) + (b ?? 0) < 1 ? .muted : .text }
    private func padded(_ text: String, _ width: Int) -> String { String(repeating: " ", count: max(0, width - text.count)) + text }
}

/// One character for the state, never colour alone.
enum StateGlyph {
    static func of(_ container: Container) -> (text: String, role: Role) {
        switch container.state {
        case .running:
            switch container.health {
            case .unhealthy: ("✖", .bad)
            case .starting: ("◌", .info)
            case .none, .healthy: ("●", .good)
            }
        case .paused: ("‖", .warning)
        case .restarting: ("↻", .bad)
        case .exited, .dead: container.problem == nil ? ("○", .muted) : ("✖", .bad)
        case .created: ("○", .info)
        case .removing, .unknown: ("▲", .warning)
        }
    }
}
