internal import Domain
internal import Engine
internal import Testing
@testable internal import RegistryEngine

@Suite struct RegistryChangesTests {
    private static let registry = Operation.Target.source(RegistryEngine.sourceID, name: "built-in")

    private static func instance(_ raw: String) -> Operation.Target { .instance(ServiceInstance.ID(RegistryEngine.sourceID, raw), name: raw) }

    private static func check(_ raw: String) -> Operation.Target { .check(Check.ID(RegistryEngine.sourceID, raw), name: raw) }

    /// Plans and performs; answers the plan.
    @discardableResult
    private static func perform(_ change: RegistryChange, on target: Operation.Target, _ bench: Bench) async throws -> Plan {
        let plan = try await bench.engine.plan(Operation(.registry(change), on: target))
        try #require(plan.obstacle == nil)
        _ = try await bench.engine.perform(plan)
        return plan
    }

    private static func started(_ bench: Bench, _ containers: [Container] = []) async throws {
        bench.hearDocker()
        bench.hear(containers)
        try await bench.live()
    }

    private static let database = ServiceRegistration(
        name: "database", address: "127.0.0.1", port: 5432, tags: ["primary"], checks: [CheckDefinition(probe: .tcp("127.0.0.1:1"), interval: 60)])

    @Test func registeredByHandAndTakenOutByUndo() async throws {
        let file = ScratchFile()
        let bench = Bench(path: file.path)
        try await bench.watched {
            try await Self.started(bench)
            let plan = try await Self.perform(.register(Self.database), on: Self.registry, bench)
            #expect(plan.changes.first?.after == "database at 127.0.0.1:5432 (primary)")
            let instance = try await bench.ledger.find("the instance") { $0.instances?.first }
            #expect(instance.id.raw == "node-1/database")
            _ = try await bench.ledger.check("node-1/service:database", .critical)
            let undo = try #require(plan.undo)
            let back = try await bench.engine.plan(undo)
            #expect(back.undo == Operation(.registry(.register(Self.kept)), on: Self.registry))
            _ = try await bench.engine.perform(back)
            _ = try await bench.ledger.find("nothing") { $0.instances?.isEmpty == true && $0.checks?.isEmpty == true ? true : nil }
        }
    }

    /// What the registry made of `database`: with a node and ids.
    private static var kept: ServiceRegistration {
        var registration = database
        registration.node = "node-1"
        registration.id = "database"
        registration.checks[0].id = "service:database"
        registration.checks[0].name = "Service “database” check"
        return registration
    }

    @Test func aContainersInstanceCannotBeTakenOut() async throws {
        let file = ScratchFile()
        let bench = Bench(path: file.path)
        try await bench.watched {
            try await Self.started(bench, [Bench.container("web-1", port: 8080, variables: ["SERVICE_CHECK_TTL": "1h"])])
            let target = Self.instance("node-1/node-1:web-1:80")
            let plan = try await bench.engine.plan(Operation(.registry(.deregister), on: target))
            #expect(plan.obstacle?.contains("SERVICE_IGNORE=yes") == true)
            await #expect(throws: Trouble.self) { try await bench.engine.perform(plan) }
            let check = try await bench.engine.plan(Operation(.registry(.deregister), on: Self.check("node-1/service:node-1:web-1:80")))
            #expect(check.obstacle != nil)
        }
    }

    @Test func maintenanceBeginsAndEnds() async throws {
        let file = ScratchFile()
        let bench = Bench(path: file.path)
        try await bench.watched {
            try await Self.started(bench, [Bench.container("web-1", port: 8080)])
            let target = Self.instance("node-1/node-1:web-1:80")
            let plan = try await Self.perform(.maintenance(true, reason: "new disk"), on: target, bench)
            let check = try await bench.ledger.check("node-1/_service_maintenance:node-1:web-1:80", .maintenance)
            #expect((check.notes, check.output, check.kind, check.service) == ("new disk", "new disk", "maintenance", "nginx"))
            #expect(try await bench.engine.plan(plan.operation).idle != nil)
            #expect(plan.undo == Operation(.registry(.maintenance(false, reason: "")), on: target))
            let member = Operation.Target.member(Member.ID(RegistryEngine.sourceID, "node-1"), name: "node-1")
            try await Self.perform(.maintenance(true, reason: "kernel"), on: member, bench)
            let node = try await bench.ledger.check("node-1/_node_maintenance", .maintenance)
            #expect((node.service, node.node) == ("", "node-1"))
            let end = try await Self.perform(.maintenance(false, reason: ""), on: target, bench)
            #expect(end.undo == Operation(.registry(.maintenance(true, reason: "new disk")), on: target))
            _ = try await bench.ledger.find("its end") { $0.checks?["node-1/_service_maintenance:node-1:web-1:80"] == nil ? true : nil }
        }
    }

