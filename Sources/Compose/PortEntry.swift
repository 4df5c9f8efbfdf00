internal import Domain
internal import Glibc

/// A port in its short form: `[ADDRESS:][PUBLISHED:]TARGET[/TRANSPORT]`, both sides single or ranges (docker/go-connections, nat).
struct PortEntry {
    static let transports = ["tcp", "udp", "sctp"]

    /// On the nodes. Nil lets the swarm choose.
    private let published: ClosedRange<Int>?
    private let target: ClosedRange<Int>
    private let transport: String
    /// What a swarm has no use for: it publishes on every address. Empty where none is given, or all are meant.
    let address: String

    init(_ text: String) throws(Complaint) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        let last = (parts.last ?? "").split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        transport = last.count > 1 ? last[1].lowercased() : "tcp"
        guard Self.transports.contains(transport) else {
            throw Complaint("\(shown(text)) has the transport \(shown(transport))", "known: \(Self.transports.joined(separator: ", "))")
        }
        target = try Self.range(last.first ?? "", in: text)
        let host = parts.count > 1 ? parts[parts.count - 2] : ""
        published = host.isEmpty || host == "0" ? nil : try Self.range(host, in: text)
        address = try Self.address(parts.dropLast(2).joined(separator: ":"), in: text)
        if let published, published.count != target.count, target.count > 1 {
            throw Complaint("\(shown(text)) publishes \(published.count) ports for \(target.count)", "make both ranges as long")
        }
    }

    /// How many it comes to.
    var count: Int { max(target.count, published?.count ?? 0) }

    var ports: [Workload.Port] {
        (0..<count).map { index in
            Workload.Port(
                published: published.map { $0.lowerBound + index },
                // Several published ports may lead to one target.
                target: target.lowerBound + (target.count > 1 ? index : 0),
                transport: transport)
        }
    }

    private static func range(_ text: Substring, in entry: String) throws(Complaint) -> ClosedRange<Int> {
        let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
        var ports: [Int] = []
        for part in parts {
            guard part.utf8.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }), let port = Int(part), (1...65535).contains(port) else {
                throw Complaint("\(shown(String(part))) is not a port in \(shown(entry))", "write PUBLISHED:TARGET, such as 8080:80, with numbers from 1 to 65535")
            }
            ports.append(port)
        }
        guard let first = ports.first, let last = ports.last, first <= last else {
            throw Complaint("the range \(shown(String(text))) in \(shown(entry)) ends before it begins")
        }
        return first...last
    }

    private static func address(_ text: String, in entry: String) throws(Complaint) -> String {
        guard !text.isEmpty else { return "" }
        let bare = text.hasPrefix("[") && text.hasSuffix("]") ? String(text.dropFirst().dropLast()) : text
        var four = in_addr()
        var six = in6_addr()
        if inet_pton(AF_INET, bare, &four) == 1 { return four.s_addr == 0 ? "" : bare }
        guard inet_pton(AF_INET6, bare, &six) == 1 else { throw Complaint("\(shown(text)) is not an address in \(shown(entry))") }
        return withUnsafeBytes(of: &six) { $0.allSatisfy { $0 == 0 } } ? "" : bare
    }
}
