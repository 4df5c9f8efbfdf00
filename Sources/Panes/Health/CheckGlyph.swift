internal import Domain
internal import Drawing
internal import Widgets

/// A status as one character, which tells it apart without colour and without Unicode, and as a colour.
enum CheckGlyph {
    static func of(_ status: Check.Status) -> CellText {
        switch status {
        case .critical: CellText("✖", .bad)
        case .warning: CellText("!", .warning)
        case .maintenance: CellText("◐", .info)
        case .starting: CellText("◌", .info)
        case .passing: CellText("●", .good)
        }
    }

    static func of(_ status: Member.Status) -> CellText {
        switch status {
        case .failed: CellText("✖", .bad)
        case .leaving: CellText("◐", .info)
        case .left: CellText("–", .muted)
        case .external, .unknown: CellText("◌", .muted)
        case .alive: CellText("●", .good)
        }
    }
}

/// The last hour of a check, a cell for every five minutes, the worst status of each: the higher the worse.
enum CheckStrip {
    static let cells = 12

    static func draw(_ check: Check, until now: Timestamp, into canvas: inout Canvas, x: Int, y: Int, width: Int) {
        for (offset, status) in check.strip(cells: cells, until: now).prefix(width).enumerated() {
            let glyph = glyph(status)
            canvas.draw(glyph.text, x: x + offset, y: y, limit: 1, glyph.role)
        }
    }

    static func text(_ check: Check, until now: Timestamp) -> String { check.strip(cells: cells, until: now).map { glyph($0).text }.joined() }

    /// nil is for what nobody watched.
    private static func glyph(_ status: Check.Status?) -> CellText {
        switch status {
        case nil: CellText("·", .muted)
        case .passing: CellText("▁", .good)
        case .starting: CellText("◌", .info)
        case .maintenance: CellText("▄", .info)
        case .warning: CellText("▆", .warning)
        case .critical: CellText("█", .bad)
        }
    }
}
