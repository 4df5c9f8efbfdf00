internal import Domain
internal import Engine
internal import Synchronization
internal import Testing
internal import Transport
@testable internal import DockerEngine

/// The watch of a swarm against scripted managers, good and bad.
@Suite(.timeLimit(.minutes(2))) struct SwarmWatchTests {
    typealias Reply = ScriptedEngine.Reply
    private typealias Fixture = SwarmFixture

    private static let manager =
        #"{"Name":"lab-n1","Swarm":{"NodeID":"n1","LocalNodeState":"active","ControlAvailable":true,"RemoteManagers":[{"Addr":"198.51.100.1:2377"}]}}"#
    private static let worker =
        #"{"Name":"lab-n1","Swarm":{"NodeID":"n1","LocalNodeState":"active","ControlAvailable":false,"RemoteManagers":[{"Addr":"198.51.100.9:2377"}]}}"#
    private static let workerRefusal = "This node is not a swarm manager. Worker nodes can't be used to view or modify cluster state."
    private static let outsideRefusal = #"This node is not a swarm manager. Use \"docker swarm init\" or \"docker swarm join\" to connect this node to swarm and try again."#
    private static let leaderless = "rpc error: code = Unknown desc = The swarm does not have a leader. It's possible that too few managers are online."

    private static let nodes = "[\(Fixture.node("n1", "lab-n1", manager: #"{"Leader":true,"Reachability":"reachable"}"#)),\(Fixture.node("n2", "lab-n2"))]"
    private static let services = "[\(Fixture.service("s1", "web"))]"
    private static let twoTasks = "\(Fixture.task("a", of: "s1", slot: 1, node: "n1")),\(Fixture.task("b", of: "s1", slot: 2, node: "n2"))"
    private static let tasks = "[\(twoTasks)]"

    private static func refusal(_ message: String, status: Int = 503) -> Reply { .json(#"{"message":"\#(message)"}"#, status: status) }

    /// A manager that behaves, except where `special` has something else to say.
    private func watching<Answer: Sendable>(
        apiVersion: String? = nil, pace: SwarmWatch.Pace = WatchedSwarm.hurried,
        _ special: @escaping @Sendable (_ path: String) -> Reply?, _ body: (WatchedSwarm) async throws -> Answer
    ) async throws -> Answer {
        let server = try ScriptedEngine { _, target in
            let path = target.hasPrefix("/v1.") ? String(target.drop { $0 != "/" }.dropFirst().drop { $0 != "/" }) : target
            if let reply = special(path) { return reply }
            return switch path.prefix(while: { $0 != "?" }) {
            case "/_ping": .text("OK", status: 200)
            case "/info": .json(Self.manager)
            case "/nodes": .json(Self.nodes)
            case "/services": .json(Self.services)
            case "/tasks": .json(Self.tasks)
            case "/networks": .json("[]")
            case "/events": .endless([])
            default: .json(#"{"message":"page not found"}"#, status: 404)
            }
        }
        defer { server.stop() }
        return try await WatchedSwarm(.unix(path: server.path), apiVersion: apiVersion, pace: pace).watching(body)
    }

    private let service = Workload.ID(Source.ID("swarm:test"), "s1")

    @Test func tellsAManagersSwarm() async throws {
        try await watching({ _ in nil }) { watched in
            let source = try await watched.recorder.live()
            #expect(source.id.raw == "swarm:test" && source.kind == .swarm && source.title == "swarm 2 nodes" && source.remarks.isEmpty)
            let order = watched.recorder.updates.prefix(5).map { update in
                switch update {
                case .source(let source): source.freshness.isLive ? "live" : "connecting"
                case .nodes: "nodes"
                case .workloads: "workloads"
                case .tasks: "tasks"
                default: "other"
                }
            }
            #expect(order == ["connecting", "nodes", "workloads", "tasks", "live"])
            let nodes = try await watched.recorder.nodes("nodes")
            #expect(nodes.map(\.isAnswering) == [true, false])
            #expect(watched.requests.all.contains("GET /v1.41/services?status=true") && watched.engine.source.freshness.isLive)
            let board = await watched.engine.board
            #expect(board.tasks.map(\.name) == ["web.1", "web.2"])
        }
    }

    @Test func whatDoesNotChangeIsNotToldAgain() async throws {
        let asked = Counter()
        try await watching({ path in
            if path.hasPrefix("/services"), asked.next() == 20 { return .json("[]") }
            return nil
        }) { watched in
            _ = try await watched.recorder.first("the end of it") { if case .workloads(_, let list) = $0, list.isEmpty { true } else { nil } }
            let updates = watched.recorder.updates
            #expect(updates.count { if case .workloads = $0 { true } else { false } } == 2)
            #expect(updates.count { if case .nodes = $0 { true } else { false } } <= 2)
        }
    }

    @Test func aChangeIsFollowedByItsTasks() async throws {
        let isScaled = Flag(isBroken: false)
        let database = Fixture.service("s2", "db", mode: #"{"Replicated":{"Replicas":9}}"#, running: 9, desired: 9)
        let scaled = Fixture.service("s1", "web", mode: #"{"Replicated":{"Replicas":3}}"#, running: 2, desired: 3)
        let pending = Fixture.task("c", of: "s1", slot: 3, "pending", status: #","Message":"pending task scheduling","Err":"no suitable node""#)
        let many = (1...9).map { (slot: Int) in Fixture.task("d\(slot)", of: "s2", slot: slot, node: "n2") }.joined(separator: ",")
        try await watching({ path in
            if path.hasPrefix("/services") { return .json("[\(isScaled.isBroken ? scaled : Fixture.service("s1", "web")),\(database)]") }
            if path.hasPrefix("/tasks?") { return .json("[\(pending),\(Self.twoTasks)]") }
            return path == "/tasks" ? .json("[\(many),\(Self.twoTasks)]") : nil
        }) { watched in
            _ = try await watched.recorder.live()
            isScaled.spoil()
            let found = try await watched.recorder.tasks(service, "a task that fits nowhere") { $0.contains { $0.isUnplaced } }
            #expect(found.count == 3 && found.first { $0.isUnplaced }?.reason == "no suitable node")
            _ = try await watched.recorder.workload("web", "the new size") { $0.desired == 3 && $0.running == 2 }
            #expect(watched.requests.all.contains { $0.contains("/tasks?filters=%7B%22service%22:%5B%22s1") })
        }
    }

    @Test func eventsRing() async throws {
        let isCreated = Flag(isBroken: false)
        var pace = WatchedSwarm.hurried
        pace.watched = .seconds(30)
        pace.unwatched = .seconds(30)
        pace.nodes = .seconds(30)
        pace.everything = .seconds(60)
        let event = #"{"Type":"service","Action":"create","Actor":{"ID":"s2","Attributes":{"name":"db"}},"scope":"swarm","timeNano":1795519130423418444}"#
        let services = "[\(Fixture.service("s1", "web")),\(Fixture.service("s2", "db", running: 0, desired: 2))]"
        try await watching(pace: pace, { path in
            // The second list of services is there only for who was rung for.
            if path.hasPrefix("/events") { return .endless(["{\"broken\n", event + "\n"]) }
            guard path.hasPrefix("/services") else { return nil }
            defer { isCreated.spoil() }
            return .json(isCreated.isBroken ? services : Self.services)
        }) { watched in
            _ = try await watched.recorder.workload("db", "its creation")
            #expect(watched.requests.all.count { $0.contains("/services") } == 2)
            #expect(watched.requests.all.contains("GET /v1.41/events?filters=%7B%22scope%22:%5B%22swarm%22%5D%7D"))
        }
    }

    @Test func anEngineWithoutSwarmIsAbsentAndCheap() async throws {
        let isManager = Flag(isBroken: false)
        try await watching({ path in
            if isManager.isBroken { return nil }
            return path == "/info" ? .json(#"{"Name":"vm","Swarm":{"LocalNodeState":"inactive"}}"#) : path == "/_ping" ? nil : Self.refusal(Self.outsideRefusal)
        }) { watched in
            let words = try await watched.recorder.absence()
            #expect(words == "the engine vm is part of no swarm: docker swarm init makes it the manager of a new one")
            #expect(watched.requests.all.filter { !$0.hasSuffix("/_ping") }.allSatisfy { $0 == "GET /v1.41/info" || $0 == "GET /v1.41/nodes" })
            #expect(watched.requests.all.count { $0 == "GET /v1.41/info" } == 1)
            // It becomes one while it is watched.
            isManager.spoil()
            _ = try await watched.recorder.live()
        }
    }

    @Test func aDemotedManagerForgetsItsSwarm() async throws {
        let isDemoted = Flag(isBroken: false)
        try await watching({ path in
            guard isDemoted.isBroken, path != "/_ping" else { return nil }
            return path == "/info" ? .json(Self.worker) : path.hasPrefix("/events") ? nil : Self.refusal(Self.workerRefusal)
        }) { watched in
            _ = try await watched.recorder.live()
            isDemoted.spoil()
            let words = try await watched.recorder.absence()
            #expect(words.contains("is a worker of a swarm") && words.contains("198.51.100.9 (where its API listens"))
            _ = try await watched.recorder.nodes("no nodes any more") { $0.isEmpty }
            _ = try await watched.recorder.first("no tasks any more") { if case .tasks(_, let list) = $0, list.isEmpty { true } else { nil } }
            #expect(!watched.recorder.updates.contains { if case .event(let event) = $0 { event.kind == "source" } else { false } }, "nothing was lost")
        }
    }

    @Test func aLostQuorumIsToldAndComesBack() async throws {
        let isLost = Flag(isBroken: false)
        let nodes = "[\(Fixture.node("n1", "lab-n1", manager: #"{"Leader":true,"Reachability":"reachable"}"#)),\(Fixture.node("n2", "lab-n2", manager: #"{"Reachability":"unreachable"}"#))]"
        let info = Self.manager.replacing(#""ControlAvailable":true,"#, with: #""ControlAvailable":true,"Error":"\#(Self.leaderless)","#)
        try await watching({ path in
            if !isLost.isBroken { return path == "/nodes" ? .json(nodes) : nil }
            switch path.prefix(while: { $0 != "?" }) {
            case "/_ping", "/events": return nil
            case "/info": return .json(info)
            default: return Self.refusal(Self.leaderless, status: 500)
            }
        }) { watched in
            let live = try await watched.recorder.live()
            #expect(live.remarks == ["only 1 of 2 managers is reachable: no change is possible without a majority"])
            isLost.spoil()
            let source = try await watched.recorder.freshness("a stale source") { $0.trouble != nil }
            guard case .stale(_, let trouble) = source.freshness else {
                Issue.record("\(source.freshness)")
                return
            }
            #expect(trouble.answer == "the swarm has lost its quorum: 1 of 2 managers is reachable")
            #expect(trouble.remedy?.hasPrefix("no change is possible until a majority of managers (2 of 2) is back") == true)
            let event = try await watched.recorder.event("that it was lost") { $0.kind == "source" && $0.action == "lost" }
            #expect(event.source.raw == "swarm:test" && event.severity == .failure && event.detail == trouble.answer)
            let mark = watched.recorder.count
            isLost.mend()
            _ = try await watched.recorder.live(from: mark)
            _ = try await watched.recorder.event("that it is back", from: mark) { $0.kind == "source" && $0.action == "back" }
            let lost = watched.recorder.updates.count { if case .event(let event) = $0 { event.action == "lost" } else { false } }
            #expect(lost == 1)
        }
    }

    /// Managers that look for a leader let requests wait.
    @Test func silenceIsToldBeforeItFails() async throws {
        let isSilent = Flag(isBroken: false)
        try await watching({ path in isSilent.isBroken && path.hasPrefix("/services") ? .silence : nil }) { watched in
            _ = try await watched.recorder.live()
            isSilent.spoil()
            let trouble = try await watched.recorder.trouble()
            #expect(trouble.reason == .timedOut && trouble.answer.contains("the managers may be choosing a new leader"))
            #expect(!watched.recorder.updates.contains { if case .event(let event) = $0 { event.kind == "source" } else { false } }, "nothing has failed yet")
        }
    }

    @Test func withoutCountsTasksArePolled() async throws {
        let asked = Counter()
        try await watching(apiVersion: "1.40", { path in
            if path.hasPrefix("/services") { return .json("[\(Fixture.service("s1", "web", running: nil))]") }
            guard path.hasPrefix("/tasks") else { return nil }
            return .json(asked.next() < 3 ? Self.tasks : "[\(Fixture.task("a", of: "s1", slot: 1, node: "n1"))]")
        }) { watched in
            _ = try await watched.recorder.workload("web", "two tasks") { $0.running == 2 }
            _ = try await watched.recorder.workload("web", "one task") { $0.running == 1 && $0.desired == 2 }
            #expect(watched.requests.all.allSatisfy { !$0.contains("status=true") && !$0.contains("/tasks?") })
        }
    }

    @Test func withoutEventsTheSwarmIsPolledAndNodesAreTold() async throws {
        let isDown = Flag(isBroken: false)
        try await watching({ path in
            if path.hasPrefix("/events") { return .text("<html><body>403 Forbidden</body></html>", status: 403, type: "text/html") }
            guard path == "/nodes", isDown.isBroken else { return nil }
            return .json("[\(Fixture.node("n1", "lab-n1", manager: #"{"Leader":true,"Reachability":"reachable"}"#)),\(Fixture.node("n2", "lab-n2", state: "down"))]")
        }) { watched in
            let source = try await watched.recorder.live()
            #expect(source.remarks.first?.hasPrefix("no events of the swarm (status 403: 403 Forbidden)") == true)
            isDown.spoil()
            let event = try await watched.recorder.event("a node that is down") { $0.kind == "node" }
            #expect(event.subject == "lab-n2" && event.detail == "state ready → down" && event.severity == .failure)
            let titled = try await watched.recorder.first("its title") { if case .source(let source) = $0, source.title.contains("/") { source } else { nil } }
            #expect(titled.title == "swarm 1/2 nodes")
        }
    }

    @Test(arguments: [
        ("/services", Reply.text("<html>Welcome</html>", status: 200, type: "text/html"), "an HTML page came"), ("/tasks", .json("[{"), "cut short"),
        ("/nodes", .json(#"{"a":1}"#), "not a list"), ("/nodes", .hangUp, ""), ("/services", .cutShort("[", promised: 50), "closed the connection"),
        ("/info", .json("nonsense"), ""), ("/tasks", .json(#"{"message":"boom"}"#, status: 500), "boom"),
    ])
    func badAnswersAreToldAndTriedAgain(_ path: String, _ reply: Reply, _ words: String) async throws {
        let isBroken = Flag(isBroken: true)
        try await watching({ isBroken.isBroken && $0.hasPrefix(path) ? reply : nil }) { watched in
            let trouble = try await watched.recorder.trouble()
            #expect(trouble.answer.contains(words), "\(trouble)")
            isBroken.mend()
            _ = try await watched.recorder.live()
        }
    }

    @Test func aServiceThatGoesWhileItsTasksAreAskedForIsNoTrouble() async throws {
        let isGone = Flag(isBroken: false)
        let more = (0..<9).map { (slot: Int) in Fixture.task("d\(slot)", of: "s2", slot: slot, node: "n2") }.joined(separator: ",")
        let both = "[\(Fixture.service("s1", "web", running: 1)),\(Fixture.service("s2", "db", mode: #"{"Replicated":{"Replicas":9}}"#, running: 9, desired: 9))]"
        try await watching({ path in
            if path.hasPrefix("/services"), !isGone.isBroken { return .json(both) }
            if path.hasPrefix("/tasks?") {
                isGone.spoil()
                return .json(#"{"message":"service s1 not found"}"#, status: 404)
            }
            return path == "/tasks" ? .json("[\(more),\(Self.twoTasks)]") : path.hasPrefix("/services") ? .json("[]") : nil
        }) { watched in
            _ = try await watched.recorder.first("no services") { if case .workloads(_, let list) = $0, list.isEmpty { true } else { nil } }
            #expect(!watched.recorder.updates.contains { if case .source(let source) = $0 { source.freshness.trouble != nil } else { false } })
        }
    }

    @Test func refreshAsksAgainAtOnce() async throws {
        var pace = WatchedSwarm.hurried
        pace.watched = .seconds(30)
        pace.nodes = .seconds(30)
        pace.everything = .seconds(60)
        let asked = Counter()
        try await watching(pace: pace, { path in
            guard path == "/nodes" else { return nil }
            return asked.next() == 1 ? nil : .json("[\(Fixture.node("n1", "renamed"))]")
        }) { watched in
            _ = try await watched.recorder.live()
            // The watch may just be on its way from the first lists to its rounds.
            await watched.engine.refresh()
            _ = try await watched.recorder.nodes("the new name") { $0.first?.name == "renamed" }
        }
    }
}
