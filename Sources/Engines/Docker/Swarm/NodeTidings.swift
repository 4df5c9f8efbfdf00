internal import Domain
internal import Engine

/// What happened to the nodes between two lists, as far as the engine's own events do not tell it: they say nothing of a
/// new leader, or of a manager that the others cannot reach.
struct NodeTidings: Sendable {
    private struct Tiding: Sendable {
        var node: NodeResource
        var action: String
        var detail: String
        var severity: Event.Severity
    }

    private var tidings: [Tiding] = []

    /// - Parameter tellsStates: whether nodes went down or came back is told too, because no event stream does.
    init(from before: [NodeResource], to after: [NodeResource], tellsStates: Bool) {
        // The first list is no news.
        guard !before.isEmpty else { return }
        var old: [String: NodeResource] = [:]
        for node in before { if let id = node.id { old[id] = node } }
        let leader = before.first(where: \.isLeader)
        for node in after {
            guard let known = node.id.flatMap({ old[$0] }) else { continue }
            if node.isLeader, !known.isLeader {
                let before = leader.map { ", after \(Self.name($0))" } ?? ""
                tidings.append(Tiding(node: node, action: "leader", detail: "leads the swarm" + before, severity: .notice))
            }
            if let reachability = node.reachability, let before = known.reachability, reachability != before {
                let isBad = reachability != "reachable"
                tidings.append(Tiding(node: node, action: reachability, detail: "as a manager", severity: isBad ? .warning : .notice))
            }
            if tellsStates, let state = node.state, let before = known.state, state != before {
                tidings.append(Tiding(node: node, action: "update", detail: "state \(before) → \(state)", severity: NodeSeverity.of(state: state)))
            }
        }
    }

    func events(of source: Source.ID, at time: Timestamp) -> [Event] {
        tidings.map { tiding in
            let id = tiding.node.id ?? ""
            return Event(
                id: "\(time.nanoseconds)/\(id)/\(tiding.action)", at: time, origin: .binnacle, source: source, kind: "node",
                action: PlainText.printable(tiding.action), subject: Self.name(tiding.node), subjectID: id,
                detail: PlainText.printable(tiding.detail), severity: tiding.severity)
        }
    }

    private static func name(_ node: NodeResource) -> String {
        PlainText.printable(node.hostName.flatMap { $0.isEmpty ? nil : $0 } ?? SwarmMapping.short(node.id ?? ""))
    }
}

/// How bad the state of a node is. After a change of leaders all are `unknown` until each has called, a second or four.
enum NodeSeverity {
    static func of(state: String) -> Event.Severity {
        switch state {
        case "down": .failure
        case "disconnected": .warning
        case "unknown": .routine
        default: .notice
        }
    }
}
