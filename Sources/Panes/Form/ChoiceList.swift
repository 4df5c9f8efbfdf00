public import Drawing
internal import Widgets

/// A question with a short list of answers.
public struct ChoiceList: Sendable {
    public enum Answer: Sendable { case none, close, chosen(Int) }

    public struct Choice: Sendable {
        public var title: String
        public var note: String
        public init(_ title: String, note: String = "") {
            self.title = title
            self.note = note
        }
    }

    private var menu: Menu

    public init(title: String, choices: [Choice], selected: Int = 0) {
        menu = Menu(title: title, items: choices.map { Menu.Item($0.title, note: $0.note) }, selected: selected)
    }

    public var selected: Int? { menu.selected }

    public mutating func handle(_ key: Key) -> Answer {
        switch key.name {
        case "Esc", "q": return .close
        case "Up", "k": menu.move(by: -1)
        case "Down", "j", "Tab": menu.move(by: 1)
        case "Home", "g": menu.move(to: 0)
        case "End", "G": menu.move(to: menu.items.count - 1)
        case "Enter": if let selected = menu.selected { return .chosen(selected) }
        default: break
        }
        return .none
    }

    public mutating func draw(into canvas: inout Canvas, rect: Rect) {
        let box = rect.centered(width: min(rect.width - 2, max(46, menu.width)), height: min(rect.height, menu.height))
        canvas.fill(box, .dialog)
        canvas.frame(box, title: menu.title, note: "Enter chooses, Esc closes", .dialogBorder, titleRole: .dialog)
        menu.drawRows(into: &canvas, rect: box.inset(1, 1))
    }
}
