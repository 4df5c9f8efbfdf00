/// The roll-up from raw checks to instances and services.
extension Snapshot {
    /// All services of all registries, worst first, then by name.
    public func services() -> [ServiceHealth] {
        let rollUp = RollUp(self)
        var groups: [ServiceKey: [InstanceHealth]] = [:]
        for instance in instances {
            groups[ServiceKey(source: instance.id.source, name: instance.service), default: []].append(rollUp.health(of: instance))
        }
        return groups.map { ServiceHealth($0.key.source, $0.key.name, $0.value) }
            .sorted { ($1.status, $0.name, $0.source) < ($0.status, $1.name, $1.source) }
    }

    public func health(of instance: ServiceInstance) -> InstanceHealth { RollUp(self).health(of: instance) }

    /// nil where the registry has no instance of that name.
    public func serviceHealth(_ source: Source.ID, name: String) -> ServiceHealth? {
        let named = instances.filter { $0.id.source == source && $0.service == name }
        guard !named.isEmpty else { return nil }
        let rollUp = RollUp(self)
        return ServiceHealth(source, name, named.map(rollUp.health))
    }
}

private struct ServiceKey: Hashable {
    let source: Source.ID
    let name: String
}

extension ServiceHealth {
    fileprivate init(_ source: Source.ID, _ name: String, _ instances: [InstanceHealth]) {
        let sorted = instances.sorted { ($1.status, $0.instance.id.raw) < ($0.status, $1.instance.id.raw) }
        self.init(source: source, name: name, instances: sorted, status: sorted.first?.status ?? .critical, decider: sorted.first?.decider)
    }
}

/// The checks of a snapshot by what they speak for.
struct RollUp {
    private struct Subject: Hashable {
        let source: Source.ID
        let node: String
        /// Empty for the node itself.
        let serviceID: String
    }

    private var bySubject: [Subject: [Check]] = [:]
    private var byContainer: [Container.ID: [Check]] = [:]
    /// nil where no engine tells of any HEALTHCHECK: then there is nothing to join.
    private let joins: Joins?

    init(_ snapshot: Snapshot, joins: Joins? = nil) {
        for check in snapshot.checks {
            if let container = check.container, check.id.source == container.source {
                byContainer[container, default: []].append(check)
            } else {
                bySubject[Subject(source: check.id.source, node: check.node, serviceID: check.serviceID), default: []].append(check)
            }
        }
        self.joins = byContainer.isEmpty ? nil : joins ?? Joins(snapshot, surely: true)
    }

    func health(of instance: ServiceInstance) -> InstanceHealth {
        let source = instance.id.source
        var checks = bySubject[Subject(source: source, node: instance.node, serviceID: instance.serviceID)] ?? []
        if !instance.serviceID.isEmpty { checks += bySubject[Subject(source: source, node: instance.node, serviceID: "")] ?? [] }
        // What is only called alike says nothing about how it is.
        if let joint = joins?.container(of: instance, guesses: false).found, joint.joint.certainty != .guess { checks += byContainer[joint.container.id] ?? [] }
        checks.sort { ($1.weight, $0.name, $0.id.raw) < ($0.weight, $1.name, $1.id.raw) }
        return InstanceHealth(instance: instance, status: checks.first.map(\.counted) ?? .passing, decider: checks.first, checks: checks)
    }
}

extension Check {
    /// Consul calls what is in maintenance critical; here it is what somebody did on purpose.
    var counted: Status { kind == "maintenance" ? .maintenance : status }

    /// Maintenance above all: whatever else is red meanwhile is expected.
    fileprivate var weight: Int { counted == .maintenance ? Int.max : counted.rawValue }
}
