internal import Domain
internal import Engine

/// Flags of `docker service create` and `docker service update` for what differs between two specifications.
///
/// Every flag notes what it has covered; where something is left over in the end no command line does the same.
struct ServiceFlags {
    private var words: [String] = []
    private var covered: ServiceSpecification
    private let new: ServiceSpecification
    private let isNew: Bool

    private init(_ old: ServiceSpecification, _ new: ServiceSpecification, isNew: Bool) {
        covered = old
        self.new = new
        self.isNew = isNew
    }

    /// nil where flags cannot say it all.
    static func changing(_ old: ServiceSpecification, to new: ServiceSpecification) -> [String]? {
        var flags = ServiceFlags(old, new, isNew: false)
        flags.addUpdateOnly()
        return flags.all()
    }

    /// Without the name, the image and the arguments, which stand beside the flags.
    static func creating(_ new: ServiceSpecification) -> [String]? {
        var flags = ServiceFlags(ServiceSpecification(name: new.name, image: new.image, arguments: new.arguments), new, isNew: true)
        flags.addCreateOnly()
        return flags.all()
    }

    private mutating func all() -> [String]? {
        addLists()
        addPorts()
        addPlacement()
        addContainer()
        addHealthCheck()
        addPolicy("update", \.update)
        addPolicy("rollback", \.rollback)
        addRestart()
        return covered == new ? words : nil
    }

    // MARK: What only one of them has

    private mutating func addCreateOnly() {
        switch new.mode {
        case .replicated: if new.replicas != covered.replicas { flag("replicas", "\(new.replicas)") }
        case .perNode: flag("mode", "global")
        case .job(let completions):
            flag("mode", "replicated-job")
            flag("replicas", "\(completions)")
        case .jobPerNode: flag("mode", "global-job")
        case .pinned: return
        }
        (covered.mode, covered.replicas) = (new.mode, new.replicas)
        for capability in new.capabilitiesAdded { flag("cap-add", capability) }
        for capability in new.capabilitiesDropped { flag("cap-drop", capability) }
        (covered.capabilitiesAdded, covered.capabilitiesDropped) = (new.capabilitiesAdded, new.capabilitiesDropped)
    }

    private mutating func addUpdateOnly() {
        text("image", \.image)
        if new.mode == .replicated, covered.mode == .replicated, new.replicas != covered.replicas {
            flag("replicas", "\(new.replicas)")
            covered.replicas = new.replicas
        }
        if new.arguments != covered.arguments {
            flag("args", CommandLineText(new.arguments).description)
            covered.arguments = new.arguments
        }
    }

    // MARK: Pieces

    private mutating func flag(_ name: String, _ value: String) { words += ["--" + name, value] }

    private mutating func text(_ name: String, _ field: WritableKeyPath<ServiceSpecification, String>) {
        guard new[keyPath: field] != covered[keyPath: field] else { return }
        flag(name, new[keyPath: field])
        covered[keyPath: field] = new[keyPath: field]
    }

    private mutating func amount<Number: FixedWidthInteger>(_ name: String, _ field: WritableKeyPath<ServiceSpecification, Number?>) {
        guard new[keyPath: field] != covered[keyPath: field] else { return }
        flag(name, "\(new[keyPath: field] ?? 0)")
        covered[keyPath: field] = new[keyPath: field]
    }

    private mutating func processors(_ name: String, _ field: WritableKeyPath<ServiceSpecification, Int64?>) {
        guard new[keyPath: field] != covered[keyPath: field] else { return }
        flag(name, "\(Double(new[keyPath: field] ?? 0) / 1e9)")
        covered[keyPath: field] = new[keyPath: field]
    }

    /// - Parameters:
    ///   - name: as `create` has it; `update` has it twice, with `-add` and `-rm` behind.
    ///   - word: what stands behind the flag that adds one; nil where nothing can.
    ///   - key: what stands behind the one that takes one away. Adding one of the same key replaces it.
    private mutating func list<Element: Hashable>(
        _ name: String, _ field: WritableKeyPath<ServiceSpecification, [Element]>, _ word: (Element) -> String?, key: (Element) -> String
    ) {
        let (now, old) = (new[keyPath: field], covered[keyPath: field])
        let added = now.filter { !old.contains($0) }
        let words = added.compactMap(word)
        // The order, and what is there twice, cannot be said.
        guard words.count == added.count, Set(now.map(key)).count == now.count, Set(now) != Set(old) else { return }
        let keys = Set(now.map(key))
        for element in old where !keys.contains(key(element)) { flag(name + "-rm", key(element)) }
        for word in words { flag(isNew ? name : name + "-add", word) }
        covered[keyPath: field] = now
    }

