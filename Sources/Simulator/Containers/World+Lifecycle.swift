internal import Domain

/// A container's ways: made, started, ended, removed. Orders, restart policies, the swarm and troubles all come through here.
extension World {
    func imageNotFound(_ reference: String) -> OrderRefusal { OrderRefusal(.notFound, "No such image: \(reference.contains(":") ? reference : reference + ":latest")") }

    mutating func make(
        _ spec: SimContainerSpec, name: String, on host: String, task: String? = nil, service: String? = nil, overlays: [SimAttachment] = []
    ) throws(OrderRefusal) -> String {
        // No copy of the host is kept: with one about, every change of its lists would copy them.
        guard let image = image(spec.image), hosts[host]?.images.contains(image.reference) == true else { throw imageNotFound(spec.image) }
        let id = random.hexadecimal(64)
        let name = name.isEmpty ? givenName(on: host) : name
        var spec = spec
        for index in spec.mounts.indices where spec.mounts[index].kind == "volume" && spec.mounts[index].source.isEmpty {
            spec.mounts[index].source = random.hexadecimal(64)
            spec.mounts[index].isAnonymous = true
        }
        if let holder = hosts[host]?.names[name] {
            throw OrderRefusal(
                .conflict, "Conflict. The container name \"/\(name)\" is already in use by container \"\(holder)\". You have to remove (or rename) that container to be able to reuse that name.")
        }
        var endpoints: [SimEndpoint] = []
        for attachment in attachments(of: spec) + overlays {
            endpoints.append(try endpoint(of: id, on: attachment, host: host, isTask: task != nil))
        }
        let arguments = (spec.entrypoint.isEmpty ? image.entrypoint : spec.entrypoint) + (spec.command.isEmpty ? image.command : spec.command)
        let container = SimContainer(
            id: id, host: host, name: name, spec: spec, imageID: image.id, created: now, endpoints: endpoints,
            exposedPorts: image.exposedPorts + (spec.exposedPorts + spec.bindings.map(\.port)).filter { !image.exposedPorts.contains($0) }.uniqued(),
            environment: image.environment + spec.environment, arguments: arguments,
            healthCheck: (spec.healthCheck ?? image.healthCheck).flatMap(\.inForce), task: task, service: service,
            program: image.program.running(arguments))
        containers[id] = container
        hosts[host]?.containers.insert(id)
        hosts[host]?.names[name] = id
        if service == nil, [.plain, .batch].contains(container.program.role) { loose.insert(id) }
        for mount in spec.mounts where mount.kind == "volume" && !mount.source.isEmpty && hosts[host]?.volumes.contains(mount.source) == false {
            hosts[host]?.volumes.insert(mount.source)
            tell(.volume(name: mount.source, action: "create", container: nil), host: host)
        }
        tell(container, .create)
        return id
    }

    private func attachments(of spec: SimContainerSpec) -> [SimAttachment] {
        if spec.networkMode.hasPrefix("container:") { return [] }
        let mode = ["default", ""].contains(spec.networkMode) ? "bridge" : spec.networkMode
        // A task is on what its service says and, by that, on nothing else.
        if mode == "swarm" { return spec.networks }
        return [SimAttachment(mode, aliases: spec.networks.first { $0.network == mode }?.aliases ?? [])] + spec.networks.filter { $0.network != mode }
    }

    func endpoint(of container: String, on network: SimNetwork, aliases: [String]) -> SimEndpoint {
        let print = Randomness.fingerprint(container + network.id)
        var random = Randomness(seed: print)
        return SimEndpoint(
            network: network.id, networkName: network.name, id: random.hexadecimal(64), address: "", prefix: network.pool.prefix,
            gateway: network.scope == .local ? network.gateway : "", mac: "", aliases: aliases)
    }

    private func endpoint(of container: String, on attachment: SimAttachment, host: String, isTask: Bool) throws(OrderRefusal) -> SimEndpoint {
        let network = try isTask ? overlay(attachment.network) : self.network(attachment.network, on: host)
        return endpoint(of: container, on: network, aliases: attachment.aliases)
    }

