/// Reads the little language of scenarios: a title, a `find` line, and steps that begin with `at`.
extension Scenario {
    /// No scenario is longer.
    private static let lineLimit = 500

    public init(name: String, text: String) throws(ScenarioError) {
        var title = ""
        var find = ""
        var steps: [Step] = []
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        if lines.count > Scenario.lineLimit { throw ScenarioError(line: Scenario.lineLimit, word: "", problem: "a scenario has no more lines than this") }
        for (index, line) in lines.enumerated() {
            var words = try ScenarioWords(String(line), line: index + 1)
            guard let first = words.peek, !first.hasPrefix("#") else { continue }
            switch first {
            case "title:": title = words.restOfLine(after: "title:")
            case "find:": find = words.restOfLine(after: "find:")
            case "at": steps.append(try words.step())
            case let other: throw ScenarioError(line: index + 1, word: other, problem: "a line begins with title:, find: or at")
            }
        }
        if title.isEmpty { throw ScenarioError(line: lines.count, word: "", problem: "there is no title: line") }
        if find.isEmpty { throw ScenarioError(line: lines.count, word: "", problem: "there is no find: line: what is a learner to find?") }
        self.name = name
        self.title = title
        self.find = find
        // Those of the same time stay in their order.
        self.steps = steps.enumerated().sorted { ($0.element.at, $0.offset) < ($1.element.at, $1.offset) }.map(\.element)
    }
}

/// The words of one line, taken one after the other.
struct ScenarioWords {
    private let line: Int
    private let text: String
    private var words: [String]
    private var next = 0

    init(_ text: String, line: Int) throws(ScenarioError) {
        self.line = line
        self.text = text
        words = []
        var word: String?
        var isQuoted = false
        for sign in text {
            if sign == "\"" {
                isQuoted.toggle()
                word = word ?? ""
            } else if sign.isWhitespace, !isQuoted {
                if let word { words.append(word) }
                word = nil
            } else {
                word = (word ?? "") + String(sign)
            }
        }
        // Only a step has quotes; a find line may have one as it likes.
        if isQuoted, words.first == "at" { throw ScenarioError(line: line, word: word ?? "", problem: "the quotation mark has no second") }
        if let word { words.append(word) }
    }

    var peek: String? { next < words.count ? words[next] : nil }

    func restOfLine(after word: String) -> String {
        guard let range = text.firstRange(of: word) else { return "" }
        var rest = text[range.upperBound...].drop { $0.isWhitespace }
        while rest.last?.isWhitespace == true { rest.removeLast() }
        return String(rest)
    }

    func error(_ problem: String) -> ScenarioError { ScenarioError(line: line, word: peek ?? "", problem: problem) }

    mutating func word(_ what: String) throws(ScenarioError) -> String {
        guard let word = peek else { throw error("\(what) is missing") }
        next += 1
        return word
    }

    mutating func expect(_ expected: String...) throws(ScenarioError) {
        for word in expected {
            guard peek == word else { throw error("“\(word)” is expected here") }
            next += 1
        }
    }

    mutating func take(_ word: String) -> Bool {
        guard peek == word else { return false }
        next += 1
        return true
    }

    mutating func duration() throws(ScenarioError) -> Duration {
        guard let found = peek.flatMap({ World.duration($0) }) else { throw error("a time such as 10s or 1m30s is expected here") }
        next += 1
        return found
    }

    mutating func number(_ range: ClosedRange<Int>) throws(ScenarioError) -> Int {
        guard let found = peek.flatMap({ Int($0) }), range.contains(found) else {
            throw error("a number from \(range.lowerBound) to \(range.upperBound) is expected here")
        }
        next += 1
        return found
    }

    mutating func decimal() throws(ScenarioError) -> Double {
        guard let found = peek.flatMap({ Double($0) }), found >= 0, found <= 1e6 else { throw error("a number is expected here") }
        next += 1
        return found
    }

