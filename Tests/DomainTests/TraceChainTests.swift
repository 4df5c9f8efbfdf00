import Testing

@testable import Domain

/// Which links a trace has, from wherever it begins, and what it asks.
@Suite struct TraceChainTests {
    static let published = Container.Port(hostAddress: "0.0.0.0", hostPort: 8080, containerPort: 80)

    /// All is well from the check to the path.
    static let well = Scene { scene in
        scene.put(Scene.container { $0.ports = [published] }, Scene.instance())
        scene.snapshot.checks[0].status = .passing
        scene.evidence[.connect(host: "10.0.0.5", port: 8080)] = .connected(after: .microseconds(300))
        let origin = LogOrigin.container(Container.ID(Scene.docker, Scene.raw("web")))
        scene.evidence[.lastLines(origin)] = .lines((1...9).map { LogLine(origin: origin, at: nil, stream: .output, text: "line \($0)") })
    }

    @Test func nothingIsBroken() {
        let trace = Self.well.trace()
        #expect(trace.title == "check web-http")
        #expect(trace.kinds == [.check, .instance, .container, .network, .path])
        #expect(trace.links.allSatisfy { $0.state == .good })
        #expect(trace.cause == nil)
        #expect(trace.verdict == "everything that could be looked at is in order")
        #expect(trace.questions.isEmpty)
        #expect(trace.link(.container)?.joint == Trace.Joint("by Registrator's id lab:web:80", .certain))
        #expect(trace.facts(.path).contains("TCP probe: a connection to 10.0.0.5:8080 opens from here, after less than 1 ms"))
        // The last five.
        #expect(trace.facts(.container).contains("last lines: line 5\n: line 6"))
        #expect(!trace.facts(.container).contains("line 4"))
    }

    @Test func aRedCheckWithNothingBehindItSpeaksForItself() {
        var scene = Self.well
        scene.snapshot.checks[0].status = .critical
        scene.snapshot.checks[0].output = "HTTP GET http://10.0.0.5:8080/: 500 Internal Server Error\nboom\n"
        let trace = scene.trace()
        #expect(trace.cause == nil)
        #expect(trace.verdict == "everything that could be looked at is in order; the check web-http says: boom")
        #expect(trace.link(.check)?.state == .doubtful)
    }

