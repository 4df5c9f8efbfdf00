/// From containers and instances to what an orchestrator placed, and back to what a registry says of it.
extension Joins {
    struct WorkloadJoint {
        var workload: Workload
        /// nil where only the workload is known.
        var task: WorkloadTask?
        var joint: Trace.Joint
    }

    func placement(of container: Container) -> WorkloadJoint? {
        if let task = task(ofContainer: container.id.raw), let workload = task.workload.flatMap(workload) {
            return WorkloadJoint(workload: workload, task: task, joint: .init("by the container's id in the task", .certain))
        }
        if let raw = container.labels["com.docker.swarm.task.id"], let task = task(raw: raw), let workload = task.workload.flatMap(workload) {
            return WorkloadJoint(workload: workload, task: task, joint: .init("by the container's label com.docker.swarm.task.id", .certain))
        }
        if let name = container.labels["com.docker.swarm.service.name"], let workload = workloads(named: name).first(where: { $0.name == name }) {
            return WorkloadJoint(workload: workload, joint: .init("by the container's label com.docker.swarm.service.name", .certain))
        }
        return nil
    }

    /// Without a container: by what the registry has of it.
    func placement(of instance: ServiceInstance) -> WorkloadJoint? {
        if !instance.address.isEmpty, let task = tasks(at: instance.address).first, let workload = task.workload.flatMap(workload) {
            return WorkloadJoint(workload: workload, task: task, joint: .init("by the task's address \(instance.address)", .likely))
        }
        if instance.port > 0, isNode(instance.address), let workload = workloads(publishing: instance.port).first {
            return WorkloadJoint(workload: workload, joint: .init("by port \(instance.port), which the orchestrator publishes", .likely))
        }
        return placement(named: instance.service) ?? placement(named: instance.serviceID)
    }

    /// Whether an address is that of a node or of a watched machine: where published ports answer.
    private func isNode(_ address: String) -> Bool {
        address.isEmpty || machinesByAddress[address] != nil || snapshot.nodes.contains { $0.address == address }
    }

    /// Of several of a name, the one in need of attention: that is what a red check would be about.
    func placement(named name: String) -> WorkloadJoint? {
        guard !name.isEmpty else { return nil }
        let named = workloads(named: name)
        guard let workload = named.first(where: { $0.running < $0.asked }) ?? named.first else { return nil }
        let words = "by the name \(name) only" + (named.count > 1 ? ", one of \(named.count) that are called so" : "")
        return WorkloadJoint(workload: workload, joint: .init(words, .guess))
    }

    /// The task that a trace through a workload goes on with: the one in trouble, else one that runs.
    func worstTask(of workload: Workload) -> WorkloadTask? {
        let current = tasks(of: workload.id).filter(\.isCurrent)
        return current.first { $0.problem != nil && $0.state != .pending } ?? current.first { $0.isUnplaced } ?? current.first { $0.state == .starting }
            ?? current.first { $0.state == .running } ?? current.first
    }

    func container(of task: WorkloadTask) -> Container? { task.containers.lazy.compactMap { container(raw: $0) }.first }

    /// The instances that a registry keeps for a container: those that surely do, else those whose names fit.
    func instances(of container: Container) -> [(instance: ServiceInstance, joint: Trace.Joint)] {
        var sure: [(ServiceInstance, Trace.Joint)] = []
        var guessed: [(ServiceInstance, Trace.Joint)] = []
        for instance in snapshot.instances {
            guard let found = self.container(of: instance).found, found.container.id == container.id else { continue }
            if found.joint.certainty == .guess { guessed.append((instance, found.joint)) } else { sure.append((instance, found.joint)) }
        }
        return sure.isEmpty ? guessed : sure
    }

    func instances(of workload: Workload) -> [(instance: ServiceInstance, joint: Trace.Joint)] {
        snapshot.instances.compactMap { instance in
            if let container = container(of: instance, guesses: false).found?.container {
                return placement(of: container).flatMap { $0.workload.id == workload.id ? (instance, $0.joint) : nil }
            }
            return placement(of: instance).flatMap { $0.workload.id == workload.id ? (instance, $0.joint) : nil }
        }
    }

    /// The network that an address would belong to, on any of the engines: the narrowest.
    func network(holding address: String, on engines: [Source.ID]) -> Network? {
        guard let address = IPAddress(address) else { return nil }
        var best: (network: Network, mask: UInt128)?
        for network in snapshot.networks where engines.isEmpty || engines.contains(network.id.source) {
            for subnet in network.subnets {
                guard let range = IPNetwork(subnet.range), range.contains(address), range.mask > (best?.mask ?? 0) else { continue }
                best = (network, range.mask)
            }
        }
        return best?.network
    }
}
