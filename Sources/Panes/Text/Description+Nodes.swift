public import Domain
internal import Drawing
internal import Widgets

/// Nodes, and what each of them says to a task that wants to go somewhere.
extension Description {
    /// So many nodes have a line each; more are gathered by what they say.
    private static let nodesApart = 12

    public static func of(_ node: Node, in snapshot: Snapshot) -> Lines {
        var d = Description(snapshot)
        d.heading("State")
        d.fact("node", node.name)
        d.fact("role", node.roleWord, node.isLeader ? .accent : .text)
        d.fact("also", node.isLeader ? node.roles.filter { $0 != "leader" }.joined(separator: ", ") : "")
        d.fact("managers say", node.reachability, node.reachability == "reachable" ? .text : .bad)
        d.fact("status", node.status.word, node.status == .ready ? .good : .bad)
        d.fact("message", node.message, node.status == .ready ? .text : .bad)
        d.fact("availability", words(node.availability), node.availability == .active ? .text : .warning)
        d.fact("would help", Advice.of(node, key: word) ?? "", .info)
        d.fact("address", node.address)
        d.fact("engine", node.version)
        d.fact("platform", node.platform.description)
        if node.isAnswering { d.fact("from here", "Binnacle talks to this very node: its containers can be looked into") }
        d.fact("revision", node.revision > 0 ? String(node.revision) : "")
        d.fact("id", node.id.raw)
        d.resources(of: node)
        d.pairs(node.labels, title: "Labels that the orchestrator keeps")
        d.pairs(node.engineLabels, title: "Labels of its engine")
        if !node.taints.isEmpty {
            d.heading("Taints")
            for taint in node.taints { d.fact(taint.key, (taint.value.isEmpty ? "" : "= \(taint.value), ") + taint.effect, .warning) }
        }
        d.tasks(on: node)
        d.departures(from: node)
        if !node.plugins.isEmpty {
            d.heading("Plugins")
            let kinds = Dictionary(grouping: node.plugins.sorted()) { String($0.prefix { $0 != "/" }) }
            for (kind, all) in kinds.sorted(by: { $0.key < $1.key }) { d.fact(kind, all.map { String($0.dropFirst(kind.count + 1)) }.joined(separator: ", ")) }
        }
        return d.lines
    }

    private static func words(_ availability: Node.Availability) -> String {
        switch availability {
        case .active: "active: may be given tasks"
        case .paused: "paused: keeps its tasks and takes no new ones"
        case .draining: "draining: its tasks move away and no new ones come"
        }
    }

    private mutating func resources(of node: Node) {
        guard !node.capacity.isEmpty else { return }
        heading("Resources")
        let (capacity, reserved) = (node.capacity, node.reserved)
        if let whole = capacity.nanoCPUs {
            let part = reserved.nanoCPUs ?? 0
            amounts("processors", Figure.cores(whole), Figure.cores(part), Figure.cores(max(0, whole - part)), whole > 0 ? Double(part) / Double(whole) : 0)
        }
        if let whole = capacity.memory {
            let part = reserved.memory ?? 0
            amounts("memory", Figure.bytes(whole), Figure.bytes(part), Figure.bytes(whole > part ? whole - part : 0), whole > 0 ? Double(part) / Double(whole) : 0)
        }
        if let whole = capacity.disk {
            let part = reserved.disk ?? 0
            amounts("disk", Figure.bytes(whole), Figure.bytes(part), Figure.bytes(whole > part ? whole - part : 0), whole > 0 ? Double(part) / Double(whole) : 0)
        }
        if let whole = capacity.slots {
            let part = reserved.slots ?? 0
            amounts("tasks", String(whole), String(part), String(max(0, whole - part)), whole > 0 ? Double(part) / Double(whole) : 0)
        }
        for (name, whole) in capacity.others.sorted(by: { $0.key < $1.key }) {
            let part = reserved.others[name] ?? 0
            amounts(name, Self.count(whole), Self.count(part), Self.count(max(0, whole - part)), whole > 0 ? part / whole : 0)
        }
        used(on: node)
    }

