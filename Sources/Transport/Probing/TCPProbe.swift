internal import NIOCore
internal import NIOPosix

/// Whether a TCP port takes connections, which says nothing of what is behind it.
public enum TCPProbe {
    /// Opens a connection and closes it again, without a byte on it.
    ///
    /// - Parameter host: a name or an IP address, without brackets. Of a name's addresses the first that answers will do.
    /// - Returns: how long it took, looking up the name included.
    public static func connect(host: String, port: Int, timeout: Duration) async throws(TransportError) -> Duration {
        do throws(TransportError.Reason) {
            guard (1...65535).contains(port) else { throw .badAddress("\(port) is not a port number") }
            // A NUL byte would end the name for the resolver, and another host would be asked.
            guard !host.isEmpty, host.utf8.count <= 255, host.utf8.allSatisfy({ $0 > 0x20 && $0 != 0x7F }) else {
                throw .badAddress("the host is empty, too long, or holds a space or a control character")
            }
            return try await connect(host, port, Deadline(timeout))
        } catch {
            throw TransportError(error, address: (host.contains(":") ? "[\(host)]" : host) + ":\(port)")
        }
    }

    private static func connect(_ host: String, _ port: Int, _ deadline: Deadline) async throws(TransportError.Reason) -> Duration {
        let literal = try? SocketAddress(ipAddress: host, port: port)  // nil: it is a name
        let bootstrap = ClientBootstrap(group: EventLoopThread.group).connectTimeout(deadline.remaining)
        let began = NIODeadline.now()
        let rendezvous = Rendezvous<Duration>()
        let opened = literal.map { bootstrap.connect(to: $0) } ?? bootstrap.connect(host: host, port: port)
        opened.whenComplete { result in
            switch result {
            case .success(let channel):
                let took = Duration(NIODeadline.now() - began)
                channel.close(promise: nil)
                // The kernel may have joined our end with itself, where the port is one that it hands out to clients.
                let isItself = channel.localAddress != nil && channel.localAddress == channel.remoteAddress
                rendezvous.settle(isItself ? .failure(.refused) : .success(took))
            case .failure(let error):
                let reason = TransportError.Reason(error)
                // NIO counts what was left of the time; the error names the limit that was set.
                if case .timedOut = reason { rendezvous.settle(.failure(deadline.reason)) } else { rendezvous.settle(.failure(reason)) }
            }
        }
        return try await rendezvous.value(until: deadline)
    }
}
