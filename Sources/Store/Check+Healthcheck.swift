internal import Domain

extension Check {
    /// The check that a container's HEALTHCHECK is; nil where it has none or is not running.
    init?(healthOf container: Container) {
        guard container.isUp else { return nil }
        let status: Status
        switch container.health {
        case .none: return nil
        case .starting: status = .starting
        case .healthy: status = .passing
        case .unhealthy: status = .critical
        }
        let probes = container.detail?.probes ?? []
        // The engine keeps five probes: if a passing one stands before the failing ones, the change is dated exactly.
        let isGood = status == .passing
        var since: Timestamp?
        var isAtLeast = true
        if status != .starting {
            for probe in probes.reversed() {
                guard (probe.exitCode == 0) == isGood else {
                    isAtLeast = false
                    break
                }
                since = probe.start
            }
        }
        self.init(
            id: Check.ID(container.id.source, container.id.raw), name: container.name, status: status,
            output: probes.last?.output ?? "", service: container.composeService ?? "", node: container.host.raw,
            container: container.id, since: since, isSinceAtLeast: isAtLeast, probes: probes, kind: Self.healthcheck)
    }

    static let healthcheck = "healthcheck"
}
