internal import Domain
internal import Engine
internal import Testing
internal import Transport
@testable internal import DockerEngine

/// Every operation on one container, planned and performed on each engine that the environment names.
@Suite(.serialized, .timeLimit(.minutes(5)), .enabled(if: LabEngine.isThere, "BINNACLE_TEST_ENGINE names no engine"))
struct OperationContractTests {
    /// An engine, and one container in it.
    struct Bench: Sendable {
        let engine: DockerEngine
        let target: Operation.Target

        init(_ lab: LabEngine, _ id: String, _ name: String, isReadOnly: Bool = false) {
            engine = WatchedEngine(lab.address, isReadOnly: isReadOnly).engine
            target = .container(Container.ID(engine.source.id, id), name: name)
        }

        func plan(_ action: Operation.Action) async throws -> Plan { try await engine.plan(Operation(action, on: target)) }

        func perform(_ action: Operation.Action) async throws -> String { try await engine.perform(Plan(operation: Operation(action, on: target))) }

        func trouble(_ action: Operation.Action) async -> Trouble? {
            do throws(Trouble) {
                _ = try await engine.perform(Plan(operation: Operation(action, on: target)))
                return nil
            } catch {
                return error
            }
        }
    }

    /// Ends at once when asked to.
    private static let polite = ["sh", "-c", "trap 'exit 0' TERM; while :; do sleep 0.1; done"]

    @Test(arguments: LabEngine.all) func startsAndStops(_ lab: LabEngine) async throws {
        try await lab.withContainer("op", Self.polite, host: #"{"RestartPolicy":{"Name":"always"}}"#, starting: false) { id, name in
            let bench = Bench(lab, id, name)
            let start = try await bench.plan(.start)
            #expect(start.obstacle == nil && start.changes == [Plan.Change(subject: name, before: "created", after: "running")])
            #expect(start.calls.count == 1 && start.calls[0].hasPrefix("POST /v1.") && start.calls[0].hasSuffix("/containers/\(id)/start"))
            #expect(start.commandLine == "docker -H unix://\(lab.path) start \(name)")
            #expect(start.previous?.hasPrefix("{\"Id\":\"\(id)\"") == true && start.wayBack == "stop it again")
            let started = try await bench.perform(.start)
            #expect(started.hasPrefix("started \(name) in "))
            let again = try await bench.perform(.start)
            #expect(again == "\(name) was already running")
            let obstacle = try await bench.plan(.start).obstacle
            #expect(obstacle == "\(name) is already running")

            let stop = try await bench.plan(.stop(grace: 5))
            #expect(stop.warnings.contains { $0.contains("SIGKILL after 5 s") } && stop.warnings.contains { $0.contains("restart policy always") })
            #expect(stop.commandLine.hasSuffix("stop -t 5 \(name)") && stop.wayBack == "start it again")
            let stopped = try await bench.perform(.stop(grace: 5))
            #expect(stopped.hasPrefix("stopped \(name) in "))
            let already = try await bench.perform(.stop(grace: nil))
            #expect(already == "\(name) was already stopped")
            for action in [Operation.Action.stop(grace: nil), .kill(signal: "SIGKILL"), .pause] {
                let plan = try await bench.plan(action)
                #expect(plan.obstacle == "\(name) is not running")
            }
            let restarted = try await bench.perform(.restart(grace: 5))
            #expect(restarted.hasPrefix("restarted \(name) in "))
        }
    }

    @Test(arguments: LabEngine.all) func pausesAndUnpauses(_ lab: LabEngine) async throws {
        try await lab.withContainer("op", Self.polite) { id, name in
            let bench = Bench(lab, id, name)
            let notPaused = try await bench.plan(.unpause).obstacle
            #expect(notPaused == "\(name) is not paused")
            let paused = try await bench.perform(.pause)
            #expect(paused == "paused \(name)")
            let twice = try await bench.plan(.pause).obstacle
            #expect(twice == "\(name) is already paused")
            let start = try await bench.plan(.start).obstacle
            #expect(start == "\(name) is paused: unpause it instead")
            let refused = await bench.trouble(.pause)
            #expect(refused?.answer.contains("already paused") == true)
            let unpaused = try await bench.perform(.unpause)
            #expect(unpaused == "unpaused \(name)")
        }
    }

