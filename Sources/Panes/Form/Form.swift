public import Drawing
internal import Widgets

/// A few fields to fill in before a plan can be made.
public struct Form: Sendable {
    public struct Field: Sendable {
        public enum Kind: Sendable {
            case text
            /// Left and Right step through the choices.
            case choice([String])
        }
        public var label: String
        public var hint: String
        public var kind: Kind
        var editor: LineEditor
        var chosen = 0

        public init(_ label: String, hint: String = "", text: String = "") {
            self.label = label
            self.hint = hint
            kind = .text
            editor = LineEditor(text)
        }

        public init(_ label: String, hint: String = "", choices: [String], selected: Int = 0) {
            self.label = label
            self.hint = hint
            kind = .choice(choices)
            editor = LineEditor()
            chosen = choices.indices.contains(selected) ? selected : 0
        }

        public var value: String {
            switch kind {
            case .text: editor.text
            case .choice(let choices): choices.isEmpty ? "" : choices[chosen]
            }
        }
    }

    public enum Answer: Sendable { case none, close, submit([String]) }

    public let title: String
    public private(set) var fields: [Field]
    private var focus = 0
    private var top = 0
    private var buttons = Buttons(["Cancel", "Show the plan"])

    public init(title: String, fields: [Field]) {
        self.title = title
        self.fields = fields
    }

    public mutating func handle(_ key: Key) -> Answer {
        switch key.name {
        case "Esc": return .close
        case "Tab", "Down": focus = (focus + 1) % (fields.count + 2)
        case "shift-Tab", "Up": focus = (focus + fields.count + 1) % (fields.count + 2)
        case "Enter":
            // In a field Enter goes on to the plan, which changes nothing by itself.
            if focus == fields.count { return .close }
            return .submit(fields.map(\.value))
        default:
            guard focus < fields.count else {
                if key.name == "Left" || key.name == "Right" { focus = focus == fields.count ? fields.count + 1 : fields.count }
                return .none
            }
            switch fields[focus].kind {
            case .text: _ = fields[focus].editor.handle(key)
            case .choice(let choices):
                guard !choices.isEmpty else { return .none }
                if key.name == "Right" || key.name == "space" { fields[focus].chosen = (fields[focus].chosen + 1) % choices.count }
                if key.name == "Left" { fields[focus].chosen = (fields[focus].chosen + choices.count - 1) % choices.count }
            }
        }
        return .none
    }

    public mutating func paste(_ text: String) {
        guard focus < fields.count, case .text = fields[focus].kind else { return }
        fields[focus].editor.insert(text)
    }

    public mutating func draw(into canvas: inout Canvas, rect: Rect) {
        let box = rect.centered(width: min(rect.width - 2, fields.count > 8 ? 100 : 78), height: min(rect.height, fields.count + 5))
        canvas.fill(box, .dialog)
        canvas.frame(box, title: title, note: "nothing is changed yet", .dialogBorder, titleRole: .dialog)
        let area = box.inset(2, 1)
        let labelWidth = (fields.map { TextWidth.of($0.label) }.max() ?? 0) + 2
        let rows = max(1, area.height - 2)
        if focus < fields.count { top = max(min(top, focus), focus - rows + 1) }
        top = max(0, min(top, fields.count - rows))
        Table.drawScrollMark(into: &canvas, x: box.maxX - 1, y: area.y, height: rows, top: top, count: fields.count)
        for (index, field) in fields.enumerated().dropFirst(top).prefix(rows) {
            let y = area.y + index - top
            let isFocused = focus == index
            canvas.draw(field.label, x: area.x, y: y, limit: labelWidth, isFocused ? .accent : .dialog)
            let width = max(4, min(fields.count > 8 ? 36 : 30, area.width - labelWidth))
            switch field.kind {
            case .text: field.editor.draw(into: &canvas, x: area.x + labelWidth, y: y, width: width, isFocused: isFocused)
            case .choice:
                canvas.fill(Rect(x: area.x + labelWidth, y: y, width: width, height: 1), .input)
                canvas.draw("‹ " + TextWidth.shortened(field.value, width - 4) + " ›", x: area.x + labelWidth, y: y, limit: width, .input, isFocused ? .bold : [])
            }
            canvas.draw(field.hint, x: area.x + labelWidth + width + 1, y: y, limit: area.width - labelWidth - width - 1, .muted, ellipsis: true)
        }
        var shown = Buttons(buttons.titles)
        if focus == fields.count + 1 { shown.move(by: 1) }
        if focus >= fields.count {
            shown.draw(into: &canvas, x: area.x, y: area.maxY - 1, limit: area.width)
        } else {
            canvas.draw("  Cancel      Show the plan   (Enter shows the plan, Esc cancels)", x: area.x, y: area.maxY - 1, limit: area.width, .muted)
        }
    }
}
