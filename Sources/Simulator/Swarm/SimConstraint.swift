/// One placement constraint, read and compared as swarmkit's `constraint.go` does.
struct SimConstraint {
    let key: String
    let isEquality: Bool
    let value: String

    /// nil when there is no operator in it.
    init?(_ text: String) {
        guard let range = text.firstRange(of: "==") ?? text.firstRange(of: "!=") else { return nil }
        isEquality = text[range] == "=="
        key = SimConstraint.trimmed(text[..<range.lowerBound])
        value = SimConstraint.trimmed(text[range.upperBound...])
        if key.isEmpty { return nil }
    }

    private static func trimmed(_ text: Substring) -> String {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return String(text)
    }

    func holds(on node: SimNode) -> Bool {
        let lower = key.lowercased()
        let found: String
        switch lower {
        case "node.id": found = node.id
        case "node.hostname": found = node.hostname
        case "node.ip": found = node.address
        case "node.role": found = node.spec.role.rawValue
        case "node.platform.os": found = node.platform.os
        case "node.platform.arch": found = node.platform.architecture
        case _ where lower.hasPrefix("node.labels.") && key.count > 12: found = node.spec.labels[String(key.dropFirst(12))] ?? ""
        case _ where lower.hasPrefix("engine.labels.") && key.count > 14: found = node.engineLabels[String(key.dropFirst(14))] ?? ""
        // A key that is none of these never holds, whatever the operator.
        case _: return false
        }
        return (found.lowercased() == value.lowercased()) == isEquality
    }
}
