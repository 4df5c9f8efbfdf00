public import Domain
internal import Commands
internal import Drawing
internal import Widgets

/// What an orchestrator places, and where: services, tasks, nodes, stacks.
extension Description {
    public static func of(_ workload: Workload, in snapshot: Snapshot) -> Lines {
        var d = Description(snapshot)
        let board = PlacementBoard(snapshot, source: workload.id.source)
        let tasks = board.tasks.filter { $0.workload == workload.id }
        d.heading("State")
        d.fact(workload.kind.isEmpty ? "name" : workload.kind.lowercased(), workload.name)
        d.fact("stack", workload.group)
        d.fact("runs", "\(workload.mode.word), \(workload.tally)" + (workload.isJob ? "" : " running"), workload.problem == nil ? .good : .bad)
        d.rollout(of: workload)
        let unplaced = tasks.filter(\.isUnplaced)
        for (reason, same) in Self.grouped(unplaced) {
            d.explain(board.explanation(of: same[0]), title: same.count == 1 ? "Why \(same[0].name) is not placed" : "Why \(same.count) tasks are not placed", fallback: reason)
        }
        d.tasks(tasks, of: workload)
        d.specification(of: workload)
        if unplaced.isEmpty, !workload.isJob { d.explain(board.explanation(of: workload), title: "Where another task could go", fallback: "") }
        d.pairs(workload.labels, title: "Labels")
        return d.lines
    }

    private mutating func rollout(of workload: Workload) {
        guard workload.rollout != .settled else { return }
        let role: Role = workload.rollout == .progressing ? .info : workload.rollout == .rolledBack ? .warning : .bad
        fact("rollout", workload.rolloutWord + (workload.rolloutSince.map { " since " + ago($0) } ?? ""), role)
        text("message", workload.rolloutMessage)
        fact("would help", Advice.of(workload, key: Self.word) ?? "", .info)
    }

    private mutating func specification(of workload: Workload) {
        heading("Specification")
        fact("image", workload.image)
        fact("digest", workload.digest)
        for port in workload.ports { fact("port", port.description + (port.isOnHost || port.published == nil ? "" : ", answered by every node"), .info) }
        fact("networks", workload.networks.joined(separator: ", "))
        let demand = workload.demand
        for constraint in demand.constraints { fact("constraint", constraint) }
        fact("spread over", demand.spreadOver.joined(separator: ", then "))
        fact("at most", demand.maximumPerNode.map { "\($0) on one node" } ?? "")
        fact("reserves", Self.words(demand.resources))
        fact("platforms", demand.platforms.map(\.description).filter { !$0.isEmpty }.joined(separator: ", "))
        fact("takes ports", demand.hostPorts.map(\.description).joined(separator: ", "))
        fact("needs plugins", demand.plugins.sorted().joined(separator: ", "))
        fact("tolerates", demand.tolerations.joined(separator: ", "))
        fact("update", workload.updatePolicy.map(Self.words) ?? "")
        fact("rollback", workload.rollbackPolicy.map(Self.words) ?? "")
        fact("changed", ago(workload.updated))
        fact("revision", workload.revision > 0 ? String(workload.revision) : "")
        fact("before it", workload.hasPrevious ? "a specification to go back to" : "no specification to go back to")
        fact("id", workload.id.raw)
    }

    /// By slot, or by node where there are no slots; what was there before stands below what is there now.
    private mutating func tasks(_ tasks: [WorkloadTask], of workload: Workload) {
        let places = Dictionary(grouping: tasks) { $0.slot > 0 ? $0.label(in: workload) : $0.node.map { nodeName($0) } ?? $0.label(in: workload) }
        let current = tasks.reduce(0) { $0 + ($1.isCurrent ? 1 : 0) }
        heading("Tasks (\(current)" + (current < tasks.count ? ", and \(tasks.count - current) before them)" : ")"))
        if tasks.isEmpty { fact("", "none", .muted) }
        for (place, all) in places.sorted(by: { NaturalOrder.precedes($0.key, $1.key) }) {
            let ordered = all.sorted { ($0.isCurrent ? 0 : 1, -Self.age($0)) < ($1.isCurrent ? 0 : 1, -Self.age($1)) }
            for task in ordered { line(of: task, named: task.isCurrent ? place : "  before") }
        }
    }

