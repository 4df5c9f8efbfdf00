import NIOCore
import Testing

@testable import Transport

@Suite struct ResponseParserTests {
    /// What comes of an answer in pieces; body pieces joined, since where they are cut is nobody's business.
    private func read(_ pieces: [[UInt8]], method: String = "GET", upgrading: Bool = false, ending: Bool = true) -> String {
        var parser = ResponseParser()
        parser.begin(method: method, upgrading: upgrading)
        var events: [ResponseParser.Event] = []
        var fault = ""
        do throws(TransportError.Reason) {
            for piece in pieces {
                var buffer = ByteBuffer(bytes: piece)
                try parser.receive(&buffer, into: &events)
            }
            if ending { try parser.finish(into: &events) }
        } catch {
            fault = " !\(error)"
        }
        var text = ""
        for event in events {
            switch event {
            case .head(let head): text += "<\(head.status)\(head.keepsAlive ? "+" : "-")>"
            case .bytes(let bytes): text += String(decoding: bytes, as: UTF8.self)
            case .end: text += "."
            }
        }
        return text + fault
    }

    private static let answers: [(method: String, upgrading: Bool, wire: String, events: String)] = [
        ("GET", false, "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", "<200+>abc."),
        ("GET", false, "HTTP/1.1 200 OK\ncontent-length:3\n\nabc", "<200+>abc."),
        ("GET", false, "HTTP/1.1 200\r\nContent-Length: 0\r\nConnection: x, Close\r\n\r\n", "<200->."),
        ("GET", false, "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\na", "<200->a."),
        ("GET", false, "HTTP/1.1 200 OK\r\n\r\nabc", "<200->abc."),
        ("HEAD", false, "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n", "<200+>."),
        ("GET", false, "HTTP/1.1 204 No Content\r\n\r\n", "<204+>."),
        ("GET", false, "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", "<304+>."),
        ("GET", false, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\na", "<200+>a."),
        ("GET", false, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\nA;x=y\r\n0123456789\r\n0\r\nT: 1\r\n\r\n", "<200+>ab0123456789."),
        ("GET", false, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 1\r\n\r\n1\r\na\r\n0\r\n\r\n", "<200+>a."),
        ("GET", false, "HTTP/1.1 200 OK\r\nX: a\r\n  b\r\nContent-Length: 0\r\n\r\n", "<200+>."),
        ("POST", true, "HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nearly", "<101->early."),
        ("POST", true, "HTTP/1.1 101 UPGRADED\r\n\r\nearly", "<101->early."),
        ("POST", true, "HTTP/1.1 200 OK\r\n\r\nraw", "<200->raw."),
    ]

    @Test(arguments: answers.indices)
    func reads(index: Int) {
        let answer = Self.answers[index]
        let bytes = Array(answer.wire.utf8)
        #expect(read([bytes], method: answer.method, upgrading: answer.upgrading) == answer.events)
        #expect(read(bytes.map { [$0] }, method: answer.method, upgrading: answer.upgrading) == answer.events)
        for seed in 0..<50 as Range<UInt64> {
            var generator = SeededGenerator(state: seed)
            let pieces = generator.pieces(of: bytes)
            #expect(read(pieces, method: answer.method, upgrading: answer.upgrading) == answer.events, "seed \(seed)")
        }
    }

    @Test(arguments: answers.indices)
    func `every cut in front of the end is noticed`(index: Int) {
        let answer = Self.answers[index]
        guard !answer.events.contains("-"), let end = answer.wire.utf8.indices.last else { return }
        for cut in answer.wire.utf8.indices where cut < end {
            let text = read([Array(answer.wire.utf8[..<cut])], method: answer.method)
            #expect(text.hasSuffix("!cutShort"), "\(text) after \(answer.wire.utf8[..<cut].count) bytes")
        }
    }

    @Test(arguments: [
        "SSH-2.0-OpenSSH_9.2\r\n", "\u{15}\u{3}\u{1}", "<html>", "HTTP/2 200\r\n", "HTTP/1.1 2xx OK\r\n", "HTTP/1.1 99 No\r\n",
        "HTTP/1.1 200 OK\r\nno colon\r\n\r\n", "HTTP/1.1 200 OK\r\n: x\r\n\r\n", "HTTP/1.1 200 OK\r\na b: x\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999999999999\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n-1\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nffffffffffffffff1\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nab",
    ])
    func `garbage is named without waiting for more`(wire: String) {
        #expect(read([Array(wire.utf8)], ending: false).contains("!notHTTP("))
    }

    @Test func `bytes behind a complete answer are a fault, the answer is not`() {
        let text = read([Array("HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc".utf8)])
        #expect(text.hasPrefix("<200+>a.") && text.contains("!notHTTP("))
    }

    @Test func `endless lines meet a limit`() {
        let start = Array("HTTP/1.1 200 OK\r\nX: ".utf8)
        let piece = [UInt8](repeating: 0x61, count: 64 << 10)
        let text = read([start] + Array(repeating: piece, count: 160), ending: false)
        #expect(text == " !tooLarge(limit: 1048576)")
        let chunked = Array("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1;".utf8)
        #expect(read([chunked, piece], ending: false) == "<200+> !tooLarge(limit: 4096)")
    }
}
