import Domain
import Simulator
import Testing

@Suite struct ContainerTests {
    private func actions(_ cluster: inout Cluster, _ order: Order, _ name: String) throws -> [String] {
        let container = try cluster.world.container(name, on: "h1")
        let before = cluster.world.lastSequence
        try cluster.world.order(order)
        cluster.wait(20)
        return cluster.world.happenings(after: before).compactMap { $0.action(of: container.id) }
    }

    @Test func stopTellsItInTheEnginesOrder() throws {
        var cluster = Cluster()
        try cluster.run(name: "one")
        #expect(try actions(&cluster, .stopContainer("one", grace: nil, host: "h1"), "one") == ["kill 15", "die 137", "disconnect", "stop"])
        let stopped = try cluster.world.container("one", on: "h1")
        #expect(stopped.state == .exited)
        #expect(stopped.pid == 0)
        #expect(stopped.endpoints.allSatisfy { $0.address.isEmpty })
        #expect(cluster.refusal(.stopContainer("one", grace: nil, host: "h1"))?.kind == .notModified)
    }

    @Test func anAnswerNamesItsMoment() throws {
        var cluster = Cluster()
        try cluster.run(name: "one")
        let answer = try cluster.world.order(.stopContainer("one", grace: .seconds(3), host: "h1"))
        let done = try #require(answer.doneAt)
        #expect(done == cluster.world.now.adding(.seconds(3)))
        cluster.world.advance(to: done)
        #expect(try cluster.world.container("one", on: "h1").state == .exited)
    }

