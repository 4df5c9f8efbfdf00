internal import Domain

/// What differs between two specifications, in words.
enum SpecificationWords {
    /// A change for a plan page, one a field.
    static func changes(from old: JSONTree?, to new: JSONTree?) -> [Plan.Change] {
        JSONTree.differences(old, new).map { path in
            Plan.Change(subject: label(path), before: value(old?[path[...]], path), after: value(new?[path[...]], path))
        }
    }

    /// `tasks 3 → 6`.
    static func change(_ path: [String], from old: JSONTree?, to new: JSONTree?) -> String {
        "\(label(path)) \(value(old?[path[...]], path)) → \(value(new?[path[...]], path))"
    }

    private static let labels: [String: String] = [
        "Mode.Replicated.Replicas": "tasks", "Mode.ReplicatedJob.TotalCompletions": "completions", "Mode.ReplicatedJob.MaxConcurrent": "at a time",
        "TaskTemplate.ContainerSpec.Image": "image", "TaskTemplate.ContainerSpec.Env": "environment", "TaskTemplate.ContainerSpec.Args": "arguments",
        "TaskTemplate.ContainerSpec.Command": "entry point", "TaskTemplate.ContainerSpec.Mounts": "mounts", "TaskTemplate.ForceUpdate": "restarts asked for",
        "TaskTemplate.ContainerSpec.Healthcheck": "health check", "TaskTemplate.Placement.Constraints": "constraints",
        "TaskTemplate.Placement.MaxReplicas": "most on one node", "TaskTemplate.Resources.Limits.NanoCPUs": "CPU limit",
        "TaskTemplate.Resources.Limits.MemoryBytes": "memory limit", "TaskTemplate.Resources.Reservations.NanoCPUs": "CPU reserved",
        "TaskTemplate.Resources.Reservations.MemoryBytes": "memory reserved", "TaskTemplate.Networks": "networks", "EndpointSpec.Ports": "ports",
        "EndpointSpec.Mode": "endpoint mode", "Labels": "labels", "Availability": "availability", "Role": "role", "UpdateConfig.Order": "update order",
        "UpdateConfig": "update policy", "RollbackConfig": "rollback policy",
    ]

    static func label(_ path: [String]) -> String {
        let joined = path.joined(separator: ".")
        if let label = labels[joined] { return label }
        if path.count == 2, path[0] == "Labels" { return "label \(EngineMessage.printable(path[1]))" }
        return EngineMessage.printable(path.drop { $0 == "TaskTemplate" || $0 == "ContainerSpec" }.joined(separator: " "))
    }

    static func value(_ tree: JSONTree?, _ path: [String]) -> String {
        guard let tree, !tree.isNull else { return "none" }
        switch tree {
        case .string(let text): return text.isEmpty ? "none" : SecretMask.masked(variable: EngineMessage.printable(text))
        case .literal(let letters): return number(letters, path.last ?? "")
        case .array(let elements):
            if elements.isEmpty { return "none" }
            return elements.map { item($0) }.joined(separator: path.last == "Constraints" ? ", " : " ")
        case .object(let members):
            if members.isEmpty { return "none" }
            return members.map { "\(EngineMessage.printable($0.key)) \(value($0.value, path + [$0.key]))" }.joined(separator: ", ")
        }
    }

    private static func item(_ tree: JSONTree) -> String {
        if let target = tree["TargetPort"]?.integer {
            let published = tree["PublishedPort"]?.integer.map { "\($0):" } ?? ""
            return "\(published)\(target)/\(tree["Protocol"]?.text ?? "tcp")" + (tree["PublishMode"]?.text == "host" ? "@host" : "")
        }
        if let target = tree["Target"]?.text, tree["Type"] != nil { return (tree["Source"]?.text.map { "\($0):" } ?? "") + target }
        if let target = tree["Target"]?.text { return String(target.prefix(25)) }
        return value(tree, [])
    }

    private static func number(_ letters: String, _ key: String) -> String {
        guard let value = Int64(letters) else { return letters }
        switch key {
        case "NanoCPUs":
            let thousandths = value / 1_000_000
            return thousandths % 1000 == 0 ? "\(thousandths / 1000)" : "\(Double(thousandths) / 1000)"
        case "MemoryBytes": return ByteCount.words(UInt64(clamping: value))
        case "Delay", "Monitor", "Interval", "Timeout", "StartPeriod", "Window", "StopGracePeriod":
            return value % 1_000_000_000 == 0 ? "\(value / 1_000_000_000) s" : "\(value / 1_000_000) ms"
        default: return letters
        }
    }
}
