/// Wakes one waiting loop. Ringing before anybody waits is kept, ringing twice counts once.
final class Bell: Sendable {
    private let continuation: AsyncStream<Void>.Continuation
    private let rings: AsyncStream<Void>

    init() {
        (rings, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    func ring() { continuation.yield() }

    /// Returns when it rings, or when the task is cancelled. One waits at a time.
    func wait() async {
        for await _ in rings { return }
    }

    /// Returns after `duration`, or at once when it rings.
    func wait(atMost duration: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // Cancellation is what ends a wait early; there is nothing to tell of it.
                try? await Task.sleep(for: duration)
            }
            group.addTask { await self.wait() }
            await group.next()
            group.cancelAll()
        }
    }
}
