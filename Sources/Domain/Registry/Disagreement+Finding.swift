extension Disagreement {
    /// Everything in which the live registries and the live engines do not agree, by kind and then by service.
    ///
    /// Only what is proven is told: an entry on a machine whose engine is not watched, or one that no id ties to a container, may be
    /// as it should be.
    public static func all(in snapshot: Snapshot) -> [Disagreement] {
        var comparison = Comparison(snapshot)
        comparison.compareInstances()
        comparison.compareDoubles()
        comparison.compareContainers()
        let order = Dictionary(uniqueKeysWithValues: Kind.allCases.enumerated().map { ($0.element, $0.offset) })
        return comparison.found.sorted { (order[$0.kind] ?? 0, $0.service, $0.id.raw) < (order[$1.kind] ?? 0, $1.service, $1.id.raw) }
    }
}

/// The registries held against the engines.
struct Comparison {
    /// An instance and the container that it surely or very likely stands for.
    struct Pair {
        var instance: ServiceInstance
        var joint: Joins.ContainerJoint
    }

    /// One port of one container under one name: what only one entry of a registry should stand for.
    struct Port: Hashable {
        var registry: Source.ID
        var container: Container.ID
        var service: String
        var port: Int
        var isUDP: Bool
    }

    let snapshot: Snapshot
    let joins: Joins
    private let rollUp: RollUp
    private let registries: Set<Source.ID>
    var found: [Disagreement] = []
    private(set) var entries: [Port: [Pair]] = [:]
    /// Containers that some entry stands for, of whichever registry.
    private(set) var registered = Set<Container.ID>()
    /// Names of entries that could stand for any container of the name.
    private(set) var unjoinedNames = Set<String>()

    init(_ snapshot: Snapshot) {
        self.snapshot = snapshot
        joins = Joins(snapshot, surely: true)
        rollUp = RollUp(snapshot, joins: joins)
        registries = Set(snapshot.sources.filter { ($0.kind == .consul || $0.kind == .registry) && $0.freshness.isLive }.map(\.id))
    }

    /// Consul first: the built-in registry enters by itself what it finds.
    var liveRegistries: [Source] {
        snapshot.sources.filter { registries.contains($0.id) }.sorted { ($0.kind == .consul ? 0 : 1, $0.id) < ($1.kind == .consul ? 0 : 1, $1.id) }
    }

    mutating func compareInstances() {
        for instance in snapshot.instances {
            let joining = joins.container(of: instance, guesses: false)
            if let joint = joining.found, joint.joint.certainty != .guess {
                registered.insert(joint.container.id)
                guard registries.contains(instance.id.source), joins.isLive(joint.container.id.source) else { continue }
                let pair = Pair(instance: instance, joint: joint)
                entries[port(of: pair), default: []].append(pair)
                if joint.isProof { compare(pair) }
            } else {
                unjoinedNames.insert(instance.service)
                guard registries.contains(instance.id.source), instance.service != "consul", case .gone(let why) = joining else { continue }
                tellGone(instance, why)
            }
        }
        for instance in snapshot.instances where registries.contains(instance.id.source) { tellIfOrphaned(instance) }
    }

    private func port(of pair: Pair) -> Port {
        let (instance, container) = (pair.instance, pair.joint.container)
        let id = RegistratorID(instance.serviceID)
        let inside = pair.joint.way == .registratorID ? id?.port : container.ports.first { $0.hostPort == instance.port }?.containerPort
        return Port(
            registry: instance.id.source, container: container.id, service: instance.service, port: inside ?? instance.port, isUDP: id?.isUDP ?? instance.tags.contains("udp"))
    }

    // Gone.

    private mutating func compare(_ pair: Pair) {
        let (instance, container) = (pair.instance, pair.joint.container)
        guard !container.isUp else { return compareEndpoint(pair) }
        let ended = container.since.map { Words.ago($0, snapshot.takenAt) } ?? ""
        tell(
            .gone, instance, container: container.id, match: pair.joint.joint.words,
            words: "\(instance.service) is registered as \(instance.serviceID) and \(passing(instance)), and its container \(container.name) is \(container.state.word)\(ended)",
            mend: deregister(instance), advice: "deregister it, or start \(container.name) again")
    }

