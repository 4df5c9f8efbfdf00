internal import Glibc

/// The text of a small file, or in words why there is none.
struct ThemeText {
    /// Far above any theme, far below what would be felt: somebody's log file in the themes folder is not read whole.
    static let limit = 64 * 1024

    enum Reading {
        case text(String)
        case absent
        case unreadable(String)
    }

    /// Anything but a regular file counts as unreadable: a pipe in the folder must not hold the program up.
    static func read(_ path: String) -> Reading {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard file >= 0 else {
            let reason = errno
            return reason == ENOENT || reason == ENOTDIR ? .absent : .unreadable(words(reason))
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { return .unreadable(words(errno)) }
        guard status.st_mode & S_IFMT == S_IFREG else { return .unreadable("is not a regular file") }
        guard status.st_size <= limit else { return .unreadable("is larger than \(limit / 1024) KiB: not a theme") }

        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 8192)
        while bytes.count <= limit {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { return .unreadable(words(errno)) }
            if count == 0 { break }
            bytes += buffer[..<count]
        }
        guard let text = String(validating: bytes, as: UTF8.self) else { return .unreadable("is not UTF-8 text") }
        return .text(text)
    }

    private static func words(_ number: Int32) -> String {
        strerror(number).map { String(cString: $0) } ?? "error \(number)"
    }
}
