/// What a person typed after `/`: `web` keeps rows with that text, `!web` all others, `-l key=value` or `-l key` those
/// with a label. Several words must all hold; case matters only where a capital is typed.
public struct Filter: Sendable, Hashable {
    enum Term: Sendable, Hashable {
        case text(String, negated: Bool)
        case label(key: String, value: String?, negated: Bool)
    }

    public let source: String
    let terms: [Term]

    public static let none = Filter("")

    public init(_ source: String) {
        self.source = source
        var terms: [Term] = []
        var words = source.split(separator: " ").map(String.init)[...]
        while var word = words.popFirst() {
            var negated = false
            if word.hasPrefix("!") {
                negated = true
                word.removeFirst()
            }
            if word == "-l" {
                guard let label = words.popFirst() else { continue }
                let parts = label.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
                terms.append(.label(key: parts[0], value: parts.count > 1 ? parts[1] : nil, negated: negated))
            } else if !word.isEmpty {
                terms.append(.text(word, negated: negated))
            }
        }
        self.terms = terms
    }

    public var isActive: Bool { !terms.isEmpty }

    public func matches(_ fields: [String], labels: [String: String] = [:]) -> Bool {
        for term in terms {
            switch term {
            case .text(let needle, let negated):
                let exact = needle.contains(where: \.isUppercase)
                let found = fields.contains { Self.contains($0, needle, exact: exact) }
                if found == negated { return false }
            case .label(let key, let value, let negated):
                let found = labels[key].map { value == nil || $0 == value } ?? false
                if found == negated { return false }
            }
        }
        return true
    }

    private static func contains(_ text: String, _ needle: String, exact: Bool) -> Bool {
        let haystack = exact ? text : text.lowercased()
        guard haystack.utf8.count >= needle.utf8.count else { return false }
        let a = Array(haystack.utf8)
        let b = Array(needle.utf8)
        guard a.count >= b.count else { return false }
        for start in 0...(a.count - b.count) where a[start] == b[0] && a[start..<start + b.count].elementsEqual(b) { return true }
        return false
    }
}
