internal import NIOCore
internal import NIOPosix

/// The one thread that waits for sockets. It starts with the first connection and lives as long as the program.
///
/// NIO ignores SIGPIPE for the whole process on its first socket: Linux has no such option a socket (`SocketProtocols.swift`).
enum EventLoopThread {
    static let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
    static var loop: any EventLoop { group.any() }
}
