internal import Domain

/// Workloads that were changed here a moment ago, followed until they run as they should or are seen to fail.
struct Convergence: Sendable {
    enum Verdict: Sendable, Hashable {
        case converging
        case converged(String)
        /// Goes on being followed; said once for each new reason.
        case stuck(String)
        case failed(String)
        case gone(String)
    }

    /// One workload: by its name, since a new one has no id before it is there.
    struct Part: Sendable, Hashable {
        var source: Source.ID
        var name: String
        /// The revision that was changed; the picture has caught up when it shows another. 0 for a new one.
        var before: UInt64 = 0
    }

    /// Nobody waits for ever: after this long the screen alone tells.
    static let limit: Int64 = 900
    /// How long the picture may lag behind a change.
    static let hesitation: Int64 = 6
    /// How long a task may look stuck before it is said: schedulers try again.
    static let patience: Int64 = 3

    /// What was changed, in the words of the notice: the service, the stack.
    let name: String
    let parts: [Part]
    let since: Timestamp
    var expectsRemoval = false
    /// It was asked to roll back: having done so is no failure.
    var expectsRollBack = false
    var said: String?

    /// What of the workloads is worst decides.
    func verdict(in snapshot: Snapshot, now: Timestamp) -> Verdict {
        let age = now.seconds(since: since)
        var (running, desired, completed, isWaiting) = (0, 0, 0, false)
        var stuck: String?
        for part in parts {
            guard let workload = snapshot.workloads.first(where: { $0.id.source == part.source && $0.name == part.name }) else {
                if !expectsRemoval { isWaiting = true }
                continue
            }
            let isChanged = workload.revision != part.before
            // What still has its revision after a while was not changed at all: a stack's file says much that is so already.
            guard !expectsRemoval, isChanged || age >= Self.hesitation else {
                isWaiting = true
                continue
            }
            let tasks = snapshot.tasks.filter { $0.workload == workload.id && $0.isCurrent }
            let isRolledBack = expectsRollBack && workload.rollout == .rolledBack
            if isChanged, !isRolledBack, let failure = Self.failure(of: workload, tasks) { return .failed(failure) }
            running += workload.running
            desired += workload.desired
            completed += workload.completed
            let isNew = !tasks.contains { $0.isOutdated && $0.state == .running }
            if !isChanged || (workload.isConverged && isNew && (workload.rollout == .settled || isRolledBack)) { continue }
            isWaiting = true
            if stuck == nil, let task = tasks.first(where: { $0.problem != nil }), let problem = task.problem {
                stuck = "\(workload.name): \(workload.running) of \(workload.desired) running; \(task.name) \(problem)"
            }
        }
        if let stuck, age >= Self.patience { return .stuck(stuck) }
        if isWaiting || age < 1 { return .converging }
        if expectsRemoval { return .gone("\(name) is gone") }
        let count = desired == 0 && completed > 0 ? "\(completed) done" : "\(running) of \(desired) running"
        return .converged("\(name): \(count) after \(age) s")
    }

    private static func failure(of workload: Workload, _ tasks: [WorkloadTask]) -> String? {
        let failed = tasks.filter { $0.problem != nil }.max { ($0.since?.nanoseconds ?? 0) < ($1.since?.nanoseconds ?? 0) }
        let reason = failed.flatMap { task in task.problem.map { "; \(task.name) \($0)" } } ?? ""
        switch workload.rollout {
        case .paused, .failed: return "\(workload.name): \(workload.problem ?? "the update stopped")" + reason
        case .rolledBack: return "\(workload.name) was rolled back: \(workload.rolloutMessage)" + reason
        case .settled, .progressing, .rollingBack: return nil
        }
    }
}

extension Dashboard {
    /// A change of workloads went through: from now on their tasks are followed.
    mutating func follow(_ plan: Plan) {
        guard case .workload(let change) = plan.operation.action else { return }
        let source = plan.operation.target.source
        func part(_ name: String) -> Convergence.Part {
            Convergence.Part(source: source, name: name, before: snapshot.workloads.first { $0.id.source == source && $0.name == name }?.revision ?? 0)
        }
        let parts: [Convergence.Part] =
            switch (change, plan.operation.target) {
            case (.deploy(let specification), .source): [Convergence.Part(source: source, name: specification.name)]
            case (.deployStack(let stack), _):
                stack.services.map { part($0.name) }
            case (_, .group(_, let name)): snapshot.workloads.filter { $0.id.source == source && $0.group == name }.map { part($0.name) }
            case (_, .workload(_, let name)): [Convergence.Part(source: source, name: name, before: plan.revision ?? part(name).before)]
            default: []
            }
        guard !parts.isEmpty else { return }
        let name = if case .deploy(let specification) = change { specification.name } else { plan.operation.target.name }
        convergences.removeAll { $0.name == name && $0.parts.first?.source == source }
        convergences.append(Convergence(name: name, parts: parts, since: now, expectsRemoval: change == .undeploy, expectsRollBack: change == .rollBack))
    }

    /// Says what became of the changes that are followed.
    mutating func watchConvergence() {
        guard !convergences.isEmpty else { return }
        for index in convergences.indices.reversed() {
            let convergence = convergences[index]
            switch convergence.verdict(in: snapshot, now: now) {
            case .converging:
                if now.seconds(since: convergence.since) > Convergence.limit { convergences.remove(at: index) }
            case .converged(let words), .gone(let words):
                notice = Notice(words)
                convergences.remove(at: index)
            case .failed(let words):
                notice = Notice(words, .failure)
                convergences.remove(at: index)
            case .stuck(let words):
                if convergence.said != words { notice = Notice(words, .warning) }
                convergences[index].said = words
                if now.seconds(since: convergence.since) > Convergence.limit { convergences.remove(at: index) }
            }
        }
    }
}
