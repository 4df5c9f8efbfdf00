internal import Domain

/// The first lines of an answer, as they go out.
struct ResponseHead {
    enum Framing { case length(Int), chunks, none }

    var status: Int
    var headers: [(String, String)]
    var framing: Framing
    var isClosing: Bool

    var bytes: [UInt8] {
        var text = "HTTP/1.1 \(status) \(Self.phrase(status))\r\n"
        for (name, value) in headers { text += "\(Self.clean(name)): \(Self.clean(value))\r\n" }
        switch framing {
        case .length(let count): text += "Content-Length: \(count)\r\n"
        case .chunks: text += "Transfer-Encoding: chunked\r\n"
        case .none: break
        }
        if isClosing { text += "Connection: close\r\n" }
        return Array((text + "\r\n").utf8)
    }

    /// Of a request that is none; Go's servers say it so.
    static func failure(_ status: Int) -> [UInt8] {
        let words = "\(status) \(phrase(status))"
        let head = ResponseHead(status: status, headers: [("Content-Type", "text/plain; charset=utf-8")], framing: .none, isClosing: true)
        return head.bytes + words.utf8
    }

    /// A name out of a request must not become a header of its own.
    private static func clean(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 < 0x20 }) else { return text }
        return String(decoding: text.utf8.map { $0 < 0x20 ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
    }

    static func phrase(_ status: Int) -> String { phrases[status] ?? "status code \(status)" }

    private static let phrases = [
        100: "Continue", 101: "Switching Protocols", 200: "OK", 201: "Created", 202: "Accepted", 204: "No Content", 301: "Moved Permanently",
        304: "Not Modified", 307: "Temporary Redirect", 400: "Bad Request", 401: "Unauthorized", 403: "Forbidden", 404: "Not Found",
        405: "Method Not Allowed", 406: "Not Acceptable", 408: "Request Timeout", 409: "Conflict", 413: "Request Entity Too Large",
        415: "Unsupported Media Type", 429: "Too Many Requests", 431: "Request Header Fields Too Large", 500: "Internal Server Error",
        501: "Not Implemented", 502: "Bad Gateway", 503: "Service Unavailable", 504: "Gateway Timeout",
    ]
}

/// `Tue, 24 Nov 2026 14:40:04 GMT`: the header `Date`.
enum ServerDate {
    static func text(_ time: Timestamp) -> String {
        let days = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"]
        let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        let t = time.utc
        func two(_ value: Int) -> String { value < 10 ? "0\(value)" : "\(value)" }
        // 1970 began on a Thursday.
        let day = days[Int(max(0, time.seconds) / 86_400 % 7)]
        return "\(day), \(two(t.day)) \(months[t.month - 1]) \(t.year) \(two(t.hour)):\(two(t.minute)):\(two(t.second)) GMT"
    }
}
