/// A network interface of the local host.
public struct Link: Sendable, Hashable, Identifiable {
    public enum Kind: String, Sendable, Hashable {
        case loopback, physical, bridge, veth, vlan, vxlan, tunnel, other
    }

    /// The interface's name: unique in its network namespace.
    public var id: String { name }
    public var name: String
    public var index: Int
    /// For a veth the index of the other end, in the other end's namespace.
    public var peerIndex: Int
    public var kind: Kind
    public var isUp: Bool
    /// `up`, `down`, `unknown` (loopback is always unknown), `lowerlayerdown`.
    public var operState: String
    public var hardwareAddress: String
    public var mtu: Int
    /// The bridge it is plugged into.
    public var master: String?
    /// CIDR: `172.17.0.1/16`.
    public var addresses: [String]
    /// Raw id of the container whose interface is the other end, and that interface's name.
    public var container: String?
    public var containerInterface: String?
    /// Bytes a second, as the host counts: what a veth sends is what its container receives.
    public var receiveRate: Double
    public var sendRate: Double
    public var received: UInt64
    public var sent: UInt64
    public var errors: UInt64

    public init(
        name: String, index: Int, peerIndex: Int = 0, kind: Kind = .other, isUp: Bool = true, operState: String = "",
        hardwareAddress: String = "", mtu: Int = 0, master: String? = nil, addresses: [String] = [],
        container: String? = nil, containerInterface: String? = nil, receiveRate: Double = 0, sendRate: Double = 0,
        received: UInt64 = 0, sent: UInt64 = 0, errors: UInt64 = 0
    ) {
        self.name = name
        self.index = index
        self.peerIndex = peerIndex
        self.kind = kind
        self.isUp = isUp
        self.operState = operState
        self.hardwareAddress = hardwareAddress
        self.mtu = mtu
        self.master = master
        self.addresses = addresses
        self.container = container
        self.containerInterface = containerInterface
        self.receiveRate = receiveRate
        self.sendRate = sendRate
        self.received = received
        self.sent = sent
        self.errors = errors
    }
}

/// A route of the local host's main table.
public struct Route: Sendable, Hashable {
    /// CIDR; `default` for 0.0.0.0/0.
    public var destination: String
    /// Empty for a directly connected range.
    public var gateway: String
    public var link: String
    public var metric: Int

    public init(destination: String, gateway: String, link: String, metric: Int) {
        self.destination = destination
        self.gateway = gateway
        self.link = link
        self.metric = metric
    }
}

/// The host's network as its own files tell it.
public struct HostNetwork: Sendable, Hashable {
    public var hostName: String
    public var links: [Link]
    public var routes: [Route]
    /// What could not be read, and why; shown beside the picture rather than left out.
    public var remarks: [String]

    public init(hostName: String = "", links: [Link] = [], routes: [Route] = [], remarks: [String] = []) {
        self.hostName = hostName
        self.links = links
        self.routes = routes
        self.remarks = remarks
    }

    /// The interface that the default route leaves by.
    public var uplink: Route? { routes.filter { $0.destination == "default" }.min { $0.metric < $1.metric } }
}
