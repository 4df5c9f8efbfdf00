/// How an instance of a service is, worked out from the raw checks: its own, its node's and its container's HEALTHCHECK.
public struct InstanceHealth: Sendable, Hashable {
    public var instance: ServiceInstance
    public var status: Check.Status
    /// The check that decided; nil where there is none, which counts as passing.
    public var decider: Check?
    /// All that count for it, worst first.
    public var checks: [Check]

    public init(instance: ServiceInstance, status: Check.Status, decider: Check?, checks: [Check]) {
        self.instance = instance
        self.status = status
        self.decider = decider
        self.checks = checks
    }
}

/// A service: all instances of one name in one registry.
public struct ServiceHealth: Sendable, Hashable {
    public var source: Source.ID
    public var name: String
    /// Worst first.
    public var instances: [InstanceHealth]
    /// The worst instance's.
    public var status: Check.Status
    public var decider: Check?

    public init(source: Source.ID, name: String, instances: [InstanceHealth], status: Check.Status, decider: Check?) {
        self.source = source
        self.name = name
        self.instances = instances
        self.status = status
        self.decider = decider
    }

    public var passing: Int { instances.reduce(0) { $0 + ($1.status == .passing ? 1 : 0) } }
}
