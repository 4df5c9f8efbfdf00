import Glibc
import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(1))) struct HTTPClientTests {
    private func failure(_ client: HTTPClient, _ request: HTTPRequest = HTTPRequest(path: "/"), timeout: Duration = .seconds(10))
        async throws -> TransportError
    {
        try await #require(throws: TransportError.self) { try await client.send(request, timeout: timeout) }
    }

    @Test func `one connection serves request after request`() async throws {
        let server = ScriptedServer.answering("hello")
        let client = HTTPClient(address: server.address)
        for _ in 0..<20 {
            let response = try await client.send(HTTPRequest(path: "/_ping"))
            #expect(response.status == 200 && response.body == Array("hello".utf8))
            #expect(response.headers["content-length"] == "5")
        }
        #expect(server.accepted == 1)
        await client.shutdown()
    }

    @Test func `what goes over the wire`() async throws {
        let server = ScriptedServer.tcp(prefix: "/proxy") { peer in
            guard let text = peer.request() else { return }
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: \(text.utf8.count)\r\n\r\n\(text)")
        }
        let client = HTTPClient(address: .tcp(host: "127.0.0.1", port: server.port, prefix: "/proxy", tls: nil))
        let body = Array("{\"a\":1}".utf8)
        let request = HTTPRequest(method: "POST", path: "/v1.41/x?y=%20", headers: [("Content-Type", "application/json")], body: body)
        let echo = try await client.send(request)
        #expect(
            String(decoding: echo.body, as: UTF8.self) == """
                POST /proxy/v1.41/x?y=%20 HTTP/1.1\r
                Content-Type: application/json\r
                Host: 127.0.0.1:\(server.port)\r
                User-Agent: binnacle\r
                Content-Length: 7\r
                \r
                {"a":1}
                """)
    }

    @Test(arguments: [
        HTTPRequest(path: "relative"), HTTPRequest(path: "/a b"), HTTPRequest(path: "/a\r\nX: y"), HTTPRequest(method: "GET /x", path: "/"),
        HTTPRequest(path: "/", headers: [("A\r\nB", "c")]), HTTPRequest(path: "/", headers: [("A", "b\r\n\r\nGET /")]),
    ])
    func `a request that could smuggle another is not sent`(request: HTTPRequest) async throws {
        let server = ScriptedServer.answering("")
        let error = try await failure(HTTPClient(address: server.address), request)
        guard case .badRequest = error.reason else {
            Issue.record("\(error)")
            return
        }
        #expect(server.accepted == 0)
    }

    @Test func `a kept connection the server has closed is replaced, for GET only`() async throws {
        let server = ScriptedServer.unix { peer in
            guard peer.request() != nil else { return }
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            // The second request is read and not answered: the client cannot have known.
            if peer.number != 2 { _ = peer.request() } else { while peer.request() != nil {} }
        }
        let client = HTTPClient(address: server.address)
        _ = try await client.send(HTTPRequest(path: "/1"))
        _ = try await client.send(HTTPRequest(path: "/2"))
        #expect(server.accepted == 2)

        let other = ScriptedServer.unix { peer in
            guard peer.request() != nil else { return }
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            _ = peer.request()
        }
        let poster = HTTPClient(address: other.address)
        _ = try await poster.send(HTTPRequest(method: "POST", path: "/1"))
        #expect(try await failure(poster, HTTPRequest(method: "POST", path: "/2")).reason == .cutShort)
        #expect(other.accepted == 1)
        await client.shutdown()
    }

    @Test func `an answer in single bytes and chunks arrives whole`() async throws {
        let server = ScriptedServer.unix { peer in
            _ = peer.request()
            let answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n"
            for byte in answer.utf8 { peer.write([byte]) }
            _ = peer.request()
        }
        let response = try await HTTPClient(address: server.address).send(HTTPRequest(path: "/"))
        #expect(response.body == Array("abcdefg".utf8))
    }

    @Test func `an answer without length ends with the server's half of the connection`() async throws {
        let left = Report<Bool>()
        let server = ScriptedServer.unix { peer in
            _ = peer.request()
            peer.write("HTTP/1.0 200 OK\r\n\r\nall of it")
            peer.end()
            left.say(peer.clientLeaves(within: 10_000))
        }
        let client = HTTPClient(address: server.address)
        #expect(try await client.send(HTTPRequest(path: "/")).body == Array("all of it".utf8))
        #expect(await left.next() == true)
    }

    @Test(arguments: [
        "", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabc", "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n",
    ])
    func `an answer cut short is an error`(answer: String) async throws {
        let server = ScriptedServer.unix { peer in
            _ = peer.request()
            peer.write(answer)
        }
        #expect(try await failure(HTTPClient(address: server.address)).reason == .cutShort)
    }

    @Test func `a broken connection is an error`() async throws {
        let server = ScriptedServer.tcp { peer in
            _ = peer.request()
            peer.write("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc")
            peer.reset()
        }
        #expect([.reset, .cutShort].contains(try await failure(HTTPClient(address: server.address)).reason))
    }

    @Test func `a server of another protocol is named by its first bytes`() async throws {
        let server = ScriptedServer.unix { peer in
            peer.write("SSH-2.0-OpenSSH_9.2\r\n")
            _ = peer.clientLeaves(within: 10_000)
        }
        let error = try await failure(HTTPClient(address: server.address))
        #expect(error.reason == .notHTTP("SSH-2.0-OpenSSH_9.2\\x0d\\x0a"))
    }

    @Test func `a header line of ten megabytes meets the limit`() async throws {
        let server = ScriptedServer.unix { peer in
            _ = peer.request()
            peer.write("HTTP/1.1 200 OK\r\nX: ")
            peer.write([UInt8](repeating: 0x61, count: 10 << 20))
        }
        #expect(try await failure(HTTPClient(address: server.address)).reason == .tooLarge(limit: 1 << 20))
    }

    @Test func `a body of ten megabytes arrives, unless it is over the limit`() async throws {
        let server = ScriptedServer.unix { peer in
            while let request = peer.request() {
                let length = request.hasPrefix("GET /sized") ? "Content-Length: \(10 << 20)\r\n" : "Connection: close\r\n"
                peer.write("HTTP/1.1 200 OK\r\n\(length)\r\n")
                peer.write([UInt8](repeating: 0x61, count: 10 << 20))
                if !request.hasPrefix("GET /sized") { return }
            }
        }
        let client = HTTPClient(address: server.address)
        for path in ["/sized", "/endless"] {
            #expect(try await client.send(HTTPRequest(path: path)).body.count == 10 << 20)
            let error = try await #require(throws: TransportError.self) {
                try await client.send(HTTPRequest(path: path), bodyLimit: 1 << 20)
            }
            #expect(error.reason == .tooLarge(limit: 1 << 20))
        }
    }

    @Test(arguments: [true, false]) func `a slow or silent server meets the timeout`(drips: Bool) async throws {
        let left = Report<Bool>()
        let server = ScriptedServer.unix { peer in
            _ = peer.request()
            if drips {
                for byte in "HTTP/1.1 200 OK\r\nX: \(String(repeating: "a", count: 10_000))".utf8 {
                    if peer.clientLeaves(within: 10) || !peer.write([byte]) { break }
                }
            }
            left.say(peer.clientLeaves(within: 10_000))
        }
        let start = ContinuousClock.now
        let error = try await failure(HTTPClient(address: server.address), timeout: .milliseconds(300))
        #expect(error.reason == .timedOut(after: .milliseconds(300)))
        #expect(ContinuousClock.now - start < .seconds(5))
        #expect(await left.next() == true)
    }

    @Test func `no more connections than allowed, and the queue has a timeout`() async throws {
        let waiting = Report<Void>()
        let server = ScriptedServer.unix { peer in
            while let request = peer.request() {
                if request.hasPrefix("GET /wait") {
                    waiting.say(())
                    _ = peer.clientLeaves(within: 10_000)
                }
                peer.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            }
        }
        let client = HTTPClient(address: server.address, maximumConnections: 2)
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<40 { group.addTask { try await client.send(HTTPRequest(path: "/")).status } }
            for try await status in group { #expect(status == 200) }
        }
        #expect(server.accepted <= 2)

        let only = HTTPClient(address: server.address, maximumConnections: 1)
        let holder = Task { try await only.send(HTTPRequest(path: "/wait")) }
        _ = await waiting.next()
        #expect(try await failure(only, timeout: .milliseconds(100)).reason == .timedOut(after: .milliseconds(100)))
        holder.cancel()
        #expect(await holder.result.failureReason == .cancelled)
        #expect(try await only.send(HTTPRequest(path: "/")).status == 200)
    }

    @Test func `cancelling closes the connection at once`() async throws {
        let asked = Report<Void>()
        let left = Report<Bool>()
        let server = ScriptedServer.unix { peer in
            _ = peer.request()
            asked.say(())
            left.say(peer.clientLeaves(within: 10_000))
        }
        let client = HTTPClient(address: server.address)
        let task = Task { try await client.send(HTTPRequest(path: "/")) }
        _ = await asked.next()
        task.cancel()
        #expect(await task.result.failureReason == .cancelled)
        #expect(await left.next() == true)
    }

    @Test func `dropping the client closes what it kept`() async throws {
        let left = Report<Bool>()
        let server = ScriptedServer.unix { peer in
            _ = peer.request()
            peer.write("HTTP/1.1 204 No Content\r\n\r\n")
            left.say(peer.clientLeaves(within: 10_000))
        }
        do { _ = try await HTTPClient(address: server.address).send(HTTPRequest(path: "/")) }
        #expect(await left.next() == true)
    }

    @Test func `shutdown fails what is under way and refuses what comes later`() async throws {
        let asked = Report<Void>()
        let server = ScriptedServer.unix { peer in
            _ = peer.request()
            asked.say(())
            _ = peer.clientLeaves(within: 10_000)
        }
        let client = HTTPClient(address: server.address)
        let task = Task { try await client.send(HTTPRequest(path: "/")) }
        _ = await asked.next()
        await client.shutdown()
        #expect(await task.result.failureReason == .cancelled)
        #expect(try await failure(client).reason == .cancelled)
    }
}

extension Result where Failure == any Error {
    var failureReason: TransportError.Reason? {
        guard case .failure(let error) = self else { return nil }
        return (error as? TransportError)?.reason
    }
}

extension ScriptedServer {
    var port: Int {
        guard case .tcp(_, let port, _, _) = address else { return 0 }
        return port
    }
}
