#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif
internal import NIOCore

/// A unix socket's path in a form that fits a `sockaddr_un`, usable for as long as this lives.
final class SocketPath: Sendable {
    /// What NIO lets into `sun_path`, which holds 108 bytes on Linux.
    static let limit = 103
    /// O_PATH of fcntl.h, which glibc shows only to _GNU_SOURCE.
    private static let pathOnly: CInt = 0o10000000

    let address: SocketAddress
    private let descriptor: CInt?

    /// - Throws: what opening a long path ran into.
    init(_ path: String) throws(TransportError.Reason) {
        if path.utf8.count <= Self.limit {
            address = try Self.address(path, for: path)
            descriptor = nil
            return
        }
        #if os(Linux)
        // An O_PATH descriptor leads to the socket by a short name in /proc (proc(5)), whatever the length of its own. The
        // rights on the socket are still checked, by connect.
        let descriptor = open(path, Self.pathOnly | O_CLOEXEC)
        guard descriptor >= 0 else { throw TransportError.Reason(errno: errno, path: path) }
        self.descriptor = descriptor
        do throws(TransportError.Reason) {
            address = try Self.address("/proc/self/fd/\(descriptor)", for: path)
        } catch {
            close(descriptor)
            throw error
        }
        #else
        throw .badAddress("a socket's path has at most \(Self.limit) bytes on this system")
        #endif
    }

    deinit {
        if let descriptor { close(descriptor) }
    }

    private static func address(_ short: String, for path: String) throws(TransportError.Reason) -> SocketAddress {
        do {
            return try SocketAddress(unixDomainSocketPath: short)
        } catch {
            throw .badAddress("the socket's path \(path) is too long")
        }
    }
}