    /// What its tasks really use, as far as their containers are measured from here: an orchestrator tells only what is reserved.
    private mutating func used(on node: Node) {
        let tasks = snapshot.tasks.filter { $0.node == node.id && $0.isCurrent && $0.state == .running }
        guard !tasks.isEmpty else { return }
        let readings = tasks.compactMap { task in task.containers.first.flatMap { snapshot.usage[$0]?.latest } }
        guard !readings.isEmpty else { return fact("used", "not known: no engine on this node is watched (--host names more)", .muted) }
        let processor = readings.reduce(0) { $0 + ($1.cpuPercent ?? 0) }
        let memory = readings.reduce(UInt64(0)) { $0 &+ $1.memory }
        fact("used", "\(Figure.percent(processor)) of a core, \(Figure.bytes(memory)) memory, by \(readings.count) of its \(tasks.count) running tasks")
    }

    private mutating func amounts(_ name: String, _ whole: String, _ reserved: String, _ free: String, _ share: Double) {
        fact(name, "\(Gauge.text(share, width: 10)) \(reserved) of \(whole) reserved, \(free) free", share >= 0.9 ? Gauge.role(share) : .text)
    }

    private mutating func tasks(on node: Node) {
        let tasks = snapshot.tasks.filter { $0.node == node.id && $0.isCurrent }.sorted { NaturalOrder.precedes($0.name, $1.name) }
        heading("Tasks on it (\(tasks.count))")
        if tasks.isEmpty { fact("", "none", .muted) }
        for task in tasks {
            let glyph = TaskGlyph.of(task)
            let age = task.since.map { " for \(Figure.longAge(now.seconds(since: $0)))" } ?? ""
            let reserved = task.reserved.isEmpty ? "" : ", reserves " + Self.words(task.reserved)
            fact(task.name, "\(glyph.text) \(task.standing)\(age)\(reserved)", task.problem == nil ? .text : .bad)
            fact("", TaskWords.line(task.reason), .muted)
        }
    }

    private mutating func departures(from node: Node) {
        guard node.availability != .draining else { return }
        let departures = PlacementBoard(snapshot, source: node.id.source).departures(from: node)
        guard !departures.isEmpty else { return }
        heading("If it drained")
        for departure in departures {
            if departure.stops {
                fact(departure.task.name, "ends; nothing takes its place", .muted)
            } else if let destination = departure.destination {
                fact(departure.task.name, "moves to \(destination.name)")
            } else {
                let words = departure.refusals.filter { $0.node.id != node.id && !$0.accepts }.map { "\($0.node.name) \($0.refusals.map(\.words).joined(separator: ", "))" }
                fact(departure.task.name, "finds no other node" + (words.isEmpty ? "" : ": " + words.joined(separator: "; ")), .bad)
            }
        }
    }

    // MARK: Why not here

    /// What every node says to one more task, what the scheduler says, and what would help.
    mutating func explain(_ explanation: PlacementExplanation?, title: String, fallback: String) {
        heading(title)
        guard let explanation else {
            fact("it says", TaskWords.line(fallback), .bad)
            return
        }
        fact("in short", TaskWords.line(explanation.summary), .warning)
        for (name, verdict) in gathered(explanation.verdicts) {
            let words = verdict.accepts ? "would take it" : verdict.refusals.map { TaskWords.line($0.words) }.joined(separator: "; ")
            fact(name, (verdict.accepts ? "✓ " : "✖ ") + words, verdict.accepts ? .good : .text)
        }
        if !explanation.schedulerWords.isEmpty {
            fact("scheduler", TaskWords.line(explanation.schedulerWords), .muted)
            switch explanation.agreement {
            case .agrees: fact("", "which is what Binnacle works out, too", .muted)
            case .silent: break
            case .disagrees(let how): fact("but", TaskWords.line(how), .warning)
            }
        }
        for remedy in explanation.remedies { fact("would help", TaskWords.line(remedy), .info) }
    }

    private func gathered(_ verdicts: [NodeVerdict]) -> [(name: String, verdict: NodeVerdict)] {
        let sorted = verdicts.sorted { NaturalOrder.precedes($0.node.name, $1.node.name) }
        guard sorted.count > Self.nodesApart else { return sorted.map { ($0.node.name, $0) } }
        var places: [String: Int] = [:]
        var groups: [(verdict: NodeVerdict, count: Int)] = []
        for verdict in sorted {
            let words = verdict.refusals.map(\.words).joined(separator: "; ")
            if let place = places[words] {
                groups[place].count += 1
            } else {
                places[words] = groups.count
                groups.append((verdict, 1))
            }
        }
        return groups.map { ($0.count == 1 ? $0.verdict.node.name : "\($0.count) nodes", $0.verdict) }
    }
}
