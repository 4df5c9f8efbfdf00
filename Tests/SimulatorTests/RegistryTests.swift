import Domain
import Simulator
import Testing

@Suite struct RegistryTests {
    @Test func entriesFollowContainers() throws {
        var cluster = Cluster()
        #expect(cluster.world.registry.instances(of: "cart").count == 2)
        try cluster.change("shop_cart") { $0.mode = .replicated(3) }
        cluster.wait(3)
        let fresh = try #require(cluster.world.registry.instances(of: "cart").last)
        #expect(cluster.world.registry.checks(of: fresh).map(\.status) == [.critical])
        cluster.wait(30)
        let entries = cluster.world.registry.instances(of: "cart")
        #expect(entries.count == 3)
        for entry in entries {
            let container = try #require(entry.container.flatMap { cluster.world.containers[$0] })
            #expect(entry.id == "\(entry.node):\(container.name):8081")
            #expect(entry.address == container.address)
            let checks = cluster.world.registry.checks(of: entry)
            #expect(checks.map(\.status) == [.passing])
            #expect(checks.first?.output == "HTTP GET http://\(entry.address):8081/health: 200 OK Output: ok")
        }
        try cluster.change("shop_cart") { $0.mode = .replicated(0) }
        cluster.wait(10)
        #expect(cluster.world.registry.instances(of: "cart").isEmpty)
        #expect(!cluster.world.registry.serviceNames.contains("cart"))
        #expect(!cluster.world.registry.checks.values.contains { $0.serviceName == "cart" })
    }

    @Test func withoutRegistratorTheEntryStaysAndTurnsRed() throws {
        var cluster = Cluster()
        let cart = try #require(cluster.container("shop_cart.1"))
        try cluster.world.order(.stopContainer("registrator", grace: nil, host: cart.host))
        cluster.wait(2)
        try cluster.world.order(.mishap(.crash(container: "shop_cart.1", code: 1, lastWords: "")))
        cluster.wait(15)
        let entry = try #require(cluster.world.registry.instances(of: "cart").first { $0.container == cart.id })
        let check = try #require(cluster.world.registry.checks(of: entry).first)
        #expect(check.status == .critical)
        #expect(check.output == "Get \"http://\(entry.address):8081/health\": dial tcp \(entry.address):8081: connect: connection refused")
    }

    @Test func aFlappingCheckFlaps() throws {
        var cluster = Cluster()
        cluster.world.play(Scenario.named("flapping-check"))
        var flips = 0
        var last = SimCheck.Status.passing
        for _ in 0..<64 {
            cluster.wait(1)
            let check = try #require(cluster.world.registry.instances(of: "pay").flatMap { cluster.world.registry.checks(of: $0) }.first)
            if check.status != last { flips += 1 }
            last = check.status
        }
        #expect(flips == 8)
        #expect(try cluster.running("shop_pay").count == 2)
    }

    @Test func onlyChangesRaiseAnIndex() throws {
        var cluster = Cluster()
        cluster.wait(60)
        let before = cluster.world.registry.index
        cluster.wait(600)
        #expect(cluster.world.registry.index == before)
        var entry = SimInstance(node: "", id: "job-1", name: "job")
        entry.port = 9
        let order = Order.register(entry, checks: [], replacesChecks: false, agent: "h1")
        try cluster.world.order(order)
        #expect(cluster.world.registry.index == before + 1)
        #expect(cluster.world.registry.servicesIndex == before + 1)
        #expect(cluster.world.registry.serviceIndexes["job"] == before + 1)
        try cluster.world.order(order)
        #expect(cluster.world.registry.index == before + 1)
        try cluster.world.order(.deregister(service: "job-1", agent: "h1"))
        try cluster.world.order(.deregister(service: "never-there", agent: "h1"))
        #expect(cluster.world.registry.index == before + 2)
        #expect(cluster.world.registry.serviceIndexes["job"] == before + 2)
    }

