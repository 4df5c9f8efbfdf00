internal import Domain
internal import JSON

/// Where what the world knows of a specification stands.
extension ServiceSpecText {
    static let leaves: [Leaf<SimServiceSpec>] = [
        Leaf("Name") { .string($0.name) }, Leaf("Labels") { .dictionary($0.labels) }, Leaf("Mode") { mode($0.mode) },
        Leaf("UpdateConfig") { $0.update == SimRollout() ? nil : policy($0.update) }, Leaf("RollbackConfig") { $0.rollback == SimRollout() ? nil : policy($0.rollback) },
        Leaf("EndpointSpec") { spec in
            if spec.ports.isEmpty, spec.endpointMode == "vip" { return nil }
            return .object(["Mode": .string(spec.endpointMode), "Ports": spec.ports.isEmpty ? nil : .array(spec.ports.map(port))])
        },
    ]

    static let taskLeaves: [Leaf<SimTaskTemplate>] = [
        Leaf("ContainerSpec", "Image") { .string($0.container.image) },
        Leaf("ContainerSpec", "Labels") { $0.container.labels.isEmpty ? nil : .dictionary($0.container.labels) },
        Leaf("ContainerSpec", "Command") { strings($0.container.entrypoint) }, Leaf("ContainerSpec", "Args") { strings($0.container.command) },
        Leaf("ContainerSpec", "Hostname") { text($0.container.hostname) }, Leaf("ContainerSpec", "Env") { strings($0.container.environment) },
        Leaf("ContainerSpec", "Dir") { text($0.container.workingDirectory) }, Leaf("ContainerSpec", "User") { text($0.container.user) },
        Leaf("ContainerSpec", "StopSignal") { $0.container.stopSignal == "SIGTERM" ? nil : .string($0.container.stopSignal) },
        Leaf("ContainerSpec", "TTY") { $0.container.usesTerminal ? .flag(true) : nil },
        Leaf("ContainerSpec", "OpenStdin") { $0.container.keepsInputOpen ? .flag(true) : nil },
        Leaf("ContainerSpec", "Mounts") { $0.container.mounts.isEmpty ? nil : .array($0.container.mounts.map(mount)) },
        Leaf("ContainerSpec", "StopGracePeriod") { $0.container.stopGrace == .seconds(10) ? nil : .number($0.container.stopGrace.nanoseconds) },
        Leaf("ContainerSpec", "Healthcheck") { $0.container.healthCheck.map(healthCheck) },
        Leaf("Resources", "Limits", "NanoCPUs") { amount($0.limits.nanoCPUs) }, Leaf("Resources", "Limits", "MemoryBytes") { amount($0.limits.memory) },
        Leaf("Resources", "Reservations", "NanoCPUs") { amount($0.reservations.nanoCPUs) },
        Leaf("Resources", "Reservations", "MemoryBytes") { amount($0.reservations.memory) },
        Leaf("RestartPolicy") { $0.restart == SimRestart() ? nil : restart($0.restart) },
        Leaf("Placement", "Constraints") { strings($0.constraints) },
        Leaf("Placement", "Preferences") { template in
            template.spreadOver.isEmpty ? nil : .array(template.spreadOver.map { .object(["Spread": .object(["SpreadDescriptor": .string($0)])]) })
        },
        Leaf("Placement", "MaxReplicas") { amount(Int64($0.maximumPerNode)) },
        Leaf("Placement", "Platforms") { template in
            template.platforms.isEmpty
                ? nil
                : .array(
                    template.platforms.map {
                        .object(["Architecture": $0.architecture.isEmpty ? nil : .string($0.architecture), "OS": $0.os.isEmpty ? nil : .string($0.os)])
                    })
        },
        Leaf("Networks") { template in
            template.networks.isEmpty ? nil : .array(template.networks.map { .object(["Target": .string($0.network), "Aliases": strings($0.aliases)]) })
        },
    ]

    // MARK: Pieces

    private static func text(_ value: String) -> JSONTree? { value.isEmpty ? nil : .string(value) }
    private static func strings(_ values: [String]) -> JSONTree? { values.isEmpty ? nil : .strings(values) }
    private static func amount(_ value: Int64) -> JSONTree? { value > 0 ? .number(value) : nil }
    private static func span(_ value: Duration) -> JSONTree? { value > .zero ? .number(value.nanoseconds) : nil }

    private static func mode(_ mode: SimServiceSpec.Mode) -> JSONTree {
        let nothing = JSONTree.object([JSONTree.Member]())
        return switch mode {
        case .replicated(let count): .object(["Replicated": .object(["Replicas": .number(count)])])
        case .global: .object(["Global": nothing])
        case .replicatedJob(let completions, let concurrent):
            .object(["ReplicatedJob": .object(["MaxConcurrent": .number(concurrent), "TotalCompletions": .number(completions)])])
        case .globalJob: .object(["GlobalJob": nothing])
        }
    }

