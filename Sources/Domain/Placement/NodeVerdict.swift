/// Whether a node would take one more task of a workload, and every rule that speaks against it.
public struct NodeVerdict: Sendable, Hashable {
    public var node: Node
    /// All of them, in the order of the scheduler's filters; empty: the task would fit.
    public var refusals: [Refusal]

    public init(node: Node, refusals: [Refusal]) {
        self.node = node
        self.refusals = refusals
    }

    public var accepts: Bool { refusals.isEmpty }
}
