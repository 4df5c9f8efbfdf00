/// Wakes one waiting loop. Ringing before anybody waits is kept, ringing twice counts once.
final class Bell: Sendable {
    private let continuation: AsyncStream<Void>.Continuation
    /// One reader; ends when the reader's task is cancelled.
    let rings: AsyncStream<Void>

    init() {
        (rings, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    }

    func ring() { continuation.yield() }

    /// The loop ends once it has taken the rings before.
    func finish() { continuation.finish() }

    /// Returns after `duration`, or at once when it rings.
    func wait(atMost duration: Duration) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // Cancellation is what ends a wait early; there is nothing to tell of it.
                try? await Task.sleep(for: duration)
            }
            group.addTask { for await _ in self.rings { break } }
            await group.next()
            group.cancelAll()
        }
    }
}
