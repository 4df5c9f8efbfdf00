internal import Domain

extension ServiceForm {
    /// A new service's specification.
    func tree(_ new: ServiceSpecification) -> JSONTree {
        var tree = JSONTree.object(["Name": .string(new.name), "TaskTemplate": .object(["ContainerSpec": .object(["Image": .string(new.image)])])])
        var blank = ServiceSpecification(name: new.name, image: new.image)
        // Whatever the mode is, it has to be said.
        blank.mode = .pinned
        write(new, over: blank, into: &tree)
        return tree
    }

    /// Writes the fields in which `new` differs from `old` and touches nothing else.
    func write(_ new: ServiceSpecification, over old: ServiceSpecification, into tree: inout JSONTree) {
        let container = ["TaskTemplate", "ContainerSpec"]
        func set(_ value: JSONTree?, _ path: [String], if differs: Bool) { if differs { tree.set(value, at: path) } }
        func texts(_ key: String, _ field: KeyPath<ServiceSpecification, [String]>) {
            set(new[keyPath: field].isEmpty ? nil : .strings(new[keyPath: field]), container + [key], if: new[keyPath: field] != old[keyPath: field])
        }
        func text(_ key: String, _ field: KeyPath<ServiceSpecification, String>) {
            set(new[keyPath: field].isEmpty ? nil : .string(new[keyPath: field]), container + [key], if: new[keyPath: field] != old[keyPath: field])
        }
        text("Image", \.image)
        texts("Command", \.command)
        texts("Args", \.arguments)
        texts("Env", \.environment)
        text("Hostname", \.hostName)
        text("User", \.user)
        text("Dir", \.workingFolder)
        text("StopSignal", \.stopSignal)
        texts("Groups", \.groups)
        texts("Hosts", \.hosts)
        texts("CapabilityAdd", \.capabilitiesAdded)
        texts("CapabilityDrop", \.capabilitiesDropped)
        set(new.stopGrace.map { .number($0.inNanoseconds) }, container + ["StopGracePeriod"], if: new.stopGrace != old.stopGrace)
        set(.flag(new.isReadOnlyRoot), container + ["ReadOnly"], if: new.isReadOnlyRoot != old.isReadOnlyRoot)
        set(.flag(new.usesTerminal), container + ["TTY"], if: new.usesTerminal != old.usesTerminal)
        set(new.usesInit.map { .flag($0) }, container + ["Init"], if: new.usesInit != old.usesInit)
        set(.strings(new.nameServers), container + ["DNSConfig", "Nameservers"], if: new.nameServers != old.nameServers)
        set(.strings(new.searchDomains), container + ["DNSConfig", "Search"], if: new.searchDomains != old.searchDomains)
        set(.dictionary(new.sysctls), container + ["Sysctls"], if: new.sysctls != old.sysctls)
        set(.dictionary(new.containerLabels), container + ["Labels"], if: new.containerLabels != old.containerLabels)
        set(new.healthCheck.map(Self.wire), container + ["Healthcheck"], if: new.healthCheck != old.healthCheck)
        set(.array(new.mounts.map { mount in old.mounts.firstIndex(of: mount).flatMap { tree["TaskTemplate", "ContainerSpec", "Mounts"]?.elements[$0] } ?? Self.wire(mount) }), container + ["Mounts"], if: new.mounts != old.mounts)
        set(.array(new.secrets.map { Self.wire($0, "Secret", directory.secretIDs[$0.name]) }), container + ["Secrets"], if: new.secrets != old.secrets)
        set(.array(new.configs.map { Self.wire($0, "Config", directory.configIDs[$0.name]) }), container + ["Configs"], if: new.configs != old.configs)
        writePlacement(new, over: old, into: &tree)
        set(.dictionary(new.labels), ["Labels"], if: new.labels != old.labels)
        set(Self.wire(mode: new), ["Mode"], if: new.mode != old.mode || new.replicas != old.replicas)
        set(new.update.map { Self.wire($0, over: tree["UpdateConfig"]) }, ["UpdateConfig"], if: new.update != old.update)
        set(new.rollback.map { Self.wire($0, over: tree["RollbackConfig"]) }, ["RollbackConfig"], if: new.rollback != old.rollback)
        set(new.endpointMode.isEmpty ? nil : .string(new.endpointMode), ["EndpointSpec", "Mode"], if: new.endpointMode != old.endpointMode)
        set(.array(new.ports.map { port in old.ports.firstIndex(of: port).flatMap { tree["EndpointSpec", "Ports"]?.elements[$0] } ?? Self.wire(port) }), ["EndpointSpec", "Ports"], if: new.ports != old.ports)
    }

