internal import Commands
internal import Domain
internal import Drawing
internal import Widgets

/// What a pane shows instead of rows. Loading, empty, absent, filtered away and failed are different things, and each
/// says what to do next.
enum EmptyState {
    case loading(what: String, from: String)
    case empty(what: String, hint: String)
    /// Asked and answered: there is no such system. Each source with its reason.
    case absent(what: String, reasons: [(name: String, reason: String)], hint: String)
    case filtered(hidden: Int, filter: String, hint: String)
    case failed(Trouble, hint: String)

    func draw(into canvas: inout Canvas, rect: Rect) {
        var lines: [(String, Role)] = []
        switch self {
        case .loading(let what, let from):
            lines = [("Waiting for \(what) …", .info), ("asking \(from)", .muted)]
        case .empty(let what, let hint):
            lines = [(what, .text), (hint, .muted)]
        case .absent(let what, let reasons, let hint):
            lines = [(what, .text)]
            lines += reasons.map { ((reasons.count > 1 ? $0.name + ": " : "") + $0.reason, .info) }
            lines.append((hint, .muted))
        case .filtered(let hidden, let filter, let hint):
            lines = [("No row matches “\(filter)”", .text), ("\(hidden) hidden; \(hint)", .muted)]
        case .failed(let trouble, let hint):
            lines = [("Could not \(trouble.attempt)", .bad), (trouble.answer, .text)]
            if let remedy = trouble.remedy { lines.append((remedy, .info)) }
            lines.append((hint, .muted))
        }
        let width = max(1, min(rect.width - 2, 76))
        let wrapped = lines.flatMap { line, role in line.isEmpty ? [] : Paragraph.lines(line, width: width).map { ($0, role) } }
        let area = rect.centered(width: width, height: min(wrapped.count, rect.height))
        for (offset, line) in wrapped.prefix(area.height).enumerated() {
            canvas.draw(line.0, x: area.x, y: area.y + offset, limit: area.width, line.1)
        }
    }

    /// The state of a list that has no rows, judged by the sources that should fill it.
    static func of(_ snapshot: Snapshot, kinds: Set<Source.Kind>, what: String, hidden: Int, filter: Filter, problemsOnly: Bool, emptyHint: String, scene: Scene) -> EmptyState {
        if hidden > 0 {
            let reason = filter.isActive ? filter.source : "problems only"
            return .filtered(hidden: hidden, filter: reason, hint: problemsOnly && !filter.isActive ? "\(scene.key(.problems)) shows all" : "\(scene.key(.back)) shows all")
        }
        let sources = snapshot.sources.filter { kinds.contains($0.kind) }
        if let failed = sources.first(where: { if case .failed = $0.freshness { true } else { false } }), !sources.contains(where: \.freshness.isLive),
            let trouble = failed.freshness.trouble
        {
            return .failed(trouble, hint: "trying again by itself; \(scene.key(.refresh)) tries now, \(scene.key(.sources)) shows all sources")
        }
        if let waiting = sources.first(where: { source in
            switch source.freshness {
            case .waiting, .connecting: true
            default: false
            }
        }), !sources.contains(where: \.freshness.isLive) {
            return .loading(what: what, from: waiting.address)
        }
        let absent = sources.compactMap { source in if case .absent(let reason) = source.freshness { (name: source.name, reason: reason) } else { nil } }
        if !absent.isEmpty, absent.count == sources.count {
            return .absent(what: "No \(what)", reasons: absent, hint: "looking again by itself; \(scene.key(.sources)) shows all sources, \(scene.key(.palette)) all commands")
        }
        return .empty(what: "No \(what)", hint: emptyHint)
    }
}
