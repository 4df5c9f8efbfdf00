internal import Domain
internal import Yams

/// Makes a `Value` of a Compose file's text.
///
/// Yams puts what an anchor holds in place of its aliases while it parses, and hashes every key to find doubles. A key that is an
/// alias of aliases of aliases would keep it busy for ever. So it never sees an alias: their stars are exchanged for a character
/// that means nothing to YAML, what comes out as plain texts beginning with it are the aliases, and they are resolved here, where
/// each costs the same whatever it stands for.
struct Document {
    static let byteLimit = 1 << 20
    /// Of what the whole comes to with all aliases written out.
    static let sizeLimit = 16 << 20
    static let depthLimit = 64
    private static let star: Unicode.Scalar = "\u{E000}"

    private let file: String
    private(set) var interpolation: Interpolation
    private var anchors: [String: Value] = [:]
    /// Merged keys are the one thing that is written out.
    private var mergesLeft = 1 << 18

    init(file: String, environment: [String: String]) {
        self.file = file
        interpolation = Interpolation(environment: environment)
    }

    mutating func read(_ text: String) throws(Trouble) -> Place {
        guard text.utf8.count <= Self.byteLimit else { throw trouble("it is larger than \(Self.byteLimit >> 20) MiB") }
        guard !text.unicodeScalars.contains(Self.star) else { throw trouble("it has the private character U+E000 in it") }
        let root = try parsed(text)
        guard let root else { throw trouble("it is empty", remedy: "begin with 'services:'") }
        let value = try converted(root, .root, level: 1)
        guard value.size <= Self.sizeLimit else {
            throw trouble("with all its aliases written out it is larger than \(Self.sizeLimit >> 20) MiB")
        }
        return Place(value: value, trail: .root, file: file, line: value.line)
    }

    private func parsed(_ text: String) throws(Trouble) -> Parsed? {
        var hidden = String.UnicodeScalarView()
        for scalar in text.unicodeScalars where scalar != "\u{FEFF}" { hidden.append(scalar == "*" ? Self.star : scalar) }
        do {
            let parser = try Parser(yaml: String(hidden), resolver: .basic, encoding: .utf8)
            return try parser.singleRoot().map { Parsed(node: $0, parser: parser) }
        } catch {
            throw trouble(Self.words(error))
        }
    }

    /// A node points to its anchor without keeping it alive; the parser does that.
    private struct Parsed {
        let node: Yams.Node
        let parser: Parser
    }

    private mutating func converted(_ root: Parsed, _ trail: Trail, level: Int) throws(Trouble) -> Value {
        let value = try converted(root.node, trail, level: level)
        withExtendedLifetime(root.parser) {}
        return value
    }

    private mutating func converted(_ node: Yams.Node, _ trail: Trail, level: Int) throws(Trouble) -> Value {
        let line = node.mark?.line ?? 1
        guard level <= Self.depthLimit else { throw trouble("lists and keys are more than \(Self.depthLimit) deep", line, trail) }
        let value: Value
        switch node {
        case .scalar(let scalar): value = try converted(scalar, line, trail)
        case .sequence(let sequence):
            try refuseTag(sequence.tag, line, trail)
            var items: [Value] = []
            for (index, item) in sequence.enumerated() { items.append(try converted(item, .item(index, in: trail), level: level + 1)) }
            value = Value(.list(items), line: line)
        case .mapping(let mapping):
            try refuseTag(mapping.tag, line, trail)
            value = Value(.map(try entries(mapping, trail, level: level)), line: line)
        case .alias: throw trouble("an alias stands for nothing", line, trail)
        }
        guard value.depth <= Self.depthLimit else { throw trouble("lists and keys are more than \(Self.depthLimit) deep", line, trail) }
        if let anchor = node.anchor { anchors[anchor.rawValue] = value }
        return value
    }

