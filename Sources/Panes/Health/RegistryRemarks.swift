internal import Commands
internal import Domain
internal import Drawing
internal import Widgets

/// What is to be known of the registries before one believes the rows: old facts, a lost leader, a token that hides things.
struct RegistryRemarks {
    let scene: Scene
    let hasRows: Bool

    /// At most a third of the pane, taken off its top.
    func draw(into canvas: inout Canvas, area: inout Rect) {
        let width = area.width - 1
        let wrapped = lines.flatMap { line in Paragraph.lines(LogText.clean(line.text), width: width).map { ($0, line.role) } }
        let rect = area.takeTop(min(wrapped.count, max(1, area.height / 3)))
        for (offset, line) in wrapped.prefix(rect.height).enumerated() {
            let isCut = offset == rect.height - 1 && wrapped.count > rect.height
            let more = " … \(scene.key(.sources)) shows all"
            let text = isCut ? TextWidth.shortened(line.0, max(0, width - TextWidth.of(more))) + more : line.0
            canvas.draw(text, x: rect.x, y: rect.y + offset, limit: width, line.1, ellipsis: true)
        }
    }

    private var lines: [(text: String, role: Role)] {
        let sources = scene.snapshot.sources.filter { HealthPane.registryKinds.contains($0.kind) }
        var lines: [(text: String, role: Role)] = []
        for source in sources {
            let name = sources.count == 1 ? "" : source.name + ": "
            switch source.freshness {
            case .absent: continue
            case .stale(let since, let trouble):
                lines.append(("▲ \(name)stale \(Figure.age(scene.now.seconds(since: since))): \(trouble.answer)" + (trouble.remedy.map { "; " + $0 } ?? ""), .warning))
            case .failed(_, let trouble) where hasRows: lines.append(("✖ \(name)\(trouble.answer)" + (trouble.remedy.map { "; " + $0 } ?? ""), .bad))
            case .waiting, .connecting, .live, .failed: break
            }
            if source.freshness.isLive, scene.snapshot.registry(source.id)?.leader?.isEmpty == true {
                lines.append(("✖ \(name)it has no leader just now: nothing can be changed, and what it tells may be old", .bad))
            }
            lines += source.remarks.map { ("▲ " + name + $0, .warning) }
        }
        return lines
    }
}