    @Test func asksForWhatItDoesNotKnow() {
        var scene = Self.well
        scene.evidence = Evidence()
        scene.snapshot.containers[0].detail = nil
        let server = NameServer(host: "127.0.0.1", port: 8600, domain: "consul")
        scene.snapshot.registries[0].dns = server
        let id = scene.snapshot.containers[0].id
        let trace = scene.trace()
        #expect(
            trace.questions == [
                .detail(id), .lastLines(.container(id)), .connect(host: "10.0.0.5", port: 8080), .addresses(name: "web.service.consul", server),
                .services(name: "web.service.consul", server),
            ])
        #expect(trace.link(.path)?.state == .pending)
        #expect(trace.verdict == "so far everything that could be looked at is in order")
    }

    @Test func whatWasAskedIsNewerThanThePicture() {
        var scene = Self.well
        scene.snapshot.checks[0].status = .critical
        scene.snapshot.containers[0].state = .exited(code: 137, at: Scene.ago(20))
        scene.evidence[.detail(scene.snapshot.containers[0].id)] = .detail(Container.Detail(isOutOfMemoryKilled: true))
        #expect(scene.trace().verdict == "web was killed for memory 20 s ago")
    }

    @Test func showsWhatDNSAnswersBesideWhatIsRegistered() {
        var scene = Self.well
        let server = NameServer(host: "127.0.0.1", port: 8600, domain: "consul")
        scene.snapshot.registries[0].dns = server
        scene.evidence[.addresses(name: "web.service.consul", server)] = .nothing
        scene.evidence[.services(name: "web.service.consul", server)] = .services([.init(host: "x.node", port: 8080, addresses: ["10.0.0.5"])])
        let trace = scene.trace()
        #expect(trace.facts(.path).contains("DNS A: web.service.consul has no answer: no instance passes"))
        #expect(trace.facts(.path).contains("DNS SRV: web.service.consul is 10.0.0.5:8080"))
        // It passes, and its name is not there.
        #expect(trace.link(.path)?.state == .doubtful)
    }

    @Test func isTheSameChainFromEveryLink() {
        let scene = Self.well
        let ways: [Trace.Place] = [
            .instance(scene.snapshot.instances[0].id), .service(Scene.consul, name: "web"), .container(scene.snapshot.containers[0].id),
        ]
        for start in ways { #expect(scene.trace(start).kinds == [.check, .instance, .container, .network, .path]) }
        #expect(scene.trace(.container(scene.snapshot.containers[0].id)).title == "container web")
    }

    @Test func beginsAHealthcheckAtItsContainer() {
        var scene = Self.well
        let check = Scene.healthcheck(of: scene.snapshot.containers[0], .passing)
        scene.snapshot.checks.append(check)
        let trace = scene.trace(.check(check.id))
        #expect(trace.kinds == [.check, .instance, .container, .network, .path])
        #expect(trace.links[0].place == .check(check.id))
        #expect(trace.link(.container)?.joint == Trace.Joint("by the container's id in the check", .certain))
    }

    /// A swarm's task whose container is watched.
    static let placed = Scene { scene in
        let workload = Workload(id: Workload.ID(Scene.swarm, "w1"), name: "web", kind: "service", desired: 1, running: 1)
        let node = Node(id: Node.ID(Scene.swarm, "n1"), name: "lab", address: "10.0.0.5")
        let container = Scene.container("web.1.abc") { $0.labels = ["com.docker.swarm.task.id": "t1", "com.docker.swarm.service.name": "web"] }
        scene.snapshot.workloads = [workload]
        scene.snapshot.nodes = [node]
        scene.snapshot.tasks = [
            WorkloadTask(
                id: WorkloadTask.ID(Scene.swarm, "t1"), name: "web.1", workload: workload.id, slot: 1, node: node.id, containers: [container.id.raw],
                state: .running, stateWord: "running")
        ]
        scene.put(container, Scene.instance(id: "lab:web.1.abc:80", at: "172.17.0.2", 80))
    }

    @Test func goesThroughTheOrchestrator() {
        let expected: [Trace.Link.Kind] = [.check, .instance, .workload, .task, .node, .container, .network, .path]
        let snapshot = Self.placed.snapshot
        let starts: [Trace.Place] = [
            .check(snapshot.checks[0].id), .workload(snapshot.workloads[0].id), .task(snapshot.tasks[0].id), .container(snapshot.containers[0].id),
        ]
        for start in starts { #expect(Self.placed.trace(start).kinds == expected) }
        let trace = Self.placed.trace()
        #expect(trace.link(.task)?.joint == Trace.Joint("by the container's id in the task", .certain))
        #expect(trace.link(.node)?.place == .node(snapshot.nodes[0].id))
    }

    @Test func saysWhatCouldNotBeJoined() {
        let scene = Scene { scene in
            let instance = Scene.instance("api", id: "api", at: "10.0.0.7", 80, on: "elsewhere")
            scene.snapshot.instances = [instance]
            scene.snapshot.checks = [Scene.check("api-http", of: instance, output: "refused")]
        }
        let trace = scene.trace()
        #expect(trace.link(.container)?.state == .missing)
        #expect(
            trace.facts(.container) == ": no watched engine has a container at 10.0.0.7:80; engines watched: local; none of them is known to run on node elsewhere")
        #expect(trace.cause == nil)
        #expect(trace.verdict.hasSuffix("; the check api-http says: refused"))
    }

    @Test func aBuiltInBridgeOfAnotherMachineIsNotThisOne() {
        let scene = Scene { scene in
            let instance = Scene.instance("web", id: "w", at: "172.17.0.2", 80, on: "elsewhere")
            scene.snapshot.members.append(Member(id: Member.ID(Scene.consul, "elsewhere"), name: "elsewhere", address: "10.0.0.8", status: .alive))
            scene.put(Scene.container { $0.state = .running(since: nil) }, instance)
        }
        #expect(scene.trace().link(.container)?.joint?.certainty == .guess)
    }

    @Test func whatIsGoneIsSaid() {
        let scene = Scene()
        let starts: [Trace.Place] = [
            .check(Check.ID(Scene.consul, "lab/x")), .instance(ServiceInstance.ID(Scene.consul, "lab/x")), .service(Scene.consul, name: "x"),
            .member(Member.ID(Scene.consul, "x")), .workload(Workload.ID(Scene.swarm, "x")), .task(WorkloadTask.ID(Scene.swarm, "x")),
            .node(Node.ID(Scene.swarm, "x")), .container(Container.ID(Scene.docker, "x")), .network(Network.ID(Scene.docker, "x")),
        ]
        for start in starts {
            let trace = scene.trace(start)
            #expect(trace.links.count == 1)
            #expect(trace.links.first?.state == .missing)
            #expect(!trace.verdict.isEmpty)
        }
    }

    @Test func hostileOutputIsBounded() {
        var scene = Self.well
        scene.snapshot.checks[0].status = .critical
        scene.snapshot.checks[0].output = String(repeating: "x", count: 1_000_000) + String(repeating: "\n\u{1b}[2J", count: 100_000)
        let trace = scene.trace()
        #expect(trace.verdict.unicodeScalars.count < 400)
        #expect(trace.links.flatMap(\.facts).allSatisfy { $0.text.unicodeScalars.count <= 400 })
        #expect(trace.links.flatMap(\.facts).count < 60)
    }

    @Test func aDeadAgentIsALinkOnlyWhereItMatters() {
        #expect(Self.well.trace(.member(Self.well.snapshot.members[0].id)).kinds == [.node])
        #expect(!Self.well.trace().kinds.contains(.node))
    }

    @Test func aNetworkTellsWhoIsInTroubleOnIt() {
        var scene = Self.well
        scene.snapshot.containers[0].state = .exited(code: 3, at: nil)
        let trace = scene.trace(.network(scene.snapshot.networks[0].id))
        #expect(trace.verdict == "the network bridge is in order; 1 of 1 containers on it is not: web failed (exit 3)")
    }
}
