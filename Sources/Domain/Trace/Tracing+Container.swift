/// The container: whether it runs, how it ended, what its health check and its last lines say.
extension Tracing {
    /// How long after a start a restart still counts as "again and again".
    private static let loopWindow: Int64 = 300
    private static let lastLineCount = 5

    /// Something that looks at the chain is not as it should be.
    var isRed: Bool { chain.checks.contains { $0.entity.counted > .starting } || (chain.instance?.entity.status ?? .passing) > .starting }

    mutating func addContainer() {
        if chain.container == nil, let why = chain.missing[.container] {
            let fault = chain.instance.flatMap(goneFault)
            add(Trace.Link(.container, "", state: .missing, facts: [.init("", why, isEvidence: fault != nil)]), fault)
        }
        guard let joined = chain.container else { return }
        let container = joined.entity
        if container.detail == nil { _ = ask(.detail(container.id)) }
        let fault = fault(of: container)
        var facts = [Trace.Link.Fact("state", standing(of: container), isEvidence: fault?.depth == .container)]
        if isOutOfMemory(container) {
            facts.append(.init("memory", "killed for memory" + (limit(of: container).map { ", limit \($0)" } ?? ""), isEvidence: true))
        } else if let usage = snapshot.usage[container.id.raw]?.latest {
            facts.append(.init("memory", Words.bytes(usage.memory) + (usage.memoryLimit.map { " of \(Words.bytes($0))" } ?? ", no limit")))
        }
        if let detail = container.detail {
            if detail.restartCount > 0 { facts.append(.init("restarts", "\(detail.restartCount), policy \(detail.restartPolicy.isEmpty ? "no" : detail.restartPolicy)")) }
            if !detail.error.isEmpty { facts.append(.init("error", Words.cut(detail.error, 300), isEvidence: !container.isUp)) }
        }
        if container.health != .none {
            facts.append(.init("health", container.health.rawValue + (container.detail.map { $0.failingStreak > 0 ? ", failed \($0.failingStreak) times in a row" : "" } ?? "")))
            for (index, line) in Words.lines(container.detail?.probes.last?.output ?? "", limit: 3).enumerated() {
                facts.append(.init(index == 0 ? "said" : "", line, isEvidence: fault?.depth == .unhealthy))
            }
        }
        if let owner = container.orchestrator { facts.append(.init("belongs to", owner)) }
        addLastLines(of: .container(container.id), to: &facts)
        let isWell = container.problem == nil && container.isUp
        add(Trace.Link(.container, container.name, state: isWell ? .good : .doubtful, joint: joined.joint, facts: facts, place: .container(container.id)), fault)
    }

    /// The registry goes on sending clients to a container that is not there any more: only where an id says so.
    private func goneFault(_ joined: Chain.Joined<InstanceHealth>) -> Fault? {
        guard case .gone(let why) = joins.container(of: joined.entity.instance), chain.workload == nil else { return nil }
        return Fault(depth: .container, sentence: "\(joined.entity.instance.service) is registered and its container is gone: \(why)")
    }

    private func fault(of container: Container) -> Fault? {
        let name = container.name
        if isOutOfMemory(container) {
            let limit = limit(of: container).map { " (limit \($0))" } ?? ""
            let restarts = container.detail?.restartCount ?? 0
            if !container.isUp { return Fault(depth: .container, sentence: "\(name) was killed for memory\(limit)\(Words.ago(ended(container), now))") }
            if restarts > 0 || isRestarting(container) { return Fault(depth: .container, sentence: "\(name) is killed for memory again and again\(limit): \(restarts) restarts") }
            if isRed { return Fault(depth: .unhealthy, sentence: "a process in \(name) was killed for memory\(limit), and the container runs on without it") }
        }
        switch container.state {
        case .restarting(let code): return Fault(depth: .container, sentence: loop(container, code))
        case .running(let since):
            if let detail = container.detail, detail.restartCount > 0, let since, now.seconds(since: since) < Self.loopWindow, isRed || (detail.exitCode ?? 0) != 0 {
                return Fault(depth: .container, sentence: loop(container, detail.exitCode))
            }
        case .paused: return Fault(depth: .container, sentence: "\(name) is paused: nothing in it runs", isOnPurpose: true)
        case .exited(let code, let at): return ending(container, code ?? container.detail?.exitCode, at ?? container.detail?.finishedAt)
        case .created:
            return refusedStart(container, "") ?? Fault(depth: .container, sentence: "\(name) was created and never started")
        case .dead: return Fault(depth: .container, sentence: "\(name) is dead: the engine could not remove it")
        case .removing: return Fault(depth: .container, sentence: "\(name) is being removed")
        case .unknown(let word): return Fault(depth: .container, sentence: "\(name) is in the state \(Words.cut(word, 40)), in which nothing runs")
        }
        guard container.health == .unhealthy else { return nil }
        // A check that cannot run says nothing about the container; that is told with the check.
        if chain.checks.contains(where: { $0.entity.container == container.id && CheckFailure($0.entity) != nil }) { return nil }
        let output = Words.lastLine(container.detail?.probes.last?.output ?? "") ?? Words.lastLine(chain.checks.first { $0.entity.container == container.id }?.entity.output ?? "")
        let code = container.detail?.probes.last.map { " (exit \($0.exitCode))" } ?? ""
        return Fault(depth: .unhealthy, sentence: "the HEALTHCHECK of \(name) fails\(code)" + (output.map { ": \($0)" } ?? " and says nothing"))
    }

