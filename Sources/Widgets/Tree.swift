/// A value with what hangs below it. Flattened for drawing into rows with the branches in front of each.
public struct Tree<Value: Sendable>: Sendable {
    public var value: Value
    public var children: [Tree<Value>]

    public init(_ value: Value, _ children: [Tree<Value>] = []) {
        self.value = value
        self.children = children
    }

    /// Top-level trees stand at the margin; everything below is joined by branches.
    public static func rows(_ forest: [Tree<Value>]) -> [(prefix: String, value: Value)] {
        var rows: [(prefix: String, value: Value)] = []
        for tree in forest {
            rows.append(("", tree.value))
            tree.append(to: &rows, below: "")
        }
        return rows
    }

    private func append(to rows: inout [(prefix: String, value: Value)], below lead: String) {
        for (index, child) in children.enumerated() {
            let isLast = index == children.count - 1
            rows.append((lead + (isLast ? "└ " : "├ "), child.value))
            child.append(to: &rows, below: lead + (isLast ? "  " : "│ "))
        }
    }
}
