/// A machine that a registry knows: one of its agents, or a node that somebody wrote into its catalog.
public struct Member: Sendable, Hashable, Identifiable {
    /// Raw is the node's name.
    public typealias ID = Identifier<Member>

    public enum Status: String, Sendable, Hashable {
        case alive, leaving, left, failed
        /// It has no agent: its entry was written from outside and nobody watches the machine.
        case external
        case unknown
    }

    public let id: ID
    public var name: String
    public var address: String
    public var datacenter: String
    public var status: Status
    public var isServer: Bool
    public var isLeader: Bool
    /// The agent that Binnacle asks.
    public var isAsked: Bool
    public var version: String
    public var meta: [String: String]

    public init(
        id: ID, name: String, address: String = "", datacenter: String = "", status: Status = .unknown, isServer: Bool = false, isLeader: Bool = false,
        isAsked: Bool = false, version: String = "", meta: [String: String] = [:]
    ) {
        self.id = id
        self.name = name
        self.address = address
        self.datacenter = datacenter
        self.status = status
        self.isServer = isServer
        self.isLeader = isLeader
        self.isAsked = isAsked
        self.version = version
        self.meta = meta
    }

    /// `server, leader`, `client`, `no agent`.
    public var role: String {
        if status == .external { return "no agent" }
        return (isServer ? "server" : "client") + (isLeader ? ", leader" : "")
    }

    /// Why it is red; nil while nothing is wrong. One that left did so on purpose.
    public var problem: String? { status == .failed ? "its agent does not answer the others" : nil }
}