    private static func policy(_ policy: SimRollout) -> JSONTree {
        .object([
            "Parallelism": .number(policy.parallelism), "Delay": span(policy.delay), "FailureAction": .string(policy.failureAction.rawValue),
            "Monitor": span(policy.monitor), "MaxFailureRatio": ratio(policy.maximumFailureRatio), "Order": .string(policy.order.rawValue),
        ])
    }

    private static func ratio(_ value: Double) -> JSONTree { value == value.rounded() ? .number(Int(max(0, min(1, value)))) : .literal("\(value)") }

    private static func restart(_ restart: SimRestart) -> JSONTree {
        .object([
            "Condition": .string(restart.condition.rawValue), "Delay": .number(restart.delay.nanoseconds), "MaxAttempts": .number(restart.maximumAttempts),
            "Window": span(restart.window),
        ])
    }

    static func port(_ port: SimServicePort) -> JSONTree {
        .object([
            "Name": text(port.name), "Protocol": .string(port.transport), "TargetPort": .number(port.target),
            "PublishedPort": port.published > 0 ? .number(port.published) : nil, "PublishMode": .string(port.mode.rawValue),
        ])
    }

    private static func mount(_ mount: SimMount) -> JSONTree {
        .object(["Type": .string(mount.kind), "Source": text(mount.source), "Target": .string(mount.destination), "ReadOnly": mount.isReadOnly ? .flag(true) : nil])
    }

    private static func healthCheck(_ check: SimHealthCheck) -> JSONTree {
        .object([
            "Test": .strings(check.test), "Interval": span(check.interval), "Timeout": span(check.timeout), "StartPeriod": span(check.startPeriod),
            "Retries": amount(Int64(check.retries)),
        ])
    }

    // MARK: Order

    /// As Go writes the members of its structures.
    static func sorted(_ tree: JSONTree, under key: String) -> JSONTree {
        switch tree {
        case .object(let members):
            let order = orders[key] ?? []
            let placed = members.enumerated().map { (place: order.firstIndex(of: $0.element.key) ?? order.count + $0.offset, member: $0.element) }
            return .object(placed.sorted { $0.place < $1.place }.map { JSONTree.Member(key: $0.member.key, value: sorted($0.member.value, under: $0.member.key)) })
        case .array(let elements): return .array(elements.map { sorted($0, under: key) })
        case .string, .literal: return tree
        }
    }

    private static let policyOrder = ["Parallelism", "Delay", "FailureAction", "Monitor", "MaxFailureRatio", "Order"]
    private static let orders: [String: [String]] = [
        "": ["Name", "Labels", "TaskTemplate", "Mode", "UpdateConfig", "RollbackConfig", "Networks", "EndpointSpec"],
        "TaskTemplate": [
            "PluginSpec", "ContainerSpec", "NetworkAttachmentSpec", "Resources", "RestartPolicy", "Placement", "Networks", "LogDriver", "ForceUpdate", "Runtime",
        ],
        "ContainerSpec": [
            "Image", "Labels", "Command", "Args", "Hostname", "Env", "Dir", "User", "Groups", "Privileges", "Init", "StopSignal", "TTY", "OpenStdin", "ReadOnly",
            "Mounts", "StopGracePeriod", "Healthcheck", "Hosts", "DNSConfig", "Secrets", "Configs", "Isolation", "Sysctls", "CapabilityAdd", "CapabilityDrop",
            "Ulimits",
        ],
        "UpdateConfig": policyOrder, "RollbackConfig": policyOrder, "Resources": ["Limits", "Reservations"],
        "Limits": ["NanoCPUs", "MemoryBytes", "Pids"], "Reservations": ["NanoCPUs", "MemoryBytes", "GenericResources"],
        "RestartPolicy": ["Condition", "Delay", "MaxAttempts", "Window"], "Placement": ["Constraints", "Preferences", "MaxReplicas", "Platforms"],
        "Platforms": ["Architecture", "OS"], "EndpointSpec": ["Mode", "Ports"], "Ports": ["Name", "Protocol", "TargetPort", "PublishedPort", "PublishMode"],
        "Mounts": ["Type", "Source", "Target", "ReadOnly", "Consistency", "BindOptions", "VolumeOptions", "TmpfsOptions"],
        "Healthcheck": ["Test", "Interval", "Timeout", "StartPeriod", "Retries"], "ReplicatedJob": ["MaxConcurrent", "TotalCompletions"],
    ]
}