    private mutating func labels(_ name: String, _ field: WritableKeyPath<ServiceSpecification, [String: String]>) {
        let (now, old) = (new[keyPath: field], covered[keyPath: field])
        for key in old.keys.sorted() where now[key] == nil { flag(name + "-rm", key) }
        for (key, value) in now.sorted(by: { $0.key < $1.key }) where old[key] != value { flag(isNew ? name : name + "-add", "\(key)=\(value)") }
        covered[keyPath: field] = now
    }

    /// As Go reads it: `90s`, `1500ms`.
    private static func span(_ duration: Duration) -> String {
        let nanoseconds = duration.inNanoseconds
        if nanoseconds % 1_000_000_000 == 0 { return "\(nanoseconds / 1_000_000_000)s" }
        return nanoseconds % 1_000_000 == 0 ? "\(nanoseconds / 1_000_000)ms" : "\(nanoseconds)ns"
    }

    /// Pairs in one value, which commas and quotation marks would break.
    private static func joined(_ pairs: [String]) -> String? {
        pairs.contains { $0.contains(",") || $0.contains("\"") } ? nil : pairs.joined(separator: ",")
    }

    // MARK: Lists

    private mutating func addLists() {
        list("env", \.environment, { $0 }, key: { String($0.prefix { $0 != "=" }) })
        list("mount", \.mounts, Self.mount, key: \.destination)
        // Whether other names on the same network replace those it has depends on the client's age.
        if Set(new.networks.filter { !covered.networks.contains($0) }.map(\.network)).isDisjoint(with: covered.networks.map(\.network)) {
            list("network", \.networks, { $0.aliases.isEmpty ? $0.network : Self.joined(["name=\($0.network)"] + $0.aliases.map { "alias=\($0)" }) }, key: \.network)
        }
        list("group", \.groups, { $0 }, key: { $0 })
        list("dns", \.nameServers, { $0 }, key: { $0 })
        list("dns-search", \.searchDomains, { $0 }, key: { $0 })
        if isNew || Set(new.secrets.map(\.name)).isDisjoint(with: covered.secrets.filter { !new.secrets.contains($0) }.map(\.name)) { list("secret", \.secrets, Self.handed, key: \.name) }
        if isNew || Set(new.configs.map(\.name)).isDisjoint(with: covered.configs.filter { !new.configs.contains($0) }.map(\.name)) { list("config", \.configs, Self.handed, key: \.name) }
        labels("label", \.labels)
        labels("container-label", \.containerLabels)
        labels("sysctl", \.sysctls)
    }

    private static func mount(_ mount: ServiceSpecification.Mount) -> String? {
        var pairs = ["type=\(mount.kind)"]
        if !mount.origin.isEmpty { pairs.append("source=\(mount.origin)") }
        pairs.append("target=\(mount.destination)")
        if mount.isReadOnly { pairs.append("readonly") }
        if !mount.driver.isEmpty { pairs.append("volume-driver=\(mount.driver)") }
        pairs += mount.driverOptions.sorted { $0.key < $1.key }.map { "volume-opt=\($0.key)=\($0.value)" }
        pairs += mount.labels.sorted { $0.key < $1.key }.map { "volume-label=\($0.key)=\($0.value)" }
        if mount.skipsCopy { pairs.append("volume-nocopy") }
        if !mount.propagation.isEmpty { pairs.append("bind-propagation=\(mount.propagation)") }
        if let size = mount.size { pairs.append("tmpfs-size=\(size)") }
        return joined(pairs)
    }

    private static func handed(_ file: ServiceSpecification.HandedFile) -> String? {
        joined(["source=\(file.name)", "target=\(file.target)", "uid=\(file.user)", "gid=\(file.group)", "mode=0" + String(file.mode, radix: 8)])
    }

    private mutating func addPorts() {
        func place(_ port: Workload.Port) -> String { "target=\(port.target),protocol=\(port.transport)" + (port.isOnHost ? ",mode=host" : "") }
        let removed = covered.ports.filter { !new.ports.contains($0) }
        // Removing goes by what is inside: another port that is published to the same place would go too.
        guard Set(new.ports) != Set(covered.ports), Set(removed.map(place)).isDisjoint(with: new.ports.map(place)) else { return }
        for place in Set(removed.map(place)).sorted() { flag("publish-rm", place) }
        for port in new.ports where !covered.ports.contains(port) {
            flag(isNew ? "publish" : "publish-add", (port.published.map { "published=\($0)," } ?? "") + place(port))
        }
        covered.ports = new.ports
    }

    // MARK: Single values

