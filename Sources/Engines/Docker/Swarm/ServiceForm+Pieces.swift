internal import Domain
internal import JSON

/// The parts of a specification as the API has them. What is written over an old part leaves alone what our terms do not say.
extension ServiceForm {
    static func strings(_ texts: [String]) -> JSONTree? { texts.isEmpty ? nil : .strings(texts) }

    /// Such a list of the engine's; the elements that it has already stay as they are, and so do those that no form can say.
    static func list<Item: Equatable>(_ items: [Item], over old: JSONTree?, reading read: (JSONTree) -> Item?, writing write: (Item) -> JSONTree) -> JSONTree? {
        let known = (old?.elements ?? []).map { (element: $0, item: read($0)) }
        let elements = known.filter { $0.item == nil }.map(\.element) + items.map { item in known.first { $0.item == item }?.element ?? write(item) }
        return elements.isEmpty ? nil : .array(elements)
    }

    static func wire(mode s: ServiceSpecification, over old: JSONTree?) -> JSONTree {
        var tree = old ?? .null
        switch s.mode {
        case .replicated, .pinned:
            guard tree["Replicated"] != nil else { return .object(["Replicated": .object(["Replicas": .number(s.replicas)])]) }
            tree.set(.number(s.replicas), at: ["Replicated", "Replicas"])
            return tree
        case .job(let completions):
            guard tree["ReplicatedJob"] != nil else {
                return .object(["ReplicatedJob": .object(["MaxConcurrent": .number(max(1, completions)), "TotalCompletions": .number(completions)])])
            }
            tree.set(.number(completions), at: ["ReplicatedJob", "TotalCompletions"])
            return tree
        case .perNode: return tree["Global"] != nil ? tree : .object(["Global": .object([JSONTree.Member]())])
        case .jobPerNode: return tree["GlobalJob"] != nil ? tree : .object(["GlobalJob": .object([JSONTree.Member]())])
        }
    }

    static func wire(_ port: Workload.Port) -> JSONTree {
        .object([
            "Protocol": .string(port.transport), "TargetPort": .number(port.target), "PublishedPort": port.published.map { .number($0) },
            "PublishMode": .string(port.isOnHost ? "host" : "ingress"),
        ])
    }

    func wire(_ attachment: ServiceSpecification.Attachment, over attached: JSONTree?) -> JSONTree {
        var tree = (attached?.elements ?? []).first { self.attachment($0).network == attachment.network } ?? .object(["Target": .string(attachment.network)])
        tree.set(Self.strings(attachment.aliases), at: ["Aliases"])
        return tree
    }

    static func wire(_ counted: Counted) -> JSONTree {
        .object(["DiscreteResourceSpec": .object(["Kind": .string(counted.kind), "Value": .number(counted.value)])])
    }

    /// - Parameter mounts: those of now; one of the same origin at the same place keeps its other options.
    static func wire(_ mount: ServiceSpecification.Mount, over mounts: JSONTree?) -> JSONTree {
        let there = (mounts?.elements ?? []).first {
            let old = Self.mount($0)
            return (old.kind, old.origin, old.destination) == (mount.kind, mount.origin, mount.destination)
        }
        var tree = there ?? .object(["Type": .string(mount.kind), "Source": mount.origin.isEmpty ? nil : .string(mount.origin), "Target": .string(mount.destination)])
        let (mount, old) = (mount.meaning, Self.mount(tree).meaning)
        func set(_ value: JSONTree?, _ path: String..., if differs: Bool) { if differs { tree.set(value, at: path) } }
        func table(_ values: [String: String]) -> JSONTree? { values.isEmpty ? nil : .dictionary(values) }
        func text(_ value: String) -> JSONTree? { value.isEmpty ? nil : .string(value) }
        set(mount.isReadOnly ? .flag(true) : nil, "ReadOnly", if: mount.isReadOnly != old.isReadOnly)
        set(table(mount.labels), "VolumeOptions", "Labels", if: mount.labels != old.labels)
        set(mount.skipsCopy ? .flag(true) : nil, "VolumeOptions", "NoCopy", if: mount.skipsCopy != old.skipsCopy)
        set(text(mount.driver), "VolumeOptions", "DriverConfig", "Name", if: mount.driver != old.driver)
        set(table(mount.driverOptions), "VolumeOptions", "DriverConfig", "Options", if: mount.driverOptions != old.driverOptions)
        set(text(mount.propagation), "BindOptions", "Propagation", if: mount.propagation != old.propagation)
        set(mount.size.map { .number($0) }, "TmpfsOptions", "SizeBytes", if: mount.size != old.size)
        return tree
    }

    static func wire(_ check: ServiceSpecification.HealthCheck, over old: JSONTree?) -> JSONTree {
        var tree = old ?? .object([JSONTree.Member]())
        let before = old.flatMap(healthCheck)
        func span(_ duration: Duration, _ key: String, _ before: Duration?) {
            if duration != before ?? .zero { tree.set(duration > .zero ? .number(duration.inNanoseconds) : nil, at: [key]) }
        }
        if check.test != before?.test ?? [] { tree.set(strings(check.test), at: ["Test"]) }
        span(check.interval, "Interval", before?.interval)
        span(check.timeout, "Timeout", before?.timeout)
        span(check.startPeriod, "StartPeriod", before?.startPeriod)
        if check.retries != before?.retries ?? 0 { tree.set(check.retries > 0 ? .number(check.retries) : nil, at: ["Retries"]) }
        return tree
    }

    static func wire(_ policy: Workload.RolloutPolicy, over old: JSONTree?) -> JSONTree {
        var tree = old ?? .object([JSONTree.Member]())
        let before = old.flatMap(Self.policy)
        if policy.parallelism != before?.parallelism { tree.set(.number(policy.parallelism), at: ["Parallelism"]) }
        if policy.delay != before?.delay { tree.set(.number(policy.delay.inNanoseconds), at: ["Delay"]) }
        if policy.onFailure != before?.onFailure { tree.set(.string(policy.onFailure), at: ["FailureAction"]) }
        if policy.monitor != before?.monitor { tree.set(.number(policy.monitor.inNanoseconds), at: ["Monitor"]) }
        if policy.tolerated != before?.tolerated { tree.set(.literal("\(policy.tolerated)"), at: ["MaxFailureRatio"]) }
        if policy.order != before?.order { tree.set(.string(policy.order), at: ["Order"]) }
        return tree
    }

    static func wire(_ restart: ServiceSpecification.Restart, over old: JSONTree?) -> JSONTree {
        var tree = old ?? .object([JSONTree.Member]())
        let (now, before) = (restart.complete, old.flatMap(Self.restart)?.complete)
        if now.condition != before?.condition { tree.set(.string(restart.condition), at: ["Condition"]) }
        if now.delay != before?.delay { tree.set(restart.delay.map { .number($0.inNanoseconds) }, at: ["Delay"]) }
        if now.maximumAttempts != before?.maximumAttempts { tree.set(restart.maximumAttempts.map { .number($0) }, at: ["MaxAttempts"]) }
        if now.window != before?.window { tree.set(restart.window.map { .number($0.inNanoseconds) }, at: ["Window"]) }
        return tree
    }

    static func wire(_ file: ServiceSpecification.HandedFile, _ kind: String, _ id: String?) -> JSONTree {
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