    @Test func aTTLRunsOut() throws {
        var cluster = Cluster()
        let check = SimCheck(node: "h1", id: "pulse", name: "pulse", kind: .ttl(.seconds(10)))
        try cluster.world.order(.registerCheck(check, agent: "h1"))
        try cluster.world.order(.setTTL(check: "pulse", status: .passing, output: "beating", agent: "h1"))
        cluster.wait(8)
        try cluster.world.order(.setTTL(check: "pulse", status: .warning, output: "slow", agent: "h1"))
        cluster.wait(8)
        #expect(cluster.world.registry.checks["h1/pulse"]?.status == .warning)
        cluster.wait(3)
        #expect(cluster.world.registry.checks["h1/pulse"]?.status == .critical)
        #expect(cluster.world.registry.checks["h1/pulse"]?.output == "TTL expired")
        #expect(cluster.refusal(.setTTL(check: "serfHealth", status: .passing, output: "", agent: "h1"))?.message == "CheckID \"serfHealth\" does not have associated TTL")
    }

    @Test func maintenanceIsACheck() throws {
        var cluster = Cluster()
        let entry = try #require(cluster.world.registry.instances(of: "web").first)
        try cluster.world.order(.serviceMaintenance(service: entry.id, isOn: true, reason: "new disk", agent: entry.node))
        let check = try #require(cluster.world.registry.checks["\(entry.node)/_service_maintenance:\(entry.id)"])
        #expect(check.status == .critical)
        #expect(check.notes == "new disk")
        #expect(check.kind == .maintenance)
        #expect(cluster.world.resolve("web.service.consul")?.records.count == 3)
        try cluster.world.order(.serviceMaintenance(service: entry.id, isOn: false, reason: "", agent: entry.node))
        #expect(cluster.world.resolve("web.service.consul")?.records.count == 4)
        #expect(cluster.refusal(.serviceMaintenance(service: "none", isOn: true, reason: "", agent: "h1")) == OrderRefusal(.notFound, "No service registered with ID \"none\""))
    }

    @Test func withoutALeaderNothingIsWritten() throws {
        var cluster = Cluster()
        cluster.wait(60)
        try cluster.world.order(.mishap(.loseRegistryLeader))
        let before = cluster.world.registry.index
        #expect(cluster.world.registry.leader.isEmpty)
        try cluster.change("shop_cart") { $0.mode = .replicated(3) }
        try cluster.world.order(.register(SimInstance(node: "", id: "job-1", name: "job"), checks: [], replacesChecks: false, agent: "h1"))
        cluster.wait(60)
        #expect(cluster.world.registry.index == before)
        #expect(cluster.refusal(.catalogDeregister(node: "h1", service: "x", check: ""))?.message == "No cluster leader")
        try cluster.world.order(.mishap(.returnRegistryLeader))
        cluster.wait(30)
        #expect(cluster.world.registry.leader == "10.20.0.11:8300")
        #expect(cluster.world.registry.instances(of: "cart").count == 3)
        #expect(cluster.world.registry.instances(of: "job").count == 1)
    }

    @Test func namesResolve() throws {
        let world = Cluster().world
        #expect(world.resolve("h2.node.consul")?.records.map(\.address) == ["10.20.0.12"])
        #expect(world.resolve("public.web.service.dc1.consul")?.records.count == 4)
        #expect(world.resolve("nothing.web.service.consul")?.records.isEmpty == true)
        #expect(world.resolve("nothing.service.consul") == nil)
        #expect(world.resolve("example.org") == nil)
    }

    @Test func aCriticalInstanceIsTakenOutInTheEnd() throws {
        var cluster = Cluster()
        var check = SimCheck(node: "", id: "", name: "", kind: .tcp("10.99.0.1:80"))
        check.deregisterAfter = .seconds(60)
        try cluster.world.order(.register(SimInstance(node: "", id: "gone-1", name: "gone"), checks: [check], replacesChecks: false, agent: "h1"))
        cluster.wait(50)
        #expect(cluster.world.registry.instances(of: "gone").count == 1)
        #expect(cluster.world.registry.checks["h1/service:gone-1"]?.output == "dial tcp 10.99.0.1:80: i/o timeout")
        cluster.wait(60)
        #expect(cluster.world.registry.instances(of: "gone").isEmpty)
    }
}