    private mutating func tellGone(_ instance: ServiceInstance, _ why: String) {
        // Every engine that could have it has to be answering.
        let engines = instance.container.map { [$0.source] } ?? joins.engines(ofNode: instance.node, in: instance.id.source)
        let makers = RegistratorID(instance.serviceID).flatMap { joins.machinesByName[$0.host.lowercased()] }
        let isByRegistrator = instance.container == nil && instance.containerReference == nil && makers != nil
        let asked = isByRegistrator ? makers ?? [] : engines
        guard !asked.isEmpty, asked.allSatisfy(joins.isLive) else { return }
        if isByRegistrator {
            tellOrphan(instance, "\(instance.serviceID) was made by a Registrator for a container that is not there any more, and is \(passing(instance))", why)
        } else {
            tell(
                .gone, instance, container: nil, match: why,
                words: "\(instance.service) is registered as \(instance.serviceID) and \(passing(instance)), and its container is gone", mend: deregister(instance),
                advice: "deregister it")
        }
    }

    /// Made by a Registrator whose container, after which it called its machine, has gone, for a container that has gone as well.
    private mutating func tellIfOrphaned(_ instance: ServiceInstance) {
        guard instance.container == nil, instance.containerReference == nil, let id = RegistratorID(instance.serviceID),
            joins.machinesByName[id.host.lowercased()] == nil, id.host.utf8.count == 12, ServiceInstance.isContainerID(id.host),
            joins.container(raw: id.host.lowercased()) == nil
        else { return }
        let engines = joins.engines(ofNode: instance.node, in: instance.id.source)
        guard !engines.isEmpty, engines.allSatisfy(joins.isLive), engines.allSatisfy({ joins.container(named: id.container, on: $0) == nil }) else { return }
        tellOrphan(
            instance, "\(instance.serviceID) was made by a Registrator that is gone, for a container that is gone, and is \(passing(instance))",
            "by Registrator's id: neither its container \(id.host) nor a container \(id.container) is on \(instance.node)")
    }

    private mutating func tellOrphan(_ instance: ServiceInstance, _ words: String, _ match: String) {
        tell(.orphan, instance, container: nil, match: match, words: words, mend: deregister(instance), advice: "deregister it: no Registrator will")
    }

    // Twice.

    mutating func compareDoubles() {
        // An entry whose container is gone is told of already.
        let told = Set(found.filter { $0.kind == .gone || $0.kind == .orphan }.compactMap { $0.instance?.id })
        for (port, all) in entries where all.count > 1 {
            let pairs = all.filter { !told.contains($0.instance.id) }
            // What an id of a Registrator that is there ties to the container is the one to keep; else nobody can tell.
            let kept = pairs.filter { $0.joint.way == .registry || $0.joint.way == .registratorID && $0.joint.joint.certainty == .certain }
            let sorted = (kept.isEmpty ? pairs : kept).sorted { $0.instance.id.raw < $1.instance.id.raw }
            guard let first = sorted.first else { continue }
            for pair in pairs where pair.instance.id != first.instance.id {
                let isLeftOver = kept.count == 1 && isLeftOver(pair.instance)
                tell(
                    .twice, pair.instance, container: port.container, match: pair.joint.joint.words,
                    words: "port \(port.port) of \(pair.joint.container.name) is registered as \(port.service) twice: as \(first.instance.serviceID) on \(first.instance.node)"
                        + " and as \(pair.instance.serviceID) on \(pair.instance.node)",
                    mend: isLeftOver ? deregister(pair.instance) : nil,
                    advice: isLeftOver ? "deregister \(pair.instance.serviceID): the Registrator that made it is gone" : "decide which of the two is right and deregister the other")
            }
        }
    }

    private func isLeftOver(_ instance: ServiceInstance) -> Bool {
        guard let id = RegistratorID(instance.serviceID) else { return false }
        return id.host.utf8.count == 12 && ServiceInstance.isContainerID(id.host) && joins.container(raw: id.host.lowercased()) == nil
    }

    // Telling.

    mutating func tell(
        _ kind: Disagreement.Kind, _ instance: ServiceInstance, container: Container.ID?, match: String, words: String, mend: Operation?, advice: String
    ) {
        found.append(
            Disagreement(
                id: Disagreement.ID(instance.id.source, "\(kind.rawValue)/\(instance.id.raw)"), kind: kind, service: instance.service, instance: instance,
                container: container, words: words, match: match, mend: mend, advice: advice))
    }

    private func deregister(_ instance: ServiceInstance) -> Operation {
        Operation(.registry(.deregister), on: .instance(instance.id, name: instance.serviceID))
    }

    private func passing(_ instance: ServiceInstance) -> String {
        let health = rollUp.health(of: instance)
        return health.decider == nil ? "passing for want of checks" : health.status.word
    }
}

extension Joins.ContainerJoint {
    /// An id ties them together; not merely an address or a name.
    var isProof: Bool { way == .registry || way == .meta || way == .registratorID }
}
