internal import Domain
internal import Engine
internal import Testing
internal import Transport
@testable internal import DockerEngine

/// What a watch promises, on each engine that the environment names.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: LabEngine.isThere, "BINNACLE_TEST_ENGINE names no engine"))
struct WatchContractTests {
    private func watching<Answer: Sendable>(_ lab: LabEngine, _ body: (WatchedEngine) async throws -> Answer) async throws -> Answer {
        var pace = DockerWatch.Pace()
        pace.background = .milliseconds(100)
        return try await WatchedEngine(lab.address, pace: pace).watching(body)
    }

    @Test(arguments: LabEngine.all) func tellsTheSourceItsHostAndItsLists(_ lab: LabEngine) async throws {
        try await lab.withContainer("list", more: #""Labels":{"emoji":"🐳 容器","esc":"\u001b[31m"},"#) { id, name in
            try await watching(lab) { watched in
                let recorder = watched.recorder
                _ = try await recorder.live()
                let list = try await recorder.list()
                let container = try #require(list.first { $0.id.raw == id })
                #expect(container.name == name && container.isUp && container.image == "busybox:local")
                #expect(container.labels["emoji"] == "🐳 容器" && container.labels["esc"] == "\u{1b}[31m")
                let networks = try await recorder.first("networks") { if case .networks(_, let list) = $0 { list } else { nil } }
                #expect(Set(["bridge", "host", "none"]).isSubset(of: networks.map(\.name)))
                let host = try await recorder.first("the host") { if case .host(let host) = $0, host.cpus > 0 { host } else { nil } }
                #expect(host.engineName == "Docker" && host.cgroupVersion != nil && host.memory > 0)
                // The networks are read beside the list: they come when they come.
                let order = recorder.updates.filter { if case .networks = $0 { false } else { true } }.prefix(4).map { update in
                    switch update {
                    case .source(let source): source.freshness.isLive ? "live" : "connecting"
                    case .host: "host"
                    case .containers: "containers"
                    default: "other"
                    }
                }
                #expect(order == ["connecting", "host", "containers", "live"])
                #expect(watched.requests.all.prefix(3).contains { $0.split(separator: "?")[0].hasSuffix("/containers/json") })
            }
        }
    }

    @Test(arguments: LabEngine.all) func followsALifeWithoutASecondList(_ lab: LabEngine) async throws {
        try await watching(lab) { watched in
            let recorder = watched.recorder
            _ = try await recorder.list()
            let name = LabEngine.name("life")
            let id = try await lab.create(name, ["sh", "-c", "trap 'exit 3' TERM; while :; do sleep 0.1; done"])
            func follow(_ what: String, _ action: () async throws -> Void, _ match: (Container) -> Bool) async throws {
                let mark = recorder.count
                try await action()
                _ = try await recorder.container("\(what) of \(name)", from: what == "creation" ? 0 : mark) { $0.id.raw == id && match($0) }
            }
            try await follow("creation", {}) { $0.state == .created && $0.name == name }
            try await follow("start", { try await lab.call("POST", "/containers/\(id)/start") }) { container in
                container.isUp && container.endpoints.first?.address.isEmpty == false
            }
            try await follow("pause", { try await lab.call("POST", "/containers/\(id)/pause") }) { if case .paused(_?) = $0.state { true } else { false } }
            try await follow("unpause", { try await lab.call("POST", "/containers/\(id)/unpause") }) { if case .running = $0.state { true } else { false } }
            try await follow("rename", { try await lab.call("POST", "/containers/\(id)/rename?name=\(name)-new") }) { $0.name == name + "-new" }
            try await follow("stop", { try await lab.call("POST", "/containers/\(id)/stop?t=5") }) {
                if case .exited(code: 3, at: _?) = $0.state { true } else { false }
            }
            let died = try await recorder.event("its death") { $0.action == "die" && $0.subjectID == id }
            #expect(died.detail == "failed (exit 3)" && died.severity == .failure)
            _ = try await recorder.first("the detail of its death") { update in
                if case .detail(let found, let detail) = update, found.raw == id, detail.exitCode == 3 { true } else { nil }
            }
            try await lab.remove(id)
            _ = try await recorder.first("that it has gone") { if case .containerGone(let gone) = $0, gone.raw == id { true } else { nil } }
            #expect(watched.requests.lists == 1)
        }
    }

