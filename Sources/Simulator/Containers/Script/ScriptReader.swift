/// Reads a script: simple commands, `if`, `while`, `until`, `for`, groups, pipes, `&&` and `||`.
struct ScriptReader {
    private struct Loop {
        var start: Int
        /// Jumps to be filled in when its end is known.
        var exits: [Int] = []
    }

    private static let depthLimit = 32
    private let tokens: [ScriptLexer.Token]
    private var place = 0
    private var depth = 0
    private var code = ScriptCode()
    private var loops: [Loop] = []

    private init(_ tokens: [ScriptLexer.Token]) { self.tokens = tokens }

    static func code(_ text: String) throws(ScriptError) -> ScriptCode {
        var reader = ScriptReader(try ScriptLexer.tokens(text))
        try reader.list(until: [])
        if reader.place < reader.tokens.count { throw reader.unexpected }
        return reader.code
    }

    // MARK: Tokens

    private var token: ScriptLexer.Token? { place < tokens.count ? tokens[place] : nil }

    private var unexpected: ScriptError {
        switch token {
        case .word(let word)?: ScriptError(words: "sh: syntax error: unexpected \"\(word)\"")
        case .sign(let sign)?: ScriptError(words: "sh: syntax error: unexpected \"\(sign)\"")
        case .redirection?: ScriptError(words: "sh: syntax error: unexpected redirection")
        case .newline?: ScriptError(words: "sh: syntax error: unexpected newline")
        case nil: ScriptError(words: "sh: syntax error: unexpected end of file")
        }
    }

    private mutating func take(_ word: String) -> Bool {
        guard token == .word(word) || token == .sign(word) else { return false }
        place += 1
        return true
    }

    private mutating func expect(_ word: String) throws(ScriptError) {
        skipNewlines()
        guard take(word) else { throw unexpected }
    }

    private mutating func skipNewlines() { while token == .newline { place += 1 } }

    private mutating func name() throws(ScriptError) -> String {
        guard case .word(let word)? = token else { throw unexpected }
        place += 1
        return word
    }

    private func isAt(_ words: Set<String>) -> Bool {
        switch token {
        case .word(let word)?: words.contains(word)
        case .sign(let sign)?: words.contains(sign)
        default: false
        }
    }

    // MARK: Commands

    /// Commands up to one of the words, which is left where it is.
    private mutating func list(until ends: Set<String>) throws(ScriptError) {
        depth += 1
        defer { depth -= 1 }
        if depth > Self.depthLimit { throw ScriptError(words: "sh: nested too deep for the practice shell") }
        var isEmpty = true
        while true {
            while token == .newline || (token == .sign(";") && !isEmpty) { place += 1 }
            if token == nil || isAt(ends) {
                if isEmpty, !ends.isEmpty { throw unexpected }
                return
            }
            try chain()
            isEmpty = false
            guard token == nil || token == .newline || token == .sign(";") || isAt(ends) else {
                if take("&") { continue }
                throw unexpected
            }
        }
    }

    /// `a && b || c`.
    private mutating func chain() throws(ScriptError) {
        try pipeline()
        while true {
            let isAnd = take("&&")
            guard isAnd || take("||") else { return }
            skipNewlines()
            let jump = emit(isAnd ? .jumpOnFailure(0) : .jumpOnSuccess(0))
            try pipeline()
            land(jump)
        }
    }

    private mutating func pipeline() throws(ScriptError) {
        let isInverted = take("!")
        if let opening = compound(), !isPiped(after: opening) {
            try compoundCommand()
        } else {
            var pipeline = ScriptCode.Pipeline(commands: [try piece()])
            while take("|") {
                skipNewlines()
                pipeline.commands.append(try piece())
                if pipeline.commands.count > 16 { throw ScriptError(words: "sh: too many pipes for the practice shell") }
            }
            pipeline.isBackground = token == .sign("&")
            if !breaks(pipeline) { emit(.run(pipeline)) }
        }
        if isInverted { emit(.invert) }
    }

    private static let compounds: Set<String> = ["if", "while", "until", "for", "{"]

    private func compound() -> Int? {
        if case .word(let word)? = token, Self.compounds.contains(word) { return place }
        return nil
    }

    /// Whether the compound command that begins here is followed by a pipe or a redirection: then it runs as a whole.
    private func isPiped(after start: Int) -> Bool {
        var depth = 0
        var isFirst = true
        for place in start..<tokens.count {
            let isCommand = isFirst
            if case .word(let word) = tokens[place] {
                isFirst = ["if", "then", "else", "elif", "while", "until", "do", "{", "!"].contains(word)
                if isCommand, ["if", "while", "until", "for", "{"].contains(word) { depth += 1 }
                if isCommand, ["fi", "done", "}"].contains(word) { depth -= 1 }
            } else {
                isFirst = true
            }
            guard depth == 0 else { continue }
            guard place + 1 < tokens.count else { return false }
            if case .redirection = tokens[place + 1] { return true }
            return tokens[place + 1] == .sign("|")
        }
        return false
    }

