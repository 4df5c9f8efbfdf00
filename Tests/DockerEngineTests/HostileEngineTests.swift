internal import Domain
internal import Synchronization
internal import Testing
internal import Transport
@testable internal import DockerEngine

/// Engines, and what pretends to be one, that answer badly. The watch goes on in every case and says what is wrong.
@Suite(.timeLimit(.minutes(2))) struct HostileEngineTests {
    typealias Reply = ScriptedEngine.Reply

    /// An engine that behaves, except where `special` has something else to say.
    private func scripted(_ special: @escaping @Sendable (_ method: String, _ path: String) -> Reply?) throws -> ScriptedEngine {
        try ScriptedEngine { method, target in
            let path = target.hasPrefix("/v1.") ? String(target.drop { $0 != "/" }.dropFirst().drop { $0 != "/" }) : target
            if let reply = special(method, path) { return reply }
            return switch path.prefix(while: { $0 != "?" }) {
            case "/_ping": .text("OK", status: 200)
            case "/containers/json": .json(#"[{"Id":"aaaa1111","Names":["/web"],"State":"running","Status":"Up 2 minutes"}]"#)
            case "/networks": .json("[]")
            case "/info": .json(#"{"Name":"elsewhere","NCPU":2}"#)
            case "/events": .endless([])
            default: .json(#"{"message":"page not found"}"#, status: 404)
            }
        }
    }

    private func watching<Answer: Sendable>(
        _ special: @escaping @Sendable (_ method: String, _ path: String) -> Reply?, _ body: (WatchedEngine) async throws -> Answer
    ) async throws -> Answer {
        let server = try scripted(special)
        defer { server.stop() }
        return try await WatchedEngine(.unix(path: server.path), pace: WatchedEngine.hurried).watching(body)
    }

    @Test func aGoodScriptIsLive() async throws {
        try await watching({ _, _ in nil }) { watched in
            let source = try await watched.recorder.live()
            #expect(source.title == "docker 20.10")
            let list = try await watched.recorder.list()
            #expect(list.map(\.name) == ["web"])
            let host = try await watched.recorder.first("the host's description") { if case .host(let host) = $0, host.cpus > 0 { host } else { nil } }
            #expect(host.name == "elsewhere" && !host.isLocal, "its name is not this machine's: a forwarded socket")
        }
    }

    @Test(arguments: [
        (Reply.cutShort("[{\"Id\":", promised: 500), "closed the connection before its answer was complete"),
        (.json(#"[{"Id":"a","Names":["#), "cut short"), (.text("<html><h1>Welcome</h1></html>", status: 200, type: "text/html"), "an HTML page came (29 bytes)"),
        (.text("boom at line 7", status: 500), "boom at line 7"), (.text("", status: 200), "the answer is empty"), (.hangUp, ""),
        (.raw("SSH-2.0-OpenSSH_9.2\r\n"), "SSH-2.0"), (.json(#"{"message":"server is shutting down"}"#, status: 503), "server is shutting down"),
        (.json(#"{"Id":"a"}"#), "not a list"),
    ])
    func badListsAreTold(_ reply: Reply, _ words: String) async throws {
        try await watching({ _, path in path.hasPrefix("/containers/json") ? reply : nil }) { watched in
            let trouble = try await watched.recorder.trouble()
            #expect(trouble.answer.contains(words), "\(trouble)")
        }
    }

    @Test func itComesBackByItself() async throws {
        let flag = Flag(isBroken: true)
        try await watching({ _, path in flag.isBroken && path.hasPrefix("/containers/json") ? .text("boom", status: 500) : nil }) { watched in
            _ = try await watched.recorder.trouble()
            flag.mend()
            _ = try await watched.recorder.live()
            let back = try await watched.recorder.event("an event that says so") { $0.kind == "source" && $0.action == "back" }
            #expect(back.origin == .binnacle)
        }
    }

    @Test func anEngineThatNeverAnswersIsNoticed() async throws {
        let flag = Flag(isBroken: false)
        try await watching({ _, path in flag.isBroken && path == "/_ping" ? .silence : nil }) { watched in
            _ = try await watched.recorder.live()
            flag.spoil()
            let source = try await watched.recorder.freshness("a stale source") { $0.trouble != nil }
            if case .stale(_, let trouble) = source.freshness { #expect(trouble.reason == .timedOut) } else { Issue.record("\(source.freshness)") }
        }
    }

    @Test func aPingWithoutVersionFallsBack() async throws {
        try await watching({ _, path in
            switch path {
            case "/_ping": .raw("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            case "/version": .json(#"{"Version":"1.13.1","ApiVersion":"1.26"}"#)
            default: nil
            }
        }) { watched in
            let source = try await watched.recorder.live()
            #expect(source.title == "docker 1.13")
            #expect(watched.requests.all.contains("GET /v1.26/containers/json?all=1"))
        }
    }

    @Test func aTooNewPinIsExplained() async throws {
        let server = try scripted { _, path in
            path.hasPrefix("/containers") ? .json(#"{"message":"client version 1.99 is too new. Maximum supported API version is 1.41"}"#, status: 400) : nil
        }
        defer { server.stop() }
        try await WatchedEngine(.unix(path: server.path), apiVersion: "1.99", pace: WatchedEngine.hurried).watching { watched in
            let trouble = try await watched.recorder.trouble()
            #expect(trouble.reason == .unsupported && trouble.remedy?.contains("DOCKER_API_VERSION") == true)
            #expect(watched.requests.all.contains("GET /v1.99/containers/json?all=1"))
        }
    }

    @Test func withoutEventsTheListIsPolled() async throws {
        let asked = Counter()
        try await watching({ _, path in
            if path.hasPrefix("/events") { return .text("<html><body><h1>403 Forbidden</h1></body></html>", status: 403, type: "text/html") }
            guard path.hasPrefix("/containers/json") else { return nil }
            return .json(#"[{"Id":"aaaa1111","Names":["/web\#(asked.next())"],"State":"running"}]"#)
        }) { watched in
            let source = try await watched.recorder.first("a remark") { if case .source(let source) = $0, !source.remarks.isEmpty { source } else { nil } }
            #expect(source.remarks[0].contains("no events (status 403: 403 Forbidden)"))
            _ = try await watched.recorder.first("a third list") { if case .containers(_, let list) = $0, list.first?.name == "web3" { true } else { nil } }
        }
    }

    @Test func aHugeLabelIsNoTrouble() async throws {
        let label = String(repeating: "é", count: 5_000_000)
        try await watching({ _, path in
            path.hasPrefix("/containers/json") ? .json(#"[{"Id":"aaaa1111","Names":["/容器-🐳"],"Labels":{"big":"\#(label)"}}]"#) : nil
        }) { watched in
            let container = try #require(try await watched.recorder.list().first)
            #expect(container.name == "容器-🐳" && container.labels["big"]?.hasSuffix("(10000000 bytes)") == true)
        }
    }

    @Test func refusedDescriptionsBecomeRemarks() async throws {
        try await watching({ _, path in
            path == "/info" || path == "/networks" ? .json(#"{"message":"authorization denied by plugin p: no"}"#, status: 403) : nil
        }) { watched in
            let source = try await watched.recorder.first("two remarks") { if case .source(let source) = $0, source.remarks.count == 2 { source } else { nil } }
            #expect(source.freshness.isLive)
            #expect(source.remarks.allSatisfy { $0.contains("authorization denied by plugin p: no") })
        }
    }

    @Test func remarksDoNotOutliveTheirReason() async throws {
        let events = Flag(isBroken: true)
        let list = Flag(isBroken: false)
        try await watching({ _, path in
            if events.isBroken, path.hasPrefix("/events") { return .text("no", status: 501) }
            return list.isBroken && path.hasPrefix("/containers/json") ? .hangUp : nil
        }) { watched in
            _ = try await watched.recorder.first("a remark") { if case .source(let source) = $0, !source.remarks.isEmpty { true } else { nil } }
            list.spoil()
            _ = try await watched.recorder.freshness("a stale source") { $0.trouble != nil }
            let mark = watched.recorder.count
            events.mend()
            list.mend()
            let source = try await watched.recorder.live(from: mark)
            #expect(source.remarks.isEmpty)
        }
    }

    @Test func eventsThatAreNoneAreSkipped() async throws {
        let event = #"{"Type":"container","Action":"start","Actor":{"ID":"aaaa1111","Attributes":{"name":"web"}},"timeNano":1795420975885979451}"#
        try await watching({ _, path in
            path.hasPrefix("/events") ? .endless(["\n{\"broken\n", "[1,2]\n", String(event.prefix(30)), String(event.dropFirst(30)) + "\n"]) : nil
        }) { watched in
            let start = try await watched.recorder.event("the one good event") { $0.action == "start" }
            #expect(start.subject == "web")
        }
    }

    @Test func noSocketIsExplained() async throws {
        try await WatchedEngine(.unix(path: "/tmp/bt-no-such.sock"), pace: WatchedEngine.hurried).watching { watched in
            let source = try await watched.recorder.freshness("a failed source") { $0.trouble != nil }
            if case .failed(_, let trouble) = source.freshness {
                #expect(trouble.answer == "Docker is not running or its socket is elsewhere: /tmp/bt-no-such.sock")
            } else {
                Issue.record("\(source.freshness)")
            }
        }
    }

    @Test func manyContainersAreNoTrouble() async throws {
        let list = "[" + (0..<2000).map { #"{"Id":"c\#($0)","Names":["/n\#($0)"],"State":"exited","Status":"Exited (0) 2 days ago"}"# }.joined(separator: ",") + "]"
        try await watching({ _, path in path.hasPrefix("/containers/json") ? .json(list) : nil }) { watched in
            let found = try await watched.recorder.list()
            #expect(found.count == 2000)
        }
    }
}

/// A fault that a test switches on and off.
final class Flag: Sendable {
    private let state: Mutex<Bool>
    init(isBroken: Bool) { state = Mutex(isBroken) }
    var isBroken: Bool { state.withLock { $0 } }
    func mend() { state.withLock { $0 = false } }
    func spoil() { state.withLock { $0 = true } }
}

final class Counter: Sendable {
    private let state = Mutex(0)
    func next() -> Int {
        state.withLock { state in
            state += 1
            return state
        }
    }
}
