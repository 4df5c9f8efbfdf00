internal import NIOCore

/// A moment on the event loop's clock, with the limit it came from for the error that names it.
struct Deadline: Sendable {
    let limit: Duration
    let instant: NIODeadline

    init(_ limit: Duration) {
        self.limit = limit
        instant = .now() + TimeAmount(limit)
    }

    var reason: TransportError.Reason { .timedOut(after: limit) }
    var remaining: TimeAmount { max(instant - .now(), .nanoseconds(1)) }
}
