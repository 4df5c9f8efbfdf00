import Domain

/// Short notation for boards: nodes `h1`, `h2` …, the workload `web`, tasks `web.1 on h1`.
enum Board {
    static let source = Source.ID("swarm:lab")
    static let gigabyte: UInt64 = 1 << 30
    static let core: Int64 = 1_000_000_000

    static func node(_ name: String, _ change: (inout Node) -> Void = { _ in }) -> Node {
        var node = Node(
            id: Node.ID(source, "id-\(name)"), name: name, address: "10.0.0.\(name.dropFirst())", roles: ["worker"],
            capacity: Resources(nanoCPUs: 4 * core, memory: 8 * gigabyte), platform: Platform(system: "linux", architecture: "x86_64"),
            plugins: ["Volume/local", "Network/overlay", "Log/json-file"])
        change(&node)
        return node
    }

    static func workload(_ name: String = "web", mode: Workload.Mode = .replicated, _ demand: Demand = Demand()) -> Workload {
        Workload(id: Workload.ID(source, name), name: name, kind: "service", mode: mode, demand: demand)
    }

    static func task(
        _ slot: Int, of workload: Workload, on node: Node? = nil, state: WorkloadTask.State = .running, isCurrent: Bool = true, reason: String = "",
        suffix: String = ""
    ) -> WorkloadTask {
        WorkloadTask(
            id: WorkloadTask.ID(source, "\(workload.name).\(slot)\(suffix)"), name: "\(workload.name).\(slot)\(suffix)", workload: workload.id,
            slot: slot, node: node?.id,
            state: state, isCurrent: isCurrent, reason: reason, reserved: workload.demand.resources)
    }

    /// So many running tasks of the workload on each of the nodes, numbered through.
    static func tasks(of workload: Workload, _ counts: [(Node, Int)], from first: Int = 1) -> [WorkloadTask] {
        counts.flatMap { Array(repeating: $0.0, count: $0.1) }.enumerated().map { task($0.offset + first, of: workload, on: $0.element) }
    }
}

extension Forecast {
    /// `h1 0→2`, in order.
    var lines: [String] { landings.map { "\($0.node.name) \($0.before)→\($0.after)" } }
}
