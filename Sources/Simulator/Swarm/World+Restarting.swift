internal import Domain

extension World {
    /// The restart supervisor: a task has ended of itself, and another takes its place if the service's policy says so.
    mutating func replaceEnded(_ id: String) {
        guard let task = swarm.tasks[id], task.isWanted else { return }
        noteRolloutFailure(id)
        setDesired(of: id, to: .shutdown)
        guard let service = swarm.services[task.service] else { return }
        if task.state != .complete, let node = task.node {
            var times = service.failures[node] ?? []
            times.append(now)
            swarm.services[service.id]?.failures[node] = times.suffix(5)
        }
        let policy = service.spec.task.restart
        let isDone = task.state == .complete
        if service.spec.mode.isJob, isDone { return requestTending(service.id) }
        let restarts = switch policy.condition {
        case .none: false
        case .onFailure: !isDone
        case .any: !service.spec.mode.isJob || !isDone
        }
        let made = service.restarts[task.place] ?? 0
        guard restarts, policy.maximumAttempts == 0 || made < policy.maximumAttempts else {
            swarm.services[service.id]?.settled.insert(task.place)
            return
        }
        swarm.services[service.id]?.restarts[task.place] = made + 1
        if case .global = service.spec.mode, let node = task.node.flatMap({ swarm.nodes[$0] }), !holdsGlobal(service, node) { return }
        newTask(
            of: service, slot: task.slot, node: task.slot == 0 ? task.node : nil, desired: .ready, notBefore: later(by: policy.delay))
    }

    mutating func setDesired(of id: String, to state: SimTask.State) {
        guard let task = swarm.tasks[id], task.desired != state else { return }
        swarm.tasks[id]?.desired = state
        let version = swarmChanged()
        swarm.tasks[id]?.version = version
        swarm.tasks[id]?.updated = now
        if state > .running { uncount(id) }
    }

    /// The orchestrator does not want it any more: its container is asked to end, if its node can be asked.
    mutating func shutDown(_ id: String, remove: Bool = false) {
        guard let task = swarm.tasks[id] else { return }
        setDesired(of: id, to: remove ? .remove : .shutdown)
        if task.state.isOver {
            if remove { discard(id) }
            return
        }
        if let node = task.node, task.state >= .assigned {
            guard hosts[node]?.isReachable == true, swarm.nodes[node]?.state == .ready else { return }
            if let container = task.container, containers[container]?.isRunning == true {
                _ = askToEnd(container, signal: 15, grace: nil, then: .stop)
                return
            }
        }
        planStep(of: id, in: .milliseconds(20))
    }

    /// Its node takes it no longer: another takes its place elsewhere, at once.
    mutating func moveAway(_ id: String, delay: Duration) {
        guard let task = swarm.tasks[id], task.isWanted, let service = swarm.services[task.service] else { return }
        shutDown(id)
        if task.slot > 0 {
            newTask(
                of: service, slot: task.slot, desired: .ready, notBefore: delay > .zero ? later(by: delay) : nil, after: id)
        }
        requestTending(task.service)
    }

    func holdsGlobal(_ service: SimService, _ node: SimNode) -> Bool {
        node.state == .ready && node.spec.availability != .drain
            && SimScheduler(service: service.id, template: service.spec.task, hostPorts: service.ports).suits(node)
    }

    mutating func requestTending(_ service: String, in delay: Duration = .milliseconds(30)) {
        let time = later(by: delay)
        guard let known = swarm.services[service], known.tendingAt.map({ $0 > time }) ?? true else { return }
        swarm.services[service]?.tendingAt = time
        agenda.enter(.tend(service: service), at: time)
    }

    /// Brings the number of a service's tasks to what it shall be, and its rollout a step on.
    mutating func tend(service id: String) {
        if let time = swarm.services[id]?.tendingAt, time <= now { swarm.services[id]?.tendingAt = nil }
        guard swarm.hasLeader, let service = swarm.services[id] else { return }
        switch service.spec.mode {
        case .replicated(let replicas): tendReplicas(service, replicas)
        case .global, .globalJob: tendGlobal(service)
        case .replicatedJob(let completions, let concurrent): tendJob(service, completions, concurrent)
        }
        stepRollout(id)
    }

    private func wanted(_ service: SimService) -> [SimTask] { service.tasks.compactMap { swarm.tasks[$0] }.filter(\.isWanted) }

    private mutating func tendReplicas(_ service: SimService, _ replicas: Int) {
        let tasks = wanted(service)
        var slots: [Int: [SimTask]] = [:]
        for task in tasks { slots[task.slot, default: []].append(task) }
        let taken = Set(slots.keys).union(service.settled.compactMap { Int($0) })
        if taken.count < replicas {
            var slot = 1
            for _ in taken.count..<replicas {
                while taken.contains(slot) { slot += 1 }
                newTask(of: service, slot: slot)
                slot += 1
            }
        } else if slots.count > replicas {
            // What does not run goes first, then what shares its node with most of its kind, then the latest.
            let order = slots.keys.sorted { a, b in
                let runs = [a, b].map { slots[$0]?.contains { $0.state == .running } == true }
                if runs[0] != runs[1] { return runs[1] }
                let crowd = [a, b].map { slots[$0]?.last?.node.flatMap { swarm.nodes[$0]?.load.tasksByService[service.id] } ?? 0 }
                return (crowd[1], b) < (crowd[0], a)
            }
            for slot in order.prefix(slots.count - replicas) {
                for task in slots[slot] ?? [] { shutDown(task.id, remove: true) }
            }
        }
    }

    private mutating func tendGlobal(_ service: SimService) {
        let here = Set(wanted(service).compactMap(\.node))
        let isJob = service.spec.mode.isJob
        let done = isJob ? Set(service.tasks.compactMap { swarm.tasks[$0] }.filter { $0.state == .complete && $0.jobIteration == service.jobIteration }.compactMap(\.node)) : []
        for (id, node) in swarm.nodes {
            let holds = holdsGlobal(service, node)
            if holds, node.spec.availability == .active, !here.contains(id), !done.contains(id), !service.settled.contains(id) {
                newTask(of: service, slot: 0, node: id)
            } else if !holds, here.contains(id) {
                for task in wanted(service) where task.node == id { shutDown(task.id) }
            }
        }
    }

    private mutating func tendJob(_ service: SimService, _ completions: Int, _ concurrent: Int) {
        let mine = service.tasks.compactMap { swarm.tasks[$0] }.filter { $0.jobIteration == service.jobIteration }
        let done = mine.count { $0.state == .complete }
        let running = mine.count(where: \.isWanted)
        let room = min(completions - done - running, (concurrent > 0 ? concurrent : completions) - running)
        guard room > 0 else { return }
        var taken = Set(mine.filter { $0.isWanted || $0.state == .complete }.map(\.slot)).union(service.settled.compactMap { Int($0) })
        var slot = 1
        for _ in 0..<room {
            while taken.contains(slot) { slot += 1 }
            guard slot <= completions else { return }
            taken.insert(slot)
            newTask(of: service, slot: slot)
        }
    }
}