    @Test(arguments: LabEngine.all) func tellsHealthWithItsProbes(_ lab: LabEngine) async throws {
        let check = #""Healthcheck":{"Test":["CMD-SHELL","echo looking at $(ls /tmp); test -e /tmp/ok"],"Interval":1000000000,"Retries":1},"#
        try await lab.withContainer("health", more: check, starting: false) { id, name in
            try await watching(lab) { watched in
                let recorder = watched.recorder
                _ = try await recorder.list()
                try await lab.call("POST", "/containers/\(id)/start")
                _ = try await recorder.container("a sick container") { $0.id.raw == id && $0.health == .unhealthy }
                let detail = try await recorder.first("its probes") { update in
                    if case .detail(let found, let detail) = update, found.raw == id, !detail.probes.isEmpty { detail } else { nil }
                }
                #expect(detail.probes.count <= 5 && detail.probes[0].exitCode == 1 && detail.probes[0].output.hasPrefix("looking at"))
                #expect(detail.healthCommand.hasPrefix("CMD-SHELL echo looking") && detail.failingStreak >= 1)
                let told = try await recorder.event("its bad health") { $0.action == "health_status: unhealthy" }
                #expect(told.subject == name && told.severity == .failure)
                #expect(!recorder.updates.contains { if case .event(let event) = $0 { event.action.hasPrefix("exec_") } else { false } })
                #expect(watched.requests.lists == 1)
            }
        }
    }

    @Test(arguments: LabEngine.all) func looksIntoWhatIsOnTheScreenOnly(_ lab: LabEngine) async throws {
        try await lab.withContainer("seen") { seen, _ in
            try await lab.withContainer("unseen") { unseen, _ in
                // Events of the second the watch begins in are told again, and looked into.
                try await lab.nextSecond()
                try await watching(lab) { watched in
                    watched.attention.set(Attention.Focus(visible: [seen]))
                    let detail = try await watched.recorder.first("a look") { update in
                        if case .detail(let id, let detail) = update, id.raw == seen { detail } else { nil }
                    }
                    #expect(detail.pid != nil && detail.restartPolicy == "no")
                    _ = try await watched.recorder.container("its exact start") { $0.id.raw == seen && $0.since == detail.startedAt }
                    #expect(!watched.requests.all.contains { $0.contains(unseen) })
                }
            }
        }
    }

    @Test(arguments: LabEngine.all) func comesBackAfterTheStreamWasCut(_ lab: LabEngine) async throws {
        let relay = try Relay(to: lab.path)
        defer { relay.stop() }
        try await lab.withContainer("cut") { id, name in
            try await WatchedEngine(.unix(path: relay.path), pace: WatchedEngine.hurried).watching { watched in
                let recorder = watched.recorder
                _ = try await recorder.live()
                try await lab.call("POST", "/containers/\(id)/pause")
                _ = try await recorder.container("a pause that was seen") { if case .paused = $0.state { $0.id.raw == id } else { false } }
                relay.cut(refusing: true)
                let source = try await recorder.freshness("a stale source") { $0.trouble != nil }
                if case .stale = source.freshness {} else { Issue.record("\(source.freshness)") }
                _ = try await recorder.event("that it was lost") { $0.kind == "source" && $0.action == "lost" && $0.origin == .binnacle }
                let mark = recorder.count
                // What happens meanwhile is told afterwards, and what was told before is not told again.
                try await lab.call("POST", "/containers/\(id)/unpause")
                relay.admit()
                _ = try await recorder.live(from: mark)
                // The engine's list may lag behind what it did a moment ago; the event that was missed puts it right.
                _ = try await recorder.first("that it runs again", from: mark) { update in
                    switch update {
                    case .containers(_, let list): list.first { $0.id.raw == id }?.state.word == "running" ? true : nil
                    case .container(let container): container.id.raw == id && container.state.word == "running" ? true : nil
                    default: nil
                    }
                }
                _ = try await recorder.event("the missed event of \(name)", from: mark) { $0.action == "unpause" && $0.subjectID == id }
                _ = try await recorder.event("that it is back", from: mark) { $0.kind == "source" && $0.action == "back" }
                let events = recorder.updates.compactMap { if case .event(let event) = $0 { event.id } else { nil } }
                #expect(Set(events).count == events.count)
                #expect(watched.requests.lists == 2)
            }
        }
    }

