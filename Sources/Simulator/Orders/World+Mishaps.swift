internal import Domain

extension World {
    mutating func befall(_ mishap: Mishap) throws(OrderRefusal) -> Answer {
        switch mishap {
        case .loseHost(let name): try loseHost(name)
        case .returnHost(let name): try returnHost(name)
        case .cutNetwork(let name): try cut(name, true)
        case .joinNetwork(let name): try cut(name, false)
        case .leak(let name, let bytes): try leak(name, bytes)
        case .stopLeak(let name): try leak(name, 0)
        case .crash(let name, let code, let words):
            end(try running(name).id, code: code, lastWords: words.split(separator: "\n").map(String.init))
        case .sicken(let name, let fault): try sicken(name, fault.isEmpty ? nil : fault)
        case .load(let service, let factor): try load(service, factor)
        case .flap(let check, let period): try flap(check, period)
        case .failCheck(let check, let output): try fail(check, output)
        case .healCheck(let check): try fail(check, nil)
        case .loseRegistryLeader:
            isElectionBlocked = true
            elect()
        case .returnRegistryLeader:
            isElectionBlocked = false
            elect()
        case .churn(let rate):
            churn = (max(0, rate), churn.generation + 1)
            planChurn()
        case .deploy(let name, let image): try change(name) { $0.task.container.image = image }
        case .scale(let name, let replicas): try change(name) { $0.mode = .replicated(replicas) }
        case .reserve(let name, let cpus, let memory): try change(name) { $0.task.reservations = SimResources(nanoCPUs: cpus, memory: memory) }
        case .constrain(let name, let constraint): try change(name) { $0.task.constraints.append(constraint) }
        case .drain(let name): try avail(name, .drain)
        case .activate(let name): try avail(name, .active)
        case .stopContainer(let name):
            let container = try running(name)
            return try stopOrder(container.id, nil, container.host)
        case .say(let name, let text): containers[try running(name).id]?.journal.say(text, at: now)
        }
        return Answer()
    }

    /// Named in full, or by the beginning (`shop_worker.1`); the newest of those that run.
    private func running(_ name: String) throws(OrderRefusal) -> SimContainer {
        guard let found = containers.values.last(where: { $0.isRunning && World.isMeant($0.name, by: name) }) else {
            throw OrderRefusal(.notFound, "no running container is called \(name)")
        }
        return found
    }

    private func machine(_ name: String) throws(OrderRefusal) -> SimHost {
        guard let host = host(name) else { throw OrderRefusal(.notFound, "there is no host \(name)") }
        return host
    }

    private mutating func loseHost(_ name: String) throws(OrderRefusal) {
        let host = try machine(name)
        guard host.isUp else { throw OrderRefusal(.conflict, "\(name) is off already") }
        for id in host.containers { lie(id) }
        hosts[host.id]?.isUp = false
        hosts[host.id]?.registrator = nil
        hosts[host.id]?.isAgentStopped = host.agent != nil
        changed(host.id)
    }

    /// Its machine has lost its power: it ends without a word to anybody.
    private mutating func lie(_ id: String) {
        guard var container = containers[id], container.isRunning || container.state == .restarting else { return }
        for index in container.endpoints.indices {
            let endpoint = container.endpoints[index]
            networks[endpoint.network]?.pool.giveBack(endpoint.address)
            networks[endpoint.network]?.containers.remove(id)
            container.endpoints[index].address = ""
            container.endpoints[index].mac = ""
        }
        for binding in container.published { hosts[container.host]?.publishedPorts["\(binding.hostPort)/\(binding.port.transport)"] = nil }
        container.published = []
        container.journal.end(at: now)
        container.state = .exited
        container.pid = 0
        container.exitCode = 255
        container.finishedAt = now
        container.endsAt = nil
        container.leak = nil
        container.generation += 1
        containers[id] = container
    }

    private mutating func returnHost(_ name: String) throws(OrderRefusal) {
        let host = try machine(name)
        guard !host.isUp else { throw OrderRefusal(.conflict, "\(name) is on already") }
        hosts[host.id]?.isUp = true
        hosts[host.id]?.bootedAt = now
        changed(host.id)
        for id in host.containers {
            guard let container = containers[id], container.task == nil, container.exitCode == 255, restarts(container) else { continue }
            containers[id]?.state = .restarting
            plan(.restart(container: id, generation: container.generation), in: random.milliseconds(900...2500))
        }
    }