    private mutating func line(of task: WorkloadTask, named name: String) {
        let glyph = TaskGlyph.of(task)
        let place = task.node.map { " on \(nodeName($0))" } ?? ""
        let exit = task.exitCode.flatMap { $0 == 0 || task.state == .running ? nil : ", " + Exit.words($0) } ?? ""
        let age = task.since.map { " for \(Figure.longAge(now.seconds(since: $0)))" } ?? ""
        let outdated = task.isOutdated && task.isCurrent ? ", of the version before" : ""
        fact(name, "\(glyph.text) \(task.standing)\(place)\(age)\(exit)\(outdated)", task.isCurrent ? (task.problem == nil ? .text : .bad) : .muted)
        // Why a task is not placed is said at length elsewhere.
        if !task.isUnplaced { text("", task.reason, task.isCurrent ? .bad : .muted) }
    }

    public static func of(_ task: WorkloadTask, in snapshot: Snapshot) -> Lines {
        var d = Description(snapshot)
        let workload = task.workload.flatMap { snapshot.workload($0) }
        let before = d.before(task)
        d.heading("State")
        d.fact("task", task.name)
        d.fact("state", task.standing, task.problem == nil ? .good : .bad)
        d.fact("since", d.ago(task.since))
        if let code = task.exitCode, task.state != .running { d.fact("exit", Exit.words(code), code == 0 ? .text : .bad) }
        if !task.isUnplaced { d.text("error", task.reason, .bad) }
        if !task.isCurrent { d.fact("history", "another task has its place now", .muted) }
        if task.isUnplaced {
            d.explain(PlacementBoard(snapshot, source: task.id.source).explanation(of: task), title: "Why it is not placed", fallback: task.reason)
        } else {
            let failed = before.first.flatMap { $0.state == .failed || $0.state == .rejected ? $0 : nil }
            if failed != nil, task.state != .running { d.fact("before it", "the task in its place failed, too: see below", .bad) }
            d.fact("would help", Advice.of(task, key: word) ?? (task.state == .running ? nil : failed.flatMap { Advice.of($0, key: word) }) ?? "", .info)
        }
        d.heading("Where and what")
        d.fact("service", workload?.name ?? task.workload?.raw ?? "")
        d.fact("slot", task.slot > 0 ? String(task.slot) : "")
        d.fact("node", task.node.map { d.nodeName($0) } ?? "none")
        d.fact("wanted", task.wanted)
        d.fact("image", task.image)
        if task.isOutdated { d.fact("version", "the specification of before", .warning) }
        d.fact("addresses", task.addresses.joined(separator: ", "))
        d.fact("reserves", words(task.reserved))
        d.fact("restarts", task.restarts > 0 ? String(task.restarts) : "")
        d.fact("created", d.ago(task.created))
        for raw in task.containers {
            let container = snapshot.containers.first { $0.id.raw == raw }
            d.fact("container", String(raw.prefix(12)) + (container.map { ", \($0.state.word)" + ($0.health == .none ? "" : ", " + $0.health.rawValue) } ?? ", on an engine that is not watched"))
        }
        d.fact("id", task.id.raw)
        if !before.isEmpty {
            d.heading("Before it in the same place (\(before.count))")
            for other in before { d.line(of: other, named: other.since.map { Figure.longAge(d.now.seconds(since: $0)) + " ago" } ?? "") }
        }
        return d.lines
    }

    /// What had the place of a task before it, newest first.
    private func before(_ task: WorkloadTask) -> [WorkloadTask] {
        guard task.workload != nil else { return [] }
        return snapshot.tasks.filter { other in
            !other.isCurrent && other.id != task.id && other.workload == task.workload && other.slot == task.slot && (task.slot > 0 || other.node == task.node)
        }.sorted { Self.age($0) > Self.age($1) }
    }

