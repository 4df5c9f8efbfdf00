internal import Domain
internal import JSON

/// A service's specification as JSON, both ways.
///
/// The world knows only some of it. The rest, and the form in which lists came, is kept in `passthrough` and told again; where the world
/// says something else than was sent, because a scenario changed it since, the world is right. A specification of which nothing has to
/// be remembered has no passthrough, so that sending it back as it was read changes nothing.
enum ServiceSpecText {
    struct Leaf<Spec>: Sendable {
        let path: [String]
        /// nil: left out.
        let value: @Sendable (Spec) -> JSONTree?

        init(_ path: String..., value: @escaping @Sendable (Spec) -> JSONTree?) {
            self.path = path
            self.value = value
        }
    }

    // MARK: Writing

    static func tree(_ spec: SimServiceSpec) -> JSONTree {
        var tree = JSONTree.object([JSONTree.Member]())
        let kept = spec.passthrough.isEmpty ? nil : parsed(spec.passthrough)
        if let kept { tree = kept }
        let before = kept.map { read($0) }
        for leaf in leaves {
            let value = leaf.value(spec)
            if before.map({ leaf.value($0) != value }) ?? true { tree.set(value, at: leaf.path) }
        }
        tree.set(task(spec.task, isOfTask: false), at: ["TaskTemplate"])
        return sorted(tree, under: "")
    }

    /// - Parameter isOfTask: tasks do not name the runtime.
    static func task(_ template: SimTaskTemplate, isOfTask: Bool) -> JSONTree {
        var tree = JSONTree.object([JSONTree.Member]())
        let kept = template.passthrough.isEmpty ? nil : parsed(template.passthrough)
        if let kept { tree = kept }
        let before = kept.map { readTask($0) }
        for leaf in taskLeaves {
            let value = leaf.value(template)
            if before.map({ leaf.value($0) != value }) ?? true { tree.set(value, at: leaf.path) }
        }
        tree.set(.string("default"), at: ["ContainerSpec", "Isolation"])
        tree.set(.number(template.forceUpdate), at: ["ForceUpdate"])
        tree.set(isOfTask ? nil : .string("container"), at: ["Runtime"])
        for path in [["Resources", "Limits"], ["Resources", "Reservations"], ["Resources"], ["Placement"]] where tree[path[...]]?.members.isEmpty ?? false {
            tree.set(nil, at: path)
        }
        return sorted(tree, under: "TaskTemplate")
    }

    /// What this wrote before, so it can be read.
    private static func parsed(_ text: String) -> JSONTree? { try? JSONTree(Array(text.utf8)) }

    // MARK: Reading

    /// What a client sent.
    ///
    /// - Parameter network: the id of a network by its id or name.
    static func received(_ body: JSONTree, network: (String) throws(OrderRefusal) -> String) throws(OrderRefusal) -> SimServiceSpec {
        var tree = cleaned(body, isTable: false)
        guard let container = tree["TaskTemplate", "ContainerSpec"], case .object = container else {
            throw OrderRefusal(.badRequest, "mismatched Runtime and *Spec fields")
        }
        if let attached = tree["TaskTemplate", "Networks"]?.elements {
            var named: [JSONTree] = []
            for var attachment in attached {
                attachment.set(.string(try network(attachment.word("Target"))), at: ["Target"])
                named.append(attachment)
            }
            tree.set(.array(named), at: ["TaskTemplate", "Networks"])
        }
        for key in ["UpdateConfig", "RollbackConfig"] { if let policy = tree[key] { tree.set(completed(policy), at: [key]) } }
        if tree["TaskTemplate", "RestartPolicy"] != nil, tree["TaskTemplate", "RestartPolicy", "MaxAttempts"] == nil {
            tree.set(.number(0), at: ["TaskTemplate", "RestartPolicy", "MaxAttempts"])
        }
        completePorts(&tree)
        if tree["Mode"] == nil || tree["Mode"]?.members.isEmpty ?? true { tree.set(.object(["Replicated": .object(["Replicas": .number(1)])]), at: ["Mode"]) }
        if tree["Labels"] == nil { tree.set(.object([JSONTree.Member]()), at: ["Labels"]) }
        var spec = read(tree)
        var task = tree["TaskTemplate"] ?? .null
        task.set(.string("default"), at: ["ContainerSpec", "Isolation"])
        task.set(.number(spec.task.forceUpdate), at: ["ForceUpdate"])
        task.set(.string("container"), at: ["Runtime"])
        for path in [["Resources", "Limits"], ["Resources", "Reservations"], ["Resources"], ["Placement"]] where task[path[...]]?.members.isEmpty ?? false {
            task.set(nil, at: path)
        }
        if self.task(spec.task, isOfTask: false) != sorted(task, under: "TaskTemplate") { spec.task.passthrough = keptOfTask(task) }
        tree.set(nil, at: ["TaskTemplate"])
        var plain = self.tree(spec)
        plain.set(nil, at: ["TaskTemplate"])
        if plain != sorted(tree, under: "") {
            tree.set(nil, at: ["Name"])
            tree.set(nil, at: ["Mode"])
            spec.passthrough = sorted(tree, under: "").json
        }
        return spec
    }

