internal import Domain

/// The few programs that answer inside a container: enough of a shell to look around from there, and to be a container's program.
struct Shell {
    /// What a shell keeps from one command to the next.
    struct Standing: Sendable, Equatable {
        var variables: [String: String]
        var directory: String
        /// What the last command ended with.
        var last = 0
    }

    /// What was written, in order.
    struct Written: Sendable {
        private static let limit = 512 << 10
        private(set) var pieces: [(text: String, isError: Bool)] = []
        private(set) var count = 0

        mutating func put(_ text: String, isError: Bool) {
            guard !text.isEmpty, count < Self.limit else { return }
            count += text.utf8.count
            pieces.append((text, isError))
        }

        func execution(_ code: Int) -> SimExecution {
            SimExecution(
                output: pieces.lazy.filter { !$0.isError }.map(\.text).joined(), errors: pieces.lazy.filter(\.isError).map(\.text).joined(), exitCode: code)
        }
    }

    static let depthLimit = 8

    let container: SimContainer
    let world: World
    var standing: Standing
    /// What somebody has written inside, by path.
    var files: [String: String]
    var written = Written()
    /// What a script within a script has to say of errors.
    var aside = ""
    /// How long the last command takes.
    var pause: Duration = .zero
    var isLeaving = false
    /// The script has left by `exit`, before its end.
    var hasLeft = false
    /// Something was asked that may be answered in another way the next time.
    var hasLookedAround = false
    var depth = 0
    /// Steps that are left: no script holds up the cluster.
    var budget = 5000
    var terminal: (rows: Int, columns: Int) = (24, 80)

    init(container: SimContainer, world: World, standing: Standing? = nil) {
        self.container = container
        self.world = world
        files = world.files[container.id] ?? [:]
        self.standing = standing ?? Shell.beginning(container)
    }

    private static func beginning(_ container: SimContainer) -> Standing {
        var variables = [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOSTNAME": container.hostname, "HOME": "/root",
        ]
        for pair in container.environment {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
        }
        return Standing(variables: variables, directory: container.spec.workingDirectory.isEmpty ? "/" : container.spec.workingDirectory)
    }

    static func isShell(_ word: String) -> Bool { ["sh", "/bin/sh", "bash", "/bin/bash", "ash", "/bin/ash"].contains(word) }

    /// Why the engine cannot run it; nil where it can.
    static func refusal(of program: String) -> String? {
        let name = program.split(separator: "/").last.map(String.init) ?? program
        let isKnown = isShell(program) || programs.contains(name) || servers.contains(name)
        guard program.contains("/") else { return isKnown ? nil : "exec: \"\(program)\": executable file not found in $PATH: unknown" }
        let folder = program.dropLast(name.count)
        if isKnown, ["/bin/", "/sbin/", "/usr/bin/", "/usr/sbin/", "/usr/local/bin/"].contains(folder) { return nil }
        return "exec: \"\(program)\": stat \(program): no such file or directory: unknown"
    }

    /// What was written on either stream, and how it ended.
    mutating func run(_ arguments: [String]) -> SimExecution {
        guard let first = arguments.first else { return SimExecution(output: "") }
        if let refusal = Shell.refusal(of: first) {
            // Not the shell says this, but the engine, and into the stream.
            return SimExecution(output: "OCI runtime exec failed: exec failed: unable to start container process: \(refusal)\r\n", exitCode: 126)
        }
        // Nobody talks to it: it has nothing to do.
        if Shell.isShell(first), arguments.count == 1 { return SimExecution(output: "") }
        do throws(ScriptError) {
            var script = try ScriptRun(arguments: arguments)
            return script.finish(in: &self)
        } catch {
            return SimExecution(output: "", errors: error.words + "\n", exitCode: 2)
        }
    }

    /// Answers of one who types line by line: the shell keeps its directory and its variables.
    mutating func script(_ text: String) -> SimExecution {
        do throws(ScriptError) {
            var script = ScriptRun(try ScriptReader.code(text))
            return script.finish(in: &self)
        } catch {
            standing.last = 2
            return SimExecution(output: "", errors: error.words + "\n", exitCode: 2)
        }
    }

    static let programs: Set<String> = [
        ":", "[", "cat", "cd", "curl", "date", "dirname", "basename", "echo", "env", "export", "expr", "false", "getent", "grep", "head", "hostname", "id",
        "ip", "kill", "ls", "mkdir", "nc", "nproc", "nslookup", "ping", "printenv", "printf", "ps", "pwd", "read", "rm", "rev", "seq", "set", "sleep", "sort",
        "stty", "tail", "test", "touch", "tr", "true", "tty", "uname", "uniq", "unset", "uptime", "wc", "wget", "whoami", "yes",
    ]
    /// Those that go on until somebody ends them.
    static let servers: Set<String> = ["crond", "httpd", "syslogd", "telnetd", "top", "watch"]
    /// Those that answer the same whatever happens around them.
    private static let blind: Set<String> = [":", "[", "basename", "cd", "dirname", "echo", "export", "expr", "false", "printf", "seq", "set", "sleep", "test", "tr", "true", "unset"]

