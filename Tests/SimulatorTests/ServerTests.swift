internal import Synchronization
internal import Testing
internal import Transport
@testable internal import Simulator

/// Answers by path, and remembers what became of it.
private final class Oracle: RequestHandler {
    private let left = Mutex(0)
    private let begun = Mutex(0)
    /// Requests that wait, or have waited.
    var asked: Int { begun.withLock { $0 } }
    /// Requests whose client went away before the answer.
    var abandoned: Int { left.withLock { $0 } }

    func answer(_ request: ServerRequest) async -> ServerReply {
        switch request.segments.first {
        case "echo": return .whole(status: 200, headers: [("X-Method", request.method)], body: request.body)
        case "none": return .whole(status: 204, headers: [], body: [])
        case "dropped": return .dropped
        case "count":
            let next = Mutex(0)
            return .stream(
                status: 200, headers: [],
                AsyncStream {
                    let number = next.withLock { number in
                        number += 1
                        return number
                    }
                    return number > 3 ? nil : Array("\(number)\n".utf8)
                })
        case "talk":
            return .hijacked(status: 101, headers: [("Connection", "Upgrade"), ("Upgrade", "tcp")]) { stream in
                while let bytes = await stream.read() { await stream.write(bytes.reversed()) }
            }
        case "wait":
            begun.withLock { $0 += 1 }
            // Longer than any test; only a client that goes ends it.
            do { try await Task.sleep(for: .seconds(600)) } catch { left.withLock { $0 += 1 } }
            return .dropped
        default: return .whole(status: 404, headers: [], body: [])
        }
    }
}

@Suite struct ServerTests {
    private func serving(_ body: (HTTPClient, Oracle, HTTPServer) async throws -> Void) async throws {
        let oracle = Oracle()
        let server = try await HTTPServer.start(at: .tcp(host: "127.0.0.1", port: 0), handler: oracle)
        let client = HTTPClient(address: .tcp(host: "127.0.0.1", port: server.port, prefix: "", tls: nil))
        try await body(client, oracle, server)
        await server.stop()
    }

    /// False after ten seconds.
    private func comes(_ condition: () async -> Bool) async -> Bool {
        let end = ContinuousClock.now + .seconds(10)
        while ContinuousClock.now < end {
            if await condition() { return true }
            await Task.yield()
        }
        return false
    }

    @Test func requestsAreAnsweredOneAfterTheOther() async throws {
        try await serving { client, _, server in
            #expect(server.url == "http://127.0.0.1:\(server.port)")
            for size in [0, 1, 70_000, 2_000_000] {
                let body = (0..<size).map { UInt8(truncatingIfNeeded: $0) }
                let response = try await client.send(HTTPRequest(method: "PUT", path: "/echo", body: body))
                #expect(response.status == 200 && response.body == body && response.headers["X-Method"] == "PUT")
            }
            #expect(try await client.send(HTTPRequest(path: "/none")).status == 204)
            #expect(try await client.send(HTTPRequest(path: "/else")).status == 404)
        }
    }

    @Test func aStreamComesInChunksAndEnds() async throws {
        try await serving { client, _, _ in
            let response = try await client.send(HTTPRequest(path: "/count"))
            #expect(response.headers["Transfer-Encoding"] == "chunked" && response.body == Array("1\n2\n3\n".utf8))
            #expect(try await client.send(HTTPRequest(method: "POST", path: "/echo", body: [7])).body == [7], "and the connection goes on")
        }
    }

    @Test func aConnectionCanBeHandedOver() async throws {
        try await serving { client, _, _ in
            let connection = try await client.upgrade(HTTPRequest(method: "POST", path: "/talk", body: []))
            #expect(connection.status == 101)
            for text in ["abc", "xyz"] {
                try await connection.write(Array(text.utf8))
                var heard: [UInt8] = []
                while heard.count < 3, let bytes = try await connection.read() { heard += bytes }
                #expect(heard == Array(text.utf8.reversed()))
            }
            await connection.closeWrite()
            #expect(try await connection.read() == nil, "the other side ends when it has read to the end")
        }
    }

    @Test func aMachineThatIsOffSaysNothing() async throws {
        try await serving { client, _, _ in
            await #expect(throws: TransportError.self) { try await client.send(HTTPRequest(method: "POST", path: "/dropped", body: [])) }
        }
    }

    @Test func aClientThatGoesEndsWhatIsDoneForIt() async throws {
        try await serving { client, oracle, _ in
            await #expect(throws: TransportError.self) { try await client.send(HTTPRequest(path: "/wait"), timeout: .milliseconds(200)) }
            #expect(await comes { oracle.abandoned == 1 })
        }
    }

    @Test func cuttingEndsConnectionsAndTakesNewOnes() async throws {
        try await serving { client, oracle, server in
            let waiting = Task { try await client.send(HTTPRequest(method: "POST", path: "/wait", body: [])) }
            #expect(await comes { oracle.asked == 1 })
            server.cutConnections()
            #expect(await comes { oracle.abandoned == 1 })
            await #expect(throws: TransportError.self) { try await waiting.value }
            let next = try await client.send(HTTPRequest(path: "/none"))
            #expect(next.status == 204)
        }
    }

    @Test func aPathThatCannotBeIsSaid() async {
        await #expect(throws: ServerFailure.self) { try await HTTPServer.start(at: .unix(path: "/" + String(repeating: "x", count: 200)), handler: Oracle()) }
        await #expect(throws: ServerFailure.self) { try await HTTPServer.start(at: .unix(path: "/nowhere/at/all.sock"), handler: Oracle()) }
    }
}
