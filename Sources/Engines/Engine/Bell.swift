/// Wakes one waiting loop. Ringing before anybody waits is kept, ringing twice counts once.
package final class Bell: Sendable {
    private let continuation: AsyncStream<Void>.Continuation
    /// One reader; ends when the reader's task is cancelled.
    package let rings: AsyncStream<Void>

    package init() {
        (rings, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    package func ring() { continuation.yield() }

    /// The loop ends once it has taken the rings before.
    package func finish() { continuation.finish() }

    /// Returns when it rings, or when the task is cancelled. One waits at a time.
    package func wait() async {
        for await _ in rings { return }
    }

    /// Returns after `duration`, or at once when it rings.
    package func wait(atMost duration: Duration) async {
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