    /// - Parameter input: what the command before it in the pipe wrote; nil where there is none.
    mutating func command(_ words: [String], input: String?) -> SimExecution {
        let name = words[0].contains("/") ? Shell.refusal(of: words[0]) == nil ? words[0].split(separator: "/").last.map(String.init) ?? "" : "" : words[0]
        let rest = Array(words.dropFirst())
        if !Shell.blind.contains(name) { hasLookedAround = true }
        if let answer = text(name, rest, input) { return answer }
        switch name {
        case "true", ":", "kill", "set", "mkdir": return SimExecution(output: "")
        case "false": return SimExecution(output: "", exitCode: 1)
        case "sleep": return sleep(rest)
        case "pwd": return SimExecution(output: standing.directory + "\n")
        case "cd":
            standing.directory = rest.first.map { full($0) } ?? "/root"
            return SimExecution(output: "")
        case "export":
            for pair in rest {
                let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                if parts.count == 2 { assign(parts[0], parts[1]) }
            }
            return SimExecution(output: "")
        case "unset":
            for name in rest { standing.variables[name] = nil }
            return SimExecution(output: "")
        case "read":
            guard let line = input?.split(separator: "\n", omittingEmptySubsequences: false).first, input?.isEmpty == false else { return SimExecution(output: "", exitCode: 1) }
            if let name = rest.last { assign(name, String(line)) }
            return SimExecution(output: "")
        case "env", "printenv":
            if let key = rest.first { return standing.variables[key].map { SimExecution(output: $0 + "\n") } ?? SimExecution(output: "", exitCode: 1) }
            return SimExecution(output: standing.variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }.joined())
        case "hostname":
            return SimExecution(output: (rest.first == "-i" ? container.address : container.hostname) + "\n")
        case "whoami": return SimExecution(output: (container.spec.user.isEmpty ? "root" : container.spec.user) + "\n")
        case "id": return SimExecution(output: "uid=0(root) gid=0(root) groups=0(root)\n")
        case "date": return date(rest)
        case "uname":
            let host = world.hosts[container.host]
            return SimExecution(output: rest.first == "-a" ? "Linux \(container.hostname) \(host?.kernel ?? "") \(host?.architecture ?? "") Linux\n" : "Linux\n")
        case "nproc": return SimExecution(output: "\(world.hosts[container.host]?.cpus ?? 1)\n")
        case "uptime": return SimExecution(output: " \(world.now.clock()) up 12 days,  load average: 0.42, 0.38, 0.35\n")
        case "stty": return SimExecution(output: rest.first == "size" ? "\(terminal.rows) \(terminal.columns)\n" : "")
        case "tty": return SimExecution(output: "/dev/pts/0\n")
        case "ps": return ps()
        case "ip": return addresses()
        case "ls": return ls(rest)
        case "touch":
            for path in rest where !path.hasPrefix("-") { write(files[full(path)] ?? "", to: full(path)) }
            return SimExecution(output: "")
        case "rm":
            for path in rest where !path.hasPrefix("-") { files[full(path)] = nil }
            return SimExecution(output: "")
        case "wget", "curl": return fetch(name, rest)
        case "nc": return knock(rest)
        case "ping", "nslookup", "getent": return lookUp(name, rest)
        case _ where Shell.servers.contains(name):
            pause = .seconds(315_360_000)
            return SimExecution(output: "")
        case _: return SimExecution(output: "", errors: "sh: \(words[0]): not found\n", exitCode: 127)
        }
    }

    private mutating func sleep(_ words: [String]) -> SimExecution {
        let units: [Character: Double] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        for word in words {
            if word == "infinity" || word == "inf" {
                pause = .seconds(315_360_000)
                continue
            }
            let unit = word.last.flatMap { units[$0] }
            guard let number = Double(unit == nil ? word : String(word.dropLast())), number >= 0 else {
                return SimExecution(output: "", errors: "sleep: invalid number '\(word)'\n", exitCode: 1)
            }
            pause += .milliseconds(Int64(min(number * (unit ?? 1), 315_360_000) * 1000))
        }
        return SimExecution(output: "")
    }

    private func date(_ words: [String]) -> SimExecution {
        switch words.first {
        case "+%s"?: SimExecution(output: "\(world.now.seconds)\n")
        case "+%T"?: SimExecution(output: world.now.clock() + "\n")
        case _: SimExecution(output: "\(world.now.date()) \(world.now.clock()) UTC\n")
        }
    }
}
