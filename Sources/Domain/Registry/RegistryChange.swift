/// A change of what a registry holds.
public enum RegistryChange: Sendable, Hashable {
    /// On (with its reason) or off; for an instance or a member.
    case maintenance(Bool, reason: String)
    /// Takes an instance, a check or a member's entry out.
    case deregister
    /// Puts an instance in, with its checks; the target is the registry.
    case register(ServiceRegistration)
    /// Adds a check to an instance, or to the node of the agent asked where the target is the registry.
    case registerCheck(CheckDefinition)

    public var verb: String {
        switch self {
        case .maintenance(true, _): "begin maintenance of"
        case .maintenance(false, _): "end maintenance of"
        case .deregister: "deregister"
        case .register: "register"
        case .registerCheck: "add a check to"
        }
    }
}

/// An instance of a service as it is handed to a registry.
public struct ServiceRegistration: Sendable, Hashable, Codable {
    /// The node whose agent shall hold it; empty for that of the agent asked.
    public var node: String
    /// Empty lets the registry choose: Consul takes the name.
    public var id: String
    public var name: String
    public var address: String
    /// 0 for none.
    public var port: Int
    public var tags: [String]
    public var meta: [String: String]
    public var checks: [CheckDefinition]
    /// The raw id of the container it stands for; empty for none.
    public var container: String

    public init(
        node: String = "", id: String = "", name: String, address: String = "", port: Int = 0, tags: [String] = [], meta: [String: String] = [:],
        checks: [CheckDefinition] = [], container: String = ""
    ) {
        self.node = node
        self.id = id
        self.name = name
        self.address = address
        self.port = port
        self.tags = tags
        self.meta = meta
        self.checks = checks
        self.container = container
    }
}
