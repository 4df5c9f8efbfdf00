/// Cuts a script into words and signs. Words keep their quotes.
struct ScriptLexer {
    enum Token: Equatable {
        case word(String)
        case sign(String)
        case redirection(stream: Int, sign: String)
        case newline
    }

    private static let limit = 64 << 10
    private let text: [Unicode.Scalar]
    private var place = 0

    private init(_ text: String) { self.text = Array(text.unicodeScalars) }

    static func tokens(_ text: String) throws(ScriptError) -> [Token] {
        guard text.utf8.count <= limit else { throw ScriptError(words: "sh: script is too long for the practice shell") }
        var lexer = ScriptLexer(text)
        var tokens: [Token] = []
        while let token = try lexer.next() { tokens.append(token) }
        return tokens
    }

    private func peek(_ offset: Int = 0) -> Unicode.Scalar? { place + offset < text.count ? text[place + offset] : nil }

    private mutating func next() throws(ScriptError) -> Token? {
        skipBlanks()
        guard let first = peek() else { return nil }
        switch first {
        case "\n":
            place += 1
            return .newline
        case ";", "&", "|", "(", ")":
            let isDouble = first != "(" && first != ")" && peek(1) == first
            place += isDouble ? 2 : 1
            return .sign(isDouble ? "\(first)\(first)" : String(first))
        case "<", ">": return redirection(stream: first == "<" ? 0 : 1)
        case "0", "1", "2":
            if peek(1) == ">" || peek(1) == "<" {
                place += 1
                return redirection(stream: Int(first.value) - 48)
            }
        case _: break
        }
        return .word(try word())
    }

    private mutating func skipBlanks() {
        while let sign = peek() {
            if sign == " " || sign == "\t" || sign == "\r" {
                place += 1
            } else if sign == "\\", peek(1) == "\n" {
                place += 2
            } else if sign == "#" {
                while let sign = peek(), sign != "\n" { place += 1 }
            } else {
                return
            }
        }
    }

    private mutating func redirection(stream: Int) -> Token {
        var sign = ""
        while let next = peek(), next == ">" || next == "<" || next == "&", sign.count < 2 {
            sign.unicodeScalars.append(next)
            place += 1
        }
        return .redirection(stream: stream, sign: sign)
    }

    private mutating func word() throws(ScriptError) -> String {
        let start = place
        while let sign = peek() {
            switch sign {
            case " ", "\t", "\n", "\r", ";", "&", "|", "(", ")", "<", ">": return String(text[start..<place])
            case "\\": place += 2
            case "'", "\"", "`": try skipQuoted(sign)
            case "$" where peek(1) == "(": try skipParentheses()
            case _: place += 1
            }
        }
        place = min(place, text.count)
        return String(text[start..<place])
    }

    private mutating func skipQuoted(_ quote: Unicode.Scalar) throws(ScriptError) {
        place += 1
        while let sign = peek() {
            if sign == quote {
                place += 1
                return
            }
            if sign == "\\", quote != "'" {
                place += 2
            } else if sign == "$", quote == "\"", peek(1) == "(" {
                try skipParentheses()
            } else {
                place += 1
            }
        }
        throw ScriptError(words: "sh: syntax error: unterminated quoted string")
    }

    /// `$( … )`, with all that is inside.
    private mutating func skipParentheses() throws(ScriptError) {
        place += 1
        var depth = 0
        while let sign = peek() {
            switch sign {
            case "(":
                depth += 1
                place += 1
            case ")":
                depth -= 1
                place += 1
                if depth == 0 { return }
            case "'":
                place += 1
                while let inner = peek(), inner != "'" { place += 1 }
                place += 1
            case "\\": place += 2
            case _: place += 1
            }
        }
        throw ScriptError(words: "sh: syntax error: unexpected end of file (expecting \")\")")
    }
}

private extension String {
    init(_ scalars: ArraySlice<Unicode.Scalar>) {
        self.init()
        unicodeScalars.append(contentsOf: scalars)
    }
}
