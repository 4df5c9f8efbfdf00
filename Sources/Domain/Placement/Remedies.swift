/// The smallest changes that would let a task run that no node takes.
///
/// Every node is a candidate: what would have to change for it to take the task. The fewest changes come first, then what
/// differs in kind, so that the short list does not say the same about three nodes.
struct Remedies {
    private struct Candidate {
        let sentence: String
        /// The rules that it gets round, whatever the node.
        let pattern: [Refusal]
        /// Something about the node itself changes, not only the workload.
        let changesNode: Bool
        /// Lower is better, one after the other: how many changes, whether the machine is away, the share of what is asked
        /// that is missing, and what the node has to do already.
        let rank: (changes: Int, isAway: Int, shortage: Double, load: Int)
    }

    private let workload: Workload
    private let verdicts: [NodeVerdict]
    private let scheduler: Scheduler

    init(of workload: Workload, _ verdicts: [NodeVerdict], on scheduler: Scheduler) {
        self.workload = workload
        self.verdicts = verdicts
        self.scheduler = scheduler
    }

    /// At most three, best first. None while some node takes the task.
    var words: [String] {
        guard !verdicts.contains(where: \.accepts) else { return [] }
        if verdicts.isEmpty { return ["add a node"] }
        // Sorting is stable: equals stay in order of name.
        let candidates = verdicts.sorted { ($0.node.name, $0.node.id.raw) < ($1.node.name, $1.node.id.raw) }.map(candidate)
            .sorted { $0.rank < $1.rank }
        // Of the same changes to the workload the first asks the least, so the others are no choice.
        var known: Set<[Refusal]> = []
        var lines: [(changes: Int, turn: Int, sentence: String)] = []
        for candidate in candidates {
            let isNew = known.insert(candidate.pattern).inserted
            if isNew || candidate.changesNode { lines.append((candidate.rank.changes, isNew ? 0 : 2, candidate.sentence)) }
        }
        lines += removals.map { (1, 1, $0) }
        var said: Set<String> = []
        let ordered = lines.sorted { ($0.changes, $0.turn) < ($1.changes, $1.turn) }
        return Array(ordered.map(\.sentence).filter { said.insert($0).inserted }.prefix(3))
    }

    /// Constraints that no node meets, where dropping that one would be enough for some node.
    private var removals: [String] {
        workload.demand.constraints.filter { expression in
            let isThis = { (refusal: Refusal) in
                if case .constraint(expression, _) = refusal { true } else { false }
            }
            return verdicts.allSatisfy { $0.refusals.contains(where: isThis) } && verdicts.contains { $0.refusals.allSatisfy(isThis) }
        }
        .map { "remove the constraint \($0)" }
    }

    private func candidate(_ verdict: NodeVerdict) -> Candidate {
        let refusals = verdict.refusals
        let changesNode = refusals.contains(where: \.isOfNode)
        let sentence =
            if refusals.count == 1 || !changesNode {
                Self.joined(refusals.map { $0.remedy(for: verdict.node.name) })
            } else {
                "on \(verdict.node.name): " + Self.joined(refusals.map { $0.remedy(for: nil) })
            }
        return Candidate(
            sentence: sentence, pattern: refusals.map(\.regardlessOfNode), changesNode: changesNode,
            rank: (
                refusals.count, verdict.node.status == .ready ? 0 : 1, refusals.reduce(0) { $0 + $1.shortage },
                scheduler.occupancy(of: verdict.node.id).active
            ))
    }

    /// `a, b and c`.
    private static func joined(_ changes: [String]) -> String {
        guard let last = changes.last, changes.count > 1 else { return changes.first ?? "" }
        return changes.dropLast().joined(separator: ", ") + " and " + last
    }
}

extension Refusal {
    /// The same rule without what is special to the node that it came from. Of a free amount only whether there is one.
    fileprivate var regardlessOfNode: Refusal {
        switch self {
        case .status: .status(.down)
        case .processors(let asked, let free): .processors(asked: asked, free: min(free, 1))
        case .memory(let asked, let free): .memory(asked: asked, free: min(free, 1))
        case .other(let name, let asked, let free): .other(name: name, asked: asked, free: min(free, 1))
        case .constraint(let expression, _): .constraint(expression, value: nil)
        case .platform(let wanted, _): .platform(wanted: wanted, has: Platform())
        case .hostPort(let port, _): .hostPort(port, takenBy: "")
        case .availability, .taint, .plugin, .malformedConstraint, .maximumPerNode: self
        }
    }

