/// What a registry says of itself.
public struct Registry: Sendable, Hashable, Identifiable {
    public let id: Source.ID
    public var datacenter: String
    public var datacenters: [String]
    /// The leader's address; empty where there is none just now, nil where the registry has no such thing or does not say.
    public var leader: String?
    /// The node whose agent answers.
    public var node: String
    /// Where it answers for service names; nil where it does not or where that is not known.
    public var dns: NameServer?
    /// Its agent runs scripts as checks.
    public var runsScripts: Bool

    public init(
        id: Source.ID, datacenter: String = "", datacenters: [String] = [], leader: String? = nil, node: String = "", dns: NameServer? = nil, runsScripts: Bool = false
    ) {
        self.id = id
        self.datacenter = datacenter
        self.datacenters = datacenters
        self.leader = leader
        self.node = node
        self.dns = dns
        self.runsScripts = runsScripts
    }
}

/// A DNS server and the domain that it answers for.
public struct NameServer: Sendable, Hashable {
    /// An IP address.
    public var host: String
    public var port: Int
    /// `consul`, without dots at its ends; empty for a server of every name.
    public var domain: String

    public init(host: String, port: Int, domain: String = "") {
        self.host = host
        self.port = port
        self.domain = domain
    }
}
