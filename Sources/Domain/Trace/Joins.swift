/// What a snapshot's entities are found by when one source speaks of what another holds: built once, every question answered by a look-up.
struct Joins {
    /// Where an engine's published ports answer, and the names that its machine goes by.
    struct Machine {
        var addresses = Set<String>()
        /// Lower case; what Registrator may have put before its ids as well.
        var names = Set<String>()
        var isLocal = false
        /// What a person calls it.
        var title = ""
    }

    struct NodeKey: Hashable {
        let source: Source.ID
        /// The node's name.
        let node: String
    }

    struct NameKey: Hashable {
        let source: Source.ID
        let name: String
    }

    private struct Plug: Hashable {
        let source: Source.ID
        let port: Int
    }

    let snapshot: Snapshot
    /// Of the Docker engines.
    private(set) var machines: [Source.ID: Machine] = [:]
    /// Several engines may run on one machine: Docker beside Podman, or a laboratory's.
    private(set) var machinesByName: [String: [Source.ID]] = [:]
    private(set) var machinesByAddress: [String: [Source.ID]] = [:]
    private(set) var members: [NodeKey: Member] = [:]
    private(set) var networks: [Identifier<Network>: Network] = [:]
    private(set) var sources: [Source.ID: Source] = [:]

    private var containers: [Container.ID: Int] = [:]
    private var byRaw: [String: Int] = [:]
    private var byShort: [String: Int] = [:]
    private var byAddress: [String: [Int]] = [:]
    private var byPlug: [Plug: [Int]] = [:]
    private var byName: [NameKey: Int] = [:]
    /// By what a container is called in any way: its name, its Compose service, the name that it asks for.
    private var byCall: [String: [Int]] = [:]
    private var tasksByContainer: [String: Int] = [:]
    private var tasksByID: [String: Int] = [:]
    private var tasksByAddress: [String: [Int]] = [:]
    private var tasksByWorkload: [Workload.ID: [Int]] = [:]
    private var workloadsByID: [Workload.ID: Int] = [:]
    private var workloadsByName: [String: [Int]] = [:]
    private var workloadsByPort: [Int: [Int]] = [:]
    private var nodesByID: [Node.ID: Int] = [:]
    /// The first digits of the containers that the engines told to have left a network.
    private var departures: [Network.ID: Set<String>] = [:]

    /// - Parameter surely: only what ids, addresses and ports tell: nothing can be found by names, nor what an orchestrator placed.
    init(_ snapshot: Snapshot, surely: Bool = false) {
        self.snapshot = snapshot
        for source in snapshot.sources { sources[source.id] = source }
        for member in snapshot.members { members[NodeKey(source: member.id.source, node: member.name)] = member }
        for network in snapshot.networks { networks[network.id] = network }
        indexContainers(byCalls: !surely)
        indexMachines()
        if surely { return }
        indexPlacement()
        for event in snapshot.events where event.kind == "network" && event.action == "disconnect" && event.detail.hasPrefix("container ") {
            departures[Network.ID(event.source, event.subjectID), default: []].insert(String(event.detail.dropFirst(10).prefix(12)))
        }
    }

    private mutating func indexContainers(byCalls: Bool) {
        let count = snapshot.containers.count
        containers.reserveCapacity(count)
        byRaw.reserveCapacity(count)
        byShort.reserveCapacity(count)
        byName.reserveCapacity(count)
        byAddress.reserveCapacity(count)
        byPlug.reserveCapacity(count)
        for (index, container) in snapshot.containers.enumerated() {
            containers[container.id] = index
            byRaw[container.id.raw] = index
            byShort[container.id.short] = index
            byName[NameKey(source: container.id.source, name: container.name)] = index
            for endpoint in container.endpoints {
                for address in [endpoint.address, endpoint.addressIPv6] where !address.isEmpty { byAddress[address, default: []].append(index) }
            }
            // The engine tells of a port once for each family of addresses.
            for port in container.ports {
                guard let outside = port.hostPort else { continue }
                let plug = Plug(source: container.id.source, port: outside)
                if byPlug[plug]?.last != index { byPlug[plug, default: []].append(index) }
            }
            if byCalls { for call in container.calls { byCall[call, default: []].append(index) } }
        }
    }

