internal import Domain

/// The few programs that answer inside a container: enough of a shell to look around from there.
struct Shell {
    let container: SimContainer
    let world: World
    private var variables: [String: String]
    private var directory: String

    init(container: SimContainer, world: World) {
        self.container = container
        self.world = world
        directory = container.spec.workingDirectory.isEmpty ? "/" : container.spec.workingDirectory
        variables = [
            "PATH": "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "HOSTNAME": container.hostname, "HOME": "/root",
        ]
        for pair in container.environment {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            if parts.count == 2 { variables[String(parts[0])] = String(parts[1]) }
        }
    }

    static func isShell(_ word: String) -> Bool { ["sh", "/bin/sh", "bash", "/bin/bash", "ash", "/bin/ash"].contains(word) }

    /// What was written on either stream, and how it ended.
    func run(_ arguments: [String]) -> SimExecution {
        guard let first = arguments.first else { return SimExecution(output: "") }
        var shell = self
        if Shell.isShell(first) {
            guard let flag = arguments.firstIndex(of: "-c"), flag + 1 < arguments.count else { return SimExecution(output: "") }
            return shell.script(arguments[flag + 1])
        }
        if Shell.programs.contains(first.split(separator: "/").last.map(String.init) ?? first) { return shell.command(arguments) }
        // Not the shell says this, but the engine, and into the stream.
        return SimExecution(
            output: "OCI runtime exec failed: exec failed: container_linux.go:380: starting container process caused: exec: \"\(first)\": executable file not found in $PATH: unknown\r\n",
            exitCode: 126)
    }

    /// Answers of one who types line by line: the shell keeps its directory and its variables.
    mutating func script(_ text: String) -> SimExecution {
        var result = SimExecution(output: "")
        var isSkipping = false
        for (part, sign) in Shell.parts(text) {
            let words = isSkipping ? [] : Shell.words(part) { self.value($0, last: result.exitCode) }
            if words.first == "exit" {
                result.exitCode = words.count > 1 ? (Int(words[1]) ?? 2) & 255 : result.exitCode
                return result
            }
            if words.contains("|") {
                result.errors += "sh: there are no pipes in the practice shell\n"
                result.exitCode = 2
            } else if !words.isEmpty {
                let one = command(words)
                result.output += one.output
                result.errors += one.errors
                result.exitCode = one.exitCode
            }
            switch sign {
            case "&&": isSkipping = result.exitCode != 0
            case "||": isSkipping = result.exitCode == 0
            case _: isSkipping = false
            }
        }
        return result
    }

    /// The commands of a script with the sign that follows each; what is in quotes is left alone.
    private static func parts(_ text: String) -> [(command: String, sign: String)] {
        var parts: [(command: String, sign: String)] = []
        var command = ""
        var quote: Character?
        var rest = Substring(text)
        while let first = rest.first {
            if quote == nil, let sign = ["&&", "||", ";", "\n"].first(where: { rest.hasPrefix($0) }) {
                parts.append((command, sign))
                command = ""
                rest = rest.dropFirst(sign.count)
                continue
            }
            if first == quote { quote = nil } else if quote == nil, first == "'" || first == "\"" { quote = first }
            command.append(first)
            rest.removeFirst()
        }
        return parts + [(command, "")]
    }

    private func value(_ name: String, last: Int) -> String {
        switch name {
        case "?": String(last)
        case "$": "1"
        case _: variables[name] ?? ""
        }
    }

    /// Splits at blanks, honours both quotes and replaces `$NAME` outside single ones.
    private static func words(_ text: String, value: (String) -> String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var rest = Substring(text)
        while let sign = rest.popFirst() {
            if sign == quote {
                quote = nil
            } else if quote == nil, sign == "'" || sign == "\"" {
                quote = sign
                word = word ?? ""
            } else if sign == "$", quote != "'" {
                let isBraced = rest.first == "{"
                if isBraced { rest.removeFirst() }
                let name = ["?", "$"].contains(rest.first) ? rest.prefix(1) : rest.prefix { $0.isLetter || $0.isNumber || $0 == "_" }
                rest = rest.dropFirst(name.count)
                if isBraced, rest.first == "}" { rest.removeFirst() }
                word = (word ?? "") + (name.isEmpty ? "$" : value(String(name)))
            } else if quote == nil, sign.isWhitespace {
                if let done = word { words.append(done) }
                word = nil
            } else {
                word = (word ?? "") + String(sign)
            }
        }
        if let word { words.append(word) }
        return words
    }

    static let programs: Set<String> = [
        "cat", "cd", "curl", "date", "echo", "env", "export", "false", "getent", "head", "hostname", "id", "ip", "kill", "ls", "nc", "nslookup", "ping",
        "printenv", "ps", "pwd", "sleep", "true", "uname", "uptime", "wget", "whoami",
    ]

    mutating func command(_ words: [String]) -> SimExecution {
        let name = words[0].split(separator: "/").last.map(String.init) ?? words[0]
        let rest = Array(words.dropFirst())
        switch name {
        case "true", "sleep", "kill": return SimExecution(output: "")
        case "false": return SimExecution(output: "", exitCode: 1)
        case "echo": return SimExecution(output: (rest.first == "-n" ? rest.dropFirst().joined(separator: " ") : rest.joined(separator: " ") + "\n"))
        case "pwd": return SimExecution(output: directory + "\n")
        case "cd":
            directory = rest.first.map { $0.hasPrefix("/") ? $0 : directory == "/" ? "/" + $0 : directory + "/" + $0 } ?? "/root"
            return SimExecution(output: "")
        case "export":
            for pair in rest {
                let parts = pair.split(separator: "=", maxSplits: 1).map(String.init)
                if parts.count == 2 { variables[parts[0]] = parts[1] }
            }
            return SimExecution(output: "")
        case "env", "printenv":
            if let key = rest.first { return variables[key].map { SimExecution(output: $0 + "\n") } ?? SimExecution(output: "", exitCode: 1) }
            return SimExecution(output: variables.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)\n" }.joined())
        case "hostname":
            return SimExecution(output: (rest.first == "-i" ? container.address : container.hostname) + "\n")
        case "whoami": return SimExecution(output: (container.spec.user.isEmpty ? "root" : container.spec.user) + "\n")
        case "id": return SimExecution(output: "uid=0(root) gid=0(root) groups=0(root)\n")
        case "date": return SimExecution(output: "\(world.now.date()) \(world.now.clock()) UTC\n")
        case "uname":
            let host = world.hosts[container.host]
            return SimExecution(output: rest.first == "-a" ? "Linux \(container.hostname) \(host?.kernel ?? "") \(host?.architecture ?? "") Linux\n" : "Linux\n")
        case "uptime": return SimExecution(output: " \(world.now.clock()) up 12 days,  load average: 0.42, 0.38, 0.35\n")
        case "ps": return ps()
        case "ip": return addresses()
        case "ls": return ls(rest)
        case "cat", "head": return cat(rest)
        case "wget", "curl": return fetch(name, rest)
        case "nc": return knock(rest)
        case "ping", "nslookup", "getent": return lookUp(name, rest)
        case _: return SimExecution(output: "", errors: "sh: \(words[0]): not found\n", exitCode: 127)
        }
    }
}
