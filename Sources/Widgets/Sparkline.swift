public import Drawing

/// A short history as eight levels of blocks, newest at the right.
public enum Sparkline {
    private static let levels: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

    /// - Parameter ceiling: the value that fills a cell; nil takes the largest shown, but at least `floor`.
    public static func text(_ values: [Float], width: Int, ceiling: Float? = nil, floor: Float = 1) -> String {
        guard width > 0 else { return "" }
        let shown = values.suffix(width)
        var text = String(repeating: " ", count: max(0, width - shown.count))
        let full = max(ceiling ?? shown.max() ?? 0, floor)
        for value in shown {
            let level = Int((value / full * 8).rounded(.down))
            text.append(levels[max(0, min(7, level))])
        }
        return text
    }
}

/// How much of something is used: `▕████░░▏` drawn without its edges.
public enum Gauge {
    public static func draw(_ fraction: Double, into canvas: inout Canvas, x: Int, y: Int, width: Int) {
        guard width > 0 else { return }
        let share = fraction.isFinite ? max(0, min(1, fraction)) : 0
        let full = Int((share * Double(width)).rounded())
        let role = self.role(share)
        for offset in 0..<width { canvas.draw(offset < full ? "█" : "░", x: x + offset, y: y, offset < full ? role : .muted) }
    }

    /// The same as text, for a cell of a table.
    public static func text(_ fraction: Double, width: Int) -> String {
        guard width > 0 else { return "" }
        let share = fraction.isFinite ? max(0, min(1, fraction)) : 0
        let full = Int((share * Double(width)).rounded())
        return String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
    }

    public static func role(_ fraction: Double) -> Role {
        fraction >= 0.9 ? .gaugeHigh : fraction >= 0.6 ? .gaugeMiddle : .gaugeLow
    }
}
