internal import Domain

extension World {
    mutating func perform(_ deed: Deed) {
        switch deed {
        case .exit(let id, let generation, let code, let isOutOfMemory, let words):
            guard let container = containers[id], container.generation == generation else { return }
            if isOutOfMemory {
                // The leak was stopped, or the limit raised, after the end had been worked out.
                let limit = container.spec.memory > 0 ? container.spec.memory : hosts[container.host]?.memory ?? 0
                guard container.leak != nil, memory(of: container, at: now) >= Double(limit) * 0.92 else { return }
            }
            end(id, code: code, isOutOfMemory: isOutOfMemory, lastWords: words)
        case .script(let id, let turn): goOn(script: id, turn: turn)
        case .restart(let id, let generation): restart(container: id, generation: generation)
        case .probe(let id, let generation): probe(container: id, generation: generation)
        case .step(let id, let generation): step(task: id, generation: generation)
        case .schedule: schedule()
        case .tend(let id): tend(service: id)
        case .heartbeat(let id, let generation): heartbeat(node: id, generation: generation)
        case .run(let key, let generation): run(check: key, generation: generation)
        case .flap(let key, let generation): flap(check: key, generation: generation)
        case .reconcile(let key): reconcile(instance: key)
        case .gossip(let name, let generation): gossip(member: name, generation: generation)
        case .scenario(let step, let generation): takeStep(step, generation)
        case .churn(let generation): churnOnce(generation)
        }
    }

    /// Carries it out at `now`. What follows from it comes with the next advance; what it did at once is in the ring.
    @discardableResult
    public mutating func order(_ order: Order) throws(OrderRefusal) -> Answer {
        return switch order {
        case .createContainer(let spec, let name, let host): try create(spec, name: name, host: host)
        case .startContainer(let container, let host): try startOrder(container, host)
        case .stopContainer(let container, let grace, let host): try stopOrder(container, grace, host)
        case .killContainer(let container, let signal, let host): try killOrder(container, signal, host)
        case .restartContainer(let container, let grace, let host): try restartOrder(container, grace, host)
        case .pauseContainer(let container, let host): try pauseOrder(container, isPause: true, host)
        case .unpauseContainer(let container, let host): try pauseOrder(container, isPause: false, host)
        case .renameContainer(let container, let name, let host): try renameOrder(container, name, host)
        case .removeContainer(let container, let force, let volumes, let host): try removeOrder(container, force: force, volumes: volumes, host)
        case .updateContainer(let container, let cpus, let memory, let restart, let host): try updateOrder(container, cpus, memory, restart, host)
        case .pruneContainers(let labels, let host): try pruneContainers(labels, host)
        case .pullImage(let reference, let host): try pull(reference, host)
        case .removeImage(let reference, let force, let host): try removeImage(reference, force: force, host)
        case .pruneImages(let all, let host): pruneImages(all: all, host)
        case .createVolume(let name, let host): try createVolume(name, host)
        case .removeVolume(let name, let host): try removeVolume(name, host)
        case .createNetwork(let spec, let host): try createNetwork(spec, host: host)
        case .removeNetwork(let network, let host): try removeNetwork(network, host: host)
        case .connect(let network, let container, let address, let aliases, let host): try connect(network, container, address, aliases, host)
        case .disconnect(let network, let container, _, let host): try disconnect(network, container, host)
        case .pruneNetworks(let host): pruneNetworks(host)
        case .execute(let container, let arguments, let host): try execute(container, arguments, host)
        case .createService(let spec): try createService(spec)
        case .updateService(let service, let version, let spec): try updateService(service, version, spec)
        case .rollBackService(let service, let version): try rollBack(service, version)
        case .removeService(let service): try removeService(service)
        case .updateNode(let node, let version, let spec): try updateNode(node, version, spec)
        case .removeNode(let node, let force): try removeNode(node, force: force)
        case .register(let instance, let checks, let replaces, let agent): try register(instance, checks, replacesChecks: replaces, agent)
        case .deregister(let service, let agent): try deregister(service, agent)
        case .registerCheck(let check, let agent): try registerCheck(check, agent)
        case .deregisterCheck(let id, let agent): try deregisterCheck(id, agent)
        case .setTTL(let check, let status, let output, let agent): try setTTL(check, status, output, agent)
        case .serviceMaintenance(let service, let isOn, let reason, let agent): try maintain(service: service, isOn, reason, agent)
        case .nodeMaintenance(let isOn, let reason, let agent): try maintainNode(isOn, reason, agent)
        case .catalogRegister(let node, let address, let meta, let instance, let checks): try catalogRegister(node, address, meta, instance, checks)
        case .catalogDeregister(let node, let service, let check): try catalogDeregister(node, service, check)
        case .forceLeave(let node): try forceLeave(node)
        case .mishap(let mishap): try befall(mishap)
        }
    }
}
