internal import Domain

/// Wire to domain for one swarm. Pure: what is referred to by id, networks and nodes, is looked up in what is given.
struct SwarmMapping: Sendable {
    struct NetworkName: Sendable, Hashable {
        var name: String
        var driver: String
        /// The one that published ports of the whole swarm are answered over.
        var isIngress: Bool
    }

    let source: Source.ID
    /// By id.
    var networks: [String: NetworkName] = [:]
    /// By id.
    var nodes: [String: NodeResource] = [:]
    /// The node whose engine answers.
    var answering = ""

    func workloadID(_ raw: String) -> Workload.ID { Workload.ID(source, raw) }
    func taskID(_ raw: String) -> WorkloadTask.ID { WorkloadTask.ID(source, raw) }
    func nodeID(_ raw: String) -> Node.ID { Node.ID(source, raw) }

    static func short(_ id: String) -> String { String(id.prefix(12)) }

    /// What a node is called in the names of its tasks.
    func nodeName(_ id: String) -> String {
        let name = nodes[id]?.hostName ?? ""
        return name.isEmpty ? Self.short(id) : name
    }

    /// Whether nobody can say what a node's tasks do: the last that was heard of them stays for as long as it is down.
    func isDown(_ node: String?) -> Bool { node.flatMap { nodes[$0] }?.state == "down" }

    /// Whether tasks may run on a node: up and not told otherwise.
    func takesTasks(_ node: String?) -> Bool {
        guard let node = node.flatMap({ nodes[$0] }) else { return false }
        return node.state == "ready" && (node.availability ?? "active") == "active"
    }
}

extension SwarmMapping {
    /// nil for an entry without an id, which nothing could refer to.
    func node(_ wire: NodeResource, reserved: Resources = Resources()) -> Node? {
        guard let raw = wire.id, !raw.isEmpty else { return nil }
        let isManager = wire.role == "manager" || wire.reachability != nil || wire.isLeader
        return Node(
            id: nodeID(raw), name: nodeName(raw, wire), address: Self.address(wire), status: Self.status(wire.state ?? ""),
            availability: Self.availability(wire.availability), roles: wire.isLeader ? ["leader", "manager"] : isManager ? ["manager"] : ["worker"],
            reachability: wire.reachability ?? "", labels: DockerMapping.bounded(wire.labels), engineLabels: DockerMapping.bounded(wire.engineLabels),
            capacity: wire.capacity, reserved: reserved, version: wire.engineVersion ?? "",
            platform: Platform(system: wire.system ?? "", architecture: wire.architecture ?? ""), plugins: wire.plugins,
            message: DockerMapping.bounded(wire.message ?? ""), revision: UInt64(max(0, wire.revision ?? 0)),
            isAnswering: !answering.isEmpty && raw == answering)
    }

    private func nodeName(_ raw: String, _ wire: NodeResource) -> String {
        let name = wire.hostName ?? ""
        return name.isEmpty ? Self.short(raw) : DockerMapping.bounded(name)
    }

    private static func status(_ word: String) -> Node.Status {
        switch word {
        case "ready": .ready
        case "down": .down
        case "disconnected": .disconnected
        default: .unknown(word)
        }
    }

    private static func availability(_ word: String?) -> Node.Availability {
        switch word {
        case "pause": .paused
        case "drain": .draining
        default: .active
        }
    }

    /// A swarm of one node calls its only node 127.0.0.1, others call the leader 0.0.0.0: managers also tell where they speak.
    private static func address(_ wire: NodeResource) -> String {
        let told = wire.address ?? ""
        guard told.isEmpty || told == "0.0.0.0" || told == "127.0.0.1", let manager = wire.managerAddress, !manager.isEmpty else { return told }
        return SwarmStanding.host(manager)
    }
}
