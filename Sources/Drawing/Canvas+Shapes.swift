extension Canvas {
    /// A frame with a title in its upper edge and a note at the right end of it.
    public mutating func frame(_ rect: Rect, title: String = "", note: String = "", _ role: Role = .border, titleRole: Role = .title, noteRole: Role = .muted) {
        guard rect.width >= 2, rect.height >= 2 else { return }
        let right = rect.maxX - 1
        let bottom = rect.maxY - 1
        for x in rect.x + 1..<right {
            draw("─", x: x, y: rect.y, role)
            draw("─", x: x, y: bottom, role)
        }
        for y in rect.y + 1..<bottom {
            draw("│", x: rect.x, y: y, role)
            draw("│", x: right, y: y, role)
        }
        draw("┌", x: rect.x, y: rect.y, role)
        draw("┐", x: right, y: rect.y, role)
        draw("└", x: rect.x, y: bottom, role)
        draw("┘", x: right, y: bottom, role)
        let room = rect.width - 4
        guard room > 0 else { return }
        var used = 0
        if !title.isEmpty {
            let end = draw(" " + TextWidth.shortened(title, room - 2) + " ", x: rect.x + 1, y: rect.y, limit: room, titleRole, .bold)
            used = end - rect.x - 1
        }
        let rest = room - used - 1
        if !note.isEmpty, rest > 4 {
            let text = " " + TextWidth.shortened(note, rest - 2) + " "
            draw(text, x: right - TextWidth.of(text), y: rect.y, noteRole)
        }
    }

    /// Text against the right end of a field.
    public mutating func drawRight(_ text: String, x: Int, y: Int, width: Int, _ role: Role = .text, _ overlay: Overlay = []) {
        let w = TextWidth.of(text)
        if w <= width {
            draw(text, x: x + width - w, y: y, limit: w, role, overlay)
        } else {
            draw(text, x: x, y: y, limit: width, role, overlay, ellipsis: true)
        }
    }
}
