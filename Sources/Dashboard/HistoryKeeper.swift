internal import Domain
internal import Glibc
internal import Store
internal import Synchronization

/// Writes events and changes of checks to the history file from a task of its own, off the start-up path and off the loop.
final class HistoryKeeper: Sendable {
    /// What waits to be written; more than so much of either is not kept.
    private struct Gathered {
        static let limit = 10_000
        var events: [Event] = []
        var notes: [History.CheckNote] = []
        var isClosed = false
    }

    private static let watchInterval = Duration.seconds(60)

    private let path: String
    private let complain: @Sendable (String) -> Void
    private let gathered = Mutex(Gathered())
    /// Rings when something waits. One ring says it for all.
    private let bell: AsyncStream<Void>
    private let ringer: AsyncStream<Void>.Continuation
    private let tasks = Mutex<[_Concurrency.Task<Void, Never>]>([])
    private let isWritten = Mutex(true)

    init(path: String, complain: @escaping @Sendable (String) -> Void) {
        self.path = path
        self.complain = complain
        (bell, ringer) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    func record(_ event: Event) { gather { if $0.events.count < Gathered.limit { $0.events.append(event) } } }

    func record(_ transition: CheckTransition) { note(.changed(transition)) }

    func recordGone(_ check: Check.ID, at moment: Timestamp) { note(.gone(check, moment)) }

    private func note(_ note: History.CheckNote) { gather { if $0.notes.count < Gathered.limit { $0.notes.append(note) } } }

    private func gather(_ change: (inout sending Gathered) -> Void) {
        gathered.withLock { if !$0.isClosed { change(&$0) } }
        ringer.yield()
    }

    /// Hands over what earlier runs left and writes from then on.
    ///
    /// - Parameter watched: the spans of watching until now; asked each minute and at the end.
    func open(
        events: @escaping @Sendable ([Event]) -> Void, checks: @escaping @Sendable (PastChecks) -> Void, watched: @escaping @Sendable () -> [WatchSpan]
    ) {
        isWritten.withLock { $0 = false }
        let writing = _Concurrency.Task.detached(priority: .background) { [self] in
            defer { isWritten.withLock { $0 = true } }
            do {
                let history = try History(path: path)
                events(try history.newest(1000))
                checks(try history.pastChecks(at: Loop.wallClock()))
                try history.trim()
                try await write(to: history, watched)
            } catch {
                gathered.withLock { $0 = Gathered(isClosed: true) }
                complain("The timeline will not be kept for the next time: \(error)")
            }
        }
        let ringing = _Concurrency.Task.detached(priority: .background) { [ringer] in
            // Only cancelling ends the sleep early, and the loop with it.
            while (try? await _Concurrency.Task.sleep(for: Self.watchInterval)) != nil { ringer.yield() }
        }
        tasks.withLock { $0 = [writing, ringing] }
    }

    private func write(to history: History, _ watched: () -> [WatchSpan]) async throws {
        let clock = ContinuousClock()
        try history.extendWatch(watched())
        var nextWatch = clock.now + Self.watchInterval
        var written = 0
        for await _ in bell {
            // What comes in a burst goes to the disk in one piece. Cancelling ends the wait.
            try? await _Concurrency.Task.sleep(for: .milliseconds(100))
            written += try flush(to: history)
            if written > Gathered.limit {
                try history.trim()
                written = 0
            }
            if clock.now >= nextWatch {
                try history.extendWatch(watched())
                nextWatch = clock.now + Self.watchInterval
            }
        }
        _ = try flush(to: history)
        try history.extendWatch(watched())
    }

    private func flush(to history: History) throws -> Int {
        let batch = gathered.withLock { gathered in
            defer { gathered = Gathered() }
            return gathered
        }
        try history.append(batch.notes, events: batch.events)
        return batch.notes.count + batch.events.count
    }

    /// Has what still waits written, for which the task gets half a second.
    func close() {
        ringer.finish()
        for task in tasks.withLock({ $0 }) { task.cancel() }
        for _ in 0..<100 where !isWritten.withLock({ $0 }) { usleep(5000) }
    }
}
