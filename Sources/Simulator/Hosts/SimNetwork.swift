public import Domain

/// A network of containers: a bridge of one host, or an overlay of the swarm.
public struct SimNetwork: Sendable, Identifiable {
    public enum Scope: String, Sendable, Hashable { case local, swarm }

    /// 64 hexadecimal digits for a local one, 25 letters and digits for one of the swarm.
    public let id: String
    public internal(set) var name: String
    /// `bridge`, `host`, `null`, `overlay`.
    public let driver: String
    public let scope: Scope
    /// The host it is on; nil for one of the swarm.
    public let host: String?
    /// `172.17.0.0/16`; empty where there are no addresses (host, none).
    public let subnet: String
    public let gateway: String
    public let isInternal: Bool
    public let isAttachable: Bool
    public let isIngress: Bool
    public let labels: [String: String]
    public let options: [String: String]
    public let created: Timestamp
    /// Of an overlay; rises with every change.
    public internal(set) var version: UInt64
    /// The overlay's number on the wire.
    public let vxlan: Int?
    /// Containers on it, oldest first; their addresses are in `SimContainer.endpoints`.
    public internal(set) var containers = OrderedKeys()
    var pool: AddressPool
}

/// A container's end on a network.
public struct SimEndpoint: Sendable, Hashable {
    public let network: String
    public let networkName: String
    public let id: String
    /// Empty where the network has none, and while the container does not run.
    public internal(set) var address: String
    public let prefix: Int
    public let gateway: String
    public internal(set) var mac: String
    public internal(set) var aliases: [String]
    /// The address that somebody asked for; empty: any.
    public internal(set) var wanted = ""
}

/// What an order to make a network says.
public struct SimNetworkSpec: Sendable, Hashable {
    public var name: String
    public var driver = "bridge"
    /// Empty: the next one that is free.
    public var subnet = ""
    public var gateway = ""
    public var isInternal = false
    public var isAttachable = false
    public var labels: [String: String] = [:]
    public var options: [String: String] = [:]
    public init(name: String) { self.name = name }
}
