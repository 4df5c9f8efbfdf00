internal import Domain

/// A workload that was changed here a moment ago, followed until it runs as it should or is seen to fail.
struct Convergence: Sendable {
    enum Verdict: Sendable, Hashable {
        case converging
        case converged(String)
        /// Goes on being followed; said once for each new reason.
        case stuck(String)
        case failed(String)
        case gone(String)
    }

    /// Nobody waits for ever: after this long the screen alone tells.
    static let limit: Int64 = 900
    /// How long a task may look stuck before it is said: schedulers try again.
    static let patience: Int64 = 3

    let workload: Workload.ID
    let name: String
    let since: Timestamp
    /// The revision that was changed; the picture has caught up when it shows another.
    let before: UInt64
    let expectsRemoval: Bool
    var said: String?

    func verdict(in snapshot: Snapshot, now: Timestamp) -> Verdict {
        let age = now.seconds(since: since)
        guard let workload = snapshot.workload(workload) else {
            return expectsRemoval ? .gone("\(name) is gone") : .converging
        }
        guard !expectsRemoval, workload.revision != before else { return .converging }
        let tasks = snapshot.tasks.filter { $0.workload == workload.id && $0.isCurrent }
        switch workload.rollout {
        case .paused, .failed: return .failed("\(name): \(workload.problem ?? "the update stopped")" + Self.reason(of: tasks))
        case .rolledBack: return .failed("\(name) was rolled back: \(workload.rolloutMessage)" + Self.reason(of: tasks))
        case .settled, .progressing, .rollingBack: break
        }
        let isNew = !tasks.contains { $0.isOutdated && $0.state == .running }
        if workload.isConverged, isNew, workload.rollout == .settled, age >= 1 {
            let count = if case .job = workload.mode { "\(workload.completed) done" } else { "\(workload.running) of \(workload.desired) running" }
            return .converged("\(name): \(count) after \(age) s")
        }
        guard age >= Self.patience, let stuck = tasks.first(where: { $0.problem != nil }), let problem = stuck.problem else { return .converging }
        return .stuck("\(name): \(workload.running) of \(workload.desired) running; \(stuck.name) \(problem)")
    }

    private static func reason(of tasks: [WorkloadTask]) -> String {
        let failed = tasks.filter { $0.problem != nil }.max { ($0.since?.nanoseconds ?? 0) < ($1.since?.nanoseconds ?? 0) }
        return failed.flatMap { task in task.problem.map { "; \(task.name) \($0)" } } ?? ""
    }
}

extension Dashboard {
    /// A change of a workload went through: from now on its tasks are followed.
    mutating func follow(_ plan: Plan) {
        guard case .workload(let id, let name) = plan.operation.target, case .workload(let change) = plan.operation.action else { return }
        convergences.removeAll { $0.workload == id }
        let before = plan.revision ?? snapshot.workload(id)?.revision ?? 0
        convergences.append(Convergence(workload: id, name: name, since: now, before: before, expectsRemoval: change == .undeploy))
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
