internal import NIOCore

/// One open channel as its user sees it: begin an exchange, take the answer's events, close.
final class Connection: Sendable {
    let address: Address
    private let channel: any Channel
    private let inbox: Inbox

    init(address: Address, channel: any Channel, inbox: Inbox) {
        self.address = address
        self.channel = channel
        self.inbox = inbox
    }

    var hasHeard: Bool { inbox.hasHeard }
    /// Whether another exchange may begin on it, as far as is known.
    var isReusable: Bool { channel.isActive && inbox.isClean }
    var closed: EventLoopFuture<Void> { channel.closeFuture }

    /// Sends a request and sets the alarm for its answer. The caller cancels the alarm when enough of it has come.
    func begin(_ request: [UInt8], method: String, upgrading: Bool = false, deadline: Deadline) -> Alarm {
        let exchange = inbox.begin()
        let inbox = inbox
        let channel = channel
        let outgoing = ExchangeHandler.Outgoing.request(ByteBuffer(bytes: request), method: method, upgrading: upgrading)
        // A failed write closes the channel, and the inbox hears of that.
        channel.writeAndFlush(outgoing, promise: nil)
        return Alarm(
            scheduled: channel.eventLoop.scheduleTask(deadline: deadline.instant) {
                if inbox.fail(deadline.reason, exchange: exchange) { channel.close(promise: nil) }
            })
    }

    /// The answer is complete, the connection idle.
    func end() {
        inbox.end()
    }

    /// The next event of the answer. Cancelling the task closes the connection.
    func next() async throws(TransportError) -> ResponseParser.Event {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { waiter in
                if inbox.park(waiter) { channel.read() }
            }
        } onCancel: {
            abandon(.cancelled)
        }
        do throws(TransportError.Reason) {
            return try result.get()
        } catch {
            throw TransportError(error, address: address.description)
        }
    }

    /// The head of the answer.
    func head() async throws(TransportError) -> ResponseHead {
        guard case .head(let head) = try await next() else {
            throw TransportError(.notHTTP("a body before a head"), address: address.description)
        }
        return head
    }

    /// Bytes behind an upgrade. Returns when the system has taken them; cancelling closes the connection, since nobody can
    /// tell how many of them went out.
    func write(_ bytes: [UInt8]) async throws(TransportError) {
        let rendezvous = Rendezvous<Void>()
        channel.writeAndFlush(ExchangeHandler.Outgoing.raw(ByteBuffer(bytes: bytes))).whenComplete { result in
            rendezvous.settle(result.mapError { TransportError.Reason($0) })
        }
        do throws(TransportError.Reason) {
            try await rendezvous.value()
        } catch {
            abandon(error)
            throw TransportError(error, address: address.description)
        }
    }

    /// Tells the peer that nothing more is written, after what was.
    func closeOutput() async {
        let rendezvous = Rendezvous<Void>()
        // A direction that is closed already has what was asked for, so the outcome does not matter.
        channel.close(mode: .output).whenComplete { _ in rendezvous.settle(.success(())) }
        try? await rendezvous.value()  // only cancellation can fail it: the caller did not want to wait
    }

    /// Ends everything, and returns when the socket is closed.
    func close() async {
        abandon(.cancelled)
        let rendezvous = Rendezvous<Void>()
        closed.whenComplete { _ in rendezvous.settle(.success(())) }
        try? await rendezvous.value()  // only cancellation can fail it: the caller did not want to wait
    }

    /// Ends everything at once: readers get `reason`.
    func abandon(_ reason: TransportError.Reason) {
        inbox.fail(reason)
        channel.close(promise: nil)
    }
}

/// Ends an exchange that takes too long, unless cancelled in time.
struct Alarm: Sendable {
    fileprivate let scheduled: Scheduled<Void>

    func cancel() {
        scheduled.cancel()
    }
}
