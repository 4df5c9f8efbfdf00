public import Domain
internal import Engine
internal import Transport

/// Changes, once confirmed.
extension DockerEngine {
    public func plan(_ operation: Operation) async throws(Trouble) -> Plan {
        try await DockerPlans(connection: connection, mapping: mapping, isReadOnly: configuration.isReadOnly).plan(operation)
    }

    public func perform(_ plan: Plan) async throws(Trouble) -> String {
        let operation = plan.operation
        let name = PlainText.printable(operation.target.name)
        let attempt = "\(operation.action.verb) \(name)"
        guard !configuration.isReadOnly else {
            throw Trouble(.refusedByPlan, attempt: attempt, answer: DockerPlans.readOnly)
        }
        let version = try await connection.acquaintance().apiVersion
        let calls = DockerCalls(version: version).calls(for: operation)
        guard !calls.isEmpty else { throw Trouble(.unsupported, attempt: attempt, answer: "this cannot be done to \(name)") }
        let timeout = try await patience(for: operation)
        let start = ContinuousClock.now
        var answer = HTTPResponse(status: 204)
        for call in calls { answer = try await connection.perform(call, timeout: timeout, attempt: attempt) }
        let report = OperationReport(operation: operation, name: name, duration: ContinuousClock.now - start)
        if answer.status == 304 { return report.wasAlready }
        if case .prune(let what) = operation.action {
            let pruned = try connection.decode(PruneAnswer.self, answer, reading: "what was pruned", attempt: attempt)
            return report.pruned(what, pruned)
        }
        return report.done
    }

    /// A stop answers when the container has ended, so its request outlives the grace; a grace below zero waits for ever.
    private func patience(for operation: Operation) async throws(Trouble) -> Duration {
        let reserve = Duration.seconds(30)
        switch operation.action {
        case .stop(let grace), .restart(let grace):
            let own: Int? = grace == nil ? try await connection.inspection(operation.target.raw)?.wire.config?.stopTimeout : nil
            let seconds = grace ?? own ?? 10
            return seconds < 0 ? .seconds(86_400) : .seconds(seconds) + reserve
        case .prune: return .seconds(600)
        case .removeContainer: return .seconds(120)
        case .start, .pause, .unpause, .kill, .rename, .createNetwork, .connect, .disconnect, .removeNetwork, .workload, .node, .registry: return .seconds(60)
        }
    }
}

/// The sentence that says how it ended.
struct OperationReport: Sendable {
    var operation: Operation
    var name: String
    var duration: Duration

    var done: String {
        switch operation.action {
        case .start: "started \(name) in \(time)"
        case .stop: "stopped \(name) in \(time)"
        case .restart: "restarted \(name) in \(time)"
        case .pause: "paused \(name)"
        case .unpause: "unpaused \(name)"
        case .kill(let signal): "sent \(signal) to \(name)"
        case .rename(let new): "renamed \(name) to \(PlainText.printable(new))"
        case .removeContainer(_, let volumes): "removed \(name)" + (volumes ? " with its anonymous volumes" : "")
        case .prune(let what): "pruned \(what.rawValue)"
        case .createNetwork(let specification): "created network \(PlainText.printable(specification.name))"
        case .connect(_, let container, _, _): "connected \(PlainText.printable(container)) to \(name)"
        case .disconnect(_, let container, _): "disconnected \(PlainText.printable(container)) from \(name)"
        case .removeNetwork: "removed network \(name)"
        case .workload, .node, .registry: "changed \(name)"
        }
    }

    /// 304: the engine found nothing to do.
    var wasAlready: String {
        switch operation.action {
        case .start: "\(name) was already running"
        case .stop: "\(name) was already stopped"
        case .restart, .pause, .unpause, .kill, .rename, .removeContainer, .prune, .createNetwork, .connect, .disconnect, .removeNetwork, .workload, .node, .registry:
            "\(name) was already so"
        }
    }

    func pruned(_ what: Operation.Prune, _ answer: PruneAnswer) -> String {
        let count = answer.count
        let space = answer.reclaimed.map { $0 > 0 ? ", reclaimed \(ByteCount.words($0))" : "" } ?? ""
        return count == 0 ? "nothing was pruned" : "removed \(count) \(what.noun(count))\(space)"
    }

    /// `1.2 s`.
    private var time: String {
        let (seconds, attoseconds) = duration.components
        let tenths = seconds * 10 + (attoseconds + 50_000_000_000_000_000) / 100_000_000_000_000_000
        return "\(tenths / 10).\(tenths % 10) s"
    }
}
