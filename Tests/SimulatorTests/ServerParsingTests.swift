internal import Testing
@testable internal import Simulator

@Suite struct ServerParsingTests {
    private enum Seen: Equatable { case incomplete, expectation, bad(Int), request(String, [String], body: String, isKept: Bool) }

    private func seen(_ outcome: RequestParser.Outcome) -> Seen {
        switch outcome {
        case .incomplete: .incomplete
        case .expectation: .expectation
        case .bad(let status): .bad(status)
        case .request(let request, let isKept, _): .request(request.method, request.segments, body: String(decoding: request.body, as: UTF8.self), isKept: isKept)
        }
    }

    /// All outcomes but “incomplete”.
    private func all(_ pieces: [String]) -> [Seen] {
        var parser = RequestParser()
        var found: [Seen] = []
        for piece in pieces {
            parser.take(Array(piece.utf8))
            while true {
                let outcome = seen(parser.next())
                if outcome == .incomplete { break }
                found.append(outcome)
                if case .bad = outcome { return found }
            }
        }
        return found
    }

    private let pipelined = """
        GET /v1/agent/service/a%2Fb?x=1 HTTP/1.1\r
        Host: x\r
        \r
        POST /p HTTP/1.1\r
        Content-Length: 5\r
        \r
        helloPUT /chunks HTTP/1.1\r
        Transfer-Encoding: chunked\r
        \r
        5\r
        abcde\r
        3;x=y\r
        fgh\r
        0\r
        Trailer: 1\r
        \r
        GET http://host/z HTTP/1.0\r
        \r\n
        """

    @Test func requestsComeOneAfterTheOtherHoweverTheyAreCutUp() {
        let expected: [Seen] = [
            .request("GET", ["v1", "agent", "service", "a/b"], body: "", isKept: true), .request("POST", ["p"], body: "hello", isKept: true),
            .request("PUT", ["chunks"], body: "abcdefgh", isKept: true), .request("GET", ["z"], body: "", isKept: false),
        ]
        #expect(all([pipelined]) == expected)
        #expect(all(pipelined.unicodeScalars.map { String($0) }) == expected, "a byte at a time")
    }

    @Test func whatFollowsARequestIsLeftAlone() {
        var parser = RequestParser()
        parser.take(Array("POST /exec/1/start HTTP/1.1\r\nUpgrade: tcp\r\nContent-Length: 2\r\n\r\n{}ls -l\n".utf8))
        #expect(seen(parser.next()) == .request("POST", ["exec", "1", "start"], body: "{}", isKept: true))
        #expect(parser.rest() == Array("ls -l\n".utf8))
        #expect(!parser.isAmidst)
    }

    @Test func aClientThatWaitsIsToldToGoOnOnce() {
        #expect(all(["POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n", "ok"]) == [.expectation, .request("POST", [], body: "ok", isKept: true)])
    }

    @Test(arguments: [
        ("GARBAGE\r\n\r\n", 400), ("GET / HTTP/2.0\r\n\r\n", 400), ("GET nowhere HTTP/1.1\r\n\r\n", 400), ("GET / HTTP/1.1\r\n folded: x\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nContent-Length: -1\r\n\r\n", 400), ("GET / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n", 400),
        ("GET / HTTP/1.1\r\nContent-Length: 16777217\r\n\r\n", 413), ("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        ("PUT / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n", 413), (String(repeating: "a", count: 70_000), 431),
        ("GET / HTTP/1.1\r\n" + String(repeating: "a: b\r\n", count: 300) + "\r\n", 400),
    ]) func whatIsNoRequestIsRefused(_ text: String, _ status: Int) { #expect(all([text]) == [.bad(status)]) }

    @Test func aTargetIsTakenApart() {
        let request = ServerRequest(method: "GET", target: "/v1//health/service/my%20web?stale&tag=a+b&tag=%C3%A9&filter=a%3D%3D%22b%22&bad=%zz")
        #expect(request.segments == ["v1", "health", "service", "my web"])
        #expect(request.queryValue("stale") == "" && request.queryValue("absent") == nil)
        #expect(request.query.filter { $0.name == "tag" }.map(\.value) == ["a b", "é"])
        #expect(request.queryValue("filter") == #"a=="b""# && request.queryValue("bad") == "%zz")
    }
}
