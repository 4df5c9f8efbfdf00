internal import Domain
internal import JSON

/// What the world understands of a specification.
extension ServiceSpecText {
    static func read(_ tree: JSONTree) -> SimServiceSpec {
        var spec = SimServiceSpec(name: tree.word("Name"), task: readTask(tree["TaskTemplate"] ?? .null))
        spec.labels = tree.table("Labels")
        spec.mode = mode(tree["Mode"] ?? .null)
        spec.update = policy(tree["UpdateConfig"])
        spec.rollback = policy(tree["RollbackConfig"])
        if let mode = tree["EndpointSpec", "Mode"]?.text { spec.endpointMode = mode }
        spec.ports = (tree["EndpointSpec", "Ports"]?.elements ?? []).map { port in
            var one = SimServicePort(
                target: Int(clamping: port.number("TargetPort")), published: Int(clamping: port.number("PublishedPort")),
                mode: SimServicePort.Mode(rawValue: port.word("PublishMode")) ?? .ingress)
            one.name = port.word("Name")
            if !port.word("Protocol").isEmpty { one.transport = port.word("Protocol") }
            return one
        }
        return spec
    }

    static func readTask(_ tree: JSONTree) -> SimTaskTemplate {
        var task = SimTaskTemplate(container: container(tree["ContainerSpec"] ?? .null))
        task.limits = resources(tree["Resources", "Limits"])
        task.reservations = resources(tree["Resources", "Reservations"])
        if let policy = tree["RestartPolicy"] {
            task.restart.condition = SimRestart.Condition(rawValue: policy.word("Condition")) ?? .any
            if policy["Delay"] != nil { task.restart.delay = max(.zero, policy.span("Delay")) }
            task.restart.maximumAttempts = Int(clamping: max(0, policy.number("MaxAttempts")))
            task.restart.window = max(.zero, policy.span("Window"))
        }
        task.constraints = tree.words("Placement", "Constraints")
        task.spreadOver = (tree["Placement", "Preferences"]?.elements ?? []).compactMap { $0["Spread", "SpreadDescriptor"]?.text }
        task.maximumPerNode = Int(clamping: max(0, tree.number("Placement", "MaxReplicas")))
        task.platforms = (tree["Placement", "Platforms"]?.elements ?? []).map { SimPlatform(os: $0.word("OS"), architecture: $0.word("Architecture")) }
        task.networks = (tree["Networks"]?.elements ?? []).map { SimAttachment($0.word("Target"), aliases: $0.words("Aliases")) }
        task.forceUpdate = Int(clamping: max(0, tree.number("ForceUpdate")))
        return task
    }

    private static func container(_ tree: JSONTree) -> SimContainerSpec {
        var spec = SimContainerSpec(image: ImageReference.familiar(tree.word("Image")))
        spec.labels = tree.table("Labels")
        spec.entrypoint = tree.words("Command")
        spec.command = tree.words("Args")
        spec.hostname = tree.word("Hostname")
        spec.environment = tree.words("Env")
        spec.workingDirectory = tree.word("Dir")
        spec.user = tree.word("User")
        if !tree.word("StopSignal").isEmpty { spec.stopSignal = tree.word("StopSignal") }
        spec.usesTerminal = tree.flag("TTY")
        spec.keepsInputOpen = tree.flag("OpenStdin")
        spec.mounts = (tree["Mounts"]?.elements ?? []).map { SimMount($0) }
        if tree["StopGracePeriod"] != nil { spec.stopGrace = min(.seconds(86_400), max(.zero, tree.span("StopGracePeriod"))) }
        spec.healthCheck = tree["Healthcheck"].flatMap(SimHealthCheck.init)
        return spec
    }

    private static func resources(_ tree: JSONTree?) -> SimResources {
        SimResources(nanoCPUs: max(0, tree?.number("NanoCPUs") ?? 0), memory: max(0, tree?.number("MemoryBytes") ?? 0))
    }

    private static func mode(_ tree: JSONTree) -> SimServiceSpec.Mode {
        if tree["Global"] != nil { return .global }
        if tree["GlobalJob"] != nil { return .globalJob }
        if let job = tree["ReplicatedJob"] {
            let concurrent = Int(clamping: job["MaxConcurrent"]?.integer ?? 1)
            return .replicatedJob(completions: Int(clamping: job["TotalCompletions"]?.integer ?? Int64(concurrent)), concurrent: concurrent)
        }
        return .replicated(Int(clamping: tree["Replicated", "Replicas"]?.integer ?? 1))
    }

    private static func policy(_ tree: JSONTree?) -> SimRollout {
        var policy = SimRollout()
        guard let tree else { return policy }
        policy.parallelism = Int(clamping: max(0, tree.number("Parallelism")))
        policy.delay = max(.zero, tree.span("Delay"))
        policy.failureAction = SimRollout.FailureAction(rawValue: tree.word("FailureAction")) ?? .pause
        if tree.number("Monitor") > 0 { policy.monitor = tree.span("Monitor") }
        policy.maximumFailureRatio = tree["MaxFailureRatio"]?.decimal ?? 0
        policy.order = SimRollout.Order(rawValue: tree.word("Order")) ?? .stopFirst
        return policy
    }
}