    @Test func aCheckIsAddedToAnInstanceAndTakenAway() async throws {
        let service = try ScriptedService()
        defer { service.stop() }
        let file = ScratchFile()
        let bench = Bench(path: file.path)
        try await bench.watched {
            try await Self.started(bench, [Bench.container("web-1", port: service.port)])
            let definition = CheckDefinition(name: "open", probe: .tcp("127.0.0.1:\(service.port)"), interval: 1)
            let plan = try await Self.perform(.registerCheck(definition), on: Self.instance("node-1/node-1:web-1:80"), bench)
            let check = try await bench.ledger.check("node-1/open", .passing)
            #expect(check.serviceID == "node-1:web-1:80")
            try await Self.perform(.registerCheck(definition), on: Self.registry, bench)
            _ = try await bench.ledger.find("the node's check") { $0.checks?["node-1/open"]?.serviceID.isEmpty == true ? true : nil }
            let undo = try await bench.engine.plan(try #require(plan.undo))
            _ = try await bench.engine.perform(undo)
            _ = try await bench.ledger.find("its end") { $0.checks?["node-1/open"] == nil ? true : nil }
        }
    }

    @Test func whatCannotBeDoneSaysWhy() async throws {
        let file = ScratchFile()
        let bench = Bench(path: file.path)
        try await bench.watched {
            try await Self.started(bench, [Bench.container("web-1", port: 8080)])
            func obstacle(_ change: RegistryChange, _ target: Operation.Target) async throws -> String? {
                try await bench.engine.plan(Operation(.registry(change), on: target)).obstacle
            }
            #expect(try await obstacle(.register(ServiceRegistration(name: "")), Self.registry) != nil)
            #expect(try await obstacle(.register(ServiceRegistration(name: "x", port: 70_000)), Self.registry) != nil)
            #expect(try await obstacle(.register(ServiceRegistration(id: "node-1:web-1:80", name: "x")), Self.registry) != nil)
            #expect(try await obstacle(.deregister, Self.instance("node-1/nobody")) == "it has gone")
            #expect(try await obstacle(.deregister, .member(Member.ID(RegistryEngine.sourceID, "node-1"), name: "node-1")) != nil)
            #expect(try await obstacle(.maintenance(true, reason: ""), .member(Member.ID(RegistryEngine.sourceID, "nobody"), name: "x")) == "it has gone")
            #expect(try await bench.engine.plan(Operation(.start, on: Self.registry)).obstacle != nil)
        }
        let readOnly = Bench(path: file.path, isReadOnly: true)
        try await readOnly.watched {
            try await Self.started(readOnly)
            #expect(try await readOnly.engine.plan(Operation(.registry(.register(Self.database)), on: Self.registry)).obstacle?.contains("read-only") == true)
        }
    }

    @Test func hostileRegistrationsAreBounded() async throws {
        let file = ScratchFile()
        let bench = Bench(path: file.path)
        try await bench.watched {
            try await Self.started(bench)
            let huge = String(repeating: "x", count: 1 << 20)
            var registration = ServiceRegistration(node: "a/b\u{1B}", id: "i\n\u{1B}" + huge, name: "n\u{0}" + huge, tags: [huge], meta: [huge: huge])
            registration.checks = (0..<1000).map { CheckDefinition(id: "\($0)", name: huge, probe: .ttl(.infinity), interval: .nan, timeout: .infinity) }
            try await Self.perform(.register(registration), on: Self.registry, bench)
            let instance = try await bench.ledger.find("the instance") { $0.instances?.first }
            #expect(instance.node == "a-b")
            #expect(instance.serviceID.count <= 255 && instance.service.count <= 255)
            #expect(instance.meta.allSatisfy { $0.key.count <= 255 && $0.value.count <= 512 })
            let checks = try await bench.ledger.find("checks") { $0.checks.flatMap { $0.isEmpty ? nil : $0 } }
            #expect(checks.count == 64)
            let json = try await bench.engine.rawJSON(of: .instance(instance.id, name: "n"))
            #expect(json.hasPrefix("{"))
        }
    }

    @Test func beforeItIsWatchedItSaysSo() async throws {
        let bench = Bench(path: ScratchFile().path)
        await #expect(throws: Trouble.self) { try await bench.engine.plan(Operation(.registry(.deregister), on: Self.registry)) }
    }
}
