internal import Commands
internal import Domain
internal import Drawing
internal import Widgets

/// The description of what is selected, beside the list where there is room for both.
struct PlacementPanel: Sendable {
    /// Cells that list and panel need together.
    static let minimumWidth = 110
    /// Where the values of a description's facts begin.
    private static let valueColumn = 18

    private struct Basis: Hashable {
        var row: PlacementRow.ID?
        var placement: UInt64
        var containers: UInt64
        var moment: Int64
        var width: Int
    }

    private var basis: Basis?
    private var lines: Description.Lines = []

    mutating func draw(_ subject: Subject, row: PlacementRow.ID?, into canvas: inout Canvas, rect: Rect, scene: Scene) {
        guard rect.width > 0, rect.height > 0 else { return }
        let revisions = scene.snapshot.revisions
        // Ages count on by the second; where a description is dear, by ten.
        let moment = scene.now.seconds / (scene.snapshot.tasks.count > 2000 ? 10 : 1)
        let now = Basis(row: row, placement: revisions.placement, containers: revisions.containers, moment: moment, width: rect.width)
        if now != basis {
            basis = now
            lines = Self.description(of: subject, in: scene.snapshot).flatMap { line in Self.wrapped(line.text, width: rect.width).map { ($0, line.role) } }
        }
        for (offset, line) in lines.prefix(rect.height).enumerated() {
            canvas.draw(line.text, x: rect.x, y: rect.y + offset, limit: rect.width, line.role)
        }
        if lines.count > rect.height {
            let last = Rect(x: rect.x, y: rect.maxY - 1, width: rect.width, height: 1)
            canvas.fill(last)
            canvas.draw("… \(lines.count - rect.height + 1) lines more: \(scene.key(.describe)) shows all", x: last.x, y: last.y, limit: last.width, .muted)
        }
    }

    private static func description(of subject: Subject, in snapshot: Snapshot) -> Description.Lines {
        switch subject {
        case .workload(let workload): Description.of(workload, in: snapshot)
        case .task(let task): Description.of(task, in: snapshot)
        case .node(let node): Description.of(node, in: snapshot)
        case .stack(let source, let name, let workloads): Description.of(stack: name, workloads, source: source, in: snapshot)
        case .none, .container, .group, .network, .attachment, .link, .check, .event, .source, .service, .instance, .member, .disagreement: []
        }
    }

    /// Values go on below their beginning, other lines below their text.
    private static func wrapped(_ text: String, width: Int) -> [String] {
        guard TextWidth.of(text) > width else { return [text] }
        let lead = text.prefix { $0 == " " }.count
        let isFact = lead == 2 && text.count > valueColumn && text.dropFirst(valueColumn - 1).first == " "
        let hang = isFact && width >= valueColumn + 12 ? valueColumn : min(lead, width / 2)
        let pieces = Paragraph.lines(String(text.dropFirst(hang)), width: width - hang)
        return pieces.enumerated().map { number, piece in
            (number == 0 ? String(text.prefix(hang)) : String(repeating: " ", count: hang)) + piece
        }
    }
}
