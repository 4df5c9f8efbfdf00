internal import Domain
internal import Engine
internal import Synchronization
internal import Testing
@testable internal import RegistryEngine

@Suite struct RegistryEngineTests {
    private static let http = ["SERVICE_NAME": "web", "SERVICE_CHECK_HTTP": "/health", "SERVICE_CHECK_INTERVAL": "1s"]

    @Test func aContainersServiceIsRegisteredAndChecked() async throws {
        let service = try ScriptedService()
        defer { service.stop() }
        let file = ScratchFile()
        let bench = Bench(path: file.path)
        bench.hearDocker()
        bench.hear([Bench.container("web-1", port: service.port, variables: Self.http)])
        try await bench.watched {
            let passing = try await bench.ledger.check("node-1/service:node-1:web-1:80", .passing)
            #expect(passing.service == "web")
            #expect(passing.serviceID == "node-1:web-1:80")
            #expect(passing.node == "node-1")
            #expect(passing.kind == "http")
            #expect(passing.container == nil)
            #expect(passing.definition == "GET http://127.0.0.1:\(service.port)/health every 1 s")
            let instance = try #require(bench.ledger.told.instances?.first)
            #expect((instance.endpoint, instance.node, instance.container?.raw) == ("127.0.0.1:\(service.port)", "node-1", "id-of-web-1"))
            try await bench.live()
            #expect(bench.ledger.told.statuses[passing.id.raw] == [.starting, .passing])
            #expect(bench.ledger.told.members?.map(\.name) == ["node-1"])
            #expect(bench.ledger.told.members?.first?.status == .alive)
            #expect(bench.ledger.told.registry?.node == "node-1")
            #expect(bench.attention.wantsServiceVariables)
            service.answer { _ in .status(503, "down") }
            let critical = try await bench.ledger.check(passing.id.raw, .critical)
            #expect(critical.output.hasSuffix("503 Service Unavailable Output: down"))
            #expect(!critical.isSinceAtLeast)
        }
        #expect(!bench.attention.wantsServiceVariables)
    }

    @Test func whoStopsLeavesAndComesBackAsTheSame() async throws {
        let file = ScratchFile()
        let bench = Bench(path: file.path)
        bench.hearDocker()
        bench.hear([Bench.container("web-1", id: "one", port: 8080, variables: ["SERVICE_NAME": "web"])])
        try await bench.watched {
            let first = try await bench.ledger.find("the instance") { $0.instances?.first }
            bench.engine.hear(.container(Bench.container("web-1", id: "one", port: 8080, isRunning: false)))
            _ = try await bench.ledger.find("nothing") { $0.instances?.isEmpty == true ? true : nil }
            bench.engine.hear(.container(Bench.container("web-1", id: "two", port: 8080, variables: ["SERVICE_NAME": "web"])))
            let second = try await bench.ledger.find("the instance again") { $0.instances?.first }
            #expect(first.id == second.id)
            #expect(second.container?.raw == "two")
            bench.engine.hear(.containerGone(Container.ID(Bench.docker, "two")))
            _ = try await bench.ledger.find("nothing again") { $0.instances?.isEmpty == true ? true : nil }
        }
    }

    @Test func theEnvironmentIsWaitedForAndThenGoneWithout() async throws {
        let file = ScratchFile()
        var pace = Bench.hurried
        pace.inspectionPatience = .seconds(600)
        let patient = Bench(path: file.path, pace: pace)
        patient.hearDocker()
        patient.hear([Bench.container("web-1", port: 8080, isInspected: false)])
        try await patient.watched {
            _ = try await patient.ledger.find("an empty registry") { $0.instances?.isEmpty == true ? true : nil }
            patient.engine.hear(.detail(Container.ID(Bench.docker, "id-of-web-1"), Container.Detail(serviceVariables: ["SERVICE_NAME": "late"])))
            let service = try await patient.ledger.find("the service") { $0.instances?.first }
            #expect(service.service == "late")
        }
        let hurried = Bench(path: file.path)
        hurried.hearDocker()
        hurried.hear([Bench.container("web-1", port: 8080, isInspected: false)])
        try await hurried.watched {
            let service = try await hurried.ledger.find("the service") { $0.instances?.first }
            #expect(service.service == "nginx")
        }
    }

    @Test func aWorkerWithoutPortsIsRegisteredAtItsOwnAddress() async throws {
        let file = ScratchFile()
        let bench = Bench(path: file.path, allowsScripts: true) { command, container, _ in
            CommandResult(exitCode: 1, output: "\(command.last ?? "") in \(container.raw)")
        }
        bench.hearDocker()
        bench.hear([Bench.container("worker", variables: ["SERVICE_NAME": "worker", "SERVICE_CHECK_SCRIPT": "test $SERVICE_IP"])])
        try await bench.watched {
            let check = try await bench.ledger.check("node-1/service:node-1:worker:0", .warning)
            #expect(check.output == "test 127.0.0.1 in id-of-worker")
        }
    }

    // Which registry holds.

    @Test func aLiveConsulKeepsItOff() async throws {
        let file = ScratchFile()
        let bench = Bench(path: file.path, mode: .auto)
        bench.hearConsul(.live(since: Timestamp(seconds: 1)))
        bench.hear([Bench.container("web-1", port: 8080)])
        try await bench.watched {
            let source = try await bench.ledger.find("absence") { told -> Source? in
                if case .absent = told.source?.freshness { told.source } else { nil }
            }
            #expect(source.freshness == .absent("Consul holds the registry here; the built-in one is used where no Consul answers"))
            #expect(bench.ledger.told.instances?.isEmpty ?? true)
            #expect(!bench.attention.wantsServiceVariables)
        }
    }

