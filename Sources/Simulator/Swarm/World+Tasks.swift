internal import Domain

/// A task's way through its states. What an agent does happens only where the agent can be reached.
extension World {
    mutating func swarmChanged() -> UInt64 {
        swarm.version += 1
        return swarm.version
    }

    @discardableResult
    mutating func newTask(
        of service: SimService, slot: Int, node: String? = nil, desired: SimTask.State = .running, notBefore: Timestamp? = nil, after predecessor: String? = nil
    ) -> String {
        let id = random.swarmID()
        var task = SimTask(
            id: id, service: service.id, slot: slot, node: node, desired: desired, timestamp: now, created: now, updated: now, version: swarmChanged(),
            template: service.spec.task, serviceName: service.spec.name, hostPorts: service.ports.filter { $0.mode == .host },
            jobIteration: service.spec.mode.isJob ? service.jobIteration : nil)
        task.notBefore = notBefore
        task.predecessor = predecessor
        swarm.tasks[id] = task
        swarm.services[service.id]?.tasks.insert(id)
        swarm.services[service.id]?.tasksByPlace[task.place, default: []].append(id)
        if let node { swarm.nodes[node]?.tasks.insert(id) }
        planStep(of: id, in: random.milliseconds(10...40))
        prune(service.id, task.place)
        return id
    }

    /// Keeps as many of a place's tasks as the history holds.
    private mutating func prune(_ service: String, _ place: String) {
        let ids = swarm.services[service]?.tasksByPlace[place] ?? []
        guard ids.count > swarm.taskHistoryLimit else { return }
        let tasks = ids.compactMap { swarm.tasks[$0] }
        var surplus = tasks.count - swarm.taskHistoryLimit
        for task in tasks where surplus > 0 && task.state.isOver && !task.isWanted {
            discard(task.id)
            surplus -= 1
        }
    }

    /// Its record goes, and its container with it.
    mutating func discard(_ id: String) {
        guard let task = swarm.tasks[id] else { return }
        unbook(id)
        swarm.unplaced.remove(id)
        swarm.services[task.service]?.tasks.remove(id)
        swarm.services[task.service]?.tasksByPlace[task.place]?.removeAll { $0 == id }
        if swarm.services[task.service]?.tasksByPlace[task.place]?.isEmpty == true { swarm.services[task.service]?.tasksByPlace[task.place] = nil }
        if let node = task.node { swarm.nodes[node]?.tasks.remove(id) }
        swarm.tasks[id] = nil
        if let container = task.container.flatMap({ containers[$0] }) {
            if container.isRunning { _ = askToEnd(container.id, signal: 9, grace: nil, then: .remove) } else { remove(container.id) }
        }
    }

    mutating func planStep(of id: String, in duration: Duration) {
        guard let task = swarm.tasks[id] else { return }
        swarm.tasks[id]?.generation += 1
        plan(.step(task: id, generation: task.generation + 1), in: duration)
    }

    mutating func setState(of id: String, to state: SimTask.State, _ message: String, error: String = "") {
        guard let task = swarm.tasks[id], task.state != state || task.error != error else { return }
        swarm.tasks[id]?.state = state
        swarm.tasks[id]?.message = message
        swarm.tasks[id]?.error = error
        swarm.tasks[id]?.timestamp = now
        swarm.tasks[id]?.updated = now
        let version = swarmChanged()
        swarm.tasks[id]?.version = version
        tell(.task(id: id, service: task.service, node: task.node, from: task.state, to: state))
        if state.isOver {
            unbook(id)
            for other in swarm.services[task.service]?.tasksByPlace[task.place] ?? [] where swarm.tasks[other]?.predecessor == id {
                swarm.tasks[other]?.predecessor = nil
                if swarm.tasks[other]?.state == .ready { planStep(of: other, in: .milliseconds(20)) }
            }
        }
        if state.isOver || state == .running { requestTending(task.service) }
    }

    mutating func step(task id: String, generation: Int) {
        guard let task = swarm.tasks[id], task.generation == generation, swarm.hasLeader || task.node != nil else { return }
        // Up to the assignment the managers act, from there on the node's agent.
        if task.state >= .assigned, let host = task.node.flatMap({ hosts[$0] }), !host.isReachable { return }
        guard task.isWanted else { return stopUnstarted(task) }
        switch task.state {
        case .new, .allocated:
            setState(of: id, to: .pending, "pending task scheduling")
            swarm.unplaced.insert(id)
            requestScheduling()
        case .assigned:
            setState(of: id, to: .accepted, "accepted")
            planStep(of: id, in: random.milliseconds(10...40))
        case .accepted: prepare(task)
        case .preparing: makeReady(task)
        case .ready: launch(task)
        case .pending, .starting, .running, .complete, .shutdown, .failed, .rejected, .remove, .orphaned: break
        }
    }

    private mutating func stopUnstarted(_ task: SimTask) {
        guard !task.state.isOver else {
            if task.desired == .remove { discard(task.id) }
            return
        }
        if let container = task.container, containers[container]?.isRunning == true { return }
        swarm.unplaced.remove(task.id)
        if task.desired == .remove { discard(task.id) } else { setState(of: task.id, to: .shutdown, "shutdown") }
    }

