/// The programs that work on text.
extension Shell {
    private static let copies = 256 << 10

    /// nil for what is none of them.
    mutating func text(_ name: String, _ words: [String], _ input: String?) -> SimExecution? {
        switch name {
        case "echo": return echo(words)
        case "printf": return SimExecution(output: printed(words))
        case "test", "[":
            let words = name == "[" && words.last == "]" ? Array(words.dropLast()) : words
            return SimExecution(output: "", exitCode: holds(words) ? 0 : 1)
        case "expr": return SimExecution(output: "\(Arithmetic.value(words.joined(separator: " "), variables: [:]) ?? 0)\n")
        case "seq": return sequence(words)
        case "basename": return SimExecution(output: (words.first?.split(separator: "/").last.map(String.init) ?? "") + "\n")
        case "dirname":
            let parts = words.first?.split(separator: "/").dropLast() ?? []
            return SimExecution(output: (words.first?.hasPrefix("/") == true ? "/" : "") + parts.joined(separator: "/") + "\n")
        case "cat", "head", "tail", "wc", "grep", "sort", "uniq", "rev": return filter(name, words, input)
        case "tr": return SimExecution(output: translated(input ?? "", words))
        case "yes": return SimExecution(output: String(repeating: (words.first ?? "y") + "\n", count: 1000))
        default: return nil
        }
    }

    private func echo(_ words: [String]) -> SimExecution {
        var words = words[...]
        var (hasEnd, isEscaped) = (true, false)
        while let first = words.first, ["-n", "-e", "-ne", "-en"].contains(first) {
            hasEnd = hasEnd && !first.contains("n")
            isEscaped = isEscaped || first.contains("e")
            words.removeFirst()
        }
        let text = words.joined(separator: " ")
        return SimExecution(output: (isEscaped ? Self.unescaped(text) : text) + (hasEnd ? "\n" : ""))
    }

    /// `\n`, `\t`, `\033`, `\x1b`, `\\`.
    private static func unescaped(_ text: String) -> String {
        var out = String.UnicodeScalarView()
        var rest = text.unicodeScalars[...]
        while let sign = rest.popFirst() {
            guard sign == "\\", let next = rest.popFirst() else {
                out.append(sign)
                continue
            }
            switch next {
            case "n": out.append("\n")
            case "t": out.append("\t")
            case "r": out.append("\r")
            case "e": out.append("\u{1b}")
            case "\\": out.append("\\")
            case "0"..."7", "x":
                let isHexadecimal = next == "x"
                let digits = (isHexadecimal ? "" : String(next)) + String(rest.prefix(2).prefix { $0.properties.isASCIIHexDigit && (isHexadecimal || ("0"..."7").contains($0)) })
                rest = rest.dropFirst(digits.unicodeScalars.count - (isHexadecimal ? 0 : 1))
                if let code = UInt8(digits, radix: isHexadecimal ? 16 : 8) { out.append(Unicode.Scalar(code)) }
            case _:
                out.append("\\")
                out.append(next)
            }
        }
        return String(out)
    }

    private func printed(_ words: [String]) -> String {
        guard let format = words.first else { return "" }
        var values = words.dropFirst()
        var out = ""
        var rest = Self.unescaped(format)[...]
        while let sign = rest.popFirst() {
            guard sign == "%", let kind = rest.first(where: { !$0.isNumber && $0 != "-" && $0 != "." }) else {
                out.append(sign)
                continue
            }
            let width = rest.prefix { $0 != kind }
            rest = rest.dropFirst(width.count + 1)
            if kind == "%" {
                out.append("%")
                continue
            }
            let value = values.popFirst() ?? (kind == "s" ? "" : "0")
            let count = min(200, Int(width.drop { $0 == "-" || $0 == "0" }.prefix { $0.isNumber }) ?? 0)
            let filling = String(repeating: width.first == "0" ? "0" : " ", count: max(0, count - value.count))
            out += width.first == "-" ? value + filling : filling + value
        }
        return out
    }

    private mutating func holds(_ words: [String]) -> Bool {
        if words.first == "!" { return !holds(Array(words.dropFirst())) }
        switch words.count {
        case 1: return !words[0].isEmpty
        case 2:
            switch words[0] {
            case "-n": return !words[1].isEmpty
            case "-z": return words[1].isEmpty
            case "-e", "-f", "-d", "-r", "-s", "-x":
                hasLookedAround = true
                let path = full(words[1])
                return words[0] == "-d" ? file(path) == nil && isFolder(path) : file(path) != nil || words[0] == "-e" && isFolder(path)
            default: return false
            }
        case 3:
            let (left, right) = (words[0], words[2])
            switch words[1] {
            case "=", "==": return left == right
            case "!=": return left != right
            default: break
            }
            guard let a = Int(left), let b = Int(right) else { return false }
            switch words[1] {
            case "-eq": return a == b
            case "-ne": return a != b
            case "-lt": return a < b
            case "-le": return a <= b
            case "-gt": return a > b
            case "-ge": return a >= b
            default: return false
            }
        default: return false
        }
    }

