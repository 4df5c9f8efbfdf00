import Dispatch
import Glibc

/// A DNS server on the loopback that does what a test's script says, by UDP and, at the same port, by TCP.
final class ScriptedNameServer: Sendable {
    /// One query that came, and the ways to answer it.
    struct Query {
        let bytes: [UInt8]
        /// 1 for the first that came.
        let number: Int
        fileprivate let descriptor: CInt
        fileprivate let sender: sockaddr_in

        func answer(_ bytes: [UInt8]) { send(bytes, from: descriptor) }

        /// From another port than the one that was asked.
        func forge(_ bytes: [UInt8]) {
            let other = socket(AF_INET, CInt(SOCK_DGRAM.rawValue), 0)
            send(bytes, from: other)
            close(other)
        }

        private func send(_ bytes: [UInt8], from descriptor: CInt) {
            withUnsafePointer(to: sender) {
                $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    _ = sendto(descriptor, bytes, bytes.count, 0, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        }
    }

    let port: Int
    private let stream: ScriptedServer

    /// - Parameter stream: is given each connection that comes by TCP; closing it at once is what a script that does nothing does.
    init(stream: @escaping @Sendable (Peer) -> Void = { _ in }, datagram: @escaping @Sendable (Query) -> Void) {
        self.stream = ScriptedServer.tcp(script: stream)
        port = self.stream.port
        let descriptor = socket(AF_INET, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = UInt16(port).bigEndian
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) }
        }
        precondition(result == 0, "UDP port \(port) is taken: errno \(errno)")
        // No call ends a receive of a socket without a peer, so it looks up now and then.
        var limit = timeval(tv_sec: 0, tv_usec: 50_000)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
        DispatchQueue(label: "datagrams").async { [weak self] in
            var number = 0
            var bytes = [UInt8](repeating: 0, count: 65536)
            while self != nil {
                var sender = sockaddr_in()
                var length = socklen_t(MemoryLayout<sockaddr_in>.size)
                let count = withUnsafeMutablePointer(to: &sender) {
                    $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { recvfrom(descriptor, &bytes, bytes.count, 0, $0, &length) }
                }
                guard count > 0 else { continue }
                number += 1
                datagram(Query(bytes: Array(bytes.prefix(count)), number: number, descriptor: descriptor, sender: sender))
            }
            close(descriptor)
        }
    }
}
