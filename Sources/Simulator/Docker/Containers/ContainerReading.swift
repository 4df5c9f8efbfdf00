internal import Domain
internal import JSON

/// The body of `POST /containers/create`.
struct ContainerReading {
    let tree: JSONTree

    func spec() throws(OrderRefusal) -> SimContainerSpec {
        var spec = SimContainerSpec(image: ImageReference.familiar(tree.word("Image")))
        spec.entrypoint = tree.command("Entrypoint")
        spec.command = tree.command("Cmd")
        spec.environment = tree.words("Env")
        spec.labels = tree.table("Labels")
        spec.hostname = tree.word("Hostname")
        spec.user = tree.word("User")
        spec.workingDirectory = tree.word("WorkingDir")
        spec.usesTerminal = tree.flag("Tty")
        spec.keepsInputOpen = tree.flag("OpenStdin")
        for member in tree["ExposedPorts"]?.members ?? [] { spec.exposedPorts.append(try Self.port(member.key)) }
        if !tree.word("StopSignal").isEmpty { spec.stopSignal = tree.word("StopSignal") }
        if let seconds = tree["StopTimeout"]?.integer { spec.stopGrace = .seconds(min(max(0, seconds), 86_400)) }
        spec.healthCheck = tree["Healthcheck"].flatMap(SimHealthCheck.init)
        for member in tree["Volumes"]?.members ?? [] { spec.mounts.append(SimMount(kind: "volume", source: "", destination: member.key)) }
        try readHost(tree["HostConfig"] ?? .null, &spec)
        for member in tree["NetworkingConfig", "EndpointsConfig"]?.members ?? [] {
            // Clients name the network that is taken where none is named.
            spec.networks.append(SimAttachment(member.key == "default" ? "bridge" : member.key, aliases: member.value.words("Aliases")))
        }
        return spec
    }

    private func readHost(_ host: JSONTree, _ spec: inout SimContainerSpec) throws(OrderRefusal) {
        if !host.word("NetworkMode").isEmpty { spec.networkMode = host.word("NetworkMode") }
        for member in host["PortBindings"]?.members ?? [] {
            let port = try Self.port(member.key)
            for binding in member.value.elements {
                let number = binding.word("HostPort")
                guard let hostPort = number.isEmpty ? 0 : Int(number), (0...65_535).contains(hostPort) else {
                    throw OrderRefusal(.badRequest, "invalid port specification: \"\(number)\"")
                }
                spec.bindings.append(SimBinding(port, hostAddress: binding.word("HostIp"), hostPort: hostPort))
            }
        }
        for bind in host.words("Binds") {
            let parts = bind.split(separator: ":").map(String.init)
            guard parts.count >= 2 else { throw OrderRefusal(.badRequest, "invalid volume specification: '\(bind)'") }
            let kind = parts[0].hasPrefix("/") ? "bind" : "volume"
            spec.mounts.append(SimMount(kind: kind, source: parts[0], destination: parts[1], isReadOnly: parts.count > 2 && parts[2].split(separator: ",").contains("ro")))
        }
        for mount in host["Mounts"]?.elements ?? [] { spec.mounts.append(SimMount(mount)) }
        if let policy = SimContainerSpec.Restart(rawValue: host.word("RestartPolicy", "Name")) { spec.restart = policy }
        spec.maximumRetries = Int(clamping: max(0, host.number("RestartPolicy", "MaximumRetryCount")))
        spec.removesItself = host.flag("AutoRemove")
        spec.memory = UInt64(max(0, host.number("Memory")))
        spec.nanoCPUs = max(0, host.number("NanoCpus"))
        let period = host.number("CpuPeriod") > 0 ? host.number("CpuPeriod") : 100_000
        let quota = host.number("CpuQuota")
        if spec.nanoCPUs == 0, (1...1_000_000_000).contains(quota) { spec.nanoCPUs = quota * 1_000_000_000 / period }
        spec.processLimit = Int(clamping: max(0, host.number("PidsLimit")))
    }

    private static func port(_ text: String) throws(OrderRefusal) -> SimPort {
        let parts = text.split(separator: "/", maxSplits: 1).map(String.init)
        let transport = parts.count > 1 ? parts[1] : "tcp"
        guard let number = parts.first.flatMap({ Int($0) }), (1...65_535).contains(number), ["tcp", "udp", "sctp"].contains(transport) else {
            throw OrderRefusal(.badRequest, "invalid port specification: \"\(text)\"")
        }
        return SimPort(number, transport)
    }
}

extension SimHealthCheck {
    /// nil where nothing is said.
    init?(_ tree: JSONTree) {
        let test = tree.words("Test")
        guard !test.isEmpty else { return nil }
        self.init(test: test)
        // Zero leaves it to the engine, whose own are thirty seconds.
        interval = tree.span("Interval") > .zero ? tree.span("Interval") : .seconds(30)
        timeout = tree.span("Timeout") > .zero ? tree.span("Timeout") : .seconds(30)
        startPeriod = max(.zero, tree.span("StartPeriod"))
        retries = tree.number("Retries") > 0 ? Int(clamping: tree.number("Retries")) : 3
    }
}

extension SimMount {
    init(_ tree: JSONTree) {
        self.init(
            kind: tree.word("Type").isEmpty ? "volume" : tree.word("Type"), source: tree.word("Source"), destination: tree.word("Target"),
            isReadOnly: tree.flag("ReadOnly"))
        driver = tree.word("VolumeOptions", "DriverConfig", "Name")
    }
}
