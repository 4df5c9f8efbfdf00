import Glibc
import Synchronization

/// The server's end of one connection.
final class Peer: Sendable {
    let descriptor: CInt
    /// 1 for the first connection of its server.
    let number: Int
    private let isOpen = Mutex(true)

    init(descriptor: CInt, number: Int) {
        self.descriptor = descriptor
        self.number = number
    }

    /// The next request with its body, or nil at the end of the input.
    func request() -> String? {
        var text = ""
        while !text.contains("\r\n\r\n") {
            guard let byte = read(1).first else { return nil }
            text.unicodeScalars.append(UnicodeScalar(byte))
        }
        let length = text.lowercased().split(separator: "\r\n").first { $0.hasPrefix("content-length:") }
            .flatMap { Int($0.dropFirst(15).drop { $0 == " " }) }
        if let length, length > 0 { text += String(decoding: read(length), as: UTF8.self) }
        return text
    }

    /// Up to that many bytes; fewer only at the end of the input.
    func read(_ count: Int) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = bytes.withUnsafeMutableBytes { recv(descriptor, $0.baseAddress! + filled, count - filled, 0) }
            if got <= 0 { break }
            filled += got
        }
        return Array(bytes.prefix(filled))
    }

    @discardableResult
    func write(_ text: String) -> Bool { write(Array(text.utf8)) }

    /// False once the client is gone.
    @discardableResult
    func write(_ bytes: [UInt8]) -> Bool {
        var sent = 0
        while sent < bytes.count {
            let count = bytes.withUnsafeBytes {
                send(descriptor, $0.baseAddress! + sent, bytes.count - sent, CInt(MSG_NOSIGNAL))
            }
            if count <= 0 { return false }
            sent += count
        }
        return true
    }

    /// Writes until nobody takes anything for `milliseconds`, and says how many bytes that were.
    func writeUntilBlocked(_ bytes: [UInt8], milliseconds: CInt) -> Int {
        var sent = 0
        var ready = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        while sent < bytes.count, poll(&ready, 1, milliseconds) == 1 {
            let count = bytes.withUnsafeBytes {
                send(descriptor, $0.baseAddress! + sent, bytes.count - sent, CInt(MSG_NOSIGNAL | MSG_DONTWAIT))
            }
            if count <= 0 { break }
            sent += count
        }
        return sent
    }

    /// True when the client closes (or resets) within `milliseconds`; bytes it sends meanwhile are dropped.
    func clientLeaves(within milliseconds: CInt) -> Bool {
        var ready = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        var byte: UInt8 = 0
        while poll(&ready, 1, milliseconds) == 1 {
            if recv(descriptor, &byte, 1, 0) <= 0 { return true }
        }
        return false
    }

    /// Like `clientLeaves`, without taking what the client sends.
    func hangsUp(within milliseconds: CInt) -> Bool {
        var ready = pollfd(fd: descriptor, events: 0, revents: 0)
        return poll(&ready, 1, milliseconds) == 1
    }

    /// Ends our direction only.
    func end() {
        shutdown(descriptor, CInt(SHUT_WR))
    }

    /// Breaks a TCP connection with RST.
    func reset() {
        var option = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &option, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func close() {
        let wasOpen = isOpen.withLock { isOpen in
            defer { isOpen = false }
            return isOpen
        }
        if wasOpen { _ = Glibc.close(descriptor) }
    }
}
