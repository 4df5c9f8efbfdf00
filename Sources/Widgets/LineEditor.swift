public import Drawing

/// One line of text that is being typed.
public struct LineEditor: Sendable, Hashable {
    public private(set) var text: String
    /// Characters before the cursor.
    public private(set) var cursor: Int

    public init(_ text: String = "") {
        self.text = text
        cursor = text.count
    }

    /// What a key does to the line; false when the key is none of the editor's.
    public mutating func handle(_ key: Key) -> Bool {
        switch key.name {
        case "Left": cursor = max(0, cursor - 1)
        case "Right": cursor = min(text.count, cursor + 1)
        case "Home", "ctrl-a": cursor = 0
        case "End", "ctrl-e": cursor = text.count
        case "Backspace", "ctrl-h":
            guard cursor > 0 else { return true }
            cursor -= 1
            text.remove(at: text.index(text.startIndex, offsetBy: cursor))
        case "Delete":
            guard cursor < text.count else { return true }
            text.remove(at: text.index(text.startIndex, offsetBy: cursor))
        case "ctrl-u":
            text.removeFirst(cursor)
            cursor = 0
        case "ctrl-k": text.removeLast(text.count - cursor)
        case "ctrl-w":
            var end = cursor
            let characters = Array(text)
            while end > 0, characters[end - 1] == " " { end -= 1 }
            while end > 0, characters[end - 1] != " " { end -= 1 }
            text = String(characters[..<end] + characters[cursor...])
            cursor = end
        default:
            guard let character = key.character else { return false }
            insert(String(character))
        }
        return true
    }

    /// Puts text in at the cursor; line ends and other control characters become spaces.
    public mutating func insert(_ new: String) {
        let clean = String(new.map { $0.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x7F } ? " " : $0 })
        text.insert(contentsOf: clean, at: text.index(text.startIndex, offsetBy: cursor))
        cursor += clean.count
        // Joining scalars may merge into fewer characters than were counted.
        cursor = min(cursor, text.count)
    }

    /// Draws the line, scrolled so that the cursor is seen, and places the terminal's cursor if it has the focus.
    public func draw(into canvas: inout Canvas, x: Int, y: Int, width: Int, isFocused: Bool, _ role: Role = .input) {
        guard width > 0 else { return }
        canvas.fill(Rect(x: x, y: y, width: width, height: 1), role)
        let before = String(text.prefix(cursor))
        let offset = max(0, TextWidth.of(before) - width + 1)
        var shown = Substring(text)
        var skipped = 0
        while skipped < offset, let first = shown.first {
            skipped += TextWidth.of(String(first))
            shown = shown.dropFirst()
        }
        canvas.draw(String(shown), x: x, y: y, limit: width, role)
        if isFocused { canvas.cursor = (x + max(0, TextWidth.of(before) - skipped), y) }
    }
}
