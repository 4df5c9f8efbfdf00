import Testing

@testable import Domain

@Suite struct DisagreementTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var testDescription: String { name }
        let name: String
        /// `KIND: words`, and behind `=>` the mend; in order.
        let lines: [String]
        let scene: Scene
        init(_ name: String, _ lines: [String], _ change: (inout Scene) -> Void) {
            self.name = name
            self.lines = lines
            scene = Scene(change)
        }
    }

    static func line(_ found: Disagreement) -> String {
        let mend: String =
            switch found.mend {
            case nil: ""
            case let mend?:
                switch mend.action {
                case .registry(.deregister): " => deregister \(mend.target.name)"
                case .registry(.register(let what)): " => register \(what.id) at \(what.address):\(what.port) on \(what.node)"
                case .connect: " => connect to \(mend.target.name)"
                default: " => \(mend.action.verb)"
                }
            }
        return "\(found.kind.rawValue): \(found.words)\(mend)"
    }

    static let published = Container.Port(hostAddress: "0.0.0.0", hostPort: 8080, containerPort: 80)
    static func web(_ change: (inout Container) -> Void = { _ in }) -> Container {
        Scene.container {
            $0.ports = [published]
            change(&$0)
        }
    }
    static let old = Scene.ago(300)

    static let found: [Case] = [
        Case("stopped", ["container gone: web is registered as lab:web:80 and critical, and its container web is exited 5 min ago => deregister lab:web:80"]) {
            $0.put(web { $0.state = .exited(code: 0, at: old) }, Scene.instance())
        },
        Case("stopped, and passes for want of checks", ["container gone: web is registered as lab:web:80 and passing for want of checks, and its container web is exited => deregister lab:web:80"]) {
            $0.snapshot.containers = [web { $0.state = .exited(code: 0, at: nil) }]
            $0.snapshot.instances = [Scene.instance()]
        },
        Case("gone, by the id in its metadata", ["container gone: web is registered as w and passing for want of checks, and its container is gone => deregister w"]) {
            $0.snapshot.instances = [Scene.instance(id: "w") { $0.meta = ["container_id": Scene.raw("gone")] }]
        },
        Case(
            "gone, by Registrator's id",
            ["Registrator orphan: lab:web:80 was made by a Registrator for a container that is not there any more, and is passing for want of checks => deregister lab:web:80"]
        ) { $0.snapshot.instances = [Scene.instance()] },
        Case(
            "Registrator and container gone",
            ["Registrator orphan: 0123456789ab:web:80 was made by a Registrator that is gone, for a container that is gone, and is passing for want of checks => deregister 0123456789ab:web:80"]
        ) { $0.snapshot.instances = [Scene.instance(id: "0123456789ab:web:80")] },
        Case(
            "not registered", ["not registered: web runs on lab and asks for the name shop, and no registry has it => register lab:web:80 at 10.0.0.5:8080 on lab"]
        ) { $0.snapshot.containers = [web { $0.labels = ["SERVICE_NAME": "shop"] }] },
        Case("not registered, and publishes nothing", ["not registered: web runs on lab and asks for the name shop, and no registry has it => register lab:web:80 at 172.17.0.2:80 on lab"]) {
            $0.snapshot.containers = [Scene.container { $0.detail = Container.Detail(serviceVariables: ["SERVICE_NAME": "shop"]) }]
        },
        Case("not registered, where no agent could hold it", ["not registered: web runs on lab and asks for the name shop, and no registry has it"]) {
            $0.snapshot.members = []
            $0.snapshot.containers = [web { $0.labels = ["SERVICE_NAME": "shop"] }]
        },
        Case("twice", ["registered twice: port 80 of web is registered as web twice: as lab:web:80 on lab and as web on lab"]) {
            $0.snapshot.containers = [web()]
            $0.snapshot.instances = [Scene.instance(), Scene.instance(id: "web")]
        },
        Case("twice, by a Registrator that is gone", ["registered twice: port 80 of web is registered as web twice: as lab:web:80 on lab and as 0123456789ab:web:80 on lab => deregister 0123456789ab:web:80"]) {
            $0.snapshot.containers = [web()]
            $0.snapshot.instances = [Scene.instance(), Scene.instance(id: "0123456789ab:web:80")]
        },
        Case("wrong port", ["wrong port: web is registered at 10.0.0.5:9999, and web publishes port 8080 on its host => register lab:web:80 at 10.0.0.5:8080 on lab"]) {
            $0.snapshot.containers = [web()]
            $0.snapshot.instances = [Scene.instance(at: "10.0.0.5", 9999)]
        },
        Case("not published", ["wrong port: web is registered at 10.0.0.5:8080, and web does not publish port 8080: it publishes none"]) {
            $0.snapshot.containers = [Scene.container()]
            $0.snapshot.instances = [Scene.instance()]
        },
        Case("wrong port inside", ["wrong port: web is registered at 172.17.0.2:8080, and web listens on 80 there => register lab:web:80 at 172.17.0.2:80 on lab"]) {
            $0.snapshot.containers = [web()]
            $0.snapshot.instances = [Scene.instance(at: "172.17.0.2", 8080)]
        },
        Case("wrong address", ["wrong address: web is registered at 172.17.0.9, and web has 172.17.0.2 in network bridge => register lab:web:80 at 172.17.0.2:80 on lab"]) {
            $0.snapshot.containers = [web()]
            $0.snapshot.instances = [Scene.instance(at: "172.17.0.9", 80)]
        },
        Case("left its network", ["wrong address: web is registered at 172.20.0.3, and web is not attached to network backend, whose address that is => connect to backend"]) {
            $0.snapshot.containers = [web()]
            $0.snapshot.instances = [Scene.instance(at: "172.20.0.3", 80)]
        },
    ]

    /// What is as it should be, or cannot be proven not to be.
    static let fine: [Case] = [
        Case("in order", []) {
            $0.snapshot.containers = [web { $0.labels = ["SERVICE_NAME": "web"] }]
            $0.snapshot.instances = [Scene.instance()]
        },
        Case("in order by its own address", []) {
            $0.snapshot.containers = [Scene.container()]
            $0.snapshot.instances = [Scene.instance(at: "172.17.0.2", 80)]
        },
        Case("on a machine whose engine is not watched", []) {
            $0.snapshot.members.append(Member(id: Member.ID(Scene.consul, "far"), name: "far", address: "10.0.0.9", status: .alive))
            $0.snapshot.instances = [
                Scene.instance(id: "far:web:80", at: "10.0.0.9", on: "far"), Scene.instance(id: "0123456789ab:web:80", at: "10.0.0.9", on: "far"),
                Scene.instance(id: "w", at: "10.0.0.9", on: "far") { $0.meta = ["container_id": Scene.raw("gone")] },
            ]
        },
        Case("an engine that does not answer", []) {
            $0.snapshot.sources[0].freshness = .stale(since: old, Trouble(.unreachable, attempt: "list", answer: "refused"))
            $0.snapshot.containers = [web("x"), web { $0.labels = ["SERVICE_NAME": "shop"] }]
            $0.snapshot.instances = [Scene.instance(), Scene.instance("x")]
        },
        Case("a registry that does not answer", []) {
            $0.snapshot.sources[1].freshness = .stale(since: old, Trouble(.unreachable, attempt: "list", answer: "refused"))
            $0.snapshot.containers = [web { $0.labels = ["SERVICE_NAME": "shop"] }]
            $0.snapshot.instances = [Scene.instance("x")]
        },
        Case("Consul itself, and what nobody made from a container", []) {
            $0.snapshot.instances = [Scene.instance("consul", id: "consul", at: "10.0.0.5", 8300), Scene.instance("db", id: "db", at: "10.0.0.5", 5432)]
        },
        Case("asks to be ignored", []) { $0.snapshot.containers = [web { $0.labels = ["SERVICE_NAME": "shop", "SERVICE_IGNORE": "1"] }] },
        Case("asks for nothing", []) { $0.snapshot.containers = [web()] },
        Case("started just now", []) {
            $0.snapshot.containers = [
                web {
                    $0.labels = ["SERVICE_NAME": "shop"]
                    $0.state = .running(since: Scene.ago(2))
                }
            ]
        },
        Case("an entry of the name that may be its own", []) {
            $0.snapshot.containers = [web { $0.labels = ["SERVICE_NAME": "shop"] }]
            $0.snapshot.instances = [Scene.instance("shop", id: "s", at: "192.0.2.1", 80)]
        },
        Case("two names for one port", []) {
            $0.snapshot.containers = [web()]
            $0.snapshot.instances = [Scene.instance(), Scene.instance("front", id: "front")]
        },
        Case("behind a translated address", []) {
            $0.snapshot.containers = [web()]
            $0.snapshot.instances = [Scene.instance(at: "203.0.113.7", 80)]
        },
        Case("on the host's network", []) {
            $0.snapshot.containers = [
                Scene.container {
                    $0.networkMode = "host"
                    $0.endpoints = []
                }
            ]
            $0.snapshot.instances = [Scene.instance()]
        },
        Case("two engines on one machine, one of them without it", []) {
            let podman = Source.ID("docker:podman")
            $0.snapshot.sources.append(Source(id: podman, kind: .docker, title: "podman", name: "podman", address: "unix:///run/podman.sock", freshness: .live(since: old)))
            $0.snapshot.hosts.append(Host(id: Host.ID(podman, "podman"), name: "lab", isLocal: true))
            $0.snapshot.containers = [web()]
            $0.snapshot.instances = [Scene.instance()]
        },
    ]

    static func web(_ name: String) -> Container { Scene.container(name) { $0.state = .exited(code: 0, at: nil) } }

    @Test(arguments: found + fine) func comparesTheRegistryWithWhatRuns(_ given: Case) {
        #expect(Disagreement.all(in: given.scene.snapshot).map(Self.line) == given.lines)
    }

    @Test(arguments: found) func saysHowItWasMatchedAndWhatToDo(_ given: Case) {
        for found in Disagreement.all(in: given.scene.snapshot) {
            #expect(!found.match.isEmpty)
            #expect(!found.advice.isEmpty)
            #expect(Disagreement.all(in: given.scene.snapshot).filter { $0.id == found.id }.count == 1)
        }
    }

    @Test func isQuickWithManyOfThem() {
        var scene = Scene()
        scene.snapshot.containers = (0..<10_000).map { index in
            Scene.container("c\(index)") {
                $0.ports = [Container.Port(hostAddress: "0.0.0.0", hostPort: 10_000 + index, containerPort: 80)]
                $0.labels = ["SERVICE_NAME": "s\(index / 10)"]
                $0.endpoints = [Scene.plug("bridge", "172.17.\(index / 250).\(index % 250 + 2)")]
            }
        }
        scene.snapshot.instances = (0..<5_000).map { Scene.instance("s\($0 / 10)", id: "lab:c\($0):80", at: "10.0.0.5", 10_000 + $0) }
        let clock = ContinuousClock()
        var count = 0
        let spent = clock.measure { count = Disagreement.all(in: scene.snapshot).count }
        #expect(count == 5_000)
        // Squared it would be minutes.
        #expect(spent < .seconds(20))
        var services = 0
        #expect(clock.measure { services = scene.snapshot.services().count } < .seconds(10))
        #expect(services == 500)
    }
}