    /// Without what scenarios may change: it stands in the world.
    private static func keptOfTask(_ task: JSONTree) -> String {
        var task = task
        for path in [
            ["ContainerSpec", "Image"], ["ContainerSpec", "Isolation"], ["Resources", "Reservations", "NanoCPUs"], ["Resources", "Reservations", "MemoryBytes"],
            ["Placement", "Constraints"], ["Placement", "Platforms"], ["ForceUpdate"], ["Runtime"],
        ] { task.set(nil, at: path) }
        for path in [["Resources", "Reservations"], ["Resources"], ["Placement"]] where task[path[...]]?.members.isEmpty ?? false { task.set(nil, at: path) }
        return sorted(task, under: "TaskTemplate").json
    }

    /// As Go's encoder leaves out what is nothing.
    private static func cleaned(_ tree: JSONTree, isTable: Bool) -> JSONTree {
        guard case .object(let members) = tree else {
            guard case .array(let elements) = tree else { return tree }
            return .array(elements.map { cleaned($0, isTable: false) })
        }
        return .object(
            members.compactMap { member -> JSONTree.Member? in
                if isTable { return member }
                let value = cleaned(member.value, isTable: ["Labels", "Options", "Sysctls"].contains(member.key))
                if value.isNull || value == .array([]) || value == .string("") { return nil }
                if vanishing.contains(member.key), value == .literal("0") || value == .literal("false") { return nil }
                return JSONTree.Member(key: member.key, value: value)
            })
    }

    private static let vanishing: Set<String> = [
        "PublishedPort", "NanoCPUs", "MemoryBytes", "Pids", "Interval", "Timeout", "StartPeriod", "Retries", "ReadOnly", "TTY", "OpenStdin", "MaxReplicas", "NoCopy",
    ]

    private static func completed(_ policy: JSONTree) -> JSONTree {
        var policy = policy
        if policy["Parallelism"] == nil { policy.set(.number(0), at: ["Parallelism"]) }
        if policy["MaxFailureRatio"] == nil { policy.set(.number(0), at: ["MaxFailureRatio"]) }
        if policy["FailureAction"] == nil { policy.set(.string("pause"), at: ["FailureAction"]) }
        if policy["Order"] == nil { policy.set(.string("stop-first"), at: ["Order"]) }
        if policy["Delay"] == .literal("0") { policy.set(nil, at: ["Delay"]) }
        return policy
    }

    private static func completePorts(_ tree: inout JSONTree) {
        guard let endpoint = tree["EndpointSpec"], !endpoint.members.isEmpty else { return tree.set(nil, at: ["EndpointSpec"]) }
        if endpoint["Mode"] == nil { tree.set(.string("vip"), at: ["EndpointSpec", "Mode"]) }
        guard let ports = endpoint["Ports"]?.elements else { return }
        let whole = ports.map { port in
            var port = port
            if port["Protocol"] == nil { port.set(.string("tcp"), at: ["Protocol"]) }
            if port["PublishMode"] == nil { port.set(.string("ingress"), at: ["PublishMode"]) }
            return sorted(port, under: "Ports")
        }
        tree.set(.array(whole), at: ["EndpointSpec", "Ports"])
    }
}
