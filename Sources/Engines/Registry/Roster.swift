internal import Domain

/// The machines that containers run on, by what their engines tell, and whether a Consul holds the registry.
struct Roster {
    enum Consul: Sendable, Hashable {
        /// Nobody has told of any.
        case unknown
        /// One at least has not answered yet, and none of the others is there.
        case waiting
        /// All have answered, and none is there.
        case without
        /// One is there, or was until a moment ago.
        case holds
    }

    let source: Source.ID
    let hostname: String
    let hostAddress: String
    private var hosts: [Host.ID: Host] = [:]
    private var sources: [Source.ID: Source] = [:]

    init(source: Source.ID, hostname: String, hostAddress: String) {
        self.source = source
        self.hostname = Self.clean(hostname)
        self.hostAddress = hostAddress
    }

    /// - Returns: the engines whose machine has another name or address by it.
    mutating func fold(hosts news: [Host.ID: Host], sources fresh: [Source.ID: Source]) -> Set<Source.ID> {
        var moved = Set<Source.ID>()
        for (id, host) in news {
            if hosts.updateValue(host, forKey: id)?.name != host.name { moved.insert(id.source) }
        }
        for (id, source) in fresh where source.kind == .docker || source.kind == .consul {
            if sources.updateValue(source, forKey: id)?.address != source.address { moved.insert(id) }
        }
        return moved
    }

    var consul: Consul {
        let consuls = sources.values.filter { $0.kind == .consul }
        guard !consuls.isEmpty else { return .unknown }
        var isWaiting = false
        for consul in consuls {
            switch consul.freshness {
            case .live, .stale: return .holds
            case .waiting, .connecting: isWaiting = true
            case .failed, .absent: break
            }
        }
        return isWaiting ? .waiting : .without
    }

    /// The node of a host: its name, and where its published ports are reached.
    func node(of host: Host.ID) -> (name: String, address: String) {
        let name = Self.clean(hosts[host]?.name ?? "")
        let address = sources[host.source].flatMap { Self.machine(of: $0.address) } ?? hostAddress
        return (name.isEmpty ? hostname : name, address)
    }

    /// The node that Binnacle itself runs on.
    var ownNode: String {
        let local = machines.filter(\.isLocal).map { Self.clean($0.name) }.filter { !$0.isEmpty }.min()
        return local ?? hostname
    }

    /// Of all machines, each once.
    var nodeNames: Set<String> { Set(machines.map { node(of: $0.id).name }).union([ownNode]) }

    private var machines: [Host] { hosts.values.filter { sources[$0.id.source]?.kind == .docker } }

    func address(of node: String) -> String {
        for host in machines.sorted(by: { $0.id.description < $1.id.description }) {
            let known = self.node(of: host.id)
            if known.name == node { return known.address }
        }
        return node == ownNode ? hostAddress : ""
    }

    /// One a machine, and one a node that somebody named when he registered something.
    func members(besides named: some Sequence<String>) -> [Member] {
        let own = ownNode
        return nodeNames.union(named).sorted().map { name in
            let machines = machines.filter { node(of: $0.id).name == name }
            let status: Member.Status =
                if machines.isEmpty {
                    name == own ? .alive : .external
                } else {
                    Self.status(machines.compactMap { sources[$0.id.source]?.freshness })
                }
            return Member(
                id: Member.ID(source, name), name: name, address: address(of: name), status: status, isAsked: name == own,
                version: machines.map(\.engineVersion).filter { !$0.isEmpty }.min() ?? "")
        }
    }

    /// By its engines: one that answers is enough.
    private static func status(_ freshness: [Freshness]) -> Member.Status {
        if freshness.contains(where: \.isLive) { return .alive }
        return freshness.contains { $0.trouble != nil } ? .failed : .unknown
    }

    /// `10.0.0.5` of `tcp://10.0.0.5:2376 (TLS)`, `box` of `ssh://me@box`; nil for a socket of this machine.
    static func machine(of address: String) -> String? {
        guard let separator = address.firstRange(of: "://"), address[..<separator.lowerBound] != "unix" else { return nil }
        var authority = address[separator.upperBound...].prefix { $0 != "/" && $0 != " " }
        if let at = authority.lastIndex(of: "@") { authority = authority[authority.index(after: at)...] }
        if authority.hasPrefix("[") {
            return authority.firstIndex(of: "]").map { String(authority[authority.index(after: authority.startIndex)..<$0]) }
        }
        let host = authority.prefix { $0 != ":" }
        return host.isEmpty ? nil : String(host)
    }

    /// A node's name stands in front of a slash in every id.
    static func clean(_ name: String) -> String {
        String(CheckAnswer.printable(name).prefix(255).map { $0 == "/" || $0.isNewline || $0 == "\t" ? "-" : $0 })
    }
}
