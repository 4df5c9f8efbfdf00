internal import Curses
internal import Synchronization

/// Where answers from other threads wait for the loop. Posting wakes it.
final class Mailbox: Sendable {
    private struct State {
        var messages: [Message] = []
        var hasNews = false
    }

    private let state = Mutex(State())
    let wakeup = Wakeup()

    func post(_ message: Message) {
        state.withLock { $0.messages.append(message) }
        wakeup.signal()
    }

    /// The store has something new. Said once however often it happens before the loop looks.
    func announce() {
        let isFirst = state.withLock { state in
            defer { state.hasNews = true }
            return !state.hasNews
        }
        if isFirst { wakeup.signal() }
    }

    func drain() -> (messages: [Message], hasNews: Bool) {
        state.withLock { state in
            defer { state = State() }
            return (state.messages, state.hasNews)
        }
    }
}