    private mutating func givenName(on host: String) -> String {
        let first = ["brave", "calm", "eager", "keen", "merry", "quiet", "swift", "wise"]
        let second = ["beaufort", "cook", "dufour", "harrison", "maury", "mercator", "nansen", "ross"]
        var name: String
        repeat {
            name = "\(first[random.number(below: 8)])_\(second[random.number(below: 8)])"
            if hosts[host]?.names[name] != nil { name += String(random.number(below: 1000)) }
        } while hosts[host]?.names[name] != nil
        return name
    }

    /// Starts what does not run. A refusal leaves it as it was, with the error in it.
    mutating func start(_ id: String) throws(OrderRefusal) {
        guard let container = containers[id], !container.isRunning else { return }
        do throws(OrderRefusal) {
            try mustBeRunnable(container)
            let published = try publish(container, on: container.host)
            containers[id]?.published = published
            try connectAll(id)
        } catch {
            release(id)
            containers[id]?.error = error.message
            containers[id]?.exitCode = error.kind == .badRequest ? 127 : 128
            if container.state != .created { containers[id]?.state = .exited }
            throw error
        }
        let work = SimWork(
            start: now, phase: Double(Randomness.fingerprint(id) >> 40) / 0x1p24, factor: container.service.flatMap { loads[$0] } ?? 1)
        let pid = hosts[container.host]?.nextPID ?? 0
        hosts[container.host]?.nextPID += 3 + random.number(below: 60)
        var running = containers[id] ?? container
        running.state = .running
        running.pid = pid
        running.startedAt = now
        running.exitCode = 0
        running.error = ""
        running.isOOMKilled = false
        running.isStopWanted = false
        running.afterwards = .nothing
        running.endsAt = nil
        running.generation += 1
        running.health = SimHealthRecord()
        running.work = work
        running.leak = nil
        running.journal.begin(at: now)
        for line in LogTexts.banner(container.program.role) { running.journal.say(line, at: now.adding(container.program.readyAfter)) }
        containers[id] = running
        tell(running, .start)
        beginScript(of: id)
        if let end = running.program.end {
            plan(.exit(container: id, generation: running.generation, code: end.code, isOutOfMemory: false, lastWords: end.lastWords), in: end.after)
        }
        if let leak = afflictions.first(where: { Self.isMeant(running.name, by: $0.name) && $0.affliction.leak > 0 })?.affliction.leak {
            setLeak(of: id, to: leak)
        }
        containerStarted(id)
        noteFault(of: id)
    }

    /// Its program ends. Restart policies, the swarm and the registry see to what follows.
    mutating func end(_ id: String, code: Int, isOutOfMemory: Bool = false, lastWords: [String] = []) {
        guard var container = containers[id], container.isRunning else { return }
        if isOutOfMemory { tell(container, .oom) }
        for line in lastWords { container.journal.say(line, isError: code != 0, at: now) }
        container.journal.end(at: now)
        let ran = now.nanoseconds - (container.startedAt ?? now).nanoseconds
        container.state = .exited
        container.pid = 0
        container.exitCode = code
        container.isOOMKilled = isOutOfMemory
        container.finishedAt = now
        container.endsAt = nil
        container.leak = nil
        container.generation += 1
        let afterwards = container.afterwards
        container.afterwards = .nothing
        containers[id] = container
        scripts[id] = nil
        tell(container, .die(exitCode: code))
        release(id)
        containerEnded(id)
        switch afterwards {
        case .stop: tell(container, .stop)
        case .restart:
            tell(container, .stop)
            do throws(OrderRefusal) { try start(id) } catch { return containers[id]?.journal.say(error.message, isError: true, at: now) ?? () }
            if let container = containers[id] { tell(container, .restart) }
            return
        case .remove:
            remove(id)
            return
        case .nothing: break
        }
        if let task = container.task {
            taskEnded(task, code: code)
            return
        }
        if container.spec.removesItself {
            remove(id)
        } else if restarts(container), hosts[container.host]?.isUp == true {
            if ran >= 10_000_000_000 { container.restartDelay = .milliseconds(100) }
            containers[id]?.state = .restarting
            containers[id]?.restartDelay = min(container.restartDelay * 2, .seconds(60))
            plan(.restart(container: id, generation: container.generation), in: container.restartDelay)
        }
    }

