internal import Domain

/// Checks, services, nodes and differences of registries.
extension JSONReport {
    func check(_ check: Check) -> ReportValue {
        .object([
            "id": .text(check.id.raw), "source": .text(check.id.source.raw), "name": .text(check.name), "status": .text(check.status.word), "output": .text(check.output),
            "service": .text(check.service), "service_id": .text(check.serviceID), "node": .text(snapshot.nodeName(of: check)), "container": .text(check.container?.raw),
            "since": time(check.since), "since_at_least": .flag(check.isSinceAtLeast), "watched_since": time(check.watchedSince), "flips": .whole(check.flips),
            "kind": .text(check.kind), "notes": .text(check.notes), "definition": .text(check.definition), "tags": .list(check.tags.map { .text($0) }),
            "transitions": .list(
                check.transitions.map {
                    .object(["at": time($0.at), "from": .text($0.from?.word), "to": .text($0.to.word), "unwatched": .flag($0.wasUnwatched)])
                }),
        ])
    }

    func service(_ service: ServiceHealth) -> ReportValue {
        .object([
            "source": .text(service.source.raw), "name": .text(service.name), "status": .text(service.status.word), "decided_by": .text(service.decider?.id.raw),
            "instances": .list(service.instances.map(instance)),
        ])
    }

    private func instance(_ health: InstanceHealth) -> ReportValue {
        let instance = health.instance
        return .object([
            "id": .text(instance.serviceID), "node": .text(instance.node), "address": .text(instance.address), "port": .whole(instance.port),
            "tags": .list(instance.tags.map { .text($0) }), "meta": .labels(instance.meta), "container": .text(instance.container?.raw),
            "status": .text(health.status.word), "decided_by": .text(health.decider?.id.raw), "checks": .list(health.checks.map { .text($0.id.raw) }),
        ])
    }

    func member(_ member: Member) -> ReportValue {
        .object([
            "source": .text(member.id.source.raw), "name": .text(member.name), "address": .text(member.address), "datacenter": .text(member.datacenter),
            "status": .text(member.status.rawValue), "server": .flag(member.isServer), "leader": .flag(member.isLeader), "asked": .flag(member.isAsked),
            "version": .text(member.version), "problem": .text(member.problem),
        ])
    }

    func registry(_ registry: Registry) -> ReportValue {
        .object([
            "source": .text(registry.id.raw), "datacenter": .text(registry.datacenter), "datacenters": .list(registry.datacenters.map { .text($0) }),
            "leader": .text(registry.leader), "node": .text(registry.node), "dns": .text(registry.dns.map { "\($0.host):\($0.port)" }), "domain": .text(registry.dns?.domain),
        ])
    }

    func difference(_ difference: Disagreement) -> ReportValue {
        .object([
            "id": .text(difference.id.raw), "source": .text(difference.id.source.raw), "kind": .text(difference.kind.rawValue), "service": .text(difference.service),
            "instance": .text(difference.instance?.id.raw), "container": .text(difference.container?.raw), "words": .text(difference.words),
            "matched": .text(difference.match), "advice": .text(difference.advice),
        ])
    }
}

extension Snapshot {
    /// Docker names a check's node by the engine's id; a person wants its name.
    func nodeName(of check: Check) -> String { check.container == nil ? check.node : hosts.first { $0.id.raw == check.node }?.name ?? check.node }
}
