#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif
internal import NIOCore
internal import NIOPosix
internal import Synchronization

/// Why a server does not stand.
struct ServerFailure: Error, CustomStringConvertible {
    let place: String
    let words: String
    var description: String { "nothing can listen at \(place): \(words)" }
}

/// A server on one unix socket or one port.
final class HTTPServer: Sendable {
    enum Place: Sendable, Hashable, CustomStringConvertible {
        case unix(path: String)
        /// The host is an IP address; port 0 is any that is free.
        case tcp(host: String, port: Int)

        var description: String {
            switch self {
            case .unix(let path): "unix://\(path)"
            case .tcp(let host, let port): "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
            }
        }
    }

    /// More clients at once are turned away.
    private static let connectionLimit = 1024

    /// `unix:///run/user/1000/practice/h1.sock`, `http://127.0.0.1:40123`.
    let url: String
    /// 0 for a unix socket.
    let port: Int
    private let place: Place
    private let listener: any Channel
    private let clients: ClientList

    static func start(at place: Place, handler: any RequestHandler) async throws -> HTTPServer {
        let clients = ClientList(limit: connectionLimit)
        let bootstrap = ServerBootstrap(group: ServerThread.group)
            .serverChannelOption(.backlog, value: 256)
            .serverChannelOption(.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(.autoRead, value: false)
            .childChannelOption(.allowRemoteHalfClosure, value: true)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try clients.admit(channel)
                    try channel.pipeline.syncOperations.addHandler(ServerConnection(handler: handler))
                }
            }
        do {
            let listener: any Channel
            switch place {
            case .unix(let path): listener = try await bootstrap.bind(unixDomainSocketPath: path, cleanupExistingSocketFile: true).get()
            case .tcp(let host, let port): listener = try await bootstrap.bind(to: SocketAddress(ipAddress: host, port: port)).get()
            }
            return HTTPServer(place, listener, clients)
        } catch {
            throw ServerFailure(place: place.description, words: "\(error)")
        }
    }

    private init(_ place: Place, _ listener: any Channel, _ clients: ClientList) {
        self.place = place
        self.listener = listener
        self.clients = clients
        switch place {
        case .unix:
            port = 0
            url = place.description
        case .tcp(let host, let wanted):
            port = listener.localAddress?.port ?? wanted
            url = Place.tcp(host: host, port: port).description
        }
    }

    /// Ends all connections as a machine does that goes off; new ones are taken.
    func cutConnections() { for client in clients.all { client.close(promise: nil) } }

    func stop() async {
        // Closed already: so much the better.
        try? await listener.close().get()
        if case .unix(let path) = place { unlink(path) }
        clients.admitNone()
        for client in clients.all { try? await client.close().get() }
    }
}

/// The one thread that waits for the servers' sockets. It starts with the first and lives as long as the program.
enum ServerThread {
    static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
}

/// Who is connected.
private final class ClientList: Sendable {
    struct Full: Error {}

    private let channels = Mutex<[ObjectIdentifier: any Channel]>([:])
    private let limit: Mutex<Int>

    init(limit: Int) { self.limit = Mutex(limit) }

    var all: [any Channel] { channels.withLock { Array($0.values) } }

    func admit(_ channel: any Channel) throws {
        let limit = limit.withLock { $0 }
        let id = ObjectIdentifier(channel)
        let isIn = channels.withLock { channels in
            guard channels.count < limit else { return false }
            channels[id] = channel
            return true
        }
        guard isIn else { throw Full() }
        channel.closeFuture.whenComplete { [weak self] _ in self?.channels.withLock { $0[id] = nil } }
    }

    func admitNone() { limit.withLock { $0 = 0 } }
}
