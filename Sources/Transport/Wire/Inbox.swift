internal import NIOCore
internal import Synchronization

/// What the event loop has read of one connection and its one reader has not yet taken: the only meeting place of the two.
final class Inbox: Sendable {
    typealias Event = ResponseParser.Event
    typealias Reason = TransportError.Reason
    typealias Waiter = CheckedContinuation<Result<Event, Reason>, Never>

    /// Bytes held before reading from the socket pauses: the back-pressure a slow reader exerts.
    static let highWater = 64 << 10

    private struct State {
        var exchange = 0
        var events = CircularBuffer<Event>()
        var byteCount = 0
        /// The end was handed out; it stays the answer until the next exchange.
        var isAtEnd = false
        /// Why nothing more comes behind `events`.
        var failure: Reason?
        var waiter: Waiter?
        var isPaused = false
        var hasHeard = false
    }

    private let state = Mutex(State())

    /// Whether any byte of the current answer came.
    var hasHeard: Bool { state.withLock { $0.hasHeard } }

    /// Whether nothing was left over or went wrong, so that another exchange may begin.
    var isClean: Bool { state.withLock { $0.failure == nil && $0.events.isEmpty && $0.waiter == nil } }

    /// A new exchange. Its number lets `fail` tell late alarms from due ones.
    func begin() -> Int {
        state.withLock { state in
            state.exchange += 1
            state.isAtEnd = false
            state.hasHeard = false
            return state.exchange
        }
    }

    /// The exchange is over: alarms set for it no longer matter.
    func end() {
        state.withLock { $0.exchange += 1 }
    }

    // MARK: The event loop's side

    func heard() {
        state.withLock { $0.hasHeard = true }
    }

    func deliver(_ event: Event) {
        let waiter: Waiter? = state.withLock { state in
            // Behind a failure there is nothing: our own closing must not look like the answer's end.
            guard state.failure == nil else { return nil }
            guard let waiter = state.waiter else {
                if case .bytes(let bytes) = event { state.byteCount += bytes.count }
                state.events.append(event)
                return nil
            }
            state.waiter = nil
            if case .end = event { state.isAtEnd = true }
            return waiter
        }
        waiter?.resume(returning: .success(event))
    }

    /// Whether to read on. After a no, `take` or `park` asks for the next read.
    func wantsMore() -> Bool {
        state.withLock { state in
            state.isPaused = state.byteCount >= Self.highWater
            return !state.isPaused
        }
    }

    // MARK: Either side

    /// Nothing more will come. The first reason counts; what came before it is still handed out, unless the reader itself
    /// gave up.
    ///
    /// - Parameter exchange: the one the reason is about; a later one is left alone. Nil: whichever it is.
    @discardableResult
    func fail(_ reason: Reason, exchange: Int? = nil) -> Bool {
        let outcome: (accepted: Bool, waiter: Waiter?) = state.withLock { state in
            guard state.failure == nil, exchange == nil || exchange == state.exchange else { return (false, nil) }
            state.failure = reason
            if reason == .cancelled {
                state.events.removeAll()
                state.byteCount = 0
            }
            defer { state.waiter = nil }
            return (true, state.waiter)
        }
        outcome.waiter?.resume(returning: .failure(reason))
        return outcome.accepted
    }

    // MARK: The reader's side

    /// Resumes `waiter` with the next event as soon as there is one. True: the caller must ask the socket to read on.
    func park(_ waiter: Waiter) -> Bool {
        let (result, resumesReading): (Result<Event, Reason>?, Bool) = state.withLock { state in
            if let event = state.events.popFirst() {
                if case .bytes(let bytes) = event { state.byteCount -= bytes.count }
                if case .end = event { state.isAtEnd = true }
                let resumesReading = state.isPaused && state.byteCount < Self.highWater / 2
                if resumesReading { state.isPaused = false }
                return (.success(event), resumesReading)
            }
            if state.isAtEnd { return (.success(.end), false) }
            if let failure = state.failure { return (.failure(failure), false) }
            guard state.waiter == nil else {
                return (.failure(.badRequest("two tasks read from one connection at once")), false)
            }
            state.waiter = waiter
            return (nil, false)
        }
        if let result { waiter.resume(returning: result) }
        return resumesReading
    }
}
