internal import Domain
internal import JSON
internal import Engine
internal import Glibc
internal import Testing
internal import Transport
@testable internal import DockerEngine

/// What a watch of a swarm promises, on one of three engines.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: LabSwarm.isThere, "BINNACLE_TEST_SWARM names no swarm"))
struct SwarmWatchContractTests {
    private static let alone = LabEngine.named("BINNACLE_TEST_ENGINE")
    private static let withWorkers = LabSwarm.all.filter { $0.neighbour(2) != nil }

    private func watching<Answer: Sendable>(_ swarm: LabSwarm, _ body: (WatchedSwarm) async throws -> Answer) async throws -> Answer {
        try await WatchedSwarm(swarm.lab.address).watching(body)
    }

    private func create(_ swarm: LabSwarm, _ name: String, _ replicas: Int = 2, command: [String] = ["sleep", "100000"], more: String = "", mode: String? = nil) async throws -> Workload.ID {
        let arguments = command.map { "\"\($0)\"" }.joined(separator: ",")
        let body = """
            {"Name":"\(name)","TaskTemplate":{"ContainerSpec":{"Image":"busybox:local","Args":[\(arguments)],"StopGracePeriod":1000000000}\(more)},
            "Mode":\(mode ?? "{\"Replicated\":{\"Replicas\":\(replicas)}}"),"EndpointSpec":{"Mode":"dnsrr"}}
            """
        try await swarm.call("POST", "/services/create", body)
        return Workload.ID(Source.ID("swarm:test"), try await swarm.id(of: name))
    }

    private func remove(_ swarm: LabSwarm, _ name: String) async throws { try await swarm.call("DELETE", "/services/\(name)", allowing: [404]) }

    /// A service for as long as `body` runs.
    private func withService<Answer>(
        _ swarm: LabSwarm, _ suffix: String, _ replicas: Int = 2, command: [String] = ["sleep", "100000"], more: String = "", mode: String? = nil,
        _ body: (_ id: Workload.ID, _ name: String) async throws -> Answer
    ) async throws -> Answer {
        let name = LabEngine.name(suffix)
        let id = try await create(swarm, name, replicas, command: command, more: more, mode: mode)
        do {
            let answer = try await body(id, name)
            try await remove(swarm, name)
            return answer
        } catch {
            try await remove(swarm, name)
            throw error
        }
    }

    @Test(arguments: LabSwarm.all) func tellsThreeNodes(_ swarm: LabSwarm) async throws {
        let names = try await swarm.names()
        try await watching(swarm) { watched in
            let source = try await watched.recorder.live()
            #expect(source.title == "swarm 3 nodes" && source.kind == .swarm)
            let nodes = try await watched.recorder.nodes("three nodes") { $0.count == 3 }
            #expect(nodes.map(\.name).sorted() == names)
            let own = try #require(nodes.first { $0.isAnswering })
            #expect(own.name == names[0] && own.isManager && own.reachability == "reachable" && own.capacity.memory ?? 0 > 0)
            #expect(nodes.allSatisfy { $0.plugins.contains("Network/overlay") && $0.platform.system == "linux" && !$0.version.isEmpty })
        }
    }

    @Test(arguments: LabSwarm.all) func followsAServicesLife(_ swarm: LabSwarm) async throws {
        try await watching(swarm) { watched in
            let recorder = watched.recorder
            _ = try await recorder.live()
            let name = LabEngine.name("life")
            let began = ContinuousClock.now
            let id = try await create(swarm, name)
            _ = try await recorder.tasks(id, "two running tasks") { $0.count { $0.isCurrent && $0.state == .running } == 2 }
            #expect(ContinuousClock.now - began < .seconds(5))
            let workload = try await recorder.workload(name, "two of two") { $0.running == 2 && $0.desired == 2 }
            #expect(workload.id == id && workload.image == "busybox:local" && workload.isConverged)
            try await swarm.call(
                "POST", "/services/\(name)/update?version=\(workload.revision)",
                try await scaled(swarm, name, to: 5))
            let five = try await recorder.tasks(id, "five running tasks") { $0.count { $0.isCurrent && $0.state == .running } == 5 }
            #expect(Set(five.map(\.name)) == Set((1...5).map { "\(name).\($0)" }) && five.allSatisfy { $0.containers.count == 1 && $0.node != nil })
            let json = try await watched.engine.rawJSON(of: .workload(id, name: name))
            #expect(json.contains("\n    \"Name\": \"\(name)\""))
            let task = try await watched.engine.rawJSON(of: .task(five[0].id, name: five[0].name))
            #expect(task.hasPrefix("{\n  \"ID\": \"\(five[0].id.raw)\""))
            let mark = recorder.count
            try await remove(swarm, name)
            _ = try await recorder.first("that it has gone", from: mark) { update in
                if case .workloads(_, let list) = update, !list.contains(where: { $0.id == id }) { true } else { nil }
            }
            _ = try await recorder.tasks(id, "that its tasks have gone", from: mark) { $0.isEmpty }
            let gone = await trouble { _ = try await watched.engine.rawJSON(of: .workload(id, name: name)) }
            #expect(gone?.reason == .notFound && gone?.answer == "it has gone")
        }
    }

