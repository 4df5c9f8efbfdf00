internal import Domain
internal import JSON

/// Where tasks would be: of services that change and of new ones.
extension SwarmPlans {
    /// - Parameter name: of the service, where the plan is of several.
    func describeForecast(_ forecast: Forecast, of name: String? = nil, _ plan: inout Plan) {
        let heading = name.map { $0 + " " } ?? ""
        for landing in forecast.landings where landing.before != landing.after {
            plan.changes.append(Plan.Change(subject: "\(heading)on \(landing.node.name)", before: "\(landing.before)", after: "\(landing.after)"))
        }
        let same = forecast.landings.filter { $0.before == $0.after && $0.after > 0 }
        if !same.isEmpty { plan.notes.append("\(heading)unchanged: " + same.map { "\($0.node.name) \($0.after)" }.joined(separator: ", ")) }
        if !forecast.leaving.isEmpty {
            plan.notes.append("these would go (the swarm chooses among equals): " + forecast.leaving.map { "\($0.name) on \(nodeName($0, forecast))" }.joined(separator: ", "))
        }
        guard forecast.unplaced > 0 else { return }
        plan.warnings.append("\(forecast.unplaced) of \(name.map { "the tasks of \($0)" } ?? "them") fit nowhere and would stay pending:")
        plan.warnings += Self.grouped(forecast.refusals)
    }

    private func nodeName(_ task: WorkloadTask, _ forecast: Forecast) -> String {
        forecast.landings.first { $0.node.id == task.node }?.node.name ?? "no node"
    }

    /// Nodes that refuse for the same reasons share a line.
    static func grouped(_ verdicts: [NodeVerdict]) -> [String] {
        var order: [String] = []
        var names: [String: [String]] = [:]
        for verdict in verdicts.sorted(by: { $0.node.name < $1.node.name }) {
            let words = words(verdict)
            if names[words] == nil { order.append(words) }
            names[words, default: []].append(verdict.node.name)
        }
        return order.map { "\(names[$0, default: []].joined(separator: ", ")): \($0)" }
    }

    private static func words(_ verdict: NodeVerdict) -> String { verdict.refusals.map(\.words).joined(separator: "; ") }

    // MARK: Updates

    /// Which tasks an update replaces (swarmkit `manager/orchestrator/task.go`, `IsTaskDirty`).
    enum Replacement: Sendable, Hashable {
        case none, all
        /// Those on nodes that do not meet the constraints any more.
        case misplaced
    }

    static func replacement(from base: JSONTree, to edited: JSONTree) -> Replacement {
        let template = JSONTree.differences(base["TaskTemplate"], edited["TaskTemplate"])
        if template.contains(where: { $0.first != "Placement" }) || !JSONTree.differences(base["EndpointSpec"], edited["EndpointSpec"]).isEmpty { return .all }
        return template.isEmpty ? .none : .misplaced
    }

    /// A workload as an edited specification makes it.
    func workload(_ now: Workload, as edited: JSONTree, over base: JSONTree) -> Workload {
        guard let wire = ServiceResource(.object(["ID": .string(now.id.raw), "Spec": edited])) else { return now }
        let told = SwarmMapping(source: source).workload(wire, tasks: [])
        var workload = now
        workload.mode = told.mode
        workload.demand = told.demand
        workload.demand.plugins.formUnion(now.demand.plugins.filter { $0.hasPrefix("Network/") })
        let image = ["TaskTemplate", "ContainerSpec", "Image"][...]
        // For which platforms another image is, only the registry knows.
        if base[image] != edited[image] { workload.demand.platforms = [] }
        workload.ports = told.ports
        (workload.updatePolicy, workload.rollbackPolicy) = (told.updatePolicy, told.rollbackPolicy)
        return workload
    }

