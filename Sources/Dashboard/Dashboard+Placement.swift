internal import Commands
internal import Domain
internal import Drawing
internal import Panes

/// Scaling, deploying, rolling back; nodes. Each ends in a plan page, never in the deed.
extension Dashboard {
    /// What a command's availability depends on beyond the containers.
    func describePlacement(_ situation: inout Situation) {
        switch situation.subject {
        case .workload(let workload): situation.workload = workload
        case .task(let task):
            situation.workload = task.workload.flatMap { snapshot.workload($0) }
            situation.taskContainer = snapshot.container(of: task)
            situation.taskDistance = distance(to: task)
        default: break
        }
        situation.placementReason = placementReason(for: situation.subject)
    }

    /// Why nothing can be placed through what the cursor stands on.
    private func placementReason(for subject: Subject) -> String? {
        let owner: Source.ID? =
            switch subject {
            case .workload(let workload): workload.id.source
            case .stack(let source, _, _): source
            case .task(let task): task.id.source
            case .node(let node): node.id.source
            default: nil
            }
        if let owner, let source = snapshot.source(owner) {
            return source.freshness.isLive ? nil : "\(source.title) of \(source.name) does not answer just now: \(source.freshness.trouble?.answer ?? "no answer yet")"
        }
        if !orchestrators.isEmpty { return nil }
        if let locked = snapshot.sources.first(where: { Self.placing.contains($0.kind) && $0.freshness.isLive }) { return "\(locked.title) of \(locked.name) is read-only in the configuration" }
        let absent = snapshot.sources.compactMap { if case .absent(let why) = $0.freshness { why } else { nil } }
        if let why = absent.first { return why }
        let failed = snapshot.sources.first { Self.placing.contains($0.kind) }?.freshness.trouble
        return failed.map { "no orchestrator answers: \($0.answer)" } ?? "no orchestrator answers yet"
    }

    /// Why the container of a task is not to be had from here.
    private func distance(to task: WorkloadTask) -> String? {
        guard snapshot.container(of: task) == nil else { return nil }
        guard let node = task.node.flatMap({ snapshot.node($0) }) else { return "\(task.name) has no node yet, so it has no container" }
        if task.containers.isEmpty { return "\(task.name) has no container yet (\(task.stateWord))" }
        return "\(task.name) runs on \(node.name), whose own engine is not watched: start Binnacle with its engine too (--host ssh://\(node.address.isEmpty ? node.name : node.address)); l reads its log from here"
    }

    static let placing: Set<Source.Kind> = [.swarm, .kubernetes, .marathon, .mesos, .helios]

    private var orchestrators: [Operation.Target] {
        snapshot.sources.filter { Self.placing.contains($0.kind) && $0.freshness.isLive && !$0.isReadOnly }.map { .source($0.id, name: $0.name) }
    }

    /// Nil where the command is none of placement's.
    mutating func changePlacement(_ id: Command.ID, _ situation: Situation) -> [Effect]? {
        switch (id, situation.subject) {
        case (.scale, _):
            guard let workload = situation.workload else { return [] }
            return plan([Operation(.workload(.scale(to: workload.asked)), on: Self.target(workload))])
        case (.restart, _):
            guard situation.marked.isEmpty, let workload = situation.workload else { return nil }
            return plan([Operation(.workload(.restart), on: Self.target(workload))])
        case (.rollBack, _):
            guard let workload = situation.workload else { return [] }
            return plan([Operation(.workload(.rollBack), on: Self.target(workload))])
        case (.remove, .workload(let workload)): return plan([Operation(.workload(.undeploy), on: Self.target(workload))])
        case (.remove, .stack(let source, let name, _)): return plan([Operation(.workload(.undeploy), on: .group(source, name: name))])
        case (.remove, .node(let node)):
            return plan([Operation(.node(.remove(force: false)), on: .node(node.id, name: node.name))])
        case (.deploy, _):
            if let workload = situation.workload {
                return askDeploy(on: .source(workload.id.source, name: snapshot.source(workload.id.source)?.name ?? ""), also: [.redeploy(workload)])
            }
            if case .stack(let source, let name, _) = situation.subject {
                let target = Operation.Target.source(source, name: snapshot.source(source)?.name ?? "")
                return askDeploy(on: target, also: [.stack(target, name: name)])
            }
            let targets = orchestrators
            guard targets.count > 1 else { return targets.first.map { askDeploy(on: $0) } ?? [] }
            layers.append(.choice(ChoiceList(title: "Deploy on which cluster?", choices: targets.map { .init($0.name) }), .deployTo(targets)))
        case (.availability, .node(let node)):
            let notes: [Node.Availability: String] = [
                .active: "takes new tasks", .paused: "keeps its tasks, takes no new ones", .draining: "its tasks move elsewhere",
            ]
            let choices = Node.Availability.allCases.map { ChoiceList.Choice($0.rawValue, note: $0 == node.availability ? "as it is now" : notes[$0] ?? "") }
            let now = Node.Availability.allCases.firstIndex(of: node.availability) ?? 0
            layers.append(.choice(ChoiceList(title: "Availability of \(node.name)", choices: choices, selected: now), .availability([node])))
        case (.labels, .node(let node)):
            let text = node.labels.sorted { $0.key < $1.key }.map { $0.value.isEmpty ? $0.key : "\($0.key)=\($0.value)" }
            let field = Form.Field("Labels", hint: "key=value, with spaces between", text: Words.joined(text))
            layers.append(.form(Form(title: "Labels of node \(node.name)", fields: [field]), .labels(node)))
        case (.role, .node(let node)):
            let other = node.isManager ? "Make it a worker" : "Make it a manager"
            layers.append(.choice(ChoiceList(title: "Role of \(node.name)", choices: [.init("Leave it", note: node.roles.joined(separator: ", ")), .init(other)]), .role(node)))
        default: return nil
        }
        return []
    }

    private static func target(_ workload: Workload) -> Operation.Target { .workload(workload.id, name: workload.name) }
}