    /// The share of what is asked that the node has not.
    fileprivate var shortage: Double {
        switch self {
        case .processors(let asked, let free): 1 - Double(free) / Double(asked)
        case .memory(let asked, let free): 1 - Double(free) / Double(asked)
        case .other(_, let asked, let free): 1 - free / asked
        case .status, .availability, .taint, .plugin, .constraint, .malformedConstraint, .platform, .hostPort, .maximumPerNode: 0
        }
    }

    /// It goes away by a change to the node; otherwise the workload has to ask for less.
    fileprivate var isOfNode: Bool {
        switch self {
        case .status, .availability, .plugin, .hostPort: true
        // Where nothing is left, asking for less does not help.
        case .processors(_, let free): free == 0
        case .memory(_, let free): free == 0
        case .other(let name, _, let free): free <= 0 || name == Quantity.slot
        case .constraint(let expression, let value): Constraint(expression)?.change(of: value, for: "") != nil
        case .taint, .malformedConstraint, .platform, .maximumPerNode: false
        }
    }

    /// What to do about it, in the imperative. `place` is the node; nil where the sentence has named it before.
    fileprivate func remedy(for place: String?) -> String {
        let on = place.map { " on \($0)" } ?? ""
        switch self {
        case .status: return "bring \(place ?? "it") up"
        case .availability: return "activate \(place ?? "it")"
        case .taint(let taint): return "tolerate \(taint.notation)"
        case .processors(let asked, 0): return "free \(Quantity.cpus(asked))\(on)"
        case .processors(let asked, let free): return "reserve \(Quantity.cpus(free)) instead of \(Quantity.cores(asked))"
        case .memory(let asked, 0): return "free \(Quantity.bytes(asked, rounded: .up)) of memory\(on)"
        case .memory(let asked, let free):
            return "reserve \(Quantity.bytes(free, rounded: .down)) of memory instead of \(Quantity.bytes(asked, rounded: .up))"
        case .other(Quantity.slot, _, _): return "end a task\(on)"
        case .other(let name, let asked, let free):
            if free <= 0 { return "free \(Quantity.amount(asked, of: name)) \(name)\(on)" }
            return "reserve \(Quantity.amount(free, of: name)) \(name) instead of \(Quantity.amount(asked, of: name))"
        case .plugin(let plugin): return "install the \(Self.spelled(plugin))\(on)"
        case .constraint(let expression, let value):
            return Constraint(expression)?.change(of: value, for: place) ?? "remove the constraint \(expression)"
        case .malformedConstraint(let expression): return "write the constraint \"\(expression)\" with == or !="
        case .platform(_, let has):
            return has.description.isEmpty ? "use an image for any platform" : "use an image for \(has)"
        case .hostPort(let port, let holder): return "free port \(port.onNode)\(on) (\(holder) has it)"
        case .maximumPerNode(let limit): return "allow more than \(limit) on one node"
        }
    }
}

extension Constraint {
    /// How to make a node that does not meet it do so; nil where the node cannot be changed in that respect.
    fileprivate func change(of present: String?, for place: String?) -> String? {
        let it = place ?? "it"
        let on = place.map { " on \($0)" } ?? ""
        switch subject {
        case .nodeLabel(let key), .engineLabel(let key):
            let label = if case .engineLabel = subject { "engine label" } else { "label" }
            guard isEquality else { return "remove \(label) \(key)=\(present ?? value)" + (place.map { " from \($0)" } ?? "") }
            guard present != nil else { return "add \(label) \(key)=\(value)" + (place.map { " to \($0)" } ?? "") }
            return "set \(label) \(key)=\(value)\(on)"
        case .role:
            switch (value.lowercased(), isEquality) {
            case ("manager", true), ("worker", false): return "promote \(it)"
            case ("worker", true), ("manager", false): return "demote \(it)"
            case _: return nil
            }
        case .id, .hostname, .address, .system, .architecture, .unknown: return nil
        }
    }
}
