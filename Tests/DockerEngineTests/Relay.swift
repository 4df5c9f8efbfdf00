internal import Glibc
internal import Synchronization

/// A unix socket, or a port, in front of an engine's unix socket, whose connections a test can cut as an engine does that
/// stops.
final class Relay: Sendable {
    private struct State: Sendable {
        var descriptors = Set<Int32>()
        var isRefusing = false
    }

    /// Where it listens, when on a unix socket.
    let path: String
    /// Where it listens, when on a port of 127.0.0.1.
    let port: Int
    private let target: String
    private let listener: Int32
    private let state = Mutex(State())

    init(to target: String, onPort: Bool = false) throws {
        self.target = target
        path = "/tmp/bt-\(getpid())-\(UInt32.random(in: 0 ... .max)).sock"
        (listener, port) = onPort ? try PortListener.open() : (try UnixListener.open(path), 0)
        PosixThread.start { [self] in accept() }
    }

    /// Ends every connection; new ones are ended at once for as long as it refuses.
    func cut(refusing: Bool) {
        state.withLock { state in
            state.isRefusing = refusing
            for descriptor in state.descriptors { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }

    func admit() { state.withLock { $0.isRefusing = false } }

    func stop() {
        cut(refusing: true)
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        unlink(path)
    }

    private func accept() {
        while true {
            let near = Glibc.accept(listener, nil, nil)
            guard near >= 0 else { return }
            guard !state.withLock({ $0.isRefusing }), let far = UnixListener.connect(to: target) else {
                close(near)
                continue
            }
            state.withLock { $0.descriptors.formUnion([near, far]) }
            let pair = Pair(near: near, far: far)
            PosixThread.start { [self] in pump(far, near, of: pair) }
            PosixThread.start { [self] in pump(near, far, of: pair) }
        }
    }

    private func pump(_ source: Int32, _ sink: Int32, of pair: Pair) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        reading: while true {
            let count = read(source, &buffer, buffer.count)
            guard count > 0 else { break }
            var sent = 0
            while sent < count {
                let written = buffer.withUnsafeBytes { send(sink, $0.baseAddress.map { $0 + sent }, count - sent, Int32(MSG_NOSIGNAL)) }
                guard written > 0 else { break reading }
                sent += written
            }
        }
        shutdown(sink, Int32(SHUT_WR))
        guard pair.isDone() else { return }
        state.withLock { $0.descriptors.subtract([pair.near, pair.far]) }
        close(pair.near)
        close(pair.far)
    }
}

/// Two descriptors that are closed when both directions between them have ended.
private final class Pair: Sendable {
    let near: Int32
    let far: Int32
    private let ended = Mutex(0)

    init(near: Int32, far: Int32) {
        self.near = near
        self.far = far
    }

    func isDone() -> Bool {
        ended.withLock { ended in
            ended += 1
            return ended == 2
        }
    }
}

private enum PortListener {
    static func open() throws -> (descriptor: Int32, port: Int) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isThere = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, size) == 0 && listen(descriptor, 64) == 0 && getsockname(descriptor, $0, &size) == 0
            }
        }
        guard descriptor >= 0, isThere else { throw ScriptedEngine.CannotServe() }
        return (descriptor, Int(UInt16(bigEndian: address.sin_port)))
    }
}