    @Test(arguments: LabEngine.all) func killsWithItsSignal(_ lab: LabEngine) async throws {
        try await lab.withContainer("op", Self.polite) { id, name in
            let bench = Bench(lab, id, name)
            let gentle = try await bench.plan(.kill(signal: "SIGHUP"))
            #expect(gentle.warnings.isEmpty && gentle.commandLine.hasSuffix("kill -s SIGHUP \(name)"))
            let hard = try await bench.plan(.kill(signal: "SIGKILL"))
            #expect(hard.warnings.first?.contains("without SIGTERM") == true)
            let killed = try await bench.perform(.kill(signal: "SIGKILL"))
            #expect(killed == "sent SIGKILL to \(name)")
            try await lab.call("POST", "/containers/\(id)/wait")
            let late = await bench.trouble(.kill(signal: "SIGKILL"))
            #expect(late?.reason == .conflict && late?.answer.contains("is not running") == true)
        }
    }

    @Test(arguments: LabEngine.all) func renames(_ lab: LabEngine) async throws {
        try await lab.withContainer("op", starting: false) { id, name in
            try await lab.withContainer("other", starting: false) { _, other in
                let bench = Bench(lab, id, name)
                let taken = try await bench.plan(.rename(to: other)).obstacle
                #expect(taken?.hasPrefix("the name \(other) is taken by container ") == true)
                let conflict = await bench.trouble(.rename(to: other))
                #expect(conflict?.reason == .conflict && conflict?.answer.contains("is already in use by container") == true)
                let bad = try await bench.plan(.rename(to: "no way")).obstacle
                #expect(bad?.hasPrefix("“no way” is not a name") == true)
                let same = try await bench.plan(.rename(to: name)).obstacle
                #expect(same == "that is its name already")
                let good = try await bench.plan(.rename(to: name + "-new"))
                #expect(good.obstacle == nil && good.wayBack == "rename it to \(name)")
                let renamed = try await bench.perform(.rename(to: name + "-new"))
                #expect(renamed == "renamed \(name) to \(name)-new")
            }
        }
    }

    @Test(arguments: LabEngine.all) func removes(_ lab: LabEngine) async throws {
        try await lab.withContainer("op", Self.polite, more: #""Volumes":{"/data":{}},"#) { id, name in
            let bench = Bench(lab, id, name)
            let gentle = try await bench.plan(.removeContainer(force: false, volumes: false))
            #expect(gentle.obstacle == "\(name) is running: stop it first, or remove it by force")
            #expect(gentle.warnings.contains("1 anonymous volume stays behind, no longer used"))
            let conflict = await bench.trouble(.removeContainer(force: false, volumes: false))
            #expect(conflict?.reason == .conflict && conflict?.answer.lowercased().contains("cannot remove") == true)
            let plan = try await bench.plan(.removeContainer(force: true, volumes: true))
            #expect(plan.obstacle == nil && plan.wayBack == nil)
            #expect(plan.changes.contains { $0.subject == "network bridge" && $0.after == "free" })
            #expect(plan.changes.contains { $0.subject.hasPrefix("volume ") && $0.after == "removed" })
            #expect(plan.warnings.contains("1 anonymous volume and what is in them are lost"))
            let removed = try await bench.perform(.removeContainer(force: true, volumes: true))
            #expect(removed == "removed \(name) with its anonymous volumes")
            for action in [Operation.Action.start, .removeContainer(force: true, volumes: false)] {
                let gone = try await bench.plan(action).obstacle
                #expect(gone == "the container has gone")
            }
            let late = await bench.trouble(.start)
            #expect(late?.reason == .notFound)
        }
    }

