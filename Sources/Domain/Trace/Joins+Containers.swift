/// From an instance in a registry to the container behind it.
extension Joins {
    struct ContainerJoint {
        enum Way: Sendable, Hashable {
            /// The registry itself keeps the container's id.
            case registry
            /// Whoever registered it wrote the container's id beside it.
            case meta
            case registratorID
            case serviceID
            case endpoint
            case published
            /// An engine told that it left the network.
            case departure
            case name
        }
        var container: Container
        var joint: Trace.Joint
        var way: Way
    }

    enum ContainerJoining {
        case found(ContainerJoint)
        /// An id says which container it was, and no watched engine has that one any more.
        case gone(String)
        /// Nothing says which it is; what was tried.
        case unknown(String)

        var found: ContainerJoint? { if case .found(let joint) = self { joint } else { nil } }
    }

    /// - Parameter guesses: go by names where nothing better is there.
    func container(of instance: ServiceInstance, guesses: Bool = true) -> ContainerJoining {
        if let id = instance.container {
            if let container = container(id) {
                let joint = Trace.Joint("by the container's id, which the registry keeps", .certain)
                return .found(ContainerJoint(container: container, joint: joint, way: .registry))
            }
            return .gone("the registry made it from container \(id.short), which is not there any more")
        }
        if let (key, raw) = instance.containerReference {
            if let container = container(raw: raw) {
                return .found(ContainerJoint(container: container, joint: .init("by the container's id in its \(key)", .certain), way: .meta))
            }
            if !engines(ofNode: instance.node, in: instance.id.source).isEmpty {
                return .gone("its \(key) names container \(raw.prefix(12)), and no watched engine has that one (\(watchedEngines))")
            }
        }
        let engines = engines(ofNode: instance.node, in: instance.id.source)
        if let id = RegistratorID(instance.serviceID) {
            let makers = machinesByName[id.host.lowercased()] ?? []
            for source in makers {
                if let container = container(named: id.container, on: source) {
                    return .found(ContainerJoint(container: container, joint: .init("by Registrator's id \(instance.serviceID)", .certain), way: .registratorID))
                }
            }
            // Whose id it is, is known, and the container of that name has gone: nothing else can be it.
            if !makers.isEmpty { return .gone("by Registrator's id it was container \(id.container) on \(id.host), which has none of that name") }
            // Registrator was made anew and calls its machine otherwise now: the name is still worth something.
            for source in engines {
                if let container = container(named: id.container, on: source) {
                    let joint = Trace.Joint("by the container's name in Registrator's id \(instance.serviceID)", .likely)
                    return .found(ContainerJoint(container: container, joint: joint, way: .registratorID))
                }
            }
        }
        if let joint = byEndpoint(instance, engines) ?? byPublishedPort(instance, engines) { return .found(joint) }
        for source in engines {
            if !instance.serviceID.isEmpty, let container = container(named: instance.serviceID, on: source) {
                return .found(ContainerJoint(container: container, joint: .init("by its service id, which is the container's name", .likely), way: .serviceID))
            }
        }
        if guesses, let joint = byDeparture(instance, engines) ?? byName(instance, engines) { return .found(joint) }
        return .unknown(whyNone(instance, engines))
    }

    /// The container's own address. On a bridge every machine has the same ones, so the machine has to fit.
    private func byEndpoint(_ instance: ServiceInstance, _ engines: [Source.ID]) -> ContainerJoint? {
        guard !instance.address.isEmpty else { return nil }
        let candidates = containers(at: instance.address).filter(\.isUp)
        let here = candidates.filter { engines.contains($0.id.source) || isClusterWide(instance.address, of: $0) }
        let fitting = here.isEmpty && engines.isEmpty ? candidates : here
        guard let container = fitting.first(where: { $0.listens(on: instance.port) }) ?? fitting.first else { return nil }
        let words =
            container.listens(on: instance.port)
            ? "by address and port \(instance.endpoint)" : "by address \(instance.address), though it declares no port \(instance.port)"
        return ContainerJoint(
            container: container,
            joint: here.isEmpty ? .init(words + ", on whichever machine that is", .guess) : .init(words, .likely), way: .endpoint)
    }

    private func isClusterWide(_ address: String, of container: Container) -> Bool {
        guard let endpoint = container.endpoints.first(where: { $0.address == address || $0.addressIPv6 == address }) else { return false }
        return networks[Network.ID(container.id.source, endpoint.networkID)]?.scope == "swarm"
    }

