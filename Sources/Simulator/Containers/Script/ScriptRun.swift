internal import Domain

/// A script that is under way: a value, so that a container's program can rest between two of its deeds.
struct ScriptRun: Sendable {
    /// Why it rests.
    enum Rest: Sendable, Hashable {
        case over(code: Int)
        /// `isWaiting`: a signal ends it at once; otherwise what is being run ends first.
        case pause(Duration, isWaiting: Bool)
        /// It has used up its turn.
        case busy
        /// It goes round without doing anything that could be seen, each time for so long: nothing will change until a signal comes.
        case idle(Duration)
    }

    private struct Frame: Sendable {
        var code: ScriptCode
        var place = 0
        /// Words that loops have still to go through, the innermost last.
        var lists: [(variable: String, words: ArraySlice<String>)] = []
        /// How everything stood when a loop began again, by the place of its beginning.
        var rounds: [Int: Round] = [:]
    }

    private struct Round: Sendable {
        var standing: Shell.Standing
        var deeds: Int
        var paused: Duration
    }

    /// Lines of one turn.
    private static let turn = 300
    private static let outputLimit = 512 << 10

    private var frames: [Frame]
    private(set) var standing: Shell.Standing?
    /// Scripts by the number of the signal that starts them; empty ones do nothing.
    private var traps: [Int: String] = [:]
    private var pending: [Int] = []
    private var backgroundEnd: Timestamp?
    private var paused: Duration = .zero
    private var deeds = 0
    private var unended = (output: "", errors: "")

    init(_ code: ScriptCode) { frames = [Frame(code: code)] }