    func restarts(_ container: SimContainer) -> Bool {
        guard !container.isStopWanted else { return false }
        return switch container.spec.restart {
        case .no: false
        case .always, .unlessStopped: true
        case .onFailure: container.exitCode != 0 && (container.spec.maximumRetries == 0 || container.restartCount < container.spec.maximumRetries)
        }
    }

    mutating func restart(container id: String, generation: Int) {
        guard let container = containers[id], container.generation == generation, container.state == .restarting else { return }
        containers[id]?.state = .exited
        containers[id]?.restartCount += 1
        do throws(OrderRefusal) { try start(id) } catch { containers[id]?.journal.say(error.message, isError: true, at: now) }
    }

    private func mustBeRunnable(_ container: SimContainer) throws(OrderRefusal) {
        guard container.program.role == .plain, let program = container.arguments.first, let refusal = Shell.refusal(of: program) else { return }
        throw OrderRefusal(.badRequest, "failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: \(refusal)")
    }

    /// Asks it to end; tells when it will have at the latest.
    mutating func askToEnd(_ id: String, signal: Int, grace: Duration?, then: SimContainer.Afterwards) -> Timestamp {
        guard let container = containers[id], container.isRunning else { return now }
        containers[id]?.isStopWanted = true
        containers[id]?.afterwards = then
        tell(container, .kill(signal: signal))
        let patience = max(.zero, grace ?? container.spec.stopGrace)
        if signal != 9, scripts[id] != nil { self.signal(script: id, signal) }
        let takes = signal == 9 ? .milliseconds(40) : container.program.stopTakes + random.milliseconds(0...300)
        // A script ends when it wants to.
        let isDeaf = signal != 9 && container.program.role == .plain
        let isKilled = signal != 9 && (isDeaf || takes >= patience)
        let ends = now.adding(signal == 9 ? takes : isDeaf ? patience : min(takes, patience))
        let code = signal == 9 || isKilled ? 137 : container.program.stopCode
        // A second, harder word comes before the first takes effect.
        if let before = container.endsAt, before <= ends { return before }
        containers[id]?.endsAt = ends
        agenda.enter(.exit(container: id, generation: container.generation, code: code, isOutOfMemory: false, lastWords: []), at: ends)
        return ends
    }

    mutating func remove(_ id: String) {
        guard let container = containers[id] else { return }
        release(id)
        containers[id] = nil
        scripts[id] = nil
        files[id] = nil
        loose.remove(id)
        hosts[container.host]?.containers.remove(id)
        if hosts[container.host]?.names[container.name] == id { hosts[container.host]?.names[container.name] = nil }
        tell(container, .destroy)
    }

    mutating func setLeak(of id: String, to bytesPerSecond: Int64) {
        guard let container = containers[id], container.isRunning, let host = hosts[container.host] else { return }
        let banked = container.leak?.bytes(at: now) ?? 0
        containers[id]?.leak = Leak(since: now, bytesPerSecond: bytesPerSecond, banked: banked)
        guard bytesPerSecond > 0 else { return }
        let limit = Double(container.spec.memory > 0 ? container.spec.memory : host.memory)
        // The end comes with the crest of the wave at the latest; nobody can tell the difference.
        let left = max(0, limit - quietMemory(of: container) - banked) / Double(bytesPerSecond)
        plan(
            .exit(container: id, generation: container.generation, code: 137, isOutOfMemory: true, lastWords: []),
            in: .milliseconds(Int64(min(left, 1e9) * 1000)))
    }

    mutating func tell(_ container: SimContainer, _ action: Happening.ContainerEvent.Action) {
        let event = Happening.ContainerEvent(
            action: action, id: container.id, name: container.name, image: container.spec.image, labels: container.spec.labels)
        tell(.container(event), host: container.host)
    }
}

extension Array where Element: Hashable {
    /// The first of each.
    func uniqued() -> [Element] {
        var seen: Set<Element> = []
        return filter { seen.insert($0).inserted }
    }
}
