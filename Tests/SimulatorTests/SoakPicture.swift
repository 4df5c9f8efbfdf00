import Domain

@testable import Simulator

/// What is told of a cluster in the same words on both sides: as the world has it, and as it is shown.
struct SoakPicture: Equatable, CustomStringConvertible {
    private(set) var facts: Set<String> = []

    init(_ world: World) {
        for container in world.containers.values {
            let host = world.hosts[container.host]?.name ?? ""
            let health = container.isRunning ? world.health(of: container)?.status.rawValue ?? "none" : "none"
            facts.insert("container \(host) \(container.id) \(container.name) \(container.state.rawValue) \(health)")
        }
        for node in world.swarm.nodes.values { facts.insert("node \(node.id) \(node.spec.availability.rawValue) \(node.state.rawValue)") }
        for service in world.swarm.services.values {
            let status = world.serviceStatus(service)
            facts.insert("service \(service.id) \(service.spec.name) \(status.running)/\(status.desired) of \(service.spec.task.container.image)")
        }
        for task in world.swarm.tasks.values { facts.insert("task \(task.id) \(task.state.text) on \(task.node ?? "-") in \(task.container ?? "-")") }
        for check in world.registry.checks.values {
            let isMaintenance = check.kind == .maintenance
            facts.insert("check \(check.key) \(isMaintenance ? "maintenance" : check.status.rawValue)")
        }
        for instance in world.registry.instances.values { facts.insert("instance \(instance.key) of \(instance.name) at \(instance.port)") }
        for member in world.registry.members.values where member.host != nil { facts.insert("member \(member.name) \(member.status)") }
        facts.insert("leader \(world.registry.leader)")
    }

    init(_ snapshot: Snapshot) {
        for container in snapshot.containers {
            facts.insert("container \(container.host.raw) \(container.id.raw) \(container.name) \(container.state.word) \(container.health)")
        }
        for node in snapshot.nodes {
            let availability = [Node.Availability.active: "active", .paused: "pause", .draining: "drain"][node.availability] ?? ""
            facts.insert("node \(node.id.raw) \(availability) \(node.status.word)")
        }
        for workload in snapshot.workloads {
            facts.insert("service \(workload.id.raw) \(workload.name) \(workload.running)/\(workload.desired) of \(workload.image)")
        }
        for task in snapshot.tasks { facts.insert("task \(task.id.raw) \(task.stateWord) on \(task.node?.raw ?? "-") in \(task.containers.first ?? "-")") }
        for check in snapshot.checks where check.id.source.raw.hasPrefix("consul:") { facts.insert("check \(check.id.raw) \(check.status.word)") }
        for instance in snapshot.instances { facts.insert("instance \(instance.id.raw) of \(instance.service) at \(instance.port)") }
        for member in snapshot.members { facts.insert("member \(member.name) \(member.status)") }
        for registry in snapshot.registries { facts.insert("leader \(registry.leader ?? "-")") }
    }

    /// Only what the one has and the other does not.
    func difference(from other: SoakPicture) -> [String] {
        facts.subtracting(other.facts).sorted().map { "+ " + $0 } + other.facts.subtracting(facts).sorted().map { "- " + $0 }
    }

    var description: String { facts.sorted().joined(separator: "\n") }
}
