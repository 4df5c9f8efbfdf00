import Testing

@testable import Transport

/// DNS messages by hand, byte for byte.
enum DNSWire {
    static func pair(_ value: Int) -> [UInt8] { [UInt8(value >> 8 & 0xFF), UInt8(value & 0xFF)] }

    static func name(_ text: String) -> [UInt8] {
        text.split(separator: ".").flatMap { [UInt8($0.utf8.count)] + Array($0.utf8) } + [0]
    }

    /// A record of the name that the question holds, unless another one is given.
    static func record(_ kind: Int, _ data: [UInt8], name: [UInt8] = [0xC0, 12], length: Int? = nil) -> [UInt8] {
        name + pair(kind) + [0, 1, 0, 0, 0, 60] + pair(length ?? data.count) + data
    }

    static func head(id: Int, flags: Int = 0x8180, questions: Int = 1, answers: Int = 0, additional: Int = 0) -> [UInt8] {
        pair(id) + pair(flags) + pair(questions) + pair(answers) + pair(0) + pair(additional)
    }

    /// An answer that repeats the question of `query`.
    static func answer(to query: [UInt8], flags: Int = 0x8180, _ records: [[UInt8]] = [], additional: [[UInt8]] = []) -> [UInt8] {
        var end = 12
        while query[end] != 0 { end += Int(query[end]) + 1 }
        return head(id: Int(query[0]) << 8 | Int(query[1]), flags: flags, answers: records.count, additional: additional.count)
            + query[12..<end + 5] + records.joined() + additional.joined()
    }
}

