internal import NIOCore

/// A question as it goes out, with the id by which its answer is known.
struct DNSQuestion: Sendable {
    /// What we take in one datagram. By telling so (EDNS) we get all of an answer: Consul hands out only three addresses else.
    static let datagramLimit = 4096

    let id: UInt16
    let kind: DNSRecord.Kind
    /// The name in the form of the wire, lower-case.
    let name: [UInt8]

    init(_ text: String, _ kind: DNSRecord.Kind, id: UInt16) throws(TransportError.Reason) {
        var name: [UInt8] = []
        for label in (text.hasSuffix(".") ? text.dropLast() : text[...]).split(separator: ".", omittingEmptySubsequences: false) {
            guard (1...63).contains(label.utf8.count) else {
                throw .badRequest("each part of a name is 1 to 63 bytes long, and “\(label.prefix(80))” of the name is not")
            }
            name.append(UInt8(label.utf8.count))
            name += label.utf8.map(DNSMessage.lowercased)
        }
        name.append(0)
        guard name.count <= 255 else { throw .badRequest("a name is at most 253 bytes long") }
        self.id = id
        self.kind = kind
        self.name = name
    }

    /// - Parameter extended: says how much we take (EDNS); servers from before 1999 do not understand that.
    func bytes(extended: Bool) -> [UInt8] {
        func pair(_ value: UInt16) -> [UInt8] { [UInt8(value >> 8), UInt8(value & 0xFF)] }
        // Recursion is desired; one question, and the OPT record as the only other thing.
        let head = pair(id) + pair(0x0100) + pair(1) + pair(0) + pair(0) + pair(extended ? 1 : 0)
        let options: [UInt8] = extended ? [0] + pair(41) + pair(UInt16(Self.datagramLimit)) + [0, 0, 0, 0, 0, 0] : []
        return head + name + pair(kind.rawValue) + pair(1) + options
    }
}

/// A DNS message read from the wire. Whatever it claims, reading it ends, and its size bounds the work.
struct DNSMessage: Sendable, Hashable {
    /// It is no DNS message: in words, for whoever is told that an answer was no use.
    struct Malformed: Error, Hashable {
        let words: String
    }

    var id: UInt16
    var isAnswer: Bool
    /// Not all fitted in; the same by TCP does.
    var isTruncated: Bool
    var code: Int
    /// The names, kinds and classes asked for, in the form of the wire, lower-case.
    var questions: [[UInt8]]
    var records: [DNSRecord] = []
    var additional: [DNSRecord] = []

    init(_ bytes: [UInt8]) throws(Malformed) {
        var reader = DNSReader(bytes)
        id = try reader.pair()
        let flags = try reader.pair()
        isAnswer = flags & 0x8000 != 0
        isTruncated = flags & 0x0200 != 0
        code = Int(flags & 0x000F)
        let counts = (try reader.pair(), try reader.pair(), try reader.pair(), try reader.pair())
        questions = []
        for _ in 0..<counts.0 {
            let name = try reader.name()
            questions.append(name.flatMap { [UInt8($0.count)] + $0.map(Self.lowercased) } + [0] + (try reader.take(4)))
        }
        // What was cut short need not even be whole records, and is asked for again anyway.
        if isTruncated { return }
        for _ in 0..<counts.1 { if let record = try reader.record() { records.append(record) } }
        for _ in 0..<counts.2 { _ = try reader.record() }
        for _ in 0..<counts.3 { if let record = try reader.record() { additional.append(record) } }
    }

    /// Whether this is the answer to that question, and not a late one to another or a forged one.
    func answers(_ question: DNSQuestion) -> Bool {
        guard isAnswer, id == question.id else { return false }
        // Servers that refuse or do not understand may leave the question out.
        if questions.isEmpty { return code != 0 }
        return questions == [question.name + [UInt8(question.kind.rawValue >> 8), UInt8(question.kind.rawValue & 0xFF), 0, 1]]
    }

    var answer: DNSAnswer {
        let code: DNSAnswer.Code =
            switch self.code {
            case 0: .noError
            case 3: .noSuchName
            default: .other(self.code)
            }
        return DNSAnswer(code: code, records: records, additional: additional)
    }

