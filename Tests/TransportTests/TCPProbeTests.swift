import Glibc
import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(1))) struct TCPProbeTests {
    private func reason(_ host: String, _ port: Int, timeout: Duration = .seconds(10)) async throws -> TransportError.Reason {
        try await #require(throws: TransportError.self) { try await TCPProbe.connect(host: host, port: port, timeout: timeout) }.reason
    }

    @Test(arguments: ["127.0.0.1", "localhost"]) func `a port that is listened on`(host: String) async throws {
        let left = Report<Bool>()
        let server = ScriptedServer.tcp { left.say($0.clientLeaves(within: 10_000)) }
        let took = try await TCPProbe.connect(host: host, port: server.port, timeout: .seconds(10))
        #expect(took > .zero && took < .seconds(10))
        #expect(await left.next() == true, "the connection is closed again")
    }

    @Test func `a port that nobody listens on`() async throws {
        let (descriptor, port) = ScriptedServer.tcpListener()
        defer { close(descriptor) }
        #expect(try await reason("127.0.0.1", port) == .refused)
        #expect(try await reason("localhost", port) == .refused)
    }

    @Test func `a listener that takes nobody any more`() async throws {
        let (listener, port) = ScriptedServer.tcpListener()
        defer { close(listener) }
        #expect(listen(listener, 0) == 0)
        // A queue of length 0 holds one; for whoever comes behind it the kernel does not answer.
        let first = try await TCPProbe.connect(host: "127.0.0.1", port: port, timeout: .seconds(10))
        #expect(first > .zero)
        #expect(try await reason("127.0.0.1", port, timeout: .milliseconds(200)) == .timedOut(after: .milliseconds(200)))
    }

    @Test func `a name that does not resolve`() async throws {
        #expect(try await reason("nobody.invalid", 80) == .unresolved(host: "nobody.invalid"))
    }

    @Test(arguments: [("127.0.0.1", 0), ("127.0.0.1", 65536), ("127.0.0.1", -1), ("", 80), ("a b", 80), ("127.0.0.1\0.example", 80)])
    func `what is no address`(host: String, port: Int) async throws {
        guard case .badAddress = try await reason(host, port) else {
            Issue.record("\(host):\(port) was tried")
            return
        }
    }
}
