import Domain
import Simulator
import Testing

@Suite struct WorldTests {
    @Test func theSameSeedGivesTheSameWorld() throws {
        func play(_ seed: UInt64) throws -> [Happening] {
            var cluster = Cluster(seed: seed)
            cluster.world.play(Scenario.named("bad-deploy"))
            var all = cluster.wait(30)
            try cluster.world.order(.restartContainer("toolbox", grace: nil, host: "h1"))
            all += cluster.wait(60)
            return all
        }
        let first = try play(1)
        #expect(first.count > 100)
        #expect(try play(1) == first)
        #expect(try play(2) != first)
    }

    @Test func stepsOfAnySizeComeToTheSame() {
        var one = Cluster()
        one.world.play(Scenario.named("node-loss"))
        var many = one
        let atOnce = one.wait(60)
        var bitByBit: [Happening] = []
        for _ in 0..<600 { bitByBit += many.world.advance(by: .milliseconds(100)) }
        #expect(atOnce == bitByBit)
    }

    @Test func theBaseClusterIsWhole() throws {
        let cluster = Cluster()
        #expect(cluster.world.hosts.count == 3)
        #expect(cluster.world.swarm.services.count == 8)
        #expect(cluster.world.containers.count == 25)
        #expect(cluster.world.swarm.nodes.values.allSatisfy { $0.state == .ready })
        for service in cluster.world.swarm.services.values {
            let status = cluster.world.serviceStatus(service)
            #expect(status.running == status.desired, "\(service.spec.name)")
        }
        #expect(Set(cluster.world.registry.serviceNames) == ["consul", "edge", "web", "cart", "pay", "db", "cache", "search"])
        #expect(cluster.world.registry.checks.values.allSatisfy { $0.status == .passing })
        #expect(try cluster.world.container("backup", on: "h1").state == .exited)
        let addresses = cluster.world.containers.values.flatMap { container in container.endpoints.map { "\($0.network) \($0.address)" } }.filter { !$0.hasSuffix(" ") }
        #expect(Set(addresses).count == addresses.count)
    }

    @Test func whereNothingHappensNothingIsDone() {
        var cluster = Cluster()
        cluster.wait(60)
        let before = cluster.world.deedsDone
        #expect(cluster.wait(86_400).isEmpty)
        #expect(cluster.world.deedsDone == before)
    }

    @Test func happeningsAreNumberedAndKept() throws {
        var cluster = Cluster()
        let before = cluster.world.lastSequence
        try cluster.world.order(.stopContainer("toolbox", grace: .seconds(1), host: "h1"))
        cluster.wait(5)
        let news = cluster.world.happenings(after: before)
        #expect(news.map(\.sequence) == Array(before + 1...cluster.world.lastSequence))
        #expect(zip(news, news.dropFirst()).allSatisfy { $0.time <= $1.time })
        #expect(cluster.world.happenings(after: cluster.world.lastSequence).isEmpty)
        #expect(cluster.world.happenings(after: .max).isEmpty)
    }

    @Test func theBooksOfNodesAreTheSumOfTheirTasks() throws {
        for scenario in Scenario.all {
            var cluster = Cluster()
            cluster.world.play(scenario)
            for _ in 0..<50 {
                cluster.wait(7)
                for node in cluster.world.swarm.nodes.values {
                    let held = node.tasks.compactMap { cluster.world.swarm.tasks[$0] }.filter { !$0.state.isOver && $0.state >= .assigned }
                    #expect(node.reserved.nanoCPUs == held.reduce(0) { $0 + $1.template.reservations.nanoCPUs }, "\(scenario.name)")
                    #expect(node.reserved.nanoCPUs <= node.resources.nanoCPUs)
                }
                for service in cluster.world.swarm.services.values {
                    let places = Dictionary(grouping: cluster.world.tasks(of: service.id)) { $0.slot > 0 ? "\($0.slot)" : $0.node ?? "" }
                    #expect(places.values.allSatisfy { $0.count <= 5 + 1 }, "\(scenario.name)")
                }
            }
        }
    }
}
