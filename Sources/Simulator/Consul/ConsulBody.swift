internal import JSON

/// The body of a write, read as strictly as Go reads it into a structure: a field that is unknown or of another type is refused, in its words.
struct ConsulBody {
    enum Kind: String {
        case text = "string", number = "int", flag = "bool", texts = "[]string", dictionary = "map[string]string"
        /// A Go duration, or nanoseconds.
        case duration
        case inner, list, ignored
    }

    private let name: String
    private var values: [String: JSONTree] = [:]

    /// - Parameter fields: what there is, lower-case and without underscores: Go takes keys in any case, Consul also `service_id`.
    init(_ bytes: [UInt8], _ fields: [String: Kind]) throws(ConsulFault) {
        let tree: JSONTree
        do throws(JSONReader.Malformed) {
            tree = try JSONTree(bytes)
        } catch {
            throw Self.refusal(Self.words(error, bytes))
        }
        try self.init(tree, fields, name: "")
    }

    init(_ tree: JSONTree, _ fields: [String: Kind], name: String) throws(ConsulFault) {
        self.name = name
        if tree.isNull { return }
        guard case .object(let members) = tree else { throw Self.refusal("json: cannot unmarshal \(Self.kind(tree)) into Go \(name.isEmpty ? "value" : "struct field .\(name)") of type struct") }
        for member in members {
            let key = member.key.lowercased().filter { $0 != "_" }
            guard let kind = fields[key] else { throw Self.refusal("json: unknown field \"\(member.key)\"") }
            if member.value.isNull { continue }
            guard Self.fits(member.value, kind) else {
                let value = if case .literal(let letters) = member.value, letters.contains(".") { " \(letters)" } else { "" }
                throw Self.refusal("json: cannot unmarshal \(Self.kind(member.value))\(value) into Go struct field .\(member.key) of type \(kind.rawValue)")
            }
            values[key] = member.value
        }
    }

    func text(_ key: String) -> String { values[key]?.text ?? "" }
    func texts(_ key: String) -> [String] { values[key]?.texts ?? [] }
    func number(_ key: String) -> Int { values[key]?.integer.map { Int(clamping: $0) } ?? 0 }
    func flag(_ key: String) -> Bool { values[key]?.isTrue ?? false }
    func dictionary(_ key: String) -> [String: String] { values[key]?.dictionary ?? [:] }
    func inner(_ key: String) -> JSONTree? { values[key] }
    func list(_ key: String) -> [JSONTree] { values[key]?.elements ?? [] }

    func duration(_ key: String) throws(ConsulFault) -> Duration {
        switch values[key] {
        case nil: return .zero
        case .string(let text)?:
            if text.isEmpty { return .zero }
            if let duration = GoText.duration(text) { return duration }
            let isNumber = !text.isEmpty && text.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
            throw Self.refusal(isNumber ? "time: missing unit in duration \"\(text)\"" : "time: invalid duration \"\(text)\"")
        case let value?: return .nanoseconds(value.decimal.flatMap { Int64(exactly: $0.rounded()) } ?? 0)
        }
    }

    private static func fits(_ value: JSONTree, _ kind: Kind) -> Bool {
        switch (kind, value) {
        case (.text, .string), (.texts, .array), (.list, .array), (.inner, .object), (.ignored, _): true
        case (.texts, _), (.text, _): false
        case (.number, .literal): value.integer != nil
        case (.flag, .literal(let word)): word == "true" || word == "false"
        case (.dictionary, .object(let members)): members.allSatisfy { $0.value.text != nil }
        case (.duration, .string): true
        case (.duration, .literal): value.decimal != nil
        default: false
        }
    }

    private static func refusal(_ words: String) -> ConsulFault { ConsulFault(status: 400, text: "Request decode failed: \(words)") }

    private static func kind(_ tree: JSONTree) -> String {
        switch tree {
        case .object: "object"
        case .array: "array"
        case .string: "string"
        case .literal(let word): word == "true" || word == "false" ? "bool" : "number"
        }
    }

    /// What Go's scanner says.
    private static func words(_ error: JSONReader.Malformed, _ bytes: [UInt8]) -> String {
        if bytes.allSatisfy({ $0 == 0x20 || (0x09...0x0D).contains($0) }) { return "EOF" }
        // The reader takes a word for one before it knows better.
        if let first = bytes.first(where: { $0 != 0x20 && !(0x09...0x0D).contains($0) }), !"{[\"-0123456789tfn".utf8.contains(first) {
            return "invalid character '\(Character(Unicode.Scalar(first)))' looking for beginning of value"
        }
        guard error.offset < bytes.count else { return "unexpected EOF" }
        let place =
            error.words.contains("a key") ? "looking for beginning of object key string"
            : error.words.contains("a colon") ? "after object key" : error.words.contains("a comma") ? "after object key:value pair" : "looking for beginning of value"
        return "invalid character '\(Character(Unicode.Scalar(bytes[error.offset])))' \(place)"
    }
}
