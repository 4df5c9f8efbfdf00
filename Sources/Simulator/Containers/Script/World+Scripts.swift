internal import Domain

/// A container's program that is a script: where it stands, and when it goes on.
struct ScriptProgram: Sendable {
    var run: ScriptRun
    /// Rises with every turn: what was planned for an older one does nothing.
    var turn: UInt64 = 0
    var rest = ScriptRun.Rest.busy
    /// Its turn came while it was frozen.
    var isHeld = false
}

extension World {
    /// Its container has been started.
    mutating func beginScript(of id: String) {
        scripts[id] = nil
        guard let container = containers[id], container.program.isScripted else { return }
        let first = container.arguments.first ?? ""
        let name = first.split(separator: "/").last.map(String.init) ?? first
        if Shell.servers.contains(name) { return }
        // A shell that nobody can talk to finds the end of its input at once.
        if Shell.isShell(first), container.arguments.count == 1, container.spec.keepsInputOpen { return }
        do throws(ScriptError) {
            let arguments = Shell.isShell(first) && container.arguments.count == 1 ? ["true"] : container.arguments
            scripts[id] = ScriptProgram(run: try ScriptRun(arguments: arguments))
            planTurn(of: id, in: .milliseconds(1))
        } catch {
            plan(.exit(container: id, generation: container.generation, code: 2, isOutOfMemory: false, lastWords: [error.words]), in: .milliseconds(12))
        }
    }

    private mutating func planTurn(of id: String, in duration: Duration) {
        guard let turn = scripts[id]?.turn else { return }
        // Turns are counted over all runs of a container: an old one's plan must not move a new one on.
        let next = max(turn, lastTurn) + 1
        lastTurn = next
        scripts[id]?.turn = next
        plan(.script(container: id, turn: next), in: duration)
    }

    mutating func goOn(script id: String, turn: UInt64) {
        guard let program = scripts[id], program.turn == turn, let container = containers[id], container.isRunning else { return }
        if container.state == .paused {
            scripts[id]?.isHeld = true
            return
        }
        takeTurn(program, container)
    }

    private mutating func takeTurn(_ program: ScriptProgram, _ container: SimContainer) {
        let id = container.id
        let outcome = turn(program.run, container)
        scripts[id]?.run = outcome.run
        scripts[id]?.rest = outcome.rest
        setFiles(outcome.files, of: id)
        // Nothing is written twice at one time: who reads on from a time would miss the second.
        for (index, line) in outcome.lines.enumerated() {
            containers[id]?.journal.say(line.text, isError: line.isError, at: now.adding(.microseconds(index)))
        }
        switch outcome.rest {
        case .over(let code):
            scripts[id] = nil
            let last = Duration.microseconds(outcome.lines.count) + .milliseconds(1)
            plan(.exit(container: id, generation: container.generation, code: code, isOutOfMemory: false, lastWords: []), in: last)
        case .pause(let duration, _): planTurn(of: id, in: max(.milliseconds(1), duration))
        case .busy:
            containers[id]?.program.cores = 1
            planTurn(of: id, in: .milliseconds(100))
        case .idle(let period):
            if period == .zero { containers[id]?.program.cores = 1 }
        }
    }

    /// The shell, which holds the world, is gone before anything of the world changes.
    private func turn(_ run: ScriptRun, _ container: SimContainer) -> (run: ScriptRun, rest: ScriptRun.Rest, lines: [(text: String, isError: Bool)], files: [String: String]) {
        var run = run
        var shell = Shell(container: container, world: self)
        let rest = run.goOn(in: &shell)
        let isOver = if case .over = rest { true } else { false }
        let lines = run.lines(shell.written, isOver: isOver)
        return (run, rest, lines, shell.files)
    }

    /// What is written inside may be what a health check looks at.
    mutating func setFiles(_ new: [String: String], of id: String) {
        guard files[id] ?? [:] != new else { return }
        files[id] = new.isEmpty ? nil : new
        noteFault(of: id)
    }

    /// It was frozen, and is no more.
    mutating func thawScript(of id: String) {
        guard scripts[id]?.isHeld == true else { return }
        scripts[id]?.isHeld = false
        planTurn(of: id, in: .milliseconds(1))
    }

    /// As the first process of its container it hears only of what it has asked for.
    mutating func signal(script id: String, _ number: Int) {
        guard scripts[id]?.run.take(signal: number) == true, let rest = scripts[id]?.rest else { return }
        switch rest {
        case .pause(_, let isWaiting): if isWaiting { planTurn(of: id, in: .milliseconds(2)) }
        // What is being run just then ends first.
        case .idle(let period): planTurn(of: id, in: max(.milliseconds(2), min(period, .seconds(3600)) / 2))
        case .busy, .over: break
        }
    }
}