    private func writePlacement(_ new: ServiceSpecification, over old: ServiceSpecification, into tree: inout JSONTree) {
        func set(_ value: JSONTree?, _ path: [String], if differs: Bool) { if differs { tree.set(value, at: ["TaskTemplate"] + path) } }
        set(.strings(new.constraints), ["Placement", "Constraints"], if: new.constraints != old.constraints)
        set(
            .array(new.spreadOver.map { .object(["Spread": .object(["SpreadDescriptor": .string($0)])]) }), ["Placement", "Preferences"],
            if: new.spreadOver != old.spreadOver)
        set(new.maximumPerNode.map { .number($0) }, ["Placement", "MaxReplicas"], if: new.maximumPerNode != old.maximumPerNode)
        for (key, now, before) in [("Limits", new.limits, old.limits), ("Reservations", new.reservations, old.reservations)] {
            let path = ["Resources", key]
            set(now.nanoCPUs.map { .number($0) }, path + ["NanoCPUs"], if: now.nanoCPUs != before.nanoCPUs)
            set(now.memory.map { .number($0) }, path + ["MemoryBytes"], if: now.memory != before.memory)
            set(now.slots.map { .number($0) }, path + ["Pids"], if: now.slots != before.slots)
            let generic = now.others.sorted { $0.key < $1.key }.map { kind, value in
                JSONTree.object(["DiscreteResourceSpec": .object(["Kind": .string(kind), "Value": .number(Int64(clamping: Int(value.rounded())))])])
            }
            set(.array(generic), path + ["GenericResources"], if: now.others != before.others)
        }
        set(new.restart.map { Self.wire($0, over: tree["TaskTemplate", "RestartPolicy"]) }, ["RestartPolicy"], if: new.restart != old.restart)
        let attached = tree["TaskTemplate", "Networks"]?.elements ?? []
        set(
            .array(new.networks.map { network in
                old.networks.firstIndex(of: network).flatMap { attached.indices.contains($0) ? attached[$0] : nil }
                    ?? .object(["Target": .string(network.network), "Aliases": network.aliases.isEmpty ? nil : .strings(network.aliases)])
            }), ["Networks"], if: new.networks != old.networks)
        set(
            new.logDriver.isEmpty ? nil : .object(["Name": .string(new.logDriver), "Options": new.logOptions.isEmpty ? nil : .dictionary(new.logOptions)]),
            ["LogDriver"], if: new.logDriver != old.logDriver || new.logOptions != old.logOptions)
    }

    // MARK: Pieces

    private static func wire(mode s: ServiceSpecification) -> JSONTree {
        switch s.mode {
        case .replicated, .pinned: .object(["Replicated": .object(["Replicas": .number(s.replicas)])])
        case .perNode: .object(["Global": .object([JSONTree.Member]())])
        case .job(let completions):
            .object(["ReplicatedJob": .object(["MaxConcurrent": .number(max(1, completions)), "TotalCompletions": .number(completions)])])
        case .jobPerNode: .object(["GlobalJob": .object([JSONTree.Member]())])
        }
    }

    private static func wire(_ port: Workload.Port) -> JSONTree {
        .object([
            "Protocol": .string(port.transport), "TargetPort": .number(port.target), "PublishedPort": port.published.map { .number($0) },
            "PublishMode": .string(port.isOnHost ? "host" : "ingress"),
        ])
    }

    private static func wire(_ mount: ServiceSpecification.Mount) -> JSONTree {
        var tree = JSONTree.object([
            "Type": .string(mount.kind), "Source": mount.origin.isEmpty ? nil : .string(mount.origin), "Target": .string(mount.destination),
            "ReadOnly": mount.isReadOnly ? .flag(true) : nil,
        ])
        if !mount.labels.isEmpty { tree.set(.dictionary(mount.labels), at: ["VolumeOptions", "Labels"]) }
        if mount.skipsCopy { tree.set(.flag(true), at: ["VolumeOptions", "NoCopy"]) }
        if !mount.driver.isEmpty { tree.set(.string(mount.driver), at: ["VolumeOptions", "DriverConfig", "Name"]) }
        if !mount.driverOptions.isEmpty { tree.set(.dictionary(mount.driverOptions), at: ["VolumeOptions", "DriverConfig", "Options"]) }
        if !mount.propagation.isEmpty { tree.set(.string(mount.propagation), at: ["BindOptions", "Propagation"]) }
        if let size = mount.size { tree.set(.number(size), at: ["TmpfsOptions", "SizeBytes"]) }
        return tree
    }

    private static func wire(_ check: ServiceSpecification.HealthCheck) -> JSONTree {
        func span(_ duration: Duration) -> JSONTree? { duration > .zero ? .number(duration.inNanoseconds) : nil }
        return .object([
            "Test": .strings(check.test), "Interval": span(check.interval), "Timeout": span(check.timeout), "StartPeriod": span(check.startPeriod),
            "Retries": check.retries > 0 ? .number(check.retries) : nil,
        ])
    }

    private static func wire(_ policy: Workload.RolloutPolicy, over old: JSONTree?) -> JSONTree {
        var tree = old ?? .object([JSONTree.Member]())
        tree.set(.number(policy.parallelism), at: ["Parallelism"])
        tree.set(.number(policy.delay.inNanoseconds), at: ["Delay"])
        tree.set(.string(policy.onFailure), at: ["FailureAction"])
        tree.set(.number(policy.monitor.inNanoseconds), at: ["Monitor"])
        tree.set(.literal("\(policy.tolerated)"), at: ["MaxFailureRatio"])
        tree.set(.string(policy.order), at: ["Order"])
        return tree
    }

    private static func wire(_ restart: ServiceSpecification.Restart, over old: JSONTree?) -> JSONTree {
        var tree = old ?? .object([JSONTree.Member]())
        tree.set(.string(restart.condition), at: ["Condition"])
        tree.set(restart.delay.map { .number($0.inNanoseconds) }, at: ["Delay"])
        tree.set(restart.maximumAttempts.map { .number($0) }, at: ["MaxAttempts"])
        tree.set(restart.window.map { .number($0.inNanoseconds) }, at: ["Window"])
        return tree
    }

    private static func wire(_ file: ServiceSpecification.HandedFile, _ kind: String, _ id: String?) -> JSONTree {
        let place = JSONTree.object([
            "Name": .string(file.target), "UID": .string(file.user), "GID": .string(file.group), "Mode": .number(file.mode),
        ])
        return .object([.init(key: "File", value: place), .init(key: kind + "ID", value: .string(id ?? "")), .init(key: kind + "Name", value: .string(file.name))])
    }
}

extension Duration {
    /// Whole nanoseconds; the Engine API has no other unit for spans.
    var inNanoseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000
    }
}
