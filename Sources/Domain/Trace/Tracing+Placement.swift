/// What the orchestrator placed: the workload, its task, and the node that it is on or that none will be.
extension Tracing {
    mutating func addPlacement() {
        addWorkload()
        addTask()
        addNode()
    }

    private mutating func addWorkload() {
        if let why = chain.missing[.workload] { add(Trace.Link(.workload, "", state: .missing, facts: [.init("", why)])) }
        guard let joined = chain.workload else { return }
        let workload = joined.entity
        var facts = [Trace.Link.Fact("tasks", "\(workload.running) of \(workload.desired) running, \(workload.mode.word)")]
        if !workload.image.isEmpty { facts.append(.init("image", workload.image)) }
        if let problem = workload.problem { facts.append(.init("problem", Words.cut(problem, 300))) }
        if !workload.ports.isEmpty { facts.append(.init("ports", workload.ports.map(\.description).joined(separator: ", "))) }
        var fault: Fault?
        if case .replicated = workload.mode, workload.desired == 0, chain.task == nil || chain.container?.entity.isUp != true {
            fault = Fault(depth: .placement, sentence: "\(workload.name) is scaled to 0: nothing of it shall run", isOnPurpose: true)
        }
        let isWell = workload.problem == nil && workload.running >= workload.desired
        add(Trace.Link(.workload, workload.name, state: isWell ? .good : .doubtful, joint: joined.joint, facts: facts, place: .workload(workload.id)), fault)
    }

    private mutating func addTask() {
        if let why = chain.missing[.task] { add(Trace.Link(.task, "", state: .missing, facts: [.init("", why)])) }
        guard let joined = chain.task else { return }
        let task = joined.entity
        var facts = [Trace.Link.Fact("state", task.stateWord + Words.ago(task.since, now))]
        for (index, line) in Words.lines(task.reason, limit: 3).enumerated() { facts.append(.init(index == 0 ? "reason" : "", line, isEvidence: task.problem != nil)) }
        if let code = task.exitCode, task.state == .failed { facts.append(.init("exit", Exit.words(code))) }
        if task.restarts > 0 { facts.append(.init("before it", task.restarts == 1 ? "1 task ended in its place" : "\(task.restarts) tasks ended in its place")) }
        var fault: Fault?
        if task.isUnplaced {
            fault = unplaced(task, &facts)
        } else {
            fault = failing(task) ?? relapsing(task, &facts)
        }
        if chain.container == nil, task.problem != nil, !task.isUnplaced { addLastLines(of: .task(task.id), to: &facts) }
        add(Trace.Link(.task, task.name, state: task.problem == nil ? .good : .doubtful, joint: joined.joint, facts: facts, place: .task(task.id)), fault)
    }

    private func unplaced(_ task: WorkloadTask, _ facts: inout [Trace.Link.Fact]) -> Fault {
        let explanation = PlacementBoard(snapshot, source: task.id.source).explanation(of: task)
        // While some node would take it, the scheduler knows more than we count: then its own words are the better ones.
        guard let explanation, !explanation.verdicts.contains(where: \.accepts) else {
            let words = Words.firstLine(task.reason) ?? "the scheduler does not say why"
            if let explanation { facts.append(.init("nodes", explanation.summary)) }
            return Fault(depth: .placement, sentence: "\(task.name) has no node yet: \(words)")
        }
        facts.append(.init("nodes", explanation.summary, isEvidence: true))
        for (index, remedy) in explanation.remedies.enumerated() { facts.append(.init(index == 0 ? "remedy" : "", remedy)) }
        return Fault(
            depth: .placement, sentence: "no node takes \(task.name): \(explanation.summary)" + (explanation.remedies.first.map { "; what would help: \($0)" } ?? ""))
    }

