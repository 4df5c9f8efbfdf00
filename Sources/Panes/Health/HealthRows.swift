internal import Domain

/// The rows of each view of the health pane, in order, and how many were left out.
struct HealthRows {
    typealias Found = (rows: [HealthRow], hidden: Int)

    let snapshot: Snapshot
    let index: HealthIndex
    let query: HealthQuery

    func rows(_ sieve: inout CheckSieve) -> Found {
        switch query.view {
        case .checks: checks(&sieve)
        case .services: services()
        case .nodes: nodes()
        case .differences: differences()
        }
    }

    // MARK: By check

    private struct Key {
        var first: Int64
        var rank: Int
        var position: Int
    }

    private func checks(_ sieve: inout CheckSieve) -> Found {
        let checks = snapshot.checks
        let verdicts = query.filter.isActive ? sieve.verdicts(query.filter, snapshot, index) : []
        let places = places
        var keys: [Key] = []
        keys.reserveCapacity(checks.count)
        for position in checks.indices {
            if query.showsProblemsOnly, checks[position].status < .warning { continue }
            if !verdicts.isEmpty, !verdicts[position] { continue }
            keys.append(Key(first: first(checks[position], places), rank: index.checks.ranks[position], position: position))
        }
        // Ranks are unlike, so the order backwards is the order of the other direction.
        keys.sort { ($0.first, $0.rank) < ($1.first, $1.rank) }
        if !query.ascending { keys.reverse() }
        return (keys.map { .check(checks[$0.position].id) }, checks.count - keys.count)
    }

    /// Services or nodes by name, where that is the order.
    private var places: [String: Int64] {
        let names: Set<String>
        switch query.order {
        case .service: names = Set(snapshot.checks.lazy.map(\.service))
        case .node: names = Set(snapshot.checks.lazy.map(\.node))
        case .status, .name, .since, .flips: return [:]
        }
        return Dictionary(uniqueKeysWithValues: names.sorted(by: NaturalOrder.precedes).enumerated().map { ($1, Int64($0)) })
    }

    private func first(_ check: Check, _ places: [String: Int64]) -> Int64 {
        switch query.order {
        case .status: -Int64(check.status.rawValue)
        case .name: 0
        case .service: places[check.service] ?? 0
        case .node: places[check.node] ?? 0
        case .since: -(check.since?.nanoseconds ?? 0)
        case .flips: -Int64(check.flips)
        }
    }

    // MARK: By service

    private func services() -> Found {
        var found: Found = ([], 0)
        for service in index.services {
            let kept = query.isNarrowed ? service.instances.filter(isWanted) : service.instances
            if kept.isEmpty {
                found.hidden += 1
                continue
            }
            let row = HealthRow.service(service.source, service.name)
            found.rows.append(row)
            guard query.opened.contains(row) else { continue }
            for health in kept {
                let id = health.instance.id
                found.rows.append(.instance(id))
                if query.opened.contains(.instance(id)) { found.rows += health.checks.map { .part($0.id, of: id) } }
            }
        }
        return found
    }

    private func isWanted(_ health: InstanceHealth) -> Bool {
        if query.showsProblemsOnly, health.status < .warning { return false }
        guard query.filter.isActive else { return true }
        let instance = health.instance
        let fields = [instance.service, instance.serviceID, instance.node, instance.endpoint, health.status.word] + instance.tags + health.checks.flatMap { [$0.name, $0.output] }
        return query.filter.matches(fields, labels: instance.meta)
    }

    // MARK: By node

    /// Those that do not answer first, then by the worst check of each, then by name.
    private func nodes() -> Found {
        var kept: [(member: Member, worst: Int)] = []
        for member in snapshot.members {
            let checks = index.checksOfNode[member.id] ?? []
            let worst = checks.reduce(-1) { max($0, $1 < snapshot.checks.count ? snapshot.checks[$1].status.rawValue : -1) }
            if query.showsProblemsOnly, member.problem == nil, worst < Check.Status.warning.rawValue { continue }
            let fields = [member.name, member.address, member.status.rawValue, member.role, member.datacenter, member.version]
            if query.filter.isActive, !query.filter.matches(fields, labels: member.meta) { continue }
            kept.append((member, member.problem == nil ? worst : Int.max))
        }
        kept.sort { a, b in
            if a.worst != b.worst { return a.worst > b.worst }
            if NaturalOrder.precedes(a.member.name, b.member.name) { return true }
            if NaturalOrder.precedes(b.member.name, a.member.name) { return false }
            return (a.member.id.raw, a.member.id.source) < (b.member.id.raw, b.member.id.source)
        }
        var rows: [HealthRow] = []
        for (member, _) in kept {
            rows.append(.member(member.id))
            if query.opened.contains(.member(member.id)) { rows += checks(of: member.id).map { .check(snapshot.checks[$0].id) } }
        }
        return (rows, snapshot.members.count - kept.count)
    }

    private func checks(of member: Member.ID) -> [Int] {
        (index.checksOfNode[member] ?? []).filter { $0 < snapshot.checks.count }.sorted { a, b in
            (-snapshot.checks[a].status.rawValue, index.checks.ranks[a]) < (-snapshot.checks[b].status.rawValue, index.checks.ranks[b])
        }
    }

    // MARK: Differences

    private func differences() -> Found {
        let kept = index.disagreements.filter { difference in
            guard query.filter.isActive else { return true }
            let instance = difference.instance
            let fields = [difference.kind.rawValue, difference.service, difference.words, difference.match, difference.advice, instance?.node ?? "", instance?.endpoint ?? ""] + (instance?.tags ?? [])
            return query.filter.matches(fields, labels: instance?.meta ?? [:])
        }
        return (kept.map { .disagreement($0.id) }, index.disagreements.count - kept.count)
    }
}
