internal import CCurses

/// Wakes the loop from any thread. Many signals before the loop looks are one wake.
public final class Wakeup: Sendable {
    /// Readable while a signal has not been seen.
    let descriptor: Int32

    public init() { descriptor = wakeup_open() }

    deinit { wakeup_close(descriptor) }

    public func signal() { wakeup_signal(descriptor) }

    func clear() { wakeup_clear(descriptor) }
}
