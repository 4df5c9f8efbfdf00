internal import Glibc
internal import Synchronization
internal import Testing
internal import Transport

/// An agent on a unix socket that answers each request with what a test gives. Plain threads and blocking calls, so that
/// nothing of what it serves has a part in how it serves.
final class ScriptedConsul: Sendable {
    struct Reply: Sendable, CustomTestStringConvertible {
        enum Way: Sendable { case whole, cutShort, silence, hangUp, raw }

        var status = 200
        var body: [UInt8] = []
        var headers: [String] = []
        var way = Way.whole

        var testDescription: String { "\(status), \(way): \(String(decoding: body.prefix(40), as: UTF8.self))" }

        static func json(_ body: String, index: String? = nil, status: Int = 200, _ headers: [String] = []) -> Reply {
            Reply(status: status, body: Array(body.utf8), headers: headers + (index.map { ["X-Consul-Index: \($0)"] } ?? []))
        }
        static func text(_ body: String, _ status: Int, _ headers: [String] = []) -> Reply { Reply(status: status, body: Array(body.utf8), headers: headers) }
        static func cutShort(_ body: String) -> Reply { Reply(body: Array(body.utf8), way: .cutShort) }
        static func raw(_ text: String) -> Reply { Reply(body: Array(text.utf8), way: .raw) }
        /// Nothing, for as long as the other side waits.
        static let silence = Reply(way: .silence)
        static let hangUp = Reply(way: .hangUp)
    }

    struct CannotServe: Error {}

    let path: String
    private let listener: Int32
    private let script: @Sendable (_ method: String, _ target: String) -> Reply
    private let connections = Mutex<Set<Int32>>([])
    private let asked = Mutex<[String]>([])

    /// `GET /v1/agent/self`, in the order they came.
    var requests: [String] { asked.withLock { $0 } }

    init(_ script: @escaping @Sendable (_ method: String, _ target: String) -> Reply) throws {
        self.script = script
        path = "/tmp/bt-consul-\(getpid())-\(UInt32.random(in: 0 ... .max)).sock"
        listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
        let bound = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size)) }
        }
        guard listener >= 0, bound == 0, listen(listener, 64) == 0 else { throw CannotServe() }
        PosixThread.start { [self] in accept() }
    }

    var address: Address { .unix(path: path) }

    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
        unlink(path)
        for descriptor in connections.withLock({ $0 }) { shutdown(descriptor, Int32(SHUT_RDWR)) }
    }

    private func accept() {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else { return }
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
        while let (method, target) = request(descriptor, &pending) {
            asked.withLock { $0.append("\(method) \(target)") }
            let reply = script(method, target)
            switch reply.way {
            case .whole:
                let head = "HTTP/1.1 \(reply.status) Word\r\n" + reply.headers.map { $0 + "\r\n" }.joined() + "Content-Length: \(reply.body.count)\r\n\r\n"
                guard write(descriptor, Array(head.utf8) + reply.body) else { return }
            case .cutShort:
                write(descriptor, Array("HTTP/1.1 200 OK\r\nContent-Length: \(reply.body.count + 100)\r\n\r\n".utf8) + reply.body)
                return
            case .raw:
                write(descriptor, reply.body)
                return
            case .silence:
                var byte: UInt8 = 0
                while read(descriptor, &byte, 1) > 0 {}
                return
            case .hangUp: return
            }
        }
    }

    /// The next request's method and target; its body is passed over.
    private func request(_ descriptor: Int32, _ pending: inout [UInt8]) -> (String, String)? {
        while true {
            let text = String(decoding: pending, as: UTF8.self)
            if let end = text.firstRange(of: "\r\n\r\n") {
                let lines = text[..<end.lowerBound].split(separator: "\r\n")
                let length = lines.compactMap { $0.lowercased().hasPrefix("content-length:") ? Int($0.split(separator: " ")[1]) : nil }.first ?? 0
                let rest = Array(text[end.upperBound...].utf8)
                if rest.count >= length {
                    pending = Array(rest.dropFirst(length))
                    let words = lines.first?.split(separator: " ") ?? []
                    return words.count == 3 ? (String(words[0]), String(words[1])) : nil
                }
            }
            var buffer = [UInt8](repeating: 0, count: 4096)
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return nil }
            pending += buffer[..<count]
        }
    }

    @discardableResult
    private func write(_ descriptor: Int32, _ bytes: [UInt8]) -> Bool {
        bytes.withUnsafeBytes { bytes in
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

/// A number that the threads of a script count up.
final class Counter: Sendable {
    private let value = Mutex(0)
    var count: Int { value.withLock { $0 } }

    @discardableResult
    func next() -> Int {
        value.withLock { value in
            value += 1
            return value
        }
    }
}
