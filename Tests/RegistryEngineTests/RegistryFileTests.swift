internal import Domain
internal import Engine
internal import Glibc
internal import Testing
@testable internal import RegistryEngine

@Suite struct RegistryFileTests {
    private static let registry = Operation.Target.source(RegistryEngine.sourceID, name: "built-in")
    private static let now = Timestamp(seconds: 1_800_000_000)

    private static func mode(_ path: String) -> mode_t? {
        var facts = stat()
        return stat(path, &facts) == 0 ? facts.st_mode & 0o777 : nil
    }

    @Test func onlyItsOwnerMayReadIt() throws {
        let file = ScratchFile()
        _ = try RegistryFile(path: file.path)
        #expect(Self.mode(file.path) == 0o600)
        chmod(file.path, 0o644)
        _ = try RegistryFile(path: file.path)
        #expect(Self.mode(file.path) == 0o600)
    }

    @Test func whatIsRegisteredByHandSurvivesAndWhatWasKnownIsTold() async throws {
        let service = try ScriptedService { _ in .status(500, "broken") }
        defer { service.stop() }
        let file = ScratchFile()
        let definition = CheckDefinition(probe: .http(url: "http://127.0.0.1:\(service.port)/", method: "GET", verifiesTLS: true), interval: 86_400)
        let first = Bench(path: file.path)
        try await first.watched {
            first.hearDocker()
            first.hear([Bench.container("web-1", port: 8080)])
            try await first.live()
            let plan = try await first.engine.plan(
                Operation(.registry(.register(ServiceRegistration(name: "api", address: "127.0.0.1", port: 1, checks: [definition]))), on: Self.registry))
            _ = try await first.engine.perform(plan)
            _ = try await first.ledger.check("node-1/service:api", .critical)
            let maintenance = Operation(
                .registry(.maintenance(true, reason: "disk")), on: .instance(ServiceInstance.ID(RegistryEngine.sourceID, "node-1/api"), name: "api"))
            _ = try await first.engine.perform(try await first.engine.plan(maintenance))
        }
        var pace = Bench.hurried
        pace.jitter = .seconds(600)
        let second = Bench(path: file.path, pace: pace, now: Self.now.adding(.seconds(600)))
        try await second.watched {
            second.hearDocker()
            second.hear([])
            let instances = try await second.ledger.find("instances") { told in told.instances.flatMap { $0.isEmpty ? nil : $0 } }
            // The container's own is forgotten until its engine tells of it.
            #expect(instances.map(\.id.raw) == ["node-1/api"])
            let check = try await second.ledger.check("node-1/service:api", .starting)
            #expect(check.output.contains("10 min ago it was critical"))
            #expect(check.output.contains("500 Internal Server Error Output: broken"))
            let maintenance = try await second.ledger.check("node-1/_service_maintenance:api", .maintenance)
            #expect((maintenance.notes, maintenance.since) == ("disk", Self.now))
        }
    }

    @Test func withoutAFileItWorksInMemoryAndSaysSo() async throws {
        let bench = Bench(path: "/nowhere/registry.sqlite")
        try await bench.watched {
            bench.hearDocker()
            bench.hear([Bench.container("web-1", port: 8080)])
            _ = try await bench.ledger.find("the instance") { $0.instances?.first }
            let source = try await bench.ledger.find("a remark") { told in told.source.flatMap { $0.remarks.isEmpty ? nil : $0 } }
            #expect(source.remarks.first?.contains("in memory only") == true)
            try await bench.live()
            let plan = try await bench.engine.plan(Operation(.registry(.register(ServiceRegistration(name: "x", port: 1))), on: Self.registry))
            #expect(try await bench.engine.perform(plan).contains("until Binnacle ends"))
        }
    }

