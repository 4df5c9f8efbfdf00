internal import NIOCore
internal import NIOPosix

/// The name server of an agent, by UDP and TCP at the same port.
final class NameResponder: Sendable {
    let port: Int
    private let channels: [any Channel]

    /// - Parameters:
    ///   - machine: the id of the one it runs on: off or cut off, it says nothing.
    ///   - port: 0 for any that is free with both.
    static func start(cluster: PracticeCluster, machine: String, host: String, port: Int) async throws -> NameResponder {
        let desk = NameDesk(cluster: cluster, machine: machine)
        var attempts = port == 0 ? 16 : 1
        while true {
            attempts -= 1
            let datagrams: any Channel
            do {
                datagrams = try await DatagramBootstrap(group: ServerThread.group)
                    .channelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(DatagramDesk(desk)) }
                    }
                    .bind(to: SocketAddress(ipAddress: host, port: port)).get()
            } catch {
                throw ServerFailure(place: "\(host):\(port) (UDP)", words: "\(error)")
            }
            let chosen = datagrams.localAddress?.port ?? port
            do {
                let streams = try await ServerBootstrap(group: ServerThread.group)
                    .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
                    .childChannelInitializer { channel in
                        channel.eventLoop.makeCompletedFuture { try channel.pipeline.syncOperations.addHandler(StreamDesk(desk)) }
                    }
                    .bind(to: SocketAddress(ipAddress: host, port: chosen)).get()
                return NameResponder(port: chosen, channels: [datagrams, streams])
            } catch {
                // Somebody has the same port by TCP: another one, while that makes sense.
                try await datagrams.close().get()
                if attempts <= 0 { throw ServerFailure(place: "\(host):\(chosen)", words: "\(error)") }
            }
        }
    }

    private init(port: Int, channels: [any Channel]) {
        self.port = port
        self.channels = channels
    }

    func stop() async {
        // Closed already: so much the better.
        for channel in channels { try? await channel.close().get() }
    }
}

/// From the bytes of a question to those of its answer.
struct NameDesk: Sendable {
    let cluster: PracticeCluster
    let machine: String

    /// nil: nothing is said.
    func answer(_ bytes: [UInt8], isDatagram: Bool) -> [UInt8]? {
        do throws(NameQuery.Malformed) {
            let query = try NameQuery(bytes)
            let answer = cluster.with { world -> NameAnswer? in
                guard world.hosts[machine]?.isReachable ?? true else { return nil }
                return NameLookup(query, in: world.registry, now: world.now).answer()
            }
            return answer?.trimmed(to: query, isDatagram: isDatagram).bytes(to: query)
        } catch {
            if case .answered(let id) = error { return NameAnswer.malformed(id) }
            return nil
        }
    }
}

private final class DatagramDesk: ChannelInboundHandler {
    typealias InboundIn = AddressedEnvelope<ByteBuffer>
    typealias OutboundOut = AddressedEnvelope<ByteBuffer>

    private let desk: NameDesk

    init(_ desk: NameDesk) { self.desk = desk }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let question = unwrapInboundIn(data)
        guard let answer = desk.answer(Array(question.data.readableBytesView), isDatagram: true) else { return }
        context.writeAndFlush(wrapOutboundOut(AddressedEnvelope(remoteAddress: question.remoteAddress, data: ByteBuffer(bytes: answer))), promise: nil)
    }
}

/// Two bytes tell how long a message is.
private final class StreamDesk: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// A client that asks nothing for so long is sent away.
    private static let patience = TimeAmount.seconds(10)

    private let desk: NameDesk
    private var held = ByteBuffer()
    private var alarm: Scheduled<Void>?

    init(_ desk: NameDesk) { self.desk = desk }

    func channelActive(context: ChannelHandlerContext) { watch(context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        held.writeImmutableBuffer(unwrapInboundIn(data))
        watch(context)
        while let message = held.readLengthPrefixedSlice(as: UInt16.self) {
            guard let answer = desk.answer(Array(message.readableBytesView), isDatagram: false) else { return context.close(promise: nil) }
            var bytes = ByteBuffer(integer: UInt16(clamping: answer.count))
            bytes.writeBytes(answer)
            // A client that does not take its answers is not asked for more questions.
            guard context.channel.isWritable else { return context.close(promise: nil) }
            context.writeAndFlush(wrapOutboundOut(bytes), promise: nil)
        }
        held.discardReadBytes()
    }

    func channelInactive(context: ChannelHandlerContext) { alarm?.cancel() }

    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func watch(_ context: ChannelHandlerContext) {
        alarm?.cancel()
        let channel = context.channel
        alarm = context.eventLoop.scheduleTask(in: Self.patience) { channel.close(promise: nil) }
    }
}
