/// One request of Consul's HTTP API: what is sent, and what a plan shows.
struct ConsulCall: Sendable, Hashable {
    /// Which of the connection's scope goes along: agents know only themselves, the catalog is asked for a datacenter.
    enum Reach: Sendable, Hashable { case agent, catalog }

    struct Argument: Sendable, Hashable {
        var name: String
        /// nil for a bare flag such as `stale`.
        var value: String?
    }

    var method: String
    /// Pieces behind `/v1`, not encoded.
    var path: [String]
    var arguments: [Argument]
    var body: [UInt8]?

    init(_ method: String = "GET", _ path: [String], _ arguments: KeyValuePairs<String, String?> = [:], body: [UInt8]? = nil) {
        self.method = method
        self.path = path
        self.arguments = arguments.map { Argument(name: $0.key, value: $0.value) }
        self.body = body
    }

    var reach: Reach { path.first == "agent" ? .agent : .catalog }

    /// `/v1/agent/service/maintenance/web-1?enable=true`, percent-encoded.
    func target(adding more: [Argument] = []) -> String {
        let query = (arguments + more).map { argument in
            Self.encoded(argument.name) + (argument.value.map { "=" + Self.encoded($0) } ?? "")
        }
        return "/v1/" + path.map(Self.encoded).joined(separator: "/") + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    }

    /// Everything but RFC 3986 unreserved characters and the colon of check ids.
    static func encoded(_ text: String) -> String {
        let digits = Array("0123456789ABCDEF".utf8)
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "~"), UInt8(ascii: ":"):
                bytes.append(byte)
            default: bytes += [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// `ID == "web-1"` as Consul's filter language has it, which knows no escapes; nil where the text cannot be written in it.
    static func filter(_ selector: String, equals text: String) -> String? {
        if !text.contains("\"") { return "\(selector) == \"\(text)\"" }
        return text.contains("`") ? nil : "\(selector) == `\(text)`"
    }
}