    private mutating func indexMachines() {
        for host in snapshot.hosts {
            let source = host.id.source
            var machine = Machine(names: [host.name.lowercased()], isLocal: host.isLocal, title: host.name)
            if host.isLocal {
                machine.addresses.formUnion(localAddresses)
                if !snapshot.hostNetwork.hostName.isEmpty { machine.names.insert(snapshot.hostNetwork.hostName.lowercased()) }
            } else if let address = sources[source].flatMap({ Self.host(of: $0.address) }) {
                machine.addresses.insert(address)
            }
            machines[source] = machine
        }
        // Registrator in a container calls its machine by the container's own host name, which is its short id unless somebody chose one.
        for container in snapshot.containers where container.image.contains("registrator") {
            machines[container.id.source]?.names.insert(container.id.short.lowercased())
            if let hostname = container.detail?.hostname, !hostname.isEmpty { machines[container.id.source]?.names.insert(hostname.lowercased()) }
        }
        for (source, machine) in machines.sorted(by: { $0.key < $1.key }) { for name in machine.names { machinesByName[name, default: []].append(source) } }
        // Others know more addresses of a machine: the registry's agent on it, the swarm's node.
        for member in snapshot.members {
            for source in machinesByName[member.name.lowercased()] ?? [] where !member.address.isEmpty { machines[source]?.addresses.insert(member.address) }
        }
        for node in snapshot.nodes {
            for source in machinesByName[node.name.lowercased()] ?? [] where !node.address.isEmpty { machines[source]?.addresses.insert(node.address) }
        }
        for (source, machine) in machines.sorted(by: { $0.key < $1.key }) {
            for address in machine.addresses { machinesByAddress[address, default: []].append(source) }
        }
    }

    private mutating func indexPlacement() {
        for (index, node) in snapshot.nodes.enumerated() { nodesByID[node.id] = index }
        for (index, workload) in snapshot.workloads.enumerated() {
            workloadsByID[workload.id] = index
            for name in Set([workload.name, workload.nameInGroup]) { workloadsByName[name, default: []].append(index) }
            for port in Set(workload.ports.compactMap(\.published)) { workloadsByPort[port, default: []].append(index) }
        }
        for (index, task) in snapshot.tasks.enumerated() {
            tasksByID[task.id.raw] = index
            for raw in task.containers { tasksByContainer[raw] = index }
            if task.isCurrent { for address in task.addresses { tasksByAddress[address, default: []].append(index) } }
            if let workload = task.workload { tasksByWorkload[workload, default: []].append(index) }
        }
    }

    /// Of this machine, as its own files tell.
    private var localAddresses: Set<String> {
        var found: Set<String> = ["127.0.0.1", "::1"]
        for link in snapshot.hostNetwork.links { for address in link.addresses { found.insert(String(address.prefix { $0 != "/" })) } }
        return found
    }

    /// `10.0.0.5` of `tcp://10.0.0.5:2375` and of `ssh://me@10.0.0.5`; nil for sockets.
    private static func host(of address: String) -> String? {
        guard let scheme = address.firstRange(of: "://"), !address.hasPrefix("unix") else { return nil }
        var rest = address[scheme.upperBound...].prefix { $0 != "/" }
        if let at = rest.lastIndex(of: "@") { rest = rest[rest.index(after: at)...] }
        if rest.hasPrefix("[") { return String(rest.dropFirst().prefix { $0 != "]" }) }
        return rest.isEmpty ? nil : String(rest.prefix { $0 != ":" })
    }

    // Looking up.

    func container(_ id: Container.ID) -> Container? { containers[id].map { snapshot.containers[$0] } }

