import Glibc
import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(1))) struct DNSClientTests {
    private static let address = DNSWire.record(1, [10, 0, 0, 2])

    private func ask(
        _ server: ScriptedNameServer, _ name: String = "web.consul", _ kind: DNSRecord.Kind = .a, timeout: Duration = .seconds(10)
    ) async throws -> DNSAnswer {
        // The script's thread ends with the server.
        defer { withExtendedLifetime(server) {} }
        return try await DNSClient(server: "127.0.0.1", port: server.port).ask(name, kind, timeout: timeout)
    }

    private func failure(_ server: ScriptedNameServer, timeout: Duration = .seconds(10)) async throws -> TransportError.Reason {
        try await #require(throws: TransportError.self) { try await ask(server, timeout: timeout) }.reason
    }

    @Test func `an answer by UDP`() async throws {
        let server = ScriptedNameServer { query in
            // 41: the kind of the record that says how much we take; a server that sees none hands out less.
            guard Array(query.bytes.suffix(11).prefix(3)) == [0, 0, 41] else { return }
            query.answer(DNSWire.answer(to: query.bytes, [Self.address], additional: [DNSWire.record(28, Array(repeating: 0, count: 15) + [1])]))
        }
        let answer = try await ask(server)
        #expect(answer.code == .noError)
        #expect(answer.records == [DNSRecord(name: "web.consul", value: .address("10.0.0.2"), timeToLive: 60)])
        #expect(answer.additional.map(\.value) == [.address("::1")])
    }

    @Test func `a name that does not exist, and a server that refuses`() async throws {
        #expect(try await ask(ScriptedNameServer { $0.answer(DNSWire.answer(to: $0.bytes, flags: 0x8183)) }).code == .noSuchName)
        let refusing = ScriptedNameServer { $0.answer(DNSWire.head(id: Int($0.bytes[0]) << 8 | Int($0.bytes[1]), flags: 0x8185, questions: 0)) }
        #expect(try await ask(refusing).code == .other(5))
    }

    @Test func `answers of others are passed over`() async throws {
        let server = ScriptedNameServer { query in
            let false_ = DNSWire.record(1, [6, 6, 6, 6])
            query.forge(DNSWire.answer(to: query.bytes, [false_]))
            query.answer(DNSWire.answer(to: [query.bytes[0] ^ 1] + query.bytes.dropFirst(), [false_]))
            query.answer(DNSWire.answer(to: query.bytes.prefix(12) + DNSWire.name("db.consul") + [0, 1, 0, 1], [false_]))
            query.answer([query.bytes[0] ^ 1, 2, 3])
            query.answer(DNSWire.answer(to: query.bytes, [Self.address]))
        }
        #expect(try await ask(server).records.map(\.value) == [.address("10.0.0.2")])
    }

    @Test func `a query that got lost is sent again`() async throws {
        let server = ScriptedNameServer { if $0.number == 2 { $0.answer(DNSWire.answer(to: $0.bytes, [Self.address])) } }
        #expect(try await ask(server, timeout: .seconds(3)).records.count == 1)
    }

    @Test func `a server from before the extension`() async throws {
        let server = ScriptedNameServer { query in
            let isExtended = query.bytes[11] == 1
            query.answer(isExtended ? DNSWire.answer(to: query.bytes, flags: 0x8181) : DNSWire.answer(to: query.bytes, [Self.address]))
        }
        #expect(try await ask(server).records.count == 1)
    }

    @Test func `what does not fit is asked for by TCP`() async throws {
        let records = Array(repeating: Self.address, count: 3000)
        let server = ScriptedNameServer { peer in
            let length = peer.read(2)
            let query = peer.read(Int(length[0]) << 8 | Int(length[1]))
            let answer = DNSWire.answer(to: query, records)
            // In pieces that end anywhere, one within the length.
            peer.write([UInt8(answer.count >> 8)])
            peer.write([UInt8(answer.count & 0xFF)] + answer.prefix(5))
            peer.write(Array(answer.dropFirst(5)))
            _ = peer.clientLeaves(within: 10_000)
        } datagram: {
            $0.answer(DNSWire.answer(to: $0.bytes, flags: 0x8380))
        }
        #expect(try await ask(server).records.count == 3000)
    }

    @Test func `no answer at all`() async throws {
        #expect(try await failure(ScriptedNameServer { _ in }, timeout: .milliseconds(200)) == .timedOut(after: .milliseconds(200)))
        let truncating = ScriptedNameServer { $0.answer(DNSWire.answer(to: $0.bytes, flags: 0x8380)) }
        let reason = try await failure(truncating)
        #expect([.cutShort, .reset].contains(reason), "its TCP side closes at once")
        let (descriptor, port) = ScriptedServer.tcpListener()
        defer { close(descriptor) }
        let error = try await #require(throws: TransportError.self) {
            try await DNSClient(server: "127.0.0.1", port: port).ask("a", .a, timeout: .seconds(10))
        }
        #expect(error.description == "could not connect to the DNS server 127.0.0.1:\(port): connection refused, nothing listens there")
    }

    @Test func `an answer that is none`() async throws {
        let server = ScriptedNameServer { $0.answer(Array($0.bytes.prefix(2)) + [0x81, 0x80, 0, 1, 0, 0, 0, 0, 0, 0, 0xC0, 12]) }
        let reason = try await failure(server)
        #expect(TransportError(reason, address: "x").description.contains("no DNS answer: a name in it points to itself"))
    }

    @Test func `what cannot be asked`() async throws {
        for (server, port, name) in [("localhost", 53, "a"), ("", 53, "a"), ("127.0.0.1", 0, "a"), ("127.0.0.1", 70_000, "a"), ("127.0.0.1", 53, "a..b")] {
            let error = try await #require(throws: TransportError.self) {
                try await DNSClient(server: server, port: port).ask(name, .a, timeout: .seconds(10))
            }
            switch error.reason {
            case .badAddress, .badRequest: break
            default: Issue.record("\(server):\(port) \(name) gave \(error)")
            }
        }
    }

    @Test func `cancelling ends the wait`() async throws {
        let asked = Report<Void>()
        let server = ScriptedNameServer { _ in asked.say(()) }
        let port = server.port
        let task = Task { try await DNSClient(server: "127.0.0.1", port: port).ask("a", .a, timeout: .seconds(50)) }
        await asked.next()
        task.cancel()
        let error = await #expect(throws: TransportError.self) { try await task.value }
        #expect(error?.reason == .cancelled)
        withExtendedLifetime(server) {}
    }

    @Test(.enabled(if: getenv("BINNACLE_TEST_CONSUL") != nil, "needs BINNACLE_TEST_CONSUL"))
    func `a real Consul agent`() async throws {
        let client = DNSClient(server: "127.0.0.1", port: 18600)
        let node = try await client.ask("lab1.node.consul", .a, timeout: .seconds(5))
        #expect(node.records.map(\.value) == [.address("127.0.0.1")])
        #expect(try await client.ask("nobody.service.consul", .srv, timeout: .seconds(5)).code == .noSuchName)
        let servers = try await client.ask("consul.service.consul", .srv, timeout: .seconds(5))
        guard case .service(_, _, let port, let target)? = servers.records.first?.value else {
            Issue.record("no SRV record in \(servers)")
            return
        }
        #expect(port == 18300)
        #expect(servers.additional.contains { $0.name == target && $0.value == .address("127.0.0.1") })
    }
}
