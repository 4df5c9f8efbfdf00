internal import Domain

/// Where each check stands in a snapshot, and where it would stand among all by its name.
///
/// Of thousands of checks some change their status all the time and hardly ever one comes or goes: only then is
/// anything here worked out anew.
struct CheckIndex: Sendable {
    private(set) var known: [Check] = []
    private(set) var positions: [Check.ID: Int] = [:]
    /// One for one with the checks; no two are equal, so that what is ordered by them is ordered the same way every time.
    private(set) var ranks: [Int] = []

    mutating func update(_ checks: [Check]) {
        let isSame = isSame(checks)
        known = checks
        if isSame { return }
        positions = Dictionary(checks.indices.lazy.map { (checks[$0].id, $0) }, uniquingKeysWith: { first, _ in first })
        let order = checks.indices.sorted { a, b in
            if checks[a].name != checks[b].name {
                if NaturalOrder.precedes(checks[a].name, checks[b].name) { return true }
                if NaturalOrder.precedes(checks[b].name, checks[a].name) { return false }
            }
            return (checks[a].id.raw, checks[a].id.source) < (checks[b].id.raw, checks[b].id.source)
        }
        ranks = Array(repeating: 0, count: checks.count)
        for (rank, position) in order.enumerated() { ranks[position] = rank }
    }

    private func isSame(_ checks: [Check]) -> Bool {
        guard known.count == checks.count else { return false }
        for position in checks.indices where known[position].id != checks[position].id || known[position].name != checks[position].name { return false }
        return true
    }

    /// The check in a snapshot that may be newer than what was indexed.
    func check(_ id: Check.ID, in snapshot: Snapshot) -> Check? {
        guard let position = positions[id] else { return nil }
        if position < snapshot.checks.count, snapshot.checks[position].id == id { return snapshot.checks[position] }
        return snapshot.check(id)
    }

    func check(_ id: Check.ID) -> Check? { positions[id].map { known[$0] } }
}

/// Which checks a filter lets through. A check is looked at again only when something of it has changed.
struct CheckSieve: Sendable {
    private struct Basis: Hashable {
        var filter: Filter
        var registry: UInt64
        var hosts: UInt64
    }

    private var basis: Basis?
    private var checks: [Check] = []
    private var verdicts: [Bool] = []

    /// One for one with the snapshot's checks.
    mutating func verdicts(_ filter: Filter, _ snapshot: Snapshot, _ index: HealthIndex) -> [Bool] {
        let now = Basis(filter: filter, registry: snapshot.revisions.registry, hosts: snapshot.revisions.hosts)
        let isKept = now == basis && checks.count == snapshot.checks.count
        let hosts = Dictionary(snapshot.hosts.map { ($0.id.raw, $0.name) }, uniquingKeysWith: { first, _ in first })
        verdicts = snapshot.checks.indices.map { position in
            if isKept, Self.reads(checks[position], as: snapshot.checks[position]) { return verdicts[position] }
            let check = snapshot.checks[position]
            let fields = [check.name, check.service, check.status.word, check.node, hosts[check.node] ?? "", check.output] + check.tags
            return filter.matches(fields, labels: filter.hasLabels ? index.meta(of: check, in: snapshot) : [:])
        }
        basis = now
        checks = snapshot.checks
        return verdicts
    }

    private static func reads(_ a: Check, as b: Check) -> Bool {
        a.status == b.status && a.output == b.output && a.id == b.id && a.name == b.name && a.service == b.service && a.serviceID == b.serviceID && a.node == b.node && a.tags == b.tags
    }
}

extension Filter {
    /// It asks for labels, which have to be looked up.
    var hasLabels: Bool { terms.contains { if case .label = $0 { true } else { false } } }
}
