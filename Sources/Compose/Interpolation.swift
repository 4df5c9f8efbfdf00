/// Puts variables into texts: `$NAME`, `${NAME}`, and with words for what to do when it is missing.
///
/// The forms are those of the Compose specification (12-interpolation.md). docker 28.2 reads `$NAME-word` as it reads
/// `${NAME-word}` (cli/compose/template, tried with `docker stack config`); a slip of its pattern that is not repeated here.
struct Interpolation {
    /// Texts grow by what is put in; one that piles variable on variable ends here, and all of a file's together there.
    static let sizeLimit = 1 << 20
    static let totalLimit = 16 << 20
    private static let depthLimit = 16

    let environment: [String: String]
    /// Variables that were asked for without a word for their absence, each once.
    private(set) var unset: [String] = []
    private var bytesLeft = Self.totalLimit

    init(environment: [String: String]) {
        self.environment = environment
    }

    mutating func expand(_ text: String) throws(Complaint) -> String {
        let bytes = Array(text.utf8)
        guard bytes.contains(Self.dollar) else { return text }
        let result = try expand(bytes[...], depth: 0)
        bytesLeft -= result.count
        guard bytesLeft >= 0 else { throw Complaint("the file grows beyond \(Self.totalLimit >> 20) MiB with its variables") }
        return String(decoding: result, as: UTF8.self)
    }

    private static let dollar = UInt8(ascii: "$")
    private static let open = UInt8(ascii: "{")
    private static let close = UInt8(ascii: "}")

    private mutating func expand(_ text: ArraySlice<UInt8>, depth: Int) throws(Complaint) -> [UInt8] {
        guard depth < Self.depthLimit else { throw Complaint("variables stand in the words of variables, more than \(Self.depthLimit) deep") }
        var result: [UInt8] = []
        var rest = text
        while let sign = rest.firstIndex(of: Self.dollar) {
            result += rest[..<sign]
            rest = rest[(sign + 1)...]
            switch rest.first {
            case Self.dollar:
                result.append(Self.dollar)
                rest = rest.dropFirst()
            case Self.open:
                guard let end = Self.closing(rest) else {
                    throw Complaint("'${' has no '}' in \(Self.words(text))", "write $$ for a dollar sign")
                }
                result += try replacement(rest[(rest.startIndex + 1)..<end], depth: depth)
                rest = rest[(end + 1)...]
            default:
                let name = rest.prefix(Self.nameLength(rest))
                guard !name.isEmpty else {
                    throw Complaint("no variable's name follows the '$' in \(Self.words(text))", "write $$ for a dollar sign")
                }
                result += value(String(decoding: name, as: UTF8.self))
                rest = rest[name.endIndex...]
            }
            guard result.count <= Self.sizeLimit else { throw Complaint("grows beyond \(Self.sizeLimit >> 20) MiB with its variables") }
        }
        return result + rest
    }

    /// What stands for `${body}`.
    private mutating func replacement(_ body: ArraySlice<UInt8>, depth: Int) throws(Complaint) -> [UInt8] {
        let name = String(decoding: body.prefix(Self.nameLength(body)), as: UTF8.self)
        guard !name.isEmpty else { throw Complaint("\(Self.words(body)) begins with no variable's name", "write $$ for a dollar sign") }
        var rest = body.dropFirst(name.utf8.count)
        guard let sign = rest.first else { return value(name) }

        let countsEmpty = sign == UInt8(ascii: ":")
        if countsEmpty { rest = rest.dropFirst() }
        let value = environment[name].flatMap { $0.isEmpty && countsEmpty ? nil : $0 }
        let word = rest.dropFirst()
        switch rest.first.map(Unicode.Scalar.init) {
        case "-":
            if let value { return Array(value.utf8) }
            return try expand(word, depth: depth + 1)
        case "+":
            return value == nil ? [] : try expand(word, depth: depth + 1)
        case "?":
            if let value { return Array(value.utf8) }
            let why = String(decoding: try expand(word, depth: depth + 1), as: UTF8.self)
            throw Complaint("the variable \(printable(name)) has to be set" + (why.isEmpty ? "" : ": \(printable(why, limit: 200))"))
        default:
            throw Complaint("\(Self.words(body)) is not a variable with words for its absence", "write ${NAME:-word}, ${NAME:?word} or ${NAME:+word}")
        }
    }

    private mutating func value(_ name: String) -> [UInt8] {
        guard let value = environment[name] else {
            if !unset.contains(name), unset.count < 100 { unset.append(name) }
            return []
        }
        return Array(value.utf8)
    }

    /// The `}` that belongs to the `{` in front: variables in a word have theirs.
    private static func closing(_ text: ArraySlice<UInt8>) -> Int? {
        var depth = 0
        var previous: UInt8 = dollar
        for (index, byte) in zip(text.indices, text) {
            if byte == open, previous == dollar { depth += 1 }
            if byte == close { depth -= 1 }
            if depth == 0 { return index }
            previous = byte
        }
        return nil
    }

    private static func nameLength(_ text: ArraySlice<UInt8>) -> Int {
        var length = 0
        for byte in text {
            switch Unicode.Scalar(byte) {
            case "A"..."Z", "a"..."z", "_": length += 1
            case "0"..."9" where length > 0: length += 1
            default: return length
            }
        }
        return length
    }

    private static func words(_ text: ArraySlice<UInt8>) -> String { shown(String(decoding: text, as: UTF8.self)) }
}
