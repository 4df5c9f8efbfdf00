/// What stands in a script becomes words: quotes, variables, what other commands write, sums.
extension Shell {
    private static let wordLimit = 4096
    private static let lengthLimit = 256 << 10

    /// The fields of a word: none, one, or several where something unquoted has blanks in it.
    mutating func fields(_ raw: String) -> [String] {
        var fields: [String] = []
        var field = ""
        var hasField = false
        for piece in pieces(raw) {
            guard piece.isReplaced, !piece.isQuoted else {
                field += piece.text
                hasField = true
                continue
            }
            var isFirst = true
            for part in piece.text.split(omittingEmptySubsequences: false, whereSeparator: { $0 == " " || $0 == "\n" || $0 == "\t" || $0 == "\r\n" }) {
                if !isFirst, hasField {
                    fields.append(field)
                    field = ""
                    hasField = false
                }
                isFirst = false
                if !part.isEmpty {
                    field += part
                    hasField = true
                }
                if fields.count > Self.wordLimit { return fields }
            }
        }
        if hasField { fields.append(field) }
        return fields
    }

    /// As one word, blanks and all: what is assigned, and where output goes.
    mutating func text(_ raw: String) -> String { pieces(raw).map(\.text).joined() }

    private struct Piece {
        var text: String
        var isQuoted = false
        var isReplaced = false
    }

    private mutating func pieces(_ raw: String) -> [Piece] {
        var pieces: [Piece] = []
        var rest = raw.unicodeScalars[...]
        var isInQuotes = false
        var length = 0
        func put(_ text: String, isReplaced: Bool = false) {
            length += text.utf8.count
            pieces.append(Piece(text: text, isQuoted: isInQuotes, isReplaced: isReplaced))
        }
        while length < Self.lengthLimit, let sign = rest.popFirst() {
            switch sign {
            case "'" where !isInQuotes:
                let inner = rest.prefix { $0 != "'" }
                rest = rest.dropFirst(inner.count + 1)
                pieces.append(Piece(text: String(inner), isQuoted: true))
            case "\"":
                isInQuotes.toggle()
                put("")
            case "\\":
                guard let next = rest.first else { break }
                rest.removeFirst()
                // Between quotes a backslash is one, except before what it can disarm.
                if isInQuotes, !["$", "\"", "\\", "`", "\n"].contains(next) { put("\\") }
                pieces.append(Piece(text: String(next), isQuoted: true))
            case "$": put(dollar(&rest), isReplaced: true)
            case "`":
                let inner = rest.prefix { $0 != "`" }
                rest = rest.dropFirst(inner.count + 1)
                put(substituted(String(inner)), isReplaced: true)
            case _: put(String(sign))
            }
        }
        return pieces
    }

    private mutating func dollar(_ rest: inout String.UnicodeScalarView.SubSequence) -> String {
        if rest.starts(with: "((".unicodeScalars) {
            let inner = Self.parenthesised(&rest)
            return String(Arithmetic.value(inner.dropFirst().dropLast(), variables: standing.variables) ?? 0)
        }
        if rest.first == "(" { return substituted(Self.parenthesised(&rest)) }
        if rest.first == "{" {
            rest.removeFirst()
            let inner = String(rest.prefix { $0 != "}" })
            rest = rest.dropFirst(inner.unicodeScalars.count + 1)
            // `${NAME:-otherwise}`.
            guard let sign = inner.firstRange(of: ":-") ?? inner.firstRange(of: "-") else { return value(inner) }
            let found = value(String(inner[..<sign.lowerBound]))
            return found.isEmpty ? String(inner[sign.upperBound...]) : found
        }
        if let special = rest.first, ["?", "$", "#", "!", "@", "*"].contains(special) || ("0"..."9").contains(special) {
            rest.removeFirst()
            return value(String(special))
        }
        let name = rest.prefix { $0 == "_" || $0.isASCII && ($0.properties.isAlphabetic || ("0"..."9").contains($0)) }
        rest = rest.dropFirst(name.count)
        return name.isEmpty ? "$" : value(String(name))
    }

    /// What is between the outermost parentheses.
    private static func parenthesised(_ rest: inout String.UnicodeScalarView.SubSequence) -> String {
        var depth = 0
        var inner = String.UnicodeScalarView()
        while let sign = rest.popFirst() {
            if sign == "(" { depth += 1 }
            if sign == ")" { depth -= 1 }
            if depth == 0 { break }
            inner.append(sign)
        }
        return String(String(inner).dropFirst())
    }

