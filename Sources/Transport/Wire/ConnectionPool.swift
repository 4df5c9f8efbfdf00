internal import NIOCore
internal import Synchronization

/// The keep-alive connections of one client: at most `maximum` in use or idle at a time, further requests wait in order.
final class ConnectionPool: Sendable {
    /// Nil stands for the right to dial one more.
    typealias Lease = Connection?

    fileprivate struct State {
        var idle: [Connection] = []
        var inUse = 0
        var waiting = CircularBuffer<Rendezvous<Lease>>()
        /// Everything open, streams and upgraded connections included, so that `shutdown` finds it.
        var open: [ObjectIdentifier: Connection] = [:]
        var isShut = false
    }

    private let dialer: Dialer
    private let maximum: Int
    private let state = Mutex(State())

    init(dialer: Dialer, maximum: Int) {
        precondition(maximum > 0, "a client needs at least one connection")
        self.dialer = dialer
        self.maximum = maximum
    }

    /// An idle connection or the right to dial, at once or when somebody gives one back. What is taken must be given back.
    func take(until deadline: Deadline) async throws(TransportError) -> Lease {
        let wait: Rendezvous<Lease>
        switch state.withLock({ $0.take(maximum: maximum) }) {
        case .lease(let lease): return lease
        case .wait(let rendezvous): wait = rendezvous
        case .shut: throw error(.cancelled)
        }
        do throws(TransportError.Reason) {
            return try await wait.value(until: deadline)
        } catch {
            throw self.error(error)
        }
    }

    /// - Parameter connection: nil when it is of no more use; the place it took is free then.
    func giveBack(_ connection: Connection?) {
        let lease = connection.flatMap { $0.isReusable ? $0 : nil }
        if lease == nil { connection?.abandon(.reset) }
        while let next = state.withLock({ $0.nextInLine(for: lease) }) {
            // One who gave up in the meantime is passed over.
            if next.settle(.success(lease)) { return }
        }
    }

    /// Opens a connection, counted or not.
    func dial(until deadline: Deadline) async throws(TransportError) -> Connection {
        let connection = try await dialer.dial(until: deadline)
        let key = ObjectIdentifier(connection)
        let isShut = state.withLock { state in
            if !state.isShut { state.open[key] = connection }
            return state.isShut
        }
        if isShut {
            connection.abandon(.cancelled)
            throw error(.cancelled)
        }
        connection.closed.whenComplete { [weak self] _ in self?.forget(key) }
        return connection
    }

    /// Closes what is idle; what is in use is left to its user.
    func closeIdle() {
        let idle = state.withLock { state in
            defer { state.idle = [] }
            return state.idle
        }
        for connection in idle { connection.abandon(.cancelled) }
    }

    /// Closes everything, and returns when it is closed.
    func shutdown() async {
        let (open, waiting) = state.withLock { state in
            defer {
                state.isShut = true
                state.idle = []
                state.waiting.removeAll()
            }
            return (Array(state.open.values), Array(state.waiting))
        }
        for rendezvous in waiting { rendezvous.settle(.failure(.cancelled)) }
        for connection in open { connection.abandon(.cancelled) }
        for connection in open { await connection.close() }
    }

    private func forget(_ key: ObjectIdentifier) {
        state.withLock { state in
            guard let connection = state.open.removeValue(forKey: key) else { return }
            state.idle.removeAll { $0 === connection }
        }
    }

    private func error(_ reason: TransportError.Reason) -> TransportError {
        TransportError(reason, address: dialer.address.description)
    }
}

extension ConnectionPool.State {
    enum Answer {
        case lease(ConnectionPool.Lease)
        case wait(Rendezvous<ConnectionPool.Lease>)
        case shut
    }

    mutating func take(maximum: Int) -> Answer {
        if isShut { return .shut }
        // The one used last is the one least likely to have been closed by an idle server.
        while let connection = idle.popLast() {
            guard connection.isReusable else { continue }
            inUse += 1
            return .lease(connection)
        }
        if inUse < maximum {
            inUse += 1
            return .lease(nil)
        }
        let rendezvous = Rendezvous<ConnectionPool.Lease>()
        waiting.append(rendezvous)
        return .wait(rendezvous)
    }

    /// Who gets what was given back; with nobody waiting the place becomes free.
    mutating func nextInLine(for lease: ConnectionPool.Lease) -> Rendezvous<ConnectionPool.Lease>? {
        if let next = waiting.popFirst() { return next }
        inUse -= 1
        if let lease, !isShut { idle.append(lease) }
        return nil
    }
}
