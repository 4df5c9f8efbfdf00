public import Drawing

/// A row of buttons of which one has the focus. The first is always the harmless one.
public struct Buttons: Sendable, Hashable {
    public var titles: [String]
    public private(set) var focused = 0
    /// The index of the one that changes or removes something, drawn as such.
    public var dangerous: Int?

    public init(_ titles: [String], dangerous: Int? = nil) {
        self.titles = titles
        self.dangerous = dangerous
    }

    public mutating func move(by delta: Int) { focused = ((focused + delta) % titles.count + titles.count) % titles.count }

    public func draw(into canvas: inout Canvas, x: Int, y: Int, limit: Int) {
        var column = x
        for (index, title) in titles.enumerated() {
            let text = index == focused ? "[ \(title) ]" : "  \(title)  "
            let role: Role = index == focused ? .buttonFocused : index == dangerous ? .danger : .button
            guard column < x + limit else { return }
            column = canvas.draw(text, x: column, y: y, limit: x + limit - column, role, index == focused ? .bold : []) + 2
        }
    }
}

/// Text broken into lines of at most `width` cells, at spaces where there are any.
public enum Paragraph {
    public static func lines(_ text: String, width: Int) -> [String] {
        guard width > 0 else { return [] }
        var lines: [String] = []
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var line = ""
            for word in paragraph.split(separator: " ", omittingEmptySubsequences: false) {
                var word = String(word)
                let candidate = line.isEmpty ? word : line + " " + word
                if TextWidth.of(candidate) <= width {
                    line = candidate
                    continue
                }
                if !line.isEmpty { lines.append(line) }
                while TextWidth.of(word) > width {
                    let piece = TextWidth.prefix(word, width).text
                    guard !piece.isEmpty else { break }
                    lines.append(String(piece))
                    word = String(word.dropFirst(piece.count))
                }
                line = word
            }
            lines.append(line)
        }
        return lines
    }
}
