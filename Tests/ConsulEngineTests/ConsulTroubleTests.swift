internal import Domain
internal import Testing
internal import Transport
@testable internal import ConsulEngine

@Suite struct ConsulTroubleTests {
    private let address = Address.tcp(host: "10.0.0.1", port: 8500, prefix: "", tls: nil)

    private func trouble(_ status: Int, _ text: String, needs: String? = nil) -> Trouble {
        ConsulTrouble.make(HTTPResponse(status: status, body: Array(text.utf8)), attempt: "try", address: address, needs: needs)
    }

    @Test func permissionsAreNamed() {
        let old = trouble(403, "Permission denied: Missing service:write on web")
        #expect(old.reason == .forbidden && old.remedy == "the token lacks service:write on “web”")
        let new = trouble(403, #"Permission denied: token with AccessorID '1-2' lacks permission 'service:write' on "web""#)
        #expect(new.remedy == "the token lacks service:write on “web”")
        #expect(trouble(403, "Permission denied", needs: "node:write on “n1”").remedy == "the token lacks node:write on “n1”")
        let unknown = trouble(403, "ACL not found")
        #expect(unknown.reason == .unauthorized && unknown.answer.contains("the token is not known"))
    }

    @Test(arguments: [
        (500, "No cluster leader", "the cluster has no leader"),
        (500, "No known Consul servers", "the agent reaches no server"),
        (500, "rpc error getting client: failed to get conn: dial tcp: connection refused", "the agent reaches no server"),
        (429, "Your IP is issuing too many concurrent connections, please rate limit your calls", "takes no more requests"),
        (400, "Client sent an HTTP request to an HTTPS server.", "this port wants TLS"),
        (404, "", "nothing there knows Consul's API"), (500, "", "status 500 without a word"), (502, "<html>bad gateway</html>", "status 502 with an HTML page"),
    ])
    func answersInWords(_ status: Int, _ text: String, _ words: String) {
        let trouble = trouble(status, text)
        #expect(trouble.answer.contains(words), "\(trouble)")
        #expect(trouble.reason != .cancelled && !trouble.answer.contains("<"))
    }

    @Test func hostileTextSteersNoTerminal() {
        let trouble = trouble(500, "boom\u{1b}[2J\u{202E}" + String(repeating: "x", count: 100_000))
        #expect(!trouble.answer.unicodeScalars.contains { $0.value < 0x20 || $0.value == 0x202E })
        #expect(trouble.answer.utf8.count < 2100)
    }

    @Test func whatIsNotThereIsAbsent() {
        func make(_ reason: TransportError.Reason) -> Trouble { ConsulTrouble.make(TransportError(reason, address: ""), attempt: "try", address: address) }
        #expect(ConsulTrouble.isAbsence(make(.refused)) && ConsulTrouble.isAbsence(make(.socketMissing(path: "/s"))) && ConsulTrouble.isAbsence(make(.notHTTP("SSH-2.0"))))
        #expect(!ConsulTrouble.isAbsence(make(.timedOut(after: .seconds(5)))) && !ConsulTrouble.isAbsence(make(.tls("no"))))
        #expect(!ConsulTrouble.isAbsence(trouble(500, "No cluster leader")) && !ConsulTrouble.isAbsence(trouble(429, "slow down")))
    }
}