    private mutating func cut(_ name: String, _ isCut: Bool) throws(OrderRefusal) {
        let host = try machine(name)
        guard host.isCut != isCut else { throw OrderRefusal(.conflict, "the network of \(name) is \(isCut ? "cut" : "whole") already") }
        hosts[host.id]?.isCut = isCut
        changed(host.id)
    }

    private mutating func changed(_ host: String) {
        guard let machine = hosts[host] else { return }
        tell(.host(id: host, isUp: machine.isUp, isCut: machine.isCut), host: host)
        seeNode(host)
        seeMember(machine.name)
    }

    private mutating func afflict(_ name: String, _ change: (inout Affliction) -> Void) {
        if let index = afflictions.firstIndex(where: { $0.name == name }) {
            change(&afflictions[index].affliction)
            if afflictions[index].affliction.leak == 0, afflictions[index].affliction.fault == nil { afflictions.remove(at: index) }
            return
        }
        var affliction = Affliction()
        change(&affliction)
        if affliction.leak != 0 || affliction.fault != nil { afflictions.append((name, affliction)) }
    }

    private mutating func leak(_ name: String, _ bytes: Int64) throws(OrderRefusal) {
        let container = try running(name)
        afflict(name) { $0.leak = max(0, bytes) }
        setLeak(of: container.id, to: max(0, bytes))
    }

    private mutating func sicken(_ name: String, _ fault: String?) throws(OrderRefusal) {
        if fault != nil { _ = try running(name) }
        afflict(name) { $0.fault = fault }
        for container in containers.values where container.isRunning && World.isMeant(container.name, by: name) { noteFault(of: container.id) }
    }

    private mutating func load(_ name: String, _ factor: Double) throws(OrderRefusal) {
        let service = try self.service(name)
        let factor = min(100, max(0, factor))
        loads[service.id] = factor
        for id in service.tasks {
            if let container = swarm.tasks[id]?.container, containers[container]?.state == .running { containers[container]?.work.setFactor(factor, at: now) }
        }
    }

    /// By its key, its id, or the name of its service.
    private func checks(_ name: String) throws(OrderRefusal) -> [SimCheck] {
        let found = registry.checks.values.filter { $0.key == name || $0.id == name }
        let all = found.isEmpty ? registry.instances(of: name).flatMap { registry.checks(of: $0) } : found
        if all.isEmpty { throw OrderRefusal(.notFound, "there is no check \(name)") }
        return all
    }

    private mutating func flap(_ name: String, _ period: Duration) throws(OrderRefusal) {
        guard let check = try checks(name).first else { return }
        registry.checks[check.key]?.generation += 1
        registry.checks[check.key]?.dueRun = false
        registry.checks[check.key]?.flapping = period > .zero ? max(period, .milliseconds(100)) : nil
        if period > .zero {
            flap(check: check.key, generation: check.generation + 1)
        } else {
            registry.checks[check.key]?.fault = nil
            wake(check.key)
        }
    }

    private mutating func fail(_ name: String, _ output: String?) throws(OrderRefusal) {
        for check in try checks(name) {
            registry.checks[check.key]?.fault = output
            registry.checks[check.key]?.flapping = nil
            wake(check.key)
        }
    }

    private mutating func change(_ name: String, _ change: (inout SimServiceSpec) -> Void) throws(OrderRefusal) {
        let service = try self.service(name)
        var spec = service.spec
        change(&spec)
        _ = try updateService(service.id, service.version, spec)
    }

    private mutating func avail(_ name: String, _ availability: SimNode.Availability) throws(OrderRefusal) {
        let node = try self.node(name)
        var spec = node.spec
        spec.availability = availability
        _ = try updateNode(node.id, node.version, spec)
    }

    private mutating func planChurn() {
        guard churn.rate > 0 else { return }
        // A kill, an end, two changes of the network and a start each time.
        plan(.churn(generation: churn.generation), in: .nanoseconds(Int64(5e9 / min(churn.rate, 100_000))))
    }

    mutating func churnOnce(_ generation: Int) {
        guard churn.generation == generation else { return }
        planChurn()
        // Now and then one is hit that does not run.
        let candidates = (0..<4).compactMap { _ in loose.key(by: random.number(below: 1 << 30)) }
        guard let id = candidates.first(where: { containers[$0]?.state == .running }), let container = containers[id] else { return }
        tell(container, .kill(signal: 9))
        containers[id]?.restartDelay = .milliseconds(100)
        containers[id]?.spec.restart = .always
        end(id, code: 137)
    }
}