    private mutating func prepare(_ task: SimTask) {
        setState(of: task.id, to: .preparing, "preparing")
        guard let node = task.node, let image = image(task.template.container.image) else { return planStep(of: task.id, in: .milliseconds(900)) }
        if hosts[node]?.images.contains(image.reference) == true { return planStep(of: task.id, in: random.milliseconds(40...160)) }
        planStep(of: task.id, in: .milliseconds(500 + Int64(image.size / 60_000)))
    }

    mutating func makeReady(_ task: SimTask) {
        guard let node = task.node else { return }
        guard let image = image(task.template.container.image) else { return refuse(task, imageNotFound(task.template.container.image).message) }
        if hosts[node]?.images.contains(image.reference) == false {
            hosts[node]?.images.insert(image.reference)
            tell(.image(reference: image.reference, action: "pull"), host: node)
        }
        do throws(OrderRefusal) {
            var overlays = task.template.networks
            if swarm.services[task.service]?.ports.contains(where: { $0.mode == .ingress }) == true { overlays.append(SimAttachment("ingress")) }
            let container = try make(containerSpec(of: task), name: task.name, on: node, task: task.id, service: task.service, overlays: overlays)
            swarm.tasks[task.id]?.container = container
        } catch {
            return refuse(task, error.message)
        }
        setState(of: task.id, to: .ready, "prepared")
        planStep(of: task.id, in: .milliseconds(20))
    }

    private mutating func refuse(_ task: SimTask, _ reason: String) {
        setState(of: task.id, to: .rejected, "preparing", error: reason)
        replaceEnded(task.id)
    }

    private func containerSpec(of task: SimTask) -> SimContainerSpec {
        var spec = task.template.container
        spec.networkMode = "swarm"
        spec.restart = .no
        spec.nanoCPUs = task.template.limits.nanoCPUs
        spec.memory = UInt64(max(0, task.template.limits.memory))
        spec.bindings = task.hostPorts.map { SimBinding(SimPort($0.target, $0.transport), hostPort: $0.published) }
        spec.labels["com.docker.swarm.node.id"] = task.node ?? ""
        spec.labels["com.docker.swarm.service.id"] = task.service
        spec.labels["com.docker.swarm.service.name"] = task.serviceName
        spec.labels["com.docker.swarm.task"] = ""
        spec.labels["com.docker.swarm.task.id"] = task.id
        spec.labels["com.docker.swarm.task.name"] = task.name
        return spec
    }

    mutating func launch(_ task: SimTask) {
        if let notBefore = task.notBefore, notBefore > now {
            return planStep(of: task.id, in: .nanoseconds(notBefore.nanoseconds - now.nanoseconds))
        }
        if let before = task.predecessor.flatMap({ swarm.tasks[$0] }), !before.state.isOver, swarm.nodes[before.node ?? ""]?.state == .ready { return }
        swarm.tasks[task.id]?.desired = .running
        guard let container = task.container, containers[container] != nil else { return refuse(task, "No such container: \(task.container ?? "")") }
        setState(of: task.id, to: .starting, "starting")
        do throws(OrderRefusal) { try start(container) } catch {
            setState(of: task.id, to: .failed, "starting", error: "starting container failed: \(error.message)")
            return replaceEnded(task.id)
        }
        guard let running = containers[container] else { return }
        swarm.tasks[task.id]?.pid = running.pid
        swarm.tasks[task.id]?.addresses = running.endpoints.filter { !$0.address.isEmpty }.map {
            SimService.VirtualAddress(network: $0.network, address: "\($0.address)/\($0.prefix)")
        }
        if running.healthCheck == nil { setState(of: task.id, to: .running, "started") }
    }

    mutating func taskHealth(_ id: String, _ health: SimHealth.Status) {
        guard let task = swarm.tasks[id], let container = task.container else { return }
        if health == .healthy, task.state == .starting { setState(of: id, to: .running, "started") }
        if health == .unhealthy, !task.state.isOver {
            swarm.tasks[id]?.isUnhealthy = true
            _ = askToEnd(container, signal: 15, grace: nil, then: .stop)
        }
    }

    /// Its container has ended.
    mutating func taskEnded(_ id: String, code: Int) {
        guard let task = swarm.tasks[id], !task.state.isOver else { return }
        swarm.tasks[id]?.pid = 0
        swarm.tasks[id]?.exitCode = code
        guard task.isWanted else {
            setState(of: id, to: .shutdown, "shutdown")
            // Whoever reads its log hears its last words before it is cleared away.
            if task.desired == .remove { planStep(of: id, in: .milliseconds(400)) }
            return
        }
        if code == 0, !task.isUnhealthy {
            setState(of: id, to: .complete, "finished")
        } else {
            let reason = task.isUnhealthy ? ": dockerexec: unhealthy container" : ""
            setState(of: id, to: .failed, "started", error: "task: non-zero exit (\(code))\(reason)")
        }
        replaceEnded(id)
    }

    /// Somebody removed its container by hand.
    mutating func containerVanished(_ id: String) {
        guard let task = swarm.tasks[id], !task.state.isOver, task.isWanted else { return }
        setState(of: id, to: .failed, "started", error: "No such container: \(task.container ?? "")")
        replaceEnded(id)
    }
}
