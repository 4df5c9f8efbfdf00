public import Commands
public import Domain
public import Drawing
internal import Widgets

/// A text that was asked for: a description, raw JSON, processes, probes, help, the journal.
public struct TextPage: Sendable {
    public enum Content: Sendable {
        case loading(since: Timestamp)
        case lines([(text: String, role: Role)])
        case failed(Trouble)
    }

    /// What a description is about: it follows the facts while it is open.
    public enum Topic: Sendable, Hashable {
        case target(Operation.Target)
        case check(Check.ID)
        case service(Source.ID, name: String)
        case disagreement(Disagreement.ID)
        case sources
    }

    public let title: String
    /// nil for a text that stays as it was read.
    public let topic: Topic?
    public var content: Content
    private var view: TextView

    public init(title: String, topic: Topic? = nil, content: Content, wraps: Bool = true) {
        self.title = title
        self.topic = topic
        self.content = content
        // What is wrapped from the start is prose.
        view = TextView(wraps: wraps, keepsWords: wraps)
    }

    private var lines: [(text: String, role: Role)] {
        if case .lines(let lines) = content { lines } else { [] }
    }

    public var text: String { lines.map(\.text).joined(separator: "\n") + "\n" }

    public mutating func perform(_ command: Command.ID) -> Bool {
        switch command {
        case .up: view.scroll(by: -1)
        case .down: view.scroll(by: 1)
        case .halfUp: view.scroll(by: -view.page / 2)
        case .halfDown: view.scroll(by: view.page / 2)
        case .pageUp: view.scroll(by: -view.page)
        case .pageDown: view.scroll(by: view.page)
        case .top: view.scrollToTop()
        case .bottom: view.scrollToEnd()
        case .left: view.scrollSideways(by: -8)
        case .right: view.scrollSideways(by: 8)
        case .wrap: view.wraps.toggle()
        case .searchNext, .searchPrevious:
            let lines = lines
            _ = view.findNext(forward: command == .searchNext, count: lines.count) { lines[$0].text }
        default: return false
        }
        return true
    }

    public mutating func search(_ text: String) -> Bool {
        let lines = lines
        return view.find(text, count: lines.count) { lines[$0].text }
    }

    public var note: String {
        let search = view.search.isEmpty ? "" : "/\(view.search) · "
        return search + (lines.isEmpty ? "" : "\(lines.count) lines")
    }

    public mutating func draw(into canvas: inout Canvas, rect: Rect, scene: Scene) {
        switch content {
        case .loading(let since):
            let seconds = scene.now.seconds(since: since)
            canvas.draw("Asking the engine …" + (seconds > 0 ? " \(seconds) s" : ""), x: rect.x + 1, y: rect.y, limit: rect.width - 1, .info)
        case .failed(let trouble):
            for (offset, line) in Paragraph.lines(trouble.description, width: rect.width - 2).prefix(rect.height).enumerated() {
                canvas.draw(line, x: rect.x + 1, y: rect.y + offset, limit: rect.width - 1, .bad)
            }
        case .lines(let lines):
            view.draw(into: &canvas, rect: rect, count: lines.count) { TextView.Line(lines[$0].text, lines[$0].role) }
        }
    }
}
