/// A request. `Host`, `Content-Length` and `User-Agent` are added unless `headers` names them.
public struct HTTPRequest: Sendable {
    public var method: String
    /// Path and query, percent-encoded; the address's prefix is put in front of it.
    public var path: String
    public var headers: [(String, String)]
    public var body: [UInt8]?

    public init(method: String = "GET", path: String, headers: [(String, String)] = [], body: [UInt8]? = nil) {
        self.method = method
        self.path = path
        self.headers = headers
        self.body = body
    }
}

extension HTTPRequest {
    /// Whether sending it twice does no harm.
    var isRepeatable: Bool { method == "GET" || method == "HEAD" }

    /// The request as it goes on the wire.
    ///
    /// - Throws: `.badRequest` for anything that could end a line early and so smuggle a second request.
    func bytes(for address: Address, upgrading: Bool) throws(TransportError) -> [UInt8] {
        func refuse(_ words: String) -> TransportError { TransportError(.badRequest(words), address: address.description) }
        guard !method.isEmpty, method.utf8.allSatisfy(Self.isToken) else { throw refuse("“\(method)” is not a method") }
        let target = address.pathPrefix + path
        guard target.hasPrefix("/"), target.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
            throw refuse("the path must begin with / and be percent-encoded")
        }
        var given = HTTPFields(headers.map { (name: $0.0, value: $0.1) })
        for entry in given.entries {
            guard !entry.name.isEmpty, entry.name.utf8.allSatisfy(Self.isToken) else {
                throw refuse("“\(entry.name)” is not a header's name")
            }
            guard entry.value.utf8.allSatisfy({ $0 == 0x09 || ($0 >= 0x20 && $0 != 0x7F) }) else {
                throw refuse("the header \(entry.name) holds a control character")
            }
        }
        func add(_ name: String, _ value: String) {
            if given[name] == nil { given.entries.append((name, value)) }
        }
        add("Host", address.authority)
        add("User-Agent", "binnacle")
        // Servers answer 411 to a POST that says nothing about its length.
        if body != nil || !(isRepeatable || method == "DELETE") { add("Content-Length", String(body?.count ?? 0)) }
        if upgrading {
            add("Connection", "Upgrade")
            add("Upgrade", "tcp")
        }
        var head = "\(method) \(target) HTTP/1.1\r\n"
        for entry in given.entries { head += "\(entry.name): \(entry.value)\r\n" }
        head += "\r\n"
        return Array(head.utf8) + (body ?? [])
    }

    /// `token` of RFC 9110 §5.6.2.
    static func isToken(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
