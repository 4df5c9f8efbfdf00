internal import Domain

/// Nodes, workloads and tasks.
extension JSONReport {
    private func resources(_ resources: Resources) -> ReportValue {
        .object([
            "cpus": .decimal(resources.nanoCPUs.map { Double($0) / 1e9 }), "memory_bytes": .natural(resources.memory), "disk_bytes": .natural(resources.disk),
            "slots": .whole(resources.slots), "others": .object(resources.others.mapValues { .decimal($0) }),
        ])
    }

    func node(_ node: Node) -> ReportValue {
        .object([
            "id": .text(node.id.raw), "source": .text(node.id.source.raw), "name": .text(node.name), "address": .text(node.address), "status": .text(node.status.word),
            "availability": .text(node.availability.rawValue), "roles": .list(node.roles.map { .text($0) }), "reachability": .text(node.reachability),
            "labels": .labels(node.labels), "capacity": resources(node.capacity), "reserved": resources(node.reserved), "version": .text(node.version),
            "platform": .text(node.platform.description), "message": .text(node.message), "problem": .text(node.problem),
        ])
    }

    func workload(_ workload: Workload) -> ReportValue {
        .object([
            "id": .text(workload.id.raw), "source": .text(workload.id.source.raw), "name": .text(workload.name), "group": .text(workload.group), "kind": .text(workload.kind),
            "mode": .text(workload.mode.word), "image": .text(workload.image), "digest": .text(workload.digest), "desired": .whole(workload.desired),
            "running": .whole(workload.running), "completed": .whole(workload.completed), "rollout": .text(workload.rollout.rawValue),
            "rollout_message": .text(workload.rolloutMessage), "rollout_since": time(workload.rolloutSince), "constraints": .list(workload.demand.constraints.map { .text($0) }),
            "reserves": resources(workload.demand.resources), "networks": .list(workload.networks.map { .text($0) }), "labels": .labels(workload.labels),
            "ports": .list(workload.ports.map { port in
                .object(["published": .whole(port.published), "target": .whole(port.target), "transport": .text(port.transport), "on_host": .flag(port.isOnHost)])
            }),
            "updated": time(workload.updated), "problem": .text(workload.problem),
        ])
    }

    func task(_ task: WorkloadTask) -> ReportValue {
        let explanation = task.isUnplaced ? PlacementBoard(snapshot, source: task.id.source).explanation(of: task) : nil
        let refusals = (explanation?.verdicts ?? []).map { verdict in
            ReportValue.object(["node": .text(verdict.node.name), "refusals": .list(verdict.refusals.map { .text($0.words) })])
        }
        return .object([
            "id": .text(task.id.raw), "source": .text(task.id.source.raw), "name": .text(task.name), "workload": .text(task.workload?.raw), "slot": .whole(task.slot),
            "node": .text(task.node?.raw), "containers": .list(task.containers.map { .text($0) }), "state": .text(task.stateWord), "wanted": .text(task.wanted),
            "current": .flag(task.isCurrent), "outdated": .flag(task.isOutdated), "reason": .text(task.reason), "exit_code": .whole(task.exitCode),
            "restarts": .whole(task.restarts), "since": time(task.since), "problem": .text(task.problem), "refused_by": .list(refusals),
            "would_help": .list((explanation?.remedies ?? []).map { .text($0) }),
        ])
    }
}
