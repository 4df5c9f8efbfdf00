internal import Domain

/// A shell in a container that somebody talks to.
struct ShellTalk: Sendable {
    private static let lineLimit = 4096

    let cluster: PracticeCluster
    let container: String
    let session: ExecSessions.Session
    let terminal: @Sendable () -> (rows: Int, columns: Int)

    private var prompt: [UInt8] { session.usesTerminal ? Array("/ # ".utf8) : [] }

    /// Until `exit`, the end of the input, or of the container.
    ///
    /// - Parameter ended: told the code before the stream ends: who reads the end asks for the code at once.
    func run(over stream: HijackedStream, ended: @Sendable (Int) -> Void) async {
        await withTaskGroup(of: Int.self) { group in
            group.addTask { await read(stream) }
            group.addTask {
                await awaitEnd()
                return 137
            }
            // Two children, so there is a first.
            ended(await group.next() ?? 0)
            // A read that waits ends with its stream.
            await stream.close()
            group.cancelAll()
        }
    }

    private func awaitEnd() async {
        let began = cluster.with { [container] in $0.containers[container]?.generation }
        while !Task.isCancelled {
            let (generation, sequence) = cluster.with { [container] in ($0.containers[container]?.generation, $0.lastSequence) }
            if generation != began { return }
            await cluster.news(after: sequence, atMost: .seconds(5))
        }
    }

    private func read(_ stream: HijackedStream) async -> Int {
        var state = Typing()
        await stream.write(prompt)
        while let bytes = await stream.read() {
            var echo: [UInt8] = []
            for byte in bytes {
                switch session.usesTerminal ? state.key(byte, &echo) : state.plain(byte) {
                case .nothing: break
                case .end: return await leave(stream, echo, state.last)
                case .interrupt: echo += "^C\r\n".utf8 + prompt
                case .line(let line):
                    let execution = perform(line == "logout" ? "exit" : line, &state)
                    echo += framed(execution)
                    if state.hasLeft { return await leave(stream, echo, state.last) }
                    echo += prompt
                }
            }
            await stream.write(echo)
        }
        return state.last
    }

    private func leave(_ stream: HijackedStream, _ echo: [UInt8], _ code: Int) async -> Int {
        await stream.write(echo)
        return code
    }

    private func perform(_ line: String, _ state: inout Typing) -> SimExecution {
        guard line.contains(where: { $0 != " " }) else { return SimExecution(output: "", exitCode: state.last) }
        let (terminal, before) = (terminal(), state.standing)
        let outcome = cluster.with { [container] world -> (SimExecution, Shell.Standing, [String: String], Bool)? in
            guard let found = world.containers[container] else { return nil }
            let outcome = Self.run(line, found, world, before, terminal)
            world.setFiles(outcome.2, of: container)
            return outcome
        }
        guard let (execution, standing, _, hasLeft) = outcome else { return SimExecution(output: "", exitCode: 137) }
        state.standing = standing
        state.last = execution.exitCode
        state.hasLeft = hasLeft
        return execution
    }

    /// The shell, which holds the world, is gone before anything of the world changes.
    private static func run(
        _ line: String, _ container: SimContainer, _ world: World, _ standing: Shell.Standing?, _ terminal: (rows: Int, columns: Int)
    ) -> (SimExecution, Shell.Standing, [String: String], Bool) {
        var shell = Shell(container: container, world: world, standing: standing)
        shell.terminal = terminal
        let execution = shell.script(line)
        return (execution, shell.standing, shell.files, shell.hasLeft)
    }

    func framed(_ execution: SimExecution) -> [UInt8] {
        var bytes: [UInt8] = []
        if session.usesTerminal {
            for byte in (execution.output + execution.errors).utf8 {
                if byte == 0x0A, bytes.last != 0x0D { bytes.append(0x0D) }
                bytes.append(byte)
            }
        } else {
            LogFrames.frame(1, Array(execution.output.utf8), &bytes)
            LogFrames.frame(2, Array(execution.errors.utf8), &bytes)
        }
        return bytes
    }

    /// The line that is being typed, as a terminal that edits nothing treats it.
    private struct Typing {
        enum Event { case nothing, line(String), interrupt, end }

        var line: [UInt8] = []
        /// What the line before ended with.
        var last = 0
        /// Its directory and its variables.
        var standing: Shell.Standing?
        var hasLeft = false
        private var escape = 0

        /// Without a terminal nothing is told back.
        mutating func plain(_ byte: UInt8) -> Event {
            if byte == 0x0A { return finished() }
            if line.count < ShellTalk.lineLimit { line.append(byte) }
            return .nothing
        }

        mutating func key(_ byte: UInt8, _ echo: inout [UInt8]) -> Event {
            if escape > 0 {
                // Cursor keys and the like: `ESC [ … letter`.
                escape = escape == 1 && (byte == UInt8(ascii: "[") || byte == UInt8(ascii: "O")) ? 2 : (0x40...0x7E).contains(byte) ? 0 : escape
                return .nothing
            }
            switch byte {
            case 0x0D, 0x0A:
                echo += [0x0D, 0x0A]
                return finished()
            case 0x03:
                line = []
                return .interrupt
            case 0x04: return line.isEmpty ? .end : .nothing
            case 0x08, 0x7F:
                guard !line.isEmpty else { return .nothing }
                // A letter of several bytes goes as one.
                while let removed = line.popLast(), removed & 0xC0 == 0x80 {}
                echo += [0x08, 0x20, 0x08]
            case 0x15:
                echo += line.filter { $0 & 0xC0 != 0x80 }.flatMap { _ in [0x08, 0x20, 0x08] as [UInt8] }
                line = []
            case 0x1B: escape = 1
            case 0..<0x20: break
            default:
                guard line.count < ShellTalk.lineLimit else { return .nothing }
                line.append(byte)
                echo.append(byte)
            }
            return .nothing
        }

        private mutating func finished() -> Event {
            defer { line = [] }
            return .line(String(decoding: line, as: UTF8.self))
        }
    }
}
