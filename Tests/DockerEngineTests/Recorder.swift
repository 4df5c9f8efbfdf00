internal import Domain
internal import Synchronization
internal import Testing
@testable internal import DockerEngine

/// Collects what an engine tells, and waits for what a test expects of it, never longer than a limit.
final class Recorder: Sendable {
    struct TimedOut: Error, CustomStringConvertible {
        var description: String
    }

    private struct State: Sendable {
        var updates: [Update] = []
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }

    private let state = Mutex(State())

    var updates: [Update] { state.withLock { $0.updates } }
    var count: Int { state.withLock { $0.updates.count } }

    func receive(_ update: Update) {
        let waiters = state.withLock { state in
            state.updates.append(update)
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume() }
    }

    /// The first update from number `start` on for which `match` answers.
    func first<Found: Sendable>(
        _ what: String, from start: Int = 0, within limit: Duration = .seconds(20), _ match: (Update) -> Found?
    ) async throws -> Found {
        let deadline = ContinuousClock.now + limit
        var next = start
        while true {
            let all = updates
            while next < all.count {
                if let found = match(all[next]) { return found }
                next += 1
            }
            guard ContinuousClock.now < deadline else {
                throw TimedOut(description: "\(what) did not come within \(limit); \(all.count) updates, the last: \(String(describing: all.last).prefix(400))")
            }
            await more(than: next, until: deadline)
        }
    }

    private func more(than known: Int, until deadline: ContinuousClock.Instant) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // The end of the limit is an answer, so is its cancellation.
                try? await Task.sleep(until: deadline)
            }
            group.addTask { await self.change(after: known) }
            await group.next()
            group.cancelAll()
        }
    }

    private func change(after known: Int) async {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isLate = state.withLock { state in
                    guard state.updates.count <= known, !Task.isCancelled else { return true }
                    state.waiters[number] = continuation
                    return false
                }
                if isLate { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
        }
    }
}

extension Recorder {
    func freshness(_ what: String, from start: Int = 0, _ match: (Freshness) -> Bool) async throws -> Source {
        try await first(what, from: start) { update in
            if case .source(let source) = update, match(source.freshness) { source } else { nil }
        }
    }

    func live(from start: Int = 0) async throws -> Source { try await freshness("a live source", from: start) { $0.isLive } }

    func trouble(from start: Int = 0) async throws -> Trouble {
        try #require(try await freshness("a trouble", from: start) { $0.trouble != nil }.freshness.trouble)
    }

    func list(from start: Int = 0) async throws -> [Container] {
        try await first("a list of containers", from: start) { if case .containers(_, let list) = $0 { list } else { nil } }
    }

    func container(_ what: String, from start: Int = 0, _ match: (Container) -> Bool) async throws -> Container {
        try await first(what, from: start) { update in
            if case .container(let container) = update, match(container) { container } else { nil }
        }
    }

    func event(_ what: String, from start: Int = 0, _ match: (Event) -> Bool) async throws -> Event {
        try await first(what, from: start) { update in
            if case .event(let event) = update, match(event) { event } else { nil }
        }
    }
}

/// Counts the requests an engine sends.
final class RequestCounter: Sendable {
    private let requests = Mutex<[String]>([])

    func count(_ request: String) { requests.withLock { $0.append(request) } }

    var all: [String] { requests.withLock { $0 } }

    /// Whole lists, not single containers.
    var lists: Int { all.count { $0.hasSuffix("/containers/json?all=1") } }
}
