import Dispatch
import Glibc
import Synchronization
import Transport

/// A server on a unix or TCP socket that does what a test's script says, byte by byte. It blocks in plain system calls on
/// threads of its own, so nothing of the code under test takes part in it.
final class ScriptedServer: Sendable {
    let address: Address
    /// The listening socket's path, for unix servers.
    let path: String?
    private let listener: CInt
    private let count = Mutex(0)

    /// How many connections were accepted so far.
    var accepted: Int { count.withLock { $0 } }

    /// - Parameter script: runs once a connection; when it returns the connection is closed.
    static func unix(folder: String = "", script: @escaping @Sendable (Peer) -> Void) -> ScriptedServer {
        let directory = temporaryDirectory() + folder
        if !folder.isEmpty { mkdir(directory, 0o700) }
        let path = "\(directory)/s"
        let listener = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let opened = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // A long path does not fit, a short way to its folder does.
        let short = path.utf8.count < 100 ? path : "/proc/self/fd/\(opened)/s"
        withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: short.utf8) }
        let result = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        close(opened)
        precondition(result == 0 && listen(listener, 64) == 0, "no listener at \(path): errno \(errno)")
        return ScriptedServer(listener, .unix(path: path), path: path, script)
    }

    static func tcp(prefix: String = "", script: @escaping @Sendable (Peer) -> Void) -> ScriptedServer {
        let (listener, port) = tcpListener()
        precondition(listen(listener, 64) == 0)
        return ScriptedServer(listener, .tcp(host: "127.0.0.1", port: port, prefix: prefix, tls: nil), path: nil, script)
    }

    /// A bound socket on the loopback, not listening: connecting to it is refused.
    static func tcpListener() -> (descriptor: CInt, port: Int) {
        let listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                precondition(bind(listener, pointer, length) == 0 && getsockname(listener, pointer, &length) == 0)
            }
        }
        return (listener, Int(UInt16(bigEndian: address.sin_port)))
    }

    /// Always answers 200 with `body`, and keeps the connection.
    static func answering(_ body: String) -> ScriptedServer {
        unix { peer in
            while peer.request() != nil { peer.write("HTTP/1.1 200 OK\r\nContent-Length: \(body.utf8.count)\r\n\r\n\(body)") }
        }
    }

    private init(_ listener: CInt, _ address: Address, path: String?, _ script: @escaping @Sendable (Peer) -> Void) {
        self.listener = listener
        self.address = address
        self.path = path
        DispatchQueue(label: "accept").async { [weak self] in
            while true {
                let descriptor = accept(listener, nil, nil)
                guard descriptor >= 0, let number = self?.admit() else {
                    if descriptor >= 0 { close(descriptor) }
                    break
                }
                // Nothing in these tests takes longer, so a hanging one fails instead.
                var limit = timeval(tv_sec: 20, tv_usec: 0)
                setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
                setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
                DispatchQueue(label: "peer").async {
                    let peer = Peer(descriptor: descriptor, number: number)
                    script(peer)
                    peer.close()
                }
            }
            close(listener)
        }
    }

    deinit {
        shutdown(listener, CInt(SHUT_RDWR))
    }

    private func admit() -> Int {
        count.withLock { count in
            count += 1
            return count
        }
    }
}

/// A folder of its own, gone when the test process ends.
func temporaryDirectory() -> String {
    makeDirectory(in: temporaryRoot)
}

private let temporaryRoot: String = {
    atexit { _ = system("rm -rf \(temporaryRoot)") }
    return makeDirectory(in: "/tmp")
}()

private func makeDirectory(in parent: String) -> String {
    var template = Array("\(parent)/transport-XXXXXX".utf8CString)
    guard mkdtemp(&template) != nil else { preconditionFailure("no temporary directory: errno \(errno)") }
    return String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
}
