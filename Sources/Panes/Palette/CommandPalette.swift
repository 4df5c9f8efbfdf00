public import Commands
public import Drawing
internal import Widgets

/// All commands by name: type to narrow, Enter runs. `:theme NAME` and the like take the rest of the line.
public struct CommandPalette: Sendable {
    public enum Answer: Sendable {
        case none, close
        case run(Command.ID, argument: String)
        case refused(String)
    }

    private var editor = LineEditor()
    private var menu: Menu
    private var shown: [Command] = []
    private let keymap: Keymap
    private let situation: Situation

    public init(keymap: Keymap, situation: Situation) {
        self.keymap = keymap
        self.situation = situation
        menu = Menu(title: "Commands", items: [])
        narrow()
    }

    private mutating func narrow() {
        let word = editor.text.split(separator: " ").first.map(String.init) ?? ""
        let all = Catalogue.commands.filter { $0.group != .moving && $0.id != .palette }
        if word.isEmpty {
            shown = all
        } else {
            let starting = all.filter { $0.name.hasPrefix(word) }
            let containing = all.filter { !$0.name.hasPrefix(word) && ($0.name + " " + $0.summary.lowercased()).firstRange(word.lowercased()) }
            shown = starting + containing
        }
        menu.replace(
            shown.map { command in
                let keys = keymap.keys(of: command.id).joined(separator: " ")
                return Menu.Item(command.name, note: (keys.isEmpty ? "" : keys + "  ") + command.summary, obstacle: command.obstacle(in: situation))
            })
    }

    public mutating func handle(_ key: Key) -> Answer {
        switch key.name {
        case "Esc": return .close
        case "Up", "ctrl-p": menu.move(by: -1)
        case "Down", "ctrl-n": menu.move(by: 1)
        case "Tab":
            if let index = menu.selected {
                editor = LineEditor(shown[index].name + " ")
                narrow()
            }
        case "Enter":
            guard let index = menu.selected else { return .refused("there is no command “\(editor.text)”") }
            let command = shown[index]
            if let obstacle = command.obstacle(in: situation) { return .refused("\(command.name): \(obstacle)") }
            let words = editor.text.split(separator: " ", maxSplits: 1)
            return .run(command.id, argument: words.count > 1 ? String(words[1]) : "")
        default:
            if key == .backspace, editor.text.isEmpty { return .close }
            if editor.handle(key) { narrow() }
        }
        return .none
    }

    public mutating func paste(_ text: String) {
        editor.insert(text)
        narrow()
    }

    public mutating func draw(into canvas: inout Canvas, rect: Rect) {
        let box = rect.centered(width: min(rect.width - 2, 96), height: min(rect.height - 2, 20))
        canvas.fill(box, .dialog)
        canvas.frame(box, title: "Commands", note: "Enter runs, Tab completes, Esc closes", .dialogBorder, titleRole: .dialog)
        var area = box.inset(1, 1)
        let line = area.takeTop(1)
        canvas.draw(":", x: line.x + 1, y: line.y, .key, .bold)
        editor.draw(into: &canvas, x: line.x + 2, y: line.y, width: max(1, line.width - 3), isFocused: true)
        menu.drawRows(into: &canvas, rect: area)
    }
}

extension String {
    fileprivate func firstRange(_ word: String) -> Bool {
        let a = Array(utf8)
        let b = Array(word.utf8)
        guard !b.isEmpty, a.count >= b.count else { return b.isEmpty }
        return (0...(a.count - b.count)).contains { a[$0..<$0 + b.count].elementsEqual(b) }
    }
}
