internal import Domain

/// All checks of a datacenter, and what of them has been told.
///
/// The list comes whole whenever one of them changes; what is handed on is what differs by content.
struct CheckBook: Sendable {
    /// Nodes and services of which checks came, went or moved: their instances have to be read anew.
    struct Affected: Sendable, Hashable {
        var nodes: Set<String> = []
        var services: Set<String> = []

        mutating func insert(_ check: Check) {
            nodes.insert(check.node)
            if !check.service.isEmpty { services.insert(check.service) }
        }
    }

    private var listed: [Check] = []
    /// By the check's raw id: what the agent asked knows of its own checks.
    private var own: [String: Check] = [:]
    /// By raw id; nil while nothing has been told.
    private var told: [String: Check]?
    private var order: [String] = []
    private var isChanged = false
    /// Whether the others hear of a node's agent, by node.
    private(set) var serf: [String: Check.Status] = [:]

    var isEmpty: Bool { order.isEmpty }

    /// As last told, in Consul's order.
    var checks: [Check] { told.map { told in order.compactMap { told[$0] } } ?? [] }

    mutating func take(_ list: [Check]) {
        listed = list
        isChanged = true
    }

    /// Consul hands an output on only with a change of status, or minutes later: a check that was never anything but critical
    /// has none in the catalog. The agent that runs it knows.
    mutating func take(own checks: [Check]) {
        var new: [String: Check] = [:]
        for check in checks { new[check.id.raw] = check }
        guard new != own else { return }
        own = new
        isChanged = true
    }

    /// The whole list the first time, afterwards what differs; nil where nothing does.
    mutating func news(source: Source.ID) -> (update: Update, affected: Affected)? {
        guard isChanged else { return nil }
        isChanged = false
        var now: [String: Check] = [:]
        now.reserveCapacity(listed.count)
        var order: [String] = []
        order.reserveCapacity(listed.count)
        serf = [:]
        for check in listed {
            let check = completed(check)
            if check.kind == "serf" { serf[check.node] = check.status }
            // Two of one id cannot both be shown; the last one counts.
            if now.updateValue(check, forKey: check.id.raw) == nil { order.append(check.id.raw) }
        }
        self.order = order
        defer { told = now }
        var affected = Affected()
        guard let before = told else {
            for check in now.values { affected.insert(check) }
            return (.checks(source, order.compactMap { now[$0] }), affected)
        }
        var changed: [Check] = []
        for raw in order {
            guard let check = now[raw] else { continue }
            let old = before[raw]
            guard old != check else { continue }
            changed.append(check)
            if old == nil || old?.serviceID != check.serviceID || old?.service != check.service || old?.tags != check.tags {
                affected.insert(check)
                if let old { affected.insert(old) }
            }
        }
        var gone: [Check.ID] = []
        for (raw, check) in before where now[raw] == nil {
            gone.append(check.id)
            affected.insert(check)
        }
        guard !changed.isEmpty || !gone.isEmpty else { return nil }
        return (.checkChanges(changed: changed, gone: gone), affected)
    }

    private func completed(_ check: Check) -> Check {
        guard let own = own[check.id.raw], own.status == check.status, !own.output.isEmpty else { return check }
        // What a passing check prints often changes with each run, and nobody waits for it.
        guard check.output.isEmpty || check.status != .passing else { return check }
        var check = check
        check.output = own.output
        return check
    }
}
