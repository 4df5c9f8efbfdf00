public import Commands
public import Domain
public import Drawing
internal import Widgets

/// The logs of one container, or of several merged, followed live.
public struct LogPage: Sendable {
    public enum State: Sendable, Hashable {
        case following
        /// The container stopped, or the stretch asked for was printed in full.
        case ended
        case failed(Trouble)
    }

    /// Whose lines, with the name that stands before each line when there are several.
    public struct Voice: Sendable, Hashable {
        public var origin: LogOrigin
        public var name: String
        public init(_ origin: LogOrigin, name: String) {
            self.origin = origin
            self.name = name
        }
    }

    /// What was asked for; `voices` may become more: a service's lines come from tasks that appear while one looks.
    public let asked: [Voice]
    private var voices: [Voice]
    public var request: LogRequest
    /// The word for the stretch asked for: "last 500 lines".
    public var stretch: String
    public private(set) var buffer = LogBuffer()
    public var state = State.following
    private var origins: [LogOrigin: Int]
    private let isWorkload: Bool
    private var view = TextView(wraps: true)
    private var follows = true
    private var showsTimes = false
    private var pending: Set<LogOrigin>

    public init(_ asked: [Voice], request: LogRequest, stretch: String) {
        self.asked = asked
        voices = asked
        origins = Dictionary(asked.enumerated().map { ($1.origin, $0) }, uniquingKeysWith: { first, _ in first })
        pending = Set(asked.map(\.origin))
        isWorkload = asked.contains { if case .workload = $0.origin { true } else { false } }
        self.request = request
        self.stretch = stretch
    }

    public init(containers: [Container], request: LogRequest, stretch: String) {
        self.init(containers.map { Voice(.container($0.id), name: $0.name) }, request: request, stretch: stretch)
    }

    /// - Parameter name: of an origin that was not asked for by itself: the task that a service's line comes from.
    public mutating func receive(_ lines: [LogLine], name: (LogOrigin) -> String) {
        for line in lines where origins[line.origin] == nil {
            origins[line.origin] = voices.count
            voices.append(Voice(line.origin, name: name(line.origin)))
        }
        let gone = buffer.append(lines, origins: origins)
        if gone > 0 { view.dropped(gone) }
    }

    /// One of those followed has no more to print.
    public mutating func ended(_ origin: LogOrigin, _ trouble: Trouble?) {
        pending.remove(origin)
        if let trouble { state = .failed(trouble) } else if pending.isEmpty, state == .following { state = .ended }
    }

    public mutating func perform(_ command: Command.ID) -> Bool {
        switch command {
        case .up: moved { $0.scroll(by: -1) }
        case .down: view.scroll(by: 1)
        case .halfUp: moved { $0.scroll(by: -$0.page / 2) }
        case .halfDown: view.scroll(by: view.page / 2)
        case .pageUp: moved { $0.scroll(by: -$0.page) }
        case .pageDown: view.scroll(by: view.page)
        case .top: moved { $0.scrollToTop() }
        case .bottom: follows = true
        case .left: view.scrollSideways(by: -8)
        case .right: view.scrollSideways(by: 8)
        case .follow: follows.toggle()
        case .wrap: view.wraps.toggle()
        case .timestamps: showsTimes.toggle()
        case .searchNext, .searchPrevious:
            if findNext(forward: command == .searchNext) { follows = false }
        default: return false
        }
        return true
    }

    /// Looking back means not following any more.
    private mutating func moved(_ change: (inout TextView) -> Void) {
        follows = false
        change(&view)
    }

    /// True if the text is found.
    public mutating func search(_ text: String) -> Bool {
        let lines = buffer.lines
        let found = view.find(text, count: lines.count) { lines[$0].text }
        if found { follows = false }
        return found
    }

    private mutating func findNext(forward: Bool) -> Bool {
        let lines = buffer.lines
        return view.findNext(forward: forward, count: lines.count) { lines[$0].text }
    }

    public var searchText: String { view.search }

    /// Everything that is held, one line each, as it is saved to a file.
    public func text(utcOffset: Int) -> String {
        buffer.lines.map { line in
            let time = line.at.map { $0.rfc3339 + " " } ?? ""
            let name = showsNames ? voices[line.origin].name + " | " : ""
            return time + name + line.text
        }.joined(separator: "\n") + "\n"
    }

    public var title: String {
        asked.count == 1 ? "Logs of \(asked[0].name)" : "Logs of \(asked.count) containers: " + asked.map(\.name).joined(separator: ", ")
    }

    private var showsNames: Bool { isWorkload || asked.count > 1 }

    public mutating func draw(into canvas: inout Canvas, rect: Rect, scene: Scene) {
        let lines = buffer.lines
        guard !lines.isEmpty else {
            let message: (String, Role) =
                switch state {
                case .following: ("Nothing printed yet in the \(stretch); new lines appear here at once. \(scene.key(.since)) asks for an earlier stretch.", .muted)
                case .ended: ("It printed nothing in the \(stretch). \(scene.key(.since)) asks for an earlier stretch.", .muted)
                case .failed(let trouble): (trouble.description, .bad)
                }
            for (offset, line) in Paragraph.lines(message.0, width: rect.width - 2).prefix(rect.height).enumerated() {
                canvas.draw(line, x: rect.x + 1, y: rect.y + offset, limit: rect.width - 1, message.1)
            }
            return
        }
        let nameWidth = showsNames ? min(16, voices.map { TextWidth.of($0.name) }.max() ?? 0) : 0
        let offset = scene.utcOffset
        let showsTimes = showsTimes
        let names = voices.map(\.name)
        view.draw(into: &canvas, rect: rect, count: lines.count, follows: follows) { index in
            let line = lines[index]
            var text = ""
            if showsTimes { text += (line.at?.clock(offset: offset) ?? "        ") + " " }
            if nameWidth > 0 {
                let name = TextWidth.shortened(names[line.origin], nameWidth)
                text += name + String(repeating: " ", count: max(0, nameWidth - TextWidth.of(name))) + "│ "
            }
            return TextView.Line(text + line.text, line.isError ? .warning : .text)
        }
    }

    /// The right end of the frame: what is held, what went, what is going on.
    public var note: String {
        var parts = [stretch, "\(buffer.lines.count) lines"]
        if buffer.dropped > 0 { parts.append("\(buffer.dropped) older lines dropped") }
        if !view.search.isEmpty { parts.append("/" + view.search) }
        switch state {
        case .following: parts.append(follows ? "following" : "not following")
        case .ended: parts.append("ended")
        case .failed(let trouble): parts.append("broken off: " + trouble.answer)
        }
        return parts.joined(separator: " · ")
    }
}
