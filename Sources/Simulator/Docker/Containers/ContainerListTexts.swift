internal import Domain

/// Entries of the list of containers as they were written last. Of an entry that has not changed only the status, which tells how long
/// something has been going on, is written anew: ten thousand containers must not cost more than copying their texts.
struct ContainerListTexts: Sendable {
    /// An entry, and all that it tells besides its status.
    private struct Entry: Sendable {
        let name: String
        let state: SimContainer.State
        let generation: Int
        let endpoints: [SimEndpoint]
        let published: [SimBinding]
        let head: [UInt8]
        let tail: [UInt8]

        init(_ container: SimContainer, _ world: World) {
            name = container.name
            state = container.state
            generation = container.generation
            endpoints = container.endpoints
            published = container.published
            let writing = ContainerWriting(container: container, world: world)
            head = writing.summaryHead
            tail = writing.summaryTail
        }

        func tells(_ container: SimContainer) -> Bool {
            generation == container.generation && state == container.state && name == container.name && endpoints == container.endpoints
                && published == container.published
        }
    }

    private var entries: [String: Entry] = [:]
    /// Of the world that they are of: another one may have containers of the same names and ids.
    private var origin: Timestamp?

    /// - Parameters:
    ///   - ids: in the order of the list.
    ///   - limit: 0 for all.
    mutating func list(
        _ ids: some Sequence<String>, _ world: World, hasSizes: Bool = false, limit: Int = 0, where isWanted: (SimContainer) -> Bool
    ) -> [UInt8] {
        if origin != world.start || entries.count > world.containers.count + 256 { entries = [:] }
        origin = world.start
        var bytes: [UInt8] = []
        bytes.reserveCapacity(ids.underestimatedCount * 1000 + 64)
        var count = 0
        for id in ids {
            // A container is a large value: it is taken out once.
            guard let container = world.containers[id], isWanted(container) else { continue }
            bytes.append(UInt8(ascii: count == 0 ? "[" : ","))
            write(container, world, hasSizes, &bytes)
            count += 1
            if count == limit { break }
        }
        bytes += (count == 0 ? "[]\n" : "]\n").utf8
        return bytes
    }

    private mutating func write(_ container: SimContainer, _ world: World, _ hasSizes: Bool, _ bytes: inout [UInt8]) {
        // Plain letters: nothing in it needs escaping.
        let status = world.statusText(of: container)
        if let index = entries.index(forKey: container.id), entries.values[index].tells(container) {
            bytes += entries.values[index].head
            bytes += status.utf8
            bytes += entries.values[index].tail
        } else {
            let entry = Entry(container, world)
            entries[container.id] = entry
            bytes += entry.head
            bytes += status.utf8
            bytes += entry.tail
        }
        guard hasSizes else { return }
        bytes.removeLast()
        bytes += ",\"SizeRw\":4096,\"SizeRootFs\":\((world.image(container.spec.image)?.size ?? 0) + 4096)}".utf8
    }
}