    private func sequence(_ words: [String]) -> SimExecution {
        let numbers = words.compactMap { Int($0) }
        guard (1...3).contains(numbers.count), numbers.count == words.count else { return SimExecution(output: "", errors: "seq: invalid number\n", exitCode: 1) }
        let step = numbers.count == 3 ? numbers[1] : 1
        guard step != 0 else { return SimExecution(output: "") }
        let all = stride(from: numbers.count == 1 ? 1 : numbers[0], through: numbers[numbers.count - 1], by: step).prefix(20_000)
        return SimExecution(output: all.map { "\($0)\n" }.joined())
    }

    // MARK: Files and pipes

    private mutating func filter(_ name: String, _ words: [String], _ input: String?) -> SimExecution {
        var flags: [String] = []
        var paths: [String] = []
        var count: Int?
        var rest = words[...]
        while let word = rest.popFirst() {
            if (name == "head" || name == "tail"), word == "-n" || word == "-c" {
                flags.append(word)
                count = rest.popFirst().flatMap { Int($0) }
            } else if word.hasPrefix("-"), word.count > 1 {
                if let number = Int(word.dropFirst()) { count = number } else { flags.append(word) }
            } else {
                paths.append(word)
            }
        }
        let pattern = name == "grep" && !paths.isEmpty ? paths.removeFirst() : ""
        if name == "tail", flags.contains("-f") || flags.contains("-F") { pause = .seconds(315_360_000) }
        if name == "head", flags.contains("-c"), paths == ["/dev/zero"] {
            return SimExecution(output: String(repeating: "\0", count: max(0, min(count ?? 0, Self.copies))))
        }
        var result = SimExecution(output: paths.isEmpty ? input ?? "" : "")
        if paths.isEmpty, input == nil, container.spec.keepsInputOpen { pause = .seconds(315_360_000) }
        for path in paths {
            if let text = file(full(path)) {
                result.output += text
            } else if path == "-" {
                result.output += input ?? ""
            } else {
                let verb = name == "cat" ? "cat: can't open '\(path)'" : "\(name): \(path)"
                result.errors += "\(verb): No such file or directory\n"
                result.exitCode = 1
            }
        }
        if name == "cat" || result.exitCode != 0 { return result }
        result = filtered(name, result.output, flags, count, pattern)
        return result
    }

    private func filtered(_ name: String, _ text: String, _ flags: [String], _ count: Int?, _ pattern: String) -> SimExecution {
        if name == "head", flags.contains("-c") { return SimExecution(output: String(decoding: text.utf8.prefix(max(0, count ?? 0)), as: UTF8.self)) }
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.last?.isEmpty == true { lines.removeLast() }
        switch name {
        case "head": lines = Array(lines.prefix(max(0, count ?? 10)))
        case "tail": lines = Array(lines.suffix(max(0, count ?? 10)))
        case "sort": lines.sort { flags.contains("-r") ? $0 > $1 : $0 < $1 }
        case "uniq": lines = lines.indices.filter { $0 == 0 || lines[$0] != lines[$0 - 1] }.map { lines[$0] }
        case "rev": return SimExecution(output: lines.map { String($0.reversed()) + "\n" }.joined())
        case "wc":
            if flags.contains("-l") { return SimExecution(output: "\(lines.count)\n") }
            if flags.contains("-c") { return SimExecution(output: "\(text.utf8.count)\n") }
            let words = text.split(whereSeparator: \.isWhitespace).count
            return SimExecution(output: "\(lines.count) \(words) \(text.utf8.count)\n")
        case _:
            let wanted = flags.contains("-i") ? pattern.lowercased() : pattern
            lines = lines.filter { line in
                let line = flags.contains("-i") ? line.lowercased() : String(line)
                return NamePattern.matches(line, wanted) != flags.contains("-v")
            }
            let code = lines.isEmpty ? 1 : 0
            if flags.contains("-q") { return SimExecution(output: "", exitCode: code) }
            if flags.contains("-c") { return SimExecution(output: "\(lines.count)\n", exitCode: code) }
            return SimExecution(output: lines.map { $0 + "\n" }.joined(), exitCode: code)
        }
        return SimExecution(output: lines.map { $0 + "\n" }.joined())
    }

    /// `tr abc xyz`, `tr -d x`, `tr a-z A-Z`.
    private func translated(_ text: String, _ words: [String]) -> String {
        func signs(_ text: String) -> [Unicode.Scalar] {
            var all: [Unicode.Scalar] = []
            let given = Array(Self.unescaped(text).unicodeScalars)
            var index = 0
            while index < given.count {
                if index + 2 < given.count, given[index + 1] == "-", given[index] <= given[index + 2], given[index + 2].value - given[index].value < 256 {
                    all += (given[index].value...given[index + 2].value).compactMap { Unicode.Scalar($0) }
                    index += 3
                } else {
                    all.append(given[index])
                    index += 1
                }
            }
            return all
        }
        let isDeletion = words.first == "-d"
        guard let from = words.dropFirst(isDeletion ? 1 : 0).first.map(signs) else { return text }
        let to = isDeletion ? [] : words.count > 1 ? signs(words[1]) : []
        var table: [Unicode.Scalar: Unicode.Scalar?] = [:]
        for (index, sign) in from.enumerated() where table[sign] == nil { table[sign] = .some(index < to.count ? to[index] : to.last) }
        var out = String.UnicodeScalarView()
        for sign in text.unicodeScalars {
            guard let other = table[sign] else {
                out.append(sign)
                continue
            }
            if let other { out.append(other) }
        }
        return String(out)
    }
}
