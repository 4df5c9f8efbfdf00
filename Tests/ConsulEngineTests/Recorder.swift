internal import Domain
internal import Synchronization
internal import Testing

/// Collects what an engine tells, and waits for what a test expects of it, never longer than a limit.
final class Recorder: Sendable {
    struct TimedOut: Error, CustomStringConvertible {
        var description: String
    }

    private let state = Mutex<(updates: [Update], ring: AsyncStream<Void>.Continuation?)>(([], nil))

    var updates: [Update] { state.withLock { $0.updates } }
    var count: Int { state.withLock { $0.updates.count } }

    func receive(_ update: Update) {
        state.withLock { state in
            state.updates.append(update)
            return state.ring
        }?.yield()
    }

    /// The first update from number `start` on for which `match` answers.
    func first<Found: Sendable>(
        _ what: String, from start: Int = 0, within limit: Duration = .seconds(20), _ match: @escaping @Sendable (Update) -> Found?
    ) async throws -> Found {
        let (rings, ring) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        state.withLock { $0.ring = ring }
        ring.yield()
        let found = await withTaskGroup(of: Found?.self) { group in
            group.addTask {
                // The end of the limit is an answer, so is its cancellation.
                try? await Task.sleep(for: limit)
                return nil
            }
            group.addTask { [self] in
                var next = start
                for await _ in rings {
                    let all = updates
                    while next < all.count {
                        if let found = match(all[next]) { return found }
                        next += 1
                    }
                }
                return nil
            }
            defer { group.cancelAll() }
            return await group.next() ?? nil
        }
        guard let found else {
            let all = updates
            throw TimedOut(description: "\(what) did not come within \(limit); \(all.count) updates, the last: \(String(describing: all.last).prefix(400))")
        }
        return found
    }
}

extension Recorder {
    func source(_ what: String, from start: Int = 0, _ match: @escaping @Sendable (Source) -> Bool) async throws -> Source {
        try await first(what, from: start) { if case .source(let source) = $0, match(source) { source } else { nil } }
    }

    func live(from start: Int = 0) async throws -> Source { try await source("a live source", from: start) { $0.freshness.isLive } }

    func trouble(from start: Int = 0) async throws -> Trouble {
        try #require(try await source("a trouble", from: start) { $0.freshness.trouble != nil }.freshness.trouble)
    }

    func checks(from start: Int = 0) async throws -> [Check] {
        try await first("the list of checks", from: start) { if case .checks(_, let list) = $0 { list } else { nil } }
    }

    /// The first that is so, in the list or among changes.
    func check(_ what: String, from start: Int = 0, within limit: Duration = .seconds(20), _ match: @escaping @Sendable (Check) -> Bool) async throws -> Check {
        try await first(what, from: start, within: limit) { update in
            switch update {
            case .checks(_, let list): list.first(where: match)
            case .checkChanges(let changed, _): changed.first(where: match)
            default: nil
            }
        }
    }

    func gone(_ raw: String, from start: Int = 0) async throws {
        _ = try await first("that \(raw) has gone", from: start) { update in
            if case .checkChanges(_, let gone) = update, gone.contains(where: { $0.raw == raw }) { true } else { nil }
        }
    }

    func instances(_ what: String, from start: Int = 0, _ match: @escaping @Sendable ([ServiceInstance]) -> Bool) async throws -> [ServiceInstance] {
        try await first(what, from: start) { if case .instances(_, let list) = $0, match(list) { list } else { nil } }
    }

    func members(_ what: String, from start: Int = 0, _ match: @escaping @Sendable ([Member]) -> Bool) async throws -> [Member] {
        try await first(what, from: start) { if case .members(_, let list) = $0, match(list) { list } else { nil } }
    }

    func registry(_ what: String, from start: Int = 0, _ match: @escaping @Sendable (Registry) -> Bool) async throws -> Registry {
        try await first(what, from: start) { if case .registry(let registry) = $0, match(registry) { registry } else { nil } }
    }
}
