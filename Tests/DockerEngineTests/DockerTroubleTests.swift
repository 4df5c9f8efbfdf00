internal import Domain
internal import Testing
internal import Transport
@testable internal import DockerEngine

@Suite struct DockerTroubleTests {
    private static let socket = Address.unix(path: "/var/run/docker.sock")

    @Test(arguments: [
        (TransportError.Reason.socketMissing(path: "/x.sock"), Trouble.Reason.unreachable, "Docker is not running or its socket is elsewhere: /x.sock"),
        (.refused, .unreachable, "nobody listens on /var/run/docker.sock"), (.timedOut(after: .seconds(5)), .timedOut, "no answer"),
        (.cutShort, .malformed, "closed the connection before its answer was complete"), (.reset, .unreachable, "broke"),
        (.notHTTP("SSH-2.0"), .malformed, "SSH-2.0"), (.tooLarge(limit: 64_000_000), .malformed, "larger than 64 MB"),
        (.ssh("Permission denied (publickey)."), .unreachable, "Permission denied (publickey)."), (.unresolved(host: "h"), .unreachable, "h does not resolve"),
        (.tls("certificate required"), .unauthorized, "TLS failed"), (.cancelled, .cancelled, "cancelled"),
    ])
    func saysWhatFailed(_ reason: TransportError.Reason, _ kind: Trouble.Reason, _ words: String) {
        let trouble = DockerTrouble.make(TransportError(reason, address: ""), attempt: "list", address: Self.socket)
        #expect(trouble.reason == kind)
        #expect(trouble.answer.contains(words))
    }

    @Test func namesTheGroupThatHelps() {
        let trouble = DockerTrouble.make(
            TransportError(.permissionDenied(path: "/etc/shadow"), address: ""), attempt: "list", address: Self.socket)
        #expect(trouble.reason == .forbidden)
        #expect(trouble.remedy?.contains("join the group shadow: sudo usermod -aG shadow $USER") == true)
    }

    @Test(arguments: [
        (404, #"{"message":"No such container: nosuch"}"#, Trouble.Reason.notFound, "No such container: nosuch"),
        (409, #"{"message":"You cannot remove a running container"}"#, .conflict, "You cannot remove a running container"),
        (500, #"{"message":"Multiple IDs found with provided prefix: a"}"#, .unsupported, "Multiple IDs found"),
        (500, "boom", .unsupported, "boom"), (503, "", .unreachable, "status 503 without a word"),
        (404, #"{"cause":"no such container","message":"x","response":404}"#, .notFound, "x"),
        (403, "<html><body><h1>403 Forbidden</h1>\nRequest forbidden</body></html>", .forbidden, "status 403: 403 Forbidden Request forbidden"),
        (403, #"{"message":"authorization denied by plugin opa: no"}"#, .forbidden, "authorization denied by plugin opa: no"),
        (500, #"{"message":"bad \u001b[2J\u0007 words"}"#, .unsupported, "bad  [2J  words"),
        (401, "", .unauthorized, "401"), (501, #"{"message":"not implemented"}"#, .unsupported, "not implemented"),
    ])
    func readsAnswers(_ status: Int, _ body: String, _ kind: Trouble.Reason, _ words: String) {
        let trouble = DockerTrouble.make(HTTPResponse(status: status, body: Array(body.utf8)), attempt: "list", address: Self.socket)
        #expect(trouble.reason == kind)
        #expect(trouble.answer.contains(words), "\(trouble.answer)")
    }

    @Test(arguments: [
        (#"{"message":"client version 1.99 is too new. Maximum supported API version is 1.41"}"#, "unset DOCKER_API_VERSION"),
        ("client version 1.10 is too old. Minimum supported API version is 1.12, please upgrade your client to a newer version", "newer Binnacle"),
        ("Client sent an HTTP request to an HTTPS server.\n", "DOCKER_TLS_VERIFY=1"),
    ])
    func knowsTheWayOut(_ body: String, _ remedy: String) {
        let trouble = DockerTrouble.make(HTTPResponse(status: 400, body: Array(body.utf8)), attempt: "list", address: Self.socket)
        #expect(trouble.remedy?.contains(remedy) == true)
    }

    @Test func brokenJSONSaysHowMuchCame() {
        let connection = DockerConnection(address: Self.socket)
        #expect {
            _ = try connection.decode(
                EngineInfo.self, HTTPResponse(status: 200, body: Array(#"{"Name":"#.utf8)), reading: "the description", attempt: "read it")
        } throws: { error in
            (error as? Trouble)?.answer.hasPrefix("the description could not be read, 8 bytes came") == true
        }
    }
}
