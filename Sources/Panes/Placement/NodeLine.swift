internal import Domain
internal import Drawing
internal import Widgets

/// The columns of a node's line.
enum NodeColumn: Int, CaseIterable {
    case name, role, standing, cpu, memory, tasks, version, platform

    var column: Column {
        switch self {
        case .name: Column("NODE", .flexible(minimum: 10, weight: 2), rank: 99)
        case .role: Column("ROLE", .fixed(9), rank: 70)
        case .standing: Column("STATUS", .fixed(15), rank: 95)
        case .cpu: Column("CPU RESERVED", .flexible(minimum: 12, weight: 1), rank: 85)
        case .memory: Column("MEM RESERVED", .flexible(minimum: 12, weight: 1), rank: 84)
        case .tasks: Column("TASKS", .fixed(5), .right, rank: 60)
        case .version: Column("VERSION", .flexible(minimum: 8, weight: 1), rank: 50)
        case .platform: Column("PLATFORM", .flexible(minimum: 11, weight: 1), rank: 40)
        }
    }
}

/// The text of one node's cells, made while its row is drawn.
struct NodeLine {
    let node: Node
    let taskCount: Int
    /// The role has no column of its own here.
    var isRoleHidden = false

    var glyph: (text: String, role: Role) {
        switch node.status {
        case .down: return ("✖", .bad)
        case .disconnected, .unknown: return ("?", .bad)
        case .ready: break
        }
        if node.problem != nil { return ("▲", .warning) }
        switch node.availability {
        case .active: return ("●", .good)
        case .paused: return ("‖", .warning)
        case .draining: return ("◐", .warning)
        }
    }

    func cell(_ column: NodeColumn, width: Int) -> CellText {
        switch column {
        case .name: return CellText(node.name + (node.isLeader && isRoleHidden ? " ★" : ""), node.problem == nil ? .title : .bad, .bold)
        case .role: return CellText(node.roleWord, node.isLeader ? .accent : .muted)
        case .standing: return CellText(node.standing, glyph.role == .good ? .muted : glyph.role)
        case .cpu:
            guard let whole = node.capacity.nanoCPUs, whole > 0 else { return CellText("–", .muted) }
            let part = node.reserved.nanoCPUs ?? 0
            return gauge(Double(part) / Double(whole), Figure.cores(part) + "/" + Figure.cores(whole), width, figureWidth: 7)
        case .memory:
            guard let whole = node.capacity.memory, whole > 0 else { return CellText("–", .muted) }
            let part = node.reserved.memory ?? 0
            return gauge(Double(part) / Double(whole), Figure.bytes(part) + "/" + Figure.bytes(whole), width, figureWidth: 9)
        case .tasks: return CellText(String(taskCount), taskCount == 0 ? .muted : .text)
        case .version: return CellText(node.version, .muted)
        case .platform: return CellText(node.platform.description, .muted)
        }
    }

    /// Bars of one length, whatever the figures behind them.
    private func gauge(_ share: Double, _ figures: String, _ width: Int, figureWidth: Int) -> CellText {
        let room = min(8, width - max(figureWidth, figures.count) - 1)
        let bar = room >= 3 ? Gauge.text(share, width: room) + " " : ""
        return CellText(bar + figures, share == 0 ? .muted : Gauge.role(share))
    }

    /// What does not fit into columns: why it is not well, and its labels.
    func more(width: Int) -> [[CellText]] {
        var lines: [[CellText]] = []
        if !node.complaint.isEmpty { lines += Paragraph.lines(TaskWords.line(node.complaint), width: width).map { [CellText($0, .bad)] } }
        let labels = node.labels.sorted { $0.key < $1.key }.map { $0.value.isEmpty ? $0.key : "\($0.key)=\($0.value)" }
        if !labels.isEmpty { lines += Paragraph.lines(labels.joined(separator: "  "), width: width).map { [CellText($0, .muted)] } }
        return lines
    }
}