    private mutating func converted(_ scalar: Yams.Node.Scalar, _ line: Int, _ trail: Trail) throws(Trouble) -> Value {
        try refuseTag(scalar.tag, line, trail)
        let isPlain = scalar.style == .plain && scalar.tag.description.isEmpty
        if isPlain, scalar.string.unicodeScalars.first == Self.star {
            let name = String(scalar.string.unicodeScalars.dropFirst())
            guard let value = anchors[name] else {
                throw trouble("no anchor &\(printable(Self.restored(name))) stands before its alias", line, trail, remedy: "put the text in quotes if it is none")
            }
            return value
        }
        let text = Self.restored(scalar.string)
        if isPlain, ["", "~", "null", "Null", "NULL"].contains(text) { return Value(.null, line: line) }
        do {
            let expanded = try interpolation.expand(text)
            return Value(.text(expanded, isPlain: isPlain && expanded == text), line: line)
        } catch {
            throw trouble(error.answer, line, trail, remedy: error.remedy)
        }
    }

    private mutating func entries(_ mapping: Yams.Node.Mapping, _ trail: Trail, level: Int) throws(Trouble) -> [Value.Entry] {
        var entries: [Value.Entry] = []
        var merged: [Value.Entry] = []
        var names: Set<String> = []
        for (key, node) in mapping {
            let line = key.mark?.line ?? 1
            guard case .scalar(let scalar) = key, !(scalar.style == .plain && scalar.string.unicodeScalars.first == Self.star) else {
                throw trouble("a key is no text", line, trail)
            }
            let name = Self.restored(scalar.string)
            let value = try converted(node, .key(name, in: trail), level: level + 1)
            if let anchor = key.anchor { anchors[anchor.rawValue] = Value(.text(name, isPlain: true), line: line) }
            if name == "<<", scalar.style == .plain {
                merged += try sources(value, .key(name, in: trail))
            } else {
                guard names.insert(name).inserted else { throw trouble("the key \(shown(name)) stands here twice", line, trail) }
                entries.append(Value.Entry(key: name, line: line, value: value))
            }
        }
        // A mapping's own keys count before merged ones, and of these the first (yaml.org/type/merge).
        return entries + merged.filter { names.insert($0.key).inserted }
    }

    private mutating func sources(_ value: Value, _ trail: Trail) throws(Trouble) -> [Value.Entry] {
        let sources = if case .list(let items) = value.content { items } else { [value] }
        var entries: [Value.Entry] = []
        for source in sources {
            guard case .map(let more) = source.content else { throw trouble("expected a mapping to merge, such as an alias of one", value.line, trail) }
            mergesLeft -= more.count
            guard mergesLeft >= 0 else { throw trouble("the file merges too many keys", value.line, trail) }
            entries += more
        }
        return entries
    }

    /// `!reset` and `!override` say what to do with an earlier file; there is only one here. Standard tags are fine.
    private func refuseTag(_ tag: Tag, _ line: Int, _ trail: Trail) throws(Trouble) {
        let name = tag.description
        guard name.hasPrefix("!"), name != "!" else { return }
        throw trouble("the tag \(shown(name)) is not obeyed", line, trail, remedy: "write the resulting value", reason: .unsupported)
    }

    private static func restored(_ text: String) -> String {
        guard text.unicodeScalars.contains(star) else { return text }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { $0 == star ? "*" : $0 }))
    }

    private func trouble(
        _ answer: String, _ line: Int? = nil, _ trail: Trail = .root, remedy: String? = nil, reason: Trouble.Reason = .malformed
    ) -> Trouble {
        Place.trouble(reason, file: file, line: line, trail: trail, answer, remedy)
    }

    /// What the parser says, with line and column.
    private static func words(_ error: any Error) -> String {
        switch error as? YamlError {
        case .parser(_, let problem, let mark, _) where problem.hasPrefix("Maximum nesting level"):
            "line \(mark.line), column \(mark.column): lists and keys are too deep"
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _), .composer(_, let problem, let mark, _):
            "line \(mark.line), column \(mark.column): \(problem)"
        case .duplicatedKeysInMapping(let duplicates, let context):
            "line \(context.mark.line): set more than once: \(printable(restored(duplicates.joined(separator: ", "))))"
        case .reader(let problem, _, _, _): problem
        default: "it is not YAML"
        }
    }
}
