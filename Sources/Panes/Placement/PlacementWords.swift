internal import Domain

extension Workload {
    /// Its name without the stack's in front, for rows that stand below the stack.
    var nameInStack: String {
        group.isEmpty || !name.hasPrefix(group + "_") ? name : String(name.dropFirst(group.count + 1))
    }

    /// Where its rollout is, in a word; empty when there is nothing to say.
    var rolloutWord: String {
        switch rollout {
        case .settled: ""
        case .progressing: "updating"
        case .paused: "paused"
        case .rollingBack: "rolling back"
        case .rolledBack: "rolled back"
        case .failed: "failed"
        }
    }

    /// `4/5`, `2/3 done`: how many of how many.
    var tally: String {
        switch mode {
        case .job(let completions): "\(completed)/\(completions) done"
        case .jobPerNode: "\(completed)/\(desired) done"
        case .replicated, .perNode, .pinned: "\(running)/\(desired)"
        }
    }

    /// How much of what is wanted is there, 0...1.
    var share: Double {
        let (has, wants) =
            switch mode {
            case .job(let completions): (completed, completions)
            case .jobPerNode: (completed, desired)
            case .replicated, .perNode, .pinned: (running, desired)
            }
        return wants > 0 ? min(1, Double(has) / Double(wants)) : 1
    }

    var isJob: Bool {
        switch mode {
        case .job, .jobPerNode: true
        case .replicated, .perNode, .pinned: false
        }
    }

    /// What of the image tells it apart where not all of it fits: the end, which has the tag.
    func image(width: Int) -> String {
        guard image.count > width, let slash = image.lastIndex(of: "/") else { return image }
        let tail = image[image.index(after: slash)...]
        if tail.count + 2 <= width { return "…/" + tail }
        return tail.count > width && width > 1 ? "…" + tail.suffix(width - 1) : String(tail)
    }
}

extension Node {
    /// `★ leader`, `manager`, `worker`: the role that says most.
    var roleWord: String {
        if isLeader { return "★ leader" }
        return roles.contains("manager") ? "manager" : roles.joined(separator: ", ")
    }

    /// What is behind its problem; empty where its status has said all.
    var complaint: String { status == .ready ? problem ?? "" : message }

    /// `ready`, `down`, `ready, draining`: what is not as usual is said.
    var standing: String { availability == .active ? status.word : "\(status.word), \(availability.rawValue)" }
}

extension Duration {
    /// `5 s`, `1 m 30 s`, `500 ms`: as long as it takes, and no units of nothing.
    var words: String {
        let (seconds, attoseconds) = components
        if seconds == 0 { return attoseconds == 0 ? "0 s" : "\(attoseconds / 1_000_000_000_000_000) ms" }
        let parts = [(seconds / 3600, "h"), (seconds / 60 % 60, "m"), (seconds % 60, "s")].filter { $0.0 != 0 }
        return parts.map { "\($0.0) \($0.1)" }.joined(separator: " ")
    }
}
