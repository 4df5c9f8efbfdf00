internal import Domain
internal import JSON

/// `/networks`.
extension DockerHandler {
    func networks(_ call: DockerRequest) async throws(OrderRefusal) -> ServerReply? {
        switch (call.method, call.path.count) {
        case ("GET", 1): return try listNetworks(call)
        case ("GET", 2): return try network(call)
        case ("POST", 2) where call.path[1] == "create": return try await createNetwork(call)
        case ("POST", 2) where call.path[1] == "prune":
            let answer = try await order(.pruneNetworks(host: host))
            return reply(200) { $0.list("NetworksDeleted", answer.removed) }
        case ("DELETE", 2):
            try await order(.removeNetwork(call.path[1], host: host))
            return reply(204)
        case ("POST", 3) where call.path[2] == "connect":
            let tree = try call.json(.serverError)
            try await order(
                .connect(
                    network: call.path[1], container: tree.word("Container"), address: tree.word("EndpointConfig", "IPAMConfig", "IPv4Address"),
                    aliases: tree.words("EndpointConfig", "Aliases"), host: host))
            return reply(200)
        case ("POST", 3) where call.path[2] == "disconnect":
            let tree = try call.json(.serverError)
            try await order(.disconnect(network: call.path[1], container: tree.word("Container"), force: tree.flag("Force"), host: host))
            return reply(200)
        default: return nil
        }
    }

    private static let filters: Set<String> = ["dangling", "driver", "id", "label", "name", "scope", "type"]

    private func listNetworks(_ call: DockerRequest) throws(OrderRefusal) -> ServerReply {
        let filters = try call.filters(Self.filters)
        let isDangling = try filters.flag("dangling")
        let bytes = look { world in
            var text = JSONText(reserving: 4096)
            // The swarm's come first.
            let all = world.networks(on: host)
            text.array { list in
                for network in all.filter({ $0.scope == .swarm }) + all.filter({ $0.scope == .local }) {
                    let isCustom = !["bridge", "host", "none", "ingress", "docker_gwbridge"].contains(network.name)
                    guard filters.admits("driver", exactly: network.driver), filters.admits("id", beginning: network.id),
                        filters.admits(labels: network.labels), filters.admits("name", { NamePattern.matches(network.name, $0) }),
                        filters.admits("scope", exactly: network.scope.rawValue), filters.admits("type", exactly: isCustom ? "custom" : "builtin"),
                        isDangling.map({ $0 == (isCustom && network.containers.isEmpty) }) ?? true
                    else { continue }
                    list.object { NetworkWriting(network: network, world: world, host: host).write(&$0, hasContainers: false) }
                }
            }
            return text.bytes
        }
        return reply(200, bytes)
    }

    private func network(_ call: DockerRequest) throws(OrderRefusal) -> ServerReply {
        let (name, scope, isVerbose) = (call.path[1], call.text("scope"), call.flag("verbose"))
        let bytes = try look { world throws(OrderRefusal) in
            var text = JSONText(reserving: 2048)
            if scope == "swarm", let machine = world.hosts[host], world.swarm.nodes[machine.id]?.spec.role == .manager, ["bridge", "host"].contains(name) {
                text.object { Self.predefined(name, world, &$0) }
                return text.bytes
            }
            let network = try world.network(name, on: host)
            if !scope.isEmpty, network.scope.rawValue != scope { throw OrderRefusal(.notFound, "network \(name) not found") }
            text.object { NetworkWriting(network: network, world: world, host: host).write(&$0, hasContainers: true, isVerbose: isVerbose) }
            return text.bytes
        }
        return reply(200, bytes)
    }

    /// The swarm's own name for a network that every machine has.
    private static func predefined(_ name: String, _ world: World, _ text: inout JSONText) {
        var random = Randomness(seed: Randomness.fingerprint(world.swarm.id + name))
        text.field("Name", name)
        text.field("Id", random.swarmID())
        text.time("Created", world.swarm.created)
        text.field("Scope", "swarm")
        text.field("Driver", name)
        text.field("EnableIPv6", false)
        text.object("IPAM") {
            $0.field("Driver", "")
            $0.null("Options")
            $0.field("Config", [String]())
        }
        for key in ["Internal", "Attachable", "Ingress"] as [StaticString] { text.field(key, false) }
        text.object("ConfigFrom") { $0.field("Network", "") }
        text.field("ConfigOnly", false)
        text.null("Containers")
        text.null("Options")
        text.field("Labels", ["com.docker.swarm.predefined": "true"])
    }

    private func createNetwork(_ call: DockerRequest) async throws(OrderRefusal) -> ServerReply {
        let tree = try call.json(.serverError)
        var spec = SimNetworkSpec(name: tree.word("Name"))
        if !tree.word("Driver").isEmpty { spec.driver = tree.word("Driver") }
        let pool = tree["IPAM", "Config"]?.elements.first
        spec.subnet = pool?.word("Subnet") ?? ""
        spec.gateway = pool?.word("Gateway") ?? ""
        spec.isInternal = tree.flag("Internal")
        spec.isAttachable = tree.flag("Attachable")
        spec.labels = tree.table("Labels")
        spec.options = tree.table("Options")
        if spec.driver == "overlay" { try await mustLead() }
        let answer = try await order(.createNetwork(spec, host: host))
        return reply(201) {
            $0.field("Id", answer.id)
            $0.field("Warning", answer.warnings.joined(separator: " "))
        }
    }
}