    private func byPublishedPort(_ instance: ServiceInstance, _ engines: [Source.ID]) -> ContainerJoint? {
        guard instance.port > 0 else { return nil }
        // The loopback address is every machine's: whose it is, only the node tells.
        let isLoopback = instance.address.hasPrefix("127.") || instance.address == "::1"
        let hosts = isLoopback ? engines : machinesByAddress[instance.address] ?? (instance.address.isEmpty ? engines : [])
        for source in hosts {
            let container = containers(publishing: instance.port, on: source).first { container in
                container.isUp
                    && container.ports.contains {
                        $0.hostPort == instance.port && (["", "0.0.0.0", "::"].contains($0.hostAddress) || $0.hostAddress == instance.address)
                    }
            }
            if let container {
                return ContainerJoint(container: container, joint: .init("by published port \(instance.endpoint)", .likely), way: .published)
            }
        }
        return nil
    }

    /// The address lies in a network that one container has left, and nobody has it now.
    private func byDeparture(_ instance: ServiceInstance, _ engines: [Source.ID]) -> ContainerJoint? {
        guard !instance.address.isEmpty, containers(at: instance.address).isEmpty, let network = network(holding: instance.address, on: engines) else { return nil }
        let left = containers(thatLeft: network)
        guard let container = left.first, left.count == 1 else { return nil }
        return ContainerJoint(
            container: container, joint: .init("by its leaving network \(network.name), whose address \(instance.address) is", .likely), way: .departure)
    }

    private func byName(_ instance: ServiceInstance, _ engines: [Source.ID]) -> ContainerJoint? {
        var names = [instance.serviceID, instance.service]
        // Registrator puts the port behind the name where a container has several.
        if let dash = instance.service.lastIndex(of: "-"), Int(instance.service[instance.service.index(after: dash)...]) != nil {
            names.append(String(instance.service[..<dash]))
        }
        for name in names where !name.isEmpty {
            let called = containers(called: name).filter { engines.isEmpty || engines.contains($0.id.source) }
            // A running one is the better guess, unless it is known to be elsewhere.
            guard let container = called.first(where: \.isUp) ?? called.first else { continue }
            let words = "by the name \(name) only" + (called.count > 1 ? ", one of \(called.count) that are called so" : "")
            return ContainerJoint(container: container, joint: .init(words, .guess), way: .name)
        }
        return nil
    }

    private func whyNone(_ instance: ServiceInstance, _ engines: [Source.ID]) -> String {
        let place = instance.endpoint.isEmpty ? "without an address" : "at \(instance.endpoint)"
        let looked = watchedEngines
        if looked == "none" { return "no engine is watched that could have a container \(place)" }
        if !engines.isEmpty, let network = network(holding: instance.address, on: engines) {
            return "\(instance.address) lies in network \(network.name), in which no container has it; engines watched: \(looked)"
        }
        let unwatched = engines.isEmpty && !instance.node.isEmpty ? "; none of them is known to run on node \(instance.node)" : ""
        return "no watched engine has a container \(place); engines watched: \(looked)\(unwatched)"
    }
}

extension ServiceInstance {
    private static let containerKeys: Set<String> = ["container", "container_id", "container-id", "containerid", "docker_id", "docker-id", "docker_container_id"]

    /// A container's id among its metadata or tags, and where it stood.
    var containerReference: (key: String, raw: String)? {
        for (key, value) in meta.sorted(by: { $0.key < $1.key }) where Self.containerKeys.contains(key.lowercased()) && Self.isContainerID(value) {
            return ("metadata \(key)", value.lowercased())
        }
        for tag in tags {
            guard let split = tag.firstIndex(where: { $0 == "=" || $0 == ":" }) else { continue }
            let value = String(tag[tag.index(after: split)...])
            if Self.containerKeys.contains(tag[..<split].lowercased()), Self.isContainerID(value) { return ("tag \(tag[..<split])", value.lowercased()) }
        }
        return nil
    }

    static func isContainerID(_ text: String) -> Bool {
        (12...64).contains(text.utf8.count) && text.utf8.allSatisfy { (48...57).contains($0) || (97...102).contains($0) || (65...70).contains($0) }
    }
}

extension Container {
    /// It declares the port, or declares none at all: images need not say what they listen on.
    func listens(on port: Int) -> Bool { port == 0 || ports.isEmpty || ports.contains { $0.containerPort == port } }
}
