internal import Glibc
internal import Synchronization

/// A server on a unix socket that answers each request with the bytes a test gives. Plain threads and blocking calls, so
/// that nothing of what it serves has a part in how it serves.
final class ScriptedEngine: Sendable {
    enum Reply: Sendable {
        case json(String, status: Int = 200)
        case text(String, status: Int, type: String = "text/plain")
        /// A head that promises more than comes, then the end.
        case cutShort(String, promised: Int)
        /// A body in chunks that never ends.
        case endless([String])
        case raw(String)
        /// Nothing, for as long as the other side waits.
        case silence
        case hangUp
    }

    let path: String
    private let listener: Int32
    private let script: @Sendable (_ method: String, _ target: String) -> Reply
    private let connections = Mutex<Set<Int32>>([])

    struct CannotServe: Error {}

    init(_ script: @escaping @Sendable (_ method: String, _ target: String) -> Reply) throws {
        self.script = script
        path = "/tmp/bt-\(getpid())-\(UInt32.random(in: 0 ... .max)).sock"
        listener = try UnixListener.open(path)
        PosixThread.start { [self] in accept() }
    }

    func stop() {
        // Closed by who waits there: its number may be another server's a moment later.
        shutdown(listener, Int32(SHUT_RDWR))
        unlink(path)
        for descriptor in connections.withLock({ $0 }) { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    private func accept() {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else {
                close(listener)
                return
            }
            connections.withLock { _ = $0.insert(descriptor) }
            PosixThread.start { [self] in
                serve(descriptor)
                connections.withLock { _ = $0.remove(descriptor) }
                close(descriptor)
            }
        }
    }

    private func serve(_ descriptor: Int32) {
        var pending: [UInt8] = []
        while let line = requestLine(descriptor, &pending) {
            let words = line.split(separator: " ")
            guard words.count == 3 else { return }
            let method = String(words[0])
            switch script(method, String(words[1])) {
            case .json(let body, let status):
                guard answer(descriptor, method, status, "application/json", body) else { return }
            case .text(let body, let status, let type):
                guard answer(descriptor, method, status, type, body) else { return }
            case .cutShort(let body, let promised):
                write(descriptor, "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: \(promised)\r\n\r\n\(body)")
                return
            case .endless(let pieces):
                write(descriptor, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
                for piece in pieces { write(descriptor, "\(String(piece.utf8.count, radix: 16))\r\n\(piece)\r\n") }
                waitForEnd(descriptor)
                return
            case .raw(let text):
                write(descriptor, text)
                return
            case .silence:
                waitForEnd(descriptor)
                return
            case .hangUp: return
            }
        }
    }

    private func answer(_ descriptor: Int32, _ method: String, _ status: Int, _ type: String, _ body: String) -> Bool {
        let head = "HTTP/1.1 \(status) Word\r\nApi-Version: 1.41\r\nServer: Docker/20.10.24 (linux)\r\nContent-Type: \(type)\r\nContent-Length: \(body.utf8.count)\r\n\r\n"
        return write(descriptor, head + (method == "HEAD" ? "" : body))
    }

    /// The first line of the next request, its head and body passed over.
    private func requestLine(_ descriptor: Int32, _ pending: inout [UInt8]) -> Substring? {
        while true {
            let text = String(decoding: pending, as: UTF8.self)
            if let end = text.range(of: "\r\n\r\n") {
                let head = text[..<end]
                pending = Array(text[text.index(end, offsetBy: 1)...].utf8)
                return head.split(separator: "\r\n").first
            }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return nil }
            pending += buffer[..<count]
        }
    }

    private func waitForEnd(_ descriptor: Int32) {
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) > 0 {}
    }

    @discardableResult
    private func write(_ descriptor: Int32, _ text: String) -> Bool {
        Array(text.utf8).withUnsafeBytes { bytes in
            var sent = 0
            while sent < bytes.count {
                let count = send(descriptor, bytes.baseAddress.map { $0 + sent }, bytes.count - sent, Int32(MSG_NOSIGNAL))
                guard count > 0 else { return false }
                sent += count
            }
            return true
        }
    }
}

extension String {
    /// Where `text` begins, told by the index of its last character.
    fileprivate func range(of text: String) -> Index? {
        guard let found = firstRange(of: text) else { return nil }
        return index(before: found.upperBound)
    }
}

enum UnixListener {
    static func open(_ path: String) throws -> Int32 {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        guard descriptor >= 0, bound == 0, listen(descriptor, 64) == 0 else { throw ScriptedEngine.CannotServe() }
        return descriptor
    }

    static func connect(to path: String) -> Int32? {
        let descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let connected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        guard connected == 0 else {
            close(descriptor)
            return nil
        }
        return descriptor
    }
}

/// A thread that runs a closure and is never joined.
enum PosixThread {
    private final class Box {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    static func start(_ body: @escaping @Sendable () -> Void) {
        var thread = pthread_t()
        let box = Unmanaged.passRetained(Box(body)).toOpaque()
        let made = pthread_create(
            &thread, nil,
            { pointer in
                if let pointer { Unmanaged<Box>.fromOpaque(pointer).takeRetainedValue().body() }
                return nil
            }, box)
        if made == 0 { pthread_detach(thread) } else { Unmanaged<Box>.fromOpaque(box).release() }
    }
}
