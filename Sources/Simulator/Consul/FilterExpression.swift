internal import JSON

/// Consul's filter language: `Service == "web" and "v1" in Tags`, `not (Port != 80)`, `Meta.zone matches "^a"`.
///
/// Which selectors there are depends on the list; one that is unknown matches nothing here, where the server refuses it.
indirect enum FilterExpression: Sendable {
    struct Malformed: Error, Sendable, Hashable { let words: String }

    case either(FilterExpression, FilterExpression)
    case both(FilterExpression, FilterExpression)
    case not(FilterExpression)
    case equals([String], String)
    case contains([String], String)
    case isEmpty([String])
    case matches([String], String)

    init(_ text: String) throws(Malformed) {
        var parser = try FilterParser(text)
        self = try parser.whole()
    }

    func accepts(_ item: JSONTree) -> Bool {
        switch self {
        case .either(let a, let b): a.accepts(item) || b.accepts(item)
        case .both(let a, let b): a.accepts(item) && b.accepts(item)
        case .not(let inner): !inner.accepts(item)
        case .equals(let path, let value): item[path[...]].map { Self.text($0) == value } ?? false
        case .contains(let path, let value):
            switch item[path[...]] {
            case .array(let elements)?: elements.contains { Self.text($0) == value }
            case .object(let members)?: members.contains { $0.key == value }
            case .string(let text)?: text.contains(value)
            case .literal?, nil: false
            }
        case .isEmpty(let path):
            switch item[path[...]] {
            case .array(let elements)?: elements.isEmpty
            case .object(let members)?: members.isEmpty
            case .string(let text)?: text.isEmpty
            case .literal?, nil: true
            }
        case .matches(let path, let pattern): item[path[...]].map { Self.fits(Self.text($0), pattern) } ?? false
        }
    }

    private static func text(_ tree: JSONTree) -> String {
        switch tree {
        case .string(let text), .literal(let text): text
        case .array, .object: ""
        }
    }

    /// What people write into such filters: a piece of text, held at the start, the end or both. No more of regular expressions.
    private static func fits(_ text: String, _ pattern: String) -> Bool {
        let isAtStart = pattern.hasPrefix("^"), isAtEnd = pattern.hasSuffix("$")
        let core = String(pattern.dropFirst(isAtStart ? 1 : 0).dropLast(isAtEnd ? 1 : 0))
        switch (isAtStart, isAtEnd) {
        case (true, true): return text == core
        case (true, false): return text.hasPrefix(core)
        case (false, true): return text.hasSuffix(core)
        case (false, false): return text.contains(core)
        }
    }
}

private struct FilterParser {
    typealias Malformed = FilterExpression.Malformed

    private enum Token: Hashable { case word(String), quoted(String), equals, differs, open, close }

    private static let deepest = 64
    /// A long row of conditions is a deep tree, too.
    private static let longest = 512

    private var tokens: ArraySlice<Token>
    private let length: Int

    init(_ text: String) throws(Malformed) {
        length = text.utf8.count
        tokens = try Self.tokens(text)[...]
        guard tokens.count <= Self.longest else { throw Self.fault(length) }
    }

    mutating func whole() throws(Malformed) -> FilterExpression {
        let expression = try either(0)
        guard tokens.isEmpty else { throw fault }
        return expression
    }

    private var fault: Malformed { Self.fault(length) }

    private static func fault(_ offset: Int) -> Malformed { Malformed(words: "1:\(offset + 1) (\(offset)): no match found") }

    private mutating func either(_ depth: Int) throws(Malformed) -> FilterExpression {
        var left = try both(depth)
        while tokens.first == .word("or") {
            tokens.removeFirst()
            left = .either(left, try both(depth))
        }
        return left
    }

    private mutating func both(_ depth: Int) throws(Malformed) -> FilterExpression {
        var left = try single(depth)
        while tokens.first == .word("and") {
            tokens.removeFirst()
            left = .both(left, try single(depth))
        }
        return left
    }

    private mutating func single(_ depth: Int) throws(Malformed) -> FilterExpression {
        guard depth < Self.deepest, let token = tokens.popFirst() else { throw fault }
        switch token {
        case .word("not"): return .not(try single(depth + 1))
        case .open:
            let inner = try either(depth + 1)
            guard tokens.popFirst() == .close else { throw fault }
            return inner
        case .quoted(let value): return try membership(of: value)
        case .word(let word):
            if tokens.first == .word("in") || tokens.first == .word("not") && tokens.dropFirst().first == .word("in") { return try membership(of: word) }
            return try comparison(of: word.split(separator: ".").map(String.init))
        case .equals, .differs, .close: throw fault
        }
    }

    private mutating func membership(of value: String) throws(Malformed) -> FilterExpression {
        let isNegated = tokens.first == .word("not")
        if isNegated { tokens.removeFirst() }
        guard tokens.popFirst() == .word("in"), case .word(let selector)? = tokens.popFirst() else { throw fault }
        let found = FilterExpression.contains(selector.split(separator: ".").map(String.init), value)
        return isNegated ? .not(found) : found
    }

    private mutating func comparison(of path: [String]) throws(Malformed) -> FilterExpression {
        switch tokens.popFirst() {
        case .equals: return .equals(path, try value())
        case .differs: return .not(.equals(path, try value()))
        case .word("contains"): return .contains(path, try value())
        case .word("matches"): return .matches(path, try value())
        case .word("is"):
            let isNegated = tokens.first == .word("not")
            if isNegated { tokens.removeFirst() }
            guard tokens.popFirst() == .word("empty") else { throw fault }
            return isNegated ? .not(.isEmpty(path)) : .isEmpty(path)
        case .word("not"):
            switch tokens.popFirst() {
            case .word("contains"): return .not(.contains(path, try value()))
            case .word("matches"): return .not(.matches(path, try value()))
            default: throw fault
            }
        default: throw fault
        }
    }

    private mutating func value() throws(Malformed) -> String {
        switch tokens.popFirst() {
        case .word(let text), .quoted(let text): return text
        default: throw fault
        }
    }

    /// Strings have no escapes: one with a quotation mark in it stands between backticks.
    private static func tokens(_ text: String) throws(Malformed) -> [Token] {
        var tokens: [Token] = []
        let all = Array(text.utf8)
        var index = 0
        while index < all.count {
            let byte = all[index]
            switch byte {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            case UInt8(ascii: "("), UInt8(ascii: ")"):
                tokens.append(byte == UInt8(ascii: "(") ? .open : .close)
                index += 1
            case UInt8(ascii: "\""), UInt8(ascii: "`"):
                guard let end = all[(index + 1)...].firstIndex(of: byte) else { throw fault(all.count) }
                tokens.append(.quoted(String(decoding: all[(index + 1)..<end], as: UTF8.self)))
                index = end + 1
            case UInt8(ascii: "="), UInt8(ascii: "!"):
                guard index + 1 < all.count, all[index + 1] == UInt8(ascii: "=") else { throw fault(index + 1) }
                tokens.append(byte == UInt8(ascii: "=") ? .equals : .differs)
                index += 2
            default:
                let end = all[index...].firstIndex { !isWord($0) } ?? all.count
                guard end > index else { throw fault(index) }
                tokens.append(.word(String(decoding: all[index..<end], as: UTF8.self)))
                index = end
            }
        }
        return tokens
    }

    private static func isWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"),
            UInt8(ascii: "."), UInt8(ascii: "-"), UInt8(ascii: "/"):
            true
        default: false
        }
    }
}