    private func scaled(_ swarm: LabSwarm, _ name: String, to count: Int) async throws -> String {
        var spec = try await swarm.specification(name)
        spec.set(.number(count), at: ["Mode", "Replicated", "Replicas"])
        return spec.json
    }

    @Test(arguments: LabSwarm.all) func saysWhyATaskIsNotPlaced(_ swarm: LabSwarm) async throws {
        try await withService(swarm, "cant", 1, more: #","Placement":{"Constraints":["node.labels.nosuch==true"]}"#) { id, name in
            try await watching(swarm) { watched in
                let tasks = try await watched.recorder.tasks(id, "the refusal") { $0.contains { !$0.reason.isEmpty } }
                #expect(tasks.first?.reason == "no suitable node (scheduling constraints not satisfied on 3 nodes)" && tasks.first?.isUnplaced == true)
                let workload = try await watched.recorder.workload(name, "its demand")
                #expect(workload.demand.constraints == ["node.labels.nosuch==true"] && workload.problem == "0 of 1 running")
            }
        }
    }

    @Test(arguments: LabSwarm.all) func aTaskThatFailsIsHistoryOfItsSlot(_ swarm: LabSwarm) async throws {
        try await withService(swarm, "fails", 1, command: ["sh", "-c", "exit 3"], more: #","RestartPolicy":{"Condition":"any","Delay":200000000}"#) { id, name in
            try await watching(swarm) { watched in
                let tasks = try await watched.recorder.tasks(id, "a restart") { $0.count >= 2 && $0.contains { $0.state == .failed } }
                #expect(tasks.allSatisfy { $0.name == "\(name).1" } && tasks.count(where: \.isCurrent) == 1 && tasks[0].restarts == tasks.count - 1)
                let failed = try #require(tasks.first { $0.state == .failed })
                #expect(failed.exitCode == 3 && failed.reason == "task: non-zero exit (3)")
            }
        }
    }

    @Test(arguments: LabSwarm.all) func jobsAndGlobalServicesAreCounted(_ swarm: LabSwarm) async throws {
        let names = try await swarm.names()
        try await withService(swarm, "job", command: ["true"], mode: #"{"ReplicatedJob":{"MaxConcurrent":1,"TotalCompletions":2}}"#) { job, jobName in
            try await withService(swarm, "global", mode: #"{"Global":{}}"#) { global, globalName in
                try await watching(swarm) { watched in
                    let done = try await watched.recorder.workload(jobName, "the end of the job") { $0.completed == 2 }
                    #expect(done.mode == .job(completions: 2) && done.isConverged && done.problem == nil)
                    let ended = try await watched.recorder.tasks(job, "its tasks") { $0.count { $0.state == .finished } == 2 }
                    #expect(ended.allSatisfy(\.isCurrent) && ended.map(\.name) == ["\(jobName).0", "\(jobName).1"])
                    let everywhere = try await watched.recorder.tasks(global, "one on each node") { $0.count { $0.state == .running } == 3 }
                    #expect(everywhere.map(\.name).sorted() == names.map { "\(globalName).\($0)" })
                }
            }
        }
    }

    @Test(arguments: LabSwarm.all) func logsOfAServiceSayWhoseTheyAre(_ swarm: LabSwarm) async throws {
        let command = ["sh", "-c", "echo hello; echo sick >&2; sleep 100000"]
        try await withService(swarm, "log", 2, command: command) { id, _ in
            try await watching(swarm) { watched in
                let tasks = try await watched.recorder.tasks(id, "two running tasks") { $0.count { $0.state == .running } == 2 }
                let all = Lines()
                let following = Task { try await watched.engine.logs(of: .workload(id), LogRequest()) { all.add($0) } }
                try await swarm.until("four lines") { all.all.count >= 4 }
                following.cancel()
                try await following.value
                #expect(Set(all.all.map(\.origin)) == Set(tasks.map { LogOrigin.task($0.id) }))
                #expect(all.all.filter { $0.stream == .error }.allSatisfy { $0.text == "sick" } && all.all.allSatisfy { $0.at != nil })
                let one = Lines()
                try await watched.engine.logs(of: .task(tasks[0].id), LogRequest(tail: 1, follows: false)) { one.add($0) }
                #expect(one.all.count == 1 && one.all[0].origin == .task(tasks[0].id))
            }
        }
    }

