internal import Domain
internal import Synchronization
internal import Testing
internal import Transport
@testable internal import DockerEngine

/// A stream of events in which something has become unreadable.
@Suite(.timeLimit(.minutes(2))) struct GarbledEventTests {
    @Test(arguments: ["{\"status\":\"start\",\"id\":\"bb\n", "\u{1}\u{2}garbage\n", #"{"unexpected":[1,null]}"# + "\n"])
    func whatALostEventMeantIsFoundByAList(_ line: String) async throws {
        let lists = Mutex(0)
        let server = try ScriptedEngine { _, target in
            let path = target.hasPrefix("/v1.") ? String(target.drop { $0 != "/" }.dropFirst().drop { $0 != "/" }) : target
            switch path.prefix(while: { $0 != "?" }) {
            case "/_ping": return .text("OK", status: 200)
            case "/containers/json":
                let number = lists.withLock { lists in
                    lists += 1
                    return lists
                }
                let first = #"{"Id":"aaaa1111","Names":["/web"],"State":"running","Status":"Up 2 minutes"}"#
                let second = #"{"Id":"bbbb2222","Names":["/new"],"State":"running","Status":"Up 1 second"}"#
                return .json(number == 1 ? "[\(first)]" : "[\(first),\(second)]")
            case "/events": return .endless([line])
            case "/info": return .json(#"{"Name":"elsewhere","NCPU":2}"#)
            default: return .json("[]")
            }
        }
        defer { server.stop() }
        try await WatchedEngine(.unix(path: server.path), pace: WatchedEngine.hurried).watching { watched in
            let names = try await watched.recorder.first("a list with the new container") { update -> [String]? in
                if case .containers(_, let list) = update, list.count == 2 { list.map(\.name) } else { nil }
            }
            #expect(names == ["web", "new"])
        }
        #expect(lists.withLock { $0 } < 5, "once, not again and again")
    }

    /// A list that was asked for before the container went, and comes after the engine said so.
    @Test func anAnswerThatIsLateBringsNothingBack() async throws {
        let destroyed = #"{"Type":"container","Action":"destroy","Actor":{"ID":"aaaa1111","Attributes":{}},"timeNano":4000000000000000000}"#
        let server = try ScriptedEngine { _, target in
            let path = target.hasPrefix("/v1.") ? String(target.drop { $0 != "/" }.dropFirst().drop { $0 != "/" }) : target
            switch path.prefix(while: { $0 != "?" }) {
            case "/_ping": return .text("OK", status: 200)
            case "/containers/json": return .json(#"[{"Id":"aaaa1111","Names":["/web"],"State":"running"},{"Id":"bbbb2222","Names":["/new"],"State":"running"}]"#)
            case "/events": return .endless([destroyed + "\n", "garbage\n"])
            case "/info": return .json(#"{"Name":"elsewhere","NCPU":2}"#)
            default: return .json("[]")
            }
        }
        defer { server.stop() }
        try await WatchedEngine(.unix(path: server.path), pace: WatchedEngine.hurried).watching { watched in
            let first = try await watched.recorder.list()
            #expect(first.map(\.name) == ["web", "new"])
            let gone = try await watched.recorder.first("that it has gone") { if case .containerGone(let id) = $0 { id.raw } else { nil } }
            #expect(gone == "aaaa1111")
            let names = try await watched.recorder.first("the list that follows", from: watched.recorder.updates.lastIndex { if case .containerGone = $0 { true } else { false } } ?? 0) { update -> [String]? in
                if case .containers(_, let list) = update { list.map(\.name) } else { nil }
            }
            #expect(names == ["new"])
        }
    }

    /// The engine and its watch must not keep each other.
    @Test func anEngineThatNobodyWatchesAnyMoreGoes() async throws {
        let server = try ScriptedEngine { _, path in path == "/_ping" ? .text("OK", status: 200) : .json("[]") }
        defer { server.stop() }
        weak var engine: DockerEngine?
        weak var swarm: SwarmEngine?
        do {
            let watched = WatchedEngine(.unix(path: server.path), pace: WatchedEngine.hurried)
            engine = watched.engine
            try await watched.watching { _ = try await $0.recorder.live() }
            let sharing = watched.engine.swarmEngine()
            swarm = sharing
            let watch = Task { [weak sharing] in await sharing?.watch(into: { _ in }, attention: watched.attention) }
            watch.cancel()
            await watch.value
        }
        #expect(engine == nil && swarm == nil)
    }
}
