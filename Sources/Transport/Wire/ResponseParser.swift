internal import NIOCore

/// HTTP/1 answers from bytes, one exchange after the other, without a socket (RFC 9112).
///
/// It stands in for NIOHTTP1's decoder, which drops the bytes behind a 101 when the end of the stream is read in the same
/// turn (a failing `docker exec` does just that), reads a 101 without an `Upgrade` header as the start of another answer,
/// and has nothing to show of what a server said that does not speak HTTP.
struct ResponseParser {
    typealias Reason = TransportError.Reason

    enum Event: Sendable {
        case head(ResponseHead)
        /// A piece of the body, or of the raw stream behind an upgrade. Never empty.
        case bytes([UInt8])
        /// The answer is complete, or the raw stream ended.
        case end
    }

    private enum State {
        /// No request is out. Only `begin` leaves it.
        case idle
        /// → `body…`, `raw`, `idle`
        case head
        /// `Content-Length` → `idle`
        case sized(remaining: Int)
        /// → `chunk`, `trailer`
        case chunkSize
        /// → `chunkEnd`
        case chunk(remaining: Int)
        /// The CRLF behind a chunk → `chunkSize`
        case chunkEnd
        /// → `idle`
        case trailer
        /// Everything up to the end of the stream: a body without length, or the stream behind an upgrade.
        case untilEnd
        /// The end of the stream was seen.
        case over
    }

    /// The longest head or trailer accepted, in bytes; what Go's servers accept, too.
    static let headLimit = 1 << 20
    /// The longest line in front of a chunk, in bytes, its extensions included.
    static let chunkLineLimit = 4 << 10

    private var state = State.idle
    private var method = "GET"
    private var isUpgrading = false
    /// The line that is not complete yet.
    private var line: [UInt8] = []
    private var headLength = 0
    private var firstBytes: [UInt8] = []
    private var statusLine: (version: UInt8, status: Int)?
    private var fields = HTTPFields()

    var isIdle: Bool { if case .idle = state { true } else { false } }

    /// Whether the bytes now are the peer's own protocol, so that the two directions end on their own.
    private(set) var isRaw = false

    /// A request goes out; its answer is what comes next.
    mutating func begin(method: String, upgrading: Bool) {
        state = .head
        self.method = method
        isUpgrading = upgrading
        firstBytes = []
        line = []
        startHead()
    }

    /// Appends what `input` completes. Events in front of a fault are appended before it is thrown.
    mutating func receive(_ input: inout ByteBuffer, into events: inout [Event]) throws(Reason) {
        if firstBytes.count < 64 {
            firstBytes += input.readableBytesView.prefix(64 - firstBytes.count)
        }
        while input.readableBytes > 0 {
            switch state {
            // Nobody asked: a greeting of another protocol, or a server that lost count of its own bytes.
            case .idle: throw .notHTTP(Self.printable(input.readableBytesView))
            case .head:
                try refuseGarbage()
                guard let line = try takeLine(from: &input, limit: Self.headLimit) else { return }
                if line.isEmpty, statusLine != nil { try finishHead(into: &events) } else { try readHead(line) }
            case .sized(let remaining):
                let rest = remaining - pass(&input, atMost: remaining, into: &events)
                if rest == 0 { complete(into: &events) } else { state = .sized(remaining: rest) }
            case .chunkSize:
                guard let line = try takeLine(from: &input, limit: Self.chunkLineLimit) else { return }
                let size = try Self.chunkSize(line)
                headLength = 0
                state = size == 0 ? .trailer : .chunk(remaining: size)
            case .chunk(let remaining):
                let rest = remaining - pass(&input, atMost: remaining, into: &events)
                state = rest == 0 ? .chunkEnd : .chunk(remaining: rest)
            case .chunkEnd:
                let byte = input.readInteger(as: UInt8.self)
                if byte == 0x0A { state = .chunkSize } else if byte != 0x0D { throw .notHTTP("a chunk longer than it said") }
            case .trailer:
                guard let line = try takeLine(from: &input, limit: Self.headLimit) else { return }
                if line.isEmpty { complete(into: &events) }
            case .untilEnd: _ = pass(&input, atMost: input.readableBytes, into: &events)
            case .over: return
            }
        }
    }

    /// The peer will send nothing more.
    ///
    /// - Throws: `.cutShort` in the middle of an answer.
    mutating func finish(into events: inout [Event]) throws(Reason) {
        defer { state = .over }
        switch state {
        case .untilEnd: events.append(.end)
        case .idle, .over: break
        case .head, .sized, .chunkSize, .chunk, .chunkEnd, .trailer: throw .cutShort
        }
    }

    // MARK: Head

    private mutating func startHead() {
        headLength = 0
        statusLine = nil
        fields = HTTPFields()
    }

    /// Fails on the first byte that cannot begin an answer, so that a server which waits for more than we sent is not
    /// waited for in turn.
    private func refuseGarbage() throws(Reason) {
        guard statusLine == nil, !zip(firstBytes, "HTTP/1.".utf8).allSatisfy({ $0 == $1 }) else { return }
        throw .notHTTP(Self.printable(firstBytes))
    }