    /// Which tasks make way, at what pace, and where the new ones land.
    func describeUpdate(from base: JSONTree, to edited: JSONTree, _ now: Workload, _ course: inout PlacementCourse, of name: String? = nil, rollsBack: Bool = false, _ plan: inout Plan) {
        let workload = workload(now, as: edited, over: base)
        let policy = (rollsBack ? workload.rollbackPolicy : workload.updatePolicy) ?? Workload.RolloutPolicy()
        let (replacement, verdicts) = (Self.replacement(from: base, to: edited), course.verdicts(on: workload))
        let misplaced = verdicts.filter { verdict in verdict.refusals.contains { $0.stage == .constraint } }.map(\.node)
        let count = SwarmEdit.replicas(edited) ?? 0
        switch workload.mode {
        case .job, .jobPerNode:
            if replacement != .none { plan.notes.append("tasks of \(workload.name) that run go on as they are: a job's are not replaced") }
            if SwarmEdit.replicas(base) != count { describeForecast(course.deploy(workload, to: count), of: name, &plan) }
            return
        case .replicated, .perNode, .pinned: break
        }
        if replacement == .none, SwarmEdit.replicas(base) == SwarmEdit.replicas(edited) {
            plan.notes.append("no running task of \(workload.name) is replaced")
            return
        }
        let forecast = course.deploy(workload, to: count) { task in
            switch replacement {
            case .none: false
            case .all: true
            case .misplaced: misplaced.contains { $0.id == task.node }
            }
        }
        switch replacement {
        case .none: break
        case .all: describeReplacing(workload, policy, &plan)
        case .misplaced:
            let leaving = forecast.landings.filter { landing in landing.before > 0 && misplaced.contains { $0.id == landing.node.id } }
            plan.notes.append(
                leaving.isEmpty
                    ? "placement alone changes: the running tasks of \(workload.name) fit where they are and stay"
                    : "placement alone changes: only tasks of \(workload.name) on \(leaving.map(\.node.name).joined(separator: ", ")), which fits no more, are replaced")
        }
        describeForecast(forecast, of: name, &plan)
        guard replacement != .none, workload.running > 0, count > 0 || workload.mode == .perNode else { return }
        if forecast.landings.allSatisfy({ $0.after == 0 }) {
            plan.warnings.append(
                "no node takes a task of \(workload.name) as it shall be"
                    + (policy.order == "start-first" ? ": the update would stall, the old tasks run on" : ": the update would stop running tasks for new ones that cannot start"))
        } else if replacement == .all, policy.order == "start-first", verdicts.allSatisfy({ !$0.accepts }) {
            plan.warnings.append("no node has room for a new task of \(workload.name) beside the old ones, which start-first asks for: the update would stall, the old tasks run on")
            for verdict in verdicts { plan.warnings.append("\(verdict.node.name): " + Self.words(verdict)) }
        }
    }

    /// How tasks are replaced when what they run changes.
    func describeReplacing(_ workload: Workload, _ policy: Workload.RolloutPolicy, _ plan: inout Plan) {
        let pace = policy.parallelism == 0 ? "all at once" : "\(policy.parallelism) at a time"
        let order = policy.order == "start-first" ? "the new one starts before the old one stops" : "the old one stops before the new one starts"
        plan.notes.append("the \(workload.running) running tasks of \(workload.name) are replaced \(pace), \(order); if one fails: \(policy.onFailure)")
        if policy.order != "start-first", workload.running > 0, workload.running <= max(1, policy.parallelism) || policy.parallelism == 0 {
            plan.warnings.append("nothing of \(workload.name) runs for a moment meanwhile")
        }
    }

    // MARK: New services

    /// Where the tasks of a service that is not there yet would land.
    func describePlacing(_ specification: ServiceSpecification, _ course: inout PlacementCourse, of name: String? = nil, _ plan: inout Plan) {
        let workload = Workload(
            id: Workload.ID(source, specification.name), name: specification.name, kind: "service", mode: specification.mode,
            demand: Demand(
                constraints: specification.constraints, resources: specification.reservations, hostPorts: specification.ports.filter(\.isOnHost),
                maximumPerNode: specification.maximumPerNode, spreadOver: specification.spreadOver),
            ports: specification.ports)
        switch specification.mode {
        case .replicated, .pinned: describeForecast(course.deploy(workload, to: specification.replicas), of: name, &plan)
        case .job(let completions): describeForecast(course.deploy(workload, to: completions), of: name, &plan)
        case .perNode, .jobPerNode:
            let verdicts = course.verdicts(on: workload)
            let heading = name.map { "\($0): " } ?? ""
            plan.notes.append("\(heading)one task each on: " + (verdicts.filter(\.accepts).map(\.node.name).joined(separator: ", ").nonEmpty ?? "no node"))
            for verdict in verdicts where !verdict.accepts { plan.notes.append("\(heading)not on \(verdict.node.name): " + Self.words(verdict)) }
            _ = course.deploy(workload, to: 0)
        }
    }
}
