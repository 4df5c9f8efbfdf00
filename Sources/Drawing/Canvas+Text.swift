/// Screens as text, for golden files and for `save screen`.
extension Canvas {
    /// The rows without trailing blanks, joined by line feeds.
    public var text: String {
        var lines: [String] = []
        for y in 0..<size.height {
            var line = String.UnicodeScalarView()
            for cell in row(y) where cell.width > 0 {
                line.append(Unicode.Scalar(cell.scalar) ?? "?")
                if cell.mark != 0, let mark = Unicode.Scalar(cell.mark) { line.append(mark) }
            }
            while line.last == " " { line.removeLast() }
            lines.append(String(line))
        }
        return lines.joined(separator: "\n")
    }

    /// A second layer for golden files: one letter a cell for its role (`.` for plain text), capital where it is selected.
    public var roleMap: String {
        let letters = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")
        var lines: [String] = []
        for y in 0..<size.height {
            var line = row(y).map { cell -> Character in
                if cell.overlay.contains(.selected) { return "#" }
                if cell.overlay.contains(.dimmed) { return "-" }
                return cell.role == .text ? "." : letters[Int(cell.role.rawValue) % letters.count]
            }
            while line.last == "." { line.removeLast() }
            lines.append(String(line))
        }
        return lines.joined(separator: "\n")
    }
}
