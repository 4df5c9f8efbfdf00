import Testing

@testable import Domain

@Suite struct RefusalTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        var node = Board.node("h1")
        var demand = Demand()
        /// What runs on the node already.
        var others: [WorkloadTask] = []
        var otherWorkloads: [Workload] = []
        var expected: [Refusal]
        var words: [String]
        var testDescription: String { name }
    }

    static let half = Board.workload(
        "half", Demand(resources: Resources(nanoCPUs: 3_500_000_000, memory: 7 * Board.gigabyte + (Board.gigabyte >> 1))))
    static let proxy = Board.workload("proxy", Demand(hostPorts: [Workload.Port(published: 8080, target: 80, isOnHost: true)]))
    static let port = Workload.Port(published: 8080, target: 90, isOnHost: true)
    static let taint = Node.Taint(key: "gpu", value: "true", effect: "NoSchedule")
    static let h1 = Board.node("h1")

    static let cases: [Case] = [
        Case(name: "down", node: Board.node("h1") { $0.status = .down }, expected: [.status(.down)], words: ["the node is down"]),
        Case(
            name: "paused", node: Board.node("h1") { $0.availability = .paused }, expected: [.availability(.paused)],
            words: ["the node is paused and takes no new tasks"]),
        Case(
            name: "draining", node: Board.node("h1") { $0.availability = .draining }, expected: [.availability(.draining)],
            words: ["the node is draining"]),
        Case(
            name: "processors", demand: Demand(resources: Resources(nanoCPUs: 2 * Board.core)), others: [Board.task(1, of: half, on: h1)],
            otherWorkloads: [half], expected: [.processors(asked: 2 * Board.core, free: Board.core / 2)], words: ["wants 2 CPUs, 0.5 free"]),
        Case(
            name: "memory", demand: Demand(resources: Resources(memory: Board.gigabyte)), others: [Board.task(1, of: half, on: h1)],
            otherWorkloads: [half], expected: [.memory(asked: Board.gigabyte, free: Board.gigabyte / 2)], words: ["wants 1G of memory, 512M free"]),
        Case(
            name: "a generic resource that the node has not", demand: Demand(resources: Resources(others: ["gpu": 1])),
            expected: [.other(name: "gpu", asked: 1, free: 0)], words: ["wants 1 gpu, 0 free"]),
        Case(
            name: "plugin", demand: Demand(plugins: ["Volume/rexray", "Volume/local", "Log/none", "Network/overlay"]),
            expected: [.plugin("Volume/rexray")],
            words: ["has no volume plugin rexray"]),
        Case(
            name: "label missing", demand: Demand(constraints: ["node.labels.ssd == true"]),
            expected: [.constraint("node.labels.ssd == true", value: nil)],
            words: ["ssd is not true here (node.labels.ssd == true; the node has no such label)"]),
        Case(
            name: "label otherwise", node: Board.node("h1") { $0.labels = ["zone": "b"] },
            demand: Demand(constraints: ["node.labels.zone==a", "node.labels.zone != b"]),
            expected: [.constraint("node.labels.zone==a", value: "b"), .constraint("node.labels.zone != b", value: "b")],
            words: ["zone is not a here (node.labels.zone==a; here it is b)", "zone is b here (node.labels.zone != b)"]),
        Case(
            name: "no operator", demand: Demand(constraints: ["hostname UNIQUE"]), expected: [.malformedConstraint("hostname UNIQUE")],
            words: ["cannot read the constraint \"hostname UNIQUE\": neither == nor != in it"]),
        Case(
            name: "platform", demand: Demand(platforms: [Platform(system: "linux", architecture: "arm64"), Platform(system: "windows")]),
            expected: [
                .platform(
                    wanted: [Platform(system: "linux", architecture: "arm64"), Platform(system: "windows")],
                    has: Platform(system: "linux", architecture: "amd64"))
            ],
            words: ["is linux/amd64, the image is for linux/arm64, windows"]),
        Case(
            name: "host port of another workload", demand: Demand(hostPorts: [port]), others: [Board.task(1, of: proxy, on: h1)],
            otherWorkloads: [proxy],
            expected: [.hostPort(port, takenBy: "proxy.1")], words: ["port 8080 is taken by proxy.1"]),
        Case(
            name: "as many as it may have", demand: Demand(maximumPerNode: 1), others: [Board.task(1, of: Board.workload(), on: h1)],
            expected: [.maximumPerNode(limit: 1)], words: ["has 1 of its tasks, as many as it may have on one node"]),
        Case(
            name: "taint", node: Board.node("h1") { $0.taints = [taint] }, demand: Demand(tolerations: ["gpu=false", "other", "gpu:NoExecute"]),
            expected: [.taint(taint)], words: ["does not tolerate gpu=true:NoSchedule"]),
    ]

    @Test(arguments: cases) func isRefused(_ example: Case) throws {
        let workload = Board.workload("web", example.demand)
        let board = PlacementBoard(nodes: [example.node], workloads: [workload] + example.otherWorkloads, tasks: example.others)
        let verdict = try #require(board.verdicts(on: workload).first)
        #expect(verdict.refusals == example.expected)
        #expect(verdict.refusals.map(\.words) == example.words)
        #expect(!verdict.accepts)
    }

    struct Taken: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var demand = Demand()
        var node = Board.node("h1")
        /// How many of its own tasks are on the node.
        var own = 0
    }

    static let taken: [Taken] = [
        Taken(
            testDescription: "nothing asked of a node that holds more than it has",
            node: Board.node("h1") { $0.capacity = Resources(nanoCPUs: 1, memory: 1) }),
        Taken(testDescription: "exactly what is left", demand: Demand(resources: Resources(nanoCPUs: Board.core / 2, memory: Board.gigabyte / 2))),
        Taken(testDescription: "what the node does not account for", demand: Demand(resources: Resources(disk: 1))),
        Taken(
            testDescription: "another protocol",
            demand: Demand(hostPorts: [Workload.Port(published: 8080, target: 80, transport: "udp", isOnHost: true)])),
        Taken(
            testDescription: "a port yet to be chosen", demand: Demand(hostPorts: [Workload.Port(published: nil, target: 80, isOnHost: true)]), own: 1
        ),
        Taken(
            testDescription: "a managed plugin", demand: Demand(plugins: ["Volume/rexray"]),
            node: Board.node("h1") { $0.plugins.insert("Volume/rexray:latest") }),
        Taken(
            testDescription: "the volume driver that is everywhere", demand: Demand(plugins: ["Volume/local"]),
            node: Board.node("h1") { $0.plugins = ["Log/local"] }),
        Taken(
            testDescription: "a log driver where none is told of", demand: Demand(plugins: ["Log/gelf"]),
            node: Board.node("h1") { $0.plugins = ["Volume/local"] }),
        Taken(
            testDescription: "one platform of several, in part",
            demand: Demand(platforms: [Platform(system: "windows"), Platform(architecture: "amd64")])),
        Taken(testDescription: "no limit", demand: Demand(maximumPerNode: 0), own: 2),
        Taken(testDescription: "below the limit", demand: Demand(maximumPerNode: 3), own: 2),
        Taken(
            testDescription: "a taint that only prefers",
            node: Board.node("h1") { $0.taints = [Node.Taint(key: "a", value: "", effect: "PreferNoSchedule")] }),
        Taken(testDescription: "a taint tolerated by key", demand: Demand(tolerations: ["gpu"]), node: Board.node("h1") { $0.taints = [taint] }),
        Taken(
            testDescription: "a taint tolerated in full", demand: Demand(tolerations: ["gpu=true:NoSchedule"]),
            node: Board.node("h1") { $0.taints = [taint] }),
    ]

    @Test(arguments: taken) func isTaken(_ example: Taken) throws {
        let workload = Board.workload("web", example.demand)
        let board = PlacementBoard(
            nodes: [example.node], workloads: [workload, Self.half, Self.proxy],
            tasks: [Board.task(1, of: Self.half, on: example.node), Board.task(1, of: Self.proxy, on: example.node)]
                + Board.tasks(of: workload, [(example.node, example.own)]))
        let verdict = try #require(board.verdicts(on: workload).first)
        #expect(verdict.refusals == [])
        #expect(verdict.accepts)
    }

    @Test func refusalsStandInTheOrderOfTheFilters() throws {
        let demand = Demand(
            constraints: ["node.labels.ssd == true"], resources: Resources(nanoCPUs: 5 * Board.core, memory: 9 * Board.gigabyte),
            platforms: [Platform(system: "windows")], hostPorts: [Self.port], plugins: ["Volume/rexray"], maximumPerNode: 1)
        let workload = Board.workload("web", demand)
        let node = Board.node("h1") {
            $0.status = .down
            $0.availability = .draining
            $0.taints = [Self.taint]
        }
        let board = PlacementBoard(nodes: [node], workloads: [workload], tasks: [Board.task(1, of: workload, on: node)])
        let stages = try #require(board.verdicts(on: workload).first).refusals.map(\.stage)
        #expect(stages == [.ready, .ready, .taint, .resources, .resources, .plugin, .constraint, .platform, .hostPort, .maximumPerNode])
        #expect(Set(stages) == Set(Refusal.Stage.allCases), "one of each")
    }

    @Test func whatIsFreeIsCountedFromTheTasks() {
        let workload = Board.workload("web", Demand(resources: Resources(nanoCPUs: 3 * Board.core)))
        // The node's own figure is of before the task ended.
        let node = Board.node("h1") { $0.reserved = Resources(nanoCPUs: 3 * Board.core) }
        func accepts(_ tasks: WorkloadTask...) -> [Bool] {
            PlacementBoard(nodes: [node], workloads: [workload], tasks: tasks).verdicts(on: workload).map(\.accepts)
        }
        #expect(accepts(Board.task(1, of: workload, on: node, state: .failed)) == [true])
        #expect(accepts(Board.task(2, of: workload, on: node, state: .stopping, isCurrent: false)) == [false], "it holds until it has ended")
        #expect(accepts(Board.task(3, of: workload, on: node, state: .starting)) == [false], "an assigned task holds already")
        #expect(accepts(Board.task(3, of: workload, on: node, state: .pending)) == [true], "a global service's task that its node has not taken yet")
        #expect(accepts() == [false], "without tasks the node's figure is all there is to go by")
    }

    @Test func oversoldNodesHaveNothingFree() throws {
        let huge = Board.workload("huge", Demand(resources: Resources(nanoCPUs: .max, memory: .max, others: ["gpu": .greatestFiniteMagnitude])))
        let workload = Board.workload("web", Demand(resources: Resources(nanoCPUs: 1, memory: 1, others: ["gpu": 1])))
        let node = Board.node("h1") { $0.capacity.others = ["gpu": 4] }
        let board = PlacementBoard(nodes: [node], workloads: [workload, huge], tasks: Board.tasks(of: huge, [(node, 3)]))
        let refusals = try #require(board.verdicts(on: workload).first).refusals
        #expect(refusals == [.processors(asked: 1, free: 0), .memory(asked: 1, free: 0), .other(name: "gpu", asked: 1, free: 0)])
    }

    @Test(arguments: [
        (UInt64(0), "0B", "0B"), (1023, "1023B", "1023B"), (512 << 20, "512M", "512M"), (1_500_000_000, "1.4G", "1.3G"),
        ((1 << 30) - 1, "1024M", "1023.9M"),
        (.max, "16E", "15.9E"),
    ]) func bytesAreRoundedToTheSafeSide(_ bytes: UInt64, up: String, down: String) {
        #expect(Quantity.bytes(bytes, rounded: .up) == up)
        #expect(Quantity.bytes(bytes, rounded: .down) == down)
    }

    @Test(arguments: [
        (Int64(0), "0 CPU"), (250_000_000, "0.25 CPU"), (1_000_000_000, "1 CPU"), (1_500_000_000, "1.5 CPUs"), (1, "0.000000001 CPU"),
        (.max, "9223372036.854775807 CPUs"),
        (.min, "-9223372036.854775808 CPU"),
    ]) func coresAreExact(_ nanoCPUs: Int64, words: String) {
        #expect(Quantity.cpus(nanoCPUs) == words)
    }
}
