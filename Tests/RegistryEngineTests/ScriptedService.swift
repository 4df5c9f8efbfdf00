internal import Glibc
internal import Synchronization

/// An HTTP server on a free port of this machine that answers each request with the bytes a test gives, then hangs up. Plain threads and
/// blocking calls.
final class ScriptedService: Sendable {
    enum Reply: Sendable {
        case status(Int, String)
        /// Sent as it is; the connection stays open until the other side ends it.
        case open(String)
        /// Nothing, for as long as the other side waits.
        case silence
    }

    struct CannotServe: Error {}

    let port: Int
    private let listener: Int32
    private let script: Mutex<@Sendable (_ line: String) -> Reply>
    private let heard = Mutex<[String]>([])

    /// The request lines so far.
    var requests: [String] { heard.withLock { $0 } }

    init(_ script: @escaping @Sendable (_ line: String) -> Reply = { _ in .status(200, "fine") }) throws {
        self.script = Mutex(script)
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        let size = socklen_t(MemoryLayout<sockaddr_in>.size)
        var length = size
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { bind(listener, $0, size) == 0 && getsockname(listener, $0, &length) == 0 }
        }
        guard listener >= 0, isBound, listen(listener, 64) == 0 else { throw CannotServe() }
        self.listener = listener
        port = Int(UInt16(bigEndian: address.sin_port))
        PosixThread.start { [self] in accept() }
    }

    func answer(_ script: @escaping @Sendable (_ line: String) -> Reply) { self.script.withLock { $0 = script } }

    /// From now on connections are refused.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        close(listener)
    }

    private func accept() {
        while true {
            let descriptor = Glibc.accept(listener, nil, nil)
            guard descriptor >= 0 else { return }
            PosixThread.start { [self] in
                serve(descriptor)
                close(descriptor)
            }
        }
    }

    private func serve(_ descriptor: Int32) {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 4096)
        while bytes.firstRange(of: Array("\r\n\r\n".utf8)) == nil {
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return }
            bytes += buffer[..<count]
        }
        let line = String(decoding: bytes.prefix { $0 != UInt8(ascii: "\r") }, as: UTF8.self)
        heard.withLock { $0.append(line) }
        switch script.withLock({ $0 })(line) {
        case .status(let code, let body):
            send(descriptor, "HTTP/1.1 \(code) Word\r\nContent-Length: \(body.utf8.count)\r\nLocation: /elsewhere\r\n\r\n\(body)")
        case .open(let text):
            send(descriptor, text)
            waitForEnd(descriptor)
        case .silence: waitForEnd(descriptor)
        }
    }

    private func waitForEnd(_ descriptor: Int32) {
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) > 0 {}
    }

    private func send(_ descriptor: Int32, _ text: String) {
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let sent = rest.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            guard sent > 0 else { return }
            rest = rest.dropFirst(sent)
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
