internal import Domain

extension SnapshotStore {
    /// Containers, and their HEALTHCHECKs, which are checks like any other.
    static func foldContainers(_ update: Update, into state: inout State, at now: Timestamp) {
        switch update {
        case .containers(let source, let list):
            resume(source, in: &state, at: now)
            replaceContainers(of: source, by: list, in: &state, at: now)
            state.history.hasListed(source, at: now)
        case .container(let container):
            resume(container.id.source, in: &state, at: now)
            put(container, into: &state, at: now)
        case .containerGone(let id): remove(id, from: &state)
        case .detail(let id, let detail):
            guard let index = state.containerIndex[id], state.picture.containers[index].detail != detail else { return }
            state.picture.containers[index].detail = detail
            state.picture.revisions.containers += 1
            observe(state.picture.containers[index], in: &state, at: now)
        default: break
        }
    }

    private static func replaceContainers(of source: Source.ID, by list: [Container], in state: inout State, at now: Timestamp) {
        var details: [Container.ID: Container.Detail] = [:]
        for container in state.picture.containers where container.id.source == source {
            if let detail = container.detail { details[container.id] = detail }
        }
        let listed = Set(list.map(\.id))
        for container in state.picture.containers where container.id.source == source && !listed.contains(container.id) {
            forget(container.id, in: &state)
        }
        var all = state.picture.containers.filter { $0.id.source != source }
        all.reserveCapacity(all.count + list.count)
        for var container in list {
            // A list says nothing of what an inspection told; keep it while the container is the same and in the same state.
            if container.detail == nil { container.detail = details[container.id] }
            all.append(container)
        }
        state.picture.containers = all
        state.containerIndex = Dictionary(all.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        state.picture.revisions.containers += 1
        for container in all where container.id.source == source { observe(container, in: &state, at: now) }
    }

    private static func put(_ container: Container, into state: inout State, at now: Timestamp) {
        var container = container
        if let index = state.containerIndex[container.id] {
            if container.detail == nil { container.detail = state.picture.containers[index].detail }
            guard state.picture.containers[index] != container else { return }
            state.picture.containers[index] = container
        } else {
            state.containerIndex[container.id] = state.picture.containers.count
            state.picture.containers.append(container)
        }
        state.picture.revisions.containers += 1
        observe(container, in: &state, at: now)
    }

    private static func remove(_ id: Container.ID, from state: inout State) {
        guard let index = state.containerIndex[id] else { return }
        state.picture.containers.remove(at: index)
        state.containerIndex = Dictionary(state.picture.containers.enumerated().map { ($1.id, $0) }, uniquingKeysWith: { first, _ in first })
        state.picture.revisions.containers += 1
        forget(id, in: &state)
    }

    private static func forget(_ id: Container.ID, in state: inout State) {
        state.picture.usage[id.raw] = nil
        let check = Check.ID(id.source, id.raw)
        takeOut(check, of: &state)
        state.history.remove(check)
    }

    private static func observe(_ container: Container, in state: inout State, at now: Timestamp) {
        if let check = Check(healthOf: container) {
            put(check, into: &state, at: now)
        } else {
            // A container that was started again is the one it was, flips and all.
            let id = Check.ID(container.id.source, container.id.raw)
            takeOut(id, of: &state)
            state.history.remove(id, isAway: true)
        }
    }
}
