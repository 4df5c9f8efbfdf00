/// SwarmKit's scheduler: a row of filters that nodes pass or fail, and a spread over those that pass.
struct SimScheduler {
    /// In the order of the pipeline; a node counts under the first that fails it.
    enum Filter: Int, CaseIterable {
        case ready, resources, plugins, constraints, platform, hostPorts, maximumPerNode

        func explanation(_ nodes: Int) -> String {
            let one = nodes == 1
            return switch self {
            case .ready: one ? "1 node not available for new tasks" : "\(nodes) nodes not available for new tasks"
            case .resources: "insufficient resources on \(nodes) node\(one ? "" : "s")"
            case .plugins: "missing plugin on \(nodes) node\(one ? "" : "s")"
            case .constraints: "scheduling constraints not satisfied on \(nodes) node\(one ? "" : "s")"
            case .platform: "unsupported platform on \(nodes) node\(one ? "" : "s")"
            case .hostPorts: "host-mode port already in use on \(nodes) node\(one ? "" : "s")"
            case .maximumPerNode: "max replicas per node limit exceed"
            }
        }
    }

    let service: String
    let template: SimTaskTemplate
    let hostPorts: [String]
    private let constraints: [SimConstraint]

    init(service: String, template: SimTaskTemplate, hostPorts: [SimServicePort]) {
        self.service = service
        self.template = template
        self.hostPorts = hostPorts.filter { $0.mode == .host && $0.published > 0 }.map { "\($0.published)/\($0.transport)" }
        constraints = template.constraints.compactMap(SimConstraint.init)
    }

    /// The first filter that refuses the node; nil when all let it pass.
    func refusal(of node: SimNode) -> Filter? {
        if node.state != .ready || node.spec.availability != .active { return .ready }
        let asked = template.reservations
        let load = node.load
        if asked.nanoCPUs > 0, asked.nanoCPUs > max(0, node.resources.nanoCPUs - load.reserved.nanoCPUs) { return .resources }
        if asked.memory > 0, asked.memory > max(0, node.resources.memory - load.reserved.memory) { return .resources }
        // No node here has a driver of volumes but the engine's own.
        if template.container.mounts.contains(where: { !["", "local"].contains($0.driver) }) { return .plugins }
        if !constraints.allSatisfy({ $0.holds(on: node) }) { return .constraints }
        if !template.platforms.isEmpty, !template.platforms.contains(where: { SimScheduler.admits($0, node.platform) }) { return .platform }
        if hostPorts.contains(where: load.hostPorts.contains) { return .hostPorts }
        if template.maximumPerNode > 0, load.tasksByService[service] ?? 0 >= template.maximumPerNode { return .maximumPerNode }
        return nil
    }

    /// Whether a node may hold a task of a global service at all: where its constraints are not met there is none, not even a waiting one.
    func suits(_ node: SimNode) -> Bool { constraints.allSatisfy { $0.holds(on: node) } }

    private static func admits(_ wanted: SimPlatform, _ has: SimPlatform) -> Bool {
        (wanted.os.isEmpty || wanted.os == has.os) && (wanted.architecture.isEmpty || registryWord(wanted.architecture) == registryWord(has.architecture))
    }

    /// Images say `amd64` and kernels `x86_64`.
    static func registryWord(_ architecture: String) -> String {
        switch architecture {
        case "x86_64": "amd64"
        case "aarch64": "arm64"
        case _: architecture
        }
    }

    /// `no suitable node (…; …)`, the filter that refuses most nodes first.
    static func explanation(_ counts: [Filter: Int]) -> String {
        let text = fragments(counts)
        return text.isEmpty ? "no suitable node" : "no suitable node (\(text))"
    }

    static func fragments(_ counts: [Filter: Int]) -> String {
        counts.sorted { ($1.value, $0.key.rawValue) < ($0.value, $1.key.rawValue) }.map { $0.key.explanation($0.value) }.joined(separator: "; ")
    }
}

/// The nodes that pass, and what speaks for each: where a service failed again and again last, then the branches of its preferences with
/// the fewest of its tasks, then the fewest of its tasks, then the fewest of all.
struct SimSpread {
    private struct Seat {
        var node: String
        var hostname: String
        var isAiling: Bool
        var branches: [String]
        var own: Int
        var all: Int
    }

    private var seats: [Seat] = []
    private var branches: [String: Int] = [:]

    init(_ nodes: [SimNode], over descriptors: [String], service: String, ailing: Set<String>) {
        for node in nodes {
            var path = ""
            let names = descriptors.map { descriptor in
                path += "/" + SimSpread.value(descriptor, of: node)
                return path
            }
            let own = node.load.tasksByService[service] ?? 0
            for name in names { branches[name, default: 0] += own }
            seats.append(
                Seat(node: node.id, hostname: node.hostname, isAiling: ailing.contains(node.id), branches: names, own: own, all: node.load.tasks))
        }
    }

    private static func value(_ descriptor: String, of node: SimNode) -> String {
        let lower = descriptor.lowercased()
        if lower.hasPrefix("node.labels.") { return node.spec.labels[String(descriptor.dropFirst(12))] ?? "" }
        if lower.hasPrefix("engine.labels.") { return node.engineLabels[String(descriptor.dropFirst(14))] ?? "" }
        return ""
    }

    /// The best seat, which is taken; nil when there is none.
    mutating func take() -> String? {
        guard let best = seats.indices.min(by: { isBetter(seats[$0], seats[$1]) }) else { return nil }
        seats[best].own += 1
        seats[best].all += 1
        for name in seats[best].branches { branches[name, default: 0] += 1 }
        return seats[best].node
    }

    mutating func drop(_ node: String) { seats.removeAll { $0.node == node } }

    private func isBetter(_ a: Seat, _ b: Seat) -> Bool {
        if a.isAiling != b.isAiling { return b.isAiling }
        for (left, right) in zip(a.branches, b.branches) where branches[left] != branches[right] { return (branches[left] ?? 0) < (branches[right] ?? 0) }
        return (a.own, a.all, a.hostname) < (b.own, b.all, b.hostname)
    }
}
