import Testing

@testable import Domain

/// What the trace says is the cause, for everything that commonly is one.
@Suite struct TraceCausesTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String { name }
        let name: String
        let kind: Trace.Link.Kind
        let verdict: String
        /// Somebody meant it: then nothing is broken.
        var isOnPurpose = false
        let scene: Scene

        init(_ name: String, _ kind: Trace.Link.Kind, _ verdict: String, isOnPurpose: Bool = false, _ scene: (inout Scene) -> Void) {
            self.name = name
            self.kind = kind
            self.verdict = verdict
            self.isOnPurpose = isOnPurpose
            self.scene = Scene(scene)
        }
    }

    static let refused = Evidence.Answer.notConnected("connection refused")

    static func limit(_ scene: inout Scene, _ name: String, megabytes: UInt64) {
        scene.snapshot.usage[Scene.raw(name)] = UsageHistory(Usage(at: Scene.ago(130), memory: 60 << 20, memoryLimit: megabytes << 20))
    }

    static func lines(_ container: String, _ texts: String...) -> (Evidence.Question, Evidence.Answer) {
        let origin = LogOrigin.container(Container.ID(Scene.docker, Scene.raw(container)))
        return (.lastLines(origin), .lines(texts.map { LogLine(origin: origin, at: nil, stream: .error, text: $0) }))
    }

    static let six: [Case] = [
        Case("a container killed for memory", .container, "web was killed for memory (limit 64 MB) 2 min ago") { scene in
            let web = Scene.container {
                $0.state = .exited(code: 137, at: Scene.ago(130))
                $0.endpoints = []
                $0.detail = Container.Detail(isOutOfMemoryKilled: true, exitCode: 137, finishedAt: Scene.ago(130))
            }
            limit(&scene, "web", megabytes: 64)
            scene.put(web, Scene.instance())
        },
        Case(
            "a script check whose tool is missing", .check,
            "the check web-http itself cannot run: jq is not found where it runs (the agent on lab)"
        ) { scene in
            let web = Scene.container { $0.ports = [Container.Port(hostAddress: "0.0.0.0", hostPort: 8080, containerPort: 80)] }
            scene.put(web, Scene.instance(), output: "/bin/sh: jq: not found\n", kind: "script")
            scene.evidence[.connect(host: "10.0.0.5", port: 8080)] = .connected(after: .milliseconds(1))
        },
        Case(
            "a service whose port is not published", .path,
            "port 8080 of web is not published: nothing on the host listens at 10.0.0.5:8080; the container listens on 80 inside (172.17.0.2:80)"
        ) { scene in
            scene.put(Scene.container(), Scene.instance())
            scene.evidence[.connect(host: "10.0.0.5", port: 8080)] = refused
        },
        Case(
            "a task that no node will take", .task,
            "no node takes web.1: none of 3 nodes: 3 lack ssd == true; what would help: add label ssd=true to h1 (if it is the right workload: it was found by the name web only)"
        ) { scene in
            let web = Workload(
                id: Workload.ID(Scene.swarm, "w1"), name: "web", kind: "service", desired: 1, running: 0, demand: Demand(constraints: ["node.labels.ssd == true"]))
            scene.snapshot.workloads = [web]
            scene.snapshot.nodes = ["h1", "h2", "h3"].map { Node(id: Node.ID(Scene.swarm, $0), name: $0) }
            scene.snapshot.tasks = [
                WorkloadTask(
                    id: WorkloadTask.ID(Scene.swarm, "t1"), name: "web.1", workload: web.id, slot: 1, state: .pending, stateWord: "pending",
                    reason: "no suitable node (scheduling constraints not satisfied on 3 nodes)")
            ]
            let instance = Scene.instance(id: "web", at: "10.0.0.9", 80)
            scene.snapshot.instances = [instance]
            scene.snapshot.checks = [Scene.check(of: instance)]
        },
        Case("a container that left its network", .network, "files-1 is not attached to network backend any more, so 172.20.0.3 answers to nobody") { scene in
            let files = Scene.container("files-1") { $0.endpoints = [Scene.plug("bridge", "172.17.0.4")] }
            scene.put(files, Scene.instance("files", id: "lab:files-1:80", at: "172.20.0.3", 80))
            scene.evidence[.connect(host: "172.20.0.3", port: 80)] = .notConnected("no route to host")
        },
        Case(
            "an agent that stopped answering", .node,
            "the Consul agent on lab-c2 stopped answering 3 min ago: its checks are as they were when it was last heard"
        ) { scene in
            let instance = Scene.instance("api", id: "api", at: "10.0.0.7", 80, on: "lab-c2")
            scene.snapshot.members.append(Member(id: Member.ID(Scene.consul, "lab-c2"), name: "lab-c2", address: "10.0.0.7", status: .failed))
            scene.snapshot.instances = [instance]
            scene.snapshot.checks = [
                Scene.check("serfHealth", node: "lab-c2", output: "Agent not live or unreachable", kind: "serf") { $0.since = Scene.ago(200) },
                Scene.check("api-http", .passing, of: instance),
            ]
        },
    ]

    static let containers: [Case] = [
        Case("killed for memory again and again", .container, "web is killed for memory again and again (limit 64 MB): 4 restarts") { scene in
            limit(&scene, "web", megabytes: 64)
            scene.put(
                Scene.container {
                    $0.state = .restarting(exitCode: 137)
                    $0.detail = Container.Detail(restartCount: 4, isOutOfMemoryKilled: true)
                }, Scene.instance())
        },
        Case("killed for memory, told by the event alone", .container, "web was killed for memory 1 min ago") { scene in
            scene.put(Scene.container { $0.state = .exited(code: 137, at: Scene.ago(60)) }, Scene.instance())
            scene.snapshot.events = [
                Event(
                    id: "1", at: Scene.ago(61), origin: .engine, source: Scene.docker, kind: "container", action: "oom", subject: "web",
                    subjectID: Scene.raw("web"))
            ]
        },
        Case("stopped", .container, "web is not running: somebody stopped it 5 min ago, ended on request (SIGTERM, exit 143)") { scene in
            scene.put(Scene.container { $0.state = .exited(code: 143, at: Scene.ago(300)) }, Scene.instance())
            scene.snapshot.events = [
                Event(
                    id: "1", at: Scene.ago(300), origin: .engine, source: Scene.docker, kind: "container", action: "stop", subject: "web",
                    subjectID: Scene.raw("web"))
            ]
        },
        Case("killed, not for memory", .container, "web is not running: it was stopped 5 min ago, killed (SIGKILL, exit 137), not for memory as far as the engine says") {
            $0.put(Scene.container { $0.state = .exited(code: 137, at: Scene.ago(300)) }, Scene.instance())
        },
        Case("failed", .container, "web is not running: failed (exit 3) 5 min ago; it last said: no configuration") { scene in
            scene.put(Scene.container { $0.state = .exited(code: 3, at: Scene.ago(300)) }, Scene.instance())
            let (question, answer) = lines("web", "starting", "no configuration", "")
            scene.evidence[question] = answer
        },
        Case("in a crash loop", .container, "web starts again and again (7 restarts): each time failed (exit 1); it last said: database gone") { scene in
            scene.put(
                Scene.container {
                    $0.state = .running(since: Scene.ago(3))
                    $0.detail = Container.Detail(restartCount: 7, exitCode: 1)
                }, Scene.instance())
            let (question, answer) = lines("web", "database gone")
            scene.evidence[question] = answer
        },
        Case("its port is taken", .container, "web cannot start, for its port is taken: Bind for 0.0.0.0:8080 failed: port is already allocated") {
            $0.put(
                Scene.container {
                    $0.state = .created
                    $0.detail = Container.Detail(error: "Bind for 0.0.0.0:8080 failed: port is already allocated")
                }, Scene.instance())
        },
        Case("paused", .container, "web is paused: nothing in it runs", isOnPurpose: true) { $0.put(Scene.container { $0.state = .paused(since: nil) }, Scene.instance()) },
        Case("unhealthy", .container, "the HEALTHCHECK of web fails (exit 1): 502 Bad Gateway") { scene in
            let web = Scene.container {
                $0.health = .unhealthy
                $0.detail = Container.Detail(failingStreak: 3, probes: [Probe(start: nil, end: nil, exitCode: 1, output: "trying\n502 Bad Gateway\n")])
            }
            scene.snapshot.containers = [web]
            scene.snapshot.checks = [Scene.healthcheck(of: web, .critical, output: "trying\n502 Bad Gateway\n")]
        },
        Case("a HEALTHCHECK whose tool is missing", .check, "the check web itself cannot run: curl is not found where it runs (inside container web)") { scene in
            let web = Scene.container {
                $0.health = .unhealthy
                $0.detail = Container.Detail(probes: [Probe(start: nil, end: nil, exitCode: 127, output: "/bin/sh: 1: curl: not found")])
            }
            scene.snapshot.containers = [web]
            scene.snapshot.checks = [Scene.healthcheck(of: web, .critical, output: "/bin/sh: 1: curl: not found")]
        },
        Case("gone, and still registered", .container, "web is registered and its container is gone: by Registrator's id it was container web on lab, which has none of that name") {
            let instance = Scene.instance()
            $0.snapshot.instances = [instance]
            $0.snapshot.checks = [Scene.check(of: instance)]
        },
    ]

    static let endpoints: [Case] = [
        Case("registered with a port that its image does not listen on", .path, "web is registered with port 81, on which web does not listen: it declares 80") {
            $0.put(Scene.container(), Scene.instance(at: "172.17.0.2", 81))
            $0.evidence[.connect(host: "172.17.0.2", port: 81)] = refused
        },
        Case(
            "registered with another port than the one published", .path,
            "web is registered with port 8080, and port 80 of web is published at 8081: nothing on the host listens at 10.0.0.5:8080"
        ) {
            $0.put(Scene.container { $0.ports = [Container.Port(hostAddress: "0.0.0.0", hostPort: 8081, containerPort: 80)] }, Scene.instance())
            $0.evidence[.connect(host: "10.0.0.5", port: 8080)] = refused
        },
        Case("published on the loopback address", .path, "port 8080 of web is published on 127.0.0.1 only, so nobody reaches it at 10.0.0.5:8080") {
            $0.put(Scene.container { $0.ports = [Container.Port(hostAddress: "127.0.0.1", hostPort: 8080, containerPort: 80)] }, Scene.instance())
        },
        Case("published, and nothing listens", .path, "nothing answers at 10.0.0.5:8080, though web runs: connection refused") {
            $0.put(Scene.container { $0.ports = [Container.Port(hostAddress: "", hostPort: 8080, containerPort: 80)] }, Scene.instance())
            $0.evidence[.connect(host: "10.0.0.5", port: 8080)] = refused
        },
        Case("at another address of its network", .network, "web has 172.17.0.2 in network bridge and is registered at 172.17.0.9: 172.17.0.9 answers to nobody") {
            $0.put(Scene.container(), Scene.instance(at: "172.17.0.9", 80))
        },
        Case("on no network", .network, "web is attached to no network any more, so nobody reaches it") {
            $0.put(Scene.container { $0.endpoints = [] }, Scene.instance())
        },
    ]

    /// Which of several faults is the cause.
    static let several: [Case] = [
        Case("a dead agent before a container that only is called alike", .node, "the Consul agent on far stopped answering 4 min ago: its checks are as they were when it was last heard") {
            $0.snapshot.members.append(Member(id: Member.ID(Scene.consul, "far"), name: "far", address: "10.0.0.7", status: .failed))
            $0.put(Scene.container { $0.state = .exited(code: 3, at: Scene.ago(300)) }, Scene.instance(id: "w", at: "10.0.0.7", 80, on: "far"))
            $0.snapshot.checks.append(Scene.check("serfHealth", node: "far", kind: "serf"))
        },
        Case("a container before the agent of its node", .container, "web is not running: failed (exit 3) 5 min ago") {
            $0.snapshot.members[0].status = .failed
            $0.put(Scene.container { $0.state = .exited(code: 3, at: Scene.ago(300)) }, Scene.instance())
        },
        Case("a container before its check's missing tool", .container, "web is not running: failed (exit 3) 5 min ago") {
            $0.put(Scene.container { $0.state = .exited(code: 3, at: Scene.ago(300)) }, Scene.instance(), output: "/bin/sh: jq: not found", kind: "script")
        },
        Case("a lost network before a port that nobody answers at", .network, "web is not attached to network backend any more, so 172.20.0.3 answers to nobody") {
            $0.put(Scene.container(), Scene.instance(id: "w", at: "172.20.0.3", 80))
            $0.snapshot.instances[0].service = "else"
            $0.snapshot.events = [
                Event(
                    id: "1", at: Scene.ago(60), origin: .engine, source: Scene.docker, kind: "network", action: "disconnect", subject: "backend",
                    subjectID: "net-backend", detail: "container \(Scene.raw("web").prefix(12))")
            ]
            $0.evidence[.connect(host: "172.20.0.3", port: 80)] = refused
        },
    ]

    static func swarm(_ scene: inout Scene, _ state: WorkloadTask.State, _ word: String, reason: String, exitCode: Int? = nil, node: Node? = nil) {
        let web = Workload(id: Workload.ID(Scene.swarm, "w1"), name: "shop_web", group: "shop", kind: "service", desired: 1, running: 0)
        let node = node ?? Node(id: Node.ID(Scene.swarm, "h1"), name: "h1")
        scene.snapshot.workloads = [web]
        scene.snapshot.nodes = [node]
        scene.snapshot.tasks = [
            WorkloadTask(
                id: WorkloadTask.ID(Scene.swarm, "t1"), name: "shop_web.1", workload: web.id, slot: 1, node: node.id, state: state, stateWord: word,
                reason: reason, exitCode: exitCode, image: "nginx:9.9")
        ]
        scene.snapshot.checks = [Scene.check("web-http") { $0.service = "web" }]
    }

    static let guess = " (if it is the right workload: it was found by the name web only)"

    static let placement: [Case] = [
        Case("an image that cannot be pulled", .task, "the image of shop_web.1 (nginx:9.9) cannot be pulled on h1: No such image: nginx:9.9" + guess) {
            swarm(&$0, .rejected, "rejected", reason: "No such image: nginx:9.9")
        },
        Case("a task that fails", .task, "shop_web.1 fails on h1: failed (exit 1)" + guess) {
            swarm(&$0, .failed, "failed", reason: "task: non-zero exit (1)", exitCode: 1)
        },
        Case("a task that fails again and again", .task, "shop_web.1 failed 2 times within the last 10 min: failed (exit 1)" + guess) {
            swarm(&$0, .running, "running", reason: "")
            for (index, age) in [20, 80, 4000].enumerated() {
                var before = $0.snapshot.tasks[0]
                before = WorkloadTask(
                    id: WorkloadTask.ID(Scene.swarm, "old\(index)"), name: before.name, workload: before.workload, slot: 1, state: .failed, stateWord: "failed",
                    isCurrent: false, exitCode: 1, since: Scene.ago(Int64(age)))
                $0.snapshot.tasks.append(before)
            }
        },
        Case("a node that is down", .node, "node h1 is down: heartbeat failure; what runs there cannot be reached" + guess) {
            swarm(
                &$0, .lost, "running", reason: "",
                node: Node(id: Node.ID(Scene.swarm, "h1"), name: "h1", status: .down, message: "heartbeat failure"))
        },
        Case("scaled to nothing", .workload, "shop_web is scaled to 0: nothing of it shall run" + guess, isOnPurpose: true) {
            swarm(&$0, .finished, "shutdown", reason: "")
            $0.snapshot.tasks = []
            $0.snapshot.workloads[0].desired = 0
        },
    ]

    static let registries: [Case] = [
        Case("maintenance", .check, "web on lab has been in maintenance for 4 min, on purpose: new disks", isOnPurpose: true) { scene in
            let instance = Scene.instance()
            scene.put(Scene.container { $0.ports = [Container.Port(hostPort: 8080, containerPort: 80)] }, instance)
            scene.snapshot.checks.append(
                Scene.check("_service_maintenance:\(instance.serviceID)", of: instance, kind: "maintenance") { $0.notes = "new disks" })
        },
        Case(
            "maintenance, and something else", .check,
            "node lab has been in maintenance for 4 min, on purpose: no reason is given; besides, web is not running: failed (exit 3) 5 min ago",
            isOnPurpose: true
        ) { scene in
            scene.put(Scene.container { $0.state = .exited(code: 3, at: Scene.ago(300)) }, Scene.instance())
            scene.snapshot.checks.append(Scene.check("_node_maintenance", node: "lab", kind: "maintenance"))
        },
        Case("an engine that does not answer", .node, "docker local itself has not answered for 5 min (connection refused): what is shown of it is as it was then") {
            $0.put(Scene.container { $0.ports = [Container.Port(hostPort: 8080, containerPort: 80)] }, Scene.instance())
            $0.snapshot.sources[0].freshness = .stale(since: Scene.ago(300), Trouble(.unreachable, attempt: "list containers", answer: "connection refused"))
        },
        Case("a registry that does not answer", .node, "consul local itself has not answered for 5 min (no cluster leader): what is shown of it is as it was then") {
            $0.put(Scene.container { $0.ports = [Container.Port(hostPort: 8080, containerPort: 80)] }, Scene.instance())
            $0.snapshot.sources[1].freshness = .stale(since: Scene.ago(300), Trouble(.unreachable, attempt: "list checks", answer: "no cluster leader"))
        },
    ]

    @Test(arguments: six + containers + endpoints + placement + registries + several) func namesTheCause(_ given: Case) throws {
        let trace = given.scene.trace()
        #expect(trace.verdict == given.verdict)
        let culprit = try #require(trace.culprit)
        #expect(culprit.kind == given.kind)
        #expect(culprit.state == (given.isOnPurpose ? .doubtful : .broken))
        // One cause: whatever else is red follows from it.
        #expect(trace.links.filter { $0.state == .broken }.count == (given.isOnPurpose ? 0 : 1))
        #expect(trace.questions.count <= 12)
    }

    @Test(arguments: six) func isTheSameFromTheInstance(_ given: Case) throws {
        let instance = try #require(given.scene.snapshot.instances.first)
        let trace = given.scene.trace(.instance(instance.id))
        #expect(trace.culprit?.kind == given.kind)
    }
}
