/// Which containers have to be asked for again. Bursts of events about one container cost at most one answer under way and
/// one after it; when very many are dirty the whole list is cheaper.
struct DirtyContainers: Sendable {
    enum Work: Sendable, Hashable {
        case container(String)
        case everything
    }

    /// More dirty containers than this are fetched with one list.
    static let listThreshold = 30
    private static let concurrency = 4

    private var queue: [String] = []
    private var queued = Set<String>()
    private var underWay = Set<String>()
    private var again = Set<String>()
    /// To be asked about once more, and from when on.
    private var settling: [String: ContinuousClock.Instant] = [:]
    private var wantsEverything = false
    private var isListing = false

    mutating func mark(_ id: String) {
        if underWay.contains(id) {
            again.insert(id)
        } else if queued.insert(id).inserted {
            queue.append(id)
        }
        if queue.count > Self.listThreshold, !isListing { markEverything() }
    }

    /// Asks later: engines tell some events (pause, connect) a moment before their list shows the outcome, since the list
    /// is read from a copy that is updated last (moby, `containersReplica`).
    mutating func settle(_ id: String, at moment: ContinuousClock.Instant) { settling[id] = moment }

    /// Marks what has settled by `now`; answers when the next will have.
    mutating func promote(at now: ContinuousClock.Instant) -> ContinuousClock.Instant? {
        let due = settling.filter { $0.value <= now }.keys
        for id in due { settling[id] = nil }
        for id in due { mark(id) }
        return settling.values.min()
    }

    mutating func markEverything() {
        wantsEverything = true
        queue = []
        queued = []
    }

    /// It has gone: nothing to ask for any more.
    mutating func forget(_ id: String) {
        again.remove(id)
        settling[id] = nil
        if queued.remove(id) != nil { queue.removeAll { $0 == id } }
    }

    mutating func next() -> Work? {
        // Single answers that were asked for before the list must not overwrite it: the list waits for them.
        if isListing { return nil }
        if wantsEverything {
            guard underWay.isEmpty else { return nil }
            wantsEverything = false
            isListing = true
            return .everything
        }
        guard underWay.count < Self.concurrency, !queue.isEmpty else { return nil }
        let id = queue.removeFirst()
        queued.remove(id)
        underWay.insert(id)
        return .container(id)
    }

    mutating func finished(_ work: Work) {
        switch work {
        case .everything:
            isListing = false
            if queue.count > Self.listThreshold { markEverything() }
        case .container(let id):
            underWay.remove(id)
            if again.remove(id) != nil { mark(id) }
        }
    }
}
