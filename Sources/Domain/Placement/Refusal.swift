/// One rule that keeps a workload's task off a node.
public enum Refusal: Sendable, Hashable {
    /// The node is not ready.
    case status(Node.Status)
    /// Paused or draining.
    case availability(Node.Availability)
    case taint(Node.Taint)
    /// Billionths of a core; free is what the reservations of other tasks leave.
    case processors(asked: Int64, free: Int64)
    /// Bytes; free is what the reservations of other tasks leave.
    case memory(asked: UInt64, free: UInt64)
    /// Anything else that is counted: generic resources by name, `disk` in bytes, `slot` for the number of tasks.
    case other(name: String, asked: Double, free: Double)
    /// `Volume/rexray`.
    case plugin(String)
    /// The expression as written, and what the node has there; nil when it has no such label.
    case constraint(String, value: String?)
    /// It has no operator. SwarmKit does not let such a service in; other orchestrators have other notations.
    case malformedConstraint(String)
    case platform(wanted: [Platform], has: Platform)
    /// The name of the task that has the port, or of its workload where the task has none yet.
    case hostPort(Workload.Port, takenBy: String)
    case maximumPerNode(limit: Int)

    /// The filters of SwarmKit's scheduler in the order in which a node passes them (swarmkit `scheduler/pipeline.go`).
    ///
    /// Its text counts a node only under the first filter that refuses it.
    public enum Stage: Int, Sendable, Hashable, Comparable, CaseIterable {
        case ready
        /// Kubernetes' own: SwarmKit has nothing of the kind.
        case taint
        case resources, plugin, constraint, platform, hostPort, maximumPerNode

        public static func < (a: Stage, b: Stage) -> Bool { a.rawValue < b.rawValue }
    }

    public var stage: Stage {
        switch self {
        case .status, .availability: .ready
        case .taint: .taint
        case .processors, .memory, .other: .resources
        case .plugin: .plugin
        case .constraint, .malformedConstraint: .constraint
        case .platform: .platform
        case .hostPort: .hostPort
        case .maximumPerNode: .maximumPerNode
        }
    }

    /// A short sentence about the node, for a person: "wants 2 CPUs, 0.5 free".
    public var words: String {
        switch self {
        case .status(let status): "the node is \(status.word)"
        case .availability(.active): "the node is active"
        case .availability(.paused): "the node is paused and takes no new tasks"
        case .availability(.draining): "the node is draining"
        case .taint(let taint): "does not tolerate \(taint.notation)"
        case .processors(let asked, let free): "wants \(Quantity.cpus(asked)), \(Quantity.cores(free)) free"
        case .memory(let asked, let free):
            "wants \(Quantity.bytes(asked, rounded: .up)) of memory, \(Quantity.bytes(free, rounded: .down)) free"
        case .other(let name, let asked, let free):
            name == Quantity.disk
                ? "wants \(Quantity.amount(asked, of: name)) of disk, \(Quantity.amount(free, of: name)) free"
                : "wants \(Quantity.amount(asked, of: name)) \(name), \(Quantity.amount(free, of: name)) free"
        case .plugin(let plugin): "has no \(Self.spelled(plugin))"
        case .constraint(let expression, let value): Constraint(expression)?.refusal(value: value) ?? Self.unreadable(expression)
        case .malformedConstraint(let expression): Self.unreadable(expression)
        case .platform(let wanted, let has):
            (has.description.isEmpty ? "its platform is unknown" : "is \(has)")
                + ", the image is for \(wanted.map(\.description).joined(separator: ", "))"
        case .hostPort(let port, let holder): "port \(port.onNode) is taken by \(holder)"
        case .maximumPerNode(let limit): "has \(limit) of its tasks, as many as it may have on one node"
        }
    }

    /// `Volume/rexray` as people say it: "volume plugin rexray".
    static func spelled(_ plugin: String) -> String {
        let parts = plugin.split(separator: "/", maxSplits: 1)
        return parts.count == 2 ? "\(parts[0].lowercased()) plugin \(parts[1])" : "plugin \(plugin)"
    }

    private static func unreadable(_ expression: String) -> String { "cannot read the constraint \"\(expression)\": neither == nor != in it" }
}

extension Workload.Port {
    /// The number that is taken on the node: `8080`, `53/udp`.
    var onNode: String { String(published ?? target) + (transport == "tcp" ? "" : "/" + transport) }
}
