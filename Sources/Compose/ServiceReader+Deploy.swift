internal import Domain

extension ServiceReader {
    mutating func readDeploy(_ place: Place?) throws(Trouble) {
        guard let place else { return }
        let fields = try place.fields([
            "mode", "endpoint_mode", "replicas", "labels", "placement", "resources", "restart_policy", "rollback_config", "update_config",
        ])
        try readMode(fields)
        if let mode = fields["endpoint_mode"] { service.endpointMode = try mode.choice(of: ["vip", "dnsrr"]) }
        if let labels = fields["labels"] { service.labels = try labels.table() }
        try readPlacement(fields["placement"])
        try readResources(fields["resources"])
        service.update = try policy(fields["update_config"], onFailure: ["pause", "continue", "rollback"])
        service.rollback = try policy(fields["rollback_config"], onFailure: ["pause", "continue"])
        service.restart = try restart(fields["restart_policy"])
    }

    private mutating func readMode(_ fields: [String: Place]) throws(Trouble) {
        let replicas = try fields["replicas"]?.whole()
        service.replicas = replicas ?? 1
        switch try fields["mode"]?.choice(of: ["replicated", "global", "replicated-job", "global-job"]) {
        case "global": service.mode = .perNode
        case "global-job": service.mode = .jobPerNode
        case "replicated-job": service.mode = .job(completions: service.replicas)
        default: service.mode = .replicated
        }
        if let place = fields["replicas"], service.mode == .perNode || service.mode == .jobPerNode {
            throw place.trouble("a service that runs once on every node has no number of replicas", "leave out replicas, or the mode")
        }
    }

    private mutating func readPlacement(_ place: Place?) throws(Trouble) {
        guard let fields = try place?.fields(["constraints", "preferences", "max_replicas_per_node"]) else { return }
        if let constraints = fields["constraints"] { service.constraints = try constraints.texts() }
        for preference in try fields["preferences"]?.items() ?? [] {
            guard let spread = try preference.fields(["spread"])["spread"] else {
                throw preference.trouble("it does not say over what tasks are spread", "write spread: node.labels.NAME")
            }
            service.spreadOver.append(try spread.text())
        }
        // 0 is Docker's word for no limit.
        if let maximum = try fields["max_replicas_per_node"]?.whole(), maximum > 0 { service.maximumPerNode = maximum }
    }

    private mutating func readResources(_ place: Place?) throws(Trouble) {
        guard let fields = try place?.fields(["limits", "reservations", "memory_swap", "memory_swappiness"]) else { return }
        for key in ["memory_swap", "memory_swappiness"] where fields[key] != nil { ignore("deploy.resources.\(key)", ServiceKeys.notOurs) }
        if let limits = try fields["limits"]?.fields(["cpus", "memory", "pids"]) {
            service.limits = try amounts(limits)
            if let pids = try limits["pids"]?.whole(-1...Int(Int32.max)), pids > 0 { service.limits.slots = pids }
        }
        if let reservations = try fields["reservations"]?.fields(["cpus", "memory", "generic_resources", "devices"]) {
            service.reservations = try amounts(reservations)
            service.reservations.others = try genericResources(reservations["generic_resources"])
            if reservations["devices"] != nil {
                ignore("deploy.resources.reservations.devices", "reserve generic_resources that the nodes advertise instead")
            }
        }
    }

    /// 0 is Docker's word for none.
    private func amounts(_ fields: [String: Place]) throws(Trouble) -> Resources {
        var amounts = Resources()
        if let cores = try fields["cpus"]?.nanoCPUs(), cores > 0 { amounts.nanoCPUs = cores }
        if let bytes = try fields["memory"]?.bytes(), bytes > 0 { amounts.memory = bytes }
        return amounts
    }

    private func genericResources(_ place: Place?) throws(Trouble) -> [String: Double] {
        var resources: [String: Double] = [:]
        for item in try place?.items() ?? [] {
            guard let specification = try item.fields(["discrete_resource_spec"])["discrete_resource_spec"] else {
                throw item.trouble("only countable resources can be reserved", "write discrete_resource_spec: {kind: NAME, value: NUMBER}")
            }
            let fields = try specification.fields(["kind", "value"])
            guard let kind = fields["kind"], let value = fields["value"] else { throw specification.trouble("it needs both kind and value") }
            resources[try kind.text()] = Double(try value.whole())
        }
        return resources
    }

    private func policy(_ place: Place?, onFailure actions: [String]) throws(Trouble) -> Workload.RolloutPolicy? {
        let known = ["parallelism", "delay", "failure_action", "monitor", "max_failure_ratio", "order"]
        guard let fields = try place?.fields(known) else { return nil }
        var policy = Workload.RolloutPolicy()
        if let parallelism = fields["parallelism"] { policy.parallelism = try parallelism.whole() }
        if let delay = fields["delay"] { policy.delay = try delay.duration() }
        if let action = fields["failure_action"] { policy.onFailure = try action.choice(of: actions) }
        if let monitor = fields["monitor"] { policy.monitor = try monitor.duration() }
        if let share = fields["max_failure_ratio"] { policy.tolerated = try share.share() }
        if let order = fields["order"] { policy.order = try order.choice(of: ["stop-first", "start-first"]) }
        return policy
    }

    private func restart(_ place: Place?) throws(Trouble) -> ServiceSpecification.Restart? {
        guard let fields = try place?.fields(["condition", "delay", "max_attempts", "window"]) else { return nil }
        return ServiceSpecification.Restart(
            condition: try fields["condition"]?.choice(of: ["none", "on-failure", "any"]) ?? "any",
            delay: try fields["delay"]?.duration(),
            maximumAttempts: try fields["max_attempts"]?.whole(),
            window: try fields["window"]?.duration())
    }

    /// The key of single containers. Docker says that it ignores it, and yet takes it where `deploy.restart_policy` is missing
    /// (compose/convert/service.go, convertRestartPolicy).
    mutating func readRestart(_ fields: [String: Place]) throws(Trouble) {
        guard let place = fields["restart"] else { return }
        let text = try place.text()
        guard service.restart == nil else { return ignore("restart", "deploy.restart_policy counts instead") }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        switch parts.first {
        case "always" where parts.count == 1, "unless-stopped" where parts.count == 1:
            service.restart = ServiceSpecification.Restart(condition: "any")
        case "on-failure":
            let attempts = parts.count > 1 ? Int(parts[1]) : 0
            guard let attempts, (0...Int(Int32.max)).contains(attempts) else {
                throw place.trouble("\(shown(text)) has no number of attempts", "write on-failure:3")
            }
            service.restart = ServiceSpecification.Restart(condition: "on-failure", maximumAttempts: attempts > 0 ? attempts : nil)
        case "no", "false", "":
            ignore("restart", "tasks that end are started again; to leave them, write deploy.restart_policy.condition: none")
        default:
            throw place.trouble("\(shown(text)) is not known here", "known: no, always, unless-stopped, on-failure, on-failure:NUMBER")
        }
    }
}
