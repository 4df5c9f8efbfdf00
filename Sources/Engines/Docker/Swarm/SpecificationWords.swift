internal import Domain
internal import Engine
internal import JSON

/// What differs between two specifications, in words.
enum SpecificationWords {
    /// A change for a plan page, one a field.
    ///
    /// - Parameter names: of networks, by the ids that specifications have for them.
    static func changes(from old: JSONTree?, to new: JSONTree?, names: [String: String] = [:]) -> [Plan.Change] {
        JSONTree.differences(old, new).map { path in
            let (before, after) = sides(path, old?[path[...]], new?[path[...]], names)
            return Plan.Change(subject: label(path), before: before, after: after)
        }
    }

    /// `tasks 3 → 6`.
    static func change(_ path: [String], from old: JSONTree?, to new: JSONTree?) -> String {
        let (before, after) = sides(path, old?[path[...]], new?[path[...]], [:])
        return "\(label(path)) \(before) → \(after)"
    }

    private static func sides(_ path: [String], _ old: JSONTree?, _ new: JSONTree?, _ names: [String: String]) -> (before: String, after: String) {
        if path.last == "Env" { return variables(old?.texts ?? [], new?.texts ?? []) }
        let (before, after) = (value(old, path, names), value(new, path, names))
        // What is masked, or what words leave out, differs without looking so.
        return (before, before == after && before != "none" ? after + " (changed)" : after)
    }

    /// Of long environments only what differs: `2 variables → +COLOUR=blue −OLD SIZE: 1 → 2 DB_PASSWORD (changed)`.
    private static func variables(_ old: [String], _ new: [String]) -> (before: String, after: String) {
        func name(_ line: String) -> String { String(line.prefix { $0 != "=" }) }
        func shown(_ line: String) -> String { SecretMask.masked(variable: PlainText.printable(line)) }
        let before = Dictionary(old.map { (name($0), $0) }, uniquingKeysWith: { $1 })
        let after = Dictionary(new.map { (name($0), $0) }, uniquingKeysWith: { $1 })
        var words: [String] = []
        for line in new where after[name(line)] == line {
            guard let was = before[name(line)] else {
                words.append("+" + shown(line))
                continue
            }
            if was == line { continue }
            let printable = PlainText.printable(name(line))
            func value(_ line: String) -> String {
                guard let cut = line.firstIndex(of: "=") else { return "unset" }
                return PlainText.printable(String(line[line.index(after: cut)...])).nonEmpty ?? "empty"
            }
            words.append(SecretMask.isTelling(name(line)) ? "\(printable) (changed)" : "\(printable): \(value(was)) → \(value(line))")
        }
        words += old.filter { after[name($0)] == nil }.map { "−" + PlainText.printable(name($0)) }
        return (
            old.isEmpty ? "none" : new.isEmpty ? old.map(shown).joined(separator: " ") : old.count == 1 ? "1 variable" : "\(old.count) variables",
            new.isEmpty ? "none" : words.isEmpty ? "in another order" : words.joined(separator: " ")
        )
    }

    private static let labels: [String: String] = [
        "Mode.Replicated.Replicas": "tasks", "Mode.ReplicatedJob.TotalCompletions": "completions", "Mode.ReplicatedJob.MaxConcurrent": "at a time",
        "TaskTemplate.ContainerSpec.Image": "image", "TaskTemplate.ContainerSpec.Env": "environment", "TaskTemplate.ContainerSpec.Args": "arguments",
        "TaskTemplate.ContainerSpec.Command": "entry point", "TaskTemplate.ContainerSpec.Mounts": "mounts", "TaskTemplate.ForceUpdate": "restarts asked for",
        "TaskTemplate.ContainerSpec.Healthcheck": "health check", "TaskTemplate.Placement.Constraints": "constraints",
        "TaskTemplate.Placement.MaxReplicas": "most on one node", "TaskTemplate.Resources.Limits.NanoCPUs": "CPU limit",
        "TaskTemplate.Resources.Limits.MemoryBytes": "memory limit", "TaskTemplate.Resources.Limits.Pids": "process limit", "TaskTemplate.Resources.Reservations.NanoCPUs": "CPU reserved",
        "TaskTemplate.Resources.Reservations.MemoryBytes": "memory reserved", "TaskTemplate.Networks": "networks", "EndpointSpec.Ports": "ports",
        "EndpointSpec.Mode": "endpoint mode", "Labels": "labels", "Availability": "availability", "Role": "role", "UpdateConfig.Order": "update order",
        "UpdateConfig": "update policy", "RollbackConfig": "rollback policy",
    ]

