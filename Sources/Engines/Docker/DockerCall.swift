internal import FoundationEssentials

/// One request of the Engine API, without the version in front: what is sent, and what a plan shows.
struct DockerCall: Sendable, Hashable {
    var method: String
    /// `/containers/web/stop?t=10`, percent-encoded.
    var target: String
    var body: [UInt8]?
    var accept: String?

    /// - Parameter path: pieces that are encoded and joined by slashes.
    init(_ method: String = "GET", _ path: [String], _ query: [(String, String)] = [], body: [UInt8]? = nil, accept: String? = nil) {
        self.method = method
        let pairs = query.map { "\($0.0)=\(Self.encoded($0.1))" }.joined(separator: "&")
        target = "/" + path.map(Self.encoded).joined(separator: "/") + (pairs.isEmpty ? "" : "?" + pairs)
        self.body = body
        self.accept = accept
    }

    /// - Throws: nothing in practice; a value of ours that cannot be written as JSON would be a broken invariant.
    init(_ method: String, _ path: [String], json value: some Encodable) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Our own bodies hold strings, numbers and booleans only: encoding them cannot fail.
        self.init(method, path, body: (try? encoder.encode(value)).map(Array.init) ?? [])
    }

    /// `{"id":["4c01db0b339c"]}` as a query value.
    static func filters(_ filters: [String: [String]]) -> (String, String) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Strings only: encoding them cannot fail.
        return ("filters", (try? encoder.encode(filters)).map { String(decoding: $0, as: UTF8.self) } ?? "{}")
    }

    /// `POST /v1.41/networks/create {"Name":"front"}`.
    func text(_ version: APIVersion) -> String {
        let call = "\(method) /v\(version)\(target)"
        guard let body, !body.isEmpty else { return call }
        return call + " " + String(decoding: body, as: UTF8.self)
    }

    /// Everything but RFC 3986 unreserved characters and the colon of image and exec names.
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
}
