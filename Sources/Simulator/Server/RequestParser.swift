/// Takes requests out of the bytes of a connection, one when it is asked for. What lies behind it is not looked at: it may be the next
/// request, or no HTTP at all.
struct RequestParser {
    enum Outcome {
        /// More bytes are needed.
        case incomplete
        /// The client wants to hear “100 Continue” before it sends the body.
        case expectation
        case request(ServerRequest, isKept: Bool, isOld: Bool)
        case bad(status: Int)
    }

    static let headLimit = 64 << 10
    static let bodyLimit = 16 << 20
    private static let fieldLimit = 256

    private struct Head {
        var method: String
        var target: String
        var isOld: Bool
        var headers: [(name: String, value: String)]

        func all(_ name: String) -> [String] { headers.filter { $0.name.lowercased() == name }.map(\.value) }
        func has(_ token: String, in name: String) -> Bool { all(name).contains { $0.lowercased().split(separator: ",").contains { $0.drop { $0 == " " } == token } } }
    }

    private enum Body { case sized(Int), chunks, chunk(Int), chunkEnd, trailers }

    private var bytes: [UInt8] = []
    /// What lies before it has been read.
    private var position = 0
    /// How far the end of a head has been looked for.
    private var searched = 0
    private var head: Head?
    private var expected = Body.sized(0)
    private var body: [UInt8] = []

    private var left: Int { bytes.count - position }
    var heldBytes: Int { left + body.count }
    /// Some of a request has come, and not all.
    var isAmidst: Bool { head != nil || left > 0 }

    mutating func take(_ more: some Collection<UInt8>) {
        if position > 0 {
            bytes.removeSubrange(..<position)
            position = 0
        }
        bytes += more
    }

    /// Everything that came behind the last request.
    mutating func rest() -> [UInt8] {
        defer {
            bytes = []
            position = 0
        }
        return Array(bytes[position...])
    }

    mutating func next() -> Outcome {
        if head == nil {
            switch readHead() {
            case .some(let outcome): return outcome
            case nil: break
            }
        }
        guard let head else { return .incomplete }
        if let outcome = readBody() { return outcome }
        let request = ServerRequest(method: head.method, target: head.target, headers: head.headers, body: body)
        let isKept = head.isOld ? head.has("keep-alive", in: "connection") : !head.has("close", in: "connection")
        self.head = nil
        body = []
        return .request(request, isKept: isKept, isOld: head.isOld)
    }

    // MARK: Head

    /// nil when it is there.
    private mutating func readHead() -> Outcome? {
        // Blank lines before a request are passed over (RFC 9112, 2.2).
        while searched == 0, left > 0, bytes[position] == 0x0D || bytes[position] == 0x0A { position += 1 }
        guard let end = headEnd() else { return left > Self.headLimit ? .bad(status: 431) : .incomplete }
        guard end <= Self.headLimit else { return .bad(status: 431) }
        let text = String(decoding: bytes[position..<position + end], as: UTF8.self)
        position += end + 4
        searched = 0
        guard let head = Self.head(text) else { return .bad(status: 400) }
        if head.has("chunked", in: "transfer-encoding") {
            expected = .chunks
        } else {
            let lengths = Set(head.all("content-length"))
            guard lengths.count < 2, let length = lengths.first.map({ Int($0) }) ?? 0, length >= 0 else { return .bad(status: 400) }
            guard length <= Self.bodyLimit else { return .bad(status: 413) }
            expected = .sized(length)
        }
        self.head = head
        guard head.has("100-continue", in: "expect"), left == 0 else { return nil }
        return .expectation
    }

    /// The number of bytes before the blank line.
    private mutating func headEnd() -> Int? {
        var index = position + searched
        while index + 3 < bytes.count {
            if bytes[index] == 0x0D, bytes[index + 1] == 0x0A, bytes[index + 2] == 0x0D, bytes[index + 3] == 0x0A { return index - position }
            index += 1
        }
        searched = index - position
        return nil
    }

    private static func head(_ text: String) -> Head? {
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        guard let first = lines.first, lines.count <= fieldLimit else { return nil }
        let words = first.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, !words[0].isEmpty, words[0].utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F }), words[2] == "HTTP/1.1" || words[2] == "HTTP/1.0" else {
            return nil
        }
        var target = words[1]
        // The absolute form, which proxies are sent.
        if let scheme = target.firstRange(of: "://"), !target.hasPrefix("/") {
            target = target[scheme.upperBound...]
            target = target.firstIndex(of: "/").map { target[$0...] } ?? "/"
        }
        guard target.hasPrefix("/") else { return nil }
        var headers: [(name: String, value: String)] = []
        for line in lines.dropFirst() {
            guard let colon = line.firstIndex(of: ":"), colon > line.startIndex, line.first != " ", line.first != "\t" else { return nil }
            let value = line[line.index(after: colon)...].drop { $0 == " " || $0 == "\t" }
            headers.append((String(line[..<colon]), String(value.reversed().drop { $0 == " " || $0 == "\t" }.reversed())))
        }
        return Head(method: String(words[0]), target: String(target), isOld: words[2] == "HTTP/1.0", headers: headers)
    }

    // MARK: Body

    /// nil when it is there.
    private mutating func readBody() -> Outcome? {
        while true {
            switch expected {
            case .sized(let count):
                guard left >= count else { return .incomplete }
                body = read(count)
                return nil
            case .chunks:
                guard let line = readLine() else { return left > 1024 ? .bad(status: 400) : .incomplete }
                guard let count = Int(line.prefix { $0 != ";" && $0 != " " }, radix: 16), count >= 0 else { return .bad(status: 400) }
                guard count <= Self.bodyLimit - body.count else { return .bad(status: 413) }
                expected = count == 0 ? .trailers : .chunk(count)
            case .chunk(let count):
                let part = min(count, left)
                body += read(part)
                guard part == count else {
                    expected = .chunk(count - part)
                    return .incomplete
                }
                expected = .chunkEnd
            case .chunkEnd:
                guard let line = readLine() else { return left > 2 ? .bad(status: 400) : .incomplete }
                guard line.isEmpty else { return .bad(status: 400) }
                expected = .chunks
            case .trailers:
                guard let line = readLine() else { return left > Self.headLimit ? .bad(status: 431) : .incomplete }
                if line.isEmpty { return nil }
            }
        }
    }

    private mutating func read(_ count: Int) -> [UInt8] {
        defer { position += count }
        return Array(bytes[position..<position + count])
    }

    private mutating func readLine() -> String? {
        guard let end = bytes[position...].firstIndex(of: 0x0A) else { return nil }
        var line = read(end - position)
        position += 1
        if line.last == 0x0D { line.removeLast() }
        return String(decoding: line, as: UTF8.self)
    }
}