    static func label(_ path: [String]) -> String {
        let joined = path.joined(separator: ".")
        if let label = labels[joined] { return label }
        if path.count == 2, path[0] == "Labels" { return "label \(PlainText.printable(path[1]))" }
        return PlainText.printable(path.drop { $0 == "TaskTemplate" || $0 == "ContainerSpec" }.joined(separator: " "))
    }

    static func value(_ tree: JSONTree?, _ path: [String], _ names: [String: String] = [:]) -> String {
        guard let tree, !tree.isNull else { return "none" }
        switch tree {
        case .string(let text): return text.isEmpty ? "none" : hides(path) ? SecretMask.sign : SecretMask.masked(variable: PlainText.printable(text))
        case .literal(let letters): return number(letters, path.last ?? "")
        case .array(let elements):
            if elements.isEmpty { return "none" }
            return elements.map { item($0, names) }.joined(separator: path.last == "Constraints" ? ", " : " ")
        case .object(let members):
            if members.isEmpty { return "none" }
            return members.map { "\(PlainText.printable($0.key)) \(value($0.value, path + [$0.key], names))" }.joined(separator: ", ")
        }
    }

    /// A label's or an option's value under a name that tells of a secret; the specification's own keys, `SecretName`, do not.
    private static func hides(_ path: [String]) -> Bool {
        guard let name = path.last, path.dropLast().contains(where: { ["Labels", "Options", "Sysctls"].contains($0) }) else { return false }
        return SecretMask.isTelling(name)
    }

    private static func item(_ tree: JSONTree, _ names: [String: String]) -> String {
        if let target = tree["TargetPort"]?.integer {
            let published = tree["PublishedPort"]?.integer.map { "\($0):" } ?? ""
            return "\(published)\(target)/\(tree["Protocol"]?.text ?? "tcp")" + (tree["PublishMode"]?.text == "host" ? "@host" : "")
        }
        if tree["Target"]?.text != nil, tree["Type"] != nil { return mount(ServiceForm.mount(tree)) }
        if let target = tree["Target"]?.text { return PlainText.printable(names[target] ?? String(target.prefix(25))) }
        if let name = (tree["SecretName"] ?? tree["ConfigName"])?.text {
            return PlainText.printable(name + (tree["File", "Name"]?.text.map { ":" + $0 } ?? ""))
        }
        return value(tree, [], names)
    }

    /// `data:/data:ro (nfs, o=addr=192.0.2.1)`.
    private static func mount(_ mount: ServiceSpecification.Mount) -> String {
        var options = [mount.driver, mount.propagation].filter { !$0.isEmpty }
        options += mount.driverOptions.sorted { $0.key < $1.key }.map { SecretMask.masked("\($0.key)=\($0.value)") }
        options += mount.labels.sorted { $0.key < $1.key }.map { SecretMask.masked(variable: "label \($0.key)=\($0.value)") }
        if mount.skipsCopy { options.append("no copy") }
        if let size = mount.size { options.append(ByteCount.words(size)) }
        let words = (mount.origin.isEmpty ? "" : mount.origin + ":") + mount.destination + (mount.isReadOnly ? ":ro" : "")
        return PlainText.printable(words + (options.isEmpty ? "" : " (\(options.joined(separator: ", ")))"))
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
