import Glibc
import Testing

@testable import Transport

@Suite(.timeLimit(.minutes(1))) struct ConnectingTests {
    private func reason(_ address: Address) async throws -> TransportError.Reason {
        let client = HTTPClient(address: address)
        return try await #require(throws: TransportError.self) { try await client.send(HTTPRequest(path: "/")) }.reason
    }

    @Test func `a path without a socket`() async throws {
        let path = temporaryDirectory() + "/none.sock"
        #expect(try await reason(.unix(path: path)) == .socketMissing(path: path))
        #expect(try await reason(.unix(path: "/etc/passwd/x")) == .socketMissing(path: "/etc/passwd/x"))
        let long = temporaryDirectory() + "/" + String(repeating: "x", count: 150)
        #expect(try await reason(.unix(path: long)) == .socketMissing(path: long))
    }

    @Test func `nobody listening`() async throws {
        #expect(try await reason(.unix(path: "/etc/passwd")) == .refused)
        let (descriptor, port) = ScriptedServer.tcpListener()
        defer { close(descriptor) }
        #expect(try await reason(.tcp(host: "127.0.0.1", port: port, prefix: "", tls: nil)) == .refused)
        #expect(try await reason(.tcp(host: "localhost", port: port, prefix: "", tls: nil)) == .refused)
    }

    @Test func `a name that does not resolve`() async throws {
        #expect(try await reason(.tcp(host: "nobody.invalid", port: 1, prefix: "", tls: nil)) == .unresolved(host: "nobody.invalid"))
    }

    @Test(arguments: [103, 104, 108, 160, 250]) func `a socket whose path is longer than sockaddr_un`(length: Int) async throws {
        let folder = "/" + String(repeating: "n", count: length - temporaryDirectory().utf8.count - 3)
        let server = ScriptedServer.unix(folder: folder) { peer in
            while peer.request() != nil { peer.write("HTTP/1.1 204 No Content\r\n\r\n") }
        }
        #expect(server.path?.utf8.count == length)
        #expect(try await HTTPClient(address: server.address).send(HTTPRequest(path: "/")).status == 204)
    }

    private static let meanings: [(CInt, String?, TransportError.Reason)] = [
        (ENOENT, "/s", TransportError.Reason.socketMissing(path: "/s")), (ENOTDIR, "/s", .socketMissing(path: "/s")),
        (EACCES, "/s", .permissionDenied(path: "/s")), (EPERM, "/s", .permissionDenied(path: "/s")),
        (ECONNREFUSED, "/s", .refused), (ECONNREFUSED, nil, .refused), (ENETUNREACH, nil, .unreachable),
        (EHOSTUNREACH, nil, .unreachable), (ECONNRESET, nil, .reset), (EPIPE, nil, .reset),
        (EPROTOTYPE, "/s", .system("/s is a socket of another kind")), (EMFILE, nil, .system("Too many open files")),
    ]

    @Test(arguments: meanings) func `errno in words`(code: CInt, path: String?, expected: TransportError.Reason) {
        #expect(TransportError.Reason(errno: code, path: path) == expected)
    }

    @Test(.enabled(if: geteuid() != 0, "permissions do not bind root"))
    func `a socket this user may not open`() async throws {
        let server = ScriptedServer.answering("")
        let path = try #require(server.path)
        chmod(path, 0)
        #expect(try await reason(.unix(path: path)) == .permissionDenied(path: path))
    }

    @Test func `every error is one sentence that names the address`() {
        let reasons: [TransportError.Reason] = [
            .socketMissing(path: "/s"), .permissionDenied(path: "/s"), .refused, .unresolved(host: "h"), .unreachable,
            .timedOut(after: .seconds(30)), .cutShort, .reset, .notHTTP("x"), .tooLarge(limit: 1), .tls("x"), .ssh("x"),
            .badAddress("x"), .badRequest("x"), .status(409, "x"), .cancelled, .system("x"),
        ]
        for reason in reasons {
            let text = TransportError(reason, address: "unix:///s").description
            #expect(text.contains("unix:///s") && !text.contains("\n"))
        }
        #expect(TransportError(.timedOut(after: .seconds(30)), address: "ssh://h").description == "no answer from ssh://h within 30.0 seconds")
    }
}