    public static func of(stack name: String, _ workloads: [Workload], source: Source.ID, in snapshot: Snapshot) -> Lines {
        var d = Description(snapshot)
        d.heading("Stack \(name)")
        d.fact("in", snapshot.source(source)?.title ?? source.raw)
        d.fact("services", String(workloads.count))
        d.fact("networks", Set(workloads.flatMap(\.networks)).sorted().joined(separator: ", "))
        let board = PlacementBoard(snapshot, source: source)
        for workload in workloads.sorted(by: { NaturalOrder.precedes($0.name, $1.name) }) {
            d.heading(workload.name)
            d.fact("runs", "\(workload.mode.word), \(workload.tally)" + (workload.isJob ? "" : " running"), workload.problem == nil ? .good : .bad)
            d.rollout(of: workload)
            d.fact("image", workload.image)
            for port in workload.ports { d.fact("port", port.description, .info) }
            d.fact("changed", d.ago(workload.updated))
            for task in board.tasks where task.workload == workload.id && task.problem != nil {
                d.line(of: task, named: task.label(in: workload))
                if task.isUnplaced { d.text("", board.explanation(of: task)?.summary ?? task.reason, .warning) }
            }
        }
        return d.lines
    }

    // MARK: Words

    /// A description knows no keys: commands go by what the palette calls them.
    static func word(_ id: Command.ID) -> String { ":" + Catalogue.command(id).name }

    /// `1 at a time, 5 s between, watched 5 s, pause on failure`.
    private static func words(_ policy: Workload.RolloutPolicy) -> String {
        var parts = [policy.parallelism > 0 ? "\(policy.parallelism) at a time" : "all at once"]
        if policy.delay > .zero { parts.append("\(policy.delay.words) between") }
        if policy.monitor > .zero { parts.append("watched \(policy.monitor.words)") }
        if !policy.onFailure.isEmpty { parts.append("\(policy.onFailure) on failure") }
        if policy.tolerated > 0 { parts.append("\(Figure.percent(policy.tolerated * 100)) may fail") }
        switch policy.order {
        case "stop-first": parts.append("the old one stops first")
        case "start-first": parts.append("the new one starts first")
        default: if !policy.order.isEmpty { parts.append(policy.order) }
        }
        return parts.joined(separator: ", ")
    }

    static func words(_ resources: Resources) -> String {
        var parts: [String] = []
        if let cpus = resources.nanoCPUs { parts.append("\(Figure.cores(cpus)) processor" + (cpus == 1_000_000_000 ? "" : "s")) }
        if let memory = resources.memory { parts.append("\(Figure.bytes(memory)) memory") }
        if let disk = resources.disk { parts.append("\(Figure.bytes(disk)) disk") }
        if let slots = resources.slots { parts.append("\(slots) tasks") }
        for (name, amount) in resources.others.sorted(by: { $0.key < $1.key }) { parts.append("\(count(amount)) \(name)") }
        return parts.joined(separator: ", ")
    }

    /// A whole number without its decimals.
    static func count(_ amount: Double) -> String {
        guard amount.isFinite, abs(amount) < 1e15, amount == amount.rounded() else { return "\(amount)" }
        return String(Int64(amount))
    }

    private static func age(_ task: WorkloadTask) -> Int64 { (task.created ?? task.since)?.nanoseconds ?? 0 }

    private static func grouped(_ tasks: [WorkloadTask]) -> [(reason: String, tasks: [WorkloadTask])] {
        Dictionary(grouping: tasks, by: \.reason).map { (reason: $0.key, tasks: $0.value) }.sorted { $0.tasks[0].slot < $1.tasks[0].slot }
    }

    private func nodeName(_ id: Node.ID) -> String { snapshot.node(id)?.name ?? id.short }

    mutating func pairs(_ pairs: [String: String], title: String) {
        guard !pairs.isEmpty else { return }
        heading(title)
        for (key, value) in pairs.sorted(by: { $0.key < $1.key }) { fact(key, "= " + value) }
    }

    /// Text from outside that may have several lines: each is kept.
    private mutating func text(_ name: String, _ text: String, _ role: Role = .text) {
        for (number, line) in text.split(whereSeparator: \.isNewline).enumerated() { fact(number == 0 ? name : "", String(line), role) }
    }
}