    /// By its id or the first twelve characters of it, whichever engine has it.
    func container(raw: String) -> Container? {
        (byRaw[raw] ?? (raw.utf8.count >= 12 ? byShort[String(raw.prefix(12))] : nil)).map { snapshot.containers[$0] }
            .flatMap { $0.id.raw.hasPrefix(raw) ? $0 : nil }
    }

    func container(named name: String, on source: Source.ID) -> Container? {
        byName[NameKey(source: source, name: name)].map { snapshot.containers[$0] }
    }

    func containers(at address: String) -> [Container] { (byAddress[address] ?? []).map { snapshot.containers[$0] } }

    func containers(publishing port: Int, on source: Source.ID) -> [Container] {
        (byPlug[Plug(source: source, port: port)] ?? []).map { snapshot.containers[$0] }
    }

    func containers(called name: String) -> [Container] { (byCall[name] ?? []).map { snapshot.containers[$0] } }

    /// Those that left it, run on, and have not come back.
    func containers(thatLeft network: Network) -> [Container] {
        (departures[network.id] ?? []).sorted().compactMap { container(raw: $0) }
            .filter { $0.isUp && $0.id.source == network.id.source && !$0.endpoints.contains { $0.networkID == network.id.raw } }
    }

    func node(_ id: Node.ID) -> Node? { nodesByID[id].map { snapshot.nodes[$0] } }
    func workload(_ id: Workload.ID) -> Workload? { workloadsByID[id].map { snapshot.workloads[$0] } }
    func workloads(named name: String) -> [Workload] { (workloadsByName[name] ?? []).map { snapshot.workloads[$0] } }
    func workloads(publishing port: Int) -> [Workload] { (workloadsByPort[port] ?? []).map { snapshot.workloads[$0] } }
    func task(raw: String) -> WorkloadTask? { tasksByID[raw].map { snapshot.tasks[$0] } }
    func task(ofContainer raw: String) -> WorkloadTask? { tasksByContainer[raw].map { snapshot.tasks[$0] } }
    func tasks(at address: String) -> [WorkloadTask] { (tasksByAddress[address] ?? []).map { snapshot.tasks[$0] } }
    func tasks(of workload: Workload.ID) -> [WorkloadTask] { (tasksByWorkload[workload] ?? []).map { snapshot.tasks[$0] } }

    /// The watched engines on the machine that a registry calls so; empty where none is or it cannot be told.
    func engines(ofNode node: String, in registry: Source.ID) -> [Source.ID] {
        if let found = machinesByName[node.lowercased()] { return found }
        guard let address = members[NodeKey(source: registry, node: node)]?.address, !address.isEmpty else { return [] }
        return machinesByAddress[address] ?? []
    }

    /// The engine answers and everything it said holds now.
    func isLive(_ source: Source.ID) -> Bool { sources[source]?.freshness.isLive == true }

    /// `docker local, docker prod`, for saying where was looked.
    var watchedEngines: String {
        let names = snapshot.sources.filter { $0.kind == .docker && machines[$0.id] != nil }.map { $0.name.isEmpty ? $0.id.raw : $0.name }
        return names.isEmpty ? "none" : Words.list(names, limit: 6)
    }
}

extension Workload {
    /// `web` of `shop_web` in the stack `shop`.
    var nameInGroup: String {
        !group.isEmpty && name.hasPrefix(group + "_") ? String(name.dropFirst(group.utf8.count + 1)) : name
    }
}

extension Container {
    /// What it is called in any way, for the join by names.
    fileprivate var calls: Set<String> {
        var found: Set<String> = [name]
        if let service = composeService { found.insert(service) }
        for variables in [labels, detail?.serviceVariables ?? [:]] {
            for (key, value) in variables where key.hasPrefix("SERVICE_") && key.hasSuffix("NAME") && !value.isEmpty { found.insert(value) }
        }
        return found
    }
}
