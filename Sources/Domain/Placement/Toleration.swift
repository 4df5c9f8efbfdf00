/// Which taints keep a task away: Kubernetes' rule. Swarm's nodes have none.
extension Node.Taint {
    /// `key=value:effect`, as `kubectl taint` has it.
    var notation: String { key + (value.isEmpty ? "" : "=" + value) + (effect.isEmpty ? "" : ":" + effect) }

    /// `PreferNoSchedule` only makes the scheduler look elsewhere first.
    private var repels: Bool { effect == "NoSchedule" || effect == "NoExecute" }

    /// It repels, and none of the tolerations (`key`, `key=value`, either with `:effect`) lets it pass.
    func keepsAway(tolerating tolerations: [String]) -> Bool { repels && !tolerations.contains(where: isTolerated) }

    private func isTolerated(by toleration: String) -> Bool {
        // Neither keys nor values can contain a colon, and keys no equals sign.
        let parts = toleration.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        if parts.count == 2, !parts[1].isEmpty, parts[1] != effect { return false }
        let pair = parts[0].split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        // Without a key it tolerates every taint of the effect.
        guard let wanted = pair.first, !wanted.isEmpty else { return true }
        return wanted == key && (pair.count == 1 || pair[1] == value)
    }
}