    @Test(arguments: LabSwarm.all) func aFollowedLogEndsWithItsTask(_ swarm: LabSwarm) async throws {
        try await withService(swarm, "end", 1, command: ["sh", "-c", "trap 'echo bye; exit 0' TERM; echo hi; while :; do sleep 0.1; done"]) { id, name in
            try await watching(swarm) { watched in
                let tasks = try await watched.recorder.tasks(id, "a running task") { $0.first?.state == .running }
                let task = try #require(tasks.first)
                let lines = Lines()
                async let followed: Void = watched.engine.logs(of: .task(task.id), LogRequest()) { lines.add($0) }
                try await lines.wait(for: "hi")
                try await remove(swarm, name)
                try await followed
                #expect(lines.all.map(\.text) == ["hi", "bye"])
            }
        }
    }

    @Test(arguments: LabSwarm.all) func logsOfWhatNeverRanAreExplained(_ swarm: LabSwarm) async throws {
        try await withService(swarm, "never", 1, more: #","Placement":{"Constraints":["node.labels.nosuch==true"]}"#) { id, name in
            try await watching(swarm) { watched in
                let tasks = try await watched.recorder.tasks(id, "a pending task") { !$0.isEmpty }
                let task = try #require(tasks.first)
                let trouble = await trouble { try await watched.engine.logs(of: .task(task.id), LogRequest()) { _ in } }
                #expect(trouble?.answer == "not all of it could be had: task \(name).1 has not been scheduled")
                let gone = await self.trouble { try await watched.engine.logs(of: .task(WorkloadTask.ID(id.source, "nosuch")), LogRequest()) { _ in } }
                #expect(gone?.reason == .notFound)
            }
        }
    }

    @Test(.enabled(if: !withWorkers.isEmpty, "BINNACLE_TEST_SWARM_2 names no worker"), arguments: withWorkers)
    func aWorkerPointsAtItsManagers(_ swarm: LabSwarm) async throws {
        let worker = try #require(try await swarm.names().dropFirst().first)
        let manager = try #require(try JSONTree(Array(try await swarm.call("GET", "/info").utf8))["Swarm", "NodeAddr"]?.text)
        try await WatchedSwarm(try #require(swarm.neighbour(2)).address).watching { watched in
            let words = try await watched.recorder.absence()
            #expect(words.hasPrefix("the engine \(worker) is a worker of a swarm") && words.contains("Point Binnacle at a manager: \(manager)"))
        }
    }

    @Test(.enabled(if: alone != nil, "BINNACLE_TEST_ENGINE names no engine")) func anEngineWithoutSwarmCostsTwoRequests() async throws {
        try await WatchedSwarm(try #require(Self.alone).address).watching { watched in
            let words = try await watched.recorder.absence()
            #expect(words.contains("is part of no swarm: docker swarm init"))
            #expect(watched.requests.all.map { $0.split(separator: "/").last ?? "" } == ["_ping", "info"])
        }
    }

    @Test(arguments: LabSwarm.all) func comesBackAfterTheEngineWasLost(_ swarm: LabSwarm) async throws {
        let relay = try Relay(to: swarm.lab.path)
        defer { relay.stop() }
        try await WatchedSwarm(.unix(path: relay.path), pace: WatchedSwarm.hurried).watching { watched in
            _ = try await watched.recorder.live()
            relay.cut(refusing: true)
            let source = try await watched.recorder.freshness("a stale source") { $0.trouble != nil }
            if case .stale = source.freshness {} else { Issue.record("\(source.freshness)") }
            _ = try await watched.recorder.event("that it was lost") { $0.kind == "source" && $0.action == "lost" }
            let mark = watched.recorder.count
            relay.admit()
            _ = try await watched.recorder.live(from: mark)
            _ = try await watched.recorder.nodes("the nodes again", from: mark) { $0.count == 3 }
        }
    }

    private func trouble(_ body: () async throws -> Void) async -> Trouble? {
        do {
            try await body()
            return nil
        } catch {
            return error as? Trouble
        }
    }
}
