internal import NIOCore

/// Sits at the end of a channel: requests out, parsed answers into the inbox, errors into words.
final class ExchangeHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = Outgoing
    typealias OutboundOut = ByteBuffer

    enum Outgoing: Sendable {
        case request(ByteBuffer, method: String, upgrading: Bool)
        /// Behind an upgrade.
        case raw(ByteBuffer)
    }

    private let inbox: Inbox
    private let process: SSHProcess?
    private var parser = ResponseParser()
    private var events: [ResponseParser.Event] = []
    /// Whether any byte ever came, in this exchange or an earlier one.
    private var hasHeard = false
    private var hasEnded = false

    init(inbox: Inbox, process: SSHProcess?) {
        self.inbox = inbox
        self.process = process
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .request(let bytes, let method, let upgrading):
            parser.begin(method: method, upgrading: upgrading)
            context.write(wrapOutboundOut(bytes), promise: promise)
        case .raw(let bytes): context.write(wrapOutboundOut(bytes), promise: promise)
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        guard bytes.readableBytes > 0 else { return }
        hasHeard = true
        inbox.heard()
        do throws(TransportError.Reason) {
            try parser.receive(&bytes, into: &events)
            handOver()
        } catch {
            handOver()
            give(up: error, context: context)
        }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if inbox.wantsMore() { context.read() }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case ChannelEvent.inputClosed? = event as? ChannelEvent { endInput(context: context) }
        context.fireUserInboundEventTriggered(event)
    }

    func channelInactive(context: ChannelHandlerContext) {
        endInput(context: context)
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        give(up: TransportError.Reason(error), context: context)
    }

    private func handOver() {
        // `deliver` may resume a reader on another thread, never call back into this handler.
        for event in events { inbox.deliver(event) }
        events.removeAll(keepingCapacity: true)
    }

    private func endInput(context: ChannelHandlerContext) {
        guard !hasEnded else { return }
        do throws(TransportError.Reason) {
            let wasIdle = parser.isIdle
            try parser.finish(into: &events)
            handOver()
            if wasIdle { give(up: .reset, context: context) }
            hasEnded = true
        } catch {
            give(up: error, context: context)
        }
        // Behind an upgrade the other direction goes on until its owner closes it; half an HTTP connection is of no use.
        if !parser.isRaw { context.close(promise: nil) }
    }

    private func give(up reason: TransportError.Reason, context: ChannelHandlerContext) {
        guard !hasEnded else { return context.close(promise: nil) }
        hasEnded = true
        if let process, !hasHeard {
            // The connection's end says little; what ssh wrote before it left says all.
            let inbox = inbox
            process.lastWords().whenSuccess { inbox.fail(.ssh($0)) }
        } else {
            inbox.fail(reason)
        }
        context.close(promise: nil)
    }
}