    @Test func aConsulThatFailedIsWaitedForNoLongerAndOneThatComesTakesOver() async throws {
        let file = ScratchFile()
        var pace = Bench.hurried
        pace.consulPatience = .seconds(600)
        let bench = Bench(path: file.path, mode: .auto, pace: pace)
        let trouble = Trouble(.unreachable, attempt: "reach Consul", answer: "connection refused")
        bench.hearDocker()
        bench.hearConsul(.failed(since: Timestamp(seconds: 1), trouble))
        bench.hear([Bench.container("web-1", port: 8080, variables: ["SERVICE_CHECK_TTL": "30s"])])
        try await bench.watched {
            _ = try await bench.ledger.find("the instance") { $0.instances?.first }
            _ = try await bench.ledger.find("its check") { $0.checks?.values.first }
            try await bench.live()
            bench.hearConsul(.live(since: Timestamp(seconds: 2)))
            _ = try await bench.ledger.find("withdrawal") { told in
                guard case .absent = told.source?.freshness else { return nil as Bool? }
                return told.instances?.isEmpty == true && told.checks?.isEmpty == true && told.members?.isEmpty == true ? true : nil
            }
            // Lost, but it was there: its facts are stale, and ours would be a second truth.
            bench.hearConsul(.stale(since: Timestamp(seconds: 3), trouble))
            bench.hearConsul(.absent("no Consul here"))
            _ = try await bench.ledger.find("return") { $0.instances?.isEmpty == false && $0.checks?.isEmpty == false ? true : nil }
            try await bench.live()
        }
    }

    @Test func withoutWordOfAConsulItBeginsByItself() async throws {
        let file = ScratchFile()
        let bench = Bench(path: file.path, mode: .auto)
        bench.hearDocker()
        bench.hear([])
        try await bench.watched { try await bench.live() }
    }

    @Test func aConsulThatNeverAnswersIsNotWaitedForForEver() async throws {
        let file = ScratchFile()
        let bench = Bench(path: file.path, mode: .auto)
        bench.hearConsul(.connecting(since: Timestamp(seconds: 1)))
        bench.hearDocker()
        bench.hear([])
        try await bench.watched { try await bench.live() }
    }

    @Test func onStaysOnBesideAConsul() async throws {
        let file = ScratchFile()
        let bench = Bench(path: file.path, mode: .on)
        bench.hearConsul(.live(since: Timestamp(seconds: 1)))
        bench.hearDocker()
        bench.hear([])
        try await bench.watched { try await bench.live() }
    }

    @Test func offSaysSoAndTouchesNothing() async throws {
        let file = ScratchFile()
        let bench = Bench(path: file.path, mode: .off)
        await bench.engine.watch(into: { bench.ledger.receive($0) }, attention: bench.attention)
        guard case .absent = bench.ledger.told.source?.freshness else {
            Issue.record("it is not called absent")
            return
        }
        #expect(bench.ledger.told.instances == nil)
    }

    // Bounds.

    @Test func noMoreThanSixteenRunAtOnce() async throws {
        struct Count: Sendable { var now = 0, most = 0, done = 0 }
        let count = Mutex(Count())
        let file = ScratchFile()
        let bench = Bench(path: file.path, allowsScripts: true) { _, _, _ in
            count.withLock {
                $0.now += 1
                $0.most = max($0.most, $0.now)
            }
            // Lets the others begin, who would be too many now.
            for _ in 0..<20 { await Task.yield() }
            count.withLock {
                $0.now -= 1
                $0.done += 1
            }
            return CommandResult(exitCode: 0, output: "")
        }
        bench.hearDocker()
        bench.hear((0..<200).map { Bench.container("worker-\($0)", variables: ["SERVICE_NAME": "worker", "SERVICE_CHECK_SCRIPT": "true"]) })
        try await bench.watched {
            _ = try await bench.ledger.find("all passing") { told -> Bool? in
                guard let checks = told.checks, checks.count == 200 else { return nil }
                return checks.values.allSatisfy { $0.status == .passing } ? true : nil
            }
        }
        #expect(count.withLock { $0.most } <= RegistryWatch.concurrency)
        #expect(count.withLock { $0.done } >= 200)
    }

    @Test func moreInstancesThanAreKept() async throws {
        let file = ScratchFile()
        let bench = Bench(path: file.path)
        bench.hearDocker()
        bench.hear((0..<Holdings.serviceLimit + 200).map { Bench.container("c-\($0)", port: 8080) })
        try await bench.watched {
            let instances = try await bench.ledger.find("instances") { told in told.instances.flatMap { $0.isEmpty ? nil : $0 } }
            #expect(instances.count == Holdings.serviceLimit)
        }
    }

    @Test func twoThatClaimOneIdAreOneInstanceTheNewestOne() async throws {
        let file = ScratchFile()
        let bench = Bench(path: file.path)
        var old = Bench.container("old", port: 8080, variables: ["SERVICE_ID": "same"])
        old.created = Timestamp(seconds: 100)
        var new = Bench.container("new", port: 8081, variables: ["SERVICE_ID": "same"])
        new.created = Timestamp(seconds: 200)
        bench.hearDocker()
        bench.hear([new, old])
        try await bench.watched {
            let instances = try await bench.ledger.find("instances") { told in told.instances.flatMap { $0.isEmpty ? nil : $0 } }
            #expect(instances.map(\.port) == [8081])
            bench.engine.hear(.containerGone(Container.ID(Bench.docker, "id-of-new")))
            _ = try await bench.ledger.find("the other one") { $0.instances?.first?.port == 8080 ? true : nil }
        }
    }
}
