/// One command line: its words, where it reads and writes, and what it ends with.
extension Shell {
    private static let lineLimit = 512 << 10
    private static let fileLimit = 16 << 10

    mutating func run(_ pipeline: ScriptCode.Pipeline) {
        var input: String?
        var result = SimExecution(output: "")
        var errors = ""
        for command in pipeline.commands {
            result = run(command, input: input, isAlone: pipeline.commands.count == 1)
            input = result.output
            errors += result.errors
        }
        standing.last = result.exitCode
        written.put(aside, isError: true)
        aside = ""
        written.put(result.output, isError: false)
        written.put(errors, isError: true)
    }

    private mutating func run(_ command: ScriptCode.Command, input: String?, isAlone: Bool) -> SimExecution {
        var input = input
        for redirection in command.redirections where redirection.way == .read {
            let path = full(text(redirection.target))
            guard let found = file(path) else { return SimExecution(output: "", errors: "sh: can't open \(path): no such file\n", exitCode: 1) }
            input = found
        }
        if let inner = command.inner {
            let before = standing
            var script = ScriptRun(inner)
            let result = script.finish(in: &self)
            standing = before
            standing.last = result.exitCode
            return redirected(result, command)
        }
        var words: [String] = []
        var size = 0
        for word in command.words where size < Self.lineLimit {
            for field in fields(word) {
                words.append(field)
                size += field.utf8.count
            }
        }
        // Long lines cost more than short ones.
        budget -= size / 512
        guard let first = words.first else {
            standing.last = 0
            for (name, value) in command.assignments { assign(name, text(value)) }
            return redirected(SimExecution(output: "", exitCode: standing.last), command)
        }
        if first == "exit" {
            isLeaving = isAlone
            return SimExecution(output: "", exitCode: words.count > 1 ? (Int(words[1]) ?? 2) & 255 : standing.last)
        }
        if first == "exec" {
            guard words.count > 1 else { return SimExecution(output: "") }
            words.removeFirst()
            isLeaving = isAlone
        }
        let before = standing.variables
        for (name, value) in command.assignments { assign(name, text(value)) }
        let result = self.command(words, input: input)
        // For this command only.
        if !command.assignments.isEmpty { standing.variables = before }
        return redirected(result, command)
    }

    mutating func assign(_ name: String, _ value: String) {
        budget -= value.utf8.count / 512
        guard standing.variables.count < 256 || standing.variables[name] != nil else { return }
        standing.variables[name] = value.utf8.count > Self.fileLimit ? String(decoding: value.utf8.prefix(Self.fileLimit), as: UTF8.self) : value
    }

    /// Where the two streams go, in the order in which that is said.
    private mutating func redirected(_ result: SimExecution, _ command: ScriptCode.Command) -> SimExecution {
        enum End { case output, errors, file(path: String, isAppended: Bool) }
        var ends: [Int: End] = [1: .output, 2: .errors]
        for redirection in command.redirections {
            let target = text(redirection.target)
            switch redirection.way {
            case .read: break
            case .same: ends[redirection.stream] = Int(target).flatMap { ends[$0] } ?? ends[redirection.stream]
            case .write, .append: ends[redirection.stream] = .file(path: full(target), isAppended: redirection.way == .append)
            }
        }
        var answer = SimExecution(output: "", exitCode: result.exitCode)
        for (stream, text) in [(1, result.output), (2, result.errors)] {
            switch ends[stream] {
            case .output?, nil: answer.output += text
            case .errors?: answer.errors += text
            case .file(let path, let isAppended)?:
                // Written to this very file before: both streams go there.
                if path != "/dev/null" { write((isAppended || stream == 2 ? files[path] ?? "" : "") + text, to: path) }
            }
        }
        return answer
    }

    mutating func write(_ text: String, to path: String) {
        hasLookedAround = true
        guard files.count < 64 || files[path] != nil else { return }
        files[path] = text.utf8.count > Self.fileLimit ? String(decoding: text.utf8.prefix(Self.fileLimit), as: UTF8.self) : text
    }

    /// A path from the root, without a slash at its end.
    func full(_ path: String) -> String {
        var parts: [Substring] = path.hasPrefix("/") ? [] : standing.directory.split(separator: "/")
        for part in path.split(separator: "/") where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }
}
