internal import Glibc

/// The text of a small file and the questions about paths that settings ask of a machine.
enum Disk {
    enum Reading {
        case text(String)
        case absent
        case unreadable(String)
    }

    /// docker's config.json carries credentials of every registry and may grow; nothing honest is larger than this.
    private static let limit = 4 * 1024 * 1024

    static func read(_ path: String) -> Reading {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard file >= 0 else {
            let reason = errno
            return reason == ENOENT || reason == ENOTDIR ? .absent : .unreadable(words(reason))
        }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { return .unreadable(words(errno)) }
        // A pipe would hold the start up for ever.
        guard status.st_mode & S_IFMT == S_IFREG else { return .unreadable("is not a regular file") }
        guard status.st_size <= limit else { return .unreadable("is larger than \(limit >> 20) MiB") }

        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 16 * 1024)
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

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    static func isSocket(_ path: String) -> Bool {
        var status = stat()
        return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFSOCK
    }

    /// Names in a folder, sorted, without `.` and `..`; none where it cannot be read.
    static func names(in folder: String) -> [String] {
        guard let directory = opendir(folder) else { return [] }
        defer { closedir(directory) }
        var names: [String] = []
        while let entry = readdir(directory) {
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    private static func words(_ number: Int32) -> String {
        strerror(number).map { String(cString: $0) } ?? "error \(number)"
    }
}