    @Test func aFileThatIsNoDatabaseIsLeftAlone() async throws {
        let file = ScratchFile()
        let descriptor = open(file.path, O_RDWR | O_CREAT, 0o600)
        let garbage = [UInt8](repeating: UInt8(ascii: "x"), count: 8192)
        #expect(write(descriptor, garbage, garbage.count) == garbage.count)
        close(descriptor)
        let bench = Bench(path: file.path)
        try await bench.watched {
            bench.hearDocker()
            bench.hear([])
            _ = try await bench.ledger.find("a remark") { $0.source?.remarks.isEmpty == false ? true : nil }
            try await bench.live()
        }
        var facts = stat()
        #expect(stat(file.path, &facts) == 0 && facts.st_size == 8192)
    }

    @Test func theOldestGoFirst() async throws {
        let file = ScratchFile()
        let store = try RegistryFile(path: file.path)
        func memory(_ age: Int64) -> CheckBoard.Memory {
            CheckBoard.Memory(status: .passing, output: "", since: Self.now, ranAt: Timestamp(seconds: Self.now.seconds - age), flips: 0)
        }
        let old = RegistryFile.Batch(results: Dictionary(uniqueKeysWithValues: (0..<500).map { ("box/old-\($0)", memory(1000)) }))
        let new = RegistryFile.Batch(results: Dictionary(uniqueKeysWithValues: (0..<RegistryFile.resultLimit).map { ("box/new-\($0)", memory(1)) }))
        let services = RegistryFile.Batch(
            services: Dictionary(uniqueKeysWithValues: (0..<RegistryFile.serviceLimit + 10).map { ("box/\($0)", (ServiceRegistration(node: "box", id: "\($0)", name: "x"), true)) }))
        try await store.write(old, at: Self.now)
        try await store.write(new, at: Self.now)
        try await store.write(services, at: Self.now)
        #expect(try await store.counts() == (RegistryFile.serviceLimit, RegistryFile.resultLimit))
        #expect(try await store.load().results.keys.allSatisfy { $0.hasPrefix("box/new") })
    }

    @Test func batchesAreAddedInTheirOrder() {
        let service = (registration: ServiceRegistration(name: "x"), isHandmade: true)
        var batch = RegistryFile.Batch(services: ["a": service])
        batch.add(RegistryFile.Batch(goneServices: ["a"]))
        #expect(batch.services.isEmpty && batch.goneServices == ["a"])
        batch.add(RegistryFile.Batch(services: ["a": service]))
        #expect(batch.services.count == 1 && batch.goneServices.isEmpty)
    }
}

@Suite struct RosterTests {
    @Test(arguments: [
        ("unix:///var/run/docker.sock", nil), ("tcp://10.0.0.5:2376 (TLS)", "10.0.0.5"), ("tcp://[fe80::1]:2375", "fe80::1"), ("ssh://me@box", "box"),
        ("ssh://me@box:22/run/docker.sock", "box"), ("", nil), ("nonsense", nil), ("tcp://", nil), ("tcp://[::1", nil),
    ] as [(String, String?)])
    func machines(address: String, machine: String?) {
        #expect(Roster.machine(of: address) == machine)
    }

    @Test func aPublishedPortOfARemoteEngineIsReachedThere() {
        var roster = Roster(source: RegistryEngine.sourceID, hostname: "box", hostAddress: "127.0.0.1")
        let remote = Source.ID("docker:far")
        let host = Host.ID(remote, "far")
        _ = roster.fold(
            hosts: [host: Host(id: host, name: "far/away")], sources: [remote: Source(id: remote, kind: .docker, title: "docker", name: "far", address: "tcp://10.0.0.5:2375")])
        #expect(roster.node(of: host) == ("far-away", "10.0.0.5"))
        #expect(roster.ownNode == "box")
        #expect(roster.members(besides: ["other"]).map(\.name) == ["box", "far-away", "other"])
        #expect(roster.members(besides: ["other"]).map(\.status) == [.alive, .unknown, .external])
        let trouble = Trouble(.unreachable, attempt: "reach it", answer: "no route")
        _ = roster.fold(
            hosts: [:],
            sources: [remote: Source(id: remote, kind: .docker, title: "docker", name: "far", address: "tcp://10.0.0.5:2375", freshness: .stale(since: Timestamp(seconds: 1), trouble))])
        #expect(roster.members(besides: []).last?.status == .failed)
    }
}