    @Test func restartKillAndForcedRemoval() throws {
        var cluster = Cluster()
        try cluster.run("nginx:1.20", [], name: "one") { $0.image = "shop/edge:1.4" }
        #expect(
            try actions(&cluster, .restartContainer("one", grace: nil, host: "h1"), "one")
                == ["kill 15", "die 0", "disconnect", "stop", "connect", "start", "restart"])
        #expect(try actions(&cluster, .pauseContainer("one", host: "h1"), "one") == ["pause"])
        #expect(try cluster.world.container("one", on: "h1").state == .paused)
        #expect(try actions(&cluster, .unpauseContainer("one", host: "h1"), "one") == ["unpause"])
        #expect(try actions(&cluster, .renameContainer("one", to: "two", host: "h1"), "one") == ["rename from one"])
        #expect(try actions(&cluster, .killContainer("two", signal: "HUP", host: "h1"), "two") == ["kill 1"])
        #expect(try actions(&cluster, .removeContainer("two", force: true, volumes: false, host: "h1"), "two") == ["kill 9", "die 137", "disconnect", "destroy"])
        #expect(cluster.refusal(.startContainer("two", host: "h1"))?.message == "No such container: two")
    }

    @Test func aRestartPolicyWaitsLongerEachTime() throws {
        var cluster = Cluster()
        try cluster.run("busybox:1.32", ["sh", "-c", "exit 3"], name: "loop") { $0.restart = .onFailure; $0.maximumRetries = 4 }
        cluster.wait(1)
        let early = try cluster.world.container("loop", on: "h1")
        #expect(early.exitCode == 3)
        #expect(early.restartCount > 0)
        cluster.wait(120)
        let late = try cluster.world.container("loop", on: "h1")
        #expect(late.restartCount == 4)
        #expect(late.state == .exited)
        try cluster.run("busybox:1.32", ["sleep", "2"], name: "steady") { $0.restart = .always }
        cluster.wait(30)
        #expect(try cluster.world.container("steady", on: "h1").restartCount > 3)
    }

    @Test func aLeakEndsByTheLimitAndBeginsAgain() throws {
        var cluster = Cluster()
        cluster.world.play(Scenario.named("memory-leak"))
        cluster.wait(20)
        let leaking = try #require(cluster.container("shop_worker.1"))
        let early = try #require(cluster.world.usage(of: leaking)).memory
        cluster.wait(5)
        let later = try #require(cluster.world.usage(of: leaking)).memory
        #expect(later > early + (10 << 20))
        let happenings = cluster.wait(60).compactMap { $0.action(of: leaking.id) }
        #expect(happenings.starts(with: ["oom", "die 137"]))
        let dead = try #require(cluster.world.containers[leaking.id])
        #expect(dead.isOOMKilled)
        let next = try #require(cluster.container("shop_worker.1"))
        #expect(next.id != leaking.id)
        cluster.wait(120)
        #expect(cluster.world.containers.values.count { $0.name.hasPrefix("shop_worker.1.") && $0.isOOMKilled } >= 3)
    }

    @Test func aLeakThatStopsKillsNobody() throws {
        var cluster = Cluster()
        try cluster.world.order(.mishap(.leak(container: "shop_worker.1", bytesPerSecond: 4 << 20)))
        cluster.wait(10)
        try cluster.world.order(.mishap(.stopLeak(container: "shop_worker.1")))
        cluster.wait(600)
        #expect(cluster.container("shop_worker.1")?.isRunning == true)
    }

    static let refusals: [(Order, Int, String)] = [
        (.startContainer("toolbox", host: "h1"), 304, ""),
        (.startContainer("nobody", host: "h1"), 404, "No such container: nobody"),
        (.unpauseContainer("toolbox", host: "h1"), 500, "is not paused"),
        (.killContainer("backup", signal: "KILL", host: "h1"), 409, "is not running"),
        (.killContainer("toolbox", signal: "NONSENSE", host: "h1"), 400, "Invalid signal: NONSENSE"),
        (.removeContainer("toolbox", force: false, volumes: false, host: "h1"), 409, "You cannot remove a running container"),
        (.renameContainer("toolbox", to: "backup", host: "h1"), 409, "The container name \"/backup\" is already in use by container"),
        (.createContainer(SimContainerSpec(image: "nobody/nothing"), name: "x1", host: "h1"), 404, "No such image: nobody/nothing:latest"),
        (.createContainer(SimContainerSpec(image: "busybox:1.32"), name: "no spaces", host: "h1"), 400, "Invalid container name (no spaces)"),
        (.createContainer(SimContainerSpec(image: "busybox:1.32"), name: "toolbox", host: "h1"), 409, "Conflict. The container name \"/toolbox\""),
        (.removeNetwork("bridge", host: "h1"), 403, "bridge is a pre-defined network and cannot be removed"),
        (.removeNetwork("nothing", host: "h1"), 404, "network nothing not found"),
        (.connect(network: "shop_front", container: "toolbox", aliases: [], host: "h1"), 403, "not manually attachable"),
        (.pullImage("nobody/nothing:1", host: "h1"), 404, "pull access denied for nobody/nothing"),
        (.pullImage("redis:99", host: "h1"), 404, "manifest for redis:99 not found"),
    ]

    @Test(arguments: refusals) func refuses(_ order: Order, _ status: Int, _ text: String) throws {
        var cluster = Cluster()
        let answer = cluster.refusal(order)
        let refusal = try #require(answer)
        #expect(refusal.kind.status == status)
        #expect(text.isEmpty ? refusal.message.isEmpty : refusal.message.contains(text))
    }

    @Test func aTakenPortIsRefused() throws {
        var cluster = Cluster()
        var spec = SimContainerSpec(image: "busybox:1.32")
        spec.command = ["httpd"]
        spec.bindings = [SimBinding(SimPort(80), hostPort: 8000)]
        try cluster.world.order(.createContainer(spec, name: "late", host: "h1"))
        let refusal = cluster.refusal(.startContainer("late", host: "h1"))
        #expect(refusal?.message.hasSuffix("Bind for 0.0.0.0:8000 failed: port is already allocated") == true)
        try cluster.world.order(.stopContainer("toolbox", grace: .zero, host: "h1"))
        cluster.wait(1)
        try cluster.world.order(.startContainer("late", host: "h1"))
        #expect(try cluster.world.container("late", on: "h1").isRunning)
    }

    @Test func healthFollowsItsProbes() throws {
        var cluster = Cluster()
        let web = try #require(cluster.container("shop_web.1"))
        let well = try #require(cluster.world.health(of: web))
        #expect(well.status == .healthy)
        #expect(well.failingStreak == 0)
        #expect(well.log.count == 5)
        try cluster.world.order(.mishap(.sicken(container: "shop_web.1", fault: "disk full")))
        cluster.wait(11)
        let ill = try #require(cluster.world.containers[web.id].flatMap { cluster.world.health(of: $0) })
        #expect(ill.status == .healthy)
        #expect((1...2).contains(ill.failingStreak))
        #expect(ill.log.last?.output == "disk full")
        let happenings = cluster.wait(10).compactMap { $0.action(of: web.id) }
        #expect(happenings.starts(with: ["health unhealthy", "kill 15"]))
    }

    @Test func countersOnlyRiseAndLinesStay() throws {
        var cluster = Cluster()
        let web = try #require(cluster.container("shop_web.1"))
        var before = try #require(cluster.world.usage(of: web))
        let lines = cluster.world.logs(of: web, tail: 20)
        #expect(lines.count == 20)
        let moment = cluster.world.now
        for _ in 0..<200 {
            cluster.world.advance(by: .milliseconds(700))
            let next = try #require(cluster.world.usage(of: web))
            #expect(next.cpu >= before.cpu && next.received >= before.received && next.hostCPU >= before.hostCPU)
            before = next
        }
        #expect(cluster.world.logs(of: web, until: moment, tail: 20) == lines)
        let since = cluster.world.logs(of: web, since: moment)
        #expect(since.allSatisfy { $0.time > moment })
        #expect(zip(since, since.dropFirst()).allSatisfy { $0.time <= $1.time })
        // Read bit by bit, nothing is lost and nothing comes twice.
        var bits: [SimLogLine] = []
        var last = moment
        while last < cluster.world.now {
            let until = min(last.adding(.milliseconds(900)), cluster.world.now)
            bits += cluster.world.logs(of: web, since: last, until: until)
            last = until
        }
        #expect(bits == since)
    }

    @Test func lastWordsAreKept() throws {
        var cluster = Cluster()
        let cart = try #require(cluster.container("shop_cart.1"))
        try cluster.world.order(.mishap(.crash(container: "shop_cart.1", code: 139, lastWords: "segmentation fault")))
        let dead = try #require(cluster.world.containers[cart.id])
        #expect(dead.exitCode == 139)
        #expect(cluster.world.logs(of: dead, tail: 1).first?.text == "segmentation fault")
        #expect(cluster.world.statusText(of: dead) == "Exited (139) Less than a second ago")
    }
}
