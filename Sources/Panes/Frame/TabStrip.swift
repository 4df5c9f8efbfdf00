public import Commands
public import Drawing

/// One pane at a time: which one it is, and how many problems wait in the others.
public enum TabStrip {
    public struct Tab: Sendable {
        public var pane: PaneID
        public var problems: Int
        public init(pane: PaneID, problems: Int) {
            self.pane = pane
            self.problems = problems
        }
    }

    /// Returns where each tab lies, for the mouse.
    @discardableResult
    public static func draw(_ tabs: [Tab], active: PaneID, into canvas: inout Canvas, rect: Rect) -> [(PaneID, Rect)] {
        guard rect.height > 0 else { return [] }
        // Full titles where they fit, else the first four letters, else only the numbers.
        for length in [20, 4, 0] {
            let width = tabs.reduce(0) { $0 + text($1, length: length).count + 1 }
            if width <= rect.width || length == 0 { return draw(tabs, active: active, length: length, into: &canvas, rect: rect) }
        }
        return []
    }

    private static func text(_ tab: Tab, length: Int) -> String {
        let title = tab.pane.title.prefix(length)
        return " \(tab.pane.rawValue)\(title.isEmpty ? "" : " " + title)\(tab.problems > 0 ? " ✖\(tab.problems)" : "") "
    }

    private static func draw(_ tabs: [Tab], active: PaneID, length: Int, into canvas: inout Canvas, rect: Rect) -> [(PaneID, Rect)] {
        var areas: [(PaneID, Rect)] = []
        var x = rect.x
        for tab in tabs where x < rect.maxX {
            let start = x
            let role: Role = tab.pane == active ? .tabActive : .tab
            let full = text(tab, length: length)
            if tab.problems > 0, let cut = full.firstIndex(of: "✖") {
                x = canvas.draw(String(full[..<cut]), x: x, y: rect.y, limit: rect.maxX - x, role)
                x = canvas.draw(String(full[cut...]), x: x, y: rect.y, limit: rect.maxX - x, tab.pane == active ? .tabActive : .bad, .bold)
            } else {
                x = canvas.draw(full, x: x, y: rect.y, limit: rect.maxX - x, role)
            }
            areas.append((tab.pane, Rect(x: start, y: rect.y, width: x - start, height: 1)))
            x += 1
        }
        return areas
    }
}
