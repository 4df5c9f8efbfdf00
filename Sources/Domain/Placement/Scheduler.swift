/// SwarmKit's scheduler worked out from outside: which filter refuses which node, and where the next tasks land.
///
/// It knows what the orchestrator tells of its nodes and tasks and nothing more. Two things that the real one also weighs
/// are never told: that a service failed five times in five minutes on a node, which is then taken last, and CSI volumes.
struct Scheduler {
    let nodes: [Node]
    private var occupancies: [Node.ID: Occupancy]

    init(nodes: [Node], occupancies: [Node.ID: Occupancy]) {
        self.nodes = nodes
        self.occupancies = occupancies
    }

    func occupancy(of node: Node.ID) -> Occupancy { occupancies[node] ?? Occupancy() }

    func verdicts(on workload: Workload) -> [NodeVerdict] {
        nodes.map { NodeVerdict(node: $0, refusals: refusals(of: workload, by: $0)) }
    }

    /// Every rule that keeps one more task off the node, in the order of the filters.
    func refusals(of workload: Workload, by node: Node) -> [Refusal] {
        let occupancy = occupancy(of: node.id)
        let demand = workload.demand
        var found: [Refusal] = []
        if node.status != .ready { found.append(.status(node.status)) }
        if node.availability != .active { found.append(.availability(node.availability)) }
        found += node.taints.filter { $0.keepsAway(tolerating: demand.tolerations) }.map(Refusal.taint)
        found += shortages(of: demand.resources, on: node, occupancy)
        found += demand.plugins.filter { !node.hasPlugin($0) }.sorted().map(Refusal.plugin)
        for expression in demand.constraints {
            guard let constraint = Constraint(expression) else {
                found.append(.malformedConstraint(expression))
                continue
            }
            if !constraint.holds(on: node) { found.append(.constraint(expression, value: constraint.value(on: node))) }
        }
        if !demand.platforms.isEmpty, !demand.platforms.contains(where: { $0.admits(node.platform) }) {
            found.append(.platform(wanted: demand.platforms, has: node.platform))
        }
        for port in demand.hostPorts {
            if let holder = Occupancy.HostPort(port).flatMap({ occupancy.portHolders[$0] }) { found.append(.hostPort(port, takenBy: holder)) }
        }
        if let limit = demand.limitPerNode, occupancy.activeByWorkload[workload.id] ?? 0 >= limit { found.append(.maximumPerNode(limit: limit)) }
        return found
    }

    /// What is free is never below nothing, so a node that holds more than it has is not short of what nobody asks for.
    private func shortages(of asked: Resources, on node: Node, _ occupancy: Occupancy) -> [Refusal] {
        let free = occupancy.free(of: node.capacity)
        var found: [Refusal] = []
        if let asked = asked.nanoCPUs, let free = free.nanoCPUs, asked > free { found.append(.processors(asked: asked, free: free)) }
        if let asked = asked.memory, let free = free.memory, asked > free { found.append(.memory(asked: asked, free: free)) }
        if let asked = asked.disk, let free = free.disk, asked > free {
            found.append(.other(name: Quantity.disk, asked: Double(asked), free: Double(free)))
        }
        // A node that lets so many tasks on it counts each as one, whatever the task says.
        let slots = max(1, asked.slots ?? 1)
        if let free = free.slots, slots > free { found.append(.other(name: Quantity.slot, asked: Double(slots), free: Double(free))) }
        for (name, asked) in asked.others.sorted(by: { $0.key < $1.key }) {
            let free = free.others[name] ?? 0
            if asked > free { found.append(.other(name: name, asked: asked, free: free)) }
        }
        return found
    }

    /// How many more tasks of the workload the node takes.
    private func room(for workload: Workload, on node: Node) -> Int {
        guard refusals(of: workload, by: node).isEmpty else { return 0 }
        let occupancy = occupancy(of: node.id)
        let demand = workload.demand
        // The first task takes the port.
        if demand.hostPorts.contains(where: { Occupancy.HostPort($0) != nil }) { return 1 }
        let asked = demand.resources
        let free = occupancy.free(of: node.capacity)
        var room = Int.max
        if let asked = asked.nanoCPUs, let free = free.nanoCPUs, asked > 0 { room = min(room, Int(clamping: free / asked)) }
        if let asked = asked.memory, let free = free.memory, asked > 0 { room = min(room, Int(clamping: free / asked)) }
        if let asked = asked.disk, let free = free.disk, asked > 0 { room = min(room, Int(clamping: free / asked)) }
        if let free = free.slots { room = min(room, free / max(1, asked.slots ?? 1)) }
        for (name, asked) in asked.others where asked > 0 {
            // Beyond what a Double counts one by one, any number will do.
            let ratio = (free.others[name] ?? 0) / asked
            if ratio < 0x1p53 { room = min(room, Int(ratio)) }
        }
        if let limit = demand.limitPerNode { room = min(room, limit - (occupancy.activeByWorkload[workload.id] ?? 0)) }
        return room
    }

    /// Takes so many tasks for granted on a node, whatever speaks against it.
    mutating func land(_ count: Int, of workload: Workload, on node: Node.ID) { occupancies[node, default: Occupancy()].land(count, of: workload) }

    /// Puts a batch of tasks on the nodes that take them, and tells how many each got. Those that found none are left out.
    mutating func place(_ count: Int, of workload: Workload) -> [Node.ID: Int] {
        let ordered = nodes.sorted { ($0.name, $0.id.raw) < ($1.name, $1.id.raw) }
        var tree = SpreadTree(
            ordered.map { node in
                let occupancy = occupancy(of: node.id)
                return SpreadTree.Seat(
                    node: node.id, room: room(for: workload, on: node), tasksOfWorkload: occupancy.activeByWorkload[workload.id] ?? 0,
                    tasks: occupancy.active, branch: SpreadTree.branch(of: node, over: workload.demand.spreadOver))
            })
        let landed = tree.land(count)
        for (node, count) in landed { land(count, of: workload, on: node) }
        return landed
    }
}

extension Demand {
    /// Swarm's API says 0 where there is no limit.
    fileprivate var limitPerNode: Int? { maximumPerNode.flatMap { $0 > 0 ? $0 : nil } }
}

extension Platform {
    /// Empty parts of what the image is for fit everything; what is not known of a node fits only those.
    fileprivate func admits(_ node: Platform) -> Bool {
        (system.isEmpty || system == node.system) && (architecture.isEmpty || architecture == node.architecture)
    }
}

extension Node {
    /// swarmkit `scheduler/filter.go`: managed plugins are called `rexray:latest`, the volume driver `local` and the log
    /// driver `none` are always there, and a node that tells of no plugins, or of none of logs, is not held to it.
    fileprivate func hasPlugin(_ wanted: String) -> Bool {
        if plugins.isEmpty || wanted == "Volume/local" || wanted == "Log/none" { return true }
        if wanted.hasPrefix("Log/"), !plugins.contains(where: { $0.hasPrefix("Log/") }) { return true }
        return plugins.contains(wanted) || plugins.contains(wanted + ":latest")
    }
}
