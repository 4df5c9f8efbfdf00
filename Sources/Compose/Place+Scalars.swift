internal import Domain

extension Place {
    /// As it is written: `010` and `1.10` are not numbers until somebody asks for one.
    func text() throws(Trouble) -> String {
        guard case .text(let text, _) = value.content else { throw trouble("expected one value, found \(kind)") }
        guard !text.unicodeScalars.contains("\0") else { throw trouble("has a character NUL in it") }
        return text
    }

    func texts() throws(Trouble) -> [String] {
        var texts: [String] = []
        for item in try items() { texts.append(try item.text()) }
        return texts
    }

    /// A list, or one text for a list of one.
    func textOrTexts() throws(Trouble) -> [String] { isText ? [try text()] : try texts() }

    /// A command: a line that is split as a shell would, or its words.
    func command() throws(Trouble) -> [String] { isText ? try parsed(ShellWords.split) : try texts() }

    /// YAML 1.1 has all these words, and Docker takes them behind a variable too (cli/compose/loader/interpolate.go).
    func flag() throws(Trouble) -> Bool {
        let text = try text()
        switch text.lowercased() {
        case "true", "yes", "on", "y": return true
        case "false", "no", "off", "n": return false
        default: throw trouble("\(shown(text)) is neither true nor false")
        }
    }

    func whole(_ range: ClosedRange<Int> = 0...Int(Int32.max)) throws(Trouble) -> Int {
        let text = try text()
        guard let number = Int(text), range.contains(number) else {
            throw trouble("\(shown(text)) is not a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    /// A share from 0 to 1.
    func share() throws(Trouble) -> Double {
        let text = try text()
        guard let number = Double(text), (0...1).contains(number) else { throw trouble("\(shown(text)) is not a number from 0 to 1") }
        return number
    }

    func duration() throws(Trouble) -> Duration {
        let text = try text()
        guard let duration = Quantity.duration(text) else {
            throw trouble("\(shown(text)) is not a duration", Double(text) == nil ? "write it as 90s or 1m30s" : "it needs a unit, such as \(printable(text))s")
        }
        return duration
    }

    func bytes() throws(Trouble) -> UInt64 {
        let text = try text()
        guard let bytes = Quantity.bytes(text) else { throw trouble("\(shown(text)) is not an amount of memory", "write it as 512M or 1g") }
        return bytes
    }

    func nanoCPUs() throws(Trouble) -> Int64 {
        let text = try text()
        guard let cores = Quantity.nanoCPUs(text) else {
            throw trouble("\(shown(text)) is not a number of cores", "write it as 0.5 or 2; a billionth of a core is the least there is")
        }
        return cores
    }

    /// Permission bits. In quotes or from a variable they are octal as in the Compose specification, without as YAML reads them:
    /// 0440 is octal, 440 is not.
    func permissions() throws(Trouble) -> UInt32 {
        guard case .text(let text, let isPlain) = value.content else { throw trouble("expected permission bits such as 0440, found \(kind)") }
        let digits = text.hasPrefix("0o") ? text.dropFirst(2) : text[...]
        guard let bits = UInt32(digits, radix: isPlain && !text.hasPrefix("0") ? 10 : 8), bits <= 0o7777 else {
            throw trouble("\(shown(text)) is no set of permission bits", "write it as 0440")
        }
        return bits
    }

    func choice(of words: [String]) throws(Trouble) -> String {
        let text = try text()
        if words.contains(text) { return text }
        let near = nearName(text, among: words).map { "did you mean '\($0)'?" }
        throw trouble("\(shown(text)) is not known here", near ?? "known: \(words.joined(separator: ", "))")
    }
}