    /// It is the next in a row of tasks that failed in its place just before.
    private func relapsing(_ task: WorkloadTask, _ facts: inout [Trace.Link.Fact]) -> Fault? {
        guard task.isCurrent, isRed || task.state != .running, let workload = task.workload else { return nil }
        let before = joins.tasks(of: workload).filter {
            !$0.isCurrent && $0.slot == task.slot && $0.state == .failed && $0.since.map { now.seconds(since: $0) < 600 } ?? false
        }
        guard let last = before.max(by: { ($0.since ?? now) < ($1.since ?? now) }) else { return nil }
        let words = last.exitCode.map(Exit.words) ?? Words.firstLine(last.reason) ?? last.stateWord
        facts.append(.init("before it", "\(last.name)\(Words.ago(last.since, now)): \(words)", isEvidence: true))
        let isForMemory = joins.container(of: last).map(isOutOfMemory) ?? false
        let count = before.count == 1 ? "once" : "\(before.count) times"
        return Fault(
            depth: .container,
            sentence: isForMemory
                ? "\(task.name) is killed for memory again and again: \(count) within the last 10 min"
                : "\(task.name) failed \(count) within the last 10 min: \(words)")
    }

    private func failing(_ task: WorkloadTask) -> Fault? {
        guard task.isCurrent else { return nil }
        let reason = Words.firstLine(task.reason) ?? ""
        let said = reason.lowercased()
        let place = chain.node.map { " on \($0.entity.name)" } ?? ""
        let isStuck = [.failed, .rejected, .lost].contains(task.state) || (task.state == .starting && !reason.isEmpty)
        if isStuck || (task.state == .pending && !reason.isEmpty) {
            if ["no such image", "pull access denied", "manifest", "image not found"].contains(where: { said.contains($0) }) {
                return Fault(depth: .placement, sentence: "the image of \(task.name) (\(task.image)) cannot be pulled\(place): \(reason)")
            }
            if Self.isPortTaken(said) {
                return Fault(depth: .placement, sentence: "\(task.name) cannot start\(place), for its port is taken: \(reason)")
            }
        }
        switch task.state {
        case .lost: return Fault(depth: .placement, sentence: "\(task.name) is lost\(place)" + (reason.isEmpty ? "" : ": \(reason)"))
        case .rejected: return Fault(depth: .placement, sentence: "\(task.name) was rejected\(place): \(reason.isEmpty ? "no reason is given" : reason)")
        case .failed:
            // Where its container is watched, that one tells more.
            let words = task.exitCode.map(Exit.words) ?? "it failed"
            let last = lastLine(of: .task(task.id)).map { "; it last said: \($0)" } ?? ""
            return Fault(depth: .container, sentence: "\(task.name) fails\(place): \(reason.isEmpty || task.exitCode != nil ? words : reason)\(last)")
        default: return nil
        }
    }

    private mutating func addNode() {
        if chain.member == nil, let why = chain.missing[.node] { add(Trace.Link(.node, "", state: .missing, facts: [.init("", why)])) }
        guard let joined = chain.node else { return }
        let node = joined.entity
        var facts = [Trace.Link.Fact("status", "\(node.status.word), \(node.availability.rawValue)", isEvidence: node.problem != nil)]
        if !node.address.isEmpty { facts.append(.init("address", node.address)) }
        if !node.message.isEmpty { facts.append(.init("says", Words.cut(node.message, 300), isEvidence: node.problem != nil)) }
        if case .node = start {
            let inTrouble = snapshot.tasks.filter { $0.node == node.id && $0.problem != nil }
            for task in inTrouble.prefix(3) { facts.append(.init("task", "\(task.name): \(Words.cut(task.problem ?? "", 200))")) }
        }
        let isAway = node.status != .ready
        let fault = isAway ? Fault(depth: .placement, sentence: "node \(node.name) is \(Words.cut(node.problem ?? node.status.word, 200)); what runs there cannot be reached") : nil
        add(Trace.Link(.node, node.name, state: node.problem == nil ? .good : .doubtful, joint: joined.joint, facts: facts, place: .node(node.id)), fault)
    }
}
