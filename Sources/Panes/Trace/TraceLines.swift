internal import Domain
internal import Drawing
internal import Widgets

/// A trace laid into lines of a width: the verdict, and below it the links one after another as a chain.
struct TraceLines: Sendable {
    struct Line: Sendable {
        var pieces: [CellText]
        var isEvidence = false

        var text: String { pieces.map(\.text).joined() }
    }

    /// Text of one fact that is looked at; nobody reads more of it here, and it comes from outside.
    private static let limit = 8192

    let width: Int
    let verdict: [Line]
    private(set) var lines: [Line] = []
    /// Which lines each link takes.
    private(set) var spans: [Range<Int>] = []

    init(_ trace: Trace, width: Int) {
        self.width = width
        let isBroken = trace.cause != nil
        let glyph = isBroken ? Self.glyph(.broken) : trace.links.contains { $0.state == .pending } ? Self.glyph(.pending) : Self.glyph(.good)
        verdict = Self.wrapped(trace.verdict, width: width - 2).enumerated().map { number, text in
            Line(pieces: [number == 0 ? CellText(glyph.text + " ", glyph.role, .bold) : CellText("  "), CellText(text, isBroken ? .bad : .text, .bold)])
        }
        for position in trace.links.indices {
            let start = lines.count
            append(trace.links[position], isFirst: position == 0, isLast: position == trace.links.count - 1, isCause: position == trace.cause)
            spans.append(start..<lines.count)
        }
    }

    static func glyph(_ state: Trace.Link.State) -> CellText {
        switch state {
        case .good: CellText("●", .good)
        case .doubtful: CellText("!", .warning)
        case .broken: CellText("✖", .bad)
        case .pending: CellText("◌", .info)
        case .missing: CellText("–", .muted)
        }
    }

    /// The lines of a link that the verdict rests on, with its first; all that has to be seen when the trace opens.
    func evidence(of link: Int) -> Range<Int> {
        let span = spans[link]
        let last = lines[span].lastIndex { $0.isEvidence } ?? span.lowerBound
        return span.lowerBound..<last + 1
    }

    // MARK: Links

    private mutating func append(_ link: Trace.Link, isFirst: Bool, isLast: Bool, isCause: Bool) {
        lines.append(head(link, lead: isLast ? "└ " : isFirst ? "┌ " : "├ ", isCause: isCause))
        let lead = isLast ? "      " : "│     "
        if let joint = link.joint {
            for text in Self.wrapped("joined \(joint.words) (\(joint.certainty.rawValue))", width: width - 6) { lines.append(Line(pieces: [CellText(lead, .border), CellText(text, .muted)])) }
        }
        let labelWidth = min(14, link.facts.reduce(0) { max($0, TextWidth.of($1.label) + 1) })
        for fact in link.facts { append(fact, of: link, lead: lead, labelWidth: labelWidth) }
    }

    private func head(_ link: Trace.Link, lead: String, isCause: Bool) -> Line {
        let glyph = Self.glyph(link.state)
        let end = isCause ? "  ◀ likely cause" : link.state == .pending ? "  asking…" : link.state == .missing ? "  nothing found" : ""
        let kind = link.kind.rawValue + (link.title.isEmpty ? "" : " ")
        let room = width - TextWidth.of(lead) - 2 - TextWidth.of(kind) - TextWidth.of(end)
        let title = TextWidth.shortened(LogText.clean(link.title), max(1, room))
        let role: Role = link.state == .broken ? .bad : link.state == .missing ? .muted : .title
        return Line(
            pieces: [
                CellText(lead, .border), CellText(glyph.text + " ", glyph.role), CellText(kind, .muted), CellText(title, role, .bold),
                CellText(end, isCause ? .bad : link.state == .pending ? .info : .muted, isCause ? .bold : []),
            ])
    }

    private mutating func append(_ fact: Trace.Link.Fact, of link: Trace.Link, lead: String, labelWidth: Int) {
        let role: Role = fact.isEvidence ? (link.state == .good ? .accent : .bad) : link.state == .missing ? .muted : .text
        let overlay: Overlay = fact.isEvidence ? .bold : []
        // What counts is told without colours, too.
        let mark = fact.isEvidence ? String(lead.dropLast(2)) + "▸ " : lead
        let label = fact.label.isEmpty ? "" : LogText.clean(fact.label) + ":"
        let isLong = TextWidth.of(label) > labelWidth
        if isLong { lines.append(Line(pieces: [CellText(mark, .border), CellText(label, .muted)], isEvidence: fact.isEvidence)) }
        for (number, text) in Self.wrapped(fact.text, width: width - 7 - labelWidth).enumerated() {
            let name = number == 0 && !isLong ? label : ""
            let padded = name + String(repeating: " ", count: max(0, labelWidth - TextWidth.of(name)) + 1)
            let front = number == 0 && !isLong ? mark : lead
            lines.append(Line(pieces: [CellText(front, .border), CellText(padded, .muted), CellText(text, role, overlay)], isEvidence: fact.isEvidence))
        }
    }

    private static func wrapped(_ text: String, width: Int) -> [String] {
        text.prefix(limit).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).flatMap { Paragraph.lines(LogText.clean(String($0)), width: max(8, width)) }
    }
}
