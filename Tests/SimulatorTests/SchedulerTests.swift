import Simulator
import Testing

@Suite struct SchedulerTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var expected: String
        var adapt: @Sendable (inout SimServiceSpec) -> Void
    }

    static let refused: [Case] = [
        Case(testDescription: "constraint", expected: "no suitable node (scheduling constraints not satisfied on 3 nodes)") {
            $0.task.constraints = ["node.labels.gpu == true"]
        },
        Case(testDescription: "unknown key", expected: "no suitable node (scheduling constraints not satisfied on 3 nodes)") {
            $0.task.constraints = ["node.colour != red"]
        },
        Case(testDescription: "memory", expected: "no suitable node (insufficient resources on 3 nodes)") { $0.task.reservations.memory = 64 << 30 },
        Case(testDescription: "processors", expected: "no suitable node (insufficient resources on 3 nodes)") { $0.task.reservations.nanoCPUs = 40_000_000_000 },
        Case(testDescription: "platform", expected: "no suitable node (unsupported platform on 3 nodes)") { $0.task.container.image = "shop/search:5.0-arm" },
        Case(testDescription: "host port", expected: "no suitable node (host-mode port already in use on 3 nodes)") {
            $0.ports = [SimServicePort(target: 80, published: 80, mode: .host)]
        },
        Case(testDescription: "two filters", expected: "no suitable node (scheduling constraints not satisfied on 2 nodes; insufficient resources on 1 node)") {
            // h1 has 2.9 processors left, h2 2.15, h3 2.65: resources come before constraints.
            $0.task.constraints = ["node.hostname == h9"]
            $0.task.reservations.nanoCPUs = 2_300_000_000
        },
    ]

    @Test(arguments: refused) func refuses(_ example: Case) throws {
        var cluster = Cluster()
        var spec = SimServiceSpec(name: "try", task: SimTaskTemplate(container: SimContainerSpec(image: "nginx:1.20")))
        example.adapt(&spec)
        try cluster.world.order(.createService(spec))
        cluster.wait(5)
        let task = try #require(try cluster.tasks("try").first)
        #expect(task.state == .pending)
        #expect(task.node == nil)
        #expect(task.message == "pending task scheduling")
        #expect(task.error == example.expected)
    }

    static let placed: [(String, [String])] = [
        ("node.labels.ssd == true", ["h2"]), ("node.labels.ssd != true", ["h1", "h3"]), ("node.role == manager", ["h1"]), ("node.hostname==H3", ["h3"]),
        ("engine.labels.storage == ssd", ["h2"]), ("node.platform.arch == x86_64", ["h1", "h2", "h3"]), ("node.labels.none != x", ["h1", "h2", "h3"]),
    ]

    @Test(arguments: placed) func places(_ constraint: String, _ hosts: [String]) throws {
        var cluster = Cluster()
        var spec = SimServiceSpec(name: "try", task: SimTaskTemplate(container: SimContainerSpec(image: "nginx:1.20")))
        spec.task.constraints = [constraint]
        spec.mode = .replicated(6)
        try cluster.world.order(.createService(spec))
        cluster.wait(20)
        let found = try cluster.running("try").map(cluster.host)
        #expect(found.count == 6)
        #expect(Set(found) == Set(hosts))
        // Evenly, as far as it goes.
        let counts = hosts.map { host in found.count { $0 == host } }
        #expect((counts.max() ?? 0) - (counts.min() ?? 0) <= 1)
    }

    @Test func neverMoreThanTheMaximumOnANode() throws {
        var cluster = Cluster()
        var spec = SimServiceSpec(name: "try", task: SimTaskTemplate(container: SimContainerSpec(image: "nginx:1.20")))
        spec.task.maximumPerNode = 1
        spec.mode = .replicated(5)
        try cluster.world.order(.createService(spec))
        cluster.wait(20)
        #expect(Set(try cluster.running("try").map(cluster.host)) == ["h1", "h2", "h3"])
        #expect(try cluster.waiting("try").map(\.error) == Array(repeating: "no suitable node (max replicas per node limit exceed)", count: 2))
    }

    @Test func aPreferenceSpreadsOverItsValuesFirst() throws {
        var cluster = Cluster()
        for (name, zone) in [("h1", "east"), ("h2", "west"), ("h3", "west")] {
            let node = try cluster.world.node(name)
            var spec = node.spec
            spec.labels["side"] = zone
            try cluster.world.order(.updateNode(name, version: node.version, spec))
        }
        var spec = SimServiceSpec(name: "try", task: SimTaskTemplate(container: SimContainerSpec(image: "nginx:1.20")))
        spec.task.spreadOver = ["node.labels.side"]
        spec.mode = .replicated(4)
        try cluster.world.order(.createService(spec))
        cluster.wait(20)
        let found = try cluster.running("try").map(cluster.host).sorted()
        #expect(found == ["h1", "h1", "h2", "h3"])
    }

    @Test func whatWaitsIsPlacedAsSoonAsThereIsRoom() throws {
        var cluster = Cluster()
        cluster.world.play(Scenario.named("no-capacity"))
        cluster.wait(60)
        #expect(try cluster.waiting("shop_search").count == 2)
        try cluster.change("shop_search") { $0.task.reservations.nanoCPUs = 500_000_000 }
        cluster.wait(120)
        #expect(try cluster.running("shop_search").count == 6)
        #expect(try cluster.waiting("shop_search").isEmpty)
    }
}
