import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(1))) struct UpgradeTests {
    private let request = HTTPRequest(
        method: "POST", path: "/exec/1/start", headers: [("Content-Type", "application/json")], body: Array("{}".utf8))

    private func all(_ connection: UpgradedConnection) async throws -> String {
        var bytes: [UInt8] = []
        while let piece = try await connection.read() { bytes += piece }
        return String(decoding: bytes, as: UTF8.self)
    }

    @Test(arguments: [
        "HTTP/1.1 101 UPGRADED\r\nContent-Type: application/vnd.docker.raw-stream\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.docker.raw-stream\r\n\r\n",
    ])
    func `both directions, early bytes kept, each ending on its own`(head: String) async throws {
        let asked = Report<String>()
        let server = ScriptedServer.unix { peer in
            asked.say(peer.request() ?? "")
            peer.write(head + "early ")
            // All of our input, up to the end of it; only then the rest of the output.
            let input = String(decoding: peer.read(1 << 20), as: UTF8.self)
            peer.write("late:" + input)
        }
        let connection = try await HTTPClient(address: server.address).upgrade(request, timeout: .seconds(10))
        let text = try #require(await asked.next())
        #expect(text.contains("\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n") && text.hasSuffix("{}"))
        #expect(connection.headers["content-type"] == "application/vnd.docker.raw-stream")
        #expect(try await connection.read() == Array("early ".utf8))
        try await connection.write(Array("one ".utf8))
        try await connection.write(Array("two".utf8))
        await connection.closeWrite()
        #expect(try await all(connection) == "late:one two")
        #expect(try await connection.read() == nil)
        await connection.close()
    }

    @Test(arguments: 0..<20) func `bytes behind the head survive an immediate end`(round: Int) async throws {
        let server = ScriptedServer.unix { peer in
            _ = peer.request()
            peer.write("HTTP/1.1 101 UPGRADED\r\nConnection: Upgrade\r\nUpgrade: tcp\r\n\r\nOCI runtime exec failed")
        }
        let connection = try await HTTPClient(address: server.address).upgrade(request, timeout: .seconds(10))
        #expect(try await all(connection) == "OCI runtime exec failed")
    }

    @Test func `another status is an error with its body, at most 64 KB of it`() async throws {
        let server = ScriptedServer.unix { peer in
            let isLong = peer.request()?.contains("/long") == true
            let body = isLong ? String(repeating: "x", count: 100_000) : "{\"message\":\"no such exec\"}"
            peer.write("HTTP/1.1 \(isLong ? 500 : 404) No\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)")
            _ = peer.clientLeaves(within: 10_000)
        }
        let client = HTTPClient(address: server.address)
        let error = try await #require(throws: TransportError.self) { try await client.upgrade(request, timeout: .seconds(10)) }
        #expect(error.reason == .status(404, "{\"message\":\"no such exec\"}"))
        let long = try await #require(throws: TransportError.self) {
            try await client.upgrade(HTTPRequest(method: "POST", path: "/long"), timeout: .seconds(10))
        }
        guard case .status(500, let text) = long.reason else {
            Issue.record("\(long)")
            return
        }
        #expect(text.utf8.count == 64 << 10)
    }

    @Test func `closing and dropping both end the server's side`() async throws {
        let left = Report<Bool>()
        let server = ScriptedServer.unix { peer in
            _ = peer.request()
            peer.write("HTTP/1.1 101 UPGRADED\r\n\r\n")
            left.say(peer.clientLeaves(within: 10_000))
        }
        let client = HTTPClient(address: server.address)
        let connection = try await client.upgrade(request, timeout: .seconds(10))
        await connection.close()
        #expect(await left.next() == true)
        let error = try await #require(throws: TransportError.self) { try await connection.read() }
        #expect(error.reason == .cancelled)
        do { _ = try await client.upgrade(request, timeout: .seconds(10)) }
        #expect(await left.next() == true)
    }

    @Test func `a writer waits for a peer that does not read, until cancelled`() async throws {
        let server = ScriptedServer.unix { peer in
            _ = peer.request()
            peer.write("HTTP/1.1 101 UPGRADED\r\n\r\nx")
            _ = peer.hangsUp(within: 10_000)
        }
        let connection = try await HTTPClient(address: server.address).upgrade(request, timeout: .seconds(10))
        _ = try await connection.read()
        let writer = Task { try await connection.write([UInt8](repeating: 0, count: 16 << 20)) }
        let reader = Task { try await connection.read() }
        writer.cancel()
        #expect(await writer.result.failureReason == .cancelled)
        #expect(await reader.result.failureReason == .cancelled)
    }
}
