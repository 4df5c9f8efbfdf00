/// What a request is for, by its path.
enum ConsulRoute: Hashable {
    // Reads of the servers' tables: these can be waited on.
    case nodes, services
    case node(String), nodeServices(String), service(String)
    case state(String), checksOfNode(String), checksOfService(String), healthOfService(String)
    // Other reads.
    case leader, peers, datacenters, raft
    case agentSelf, members, agentServices, agentService(String), agentChecks
    case agentHealth(id: String), agentHealthByName(String)
    // Writes.
    case register, deregister(String), maintain(String), maintainNode
    case registerCheck, deregisterCheck(String), tell(SimCheck.Status, String), tellFreely(String)
    case forceLeave(String)
    case catalogRegister, catalogDeregister

    /// - Parameter segments: names may have slashes in them, percent-encoded or not: the rest of the path is one.
    init?(_ segments: [String]) {
        guard segments.first == "v1", segments.count > 2 else { return nil }
        func rest(_ count: Int) -> String { segments.dropFirst(count).joined(separator: "/") }
        let isWhole = segments.count == 3
        switch (segments[1], segments[2]) {
        case ("status", "leader") where isWhole: self = .leader
        case ("status", "peers") where isWhole: self = .peers
        case ("operator", "raft") where segments.count == 4 && segments[3] == "configuration": self = .raft
        case ("catalog", "datacenters") where isWhole: self = .datacenters
        case ("catalog", "nodes") where isWhole: self = .nodes
        case ("catalog", "services") where isWhole: self = .services
        case ("catalog", "node"): self = .node(rest(3))
        case ("catalog", "node-services"): self = .nodeServices(rest(3))
        case ("catalog", "service"): self = .service(rest(3))
        case ("catalog", "register") where isWhole: self = .catalogRegister
        case ("catalog", "deregister") where isWhole: self = .catalogDeregister
        case ("health", "state"): self = .state(rest(3))
        case ("health", "node"): self = .checksOfNode(rest(3))
        case ("health", "checks"): self = .checksOfService(rest(3))
        case ("health", "service"): self = .healthOfService(rest(3))
        case ("agent", let word):
            guard let route = Self.ofAgent(word, Array(segments.dropFirst(3))) else { return nil }
            self = route
        default: return nil
        }
    }

    private static func ofAgent(_ word: String, _ rest: [String]) -> ConsulRoute? {
        let name = rest.dropFirst().joined(separator: "/")
        switch (word, rest.first) {
        case ("self", nil): return .agentSelf
        case ("members", nil): return .members
        case ("services", nil): return .agentServices
        case ("checks", nil): return .agentChecks
        case ("maintenance", nil): return .maintainNode
        case ("force-leave", _): return .forceLeave(rest.joined(separator: "/"))
        case ("health", "service"):
            let name = rest.dropFirst(2).joined(separator: "/")
            return rest.count < 2 ? nil : rest[1] == "id" ? .agentHealth(id: name) : rest[1] == "name" ? .agentHealthByName(name) : nil
        case ("service", "register") where rest.count == 1: return .register
        case ("service", "deregister"): return .deregister(name)
        case ("service", "maintenance"): return .maintain(name)
        case ("service", .some): return .agentService(rest.joined(separator: "/"))
        case ("check", "register") where rest.count == 1: return .registerCheck
        case ("check", "deregister"): return .deregisterCheck(name)
        case ("check", "pass"): return .tell(.passing, name)
        case ("check", "warn"): return .tell(.warning, name)
        case ("check", "fail"): return .tell(.critical, name)
        case ("check", "update"): return .tellFreely(name)
        default: return nil
        }
    }

    var method: String {
        switch self {
        case .register, .deregister, .maintain, .maintainNode, .registerCheck, .deregisterCheck, .tell, .tellFreely, .forceLeave, .catalogRegister,
            .catalogDeregister:
            "PUT"
        default: "GET"
        }
    }

    /// What the server says when the name is missing.
    var omission: String? {
        switch self {
        case .node(""), .nodeServices(""), .checksOfNode(""): "Missing node name"
        case .service(""), .checksOfService(""), .healthOfService(""): "Missing service name"
        case .state(""): "Missing check state"
        case .maintain(""): "Missing service ID"
        case .agentHealth(id: ""): "Missing serviceID"
        case .agentHealthByName(""): "Missing service Name"
        default: nil
        }
    }

    /// The index of what is asked for; nil where it has none.
    func index(in registry: SimRegistry) -> UInt64? {
        switch self {
        case .nodes: registry.nodesIndex
        case .services: registry.servicesIndex
        case .node(let name), .nodeServices(let name): registry.members.contains(name) ? max(registry.nodesIndex, registry.servicesIndex) : 1
        case .service(let name), .checksOfService(let name), .healthOfService(let name): registry.serviceIndexes[name] ?? registry.servicesIndex
        case .state, .checksOfNode: registry.checksIndex
        default: nil
        }
    }
}
