internal import Domain
internal import JSON
internal import Transport

/// What `/v1/agent/self` tells of the agent asked.
struct AgentSelf: Sendable, Hashable {
    var node = ""
    var datacenter = ""
    /// `1.8.7`
    var version = ""
    var isServer = false
    /// `tcp://127.0.0.1:8600`, `udp://127.0.0.1:8600`.
    var dnsAddresses: [String] = []
    var dnsPort: Int?
    var dnsDomain = ""
    /// Scripts from its configuration files run.
    var runsLocalScripts = false
    /// Scripts that came by the HTTP API run, too.
    var runsRemoteScripts = false

    init() {}

    init(_ body: [UInt8]) throws(JSONReader.Malformed) {
        var found = AgentSelf()
        var reader = JSONReader(body)
        let isObject = try reader.object { reader, key throws(JSONReader.Malformed) in
            switch key {
            case "Config":
                try reader.object { reader, key throws(JSONReader.Malformed) in
                    switch key {
                    case "NodeName": found.node = try reader.string() ?? ""
                    case "Datacenter": found.datacenter = try reader.string() ?? ""
                    case "Version": found.version = try reader.string() ?? ""
                    case "Server": found.isServer = try reader.bool() ?? false
                    default: try reader.skip()
                    }
                }
            case "DebugConfig":
                try reader.object { reader, key throws(JSONReader.Malformed) in
                    switch key {
                    case "DNSAddrs": found.dnsAddresses = try reader.strings()
                    case "DNSPort": found.dnsPort = try reader.integer().map { Int(clamping: $0) }
                    case "DNSDomain": found.dnsDomain = try reader.string() ?? ""
                    case "EnableLocalScriptChecks": found.runsLocalScripts = try reader.bool() ?? false
                    case "EnableRemoteScriptChecks": found.runsRemoteScripts = try reader.bool() ?? false
                    default: try reader.skip()
                    }
                }
            default: try reader.skip()
            }
        }
        try reader.finish()
        guard isObject, !found.node.isEmpty else { throw JSONReader.Malformed(offset: 0, words: "it names no node, as Consul's agents do") }
        self = found
    }

    /// Where it answers for names, as far as that can be reached from here; nil where it does not.
    ///
    /// - Parameter address: how the agent is reached: its DNS is on the same machine.
    func nameServer(askedAt address: Address) -> NameServer? {
        if let dnsPort, dnsPort <= 0 { return nil }
        let own: String? =
            switch address {
            case .unix: "127.0.0.1"
            case .tcp(let host, _, _, _): host == "localhost" ? "127.0.0.1" : host
            case .ssh: nil
            }
        let listed = dnsAddresses.compactMap(Self.endpoint)
        guard let own, let (host, port) = listed.first ?? dnsPort.map({ ("", $0) }) else { return nil }
        let domain = String(dnsDomain.drop { $0 == "." }.reversed().drop { $0 == "." }.reversed())
        let isEverywhere = host.isEmpty || host == "0.0.0.0" || host == "::"
        // An agent elsewhere that answers names to its own machine only.
        if !isEverywhere, Self.isLoopback(host), !Self.isLoopback(own) { return nil }
        let server = isEverywhere ? own : host
        guard Self.isNumeric(server) else { return nil }
        return NameServer(host: server, port: port, domain: domain)
    }

    /// `udp://[::1]:8600` in its two parts.
    private static func endpoint(_ text: String) -> (host: String, port: Int)? {
        guard let scheme = text.firstRange(of: "://"), let colon = text.lastIndex(of: ":"), colon >= scheme.upperBound,
            let port = Int(text[text.index(after: colon)...]), (1...65535).contains(port)
        else { return nil }
        return (text[scheme.upperBound..<colon].filter { $0 != "[" && $0 != "]" }, port)
    }

    private static func isLoopback(_ host: String) -> Bool { host.hasPrefix("127.") || host == "::1" || host == "localhost" }

    private static func isNumeric(_ host: String) -> Bool {
        host.contains(":") || (!host.isEmpty && host.utf8.allSatisfy { $0 == UInt8(ascii: ".") || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) })
    }
}
