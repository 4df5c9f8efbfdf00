import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(1))) struct HTTPStreamTests {
    private static let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nX-Kind: events\r\n\r\n"

    @Test func `chunks come as they are sent, and the stream ends with the body`() async throws {
        let server = ScriptedServer.unix { peer in
            _ = peer.request()
            peer.write(Self.head + "2\r\nab\r\n")
            peer.write("1\r\nc\r\n0\r\n\r\n")
        }
        let stream = try await HTTPClient(address: server.address).stream(HTTPRequest(path: "/events"))
        #expect(stream.status == 200 && stream.headers["x-kind"] == "events")
        var text: [UInt8] = []
        for try await chunk in stream.chunks { text += chunk }
        #expect(text == Array("abc".utf8))
        var again = stream.chunks.makeAsyncIterator()
        #expect(try await again.next() == nil)
    }

    @Test func `the head arrives before any of the body`() async throws {
        let go = Report<Void>()
        let server = ScriptedServer.unix { peer in
            _ = peer.request()
            peer.write(Self.head)
            _ = peer.clientLeaves(within: 10_000)
            go.say(())
        }
        do {
            let stream = try await HTTPClient(address: server.address).stream(HTTPRequest(path: "/events"))
            #expect(stream.status == 200)
        }
        // Dropping the stream closed its socket, or the server would still wait.
        _ = await go.next()
    }

    @Test func `cancelling the reader closes the server's socket`() async throws {
        let left = Report<Bool>()
        let server = ScriptedServer.unix { peer in
            _ = peer.request()
            peer.write(Self.head + "1\r\na\r\n")
            left.say(peer.clientLeaves(within: 10_000))
        }
        let first = Report<Void>()
        let stream = try await HTTPClient(address: server.address).stream(HTTPRequest(path: "/events"))
        let task = Task {
            for try await _ in stream.chunks { first.say(()) }
        }
        _ = await first.next()
        task.cancel()
        #expect(await task.result.failureReason == .cancelled)
        #expect(await left.next() == true)
    }

    @Test(arguments: ["5\r\nab", "2\r\nab\r\n", "2\r\nab\r\n0\r\n"])
    func `a body cut short throws after what came`(body: String) async throws {
        let server = ScriptedServer.unix { peer in
            _ = peer.request()
            peer.write(Self.head + body)
        }
        let stream = try await HTTPClient(address: server.address).stream(HTTPRequest(path: "/events"))
        var text: [UInt8] = []
        let error = try await #require(throws: TransportError.self) {
            for try await chunk in stream.chunks { text += chunk }
        }
        #expect(error.reason == .cutShort && text == Array("ab".utf8))
    }

    @Test func `a reader that does not read holds the server back, and misses nothing`() async throws {
        let total = 32 << 20
        let taken = Report<Int>()
        let server = ScriptedServer.unix { peer in
            _ = peer.request()
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: \(total)\r\n\r\n")
            let bytes = [UInt8](repeating: 0x61, count: total)
            let sent = peer.writeUntilBlocked(bytes, milliseconds: 300)
            taken.say(sent)
            peer.write(Array(bytes[sent...]))
        }
        let stream = try await HTTPClient(address: server.address).stream(HTTPRequest(path: "/events"))
        let sent = try #require(await taken.next())
        // The kernel's buffer, ours, and one turn of reading.
        #expect(sent < 2 << 20, "\(sent) bytes were taken unread")
        var count = 0
        for try await chunk in stream.chunks { count += chunk.count }
        #expect(count == total)
    }

    @Test func `a head that does not come meets its timeout, a body that does not come does not`() async throws {
        let server = ScriptedServer.unix { peer in
            if peer.request()?.hasPrefix("GET /silent") == true { _ = peer.clientLeaves(within: 10_000) }
            peer.write(Self.head)
            if !peer.clientLeaves(within: 2500) { peer.write("1\r\na\r\n0\r\n\r\n") }
        }
        let client = HTTPClient(address: server.address)
        let limit = Duration.seconds(2)
        let error = try await #require(throws: TransportError.self) {
            try await client.stream(HTTPRequest(path: "/silent"), headTimeout: limit)
        }
        #expect(error.reason == .timedOut(after: limit))
        let stream = try await client.stream(HTTPRequest(path: "/late"), headTimeout: limit)
        var text: [UInt8] = []
        for try await chunk in stream.chunks { text += chunk }
        #expect(text == [0x61])
    }

    @Test func `shutdown ends streams`() async throws {
        let server = ScriptedServer.unix { peer in
            _ = peer.request()
            peer.write(Self.head)
            _ = peer.clientLeaves(within: 10_000)
        }
        let client = HTTPClient(address: server.address)
        let stream = try await client.stream(HTTPRequest(path: "/events"))
        await client.shutdown()
        let error = try await #require(throws: TransportError.self) { for try await _ in stream.chunks {} }
        #expect(error.reason == .cancelled)
    }
}
