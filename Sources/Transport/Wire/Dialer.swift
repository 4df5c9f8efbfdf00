internal import NIOCore
internal import NIOPosix

/// Opens connections to one address.
final class Dialer: Sendable {
    typealias Reason = TransportError.Reason

    let address: Address
    private let tls: TLSContext?
    private let sshProgram: String?

    /// - Parameter sshProgram: in place of `ssh`; nil asks the environment (see `SSHProcess`).
    init(address: Address, sshProgram: String?) {
        self.address = address
        self.sshProgram = sshProgram
        tls = if case .tcp(_, _, _, .some(let options)) = address { TLSContext(options) } else { nil }
    }

    /// A connected channel with everything in place. A TLS handshake is still going on: its failure reaches whoever reads
    /// the first answer, just as a refused client certificate does in TLS 1.3.
    func dial(until deadline: Deadline) async throws(TransportError) -> Connection {
        do throws(Reason) {
            switch address {
            case .unix(let path): return try await unix(path, deadline)
            case .tcp(let host, let port, _, _): return try await tcp(host, port, deadline)
            case .ssh(let target): return try await ssh(target, deadline)
            }
        } catch {
            throw TransportError(error, address: address.description)
        }
    }

    private func unix(_ path: String, _ deadline: Deadline) async throws(Reason) -> Connection {
        let short = try SocketPath(path)
        let socketAddress = short.address
        let connection = try await connection(deadline, path: path) { $0.connect(to: socketAddress) }
        // A long path needs its descriptor until the socket is connected.
        return withExtendedLifetime(short) { connection }
    }

    private func tcp(_ host: String, _ port: Int, _ deadline: Deadline) async throws(Reason) -> Connection {
        // A literal address needs neither the resolver's thread nor its two families racing.
        let literal = try? SocketAddress(ipAddress: host, port: port)  // nil: it is a name
        try tls?.prepare()
        return try await connection(deadline) { bootstrap in
            let bootstrap =
                bootstrap
                .channelOption(.socketOption(.so_keepalive), value: 1)
                .channelOption(.tcpOption(.tcp_nodelay), value: 1)
            if let literal { return bootstrap.connect(to: literal) }
            return bootstrap.connect(host: host, port: port)
        } prepare: { [tls] channel in
            guard let tls else { return }
            try channel.pipeline.syncOperations.addHandler(try tls.handler(host: host, isIPAddress: literal != nil))
        }
    }

    private func ssh(_ target: SSHTarget, _ deadline: Deadline) async throws(Reason) -> Connection {
        let process = try SSHProcess.start(target, program: sshProgram)
        return try await connection(deadline, process: process) { $0.withConnectedSocket(process.socket) }
    }

    private func connection(
        _ deadline: Deadline, path: String? = nil, process: SSHProcess? = nil,
        by connect: (ClientBootstrap) -> EventLoopFuture<any Channel>,
        prepare: @escaping @Sendable (any Channel) throws -> Void = { _ in }
    ) async throws(Reason) -> Connection {
        let inbox = Inbox()
        let address = address
        // Reading is on demand (back-pressure), and a peer that stops sending may still listen (exec, attach).
        let bootstrap = ClientBootstrap(group: EventLoopThread.group)
            .connectTimeout(deadline.remaining)
            .channelOption(.autoRead, value: false)
            .channelOption(.allowRemoteHalfClosure, value: true)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try prepare(channel)
                    try channel.pipeline.syncOperations.addHandler(ExchangeHandler(inbox: inbox, process: process))
                }
            }
        let rendezvous = Rendezvous<Connection>()
        connect(bootstrap).whenComplete { result in
            switch result {
            case .success(let channel):
                channel.closeFuture.whenComplete { _ in process?.end() }
                let connection = Connection(address: address, channel: channel, inbox: inbox)
                guard rendezvous.settle(.success(connection)) else { return channel.close(promise: nil) }
                channel.read()
            case .failure(let error):
                process?.end()
                rendezvous.settle(.failure(Self.reason(error, path: path, deadline)))
            }
        }
        return try await rendezvous.value(until: deadline)
    }

    /// NIO counts what was left for the connection; the error names the limit the caller set.
    private static func reason(_ error: any Error, path: String?, _ deadline: Deadline) -> Reason {
        let reason = Reason(error, path: path)
        if case .timedOut = reason { return deadline.reason }
        return reason
    }
}
