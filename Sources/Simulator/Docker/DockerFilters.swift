internal import JSON

/// `{"status":["running"],"label":["a=b"]}`: values of one kind are alternatives, but for labels, of which all are meant.
struct DockerFilters: Sendable {
    private(set) var all: [String: [String]] = [:]

    var isEmpty: Bool { all.isEmpty }
    subscript(_ name: String) -> [String] { all[name] ?? [] }
    func has(_ name: String) -> Bool { !(all[name] ?? []).isEmpty }

    init() {}

    /// - Parameter known: names that are understood here; nil takes all.
    init(_ text: String, known: Set<String>?) throws(OrderRefusal) {
        if text.isEmpty { return }
        let tree: JSONTree
        do throws(JSONReader.Malformed) { tree = try JSONTree(Array(text.utf8)) } catch {
            throw OrderRefusal(.serverError, DockerRequest.words(Array(text.utf8)))
        }
        for member in tree.members {
            // The old form has a table of trues.
            let values = member.value.elements.isEmpty ? member.value.members.filter(\.value.isTrue).map(\.key) : member.value.texts
            if let known, !known.contains(member.key) { throw OrderRefusal(.badRequest, "Invalid filter '\(member.key)'") }
            if !values.isEmpty { all[member.key] = values }
        }
    }

    /// Any of the values, or no wish at all.
    func admits(_ name: String, _ isMeant: (String) -> Bool) -> Bool {
        guard let values = all[name] else { return true }
        return values.contains(where: isMeant)
    }

    /// Exactly one of them.
    func admits(_ name: String, exactly value: String) -> Bool { admits(name) { $0 == value } }

    /// What begins with one of them.
    func admits(_ name: String, beginning value: String) -> Bool { admits(name) { value.hasPrefix($0) } }

    /// `key` or `key=value`, all of them.
    func admits(labels: [String: String], as name: String = "label") -> Bool {
        (all[name] ?? []).allSatisfy { wish in
            let parts = wish.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let value = labels[String(parts[0])] else { return false }
            return parts.count == 1 || value == parts[1]
        }
    }

    /// A flag: nil where nothing is said of it.
    func flag(_ name: String) throws(OrderRefusal) -> Bool? {
        guard let value = all[name]?.first else { return nil }
        switch value.lowercased() {
        case "1", "true": return true
        case "0", "false": return false
        default: throw OrderRefusal(.badRequest, "Invalid filter '\(name)=\(value)'")
        }
    }
}

/// Names as regular expressions, of which people use the two anchors.
enum NamePattern {
    static func matches(_ name: String, _ pattern: String) -> Bool {
        var pattern = pattern[...]
        let begins = pattern.hasPrefix("^")
        if begins { pattern.removeFirst() }
        let ends = pattern.hasSuffix("$")
        if ends { pattern.removeLast() }
        if pattern.hasPrefix("/") { pattern.removeFirst() }
        switch (begins, ends) {
        case (true, true): return name == pattern
        case (true, false): return name.hasPrefix(pattern)
        case (false, true): return name.hasSuffix(pattern)
        case (false, false): return pattern.isEmpty || name.contains(pattern)
        }
    }
}
