internal import Domain
internal import JSON
internal import Synchronization

/// What managers answer and all others do not.
extension DockerHandler {
    /// As long as managers let a request wait for a leader.
    private static let patience = Duration.seconds(20)

    func swarm(_ call: DockerRequest) async throws(OrderRefusal) -> ServerReply? {
        try await mustLead()
        switch call.path[0] {
        case "services": return try await services(call)
        case "tasks": return try tasks(call)
        case "nodes": return try await nodes(call)
        case "secrets": return try blobs(.secret, call)
        case "configs": return try blobs(.config, call)
        default: return call.isGet("swarm") ? describeSwarm() : nil
        }
    }

    /// Refuses where this is no manager, and waits for a leader where there is none.
    func mustLead() async throws(OrderRefusal) {
        let start = cluster.time
        while true {
            let (node, hasLeader, now, sequence) = look { world in (world.swarm.nodes[host], world.swarm.hasLeader, world.now, world.lastSequence) }
            guard let node else {
                throw OrderRefusal(
                    .unavailable, "This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to swarm and try again.")
            }
            guard node.spec.role == .manager else {
                throw OrderRefusal(
                    .unavailable,
                    "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state. Please run this command on a manager node or promote the current node to a manager.")
            }
            if hasLeader { return }
            guard now < start.adding(Self.patience), !Task.isCancelled else { throw OrderRefusal(.serverError, SimSwarm.noLeaderMessage) }
            await cluster.news(after: sequence, atMost: .milliseconds(250))
        }
    }

    private func describeSwarm() -> ServerReply {
        let bytes = look { world in
            var text = JSONText(reserving: 2048)
            text.object { text in
                guard let machine = world.hosts[host] else { return }
                let membership = SwarmMembership(world: world, host: machine)
                membership.cluster(&text)
                membership.tokens(&text)
            }
            return text.bytes
        }
        return reply(200, bytes)
    }

    // MARK: Nodes

    private func nodes(_ call: DockerRequest) async throws(OrderRefusal) -> ServerReply? {
        switch (call.method, call.path.count) {
        case ("GET", 1):
            let filters = try call.filters(["id", "label", "membership", "name", "node.label", "role"])
            return reply(200, look { world in listNodes(filters, world) })
        case ("GET", 2):
            let node = try look { world throws(OrderRefusal) in try world.node(call.path[1]) }
            return reply(200) { NodeWriting(node: node).write(&$0) }
        case ("POST", 3) where call.path[2] == "update":
            let version = try call.version(of: "node")
            let tree = try call.json()
            guard let role = SimNode.Role(rawValue: tree.word("Role")) else { throw OrderRefusal(.badRequest, "invalid Role: \"\(tree.word("Role"))\"") }
            guard let availability = SimNode.Availability(rawValue: tree.word("Availability")) else {
                throw OrderRefusal(.badRequest, "invalid Availability: \"\(tree.word("Availability"))\"")
            }
            var spec = SimNodeSpec(role: role, availability: availability)
            spec.name = tree.word("Name")
            spec.labels = tree.table("Labels")
            try await order(.updateNode(call.path[1], version: version, spec))
            return reply(200)
        case ("DELETE", 2):
            try await order(.removeNode(call.path[1], force: call.flag("force")))
            return reply(200)
        default: return nil
        }
    }

    private func listNodes(_ filters: DockerFilters, _ world: World) -> [UInt8] {
        func write() -> [UInt8] {
            var text = JSONText(reserving: world.swarm.nodes.count * 1600 + 16)
            text.array { list in
                for node in world.swarm.nodes.values.sorted(by: { $0.id < $1.id }) {
                    guard filters.admits("id", beginning: node.id), filters.admits("name", beginning: node.hostname), filters.admits("role", exactly: node.spec.role.rawValue),
                        filters.admits(labels: node.engineLabels), filters.admits(labels: node.spec.labels, as: "node.label")
                    else { continue }
                    list.object { NodeWriting(node: node).write(&$0) }
                }
            }
            return text.bytes
        }
        return filters.isEmpty ? ledger.texts.withLock { $0.answer("nodes", world) { _ in write() } } : write()
    }