    private func value(_ name: String) -> String {
        switch name {
        case "?": String(standing.last)
        case "$": "1"
        case "#": "0"
        case "0": "sh"
        case "!", "@", "*": ""
        case _: standing.variables[name] ?? ""
        }
    }

    /// What a script within the script writes.
    private mutating func substituted(_ script: String) -> String {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.depthLimit else { return "" }
        let execution: SimExecution
        do throws(ScriptError) {
            var run = ScriptRun(try ScriptReader.code(script))
            execution = run.finish(in: &self)
        } catch {
            execution = SimExecution(output: "", errors: error.words + "\n", exitCode: 2)
        }
        standing.last = execution.exitCode
        aside += execution.errors
        var text = Substring(execution.output)
        while let last = text.last, last.isNewline { text.removeLast() }
        return String(text)
    }
}

/// `1 + 2 * (3 - x)`.
enum Arithmetic {
    private static let depthLimit = 24

    /// nil for what is no sum.
    static func value(_ text: some StringProtocol, variables: [String: String]) -> Int? {
        var reader = Reader(signs: Array(text.unicodeScalars), variables: variables)
        guard let value = reader.comparison(0), reader.isAtEnd else { return nil }
        return value
    }

    private struct Reader {
        let signs: [Unicode.Scalar]
        let variables: [String: String]
        var place = 0

        var isAtEnd: Bool {
            mutating get {
                skipBlanks()
                return place == signs.count
            }
        }

        mutating func skipBlanks() { while place < signs.count, signs[place].properties.isWhitespace { place += 1 } }

        mutating func take(_ word: String) -> Bool {
            skipBlanks()
            let wanted = Array(word.unicodeScalars)
            guard place + wanted.count <= signs.count, Array(signs[place..<place + wanted.count]) == wanted else { return false }
            place += wanted.count
            return true
        }

        mutating func comparison(_ depth: Int) -> Int? {
            guard depth < Arithmetic.depthLimit, var value = sum(depth) else { return nil }
            let tests: [(String, (Int, Int) -> Bool)] = [("<=", { $0 <= $1 }), (">=", { $0 >= $1 }), ("==", { $0 == $1 }), ("!=", { $0 != $1 }), ("<", { $0 < $1 }), (">", { $0 > $1 })]
            for (word, test) in tests where take(word) {
                guard let other = sum(depth) else { return nil }
                value = test(value, other) ? 1 : 0
                break
            }
            return value
        }

        private mutating func sum(_ depth: Int) -> Int? {
            guard var value = product(depth) else { return nil }
            while true {
                let isPlus = take("+")
                guard isPlus || take("-") else { return value }
                guard let other = product(depth) else { return nil }
                value = isPlus ? value &+ other : value &- other
            }
        }

        private mutating func product(_ depth: Int) -> Int? {
            guard var value = atom(depth) else { return nil }
            while true {
                let sign = ["*", "/", "%"].first { take($0) }
                guard let sign else { return value }
                guard let other = atom(depth) else { return nil }
                if sign == "*" {
                    value = value &* other
                } else {
                    guard other != 0 else { return nil }
                    value = sign == "/" ? value.dividedReportingOverflow(by: other).partialValue : value.remainderReportingOverflow(dividingBy: other).partialValue
                }
            }
        }

        private mutating func atom(_ depth: Int) -> Int? {
            skipBlanks()
            if take("-") { return depth < Arithmetic.depthLimit ? atom(depth + 1).map { 0 &- $0 } : nil }
            if take("(") {
                let value = comparison(depth + 1)
                return take(")") ? value : nil
            }
            if place < signs.count, signs[place] == "$" { place += 1 }
            let start = place
            while place < signs.count, signs[place] == "_" || signs[place].isASCII && (signs[place].properties.isAlphabetic || signs[place].properties.numericType != nil) { place += 1 }
            var word = ""
            word.unicodeScalars.append(contentsOf: signs[start..<place])
            if word.isEmpty { return nil }
            return Int(word) ?? (word.first?.isNumber == true ? nil : variables[word].flatMap { Int($0) } ?? 0)
        }
    }
}