    private mutating func readHead(_ line: [UInt8]) throws(Reason) {
        guard statusLine != nil else {
            statusLine = try Self.status(line)
            return
        }
        // Obsolete folding: a line that begins with a blank continues the one above (RFC 9112 §5.2).
        if let first = line.first, first == 0x20 || first == 0x09, let last = fields.entries.indices.last {
            fields.entries[last].value += " " + HTTPFields.trimmed(String(decoding: line, as: UTF8.self)[...])
            return
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            line[..<colon].allSatisfy(HTTPRequest.isToken)
        else { throw .notHTTP("a header line without a name: \(Self.printable(line))") }
        let value = HTTPFields.trimmed(String(decoding: line[(colon + 1)...], as: UTF8.self)[...])
        fields.entries.append((String(decoding: line[..<colon], as: UTF8.self), String(value)))
    }

    private mutating func finishHead(into events: inout [Event]) throws(Reason) {
        guard let (version, status) = statusLine else { return }
        // 100 Continue and its like announce the real answer.
        if (100..<200).contains(status), status != 101 { return startHead() }
        let isChunked = fields.lists("chunked", in: "Transfer-Encoding")
        var length: Int?
        if fields["Transfer-Encoding"] == nil { length = try Self.length(fields.all("Content-Length")) }
        let hasBody = method != "HEAD" && status != 101 && status != 204 && status != 304
        let isFramed = !hasBody || isChunked || length != nil
        let asksToKeep = version == 0 ? fields.lists("keep-alive", in: "Connection") : !fields.lists("close", in: "Connection")
        events.append(
            .head(
                ResponseHead(
                    status: status, headers: fields, keepsAlive: asksToKeep && isFramed && status != 101,
                    length: hasBody ? length : nil, isUnframed: !isFramed)))
        line = []
        headLength = 0
        if isUpgrading, status == 101 || (status == 200 && !isFramed) {
            isRaw = true
            state = .untilEnd
        } else if !hasBody || length == 0 {
            complete(into: &events)
        } else if isChunked {
            state = .chunkSize
        } else if let length {
            state = .sized(remaining: length)
        } else {
            state = .untilEnd
        }
    }

    // MARK: Pieces

    private mutating func complete(into events: inout [Event]) {
        state = .idle
        events.append(.end)
    }

    /// Hands on at most `limit` bytes and says how many.
    private func pass(_ input: inout ByteBuffer, atMost limit: Int, into events: inout [Event]) -> Int {
        let count = min(limit, input.readableBytes)
        if let bytes = input.readBytes(length: count), !bytes.isEmpty { events.append(.bytes(bytes)) }
        return count
    }

    /// The next line without its end, or nil while it is incomplete. Go accepts a bare LF, so it is accepted here.
    private mutating func takeLine(from input: inout ByteBuffer, limit: Int) throws(Reason) -> [UInt8]? {
        let view = input.readableBytesView
        let end = view.firstIndex(of: 0x0A)
        let count = (end ?? view.endIndex) - view.startIndex
        headLength += count
        guard headLength <= limit else { throw .tooLarge(limit: limit) }
        line += view.prefix(count)
        input.moveReaderIndex(forwardBy: count + (end == nil ? 0 : 1))
        guard end != nil else { return nil }
        defer { line = [] }
        return line.last == 0x0D ? Array(line.dropLast()) : line
    }
}

extension ResponseParser {
    private static func status(_ line: [UInt8]) throws(Reason) -> (version: UInt8, status: Int) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard line.count >= 12, line.starts(with: "HTTP/1.".utf8), digits.contains(line[7]), line[8] == 0x20,
            line[9...11].allSatisfy(digits.contains), line.count == 12 || line[12] == 0x20,
            let status = Int(String(decoding: line[9...11], as: UTF8.self)), status >= 100
        else { throw .notHTTP(printable(line)) }
        return (line[7] - digits.lowerBound, status)
    }

    private static func length(_ values: [String]) throws(Reason) -> Int? {
        guard let first = values.first else { return nil }
        guard values.allSatisfy({ $0 == first }), first.utf8.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains),
            let length = Int(first)
        else { throw .notHTTP("Content-Length: \(printable(values.joined(separator: ", ").utf8))") }
        return length
    }

    private static func chunkSize(_ line: [UInt8]) throws(Reason) -> Int {
        let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != 0x20 && $0 != 0x09 }
        guard digits.first != UInt8(ascii: "+"), digits.first != UInt8(ascii: "-"),
            let size = Int(String(decoding: digits, as: UTF8.self), radix: 16)
        else { throw .notHTTP("a chunk whose size is: \(printable(line))") }
        return size
    }

    /// At most 64 bytes, anything but plain ASCII as \xNN.
    static func printable(_ bytes: some Collection<UInt8>) -> String {
        bytes.prefix(64).map { byte in
            if byte >= 0x20, byte < 0x7F { return String(UnicodeScalar(byte)) }
            return "\\x" + (byte < 0x10 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
