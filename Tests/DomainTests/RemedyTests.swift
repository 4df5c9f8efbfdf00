import Testing

@testable import Domain

@Suite struct RemedyTests {
    struct Case: Sendable, CustomTestStringConvertible {
        let testDescription: String
        var demand = Demand()
        var nodes: [Node]
        var tasks: [WorkloadTask] = []
        var remedies: [String]
    }

    static let h1 = Board.node("h1"), h2 = Board.node("h2"), h3 = Board.node("h3")
    static let web = Board.workload()
    static let port = Workload.Port(published: 8080, target: 80, isOnHost: true)
    static let proxy = Board.workload("proxy", Demand(resources: Resources(nanoCPUs: 3_500_000_000, memory: 8 * Board.gigabyte), hostPorts: [port]))

    static func named(_ name: String, _ availability: Node.Availability, _ labels: [String: String] = [:]) -> Node {
        Board.node(name) {
            $0.availability = availability
            $0.labels = labels
        }
    }

    static let cases: [Case] = [
        Case(testDescription: "no node at all", nodes: [], remedies: ["add a node"]),
        Case(testDescription: "nothing while one takes it", nodes: [h1, named("h2", .draining)], remedies: []),
        Case(
            testDescription: "the idle one first", nodes: [named("h1", .draining), named("h2", .paused), Board.node("h3") { $0.status = .down }],
            tasks: Board.tasks(of: web, [(h1, 2)]), remedies: ["activate h2", "activate h1", "bring h3 up"]),
        Case(
            testDescription: "the least that is asked less", demand: Demand(resources: Resources(nanoCPUs: 6 * Board.core)),
            nodes: [h1, Board.node("h2") { $0.capacity.nanoCPUs = 5_500_000_000 }, h3], remedies: ["reserve 5.5 CPUs instead of 6"]),
        Case(
            testDescription: "memory", demand: Demand(resources: Resources(memory: 9 * Board.gigabyte)), nodes: [h1],
            remedies: ["reserve 8G of memory instead of 9G"]),
        Case(
            testDescription: "several amounts are one change to the workload",
            demand: Demand(resources: Resources(nanoCPUs: 5 * Board.core, memory: 9 * Board.gigabyte)), nodes: [h1],
            remedies: ["reserve 4 CPUs instead of 5 and reserve 8G of memory instead of 9G"]),
        Case(
            testDescription: "nothing left to ask for", demand: Demand(resources: Resources(memory: Board.gigabyte)), nodes: [h1],
            tasks: Board.tasks(of: proxy, [(h1, 1)]),
            remedies: ["free 1G of memory on h1"]),
        Case(
            testDescription: "a generic resource", demand: Demand(resources: Resources(others: ["gpu": 2])),
            nodes: [h1, Board.node("h2") { $0.capacity.others["gpu"] = 1 }],
            remedies: ["reserve 1 gpu instead of 2", "free 2 gpu on h1"]),
        Case(
            testDescription: "a port", demand: Demand(hostPorts: [port]), nodes: [h1], tasks: Board.tasks(of: proxy, [(h1, 1)]),
            remedies: ["free port 8080 on h1 (proxy.1 has it)"]),
        Case(
            testDescription: "several changes to one node", demand: Demand(constraints: ["node.labels.ssd == true"], hostPorts: [port]),
            nodes: [named("h1", .draining)], tasks: Board.tasks(of: proxy, [(h1, 1)]),
            remedies: ["on h1: activate it, add label ssd=true and free port 8080 (proxy.1 has it)"]),
        Case(
            testDescription: "fewest changes first", demand: Demand(constraints: ["node.labels.ssd == true"]),
            nodes: [named("h1", .draining), named("h2", .active, ["ssd": "false"])],
            remedies: ["set label ssd=true on h2", "remove the constraint node.labels.ssd == true", "on h1: activate it and add label ssd=true"]),
        Case(
            testDescription: "a constraint that another node meets stays", demand: Demand(constraints: ["node.labels.ssd == true"]),
            nodes: [h1, named("h2", .draining, ["ssd": "true"])],
            remedies: ["add label ssd=true to h1", "activate h2"]),
        Case(
            testDescription: "a label that must not be", demand: Demand(constraints: ["node.labels.old != 1", "engine.labels.a == b"]),
            nodes: [named("h1", .active, ["old": "1"])],
            remedies: ["on h1: remove label old=1 and add engine label a=b"]),
        Case(
            testDescription: "roles", demand: Demand(constraints: ["node.role == Manager"]), nodes: [h1],
            remedies: ["promote h1", "remove the constraint node.role == Manager"]),
        Case(
            testDescription: "what nobody can change", demand: Demand(constraints: ["node.hostname == h7"]), nodes: [h1, h2],
            remedies: ["remove the constraint node.hostname == h7"]),
        Case(
            testDescription: "what cannot be read", demand: Demand(constraints: ["node.labels.ssd"]), nodes: [h1],
            remedies: ["write the constraint \"node.labels.ssd\" with == or !="]),
        Case(
            testDescription: "platform", demand: Demand(platforms: [Platform(architecture: "arm64")]), nodes: [h1, h2],
            remedies: ["use an image for linux/amd64"]),
        Case(
            testDescription: "plugin", demand: Demand(plugins: ["Volume/rexray"]), nodes: [h1], remedies: ["install the volume plugin rexray on h1"]),
        Case(
            testDescription: "limit", demand: Demand(maximumPerNode: 1), nodes: [h1, h2], tasks: Board.tasks(of: web, [(h1, 1), (h2, 1)]),
            remedies: ["allow more than 1 on one node"]),
        Case(
            testDescription: "taint", nodes: [Board.node("h1") { $0.taints = [Node.Taint(key: "gpu", value: "", effect: "NoExecute")] }],
            remedies: ["tolerate gpu:NoExecute"]),
        Case(
            testDescription: "no more tasks than the node may have", nodes: [Board.node("h1") { $0.capacity.slots = 1 }],
            tasks: Board.tasks(of: proxy, [(h1, 1)]), remedies: ["end a task on h1"]),
    ]

    @Test(arguments: cases) func remedy(_ example: Case) {
        let workload = Board.workload("web", example.demand)
        let board = PlacementBoard(nodes: example.nodes, workloads: [workload, Self.proxy], tasks: example.tasks)
        #expect(board.explanation(of: workload).remedies == example.remedies)
    }

    @Test func aRemedyFollowedHelps() {
        let asked = Resources(nanoCPUs: 6 * Board.core, memory: 9 * Board.gigabyte)
        var workload = Board.workload("web", Demand(constraints: ["node.labels.ssd == true"], resources: asked))
        var node = Board.node("h1") { $0.availability = .paused }
        #expect(
            PlacementBoard(nodes: [node], workloads: [workload], tasks: []).explanation(of: workload).remedies
                == ["on h1: activate it, reserve 4 CPUs instead of 6, reserve 8G of memory instead of 9G and add label ssd=true"])
        node.availability = .active
        node.labels["ssd"] = "true"
        workload.demand.resources = Resources(nanoCPUs: 4 * Board.core, memory: 8 * Board.gigabyte)
        #expect(PlacementBoard(nodes: [node], workloads: [workload], tasks: []).explanation(of: workload).summary == "1 of 1 node would take it: h1")
    }
}
