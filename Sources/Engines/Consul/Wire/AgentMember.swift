internal import Domain
internal import JSON

/// An entry of `/v1/agent/members`: an agent as the gossip of all agents has it.
struct AgentMember: Sendable, Hashable {
    var name: String
    var address: String
    var status: Member.Status
    var isServer: Bool
    /// `1.8.7`
    var version: String
    var datacenter: String
    /// `10.0.0.1:8300`, as the leader is named; nil for a client.
    var serverAddress: String?

    static func list(_ body: [UInt8]) throws(JSONReader.Malformed) -> [AgentMember] {
        let all = try JSONReader.list(body) { reader throws(JSONReader.Malformed) in try AgentMember(&reader) }
        return all.filter { !$0.name.isEmpty }
    }

    init(_ reader: inout JSONReader) throws(JSONReader.Malformed) {
        var name = "", address = ""
        var code: Int64?
        var tags: [String: String] = [:]
        try reader.object { reader, key throws(JSONReader.Malformed) in
            switch key {
            case "Name": name = try reader.string() ?? ""
            case "Addr": address = try reader.string() ?? ""
            case "Status": code = try reader.integer()
            case "Tags": tags = try reader.dictionary()
            default: try reader.skip()
            }
        }
        self.name = name
        self.address = address
        status = Self.status(code)
        isServer = tags["role"] == "consul"
        // `1.8.7:` or `1.8.7:22f4b1d2`, the build behind the colon.
        version = String((tags["build"] ?? "").prefix { $0 != ":" })
        datacenter = tags["dc"] ?? ""
        serverAddress = isServer ? tags["port"].map { (address.contains(":") ? "[\(address)]" : address) + ":" + $0 } : nil
    }

    /// Serf's own numbers.
    private static func status(_ code: Int64?) -> Member.Status {
        switch code {
        case 1: .alive
        case 2: .leaving
        case 3: .left
        case 4: .failed
        default: .unknown
        }
    }
}
