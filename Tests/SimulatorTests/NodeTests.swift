import Simulator
import Testing

@Suite struct NodeTests {
    private func avail(_ cluster: inout Cluster, _ name: String, _ availability: SimNode.Availability) throws {
        let node = try cluster.world.node(name)
        var spec = node.spec
        spec.availability = availability
        try cluster.world.order(.updateNode(name, version: node.version, spec))
    }

    @Test func drainingMovesEverythingThatMayMove() throws {
        var cluster = Cluster()
        try avail(&cluster, "h3", .drain)
        cluster.wait(30)
        let here = try cluster.world.node("h3").id
        #expect(!cluster.world.swarm.tasks.values.contains { $0.node == here && $0.state == .running })
        for name in ["shop_web", "shop_pay", "shop_search", "shop_worker"] {
            let status = cluster.world.serviceStatus(try cluster.service(name))
            #expect(status.running == status.desired)
        }
        #expect(try cluster.running("shop_edge").count == 2)
        // What is no task stays.
        #expect(try cluster.world.container("registrator", on: "h3").isRunning)
        try avail(&cluster, "h3", .active)
        cluster.wait(30)
        #expect(try cluster.running("shop_edge").count == 3)
    }

    @Test func aPausedNodeKeepsWhatItHas() throws {
        var cluster = Cluster()
        try avail(&cluster, "h2", .pause)
        try cluster.change("shop_cart") { $0.mode = .replicated(8) }
        cluster.wait(30)
        #expect(try cluster.running("shop_cart").count { cluster.host(of: $0) == "h2" } == 1)
        #expect(try cluster.running("data_db").count == 1)
    }

    @Test func aLostNodeIsMissedAndTakenBack() throws {
        var cluster = Cluster()
        try cluster.world.order(.mishap(.loseHost("h2")))
        cluster.wait(10)
        #expect(try cluster.world.node("h2").state == .ready)
        cluster.wait(30)
        let node = try cluster.world.node("h2")
        #expect(node.state == .down)
        #expect(node.message == "heartbeat failure")
        #expect(try cluster.running("shop_web").count { cluster.host(of: $0) != "h2" } == 4)
        let waiting = try #require(try cluster.waiting("data_db").first)
        #expect(waiting.error == "no suitable node (scheduling constraints not satisfied on 2 nodes; 1 node not available for new tasks)")
        #expect(cluster.world.registry.members["h2"]?.status == .failed)
        #expect(cluster.world.registry.checks["h2/serfHealth"]?.status == .critical)
        try cluster.world.order(.mishap(.returnHost("h2")))
        cluster.wait(60)
        #expect(try cluster.world.node("h2").state == .ready)
        #expect(try cluster.running("data_db").count == 1)
        #expect(try cluster.tasks("shop_web").allSatisfy { $0.isWanted || $0.state.isOver })
        #expect(try cluster.world.container("consul", on: "h2").isRunning)
        #expect(cluster.world.registry.checks.values.allSatisfy { $0.status == .passing })
    }

    @Test func withoutAMajorityOfManagersNothingIsDone() throws {
        var cluster = Cluster()
        let before = try cluster.service("shop_web")
        try cluster.world.order(.mishap(.loseHost("h1")))
        #expect(!cluster.world.swarm.hasLeader)
        #expect(cluster.refusal(.updateService("shop_web", version: before.version, before.spec))?.message == SimSwarm.noLeaderMessage)
        cluster.wait(120)
        #expect(try cluster.service("shop_web").tasks.count == 4)
        try cluster.world.order(.mishap(.returnHost("h1")))
        cluster.wait(60)
        #expect(cluster.world.swarm.hasLeader)
        #expect(try cluster.running("shop_web").count == 4)
    }

    @Test func nodesAreNotRemovedLightly() throws {
        var cluster = Cluster()
        #expect(cluster.refusal(.removeNode("h3", force: false))?.message.hasSuffix("is not down and can't be removed") == true)
        #expect(cluster.refusal(.removeNode("h1", force: true))?.message.contains("It must be demoted to worker before removal") == true)
        let manager = try cluster.world.node("h1")
        #expect(
            cluster.refusal(.updateNode("h1", version: manager.version, SimNodeSpec(role: .worker)))?.message
                == "rpc error: code = FailedPrecondition desc = attempting to demote the last manager of the swarm")
        try cluster.world.order(.removeNode("h3", force: true))
        cluster.wait(60)
        #expect(cluster.world.swarm.nodes.count == 2)
        #expect(try cluster.running("shop_web").count == 4)
    }

    @Test func aLabelThatGoesTakesTheTaskWithIt() throws {
        var cluster = Cluster()
        let node = try cluster.world.node("h2")
        var spec = node.spec
        spec.labels["ssd"] = "false"
        try cluster.world.order(.updateNode("h2", version: node.version, spec))
        cluster.wait(20)
        #expect(try cluster.running("data_db").isEmpty)
        #expect(try cluster.waiting("data_db").count == 1)
    }
}
