internal import Domain

/// The same by the docker command, addressed so that it reaches the same manager.
struct SwarmCommand: Sendable {
    let words: [String]

    init(_ operation: Operation, at engine: [String]) {
        words = ["docker"] + engine + Self.arguments(operation)
    }

    /// Empty where the docker command has nothing of the kind.
    var text: String { words.count > 1 && words.last != "" ? SecretMask.masked(CommandLineText(words).description) : "" }

    private static func arguments(_ operation: Operation) -> [String] {
        let name = operation.target.name
        switch (operation.action, operation.target) {
        case (.workload(.scale(let count)), _): return ["service", "scale", "\(name)=\(count)"]
        case (.workload(.restart), _): return ["service", "update", "--force", name]
        case (.workload(.rollBack), _): return ["service", "rollback", name]
        case (.workload(.undeploy), .group): return ["stack", "rm", name]
        case (.workload(.undeploy), _): return ["service", "rm", name]
        case (.workload(.deployStack(let stack)), _): return ["stack", "deploy", "-c", stack.path, stack.name]
        case (.workload(.deploy(let specification)), .source): return ["service", "create"] + options(specification) + [specification.image] + specification.arguments
        case (.workload(.deploy(let specification)), _): return ["service", "update", "--image", specification.image, "…", name]
        case (.node(.setAvailability(let availability)), _):
            let word = availability == .active ? "active" : availability == .paused ? "pause" : "drain"
            return ["node", "update", "--availability", word, name]
        case (.node(.setLabels(let labels)), _): return ["node", "update"] + labels.sorted { $0.key < $1.key }.flatMap { ["--label-add", "\($0.key)=\($0.value)"] } + [name]
        case (.node(.promote), _): return ["node", "promote", name]
        case (.node(.demote), _): return ["node", "demote", name]
        case (.node(.remove(let force)), _): return ["node", "rm"] + (force ? ["-f"] : []) + [name]
        default: return [""]
        }
    }

    private static func options(_ s: ServiceSpecification) -> [String] {
        var options = ["--name", s.name]
        func add(_ flag: String, _ values: [String]) { for value in values { options += [flag, value] } }
        switch s.mode {
        case .replicated, .pinned: add("--replicas", ["\(s.replicas)"])
        case .perNode: add("--mode", ["global"])
        case .job(let completions): options += ["--mode", "replicated-job", "--replicas", "\(completions)"]
        case .jobPerNode: add("--mode", ["global-job"])
        }
        add("-e", s.environment)
        add("-p", s.ports.map { "published=\($0.published ?? 0),target=\($0.target),protocol=\($0.transport)" + ($0.isOnHost ? ",mode=host" : "") })
        add("--mount", s.mounts.map { "type=\($0.kind)" + ($0.origin.isEmpty ? "" : ",source=\($0.origin)") + ",target=\($0.destination)" + ($0.isReadOnly ? ",readonly" : "") })
        add("--network", s.networks.map(\.network))
        add("--constraint", s.constraints)
        add("--limit-cpu", s.limits.nanoCPUs.map { ["\(Double($0) / 1e9)"] } ?? [])
        add("--limit-memory", s.limits.memory.map { ["\($0)"] } ?? [])
        add("--reserve-cpu", s.reservations.nanoCPUs.map { ["\(Double($0) / 1e9)"] } ?? [])
        add("--reserve-memory", s.reservations.memory.map { ["\($0)"] } ?? [])
        if let test = s.healthCheck?.test, test.first == "CMD-SHELL" { add("--health-cmd", [test.dropFirst().joined(separator: " ")]) }
        if let update = s.update { add("--update-order", [update.order]) }
        return options
    }
}