    /// One command of a pipe.
    private mutating func piece() throws(ScriptError) -> ScriptCode.Command {
        var command = ScriptCode.Command()
        if take("(") {
            command.inner = try inner { reader throws(ScriptError) in
                try reader.list(until: [")"])
                try reader.expect(")")
            }
        } else if compound() != nil {
            command.inner = try inner { reader throws(ScriptError) in try reader.compoundCommand() }
        }
        while let token {
            switch token {
            case .word(let word):
                guard command.inner == nil else { throw unexpected }
                if command.words.isEmpty, let (name, value) = Self.assignment(word) {
                    command.assignments.append((name, value))
                } else {
                    command.words.append(word)
                }
                place += 1
            case .redirection(let stream, let sign):
                place += 1
                command.redirections.append(try redirection(stream, sign))
            case .sign, .newline:
                if command.words.isEmpty, command.assignments.isEmpty, command.inner == nil, command.redirections.isEmpty { throw unexpected }
                return command
            }
        }
        if command.words.isEmpty, command.assignments.isEmpty, command.inner == nil, command.redirections.isEmpty { throw unexpected }
        return command
    }

    private mutating func redirection(_ stream: Int, _ sign: String) throws(ScriptError) -> ScriptCode.Redirection {
        let way: ScriptCode.Redirection.Way =
            switch sign {
            case "<": .read
            case ">": .write
            case ">>": .append
            case ">&", "<&": .same
            default: throw ScriptError(words: "sh: there is no \(sign) in the practice shell")
            }
        return ScriptCode.Redirection(stream: stream, way: way, target: try name())
    }

    /// Reads into a code of its own.
    private mutating func inner(_ read: (inout ScriptReader) throws(ScriptError) -> Void) throws(ScriptError) -> ScriptCode {
        let (outer, outerLoops) = (code, loops)
        code = ScriptCode()
        loops = []
        try read(&self)
        defer { (code, loops) = (outer, outerLoops) }
        return code
    }

    private static func assignment(_ word: String) -> (String, String)? {
        guard let sign = word.firstIndex(of: "="), sign > word.startIndex else { return nil }
        let name = word[..<sign]
        guard name.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "_") }), name.first?.isNumber == false else { return nil }
        return (String(name), String(word[word.index(after: sign)...]))
    }

    /// `break` and `continue` are ways through the code.
    private mutating func breaks(_ pipeline: ScriptCode.Pipeline) -> Bool {
        guard pipeline.commands.count == 1, let word = pipeline.commands[0].words.first, word == "break" || word == "continue", !loops.isEmpty else { return false }
        if word == "continue" {
            emit(.again(loops[loops.count - 1].start))
        } else {
            loops[loops.count - 1].exits.append(emit(.jump(0)))
        }
        return true
    }

    // MARK: Compound commands

    private mutating func compoundCommand() throws(ScriptError) {
        let word = try name()
        switch word {
        case "if": try condition()
        case "while", "until": try loop(isUntil: word == "until")
        case "for": try forLoop()
        default:
            try list(until: ["}"])
            try expect("}")
        }
    }

    private mutating func condition() throws(ScriptError) {
        var ends: [Int] = []
        try list(until: ["then"])
        try expect("then")
        var otherwise = emit(.jumpOnFailure(0))
        try list(until: ["elif", "else", "fi"])
        while take("elif") {
            ends.append(emit(.jump(0)))
            land(otherwise)
            try list(until: ["then"])
            try expect("then")
            otherwise = emit(.jumpOnFailure(0))
            try list(until: ["elif", "else", "fi"])
        }
        ends.append(emit(.jump(0)))
        land(otherwise)
        if take("else") { try list(until: ["fi"]) } else { emit(.succeed) }
        try expect("fi")
        ends.forEach { land($0) }
    }

    private mutating func loop(isUntil: Bool) throws(ScriptError) {
        loops.append(Loop(start: code.steps.count))
        try list(until: ["do"])
        try expect("do")
        let way = emit(isUntil ? .jumpOnSuccess(0) : .jumpOnFailure(0))
        try list(until: ["done"])
        try expect("done")
        endLoop()
        land(way)
        emit(.succeed)
    }

    private mutating func forLoop() throws(ScriptError) {
        let variable = try name()
        skipNewlines()
        var words: [String] = []
        if take("in") {
            while case .word(let word)? = token {
                words.append(word)
                place += 1
            }
        }
        while token == .newline || token == .sign(";") { place += 1 }
        try expect("do")
        emit(.list(variable: variable, words: words))
        loops.append(Loop(start: code.steps.count))
        let way = emit(.next(0))
        try list(until: ["done"])
        try expect("done")
        endLoop()
        land(way)
        emit(.endOfList)
    }

    private mutating func endLoop() {
        // Pushed by the caller, so there is one.
        guard let loop = loops.popLast() else { return }
        emit(.again(loop.start))
        loop.exits.forEach { land($0) }
    }

    // MARK: Code

    @discardableResult
    private mutating func emit(_ step: ScriptCode.Step) -> Int {
        code.steps.append(step)
        return code.steps.count - 1
    }

    /// Lets a jump go to where the code has come now.
    private mutating func land(_ index: Int) {
        let end = code.steps.count
        switch code.steps[index] {
        case .jump: code.steps[index] = .jump(end)
        case .jumpOnFailure: code.steps[index] = .jumpOnFailure(end)
        case .jumpOnSuccess: code.steps[index] = .jumpOnSuccess(end)
        case .next: code.steps[index] = .next(end)
        case _: break
        }
    }
}
