internal import Domain
internal import Drawing
internal import Widgets

/// The columns of the view by check.
enum CheckColumn: Int, CaseIterable {
    case status, name, service, node, since, flips, lastHour, output

    var column: Column {
        switch self {
        case .status: Column("STATUS", .fixed(11), rank: 90)
        case .name: Column("CHECK", .flexible(minimum: 14, weight: 2), rank: 99)
        case .service: Column("SERVICE", .flexible(minimum: 8, weight: 1), rank: 20)
        case .node: Column("NODE", .flexible(minimum: 8, weight: 1), rank: 30)
        case .since: Column("SINCE", .fixed(8), .right, rank: 80)
        case .flips: Column("FLIPS/H", .fixed(8), .right, rank: 40)
        case .lastHour: Column("LAST HOUR", .fixed(CheckStrip.cells), rank: 25)
        case .output: Column("OUTPUT", .flexible(minimum: 12, weight: 5), rank: 60)
        }
    }

    static func column(of order: CheckOrder) -> CheckColumn {
        switch order {
        case .status: .status
        case .name: .name
        case .service: .service
        case .node: .node
        case .since: .since
        case .flips: .flips
        }
    }

    func cell(_ check: Check, _ scene: Scene) -> CellText {
        switch self {
        case .status: return CellText(check.status.word, CheckGlyph.of(check.status).role)
        case .name: return CellText(check.name, check.status >= .warning ? .bad : .text)
        case .service: return CellText(check.service, .muted)
        case .node: return CellText(scene.snapshot.hosts.first { $0.id.raw == check.node }?.name ?? check.node, .muted)
        case .since: return Self.since(check, scene)
        case .flips: return CellText(String(check.flips), check.flips == 0 ? .muted : .warning)
        // Drawn cell by cell, for every cell has a colour of its own.
        case .lastHour: return CellText("")
        case .output: return CellText(CheckWords.firstLine(check.output), .muted)
        }
    }

    static func since(_ check: Check, _ scene: Scene) -> CellText {
        guard let since = check.since else { return CellText("–", .muted) }
        return CellText((check.isSinceAtLeast ? "≥" : "") + Figure.longAge(scene.now.seconds(since: since)), .text)
    }
}
