internal import Domain

/// A value with the way to it: for reading it as what it has to be, and for saying where it is not.
struct Place {
    let value: Value
    let trail: Trail
    let file: String
    /// Of its key, or of the value itself where there is none.
    let line: Int

    var isNull: Bool { if case .null = value.content { true } else { false } }
    var isText: Bool { if case .text = value.content { true } else { false } }
    var isMap: Bool { if case .map = value.content { true } else { false } }

    /// `privileged: false`, `links: []`.
    var asksForNothing: Bool {
        switch value.content {
        case .null: true
        case .text(let text, _): text == "false" || text.isEmpty
        case .list(let items): items.isEmpty
        case .map(let entries): entries.isEmpty
        }
    }

    /// What it is, for "expected a list, found …".
    var kind: String {
        switch value.content {
        case .null: "nothing"
        case .text(let text, _): shown(text)
        case .list: "a list"
        case .map: "keys with values"
        }
    }

    func trouble(_ answer: String, _ remedy: String? = nil, reason: Trouble.Reason = .malformed) -> Trouble {
        Self.trouble(reason, file: file, line: line, trail: trail, answer, remedy)
    }

    func trouble(_ complaint: Complaint) -> Trouble { trouble(complaint.answer, complaint.remedy, reason: complaint.reason) }

    static func trouble(_ reason: Trouble.Reason, file: String, line: Int?, trail: Trail, _ answer: String, _ remedy: String?) -> Trouble {
        let way = trail.description
        let whereabouts = [line.map { "line \($0)" }, way.isEmpty ? nil : way].compactMap(\.self).joined(separator: ", ")
        return Trouble(
            reason, attempt: "read \(printable(file, limit: 200))", answer: whereabouts.isEmpty ? answer : "\(whereabouts): \(answer)", remedy: remedy)
    }

    /// What `body` makes of this value; its complaint with the place in front.
    func parsed<Result>(_ body: (String) throws(Complaint) -> Result) throws(Trouble) -> Result {
        let text = try text()
        do {
            return try body(text)
        } catch {
            throw trouble(error)
        }
    }

    /// A mapping whose keys mean something: absent and empty ones are left out, unknown ones refused, those that begin with `x-`
    /// are nobody's business.
    func fields(_ known: [String]) throws(Trouble) -> [String: Place] {
        var fields: [String: Place] = [:]
        for (key, place) in try children() where !key.hasPrefix("x-") {
            guard known.contains(key) else {
                let near = nearName(key, among: known).map { "did you mean '\($0)'?" }
                let others = known.count <= 12 ? "known here: \(known.joined(separator: ", "))" : "keys of your own begin with x-"
                throw place.trouble("there is no such key", near ?? others)
            }
            if !place.isNull { fields[key] = place }
        }
        return fields
    }

    /// A mapping whose keys are names.
    func children() throws(Trouble) -> [(name: String, place: Place)] {
        guard case .map(let entries) = value.content else { throw trouble("expected keys with values, found \(kind)") }
        return entries.map { ($0.key, Place(value: $0.value, trail: .key($0.key, in: trail), file: file, line: $0.line)) }
    }

    func items() throws(Trouble) -> [Place] {
        guard case .list(let values) = value.content else { throw trouble("expected a list, found \(kind)") }
        return values.enumerated().map { Place(value: $1, trail: .item($0, in: trail), file: file, line: $1.line) }
    }

    /// `KEY: value` or `- KEY=value`, in the file's order; nil where there is only the key. The last of the same key counts.
    func pairs() throws(Trouble) -> [(key: String, value: String?)] {
        var pairs: [(key: String, value: String?)] = []
        var indices: [String: Int] = [:]
        func add(_ key: String, _ value: String?, _ place: Place) throws(Trouble) {
            guard !key.isEmpty else { throw place.trouble("has no name before its value") }
            if let index = indices[key] {
                pairs[index].value = value
            } else {
                indices[key] = pairs.count
                pairs.append((key, value))
            }
        }
        if isMap {
            for (key, place) in try children() { try add(key, place.isNull ? nil : place.text(), place) }
        } else {
            guard case .list = value.content else { throw trouble("expected 'KEY: value' or a list of 'KEY=value', found \(kind)") }
            for item in try items() {
                let parts = try item.text().split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                try add(String(parts[0]), parts.count > 1 ? String(parts[1]) : nil, item)
            }
        }
        return pairs
    }

    /// The same where a missing value is an empty one: labels, options.
    func table() throws(Trouble) -> [String: String] {
        Dictionary(uniqueKeysWithValues: try pairs().map { ($0.key, $0.value ?? "") })
    }
}