@Suite(.timeLimit(.minutes(1))) struct DNSMessageTests {
    private static let question = DNSWire.name("web.service.consul") + [0, 33, 0, 1]

    @Test func `a question on the wire`() throws {
        let plain = try DNSQuestion("Web.consul.", .srv, id: 0x1234).bytes(extended: false)
        #expect(plain == [0x12, 0x34, 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 3] + Array("web".utf8) + [6] + Array("consul".utf8) + [0, 0, 33, 0, 1])
        let extended = try DNSQuestion("web.consul", .srv, id: 0x1234).bytes(extended: true)
        #expect(extended[11] == 1 && Array(extended.suffix(11)) == [0, 0, 41, 0x10, 0, 0, 0, 0, 0, 0, 0])
    }

    @Test(arguments: ["", ".", "a..b", ".a", String(repeating: "x", count: 64), Array(repeating: "abcdefgh", count: 29).joined(separator: ".")])
    func `a name that cannot be asked for`(name: String) {
        #expect(throws: TransportError.Reason.self) { try DNSQuestion(name, .a, id: 1) }
    }

    @Test func `every kind of record`() throws {
        let target = [8] + Array("7f000001".utf8) + [4] + Array("addr".utf8) + [0xC0, 24]  // 24: where “consul” stands
        let bytes =
            DNSWire.head(id: 7, answers: 4, additional: 2) + Self.question
            + DNSWire.record(33, DNSWire.pair(1) + DNSWire.pair(2) + DNSWire.pair(18080) + target)
            + DNSWire.record(1, [10, 0, 0, 2]) + DNSWire.record(28, Array(repeating: 0, count: 15) + [1])
            + DNSWire.record(5, DNSWire.name("Other.example"))
            + DNSWire.record(16, [3] + Array("txt".utf8)) + DNSWire.record(1, [127, 0, 0, 1], name: DNSWire.name("a.b"))
        let message = try DNSMessage(bytes)
        #expect(message.records.map(\.value) == [
            .service(priority: 1, weight: 2, port: 18080, target: "7f000001.addr.consul"), .address("10.0.0.2"), .address("::1"),
            .alias("Other.example"),
        ])
        #expect(message.records.allSatisfy { $0.name == "web.service.consul" && $0.timeToLive == 60 })
        #expect(message.additional == [DNSRecord(name: "a.b", value: .address("127.0.0.1"), timeToLive: 60)])
    }

    @Test func `a name that holds what no name should`() throws {
        let name: [UInt8] = [5, UInt8(ascii: "a"), UInt8(ascii: "."), 0x1B, 0, 0xE4, 0]
        let message = try DNSMessage(DNSWire.head(id: 7, questions: 0, answers: 1) + DNSWire.record(1, [10, 0, 0, 2], name: name))
        #expect(message.records.map(\.name) == [#"a\.\027\000\228"#])
    }

    private static let hostile: [(String, [UInt8])] = [
        ("nothing", []),
        ("half a head", Array(DNSWire.head(id: 7).prefix(11))),
        ("a question that is not there", DNSWire.head(id: 7)),
        ("65535 records that are not there", DNSWire.head(id: 7, answers: 65535) + question),
        ("a pointer to itself", DNSWire.head(id: 7) + [0xC0, 12, 0, 1, 0, 1]),
        ("a pointer ahead", DNSWire.head(id: 7) + [0xC0, 18, 0, 1, 0, 1, 0]),
        ("a pointer into its own name", DNSWire.head(id: 7) + [1, 65, 0xC0, 12, 0, 1, 0, 1]),
        ("a pointer beyond the end", DNSWire.head(id: 7) + [0xFF, 0xFF, 0, 1, 0, 1]),
        ("half a pointer", DNSWire.head(id: 7) + [0xC0]),
        ("a part of no known form", DNSWire.head(id: 7) + [0x41, 65, 0, 0, 1, 0, 1]),
        ("a name without end", DNSWire.head(id: 7) + Array(repeating: 1, count: 65000)),
        ("data beyond the end", DNSWire.head(id: 7, answers: 1) + question + DNSWire.record(1, [10, 0, 0, 2], length: 65535)),
        ("an address of three bytes", DNSWire.head(id: 7, answers: 1) + question + DNSWire.record(1, [10, 0, 0])),
        ("an address of six bytes", DNSWire.head(id: 7, answers: 1) + question + DNSWire.record(28, [1, 2, 3, 4, 5, 6])),
        (
            "a target that leaves its record",
            DNSWire.head(id: 7, answers: 1) + question + DNSWire.record(33, [0, 0, 0, 0, 0, 80] + DNSWire.name("abc.def"), length: 8)
        ),
    ]

    @Test(arguments: hostile) func `what is no message`(what: String, bytes: [UInt8]) {
        #expect(throws: DNSMessage.Malformed.self) { try DNSMessage(bytes) }
    }

    @Test func `a chain of pointers that goes back through 16 KB`() {
        var bytes = DNSWire.head(id: 7, questions: 0, answers: 1) + [0]
        // Each points to the one before it.
        while bytes.count < 0x3FF0 { bytes += DNSWire.pair(0xC000 | (bytes.count == 13 ? 12 : bytes.count - 2)) }
        let head = DNSWire.head(id: 7, questions: 0, answers: 1) + DNSWire.record(16, Array(bytes.dropFirst(12)), name: [0])
        let chained = head.prefix(7) + [2] + head.dropFirst(8)
        #expect(throws: DNSMessage.Malformed.self) { try DNSMessage(chained + DNSWire.record(1, [10, 0, 0, 2], name: [0xFF, 0xEE])) }
    }

    @Test func `every beginning of a message is none, however far it goes`() {
        let whole = DNSWire.head(id: 7, answers: 2) + Self.question + DNSWire.record(1, [10, 0, 0, 2])
            + DNSWire.record(33, [0, 1, 0, 1, 0, 80] + DNSWire.name("a.b"))
        #expect(throws: Never.self) { try DNSMessage(whole) }
        for length in 0..<whole.count {
            #expect(throws: DNSMessage.Malformed.self, "of \(whole.count) bytes \(length)") { try DNSMessage(Array(whole.prefix(length))) }
        }
    }

    @Test func `the answer to a question, and what is none`() throws {
        let question = try DNSQuestion("web.service.consul", .srv, id: 7)
        func answers(_ bytes: [UInt8]) throws -> Bool { try DNSMessage(bytes).answers(question) }
        #expect(try answers(DNSWire.head(id: 7) + Self.question))
        #expect(try answers(DNSWire.head(id: 7) + DNSWire.name("WEB.Service.consul") + [0, 33, 0, 1]))
        #expect(try answers(DNSWire.head(id: 7, flags: 0x8185, questions: 0)))
        #expect(try !answers(DNSWire.head(id: 8) + Self.question), "of another id")
        #expect(try !answers(DNSWire.head(id: 7, flags: 0x0100) + Self.question), "a question itself")
        #expect(try !answers(DNSWire.head(id: 7) + DNSWire.name("db.service.consul") + [0, 33, 0, 1]), "to another name")
        #expect(try !answers(DNSWire.head(id: 7) + DNSWire.name("web.service.consul") + [0, 1, 0, 1]), "to another kind")
        #expect(try !answers(DNSWire.head(id: 7, questions: 0)), "to no question at all")
    }
}
