internal import NIOCore
internal import Synchronization

/// Wakes those who wait for something to happen.
final class NewsBell: Sendable {
    private struct Waiter {
        let sequence: UInt64
        let continuation: CheckedContinuation<Void, Never>
    }

    private struct State {
        var last: UInt64 = 0
        var nextID = 0
        var waiters: [Int: Waiter] = [:]
        /// Given up before they began to wait.
        var absent: Set<Int> = []
    }

    private let state = Mutex(State())

    /// - Parameter last: how far the world's sequence has come.
    func ring(_ last: UInt64) {
        let woken = state.withLock { state -> [Waiter] in
            guard last > state.last else { return [] }
            state.last = last
            guard !state.waiters.isEmpty else { return [] }
            let due = state.waiters.filter { $0.value.sequence < last }
            for id in due.keys { state.waiters[id] = nil }
            return Array(due.values)
        }
        for waiter in woken { waiter.continuation.resume() }
    }

    /// A fresh world counts from the beginning.
    func reset() { state.withLock { $0.last = 0 } }

    /// Returns when the sequence has passed that one, at the limit, or when the task is cancelled.
    func wait(after sequence: UInt64, atMost limit: Duration) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        let alarm = ServerThread.group.any().scheduleTask(in: TimeAmount(limit)) { [self] in dismiss(id) }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let waits = state.withLock { state in
                    if state.absent.remove(id) != nil || state.last > sequence { return false }
                    state.waiters[id] = Waiter(sequence: sequence, continuation: continuation)
                    return true
                }
                if !waits { continuation.resume() }
            }
        } onCancel: {
            dismiss(id)
        }
        alarm.cancel()
        state.withLock { state in
            // An alarm or a cancellation that came too late.
            _ = state.absent.remove(id)
        }
    }

    private func dismiss(_ id: Int) {
        let waiter = state.withLock { state in
            let waiter = state.waiters.removeValue(forKey: id)
            if waiter == nil { state.absent.insert(id) }
            return waiter
        }
        waiter?.continuation.resume()
    }
}
