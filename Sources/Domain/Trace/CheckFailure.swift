/// A check that could not even run, told from what it printed: then it says nothing about what it was to look at.
struct CheckFailure: Equatable {
    /// `jq is not found`, `/opt/check.sh is not executable`.
    var words: String

    /// Kinds that run a command; of others nothing is ever missing.
    private static let running: Set<String> = ["script", "docker", "healthcheck", "exec", ""]

    init?(_ check: Check) {
        guard Self.running.contains(check.kind) else { return nil }
        let exitCode = check.probes.last?.exitCode
        for line in Words.lines(check.output, limit: 20) {
            if let words = Self.read(line, definition: check.definition) {
                self.words = words
                return
            }
        }
        // The shell's own codes: 127 for what is not there, 126 for what cannot be run.
        let told = exitCode ?? Self.exitStatus(check.output)
        switch told {
        case 127: words = "its command is not found (exit 127)"
        case 126: words = "its command is not executable (exit 126)"
        default: return nil
        }
    }

    private static func read(_ line: String, definition: String) -> String? {
        // Go: exec: "jq": executable file not found in $PATH.
        if let start = line.firstRange(of: "exec: \"") {
            let rest = line[start.upperBound...]
            if let end = rest.firstIndex(of: "\"") {
                let tool = String(rest[..<end])
                if rest.contains("executable file not found") || rest.contains("no such file or directory") { return "\(tool) is not found" }
                if rest.contains("permission denied") { return "\(tool) is not executable" }
            }
        }
        // Go: fork/exec /opt/check.sh: no such file or directory.
        if let start = line.firstRange(of: "fork/exec ") {
            let parts = line[start.upperBound...].split(separator: ": ", maxSplits: 1)
            if parts.count == 2, let words = verdict(of: parts[0], parts[1]) { return words }
        }
        return readShell(line, definition: definition)
    }

    /// `/bin/sh: jq: not found`, `sh: 1: jq: not found`, `bash: line 1: jq: command not found`, `env: 'jq': No such file or directory`,
    /// `exec /opt/x: no such file or directory`.
    private static func readShell(_ line: String, definition: String) -> String? {
        let parts = line.split(separator: ": ").map(String.init)
        guard parts.count >= 2, let problem = parts.last else { return nil }
        let speaker = parts[0].split(separator: "/").last.map(String.init) ?? ""
        let isShell = ["sh", "bash", "ash", "dash", "zsh", "busybox", "env"].contains(speaker)
        if isShell, parts.count >= 3 {
            return verdict(of: parts[parts.count - 2][...], problem[...])
        }
        // A script's own complaint: `/opt/check.sh: line 3: jq: command not found`.
        if parts.count >= 3, problem == "command not found" || problem == "not found", parts[parts.count - 2].allSatisfy({ !$0.isWhitespace }) {
            let isScript = parts[0].hasPrefix("/") || parts[0].hasPrefix("./") || parts[0].hasSuffix(".sh")
            if isScript { return verdict(of: parts[parts.count - 2][...], problem[...]) }
        }
        if parts.count == 2, parts[0].hasPrefix("exec /") || (parts[0].hasPrefix("/") && definition.contains(parts[0])) {
            return verdict(of: parts[0].hasPrefix("exec ") ? parts[0].dropFirst(5) : parts[0][...], problem[...])
        }
        return nil
    }

    private static func verdict(of tool: Substring, _ problem: Substring) -> String? {
        let name = tool.filter { !"'\"‘’`".contains($0) }
        guard !name.isEmpty else { return nil }
        let problem = problem.lowercased()
        if problem.hasPrefix("not found") || problem.hasPrefix("command not found") || problem.hasPrefix("no such file or directory") {
            // `can't open '/opt/check.sh'`
            return (name.split(separator: " ").last.map(String.init) ?? name) + " is not found"
        }
        if problem.hasPrefix("permission denied") { return (name.split(separator: " ").last.map(String.init) ?? name) + " is not executable" }
        return nil
    }

    private static func exitStatus(_ output: String) -> Int? {
        for line in Words.lines(output, limit: 20) {
            for phrase in ["exit status ", "exit code ", "exited with "] {
                if let found = line.firstRange(of: phrase) { return Int(line[found.upperBound...].prefix { $0.isASCII && $0.isNumber }) }
            }
        }
        return nil
    }
}