    static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}

/// Where a message has been read up to.
private struct DNSReader {
    typealias Malformed = DNSMessage.Malformed

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func take(_ count: Int) throws(Malformed) -> ArraySlice<UInt8> {
        guard count <= bytes.count - position else { throw Malformed(words: "it ends in the middle of a record") }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func byte() throws(Malformed) -> Int { try take(1).reduce(0) { $0 + Int($1) } }

    mutating func pair() throws(Malformed) -> UInt16 {
        let two = try take(2)
        return two.reduce(0) { $0 << 8 | UInt16($1) }
    }

    /// The labels of a name. A pointer must lead to what stands before the piece it ends, so that no chain of them is a loop;
    /// and no honest chain is longer than a name has parts.
    mutating func name() throws(Malformed) -> [ArraySlice<UInt8>] {
        var labels: [ArraySlice<UInt8>] = []
        var length = 1
        var piece = position
        var behind: Int?
        var hops = 0
        while true {
            let first = try byte()
            switch first {
            case 0:
                if let behind { position = behind }
                return labels
            case 1...63:
                length += first + 1
                guard length <= 255 else { throw Malformed(words: "a name in it is longer than 255 bytes") }
                labels.append(try take(first))
            case 0xC0...0xFF:
                let target = (first & 0x3F) << 8 | (try byte())
                hops += 1
                guard target < piece, hops < 128 else { throw Malformed(words: "a name in it points to itself or ahead") }
                if behind == nil { behind = position }
                piece = target
                position = target
            default: throw Malformed(words: "a name in it has a part of no known form")
            }
        }
    }

    /// nil for a kind or class that nobody here asks for.
    mutating func record() throws(Malformed) -> DNSRecord? {
        let name = try name()
        let kind = try pair()
        let isInternet = try pair() == 1
        let time = (UInt32(try pair()) << 16) | UInt32(try pair())
        let length = Int(try pair())
        guard length <= bytes.count - position else { throw Malformed(words: "it ends in the middle of a record") }
        let end = position + length
        let value = isInternet ? try value(kind, length) : nil
        guard position <= end else { throw Malformed(words: "a record in it is longer than it says") }
        position = end
        // A time with its highest bit set is to be taken for none (RFC 2181).
        return value.map { DNSRecord(name: Self.text(name), value: $0, timeToLive: time > Int32.max ? 0 : Int(time)) }
    }

    private mutating func value(_ kind: UInt16, _ length: Int) throws(Malformed) -> DNSRecord.Value? {
        switch kind {
        case DNSRecord.Kind.a.rawValue, DNSRecord.Kind.aaaa.rawValue:
            guard length == (kind == 1 ? 4 : 16), let address = Self.address(try take(length)) else {
                throw Malformed(words: "an address in it is \(length) bytes long")
            }
            return .address(address)
        case DNSRecord.Kind.srv.rawValue:
            let (priority, weight, port) = (Int(try pair()), Int(try pair()), Int(try pair()))
            return .service(priority: priority, weight: weight, port: port, target: Self.text(try name()))
        case 5: return .alias(Self.text(try name()))
        default: return nil
        }
    }

    private static func address(_ bytes: ArraySlice<UInt8>) -> String? {
        // nil: of another length than an address has.
        (try? SocketAddress(packedIPAddress: ByteBuffer(bytes: bytes), port: 0))?.ipAddress
    }

    /// As in a zone file: what is not printable, and a dot within a part, is escaped.
    private static func text(_ labels: [ArraySlice<UInt8>]) -> String {
        labels.map { label in
            var text = ""
            for byte in label {
                switch byte {
                case UInt8(ascii: "."), UInt8(ascii: "\\"): text += "\\" + String(UnicodeScalar(byte))
                case 0x21...0x7E: text.unicodeScalars.append(UnicodeScalar(byte))
                default: text += "\\" + String(repeating: "0", count: byte < 10 ? 2 : byte < 100 ? 1 : 0) + String(byte)
                }
            }
            return text
        }.joined(separator: ".")
    }
}
