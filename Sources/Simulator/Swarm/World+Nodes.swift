internal import Domain

extension World {
    mutating func tellNode(_ id: String, _ action: Happening.SwarmEvent.Action, _ changes: [String: String] = [:]) {
        guard let node = swarm.nodes[id] else { return }
        tell(.node(Happening.SwarmEvent(action: action, id: id, name: node.hostname, changes: changes)))
    }

    private mutating func touchNode(_ id: String) {
        let version = swarmChanged()
        swarm.nodes[id]?.version = version
        swarm.nodes[id]?.updated = now
    }

    /// The managers hear of a node again, or no more; they take their time to be sure.
    mutating func seeNode(_ id: String) {
        guard let node = swarm.nodes[id], let host = hosts[id] else { return }
        swarm.nodes[id]?.generation += 1
        plan(.heartbeat(node: id, generation: node.generation + 1), in: host.isReachable ? .milliseconds(1800) : .seconds(15))
        guard node.spec.role == .manager else { return }
        let had = swarm.hasLeader
        swarm.nodes[id]?.isReachable = host.isReachable
        touchNode(id)
        chooseLeader()
        if swarm.hasLeader, !had {
            for service in swarm.services.keys { requestTending(service) }
            for task in swarm.tasks.values where task.state < .assigned { planStep(of: task.id, in: .milliseconds(50)) }
        }
    }

    private mutating func chooseLeader() {
        let reachable = swarm.nodes.values.filter { $0.spec.role == .manager && $0.isReachable }
        let leader = swarm.hasLeader ? (reachable.first(where: \.isLeader) ?? reachable.first)?.id : nil
        for id in swarm.nodes.keys where swarm.nodes[id]?.isLeader != (id == leader) {
            swarm.nodes[id]?.isLeader = id == leader
            touchNode(id)
        }
    }

    mutating func heartbeat(node id: String, generation: Int) {
        guard let node = swarm.nodes[id], node.generation == generation, let host = hosts[id] else { return }
        guard swarm.hasLeader else { return plan(.heartbeat(node: id, generation: generation), in: .seconds(5)) }
        let state: SimNode.State = host.isReachable ? .ready : .down
        if node.state != state {
            swarm.nodes[id]?.state = state
            swarm.nodes[id]?.message = state == .down ? "heartbeat failure" : ""
            touchNode(id)
            tellNode(id, .update, ["state.old": node.state.rawValue, "state.new": state.rawValue])
        }
        if state == .down {
            for task in node.tasks where swarm.tasks[task]?.isWanted == true {
                moveAway(task, delay: swarm.tasks[task].flatMap { swarm.services[$0.service]?.spec.task.restart.delay } ?? .zero)
            }
        } else {
            takeUp(id)
        }
        for service in swarm.services.keys where isGlobal(service) { requestTending(service) }
        requestScheduling()
    }

    private func isGlobal(_ service: String) -> Bool {
        switch swarm.services[service]?.spec.mode {
        case .global?, .globalJob?: true
        case .replicated?, .replicatedJob?, nil: false
        }
    }

    /// An agent that is back tells what became of its tasks, and does what was decided meanwhile.
    private mutating func takeUp(_ node: String) {
        for id in swarm.nodes[node]?.tasks ?? OrderedKeys() {
            guard let task = swarm.tasks[id], !task.state.isOver else { continue }
            let container = task.container.flatMap { containers[$0] }
            if !task.isWanted {
                shutDown(id, remove: task.desired == .remove)
            } else if task.state >= .starting, container?.isRunning != true {
                taskEnded(id, code: container?.exitCode ?? 255)
            } else {
                planStep(of: id, in: .milliseconds(100))
            }
        }
    }

    mutating func updateNode(_ reference: String, _ version: UInt64, _ spec: SimNodeSpec) throws(OrderRefusal) -> Answer {
        try mustManage()
        let node = try self.node(reference)
        guard node.version == version else { throw OrderRefusal(.serverError, "rpc error: code = Unknown desc = update out of sequence") }
        if node.spec.role == .manager, spec.role == .worker {
            let managers = swarm.nodes.values.filter { $0.spec.role == .manager }
            if managers.count == 1 {
                throw OrderRefusal(.badRequest, "rpc error: code = FailedPrecondition desc = attempting to demote the last manager of the swarm")
            }
            if managers.count(where: { $0.id != node.id && $0.isReachable }) * 2 <= managers.count - 1 {
                throw OrderRefusal(
                    .badRequest, "rpc error: code = FailedPrecondition desc = can't remove member from the raft: this would result in a loss of quorum")
            }
        }
        setNode(node, spec)
        return Answer()
    }

    mutating func setNode(_ node: SimNode, _ spec: SimNodeSpec) {
        var changes: [String: String] = [:]
        if spec.availability != node.spec.availability {
            changes["availability.old"] = node.spec.availability.rawValue
            changes["availability.new"] = spec.availability.rawValue
        }
        if spec.role != node.spec.role {
            changes["role.old"] = node.spec.role.rawValue
            changes["role.new"] = spec.role.rawValue
        }
        swarm.nodes[node.id]?.spec = spec
        swarm.nodes[node.id]?.isReachable = spec.role == .worker || hosts[node.id]?.isReachable == true
        touchNode(node.id)
        tellNode(node.id, .update, changes)
        if spec.role != node.spec.role { chooseLeader() }
        if spec.availability == .drain, node.spec.availability != .drain {
            for task in node.tasks where swarm.tasks[task]?.isWanted == true { moveAway(task, delay: .zero) }
        } else if spec.labels != node.spec.labels || spec.role != node.spec.role {
            evict(node.id)
        }
        for service in swarm.services.keys where isGlobal(service) { requestTending(service) }
        requestScheduling()
    }

    /// Tasks whose constraints hold there no longer.
    private mutating func evict(_ id: String) {
        guard let node = swarm.nodes[id] else { return }
        for task in node.tasks {
            guard let task = swarm.tasks[task], task.isWanted, task.state >= .assigned else { continue }
            let scheduler = SimScheduler(service: task.service, template: task.template, hostPorts: [])
            if !scheduler.suits(node) { moveAway(task.id, delay: .zero) }
        }
    }

    mutating func removeNode(_ reference: String, force: Bool) throws(OrderRefusal) -> Answer {
        try mustManage()
        let node = try self.node(reference)
        if node.spec.role == .manager {
            throw OrderRefusal(
                .badRequest,
                "rpc error: code = FailedPrecondition desc = node \(node.id) is a cluster manager and is a member of the raft cluster. It must be demoted to worker before removal")
        }
        if node.state != .down, !force {
            throw OrderRefusal(.badRequest, "rpc error: code = FailedPrecondition desc = node \(node.id) is not down and can't be removed")
        }
        for task in node.tasks {
            if swarm.tasks[task]?.isWanted == true { moveAway(task, delay: .zero) }
            if swarm.tasks[task]?.state.isOver == false { setState(of: task, to: .orphaned, "") }
        }
        for task in node.tasks where swarm.tasks[task]?.isWanted != true { discard(task) }
        tellNode(node.id, .remove)
        swarm.nodes[node.id] = nil
        _ = swarmChanged()
        for service in swarm.services.keys { requestTending(service) }
        return Answer()
    }
}
