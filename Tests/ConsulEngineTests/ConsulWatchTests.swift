internal import Domain
internal import Synchronization
internal import Testing
@testable internal import ConsulEngine

/// What the watch makes of a well-behaved datacenter, and when it asks for what.
@Suite(.timeLimit(.minutes(2))) struct ConsulWatchTests {
    typealias Reply = ScriptedConsul.Reply

    @Test func everythingIsToldBeforeItIsLive() async throws {
        try await Sample.serving { watched, _ in
            let recorder = watched.recorder
            let source = try await recorder.live()
            #expect(source.id == Source.ID("consul:test") && source.kind == .consul && source.title == "consul 1.8" && source.remarks.isEmpty)
            let order = recorder.updates.map { update in
                switch update {
                case .source(let source): source.freshness.isLive ? "live" : "connecting"
                case .checks: "checks"
                case .members: "members"
                case .registry: "registry"
                case .instances: "instances"
                default: "other"
                }
            }
            #expect(order.prefix(6) == ["connecting", "checks", "members", "registry", "instances", "live"])
            let checks = try await recorder.checks()
            #expect(checks.map(\.id.raw) == ["n1/serfHealth", "n1/web-http"])
            #expect(checks[1].output == "connection refused", "the catalog has no output yet, the agent has")
            let members = try await recorder.members("members") { _ in true }
            #expect(members.count == 1 && members[0].isLeader && members[0].isAsked && members[0].isServer && members[0].status == .alive && members[0].version == "1.8.7")
            let registry = try await recorder.registry("the registry") { _ in true }
            #expect(registry.leader == "10.0.0.1:8300" && registry.node == "n1" && registry.datacenters == ["dc1"] && registry.runsScripts)
            #expect(registry.dns == NameServer(host: "127.0.0.1", port: 8600, domain: "consul"))
            let instances = try await recorder.instances("instances") { _ in true }
            #expect(instances.map(\.endpoint) == ["10.0.0.1:8080"] && instances[0].meta == ["version": "1"])
        }
    }

    @Test func questionsForChangesCarryTheIndexAndAllowStaleAnswers() async throws {
        let asked = Mutex<Set<String>>([])
        try await Sample.serving { method, target in
            if target.contains("index=") { asked.withLock { _ = $0.insert(target) } }
            return nil
        } _: { watched, _ in
            _ = try await watched.recorder.live()
            let expected: Set<String> = [
                "/v1/health/state/any?stale&index=40&wait=55s", "/v1/catalog/services?stale&index=32&wait=55s", "/v1/catalog/nodes?stale&index=11&wait=55s",
            ]
            try await until { asked.withLock { $0 } == expected }
        }
    }

    @Test func anAnswerWithoutChangesTellsNothing() async throws {
        let answers = Counter()
        try await Sample.serving { _, target in
            guard target.contains("state/any"), target.contains("index=") else { return nil }
            return .json(Sample.checks, index: "\(40 + answers.next())")
        } _: { watched, _ in
            _ = try await watched.recorder.live()
            let count = watched.recorder.count
            try await until { answers.count > 10 }
            #expect(watched.recorder.count == count)
        }
    }

    @Test func anIndexThatWentBackIsAskedForAnew() async throws {
        let asked = Mutex<[String]>([])
        try await Sample.serving { _, target in
            guard target.hasPrefix("/v1/health/state/any") else { return nil }
            let number = asked.withLock { list in
                list.append(String(target.drop { $0 != "?" }))
                return list.count
            }
            return switch number {
            case 1: .json(Sample.checks, index: "900")
            case 2: .json(Sample.checks, index: "37")
            case 3: .json(Sample.checks.replacing("critical", with: "passing"), index: "37")
            default: .silence
            }
        } _: { watched, _ in
            _ = try await watched.recorder.check("what came after it") { $0.name == "web http" && $0.status == .passing }
            try await until { asked.withLock { $0.count } == 4 }
            #expect(asked.withLock { $0 } == ["?stale", "?stale&index=900&wait=55s", "?stale", "?stale&index=37&wait=55s"])
        }
    }

    @Test func anIndexOfZeroIsFollowedSlowly() async throws {
        let asked = Counter()
        try await Sample.serving { _, target in
            guard target.hasPrefix("/v1/catalog/services") else { return nil }
            asked.next()
            return .json(#"{"web":["v1"]}"#, index: "0")
        } _: { watched, server in
            _ = try await watched.recorder.live()
            try await until(within: .seconds(10)) { asked.count >= 3 }
            let seen = server.requests.filter { $0.contains("catalog/services") }
            #expect(seen.dropFirst().allSatisfy { $0.contains("index=1&") }, "\(seen)")
            // At the pace of these tests an index that waits would be asked for hundreds of times within the three seconds.
            #expect(seen.count < 6)
        }
    }

    @Test func theIndexOfAFailureIsNeverTaken() async throws {
        let asked = Mutex<[String]>([])
        try await Sample.serving { _, target in
            guard target.hasPrefix("/v1/catalog/nodes") else { return nil }
            let number = asked.withLock { list in
                list.append(String(target.drop { $0 != "?" }))
                return list.count
            }
            return switch number {
            case 2: .text("rpc error making call: EOF", 500, ["X-Consul-Index: 1", "X-Consul-Knownleader: false"])
            case 4: .silence
            default: nil
            }
        } _: { watched, _ in
            let trouble = try await watched.recorder.trouble()
            #expect(trouble.answer.contains("reaches no server"))
            let mark = watched.recorder.count
            _ = try await watched.recorder.live(from: mark)
            try await until { asked.withLock { $0.count } >= 4 }
            #expect(asked.withLock { Array($0.prefix(4)) } == ["?stale", "?stale&index=11&wait=55s", "?stale", "?stale&index=11&wait=55s"])
        }
    }

    @Test func tooManyRequestsAreSaidAndComeLess() async throws {
        let asked = Counter()
        try await Sample.serving { _, target in
            guard target.hasPrefix("/v1/health/state/any") else { return nil }
            return asked.next() < 4 ? .text("Your IP is issuing too many concurrent connections, please rate limit your calls\n", 429) : nil
        } _: { watched, _ in
            let trouble = try await watched.recorder.trouble()
            #expect(trouble.answer.contains("takes no more requests"))
            _ = try await watched.recorder.live()
        }
    }

    @Test func aLeaderThatIsLostIsSaidWhileReadsGoOn() async throws {
        let hasLeader = Mutex(true)
        try await Sample.serving { _, target in
            target.hasPrefix("/v1/status/leader") ? .json(hasLeader.withLock { $0 } ? #""10.0.0.1:8300""# : #""""#) : nil
        } _: { watched, _ in
            _ = try await watched.recorder.live()
            hasLeader.withLock { $0 = false }
            let source = try await watched.recorder.source("a remark") { $0.remarks.contains { $0.hasPrefix("no leader") } }
            #expect(source.freshness.isLive && source.remarks[0].hasSuffix("changes are refused"))
            _ = try await watched.recorder.registry("that it has none") { $0.leader == "" }
            let mark = watched.recorder.count
            hasLeader.withLock { $0 = true }
            _ = try await watched.recorder.source("no remark any more", from: mark) { $0.remarks.isEmpty }
        }
    }

    @Test func oldAnswersAreCalledOld() async throws {
        try await Sample.serving { _, target in
            target.hasPrefix("/v1/catalog/nodes?stale") && !target.contains("index") ? .json(#"[{"Node":"n1","Address":"10.0.0.1"}]"#, index: "11", ["X-Consul-Knownleader: true", "X-Consul-Lastcontact: 9000"]) : nil
        } _: { watched, _ in
            let source = try await watched.recorder.live()
            #expect(source.remarks == ["the server that answers has not heard from the leader for 9 s: what is shown may be that old"])
        }
    }

    @Test(arguments: [nil, "a-token"] as [String?]) func nothingAtAllIsAMatterOfPermission(_ token: String?) async throws {
        try await Sample.serving(token: token) { _, target in
            switch target.prefix(while: { $0 != "?" }) {
            case "/v1/agent/self": .text("Permission denied", 403)
            case "/v1/health/state/any", "/v1/catalog/nodes": target.contains("index") ? .silence : .json("[]", index: "16")
            case "/v1/agent/members": .json("[]")
            case "/v1/catalog/services": target.contains("index") ? .silence : .json("{}", index: "16")
            case "/v1/agent/checks": .json("{}")
            default: nil
            }
        } _: { watched, _ in
            let trouble = try await watched.recorder.trouble()
            #expect(trouble.answer.hasPrefix("no services or nodes are visible: "))
            #expect(trouble.answer.contains("CONSUL_HTTP_TOKEN") == (token == nil) && trouble.reason == (token == nil ? .unauthorized : .forbidden))
            #expect(!"\(watched.recorder.updates)".contains("a-token"))
        }
    }

    @Test func anAgentThatDoesNotSayWhoItIsIsFollowed() async throws {
        try await Sample.serving { _, target in target == "/v1/agent/self" ? .text("Permission denied", 403) : nil } _: { watched, _ in
            let source = try await watched.recorder.live()
            #expect(source.title == "consul" && source.remarks.count == 1 && source.remarks[0].contains("agent:read"))
        }
    }

    @Test func whatNobodyConfiguredIsAbsentAndFoundLater() async throws {
        let isThere = Mutex(false)
        try await Sample.serving(isExpected: false) { _, _ in isThere.withLock { $0 } ? nil : .text("<html>It works!</html>", 404) } _: { watched, _ in
            let source = try await watched.recorder.source("that it is absent") { if case .absent = $0.freshness { true } else { false } }
            guard case .absent(let words) = source.freshness else { return }
            #expect(words.hasPrefix("no Consul at unix://") && words.contains("CONSUL_HTTP_ADDR"))
            isThere.withLock { $0 = true }
            _ = try await watched.recorder.live()
            #expect(!watched.recorder.updates.contains { if case .event = $0 { true } else { false } }, "there was nothing to lose")
        }
    }

    @Test func anAgentThatStopsAnsweringIsNoticedAndComesBack() async throws {
        let isSilent = Mutex(false)
        try await Sample.serving { _, target in
            isSilent.withLock { $0 } ? .silence : nil
        } _: { watched, _ in
            _ = try await watched.recorder.live()
            isSilent.withLock { $0 = true }
            let source = try await watched.recorder.source("a stale source") { if case .stale = $0.freshness { true } else { false } }
            #expect(source.freshness.trouble?.reason == .timedOut)
            isSilent.withLock { $0 = false }
            await watched.engine.refresh()
            let mark = watched.recorder.count
            _ = try await watched.recorder.live(from: mark)
            _ = try await watched.recorder.first("an event that says so") { if case .event(let event) = $0, event.action == "back" { true } else { nil } }
        }
    }

    @Test func refreshAsksForEverythingAgain() async throws {
        try await Sample.serving { watched, server in
            _ = try await watched.recorder.live()
            try await until { server.requests.count { $0.contains("index=") } == 3 }
            await watched.engine.refresh()
            try await until { server.requests.count { $0 == "GET /v1/health/state/any?stale" } == 2 && server.requests.count { $0 == "GET /v1/agent/self" } == 2 }
            #expect(watched.recorder.updates.allSatisfy { if case .source(let source) = $0 { source.freshness.trouble == nil } else { true } })
        }
    }

    @Test func aServiceThatIsAddedIsLookedAt() async throws {
        let added = Mutex(false)
        try await Sample.serving { _, target in
            let isAdded = added.withLock { $0 }
            if target.hasPrefix("/v1/catalog/services"), target.contains("index=32&") {
                // The names are the same: only the index tells that an instance came.
                return isAdded ? .json(#"{"web":["v1"]}"#, index: "50") : .json(#"{"web":["v1"]}"#, index: "32")
            }
            guard isAdded, target.hasPrefix("/v1/catalog/node/n1") else { return nil }
            return .json(#"{"Node":{"Node":"n1","Address":"10.0.0.1"},"Services":{"web-2":{"ID":"web-2","Service":"web","Port":8081}}}"#)
        } _: { watched, _ in
            _ = try await watched.recorder.live()
            added.withLock { $0 = true }
            let list = try await watched.recorder.instances("the other instance") { $0.contains { $0.serviceID == "web-2" } }
            #expect(list.map(\.endpoint) == ["10.0.0.1:8081"])
        }
    }
}

/// Waits for a condition, never longer than a limit.
func until(within limit: Duration = .seconds(20), _ condition: () -> Bool) async throws {
    let deadline = ContinuousClock.now + limit
    while !condition() {
        try #require(ContinuousClock.now < deadline, "it did not come to that within \(limit)")
        try await Task.sleep(for: .milliseconds(5))
    }
}
