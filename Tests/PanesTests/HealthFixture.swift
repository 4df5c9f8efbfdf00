import Domain

/// A registry of three nodes, one of which stopped answering, with two services and a container beside them.
enum HealthFixture {
    static let now = Timestamp(seconds: 1_795_420_984)
    static let engine = Source.ID("docker:local")
    static let consul = Source.ID("consul:local")
    static let nameServer = NameServer(host: "127.0.0.1", port: 8600, domain: "consul")

    static func ago(_ seconds: Int64) -> Timestamp { Timestamp(seconds: now.seconds - seconds) }

    static func consulSource(_ freshness: Freshness = .live(since: ago(2700)), remarks: [String] = []) -> Source {
        Source(id: consul, kind: .consul, title: "consul 1.8.7", name: "consul", address: "http://127.0.0.1:8500", freshness: freshness, remarks: remarks)
    }

    static var base: Snapshot {
        var snapshot = Snapshot(takenAt: now)
        snapshot.sources = [
            Source(id: engine, kind: .docker, title: "docker 20.10", name: "local", address: "unix:///var/run/docker.sock", freshness: .live(since: ago(3600)))
        ]
        snapshot.hosts = [Host(id: Host.ID(engine, "h1"), name: "lab1", cpus: 4, memory: 8 << 30, isLocal: true)]
        return snapshot
    }

    static func check(
        _ node: String, _ id: String, _ name: String, _ status: Check.Status, _ output: String, instance: (service: String, id: String)? = nil, kind: String = "http",
        does: String = "", notes: String = "", since: Int64 = 2700, isAtLeast: Bool = false, changes: [(ago: Int64, from: Check.Status, to: Check.Status)] = [], tags: [String] = []
    ) -> Check {
        let check = Check.ID(consul, "\(node)/\(id)")
        return Check(
            id: check, name: name, status: status, output: output, service: instance?.service ?? "", serviceID: instance?.id ?? "", node: node, since: ago(since),
            isSinceAtLeast: isAtLeast, flips: changes.count, tags: tags, kind: kind, notes: notes, definition: does,
            transitions: changes.map { CheckTransition(check: check, at: ago($0.ago), from: $0.from, to: $0.to) }, watchedSince: ago(2700))
    }

    static func instance(_ node: String, _ id: String, _ service: String, _ address: String, _ port: Int, tags: [String] = [], meta: [String: String] = [:]) -> ServiceInstance {
        ServiceInstance(
            id: ServiceInstance.id(consul, node: node, serviceID: id), service: service, serviceID: id, node: node, address: address, port: port, tags: tags, meta: meta)
    }

    static let checks: [Check] = [
        check("n1", "serfHealth", "Serf Health Status", .passing, "Agent alive and reachable", kind: "serf", isAtLeast: true),
        check("n2", "serfHealth", "Serf Health Status", .passing, "Agent alive and reachable", kind: "serf", isAtLeast: true),
        check("n3", "serfHealth", "Serf Health Status", .critical, "Agent not live or unreachable", kind: "serf", since: 60, changes: [(60, .passing, .critical)]),
        check(
            "n1", "service:web1", "web answers", .critical, "Get \"http://10.0.0.1:8080/health\": dial tcp 10.0.0.1:8080: connect: connection refused\nand a second line\n",
            instance: ("web", "web1"), does: "GET http://10.0.0.1:8080/health every 10 s", notes: "wake the web team", since: 240,
            changes: [(2000, .passing, .critical), (1500, .critical, .passing), (240, .passing, .critical)], tags: ["canary"]),
        check("n2", "service:web2", "web answers", .passing, "HTTP GET http://10.0.0.2:8080/health: 200 OK", instance: ("web", "web2"), does: "GET http://10.0.0.2:8080/health every 10 s", isAtLeast: true),
        check("n2", "disk", "disk space", .warning, "91% used on /", kind: "script", since: 900, changes: [(900, .passing, .warning)]),
        check("n1", "_service_maintenance:db1", "Service Maintenance Mode", .maintenance, "upgrade", instance: ("db", "db1"), kind: "maintenance", notes: "upgrade", since: 300),
    ]

    /// Everything answers, not everything is well.
    static let troubled: Snapshot = {
        var snapshot = base
        snapshot.sources.append(consulSource())
        snapshot.registries = [Registry(id: consul, datacenter: "dc1", datacenters: ["dc1"], leader: "10.0.0.1:8300", node: "n1", dns: nameServer)]
        snapshot.members = [
            Member(id: Member.ID(consul, "n1"), name: "n1", address: "10.0.0.1", datacenter: "dc1", status: .alive, isServer: true, isLeader: true, isAsked: true, version: "1.8.7"),
            Member(id: Member.ID(consul, "n2"), name: "n2", address: "10.0.0.2", datacenter: "dc1", status: .alive, version: "1.8.7", meta: ["rack": "b"]),
            Member(id: Member.ID(consul, "n3"), name: "n3", address: "10.0.0.3", datacenter: "dc1", status: .failed, version: "1.8.7"),
        ]
        snapshot.instances = [
            instance("n1", "web1", "web", "10.0.0.1", 8080, tags: ["v1", "canary"], meta: ["tier": "front"]),
            instance("n2", "web2", "web", "10.0.0.2", 8080, tags: ["v1"], meta: ["tier": "front"]),
            instance("n1", "db1", "db", "10.0.0.1", 5432, meta: ["tier": "back"]),
        ]
        snapshot.checks = checks
        snapshot.revisions.checks = 1
        snapshot.revisions.registry = 1
        return snapshot
    }()

    /// A container that asks for a name which no registry has.
    static let differing: Snapshot = {
        var snapshot = troubled
        snapshot.containers = [
            Container(
                id: Container.ID(engine, "c0ffee0123456789"), host: Host.ID(engine, "h1"), name: "cache1", image: "redis:6", created: ago(3600), state: .running(since: ago(3600)),
                ports: [.init(hostAddress: "0.0.0.0", hostPort: 6379, containerPort: 6379)], labels: ["SERVICE_NAME": "cache"],
                endpoints: [Endpoint(network: "bridge", networkID: "n1", address: "172.17.0.2")])
        ]
        snapshot.revisions.containers = 1
        return snapshot
    }()

    /// Thousands of checks of one name each, on many nodes.
    static func crowd(_ count: Int) -> Snapshot {
        var snapshot = troubled
        snapshot.checks = (0..<count).map { number in
            check("n\(number % 100)", "check\(number)", "check \(number)", .passing, "all is well", instance: ("service\(number % 300)", "s\(number)"))
        }
        return snapshot
    }
}
