internal import Domain
internal import JSON

/// What was written of the swarm last: everything in it has a version, and what has still the same is not written again.
struct SwarmTexts: Sendable {
    private typealias Text = (version: UInt64, bytes: [UInt8])

    private var services: [String: Text] = [:]
    private var tasks: [String: Text] = [:]
    /// The specification of a service's newest task, which its others share as a rule.
    private var templates: [String: (template: SimTaskTemplate, bytes: [UInt8])] = [:]
    private var networks: [String: Text] = [:]
    /// Ids in the order of the list.
    private var order: [String] = []
    /// Whole answers: most of what is asked has not changed since it was asked last.
    private var answers: [String: (mark: Mark, bytes: [UInt8])] = [:]

    /// Of the world that all this is of: another one may have the same ids and versions.
    private var origin: Timestamp?

    private struct Mark: Sendable, Equatable {
        var version: UInt64
        var tasks: Int
        var services: Int
        var nodes: Int

        init(_ swarm: SimSwarm) {
            (version, tasks, services, nodes) = (swarm.version, swarm.tasks.count, swarm.services.count, swarm.nodes.count)
        }
    }

    /// The same as before, where nothing in the swarm has changed.
    mutating func answer(_ name: String, _ world: World, _ make: (inout SwarmTexts) -> [UInt8]) -> [UInt8] {
        begin(world)
        let mark = Mark(world.swarm)
        if let known = answers[name], known.mark == mark { return known.bytes }
        let bytes = make(&self)
        answers[name] = (mark, bytes)
        return bytes
    }

    private mutating func begin(_ world: World) {
        guard origin != world.start else { return }
        self = SwarmTexts()
        origin = world.start
    }

    // MARK: Services

    mutating func list(_ list: [SimService], _ world: World, counted: Bool) -> [UInt8] {
        begin(world)
        if services.count > world.swarm.services.count * 2 + 64 { services = [:] }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(list.count * 2400)
        for service in list {
            bytes.append(UInt8(ascii: bytes.isEmpty ? "[" : ","))
            bytes += head(of: service)
            bytes += ServiceWriting(service: service).tail(counted ? world.serviceStatus(service) : nil)
        }
        return (bytes.isEmpty ? Array("[".utf8) : bytes) + "]".utf8
    }

    mutating func one(_ service: SimService, _ world: World) -> [UInt8] {
        begin(world)
        return head(of: service) + ServiceWriting(service: service).tail(nil)
    }

    private mutating func head(of service: SimService) -> [UInt8] {
        if let known = services[service.id], known.version == service.version { return known.bytes }
        let bytes = ServiceWriting(service: service).head
        services[service.id] = (service.version, bytes)
        return bytes
    }

    // MARK: Tasks

    /// All of them, by id.
    mutating func allTasks(_ world: World) -> [UInt8] {
        begin(world)
        let swarm = world.swarm
        if order.count != swarm.tasks.count || !order.allSatisfy({ swarm.tasks.contains($0) }) {
            order = swarm.tasks.keys.sorted()
            tasks = tasks.filter { swarm.tasks.contains($0.key) }
            templates = templates.filter { swarm.services.contains($0.key) }
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(max(64, order.count * 1800))
        for id in order {
            guard let task = swarm.tasks[id] else { continue }
            bytes.append(UInt8(ascii: bytes.isEmpty ? "[" : ","))
            write(task, world, &bytes)
        }
        return (bytes.isEmpty ? Array("[".utf8) : bytes) + "]".utf8
    }

    mutating func list(_ list: [SimTask], _ world: World) -> [UInt8] {
        begin(world)
        var bytes: [UInt8] = []
        for task in list {
            bytes.append(UInt8(ascii: bytes.isEmpty ? "[" : ","))
            write(task, world, &bytes)
        }
        return (bytes.isEmpty ? Array("[".utf8) : bytes) + "]".utf8
    }

    mutating func one(_ task: SimTask, _ world: World) -> [UInt8] {
        begin(world)
        var bytes: [UInt8] = []
        write(task, world, &bytes)
        return bytes
    }

    private mutating func write(_ task: SimTask, _ world: World, _ bytes: inout [UInt8]) {
        if let known = tasks[task.id], known.version == task.version {
            bytes += known.bytes
            return
        }
        let attachments = task.addresses.map { (network: text(ofNetwork: $0.network, world), address: $0.address) }
        let written = TaskWriting(task: task, specification: text(of: task), attachments: attachments).json
        tasks[task.id] = (task.version, written)
        bytes += written
    }

    private mutating func text(of task: SimTask) -> [UInt8] {
        if let known = templates[task.service], known.template == task.template { return known.bytes }
        let bytes = Array(ServiceSpecText.task(task.template, isOfTask: true).json.utf8)
        templates[task.service] = (task.template, bytes)
        return bytes
    }

    private mutating func text(ofNetwork id: String, _ world: World) -> [UInt8] {
        guard let network = world.networks[id] else { return Array("{\"ID\":\"\(id)\"}".utf8) }
        if let known = networks[id], known.version == network.version { return known.bytes }
        if networks.count > 512 { networks = [:] }
        let bytes = TaskWriting.text(of: network)
        networks[id] = (network.version, bytes)
        return bytes
    }
}
