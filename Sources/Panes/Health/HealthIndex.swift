internal import Domain

/// What the health pane knows of a snapshot before it makes rows: where each thing stands, and what takes long to work
/// out, which is done only for the view that needs it and only when something it rests on has changed.
struct HealthIndex: Sendable {
    /// The revisions that a part of the index was worked out from.
    private struct Basis: Hashable {
        var checks: UInt64
        var registry: UInt64
        var containers: UInt64
        var hosts: UInt64

        init(_ revisions: Snapshot.Revisions) {
            checks = revisions.checks
            registry = revisions.registry
            containers = revisions.containers
            hosts = revisions.hosts
        }
    }

    /// Where an instance stands among the services.
    private struct Place { var service: Int; var instance: Int }

    private(set) var checks = CheckIndex()
    private(set) var services: [ServiceHealth] = []
    private(set) var disagreements: [Disagreement] = []
    /// Positions of the checks of each node.
    private(set) var checksOfNode: [Member.ID: [Int]] = [:]
    private var instances: [ServiceInstance.ID: Int] = [:]
    private var members: [Member.ID: Int] = [:]
    private var servicePositions: [HealthRow: Int] = [:]
    private var instancePlaces: [ServiceInstance.ID: Place] = [:]
    private var disagreementPositions: [Disagreement.ID: Int] = [:]
    private var serviceNames: [ServiceInstance.ID: String] = [:]

    private var checkBasis: UInt64?
    private var registryBasis: UInt64?
    private var serviceBasis: Basis?
    private var nodeBasis: UInt64?
    private var differenceBasis: Basis?

    mutating func update(_ snapshot: Snapshot, for view: HealthView) {
        let revisions = snapshot.revisions
        if checkBasis != revisions.checks {
            checkBasis = revisions.checks
            checks.update(snapshot.checks)
        }
        if registryBasis != revisions.registry {
            registryBasis = revisions.registry
            instances = Dictionary(snapshot.instances.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
            serviceNames = Dictionary(snapshot.instances.map { ($0.id, $0.service) }, uniquingKeysWith: { first, _ in first })
            members = Dictionary(snapshot.members.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        }
        let basis = Basis(revisions)
        switch view {
        case .checks: break
        case .services where serviceBasis != basis:
            serviceBasis = basis
            updateServices(snapshot)
        case .nodes where nodeBasis != revisions.checks:
            nodeBasis = revisions.checks
            checksOfNode = Dictionary(grouping: snapshot.checks.indices) { Member.ID(snapshot.checks[$0].id.source, snapshot.checks[$0].node) }
        case .differences where differenceBasis != basis:
            differenceBasis = basis
            disagreements = Disagreement.all(in: snapshot)
            disagreementPositions = Dictionary(disagreements.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        case .services, .nodes, .differences: break
        }
    }

    private mutating func updateServices(_ snapshot: Snapshot) {
        services = snapshot.services()
        servicePositions = [:]
        instancePlaces = [:]
        for (position, service) in services.enumerated() {
            servicePositions[.service(service.source, service.name)] = position
            for (offset, health) in service.instances.enumerated() { instancePlaces[health.instance.id] = Place(service: position, instance: offset) }
        }
    }

    // MARK: Looking up

    func service(_ source: Source.ID, _ name: String) -> ServiceHealth? { servicePositions[.service(source, name)].map { services[$0] } }

    func health(of id: ServiceInstance.ID) -> InstanceHealth? {
        instancePlaces[id].map { services[$0.service].instances[$0.instance] }
    }

    func instance(_ id: ServiceInstance.ID, in snapshot: Snapshot) -> ServiceInstance? {
        guard let position = instances[id] else { return nil }
        return position < snapshot.instances.count && snapshot.instances[position].id == id ? snapshot.instances[position] : snapshot.instance(id)
    }

    func member(_ id: Member.ID, in snapshot: Snapshot) -> Member? {
        guard let position = members[id] else { return nil }
        return position < snapshot.members.count && snapshot.members[position].id == id ? snapshot.members[position] : snapshot.member(id)
    }

    func disagreement(_ id: Disagreement.ID) -> Disagreement? { disagreementPositions[id].map { disagreements[$0] } }

    func serviceName(of id: ServiceInstance.ID) -> String? { serviceNames[id] }

    func node(of id: Check.ID) -> String? { checks.check(id)?.node }

    func has(_ service: String, in source: Source.ID) -> Bool { serviceNames.contains { $0.key.source == source && $0.value == service } }

    func has(_ member: Member.ID) -> Bool { members[member] != nil }

    /// What a registry keeps beside the instance that the check speaks for.
    func meta(of check: Check, in snapshot: Snapshot) -> [String: String] {
        guard !check.serviceID.isEmpty else { return [:] }
        return instance(ServiceInstance.id(check.id.source, node: check.node, serviceID: check.serviceID), in: snapshot)?.meta ?? [:]
    }

    /// How many checks of a node have each status.
    func counts(of member: Member.ID, in snapshot: Snapshot) -> [Int] {
        CheckWords.counts((checksOfNode[member] ?? []).lazy.filter { $0 < snapshot.checks.count }.map { snapshot.checks[$0].status })
    }
}
