import Domain

/// A small machine room: one engine and one Consul agent on the machine `lab` at 10.0.0.5, both live, and a swarm of three nodes.
struct Scene {
    static let now = Timestamp(seconds: 1_700_000_000)
    static let docker = Source.ID("docker:local")
    static let consul = Source.ID("consul:local")
    static let swarm = Source.ID("swarm:local")

    var snapshot: Snapshot
    var evidence = Evidence()

    init(_ change: (inout Scene) -> Void = { _ in }) {
        func source(_ id: Source.ID, _ kind: Source.Kind) -> Source {
            Source(id: id, kind: kind, title: kind.rawValue, name: "local", address: "unix:///run/\(kind.rawValue).sock", freshness: .live(since: Self.ago(3600)))
        }
        snapshot = Snapshot(
            takenAt: Self.now, sources: [source(Self.docker, .docker), source(Self.consul, .consul), source(Self.swarm, .swarm)],
            hosts: [Host(id: Host.ID(Self.docker, "local"), name: "lab", isLocal: true)],
            networks: [Self.network("bridge", "172.17"), Self.network("backend", "172.20")],
            hostNetwork: HostNetwork(
                hostName: "lab",
                links: [
                    Link(name: "lo", index: 1, kind: .loopback, addresses: ["127.0.0.1/8"]), Link(name: "eth0", index: 2, addresses: ["10.0.0.5/24"]),
                    Link(name: "docker0", index: 3, kind: .bridge, addresses: ["172.17.0.1/16"]),
                ],
                routes: [Route(destination: "default", gateway: "10.0.0.1", link: "eth0", metric: 0)]),
            members: [Member(id: Member.ID(Self.consul, "lab"), name: "lab", address: "10.0.0.5", status: .alive, isServer: true, isAsked: true)],
            registries: [Registry(id: Self.consul, datacenter: "dc1", node: "lab")])
        change(&self)
    }

    static func ago(_ seconds: Int64) -> Timestamp { Timestamp(seconds: now.seconds - seconds) }

    static func network(_ name: String, _ prefix: String, on source: Source.ID = docker) -> Network {
        Network(
            id: Network.ID(source, "net-\(name)"), host: Host.ID(source, "local"), name: name, driver: "bridge",
            subnets: [Network.Subnet(range: "\(prefix).0.0/16", gateway: "\(prefix).0.1")])
    }

    static func plug(_ network: String, _ address: String) -> Endpoint { Endpoint(network: network, networkID: "net-\(network)", address: address) }

    /// The id is the name's letters in hexadecimal, as long as the engine's own.
    static func raw(_ name: String) -> String {
        let digits = name.utf8.map { String($0, radix: 16) }.joined()
        return String((digits + String(repeating: "0", count: 64)).prefix(64))
    }

    /// `web`, running for an hour at 172.17.0.2, declaring port 80 and publishing nothing.
    static func container(_ name: String = "web", on source: Source.ID = docker, _ change: (inout Container) -> Void = { _ in }) -> Container {
        var container = Container(
            id: Container.ID(source, raw(name)), host: Host.ID(source, "local"), name: name, image: "nginx:1.25", created: ago(7200),
            state: .running(since: ago(3600)), ports: [Container.Port(containerPort: 80)], networkMode: "bridge", endpoints: [plug("bridge", "172.17.0.2")],
            detail: Container.Detail(restartPolicy: "no"))
        change(&container)
        return container
    }

    /// `web` with Registrator's id of the container `web`, port 80, on the machine `lab`.
    static func instance(
        _ service: String = "web", id: String? = nil, at address: String = "10.0.0.5", _ port: Int = 8080, on node: String = "lab", in source: Source.ID = consul,
        _ change: (inout ServiceInstance) -> Void = { _ in }
    ) -> ServiceInstance {
        let id = id ?? "lab:\(service):80"
        var instance = ServiceInstance(
            id: ServiceInstance.id(source, node: node, serviceID: id), service: service, serviceID: id, node: node, address: address, port: port)
        change(&instance)
        return instance
    }

    static func check(
        _ name: String = "web-http", _ status: Check.Status = .critical, of instance: ServiceInstance? = nil, node: String = "lab", output: String = "",
        kind: String = "http", in source: Source.ID = consul, _ change: (inout Check) -> Void = { _ in }
    ) -> Check {
        var check = Check(
            id: Check.ID(source, "\(instance?.node ?? node)/\(name)"), name: name, status: status, output: output, service: instance?.service ?? "",
            serviceID: instance?.serviceID ?? "", node: instance?.node ?? node, since: ago(240), kind: kind)
        change(&check)
        return check
    }

    /// What Docker's HEALTHCHECK of a container is told as.
    static func healthcheck(of container: Container, _ status: Check.Status, output: String = "") -> Check {
        Check(
            id: Check.ID(container.id.source, container.id.raw), name: container.name, status: status, output: output, node: "local", container: container.id,
            since: ago(60), kind: "healthcheck")
    }

    /// An instance of a container with one critical check on it.
    mutating func put(_ container: Container, _ instance: ServiceInstance, output: String = "connection refused", kind: String = "http") {
        snapshot.containers.append(container)
        snapshot.instances.append(instance)
        snapshot.checks.append(Self.check(of: instance, output: output, kind: kind))
    }

    func trace(_ start: Trace.Place? = nil) -> Trace {
        let start = start ?? snapshot.checks.first.map { .check($0.id) } ?? .container(Container.ID(Self.docker, Self.raw("web")))
        return Trace.of(start, in: snapshot, evidence: evidence)
    }
}

extension Trace {
    /// The link that is marked; nil where none is.
    var culprit: Link? { cause.map { links[$0] } }
    var kinds: [Link.Kind] { links.map(\.kind) }
    func link(_ kind: Link.Kind) -> Link? { links.first { $0.kind == kind } }
    func facts(_ kind: Link.Kind) -> String { links.filter { $0.kind == kind }.flatMap(\.facts).map { "\($0.label): \($0.text)" }.joined(separator: "\n") }
}
