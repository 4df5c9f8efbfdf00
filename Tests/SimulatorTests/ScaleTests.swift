import Domain
import Simulator
import Testing

/// Cost is counted in deeds: entries of the agenda that were worked off.
@Suite struct ScaleTests {
    @Test func costGoesWithWhatHappensAndNotWithTheSize() throws {
        func deeds(_ factor: Int) throws -> (deeds: Int, happenings: Int) {
            var world = World(
                seed: 3, start: Cluster.start,
                size: .scaled(containers: 100 * factor, nodes: 10 * factor, services: 20 * factor, tasks: 200 * factor, checks: 200 * factor))
            world.advance(by: .seconds(30))
            let calm = world.deedsDone
            world.advance(by: .seconds(3600))
            #expect(world.deedsDone == calm)
            try world.order(.mishap(.churn(100)))
            let happenings = world.advance(by: .seconds(30)).count
            return (world.deedsDone - calm, happenings)
        }
        let small = try deeds(1)
        let large = try deeds(10)
        #expect(small.happenings > 2500)
        #expect(large.happenings > 2500)
        // Two deeds for each container that is killed: the kill, and the start of it anew.
        #expect(small.deeds <= 1300)
        #expect(large.deeds <= 1300)
    }

    @Test func aLargeClusterIsWhole() throws {
        let world = World(seed: 3, start: Cluster.start, size: .scaled(containers: 1000, nodes: 100, services: 200, tasks: 2000, checks: 2500))
        #expect(world.containers(on: "n1").count == 1000 + 20)
        #expect(world.swarm.nodes.count == 100)
        #expect(world.swarm.services.count == 200)
        #expect(world.swarm.tasks.values.count { $0.state == .running } == 2000)
        #expect(world.registry.checks.values.count { $0.kind != .serf } == 2500)
        for service in world.swarm.services.values { #expect(world.serviceStatus(service).running == 10) }
    }
}
