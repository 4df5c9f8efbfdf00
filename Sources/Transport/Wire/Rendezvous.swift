internal import NIOCore
internal import Synchronization

/// One value from the event loop to one waiting task; a deadline or the task's cancellation may come first.
final class Rendezvous<Value: Sendable>: Sendable {
    typealias Outcome = Result<Value, TransportError.Reason>

    private enum State {
        /// → `waiting`, `settled`
        case empty
        /// → `settled`
        case waiting(CheckedContinuation<Outcome, Never>)
        case settled(Outcome)
    }

    private let state = Mutex(State.empty)

    /// False: somebody was faster, and whatever `outcome` holds is still the caller's to dispose of.
    @discardableResult
    func settle(_ outcome: Outcome) -> Bool {
        let (accepted, waiter): (Bool, CheckedContinuation<Outcome, Never>?) = state.withLock { state in
            switch state {
            case .settled: return (false, nil)
            case .empty:
                state = .settled(outcome)
                return (true, nil)
            case .waiting(let waiter):
                state = .settled(outcome)
                return (true, waiter)
            }
        }
        waiter?.resume(returning: outcome)
        return accepted
    }

    /// Waits, once.
    func value(until deadline: Deadline? = nil) async throws(TransportError.Reason) -> Value {
        let alarm = deadline.map { deadline in
            EventLoopThread.loop.scheduleTask(deadline: deadline.instant) { _ = self.settle(.failure(deadline.reason)) }
        }
        defer { alarm?.cancel() }
        let outcome = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let settled: Outcome? = state.withLock { state in
                    if case .settled(let outcome) = state { return outcome }
                    state = .waiting(continuation)
                    return nil
                }
                if let settled { continuation.resume(returning: settled) }
            }
        } onCancel: {
            settle(.failure(.cancelled))
        }
        return try outcome.get()
    }
}
