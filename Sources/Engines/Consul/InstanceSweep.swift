internal import Domain

/// Which lists of instances are to be read next.
///
/// Addresses, ports, tags and meta are in no list of all: they are asked for node by node or service by service, whichever
/// is fewer, those first of which something is known to have changed. A whole sweep costs the servers as many requests, so
/// it comes seldom.
struct InstanceSweep: Sendable {
    enum Unit: Sendable, Hashable, Comparable {
        case node(String), service(String)

        var name: String {
            switch self {
            case .node(let name), .service(let name): name
            }
        }
        static func < (a: Unit, b: Unit) -> Bool { a.name < b.name }
    }

    private var units: Set<Unit> = []
    private var byUnit: [Unit: [ServiceInstance]] = [:]
    private var urgent: Set<Unit> = []
    private var waiting: Set<Unit> = []
    private var isSweepWanted = true
    private var lastSweep: ContinuousClock.Instant?

    /// Every unit has been read once, so that the list is one.
    var isComplete: Bool { byUnit.count == units.count }
    var count: Int { units.count }
    var hasWork: Bool { !urgent.isEmpty || !waiting.isEmpty }

    /// By service, node and id.
    var instances: [ServiceInstance] {
        byUnit.values.joined().sorted { ($0.service, $0.node, $0.serviceID) < ($1.service, $1.node, $1.serviceID) }
    }

    /// What there is to ask for. The kind changes only when the other is much fewer: both numbers move.
    mutating func setUnits(nodes: [String], services: [String]) {
        let isByService =
            switch units.first {
            case .service: services.count <= nodes.count * 2
            case .node: services.count * 2 < nodes.count
            case nil: services.count < nodes.count
            }
        let new = Set((isByService ? services.map(Unit.service) : nodes.map(Unit.node)).filter { !$0.name.isEmpty })
        guard new != units else { return }
        urgent.formUnion(new.subtracting(units))
        units = new
        urgent.formIntersection(units)
        waiting.formIntersection(units)
        byUnit = byUnit.filter { units.contains($0.key) }
    }

    mutating func mark(_ affected: CheckBook.Affected) {
        for node in affected.nodes where units.contains(.node(node)) { urgent.insert(.node(node)) }
        for service in affected.services where units.contains(.service(service)) { urgent.insert(.service(service)) }
    }

    /// Something changed that no check tells of.
    mutating func wantSweep() { isSweepWanted = true }

    /// Due at once: somebody asks for it.
    mutating func demandSweep() {
        isSweepWanted = true
        lastSweep = nil
        waiting = []
    }

    /// A sweep that is wanted begins when the last one began at least so long ago.
    mutating func beginSweepIfDue(every interval: Duration, at now: ContinuousClock.Instant) {
        guard isSweepWanted, waiting.isEmpty, lastSweep.map({ now - $0 >= interval }) ?? true else { return }
        isSweepWanted = false
        lastSweep = now
        waiting = units
    }

    /// The next to be read, at most so many.
    mutating func take(_ limit: Int) -> [Unit] {
        let first = urgent.sorted().prefix(limit)
        let then = waiting.subtracting(first).sorted().prefix(limit - first.count)
        let all = Array(first) + then
        urgent.subtract(all)
        waiting.subtract(all)
        return all
    }

    mutating func put(_ instances: [ServiceInstance], of unit: Unit) {
        // Gone meanwhile.
        guard units.contains(unit) else { return }
        byUnit[unit] = instances
    }
}
