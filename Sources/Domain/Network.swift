/// A network of an engine: bridge, overlay, macvlan, host, none.
public struct Network: Sendable, Hashable, Identifiable {
    public typealias ID = Identifier<Network>

    public struct Subnet: Sendable, Hashable {
        /// CIDR: `172.17.0.0/16`.
        public var range: String
        /// Empty where the driver gives none.
        public var gateway: String
        public init(range: String, gateway: String) {
            self.range = range
            self.gateway = gateway
        }
    }

    public let id: ID
    public var host: Host.ID
    public var name: String
    public var driver: String
    /// `local`, `swarm`, `global`.
    public var scope: String
    public var created: Timestamp?
    public var subnets: [Subnet]
    public var options: [String: String]
    public var labels: [String: String]
    public var isInternal: Bool
    public var isAttachable: Bool
    public var isIngress: Bool
    public var hasIPv6: Bool

    public init(
        id: ID, host: Host.ID, name: String, driver: String, scope: String = "local", created: Timestamp? = nil,
        subnets: [Subnet] = [], options: [String: String] = [:], labels: [String: String] = [:],
        isInternal: Bool = false, isAttachable: Bool = false, isIngress: Bool = false, hasIPv6: Bool = false
    ) {
        self.id = id
        self.host = host
        self.name = name
        self.driver = driver
        self.scope = scope
        self.created = created
        self.subnets = subnets
        self.options = options
        self.labels = labels
        self.isInternal = isInternal
        self.isAttachable = isAttachable
        self.isIngress = isIngress
        self.hasIPv6 = hasIPv6
    }

    /// The three networks every engine makes for itself and refuses to remove.
    public var isBuiltIn: Bool { ["bridge", "host", "none"].contains(name) && scope == "local" || isIngress }

    /// The bridge on the host that carries it: the option where it is set, else `br-` and twelve digits of the id.
    public var bridgeName: String? {
        guard driver == "bridge" else { return nil }
        if let name = options["com.docker.network.bridge.name"] { return name }
        return "br-" + id.raw.prefix(12)
    }
}

/// One plug of one container into one network.
public struct Endpoint: Sendable, Hashable {
    public var network: String
    public var networkID: String
    /// Without prefix length; empty while the container is stopped.
    public var address: String
    public var addressIPv6: String
    public var gateway: String
    public var hardwareAddress: String
    public var aliases: [String]

    public init(
        network: String, networkID: String, address: String, addressIPv6: String = "", gateway: String = "",
        hardwareAddress: String = "", aliases: [String] = []
    ) {
        self.network = network
        self.networkID = networkID
        self.address = address
        self.addressIPv6 = addressIPv6
        self.gateway = gateway
        self.hardwareAddress = hardwareAddress
        self.aliases = aliases
    }
}