    @Test(arguments: LabEngine.all) func networksAreReadAgainWhenTheyChange(_ lab: LabEngine) async throws {
        try await watching(lab) { watched in
            _ = try await watched.recorder.first("networks") { if case .networks = $0 { true } else { nil } }
            let mark = watched.recorder.count
            let known = try await lab.withNetwork("seen") { id, name in
                let network = try await watched.recorder.first("the new network", from: mark) { update in
                    if case .networks(_, let list) = update { list.first { $0.id.raw == id } } else { nil }
                }
                #expect(network.name == name && network.subnets.count == 1 && network.bridgeName?.hasPrefix("br-") == true)
                try await lab.withContainer("plug") { container, _ in
                    try await lab.call("POST", "/networks/\(id)/connect", #"{"Container":"\#(container)"}"#)
                    _ = try await watched.recorder.container("two plugs") { $0.id.raw == container && $0.endpoints.count == 2 }
                    try await lab.call("POST", "/networks/\(id)/disconnect", #"{"Container":"\#(container)"}"#)
                }
                return watched.recorder.count
            }
            _ = try await watched.recorder.first("that it has gone", from: known) { update in
                if case .networks(_, let list) = update, !list.contains(where: { $0.name.hasPrefix("bt-seen") }) { true } else { nil }
            }
        }
    }

    @Test(arguments: LabEngine.all) func refreshAsksAgain(_ lab: LabEngine) async throws {
        try await watching(lab) { watched in
            _ = try await watched.recorder.first("the host") { if case .host(let host) = $0, host.cpus > 0 { true } else { nil } }
            let mark = watched.recorder.count
            await watched.engine.refresh()
            _ = try await watched.recorder.list(from: mark)
            _ = try await watched.recorder.first("networks", from: mark) { if case .networks = $0 { true } else { nil } }
            #expect(watched.requests.lists == 2)
        }
    }

    @Test(arguments: LabEngine.all) func remoteEnginesAreMeasuredThroughTheirStatistics(_ lab: LabEngine) async throws {
        let relay = try Relay(to: lab.path, onPort: true)
        defer { relay.stop() }
        try await lab.withContainer("busy", ["sh", "-c", "while :; do :; done"]) { busy, _ in
            try await WatchedEngine(.tcp(host: "127.0.0.1", port: relay.port, prefix: "", tls: nil), pace: WatchedEngine.hurried).watching { watched in
                watched.attention.set(Attention.Focus(visible: [busy]))
                let usage = try await watched.recorder.first("a reading with a rate", within: .seconds(40)) { update in
                    if case .usage(let all) = update, let usage = all[busy], usage.cpuPercent != nil { (usage, all.count) } else { nil }
                }
                #expect(usage.1 == 1)
                #expect(usage.0.cpuPercent ?? 0 > 5 && usage.0.memory > 0 && usage.0.processes >= 1 && usage.0.receiveRate != nil)
            }
        }
    }
}
