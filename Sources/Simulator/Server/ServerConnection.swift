internal import NIOCore

/// One connection: its requests one after the other, in the order in which they came.
final class ServerConnection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private enum State {
        /// → `answering`
        case reading
        /// → `reading`, `raw`
        case answering
        case raw(RawInbox)
    }

    /// A request that has begun must be there within this time.
    private static let patience = TimeAmount.seconds(30)
    /// While a request is answered, so much is taken of those behind it.
    private static let ahead = 1 << 20

    private let handler: any RequestHandler
    private var parser = RequestParser()
    private var state = State.reading
    private var answering: Task<Void, Never>?
    private var alarm: Scheduled<Void>?
    private var isReading = false
    private var hasInputEnded = false

    init(handler: any RequestHandler) { self.handler = handler }

    func channelActive(context: ChannelHandlerContext) { readOn(context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let bytes = unwrapInboundIn(data).readableBytesView
        if case .raw(let inbox) = state { inbox.put(Array(bytes)) } else { parser.take(bytes) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        isReading = false
        advance(context)
        readOn(context)
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        guard case ChannelEvent.inputClosed? = event as? ChannelEvent else { return context.fireUserInboundEventTriggered(event) }
        hasInputEnded = true
        switch state {
        case .reading: context.close(promise: nil)
        // It may only have said all that it has to say, or be gone altogether: as Go's server does, the work is ended and its result still sent.
        case .answering: answering?.cancel()
        case .raw(let inbox): inbox.end()
        }
    }

    func channelInactive(context: ChannelHandlerContext) {
        alarm?.cancel()
        answering?.cancel()
        if case .raw(let inbox) = state { inbox.end() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    /// Reading goes on while a request is answered, for else nobody would notice that the client has gone.
    private func readOn(_ context: ChannelHandlerContext) {
        guard !isReading, !hasInputEnded else { return }
        switch state {
        case .reading: break
        case .answering: if parser.heldBytes > Self.ahead { return }
        // Whoever empties it reads on.
        case .raw(let inbox): if inbox.isFull { return }
        }
        isReading = true
        context.read()
    }

    private func advance(_ context: ChannelHandlerContext) {
        while case .reading = state {
            switch parser.next() {
            case .incomplete:
                watch(context)
                return
            case .expectation: write(Array("HTTP/1.1 100 Continue\r\n\r\n".utf8), context)
            case .bad(let status):
                write(ResponseHead.failure(status), context)
                context.close(promise: nil)
                return
            case .request(let request, let isKept, let isOld): begin(request, isKept: isKept, isOld: isOld, context)
            }
        }
    }

    private func watch(_ context: ChannelHandlerContext) {
        guard parser.isAmidst, alarm == nil else { return }
        let channel = context.channel
        alarm = context.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
    }

    private func begin(_ request: ServerRequest, isKept: Bool, isOld: Bool, _ context: ChannelHandlerContext) {
        state = .answering
        alarm?.cancel()
        alarm = nil
        let exchange = Exchange(
            channel: context.channel, request: request, isKept: isKept, isOld: isOld, connection: NIOLoopBound(self, eventLoop: context.eventLoop),
            context: NIOLoopBound(context, eventLoop: context.eventLoop))
        let handler = handler
        answering = Task { await exchange.run(handler) }
    }

    fileprivate func finish(isKept: Bool, _ context: ChannelHandlerContext) {
        answering = nil
        guard isKept, !hasInputEnded, context.channel.isActive else { return context.close(promise: nil) }
        state = .reading
        advance(context)
        readOn(context)
    }

    fileprivate func turnRaw(_ inbox: RawInbox, _ context: ChannelHandlerContext) {
        state = .raw(inbox)
        inbox.put(parser.rest())
        if hasInputEnded || !context.channel.isActive { inbox.end() }
        readOn(context)
    }

    private func write(_ bytes: [UInt8], _ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
    }
}

/// A request and the way its answer takes.
private struct Exchange: Sendable {
    let channel: any Channel
    let request: ServerRequest
    let isKept: Bool
    let isOld: Bool
    let connection: NIOLoopBound<ServerConnection>
    let context: NIOLoopBound<ChannelHandlerContext>

    func run(_ handler: any RequestHandler) async {
        let isKept: Bool
        do {
            isKept = try await send(await handler.answer(request))
        } catch {
            // It could not be written: there is nobody any more to tell.
            isKept = false
        }
        channel.eventLoop.execute { connection.value.finish(isKept: isKept, context.value) }
    }

    /// Whether the connection goes on.
    private func send(_ reply: ServerReply) async throws -> Bool {
        switch reply {
        case .dropped: return false
        case .bytes(let pieces):
            for await piece in pieces where !piece.isEmpty { try await write(piece) }
            return false
        case .whole(let status, let headers, let body):
            let isBodiless = status == 204 || status == 304 || (100..<200).contains(status)
            let head = ResponseHead(status: status, headers: headers, framing: isBodiless ? .none : .length(body.count), isClosing: !isKept)
            var bytes = ByteBuffer(bytes: head.bytes)
            if !isBodiless, request.method != "HEAD" { bytes.writeBytes(body) }
            try await channel.writeAndFlush(bytes).get()
            return isKept
        case .stream(let status, let headers, let chunks):
            let isKept = isKept && !isOld
            try await write(ResponseHead(status: status, headers: headers, framing: isOld ? .none : .chunks, isClosing: !isKept).bytes)
            if request.method == "HEAD" { return isKept }
            for await chunk in chunks where !chunk.isEmpty {
                if isOld { try await write(chunk) } else { try await write(Array("\(String(chunk.count, radix: 16))\r\n".utf8) + chunk + [0x0D, 0x0A]) }
            }
            // A client that left in the middle is not told that this was all.
            if Task.isCancelled { return false }
            if !isOld { try await write(Array("0\r\n\r\n".utf8)) }
            return isKept
        case .hijacked(let status, let headers, let talk):
            let inbox = RawInbox(channel: channel)
            try await write(ResponseHead(status: status, headers: headers, framing: .none, isClosing: false).bytes)
            try await channel.eventLoop.submit { connection.value.turnRaw(inbox, context.value) }.get()
            await talk(HijackedStream(inbox: inbox))
            return false
        }
    }

    private func write(_ bytes: [UInt8]) async throws { try await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get() }
}
