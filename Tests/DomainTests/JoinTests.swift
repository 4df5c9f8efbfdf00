import Testing

@testable import Domain

@Suite struct JoinTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String { name }
        let name: String
        /// The container's name and how it was found; nil where none is.
        let words: String?
        var certainty: Trace.Joint.Certainty = .certain
        var containers: [Container] = [Scene.container()]
        let instance: ServiceInstance
    }

    static let published = Scene.container { $0.ports = [Container.Port(hostAddress: "0.0.0.0", hostPort: 8080, containerPort: 80)] }
    static let id = Scene.raw("web")

    static let cases: [Case] = [
        Case(
            name: "the registry keeps the id", words: "web by the container's id, which the registry keeps",
            instance: Scene.instance(id: "x", at: "") { $0.container = Container.ID(Scene.docker, id) }),
        Case(
            name: "metadata", words: "web by the container's id in its metadata container_id",
            instance: Scene.instance(id: "x", at: "") { $0.meta = ["container_id": String(id.prefix(12))] }),
        Case(name: "a tag", words: "web by the container's id in its tag container", instance: Scene.instance(id: "x", at: "") { $0.tags = ["a", "container=" + id] }),
        Case(name: "Registrator's id", words: "web by Registrator's id lab:web:80", instance: Scene.instance(at: "")),
        Case(
            name: "Registrator's id with the host name of its container", words: "web by Registrator's id \(Scene.raw("registrator").prefix(12)):web:80",
            containers: [Scene.container(), Scene.container("registrator") { $0.image = "gliderlabs/registrator:latest" }],
            instance: Scene.instance(id: "\(Scene.raw("registrator").prefix(12)):web:80", at: "")),
        Case(
            name: "Registrator's id with the host name that somebody chose", words: "web by Registrator's id boss:web:80",
            containers: [
                Scene.container(),
                Scene.container("r") {
                    $0.image = "gliderlabs/registrator"
                    $0.detail = Container.Detail(hostname: "boss")
                },
            ], instance: Scene.instance(id: "boss:web:80", at: "")),
        Case(
            name: "Registrator's id of a Registrator that is gone", words: "web by the container's name in Registrator's id 0123456789ab:web:80", certainty: .likely,
            instance: Scene.instance(id: "0123456789ab:web:80", at: "")),
        Case(name: "its own address and port", words: "web by address and port 172.17.0.2:80", certainty: .likely, instance: Scene.instance(id: "x", at: "172.17.0.2", 80)),
        Case(
            name: "its own address, another port", words: "web by address 172.17.0.2, though it declares no port 81", certainty: .likely,
            instance: Scene.instance(id: "x", at: "172.17.0.2", 81)),
        Case(
            name: "a published port", words: "web by published port 10.0.0.5:8080", certainty: .likely, containers: [published], instance: Scene.instance(id: "x")),
        Case(
            name: "a published port on the loopback address", words: "web by published port 127.0.0.1:8080", certainty: .likely, containers: [published],
            instance: Scene.instance(id: "x", at: "127.0.0.1")),
        Case(name: "its service id", words: "web by its service id, which is the container's name", certainty: .likely, instance: Scene.instance("front", id: "web", at: "")),
        Case(name: "the name", words: "web by the name web only", certainty: .guess, instance: Scene.instance(id: "x", at: "")),
        Case(name: "the name with the port behind it", words: "web by the name web only", certainty: .guess, instance: Scene.instance("web-80", id: "x", at: "")),
        Case(
            name: "the Compose service", words: "shop-front-1 by the name front only", certainty: .guess,
            containers: [Scene.container("shop-front-1") { $0.labels = ["com.docker.compose.service": "front"] }], instance: Scene.instance("front", id: "x", at: "")),
        Case(
            name: "one of several", words: "b by the name front only, one of 2 that are called so", certainty: .guess,
            containers: [
                Scene.container("a") {
                    $0.labels = ["SERVICE_NAME": "front"]
                    $0.state = .exited(code: 0, at: nil)
                },
                Scene.container("b") { $0.labels = ["SERVICE_80_NAME": "front"] },
            ], instance: Scene.instance("front", id: "x", at: "")),
        Case(name: "nothing", words: nil, instance: Scene.instance("db", id: "db", at: "10.0.0.5", 5432)),
        // An id that names a container which is not there is no other container's.
        Case(name: "the id of another", words: nil, instance: Scene.instance(id: "lab:gone:80")),
        Case(name: "another machine's Registrator", words: nil, instance: Scene.instance("api", id: "far:web:80", at: "10.0.0.9", on: "far")),
    ]

    @Test(arguments: cases) func findsTheContainer(_ given: Case) {
        let scene = Scene { $0.snapshot.containers = given.containers }
        let found = Joins(scene.snapshot).container(of: given.instance).found
        #expect(found.map { "\($0.container.name) \($0.joint.words)" } == given.words)
        if given.words != nil { #expect(found?.joint.certainty == given.certainty) }
    }

    @Test func findsWhatAnOrchestratorPublishes() throws {
        let scene = Scene {
            $0.snapshot.workloads = [
                Workload(id: Workload.ID(Scene.swarm, "w"), name: "shop_web", group: "shop", kind: "service", desired: 1, ports: [Workload.Port(published: 8080, target: 80)])
            ]
        }
        let joins = Joins(scene.snapshot)
        let byPort = try #require(joins.placement(of: Scene.instance("front", id: "x")))
        #expect(byPort.joint.words == "by port 8080, which the orchestrator publishes")
        let byName = try #require(joins.placement(of: Scene.instance("web", id: "x", at: "10.0.0.5", 1)))
        #expect(byName.joint == Trace.Joint("by the name web only", .guess))
        #expect(joins.placement(of: Scene.instance("api", id: "x", at: "10.0.0.5", 1)) == nil)
    }

    @Test func theNarrowestNetworkHoldsAnAddress() {
        var scene = Scene()
        scene.snapshot.networks.append(
            Network(
                id: Network.ID(Scene.docker, "wide"), host: Host.ID(Scene.docker, "local"), name: "wide", driver: "bridge",
                subnets: [Network.Subnet(range: "172.0.0.0/8", gateway: "")]))
        let joins = Joins(scene.snapshot)
        #expect(joins.network(holding: "172.20.3.4", on: [Scene.docker])?.name == "backend")
        #expect(joins.network(holding: "172.99.3.4", on: [Scene.docker])?.name == "wide")
        #expect(joins.network(holding: "not an address", on: []) == nil)
    }

    struct Said: Sendable {
        let output: String
        var kind = "script"
        var definition = ""
        let words: String?
    }

    static let said: [Said] = [
        Said(output: "/bin/sh: jq: not found", words: "jq is not found"), Said(output: "sh: 1: jq: not found", words: "jq is not found"),
        Said(output: "bash: line 1: jq: command not found", words: "jq is not found"), Said(output: "env: 'python3': No such file or directory", words: "python3 is not found"),
        Said(output: "exec: \"jq\": executable file not found in $PATH", words: "jq is not found"),
        Said(
            output: "OCI runtime exec failed: exec failed: unable to start container process: exec: \"curl\": executable file not found in $PATH: unknown",
            kind: "healthcheck", words: "curl is not found"),
        Said(output: "fork/exec /opt/check.sh: no such file or directory", words: "/opt/check.sh is not found"),
        Said(output: "fork/exec /opt/check.sh: permission denied", words: "/opt/check.sh is not executable"),
        Said(output: "sh: 1: /opt/check.sh: Permission denied", words: "/opt/check.sh is not executable"),
        Said(output: "/opt/check.sh: line 3: jq: command not found", words: "jq is not found"),
        Said(output: "sh: can't open '/opt/check.sh': No such file or directory", words: "/opt/check.sh is not found"),
        Said(output: "exit status 127", words: "its command is not found (exit 127)"),
        // What a check that ran has to say.
        Said(output: "404 page: not found", words: nil), Said(output: "HTTP GET http://x/: 404 Not Found Output: sh: 1: jq: not found", kind: "http", words: nil),
        Said(output: "cat: /var/run/ready: No such file or directory", words: nil), Said(output: "error: user: not found", words: nil),
        Said(output: "exit status 1", words: nil), Said(output: "", words: nil),
    ]

    @Test(arguments: said) func tellsAMissingToolFromABadAnswer(_ given: Said) {
        let check = Scene.check(output: given.output, kind: given.kind) { $0.definition = given.definition }
        #expect(CheckFailure(check)?.words == given.words)
    }
}
