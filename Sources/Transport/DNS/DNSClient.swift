internal import NIOCore
internal import NIOPosix

/// Asks one DNS server, whatever the system's own resolver is set to.
public struct DNSClient: Sendable {
    private typealias Reason = TransportError.Reason

    private let server: String
    private let port: Int

    /// - Parameter server: an IP address.
    public init(server: String, port: Int) {
        self.server = server
        self.port = port
    }

    /// Asks by UDP, once more when no answer comes at first, and by TCP when the answer did not fit.
    ///
    /// - Throws: only when there was no answer. That a name does not exist is one.
    public func ask(_ name: String, _ type: DNSRecord.Kind, timeout: Duration) async throws(TransportError) -> DNSAnswer {
        do throws(Reason) {
            let question = try DNSQuestion(name, type, id: UInt16.random(in: .min ... .max))
            let deadline = Deadline(timeout)
            var message = try await askByUDP(question, extended: true, deadline)
            // 1: the server does not understand how we say what we take.
            if message.code == 1 { message = try await askByUDP(question, extended: false, deadline) }
            if message.isTruncated { message = try await askByTCP(question, deadline) }
            return message.answer
        } catch {
            throw TransportError(error, address: "the DNS server " + (server.contains(":") ? "[\(server)]" : server) + ":\(port)")
        }
    }

    private func address() throws(Reason) -> SocketAddress {
        guard (1...65535).contains(port), let address = try? SocketAddress(ipAddress: server, port: port) else {
            throw .badAddress("a DNS server is given by its IP address and port")
        }
        return address
    }

    private func askByUDP(_ question: DNSQuestion, extended: Bool, _ deadline: Deadline) async throws(Reason) -> DNSMessage {
        let address = try address()
        let rendezvous = Rendezvous<DNSMessage>()
        let bytes = ByteBuffer(bytes: question.bytes(extended: extended))
        // A connected socket: the kernel lets nobody's packets through but the server's, and tells when nobody listens there.
        let opened = DatagramBootstrap(group: EventLoopThread.group)
            .channelOption(.recvAllocator, value: FixedSizeRecvByteBufferAllocator(capacity: DNSQuestion.datagramLimit))
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(DatagramHandler(question, rendezvous))
                }
            }
            .connect(to: address)
        opened.whenComplete { result in
            switch result {
            case .success(let channel):
                channel.writeAndFlush(bytes, promise: nil)
                let again = channel.eventLoop.scheduleTask(in: .nanoseconds(deadline.remaining.nanoseconds / 3)) { channel.writeAndFlush(bytes, promise: nil) }
                channel.closeFuture.whenComplete { _ in again.cancel() }
            case .failure(let error): rendezvous.settle(.failure(Reason(error)))
            }
        }
        defer { opened.whenSuccess { $0.close(promise: nil) } }
        return try await rendezvous.value(until: deadline)
    }

    private func askByTCP(_ question: DNSQuestion, _ deadline: Deadline) async throws(Reason) -> DNSMessage {
        let address = try address()
        let rendezvous = Rendezvous<DNSMessage>()
        let query = question.bytes(extended: true)
        let bytes = ByteBuffer(bytes: [UInt8(query.count >> 8), UInt8(query.count & 0xFF)] + query)
        let opened = ClientBootstrap(group: EventLoopThread.group)
            .connectTimeout(deadline.remaining)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(StreamHandler(question, rendezvous))
                }
            }
            .connect(to: address)
        opened.whenComplete { result in
            switch result {
            case .success(let channel): channel.writeAndFlush(bytes, promise: nil)
            case .failure(let error):
                let reason = Reason(error)
                if case .timedOut = reason { rendezvous.settle(.failure(deadline.reason)) } else { rendezvous.settle(.failure(reason)) }
            }
        }
        defer { opened.whenSuccess { $0.close(promise: nil) } }
        return try await rendezvous.value(until: deadline)
    }
}

/// One question, and whoever waits for its answer.
private struct Asking {
    let question: DNSQuestion
    let rendezvous: Rendezvous<DNSMessage>

    /// What is nobody's answer is passed over: the true one may still come.
    func receive(_ bytes: ByteBuffer) {
        let bytes = Array(bytes.readableBytesView)
        do throws(DNSMessage.Malformed) {
            let message = try DNSMessage(bytes)
            if message.answers(question) { rendezvous.settle(.success(message)) }
        } catch {
            guard bytes.starts(with: [UInt8(question.id >> 8), UInt8(question.id & 0xFF)]) else { return }
            rendezvous.settle(.failure(.system("what it sent is no DNS answer: \(error.words)")))
        }
    }

    func fail(_ error: any Error) { rendezvous.settle(.failure(TransportError.Reason(error))) }
}

private final class DatagramHandler: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>

    private let asking: Asking

    init(_ question: DNSQuestion, _ rendezvous: Rendezvous<DNSMessage>) { asking = Asking(question: question, rendezvous: rendezvous) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) { asking.receive(unwrapInboundIn(data).data) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { asking.fail(error) }
}

/// Two bytes tell how long a message is; more than that a server cannot make us hold.
private final class StreamHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let asking: Asking
    private var held = ByteBuffer()

    init(_ question: DNSQuestion, _ rendezvous: Rendezvous<DNSMessage>) { asking = Asking(question: question, rendezvous: rendezvous) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        held.writeImmutableBuffer(unwrapInboundIn(data))
        while let message = held.readLengthPrefixedSlice(as: UInt16.self) { asking.receive(message) }
        held.discardReadBytes()
    }

    func channelInactive(context: ChannelHandlerContext) { asking.rendezvous.settle(.failure(.cutShort)) }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        asking.fail(error)
        context.close(promise: nil)
    }
}
