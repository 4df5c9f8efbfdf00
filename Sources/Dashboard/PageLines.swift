internal import Domain
internal import Drawing
internal import Panes
internal import Store
internal import Widgets

extension ProcessTable {
    /// The table with its columns lined up; the last one is never cut.
    var lines: [(text: String, role: Role)] {
        var widths = titles.map(TextWidth.of)
        let clean = rows.map { $0.map(LogText.clean) }
        for row in clean {
            for (index, cell) in row.enumerated() where index < widths.count - 1 { widths[index] = max(widths[index], TextWidth.of(cell)) }
        }
        func line(_ cells: [String]) -> String {
            var text = ""
            for (index, cell) in cells.enumerated() {
                text += cell
                if index < cells.count - 1, index < widths.count { text += String(repeating: " ", count: max(0, widths[index] - TextWidth.of(cell)) + 2) }
            }
            return text
        }
        return [(line(titles), .heading)] + clean.map { (line($0), .text) }
    }
}

extension Journal.Entry {
    /// An entry as a few lines to read.
    var lines: [(text: String, role: Role)] {
        [
            ("\(at)  \(user)  \(action) \(target)  \(result)", result == "done" ? .heading : .bad),
            ("    \(message)", .text), ("    \(commandLine)", .muted), ("", .text),
        ]
    }
}