    private mutating func addPlacement() {
        list("constraint", \.constraints, { $0 }, key: { $0 })
        if new.spreadOver.starts(with: covered.spreadOver) {
            list("placement-pref", \.spreadOver, { "spread=\($0)" }, key: { "spread=\($0)" })
        }
        amount("replicas-max-per-node", \.maximumPerNode)
        processors("limit-cpu", \.limits.nanoCPUs)
        amount("limit-memory", \.limits.memory)
        amount("limit-pids", \.limits.slots)
        processors("reserve-cpu", \.reservations.nanoCPUs)
        amount("reserve-memory", \.reservations.memory)
    }

    private mutating func addContainer() {
        if new.command != covered.command {
            flag("entrypoint", CommandLineText(new.command).description)
            covered.command = new.command
        }
        text("endpoint-mode", \.endpointMode)
        text("hostname", \.hostName)
        text("user", \.user)
        text("workdir", \.workingFolder)
        text("stop-signal", \.stopSignal)
        span("stop-grace-period", \.stopGrace)
        if new.isReadOnlyRoot != covered.isReadOnlyRoot { words.append("--read-only" + (new.isReadOnlyRoot ? "" : "=false")) }
        if new.usesTerminal != covered.usesTerminal { words.append("--tty" + (new.usesTerminal ? "" : "=false")) }
        (covered.isReadOnlyRoot, covered.usesTerminal) = (new.isReadOnlyRoot, new.usesTerminal)
        if let usesInit = new.usesInit, usesInit != covered.usesInit {
            words.append("--init" + (usesInit ? "" : "=false"))
            covered.usesInit = usesInit
        }
        if !new.logDriver.isEmpty, (new.logDriver, new.logOptions) != (covered.logDriver, covered.logOptions) {
            flag("log-driver", new.logDriver)
            for (key, value) in new.logOptions.sorted(by: { $0.key < $1.key }) { flag("log-opt", "\(key)=\(value)") }
            (covered.logDriver, covered.logOptions) = (new.logDriver, new.logOptions)
        }
    }

    private mutating func span(_ name: String, _ field: WritableKeyPath<ServiceSpecification, Duration?>) {
        guard let duration = new[keyPath: field], duration != covered[keyPath: field] else { return }
        flag(name, Self.span(duration))
        covered[keyPath: field] = duration
    }

    private mutating func addHealthCheck() {
        guard let check = new.healthCheck, check != covered.healthCheck else { return }
        if check == .init(test: ["NONE"]) {
            words.append("--no-healthcheck")
            covered.healthCheck = check
            return
        }
        guard check.test.first == "CMD-SHELL", check.test.count == 2 else { return }
        let old = covered.healthCheck
        if check.test != old?.test { flag("health-cmd", check.test[1]) }
        if check.interval != old?.interval ?? .zero { flag("health-interval", Self.span(check.interval)) }
        if check.timeout != old?.timeout ?? .zero { flag("health-timeout", Self.span(check.timeout)) }
        if check.startPeriod != old?.startPeriod ?? .zero { flag("health-start-period", Self.span(check.startPeriod)) }
        if check.retries != old?.retries ?? 0 { flag("health-retries", "\(check.retries)") }
        covered.healthCheck = check
    }

    private mutating func addPolicy(_ name: String, _ field: WritableKeyPath<ServiceSpecification, Workload.RolloutPolicy?>) {
        guard let policy = new[keyPath: field], policy != covered[keyPath: field] else { return }
        let old = covered[keyPath: field] ?? Workload.RolloutPolicy()
        if policy.parallelism != old.parallelism { flag(name + "-parallelism", "\(policy.parallelism)") }
        if policy.delay != old.delay { flag(name + "-delay", Self.span(policy.delay)) }
        if policy.onFailure != old.onFailure { flag(name + "-failure-action", policy.onFailure) }
        if policy.monitor != old.monitor { flag(name + "-monitor", Self.span(policy.monitor)) }
        if policy.tolerated != old.tolerated { flag(name + "-max-failure-ratio", "\(policy.tolerated)") }
        if policy.order != old.order { flag(name + "-order", policy.order) }
        covered[keyPath: field] = policy
    }

    private mutating func addRestart() {
        guard let restart = new.restart, restart != covered.restart else { return }
        let old = covered.restart
        // Taking a delay, a limit or a window away again has no flag.
        guard restart.delay != nil || old?.delay == nil, restart.maximumAttempts != nil || old?.maximumAttempts == nil, restart.window != nil || old?.window == nil
        else { return }
        if restart.condition != old?.condition ?? "any" { flag("restart-condition", restart.condition) }
        if let delay = restart.delay, delay != old?.delay { flag("restart-delay", Self.span(delay)) }
        if let attempts = restart.maximumAttempts, attempts != old?.maximumAttempts { flag("restart-max-attempts", "\(attempts)") }
        if let window = restart.window, window != old?.window { flag("restart-window", Self.span(window)) }
        covered.restart = restart
    }
}