    /// What a container is told to run, which may be a shell with a script, or one program.
    init(arguments: [String]) throws(ScriptError) {
        if let first = arguments.first, Shell.isShell(first), let flag = arguments.firstIndex(where: { $0.hasPrefix("-") && $0.hasSuffix("c") }), flag + 1 < arguments.count {
            self.init(try ScriptReader.code(arguments[flag + 1]))
        } else {
            let words = arguments.map { "'" + $0.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'" }
            self.init(ScriptCode(steps: [.run(ScriptCode.Pipeline(commands: [ScriptCode.Command(words: words)]))]))
        }
    }

    // MARK: Signals

    /// - Returns: whether it has something to say to that.
    mutating func take(signal: Int) -> Bool {
        guard let script = traps[signal] else { return false }
        if !script.isEmpty, pending.count < 8 { pending.append(signal) }
        return true
    }

    private mutating func beginHandler() {
        guard !pending.isEmpty else { return }
        let script = traps[pending.removeFirst()] ?? ""
        // One that cannot be read does nothing.
        do throws(ScriptError) { frames.append(Frame(code: try ScriptReader.code(script))) } catch { return }
    }

    // MARK: Going on

    /// To the next rest. What it writes is in the shell's output.
    mutating func goOn(in shell: inout Shell) -> Rest {
        if let standing { shell.standing = standing }
        defer { standing = shell.standing }
        for _ in 0..<Self.turn {
            shell.budget -= 1
            if shell.budget <= 0 { return .busy }
            if !pending.isEmpty {
                beginHandler()
                for index in frames.indices { frames[index].rounds = [:] }
            }
            guard let frame = frames.last else { return .over(code: shell.standing.last) }
            guard frame.place < frame.code.steps.count else {
                frames.removeLast()
                continue
            }
            frames[frames.count - 1].place += 1
            if let rest = perform(frame.code.steps[frame.place], &shell) { return rest }
        }
        return .busy
    }

    /// To its end, without waiting for anything: what a person typed, or what stands within another script.
    mutating func finish(in shell: inout Shell) -> SimExecution {
        let outer = shell.written
        shell.written = Shell.Written()
        defer { shell.written = outer }
        standing = shell.standing
        var pause = Duration.zero
        turns: while true {
            switch goOn(in: &shell) {
            case .over(let code):
                shell.standing.last = code
                break turns
            case .pause(let duration, _): pause += duration
            case .busy:
                guard shell.budget <= 0 else { continue }
                shell.standing.last = 137
                break turns
            case .idle:
                // It would never end: nobody waits for that.
                shell.standing.last = 137
                break turns
            }
        }
        shell.hasLeft = shell.isLeaving
        shell.isLeaving = false
        shell.pause = pause
        return shell.written.execution(shell.standing.last)
    }

    private mutating func perform(_ step: ScriptCode.Step, _ shell: inout Shell) -> Rest? {
        let top = frames.count - 1
        let failed = shell.standing.last != 0
        switch step {
        case .run(let pipeline): return run(pipeline, &shell)
        case .jump(let target): frames[top].place = target
        case .again(let target): return goRound(target, shell)
        case .jumpOnFailure(let target): if failed { frames[top].place = target }
        case .jumpOnSuccess(let target): if !failed { frames[top].place = target }
        case .invert: shell.standing.last = failed ? 0 : 1
        case .succeed: shell.standing.last = 0
        case .list(let variable, let words):
            var all: [String] = []
            for word in words { all += shell.fields(word) }
            frames[top].lists.append((variable, all[...]))
        case .next(let end):
            guard let list = frames[top].lists.last, let word = list.words.first else {
                frames[top].place = end
                return nil
            }
            frames[top].lists[frames[top].lists.count - 1].words.removeFirst()
            shell.standing.variables[list.variable] = word
        case .endOfList: _ = frames[top].lists.popLast()
        }
        return nil
    }

    /// Back to a loop's beginning. A loop that finds everything as it was the time before will go on so.
    private mutating func goRound(_ target: Int, _ shell: Shell) -> Rest? {
        let top = frames.count - 1
        frames[top].place = target
        if frames[top].lists.isEmpty, let round = frames[top].rounds[target], round.deeds == deeds, round.standing == shell.standing {
            return .idle(paused - round.paused)
        }
        frames[top].rounds[target] = Round(standing: shell.standing, deeds: deeds, paused: paused)
        return nil
    }

    private mutating func run(_ pipeline: ScriptCode.Pipeline, _ shell: inout Shell) -> Rest? {
        shell.pause = .zero
        let before = shell.written.count
        let words = pipeline.commands.count == 1 ? pipeline.commands[0].words : []
        if words.first == "trap" {
            setTrap(words.dropFirst().map { shell.text($0) })
            shell.standing.last = 0
        } else if words.first == "wait" {
            shell.standing.last = 0
            let rest = backgroundEnd.map { $0.nanoseconds - shell.world.now.nanoseconds } ?? 0
            backgroundEnd = nil
            if rest > 0 { return .pause(.nanoseconds(rest), isWaiting: true) }
        } else {
            shell.run(pipeline)
        }
        if shell.written.count != before || shell.hasLookedAround { deeds += 1 }
        shell.hasLookedAround = false
        if shell.isLeaving {
            frames = []
            return .over(code: shell.standing.last)
        }
        guard shell.pause > .zero else { return nil }
        if pipeline.isBackground {
            let end = shell.world.now.adding(shell.pause)
            backgroundEnd = backgroundEnd.map { max($0, end) } ?? end
            return nil
        }
        paused += shell.pause
        return .pause(shell.pause, isWaiting: false)
    }

    private mutating func setTrap(_ words: [String]) {
        guard words.count >= 2 else { return }
        for word in words.dropFirst() {
            guard let number = World.number(ofSignal: word), number != 9 else { continue }
            traps[number] = words[0] == "-" ? nil : words[0]
        }
    }

    // MARK: Lines

    /// What it wrote, as lines. What has no end yet is kept until it has, or until the program ends.
    mutating func lines(_ written: Shell.Written, isOver: Bool) -> [(text: String, isError: Bool)] {
        var lines: [(text: String, isError: Bool)] = []
        for piece in written.pieces {
            let text = (piece.isError ? unended.errors : unended.output) + piece.text
            var rest = Substring(text)
            while let end = rest.utf8.firstIndex(of: 0x0A) {
                lines.append((String(rest[..<end]), piece.isError))
                rest = rest[rest.utf8.index(after: end)...]
            }
            let kept = rest.utf8.count > Self.outputLimit ? "" : String(rest)
            if piece.isError { unended.errors = kept } else { unended.output = kept }
        }
        if isOver {
            if !unended.output.isEmpty { lines.append((unended.output, false)) }
            if !unended.errors.isEmpty { lines.append((unended.errors, true)) }
        }
        return lines
    }
}
