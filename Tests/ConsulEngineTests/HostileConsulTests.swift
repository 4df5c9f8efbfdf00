internal import Domain
internal import Testing
@testable internal import ConsulEngine

/// What pretends to be an agent and answers badly. The watch goes on in every case and says what is wrong.
@Suite(.timeLimit(.minutes(2))) struct HostileConsulTests {
    typealias Reply = ScriptedConsul.Reply

    @Test(arguments: [
        (Reply.cutShort("[{\"Node\":"), "closed the connection before its answer was complete"), (.json("[{\"Node\":\"n1\","), "cut short"),
        (.text("<html><h1>Welcome</h1></html>", 200), "an HTML page came (29 bytes)"), (.json(""), "the answer is empty"), (.json("{\"Node\":\"n1\"}"), "not a list"),
        (.text("boom\u{1b}[2J", 500), "boom [2J"), (.hangUp, ""), (.raw("SSH-2.0-OpenSSH_9.2\r\n"), "SSH-2.0"), (.text("No cluster leader", 500), "no leader"),
        (.json(String(repeating: "[", count: 100_000)), "could not be read"),
    ])
    func badListsAreTold(_ reply: Reply, _ words: String) async throws {
        try await Sample.serving { _, target in target.hasPrefix("/v1/health/state/any") ? reply : nil } _: { watched, _ in
            let trouble = try await watched.recorder.trouble()
            #expect(trouble.answer.contains(words), "\(trouble)")
            #expect(trouble.attempt.hasPrefix("follow the checks of unix://") || trouble.attempt.hasPrefix("follow the catalog of unix://"))
        }
    }

    @Test(arguments: ["/v1/agent/self", "/v1/agent/members", "/v1/catalog/nodes", "/v1/catalog/services", "/v1/catalog/node/n1", "/v1/agent/checks", "/v1/status/leader"])
    func badAnswersOfEveryKindEndTheSessionOnly(_ path: String) async throws {
        let asked = Counter()
        try await Sample.serving { _, target in
            guard target.hasPrefix(path) else { return nil }
            return asked.next() == 1 ? .json("{{{ nonsense") : nil
        } _: { watched, _ in
            let trouble = try await watched.recorder.trouble()
            #expect(trouble.reason == .malformed, "\(trouble)")
            _ = try await watched.recorder.live()
        }
    }

    @Test func anOutputOfTenMegabytesIsCut() async throws {
        let output = String(repeating: "x", count: 10 << 20)
        let list = #"[{"Node":"n1","CheckID":"c","Status":"critical","Output":"\#(output)"}]"#
        try await Sample.serving { _, target in
            target.hasPrefix("/v1/health/state/any") && !target.contains("index") ? .json(list, index: "40") : nil
        } _: { watched, _ in
            let check = try await watched.recorder.check("the check") { $0.name == "c" }
            #expect(check.output.utf8.count < HealthCheck.outputLimit + 100 && check.output.contains("cut here"))
        }
    }

    @Test func namesThatAreNoPathsAreEncoded() async throws {
        try await Sample.serving { _, target in
            if target.contains("index=") { return nil }
            return switch target.prefix(while: { $0 != "?" }) {
            case "/v1/catalog/nodes": .json(#"[{"Node":"../../etc\r\nX: y","Address":"10.0.0.1"}]"#, index: "11")
            case "/v1/catalog/services": .json(#"{"a":[],"b":[],"c":[]}"#, index: "11")
            case "/v1/catalog/node/..%2F..%2Fetc%0D%0AX%3A%20y", "/v1/catalog/node/..%2F..%2Fetc%0D%0AX:%20y": .json(Sample.node)
            default: nil
            }
        } _: { watched, server in
            _ = try await watched.recorder.live()
            #expect(server.requests.contains { $0.hasPrefix("GET /v1/catalog/node/..%2F..%2Fetc%0D%0AX") })
        }
    }
}