    /// `4MB`, `512KB`, `6GB`.
    mutating func bytes() throws(ScenarioError) -> Int64 {
        let units: [(String, Int64)] = [("KB", 1 << 10), ("MB", 1 << 20), ("GB", 1 << 30)]
        for (unit, size) in units {
            if let word = peek, word.hasSuffix(unit), let number = Double(word.dropLast(unit.count)), number > 0, number < 1e6 {
                next += 1
                return Int64(number * Double(size))
            }
        }
        throw error("an amount such as 4MB is expected here")
    }

    mutating func end() throws(ScenarioError) {
        if peek != nil { throw error("nothing more is expected here") }
    }

    mutating func step() throws(ScenarioError) -> Scenario.Step {
        try expect("at")
        let time = try duration()
        let rest = words[next...].joined(separator: " ")
        let mishap = try mishap()
        try end()
        return Scenario.Step(at: time, mishap: mishap, text: rest)
    }

    private mutating func mishap() throws(ScenarioError) -> Mishap {
        let verb = try word("what happens")
        switch verb {
        case "lose":
            if take("leader") { return .loseRegistryLeader }
            _ = take("node") || take("host")
            return .loseHost(try word("the host"))
        case "return":
            if take("leader") { return .returnRegistryLeader }
            _ = take("node") || take("host")
            return .returnHost(try word("the host"))
        case "cut":
            try expect("network", "of")
            return .cutNetwork(try word("the host"))
        case "join":
            try expect("network", "of")
            return .joinNetwork(try word("the host"))
        case "drain":
            _ = take("node")
            return .drain(try word("the node"))
        case "activate":
            _ = take("node")
            return .activate(try word("the node"))
        case "leak":
            try expect("memory", "in")
            let container = try word("the container")
            try expect("by")
            let amount = try bytes()
            try expect("per", "second")
            return .leak(container: container, bytesPerSecond: amount)
        case "stop":
            if take("leak") {
                try expect("in")
                return .stopLeak(container: try word("the container"))
            }
            _ = take("container")
            return .stopContainer(try word("the container"))
        case "crash":
            let container = try word("the container")
            let code = take("with") ? try exitCode() : 1
            return .crash(container: container, code: code, lastWords: take("saying") ? try word("its last words") : "")
        case "sicken":
            let container = try word("the container")
            try expect("with")
            return .sicken(container: container, fault: try word("what its probes say"))
        case "heal":
            if take("check") { return .healCheck(try word("the check")) }
            return .sicken(container: try word("the container"), fault: "")
        case "fail":
            try expect("check")
            let check = try word("the check")
            try expect("with")
            return .failCheck(check, output: try word("its output"))
        case "flap":
            try expect("check")
            let check = try word("the check")
            try expect("every")
            return .flap(check: check, every: try duration())
        case "deploy":
            let service = try word("the service")
            try expect("image")
            return .deploy(service: service, image: try word("the image"))
        case "scale":
            let service = try word("the service")
            try expect("to")
            return .scale(service: service, to: try number(0...100_000))
        case "load":
            let service = try word("the service")
            try expect("by")
            return .load(service: service, factor: try decimal())
        case "reserve":
            let cpus = try decimal()
            try expect("cpus", "and")
            let memory = try bytes()
            try expect("for")
            return .reserve(service: try word("the service"), nanoCPUs: Int64(cpus * 1e9), memory: memory)
        case "constrain":
            let service = try word("the service")
            try expect("to")
            return .constrain(service: service, try word("the constraint"))
        case "say":
            let text = try word("the text")
            try expect("in")
            return .say(container: try word("the container"), text: text)
        case "churn":
            let rate = try decimal()
            try expect("per", "second")
            return .churn(rate)
        case _:
            next -= 1
            throw error("no such thing can happen")
        }
    }

    private mutating func exitCode() throws(ScenarioError) -> Int {
        try expect("code")
        return try number(0...255)
    }
}
