/// What SwarmKit's scheduler says about the nodes that it refused, taken apart: how many under each of its filters.
///
/// The fragments are those of swarmkit `scheduler/filter.go` (Explain). A replicated task has them in "no suitable node (…)",
/// a task of a global service, which is made for its node, as they are: "insufficient resources on 1 node".
struct SchedulerText {
    private var counts: [Refusal.Stage: Int] = [:]
    /// "max replicas per node limit exceed" comes without a number.
    private var namesMaximum = false
    /// Nodes without the CSI volumes that are asked for: nothing that we know of.
    private var withoutVolumes = 0

    /// nil when it says nothing about nodes, or something we do not know.
    init?(_ text: String) {
        var list = Substring(text)
        if let start = text.firstRange(of: "no suitable node") {
            list = text[start.upperBound...]
            guard let open = list.firstIndex(of: "("), let close = list.lastIndex(of: ")"), open < close else {
                // Without a list there was no node to refuse.
                if list.isEmpty { return } else { return nil }
            }
            list = list[list.index(after: open)..<close]
        }
        for fragment in list.split(separator: ";") {
            guard read(fragment.split(separator: " ")) else { return nil }
        }
        if counts.isEmpty, !namesMaximum, withoutVolumes == 0 { return nil }
    }

    private mutating func read(_ words: [Substring]) -> Bool {
        let sentence = words.joined(separator: " ")
        if sentence == "max replicas per node limit exceed" {
            namesMaximum = true
            return true
        }
        if let number = words.first.flatMap({ Int($0) }), sentence.hasSuffix("not available for new tasks") {
            counts[.ready] = number
            return true
        }
        guard words.count > 3, words.last == "node" || words.last == "nodes", words[words.count - 3] == "on", let number = Int(words[words.count - 2])
        else { return false }
        switch words.dropLast(3).joined(separator: " ") {
        case "insufficient resources": counts[.resources] = number
        case "missing plugin": counts[.plugin] = number
        case "scheduling constraints not satisfied": counts[.constraint] = number
        case "unsupported platform": counts[.platform] = number
        case "host-mode port already in use": counts[.hostPort] = number
        case "cannot fulfill requested CSI volume mounts": withoutVolumes = number
        default: return false
        }
        return true
    }

    /// Compares with the first refusal of each verdict. A text that may be partial is allowed to count fewer nodes.
    func agreement(with verdicts: [NodeVerdict], mayBePartial: Bool) -> PlacementExplanation.Agreement {
        if withoutVolumes > 0 {
            return .disagrees("it misses CSI volumes on \(Self.nodes(withoutVolumes)), which we know nothing of")
        }
        if counts.isEmpty, !namesMaximum, !verdicts.isEmpty, !mayBePartial {
            return .disagrees("it found no node to look at, we see \(Self.nodes(verdicts.count))")
        }
        var ours: [Refusal.Stage: Int] = [:]
        for verdict in verdicts {
            if let stage = verdict.refusals.first?.stage { ours[stage, default: 0] += 1 }
        }
        var differences: [String] = []
        for stage in Refusal.Stage.allCases {
            let counted = ours[stage] ?? 0
            if stage == .maximumPerNode {
                if namesMaximum, counted == 0 { differences.append("\(Self.words(stage)): it says so, we count no node") }
                if !namesMaximum, counted > 0, !mayBePartial {
                    differences.append("\(Self.words(stage)): it counts none, we count \(Self.nodes(counted))")
                }
                continue
            }
            let said = counts[stage] ?? 0
            if said > counted || (said < counted && !mayBePartial) {
                differences.append("\(Self.words(stage)): it counts \(Self.nodes(said)), we count \(counted)")
            }
        }
        let accepting = verdicts.filter(\.accepts).map(\.node.name)
        if !accepting.isEmpty { differences.append("by our count \(Self.list(accepting)) would take it") }
        return differences.isEmpty ? .agrees : .disagrees(differences.joined(separator: "; "))
    }

    private static func nodes(_ count: Int) -> String { count == 1 ? "1 node" : "\(count) nodes" }

    private static func words(_ stage: Refusal.Stage) -> String {
        switch stage {
        case .ready: "not available"
        case .taint: "taints"
        case .resources: "insufficient resources"
        case .plugin: "missing plugin"
        case .constraint: "constraints not satisfied"
        case .platform: "unsupported platform"
        case .hostPort: "host port in use"
        case .maximumPerNode: "maximum per node"
        }
    }

    /// `h1, h2, h3 and 4 more`.
    static func list(_ names: [String]) -> String {
        names.count <= 4 ? names.joined(separator: ", ") : names.prefix(3).joined(separator: ", ") + " and \(names.count - 3) more"
    }
}
