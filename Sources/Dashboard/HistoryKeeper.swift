internal import Domain
internal import Glibc
internal import Store
internal import Synchronization

/// Writes events to the history file from a thread of its own, off the start-up path and off the loop.
final class HistoryKeeper: Sendable {
    private let path: String
    private let complain: @Sendable (String) -> Void
    private let events: AsyncStream<Event>
    private let continuation: AsyncStream<Event>.Continuation
    private let task = Mutex<_Concurrency.Task<Void, Never>?>(nil)
    private let isWritten = Mutex(true)

    init(path: String, complain: @escaping @Sendable (String) -> Void) {
        self.path = path
        self.complain = complain
        (events, continuation) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(10_000))
    }

    func record(_ event: Event) { continuation.yield(event) }

    /// Reads what earlier runs left and writes from then on.
    func open(_ restore: @escaping @Sendable ([Event]) -> Void) {
        let started = _Concurrency.Task.detached(priority: .background) { [self] in
            isWritten.withLock { $0 = false }
            defer { isWritten.withLock { $0 = true } }
            do {
                let history = try History(path: path)
                restore(try history.newest(1000))
                try history.trim()
                for await event in events { try history.append([event]) }
            } catch {
                complain("The timeline will not be kept for the next time: \(error)")
            }
        }
        task.withLock { $0 = started }
    }

    /// Ends the stream and gives the task half a second to write what is still in it.
    func close() {
        continuation.finish()
        for _ in 0..<100 where !isWritten.withLock({ $0 }) { usleep(5000) }
    }
}
