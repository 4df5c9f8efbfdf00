internal import Domain
internal import Synchronization

/// What the servers keep at hand between requests. `/v1/health/state/any` may be 20,000 checks: what has not changed is not written again.
final class ConsulMemory: Sendable {
    private struct Entry {
        var create: UInt64
        var modify: UInt64
        var bytes: [UInt8]
        var round: Int
    }

    private struct State {
        /// Of the list.
        var index: UInt64?
        var list: [UInt8] = []
        var entries: [String: Entry] = [:]
        var round = 0
        /// The list of services, as of its index.
        var services: (index: UInt64, body: [UInt8])?
        var leaderlessSince: Timestamp?
    }

    private let state = Mutex(State())

    func list(_ registry: SimRegistry) -> [UInt8] {
        state.withLock { state in
            if state.index == registry.checksIndex { return state.list }
            state.round += 1
            var list: [UInt8] = []
            list.reserveCapacity(state.list.count + 4096)
            list.append(UInt8(ascii: "["))
            for (key, check) in registry.checks {
                if list.count > 1 { list.append(UInt8(ascii: ",")) }
                list += bytes(of: check, key, &state)
            }
            list.append(UInt8(ascii: "]"))
            if state.entries.count > registry.checks.count {
                let round = state.round
                state.entries = state.entries.filter { $0.value.round == round }
            }
            state.index = registry.checksIndex
            state.list = list
            return list
        }
    }

    /// `/v1/catalog/services`: names with the tags of all their instances.
    func services(_ registry: SimRegistry) -> [UInt8] {
        state.withLock { state in
            if let known = state.services, known.index == registry.servicesIndex { return known.body }
            let body = ConsulText.value { text in
                text.object {
                    for name in registry.serviceNames.sorted() {
                        var tags: [String] = []
                        var seen: Set<String> = []
                        for instance in registry.instances(of: name) { tags += instance.tags.filter { seen.insert($0).inserted } }
                        $0.array(named: name) { $0.elements(tags) }
                    }
                }
            }
            state.services = (registry.servicesIndex, body)
            return body
        }
    }

    /// Milliseconds since the servers heard from a leader, as far as anybody asked.
    func silence(isLed: Bool, now: Timestamp) -> Int64 {
        state.withLock { state in
            state.leaderlessSince = isLed ? nil : state.leaderlessSince ?? now
            return state.leaderlessSince.map { (now.nanoseconds - $0.nanoseconds) / 1_000_000 } ?? 0
        }
    }

    private func bytes(of check: SimCheck, _ key: String, _ state: inout State) -> [UInt8] {
        let round = state.round
        if let known = state.entries[key], known.modify == check.modifyIndex, known.create == check.createIndex {
            state.entries[key]?.round = round
            return known.bytes
        }
        let bytes = ConsulText.check(check)
        state.entries[key] = Entry(create: check.createIndex, modify: check.modifyIndex, bytes: bytes, round: round)
        return bytes
    }
}
