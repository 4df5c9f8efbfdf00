internal import Domain
internal import JSON

/// A Swarm service's specification, as the API has it, and our own terms for the part of it that a person fills in.
///
/// Reading keeps only what `ServiceSpecification` can say; writing touches only the fields that differ from what was read, so
/// that everything else stays as the engine has it.
struct ServiceForm: Sendable {
    /// Names for the ids that specifications carry, and ids for the names that people type.
    struct Directory: Sendable {
        var networkNames: [String: String] = [:]
        var secretIDs: [String: String] = [:]
        var configIDs: [String: String] = [:]
    }

    let directory: Directory

    // MARK: Reading

    func specification(_ spec: JSONTree) -> ServiceSpecification {
        let template = spec["TaskTemplate"] ?? .null
        let container = template["ContainerSpec"] ?? .null
        var s = ServiceSpecification(name: spec["Name"]?.text ?? "", image: container["Image"]?.text ?? "")
        s.command = container["Command"]?.texts ?? []
        s.arguments = container["Args"]?.texts ?? []
        (s.mode, s.replicas) = Self.mode(spec["Mode"] ?? .null)
        s.environment = container["Env"]?.texts ?? []
        s.ports = (spec["EndpointSpec", "Ports"]?.elements ?? []).compactMap(Self.port)
        s.mounts = (container["Mounts"]?.elements ?? []).map(Self.mount)
        s.networks = ((template["Networks"] ?? spec["Networks"])?.elements ?? []).map(attachment)
        let placement = template["Placement"] ?? .null
        s.constraints = placement["Constraints"]?.texts ?? []
        s.spreadOver = (placement["Preferences"]?.elements ?? []).compactMap { $0["Spread", "SpreadDescriptor"]?.text }
        s.maximumPerNode = placement["MaxReplicas"]?.integer.flatMap { $0 > 0 ? Int(exactly: $0) : nil }
        s.limits = Self.resources(template["Resources", "Limits"] ?? .null)
        s.reservations = Self.resources(template["Resources", "Reservations"] ?? .null)
        s.healthCheck = container["Healthcheck"].flatMap(Self.healthCheck)
        s.update = spec["UpdateConfig"].flatMap(Self.policy)
        s.rollback = spec["RollbackConfig"].flatMap(Self.policy)
        s.restart = template["RestartPolicy"].flatMap(Self.restart)
        s.labels = spec["Labels"]?.dictionary ?? [:]
        s.containerLabels = container["Labels"]?.dictionary ?? [:]
        s.endpointMode = spec["EndpointSpec", "Mode"]?.text ?? ""
        s.hostName = container["Hostname"]?.text ?? ""
        s.user = container["User"]?.text ?? ""
        s.workingFolder = container["Dir"]?.text ?? ""
        s.stopSignal = container["StopSignal"]?.text ?? ""
        s.stopGrace = container["StopGracePeriod"]?.integer.map { .nanoseconds($0) }
        s.isReadOnlyRoot = container["ReadOnly"]?.isTrue ?? false
        s.usesTerminal = container["TTY"]?.isTrue ?? false
        s.usesInit = container["Init"].flatMap { $0.isNull ? nil : $0.isTrue }
        s.groups = container["Groups"]?.texts ?? []
        s.hosts = container["Hosts"]?.texts ?? []
        s.nameServers = container["DNSConfig", "Nameservers"]?.texts ?? []
        s.searchDomains = container["DNSConfig", "Search"]?.texts ?? []
        s.capabilitiesAdded = container["CapabilityAdd"]?.texts ?? []
        s.capabilitiesDropped = container["CapabilityDrop"]?.texts ?? []
        s.sysctls = container["Sysctls"]?.dictionary ?? [:]
        s.secrets = (container["Secrets"]?.elements ?? []).compactMap { Self.handed($0, name: "SecretName") }
        s.configs = (container["Configs"]?.elements ?? []).compactMap { Self.handed($0, name: "ConfigName") }
        s.logDriver = template["LogDriver", "Name"]?.text ?? ""
        s.logOptions = template["LogDriver", "Options"]?.dictionary ?? [:]
        return s
    }

    func attachment(_ wire: JSONTree) -> ServiceSpecification.Attachment {
        let target = wire["Target"]?.text ?? ""
        return .init(network: directory.networkNames[target] ?? target, aliases: wire["Aliases"]?.texts ?? [])
    }

    private static func mode(_ mode: JSONTree) -> (Workload.Mode, Int) {
        if let replicated = mode["Replicated"] { return (.replicated, Int(clamping: replicated["Replicas"]?.integer ?? 1)) }
        if mode["GlobalJob"] != nil { return (.jobPerNode, 0) }
        if mode["Global"] != nil { return (.perNode, 0) }
        if let job = mode["ReplicatedJob"] {
            let total = Int(clamping: job["TotalCompletions"]?.integer ?? 1)
            return (.job(completions: total), total)
        }
        return (.replicated, 1)
    }

