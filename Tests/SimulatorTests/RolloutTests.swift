import Simulator
import Testing

@Suite struct RolloutTests {
    @Test func anUpdateGoesTaskByTask() throws {
        var cluster = Cluster()
        try cluster.change("shop_web") { $0.task.container.image = "shop/web:2.1" }
        #expect(try cluster.service("shop_web").updateStatus?.state == .updating)
        var fewest = 4
        for _ in 0..<600 {
            cluster.world.advance(by: .milliseconds(200))
            fewest = min(fewest, try cluster.running("shop_web").count)
        }
        #expect(fewest == 3)
        let service = try cluster.service("shop_web")
        #expect(service.updateStatus?.state == .completed)
        #expect(service.updateStatus?.message == "update completed")
        #expect(try cluster.running("shop_web").map(\.template.container.image) == Array(repeating: "shop/web:2.1", count: 4))
        #expect(service.previousSpec?.task.container.image == "shop/web:2.0")
    }

    @Test func startFirstNeverHasLess() throws {
        var cluster = Cluster()
        try cluster.change("shop_cart") {
            $0.task.container.image = "shop/cart:1.4"
            $0.update.order = .startFirst
        }
        var fewest = 2
        for _ in 0..<300 {
            cluster.world.advance(by: .milliseconds(200))
            fewest = min(fewest, try cluster.running("shop_cart").count)
        }
        #expect(fewest == 2)
        #expect(try cluster.service("shop_cart").updateStatus?.state == .completed)
        #expect(try cluster.running("shop_cart").count == 2)
    }

    @Test func parallelismSetsThePace() throws {
        var cluster = Cluster()
        try cluster.change("shop_web") {
            $0.task.container.image = "shop/web:2.1"
            $0.update.parallelism = 2
        }
        var fewest = 4
        for _ in 0..<300 {
            cluster.world.advance(by: .milliseconds(200))
            fewest = min(fewest, try cluster.running("shop_web").count)
        }
        #expect(fewest == 2)
    }

    @Test func aBadDeployIsPaused() throws {
        var cluster = Cluster()
        try cluster.change("shop_web") { $0.task.container.image = "shop/web:2.2" }
        cluster.wait(60)
        let status = try #require(try cluster.service("shop_web").updateStatus)
        #expect(status.state == .paused)
        #expect(status.message.hasPrefix("update paused due to failure or early termination of task "))
        #expect(try cluster.running("shop_web").count == 3)
        #expect(try cluster.tasks("shop_web").contains { $0.state == .failed && $0.error == "task: non-zero exit (1)" })
        // The way back.
        let service = try cluster.service("shop_web")
        try cluster.world.order(.rollBackService("shop_web", version: service.version))
        #expect(try cluster.service("shop_web").updateStatus?.message == "manually requested rollback")
        cluster.wait(120)
        #expect(try cluster.service("shop_web").updateStatus?.state == .rollbackCompleted)
        #expect(try cluster.running("shop_web").map(\.template.container.image) == Array(repeating: "shop/web:2.0", count: 4))
        #expect(try cluster.service("shop_web").previousSpec?.task.container.image == "shop/web:2.2")
    }

    @Test func aBadDeployRollsItselfBack() throws {
        var cluster = Cluster()
        try cluster.change("shop_pay") { $0.task.container.image = "shop/pay:3.0" }
        cluster.wait(25)
        #expect(try cluster.service("shop_pay").updateStatus?.message.hasPrefix("update rolled back due to failure or early termination of task ") == true)
        #expect(try cluster.tasks("shop_pay").contains { $0.error == "task: non-zero exit (143): dockerexec: unhealthy container" })
        cluster.wait(120)
        let service = try cluster.service("shop_pay")
        #expect(service.updateStatus?.message == "rollback completed")
        #expect(service.spec.task.container.image == "shop/pay:2.9")
        #expect(service.previousSpec == nil)
        #expect(try cluster.running("shop_pay").count == 2)
    }

    @Test func anotherVersionIsRefused() throws {
        var cluster = Cluster()
        let service = try cluster.service("shop_cart")
        try cluster.change("shop_cart") { $0.mode = .replicated(3) }
        let refusal = cluster.refusal(.updateService("shop_cart", version: service.version, service.spec))
        #expect(refusal == OrderRefusal(.serverError, "rpc error: code = Unknown desc = update out of sequence"))
        #expect(refusal?.kind.status == 500)
        cluster.wait(20)
        #expect(try cluster.running("shop_cart").count == 3)
    }

    @Test func refusalsAreWorded() throws {
        var cluster = Cluster()
        let cart = try cluster.service("shop_cart")
        var renamed = cart.spec
        renamed.name = "basket"
        #expect(cluster.refusal(.updateService("shop_cart", version: cart.version, renamed))?.kind == .notImplemented)
        #expect(cluster.refusal(.createService(cart.spec))?.message == "rpc error: code = AlreadyExists desc = name conflicts with an existing object: service shop_cart already exists")
        #expect(
            cluster.refusal(.rollBackService("shop_cart", version: cart.version))?.message
                == "rpc error: code = FailedPrecondition desc = service \(cart.id) does not have a previous spec")
        #expect(cluster.refusal(.removeService("nobody"))?.message == "service nobody not found")
        var taken = SimServiceSpec(name: "other", task: SimTaskTemplate(container: SimContainerSpec(image: "nginx:1.20")))
        taken.ports = [SimServicePort(target: 80, published: 8080)]
        #expect(cluster.refusal(.createService(taken))?.message.contains("port '8080' is already in use by service 'shop_web'") == true)
    }

    @Test func anImageThatIsNotThereIsRejected() throws {
        var cluster = Cluster()
        let spec = SimServiceSpec(name: "try", task: SimTaskTemplate(container: SimContainerSpec(image: "nobody/nothing:1")))
        let answer = try cluster.world.order(.createService(spec))
        #expect(answer.warnings.count == 1)
        cluster.wait(10)
        let task = try #require(try cluster.tasks("try").first)
        #expect(task.state == .rejected)
        #expect(task.error == "No such image: nobody/nothing:1")
        cluster.wait(300)
        #expect(try cluster.tasks("try").count <= 6)
    }

    @Test func scalingDownAndRemovingLeaveNothingBehind() throws {
        var cluster = Cluster()
        try cluster.change("shop_web") { $0.mode = .replicated(1) }
        cluster.wait(30)
        #expect(try cluster.tasks("shop_web").count == 1)
        try cluster.world.order(.removeService("shop_web"))
        cluster.wait(30)
        #expect(!cluster.world.swarm.tasks.values.contains { $0.serviceName == "shop_web" })
        #expect(cluster.container("shop_web") == nil)
        #expect(cluster.world.registry.instances(of: "web").isEmpty)
    }

    @Test func aJobRunsToItsEnd() throws {
        var cluster = Cluster()
        var container = SimContainerSpec(image: "busybox:1.32")
        container.command = ["sleep", "3"]
        var spec = SimServiceSpec(name: "job", task: SimTaskTemplate(container: container))
        spec.mode = .replicatedJob(completions: 4, concurrent: 2)
        spec.task.restart.condition = .onFailure
        try cluster.world.order(.createService(spec))
        cluster.wait(3)
        #expect(try cluster.tasks("job").count(where: \.isWanted) == 2)
        cluster.wait(60)
        #expect(cluster.world.serviceStatus(try cluster.service("job")).completed == 4)
        #expect(try cluster.tasks("job").count == 4)
    }
}
