extension PlacementExplanation {
    /// One line: "none of 3 nodes: 2 lack ssd == true, 1 is draining". Each node counts under its first refusal, as in the
    /// scheduler's own text.
    public var summary: String {
        guard !verdicts.isEmpty else { return "there is no node" }
        let accepting = verdicts.filter(\.accepts).map(\.node.name)
        if !accepting.isEmpty {
            return
                "\(accepting.count) of \(verdicts.count == 1 ? "1 node" : "\(verdicts.count) nodes") would take it: \(SchedulerText.list(accepting))"
        }
        if let only = verdicts.first, verdicts.count == 1, let refusal = only.refusals.first {
            return "\(only.node.name), the only node, \(refusal.predicate.one)"
        }
        var groups: [(predicate: Predicate, stage: Refusal.Stage, count: Int)] = []
        for refusal in verdicts.compactMap(\.refusals.first) {
            let predicate = refusal.predicate
            if let index = groups.firstIndex(where: { $0.predicate == predicate }) {
                groups[index].count += 1
            } else {
                groups.append((predicate, refusal.stage, 1))
            }
        }
        groups.sort { ($1.count, $0.stage, $0.predicate.one) < ($0.count, $1.stage, $1.predicate.one) }
        let parts = groups.map { "\($0.count) \($0.count == 1 ? $0.predicate.one : $0.predicate.several)" }
        return "none of \(verdicts.count) nodes: \(parts.joined(separator: ", "))"
    }
}

/// What is said of one node and of several: "is draining", "are draining".
private struct Predicate: Hashable {
    let one: String
    let several: String

    init(one: String, several: String) {
        self.one = one
        self.several = several
    }

    static func be(_ what: String) -> Predicate { Predicate(one: "is " + what, several: "are " + what) }
    static func have(_ what: String) -> Predicate { Predicate(one: "has " + what, several: "have " + what) }
    static func lack(_ what: String) -> Predicate { Predicate(one: "lacks " + what, several: "lack " + what) }
}

extension Refusal {
    /// Without the node's own figures, so that nodes refused for the same reason count together.
    fileprivate var predicate: Predicate {
        switch self {
        case .status(let status): .be(status.word)
        case .availability(let availability): .be(availability.rawValue)
        case .taint(let taint): .have("the taint \(taint.notation)")
        case .processors: .have("too little CPU left")
        case .memory: .have("too little memory left")
        case .other(let name, _, _): .have("too little \(name) left")
        case .plugin(let plugin): .lack("the \(Self.spelled(plugin))")
        case .constraint(let expression, _):
            Constraint(expression).map { $0.isEquality ? .lack($0.brief) : Predicate(one: "breaks " + $0.brief, several: "break " + $0.brief) }
                ?? .lack(expression)
        case .malformedConstraint(let expression):
            Predicate(one: "cannot be held against \"\(expression)\"", several: "cannot be held against \"\(expression)\"")
        case .platform(_, let has): has.description.isEmpty ? .be("of unknown platform") : .be(has.description)
        case .hostPort(let port, _): .have("port \(port.onNode) taken")
        case .maximumPerNode(let limit): .have("its \(limit) already")
        }
    }
}