    static func port(_ wire: JSONTree) -> Workload.Port? {
        guard let target = wire["TargetPort"]?.integer.flatMap({ Int(exactly: $0) }) else { return nil }
        let published = wire["PublishedPort"]?.integer.flatMap { Int(exactly: $0) }
        return Workload.Port(
            published: published == 0 ? nil : published, target: target, transport: wire["Protocol"]?.text ?? "tcp",
            isOnHost: wire["PublishMode"]?.text == "host")
    }

    static func mount(_ wire: JSONTree) -> ServiceSpecification.Mount {
        .init(
            kind: wire["Type"]?.text ?? "volume", origin: wire["Source"]?.text ?? "", destination: wire["Target"]?.text ?? "",
            isReadOnly: wire["ReadOnly"]?.isTrue ?? false, driver: wire["VolumeOptions", "DriverConfig", "Name"]?.text ?? "",
            driverOptions: wire["VolumeOptions", "DriverConfig", "Options"]?.dictionary ?? [:], labels: wire["VolumeOptions", "Labels"]?.dictionary ?? [:],
            skipsCopy: wire["VolumeOptions", "NoCopy"]?.isTrue ?? false, propagation: wire["BindOptions", "Propagation"]?.text ?? "",
            size: wire["TmpfsOptions", "SizeBytes"]?.natural)
    }

    private static func resources(_ wire: JSONTree) -> Resources {
        var resources = Resources()
        resources.nanoCPUs = wire["NanoCPUs"]?.integer.flatMap { $0 > 0 ? $0 : nil }
        resources.memory = wire["MemoryBytes"]?.natural.flatMap { $0 > 0 ? $0 : nil }
        resources.slots = wire["Pids"]?.integer.flatMap { $0 > 0 ? Int(clamping: $0) : nil }
        for counted in (wire["GenericResources"]?.elements ?? []).compactMap(Counted.init) { resources.others[counted.kind] = Double(counted.value) }
        return resources
    }

    /// So many of a generic resource; of those that a node tells by name the form knows nothing.
    struct Counted: Equatable {
        var kind: String
        var value: Int64

        init(kind: String, value: Int64) {
            self.kind = kind
            self.value = value
        }

        init?(_ wire: JSONTree) {
            guard let kind = wire["DiscreteResourceSpec", "Kind"]?.text, let value = wire["DiscreteResourceSpec", "Value"]?.integer else { return nil }
            self.init(kind: kind, value: value)
        }
    }

    static func healthCheck(_ wire: JSONTree) -> ServiceSpecification.HealthCheck? {
        guard case .object(let members) = wire, !members.isEmpty else { return nil }
        func span(_ key: String) -> Duration { .nanoseconds(wire[key]?.integer ?? 0) }
        return .init(
            test: wire["Test"]?.texts ?? [], interval: span("Interval"), timeout: span("Timeout"), startPeriod: span("StartPeriod"), retries: Int(clamping: wire["Retries"]?.integer ?? 0))
    }

    static func policy(_ wire: JSONTree) -> Workload.RolloutPolicy? {
        guard case .object = wire else { return nil }
        var policy = Workload.RolloutPolicy()
        policy.parallelism = Int(clamping: wire["Parallelism"]?.integer ?? 0)
        if let delay = wire["Delay"]?.integer { policy.delay = .nanoseconds(delay) }
        if let action = wire["FailureAction"]?.text { policy.onFailure = action }
        if let monitor = wire["Monitor"]?.integer { policy.monitor = .nanoseconds(monitor) }
        if let tolerated = wire["MaxFailureRatio"]?.decimal { policy.tolerated = tolerated }
        if let order = wire["Order"]?.text { policy.order = order }
        return policy
    }

    static func restart(_ wire: JSONTree) -> ServiceSpecification.Restart? {
        guard case .object = wire else { return nil }
        return .init(
            condition: wire["Condition"]?.text ?? "any", delay: wire["Delay"]?.integer.map { .nanoseconds($0) },
            maximumAttempts: wire["MaxAttempts"]?.integer.map { Int(clamping: $0) }, window: wire["Window"]?.integer.map { .nanoseconds($0) })
    }

    /// nil for one that is no file in the task, such as a credential specification.
    static func handed(_ wire: JSONTree, name: String) -> ServiceSpecification.HandedFile? {
        guard wire["File"] != nil else { return nil }
        return .init(
            name: wire[name]?.text ?? "", target: wire["File", "Name"]?.text ?? "", user: wire["File", "UID"]?.text ?? "0",
            group: wire["File", "GID"]?.text ?? "0", mode: UInt32(clamping: wire["File", "Mode"]?.integer ?? 0o444))
    }
}