    private func ending(_ container: Container, _ code: Int?, _ at: Timestamp?) -> Fault? {
        let name = container.name
        let ago = Words.ago(at, now)
        if let fault = refusedStart(container, ago) { return fault }
        let last = lastLine(of: .container(container.id)).map { "; it last said: \($0)" } ?? ""
        guard let code else { return Fault(depth: .container, sentence: "\(name) is not running: it ended\(ago), the engine does not say how\(last)") }
        if code == 0 || Exit.wasAskedFor(code) {
            let stop = wasStopped(container) ? "somebody stopped it" : code == 0 ? "it ended by itself or was stopped" : "it was stopped"
            let killed = code == 137 ? ", not for memory as far as the engine says" : ""
            // Nobody asks for it: a job that did its work is nothing broken.
            return Fault(
                depth: .container, sentence: "\(name) is not running: \(stop)\(ago), \(Exit.words(code))\(killed)", isOnPurpose: chain.instance == nil && !isRed)
        }
        return Fault(depth: .container, sentence: "\(name) is not running: \(Exit.words(code))\(ago)\(last)")
    }

    private func loop(_ container: Container, _ code: Int?) -> String {
        let restarts = container.detail.map { " (\($0.restartCount) restarts)" } ?? ""
        let how = code.map { ": each time \(Exit.words($0))" } ?? ""
        let last = lastLine(of: .container(container.id)).map { "; it last said: \($0)" } ?? ""
        return "\(container.name) starts again and again\(restarts)\(how)\(last)"
    }

    /// The engine's own word on why it could not start it; nil where it has none.
    private func refusedStart(_ container: Container, _ ago: String) -> Fault? {
        guard let error = container.detail?.error, !error.isEmpty else { return nil }
        let words = Self.isPortTaken(error) ? "cannot start, for its port is taken" : "could not be started\(ago)"
        return Fault(depth: .container, sentence: "\(container.name) \(words): \(Words.cut(error, 200))")
    }

    static func isPortTaken(_ error: String) -> Bool {
        let error = error.lowercased()
        return ["port is already allocated", "address already in use", "already in use by service"].contains { error.contains($0) }
    }

    private func isRestarting(_ container: Container) -> Bool { if case .restarting = container.state { true } else { false } }

    /// The engine's flag, which a restart wipes out; its event stays in the timeline.
    func isOutOfMemory(_ container: Container) -> Bool {
        if container.detail?.isOutOfMemoryKilled == true { return true }
        guard !container.isUp || (container.detail?.restartCount ?? 0) > 0 else { return false }
        let told = snapshot.events.first { $0.kind == "container" && $0.action == "oom" && $0.subjectID == container.id.raw }
        return told.map { now.seconds(since: $0.at) < 2 * Self.loopWindow } ?? false
    }

    private func wasStopped(_ container: Container) -> Bool {
        let end = ended(container)
        return snapshot.events.contains { event in
            event.kind == "container" && (event.action == "stop" || event.action == "kill") && event.subjectID == container.id.raw
                && end.map { max(event.at.seconds(since: $0), $0.seconds(since: event.at)) < 60 } ?? true
        }
    }

    private func limit(of container: Container) -> String? { snapshot.usage[container.id.raw]?.latest.memoryLimit.map(Words.bytes) }

    private func ended(_ container: Container) -> Timestamp? {
        if case .exited(_, let at?) = container.state { return at }
        return container.detail?.finishedAt
    }

    private func standing(of container: Container) -> String {
        switch container.state {
        case .exited(let code, let at):
            let how = (code ?? container.detail?.exitCode).map { ", \(Exit.words($0))" } ?? ""
            return "exited\(Words.ago(at ?? container.detail?.finishedAt, now))\(how)"
        case .restarting(let code): return "restarting" + (code.map { ", \(Exit.words($0))" } ?? "")
        case .running(let since?): return "running for \(Words.span(now.seconds(since: since)))"
        case let state: return state.word
        }
    }

    // What it printed.

    mutating func addLastLines(of origin: LogOrigin, to facts: inout [Trace.Link.Fact]) {
        switch ask(.lastLines(origin)) {
        case .lines(let lines):
            let said = lines.suffix(Self.lastLineCount).compactMap { Words.firstLine($0.text, width: 300) }
            if said.isEmpty { facts.append(.init("last lines", "it printed nothing")) }
            for (index, line) in said.enumerated() { facts.append(.init(index == 0 ? "last lines" : "", line)) }
        case .failed(let trouble): facts.append(.init("last lines", trouble.description))
        case nil, .connected, .notConnected, .addresses, .services, .noSuchName, .nothing, .detail: break
        }
    }

    func lastLine(of origin: LogOrigin) -> String? {
        guard case .lines(let lines) = evidence[.lastLines(origin)] else { return nil }
        return lines.last { Words.firstLine($0.text) != nil }.flatMap { Words.firstLine($0.text) }
    }
}
