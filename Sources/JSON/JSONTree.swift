/// A JSON text taken apart so that one place can be changed and all the rest is written back as it came: the order of keys,
/// fields that this version knows nothing of, every digit of a large number.
///
/// A Swarm specification is replaced whole by an update, and what is left out is reset: so it is never decoded into a
/// structure of ours and encoded again.
package indirect enum JSONTree: Sendable, Hashable {
    package struct Member: Sendable, Hashable {
        package var key: String
        package var value: JSONTree

        package init(key: String, value: JSONTree) {
            self.key = key
            self.value = value
        }
    }

    case object([Member])
    case array([JSONTree])
    case string(String)
    /// A number, `true`, `false` or `null`, in the letters it came in.
    case literal(String)

    package static let null = JSONTree.literal("null")

    package static func number(_ value: some BinaryInteger) -> JSONTree { .literal(String(value)) }
    package static func flag(_ value: Bool) -> JSONTree { .literal(value ? "true" : "false") }
    package static func strings(_ values: [String]) -> JSONTree { .array(values.map { .string($0) }) }
    package static func dictionary(_ values: [String: String]) -> JSONTree {
        .object(values.sorted { $0.key < $1.key }.map { Member(key: $0.key, value: .string($0.value)) })
    }
    package static func object(_ members: KeyValuePairs<String, JSONTree?>) -> JSONTree {
        .object(members.compactMap { key, value in value.map { Member(key: key, value: $0) } })
    }

    // MARK: Looking

    package var isNull: Bool { self == .null }
    package var text: String? { if case .string(let text) = self { text } else { nil } }
    package var integer: Int64? { if case .literal(let letters) = self { Int64(letters) } else { nil } }
    package var natural: UInt64? { if case .literal(let letters) = self { UInt64(letters) } else { nil } }
    package var decimal: Double? { if case .literal(let letters) = self { Double(letters) } else { nil } }
    package var isTrue: Bool { self == .literal("true") }
    package var elements: [JSONTree] { if case .array(let elements) = self { elements } else { [] } }
    package var members: [Member] { if case .object(let members) = self { members } else { [] } }
    package var texts: [String] { elements.compactMap(\.text) }
    /// An object whose values are strings; others are left out.
    package var dictionary: [String: String] {
        Dictionary(members.compactMap { member in member.value.text.map { (member.key, $0) } }, uniquingKeysWith: { _, last in last })
    }

    /// nil where there is no such member, or no object to have one.
    package subscript(path: String...) -> JSONTree? { self[path[...]] }

    package subscript(path: ArraySlice<String>) -> JSONTree? {
        guard let key = path.first else { return self }
        return members.last { $0.key == key }?.value[path.dropFirst()]
    }

    // MARK: Changing

    /// Puts a value at a path, making the objects on the way; nil takes the member away.
    package mutating func set(_ value: JSONTree?, at path: [String]) { set(value, at: path[...]) }

    private mutating func set(_ value: JSONTree?, at path: ArraySlice<String>) {
        guard let key = path.first else { return }
        var members = members
        let index = members.lastIndex { $0.key == key }
        if path.count == 1 {
            switch (index, value) {
            case (let index?, let value?): members[index].value = value
            case (let index?, nil): members.remove(at: index)
            case (nil, let value?): members.append(Member(key: key, value: value))
            case (nil, nil): return
            }
        } else {
            var inner = index.map { members[$0].value } ?? .object([Member]())
            if case .object = inner {} else {
                if value == nil { return }
                inner = .object([Member]())
            }
            inner.set(value, at: path.dropFirst())
            if let index { members[index].value = inner } else if value != nil { members.append(Member(key: key, value: inner)) } else { return }
        }
        self = .object(members)
    }

    /// The paths at which two trees differ, as deep as both are objects; lists are compared whole.
    package static func differences(_ a: JSONTree?, _ b: JSONTree?) -> [[String]] {
        guard a != b else { return [] }
        guard case .object(let left)? = a, case .object(let right)? = b else { return [[]] }
        // As everywhere, the last of several members of one key counts.
        let before = Dictionary(left.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        let after = Dictionary(right.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
        var seen: Set<String> = []
        return (left + right).map(\.key).filter { seen.insert($0).inserted }.flatMap { key in differences(before[key], after[key]).map { [key] + $0 } }
    }
}

extension JSONTree {
    /// - Throws: what is not JSON, or nested deeper than any specification.
    package init(_ bytes: [UInt8]) throws(JSONReader.Malformed) {
        var reader = JSONReader(bytes)
        self = try reader.tree()
        try reader.finish()
    }

    /// Compact, members in their order.
    package var json: String {
        switch self {
        case .object(let members): "{" + members.map { Self.quoted($0.key) + ":" + $0.value.json }.joined(separator: ",") + "}"
        case .array(let elements): "[" + elements.map(\.json).joined(separator: ",") + "]"
        case .string(let text): Self.quoted(text)
        case .literal(let letters): letters
        }
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\r": out += "\\r"
            case "\t": out += "\\t"
            case _ where scalar.value < 0x20:
                let digits = String(scalar.value, radix: 16)
                out += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out + "\""
    }
}

extension JSONReader {
    /// Deeper than any specification is; hostile nesting must not cost the stack.
    private static var deepest: Int { 128 }

    fileprivate mutating func tree(depth: Int = 0) throws(Malformed) -> JSONTree {
        guard depth < Self.deepest else { throw Malformed(offset: 0, words: "it is nested more than \(Self.deepest) deep") }
        switch try kind() {
        case .object:
            var members: [JSONTree.Member] = []
            try object { reader, key throws(Malformed) in members.append(JSONTree.Member(key: key, value: try reader.tree(depth: depth + 1))) }
            return .object(members)
        case .array:
            var elements: [JSONTree] = []
            try array { reader throws(Malformed) in elements.append(try reader.tree(depth: depth + 1)) }
            return .array(elements)
        case .string: return .string(try string() ?? "")
        case .word: return .literal(try word())
        }
    }
}