    @Test(arguments: LabEngine.all) func warnsOfPortsOwnersAndVanishing(_ lab: LabEngine) async throws {
        let more = #""ExposedPorts":{"80/tcp":{}},"Labels":{"com.docker.swarm.task":"","com.docker.swarm.service.name":"todo"},"#
        let host = #"{"AutoRemove":true,"PortBindings":{"80/tcp":[{"HostPort":""}]}}"#
        try await lab.withContainer("op", host: host, more: more) { id, name in
            let bench = Bench(lab, id, name)
            let plan = try await bench.plan(.stop(grace: nil))
            #expect(plan.warnings.contains { $0.hasPrefix("published port ") && $0.hasSuffix(" (80/tcp) stops answering") })
            #expect(plan.warnings.contains("it belongs to Swarm service todo: that will start another in its place, change it there"))
            #expect(plan.warnings.contains("it was started with --rm: it vanishes when it ends") && plan.wayBack == nil)
            #expect(plan.warnings.contains { $0.contains("SIGKILL after 1 s") }, "its own stop timeout")
        }
    }

    @Test(arguments: LabEngine.all) func readOnlyRefuses(_ lab: LabEngine) async throws {
        try await lab.withContainer("op") { id, name in
            let bench = Bench(lab, id, name, isReadOnly: true)
            let plan = try await bench.plan(.stop(grace: 1))
            #expect(plan.obstacle == DockerPlans.readOnly)
            let refused = await bench.trouble(.stop(grace: 1))
            #expect(refused?.reason == .refusedByPlan)
            let detail = try await bench.engine.detail(of: Container.ID(bench.engine.source.id, id))
            #expect(detail.pid != nil)
        }
    }

    @Test(arguments: LabEngine.all) func prunesWhatThePlanNames(_ lab: LabEngine) async throws {
        try await lab.withContainer("prune", ["true"]) { id, name in
            // An engine answers the wait a moment before its own list says so.
            let limit = ContinuousClock.now + .seconds(20)
            while try await !lab.call("GET", "/containers/\(id)/json").contains("\"Status\":\"exited\""), ContinuousClock.now < limit {
                try await lab.call("POST", "/containers/\(id)/wait")
            }
            let engine = WatchedEngine(lab.address).engine
            let target = Operation.Target.source(engine.source.id, name: "test")
            let containers = try await engine.plan(Operation(.prune(.containers), on: target))
            #expect(containers.obstacle == nil && containers.commandLine.hasSuffix("container prune -f"))
            let victim = try #require(containers.changes.first { $0.subject == name })
            #expect(victim.before.hasPrefix("Exited (0)") && victim.after == "removed")
            for what in Operation.Prune.allCases {
                let plan = try await engine.plan(Operation(.prune(what), on: target))
                #expect(plan.obstacle != nil || !plan.changes.isEmpty, "\(what)")
                #expect(!plan.changes.contains { $0.subject == "bridge" })
            }
        }
    }

    /// Performed for networks only: the tests' own engine may be shared, and a network of nobody is missed by nobody.
    @Test(arguments: LabEngine.all) func prunesNetworks(_ lab: LabEngine) async throws {
        try await lab.withNetwork("prune") { _, name in
            let engine = WatchedEngine(lab.address).engine
            let operation = Operation(.prune(.networks), on: .source(engine.source.id, name: "test"))
            let plan = try await engine.plan(operation)
            #expect(plan.changes.contains { $0.subject == name })
            let done = try await engine.perform(plan)
            #expect(done == "removed \(plan.changes.count) \(plan.changes.count == 1 ? "network" : "networks")")
            let after = try await engine.plan(operation)
            #expect(after.obstacle == "there is nothing to prune")
        }
    }
}