    // MARK: Tasks

    private static let taskFilters: Set<String> = ["_up-to-date", "desired-state", "id", "label", "name", "node", "runtime", "service"]

    private func tasks(_ call: DockerRequest) throws(OrderRefusal) -> ServerReply? {
        switch (call.method, call.path.count) {
        case ("GET", 1):
            let filters = try call.filters(Self.taskFilters)
            for state in filters["desired-state"] where !["running", "shutdown", "accepted"].contains(state) {
                throw OrderRefusal(.serverError, "Invalid desired-state filter: '\(state)'")
            }
            return reply(
                200,
                try look { world throws(OrderRefusal) in
                    if filters.isEmpty { return ledger.texts.withLock { $0.answer("tasks", world) { $0.allTasks(world) } } }
                    let list = try matching(filters, world)
                    return ledger.texts.withLock { $0.list(list, world) }
                })
        case ("GET", 2):
            return reply(
                200,
                try look { world throws(OrderRefusal) in
                    let task = try world.task(call.path[1])
                    return ledger.texts.withLock { $0.one(task, world) }
                })
        case ("GET", 3) where call.path[2] == "logs":
            let wish = try LogWish(call)
            let task = try look { world throws(OrderRefusal) in try world.task(call.path[1]) }
            return logs(.task(task.id), wish)
        default: return nil
        }
    }

    /// Those of the services that are named, all where none is.
    private func matching(_ filters: DockerFilters, _ world: World) throws(OrderRefusal) -> [SimTask] {
        var services: [String] = []
        for reference in filters["service"] { services.append(try world.service(reference).id) }
        var nodes: Set<String> = []
        for reference in filters["node"] { nodes.insert(reference == "self" ? host : try world.node(reference).id) }
        let all = services.isEmpty ? world.swarm.tasks.values : services.flatMap { world.tasks(of: $0) }
        return all.filter { task in
            (nodes.isEmpty || task.node.map(nodes.contains) ?? false) && filters.admits("id", beginning: task.id)
                && filters.admits("name") { task.name.hasPrefix($0) || task.serviceName.hasPrefix($0) }
                && filters.admits("desired-state") { $0 == task.desired.text || $0 == "shutdown" && task.desired > .running || $0 == "running" && task.desired == .ready }
                && filters.admits(labels: task.template.container.labels)
        }.sorted { $0.id < $1.id }
    }

    // MARK: Secrets and configs

    private func blobs(_ kind: SwarmBlobs.Kind, _ call: DockerRequest) throws(OrderRefusal) -> ServerReply? {
        let start = look { $0.start }
        ledger.blobs.withLock { $0.begin(start) }
        switch (call.method, call.path.count) {
        case ("GET", 1):
            let filters = try call.filters(["id", "label", "name", "names"])
            return reply(200, ledger.blobs.withLock { $0.list(kind, filters) })
        case ("POST", 2) where call.path[1] == "create":
            let tree = try call.json()
            let id = try look { world throws(OrderRefusal) in
                try ledger.blobs.withLock { blobs throws(OrderRefusal) in try blobs.create(kind, tree, &world) }
            }
            return reply(201) { $0.field("ID", id) }
        case ("GET", 2): return reply(200, try ledger.blobs.withLock { blobs throws(OrderRefusal) in try blobs.one(kind, call.path[1]) })
        case ("DELETE", 2):
            try look { world throws(OrderRefusal) in
                try ledger.blobs.withLock { blobs throws(OrderRefusal) in try blobs.remove(kind, call.path[1], world) }
            }
            return reply(204)
        case ("POST", 3) where call.path[2] == "update":
            let (tree, version) = (try call.json(), try call.version(of: kind.rawValue))
            try look { world throws(OrderRefusal) in
                try ledger.blobs.withLock { blobs throws(OrderRefusal) in try blobs.update(kind, call.path[1], version: version, tree, &world) }
            }
            return reply(200)
        default: return nil
        }
    }
}
