internal import Glibc

/// Why a file could not be opened or read.
struct FileFailure: Error, Hashable {
    /// `errno`.
    let code: Int32

    /// What it told of is no more: a cgroup removed while its file was held gives ENODEV, a dead process ESRCH.
    var isGone: Bool { code == ENOENT || code == ENODEV || code == ESRCH || code == ENOTDIR }
    var isDenied: Bool { code == EACCES || code == EPERM }
    /// No descriptor is left, in this process or on the machine.
    var isExhausted: Bool { code == EMFILE || code == ENFILE }
}

/// Reads files into one buffer that is reused, so that a reading allocates nothing.
///
/// The contents are lent to a closure for as long as it runs; closures must not read another file.
final class FileReader {
    private static let limit = 4 << 20
    /// Below this a pseudo file has told everything in one read: the kernel hands out records by the page (4096 bytes),
    /// and no record that we read is longer than half of one.
    private static let surelyWhole = 2048

    private var buffer = [UInt8](repeating: 0, count: 16 << 10)

    /// Contents of an open file from its start; at most 4 MiB of it.
    func read<T>(_ descriptor: Int32, _ parse: (Span<UInt8>) -> T) throws(FileFailure) -> T {
        var count = 0
        while true {
            if count == buffer.count {
                if count >= Self.limit { break }
                buffer.append(contentsOf: repeatElement(0, count: count))
            }
            let room = buffer.count - count
            let got = buffer.withUnsafeMutableBytes { bytes in
                pread(descriptor, bytes.baseAddress?.advanced(by: count), room, off_t(count))
            }
            if got < 0 {
                if errno == EINTR { continue }
                throw FileFailure(code: errno)
            }
            if got == 0 { break }
            count += got
            if count < Self.surelyWhole { break }
        }
        // A second reference for the time of the call, not a copy: spans cannot be lent out of a class's property.
        let contents = buffer
        return parse(contents.span.extracting(0..<count))
    }

    /// Contents of the file at `path`, relative to an open directory where one is given.
    func read<T>(
        _ path: String, in directory: Int32 = AT_FDCWD, _ parse: (Span<UInt8>) -> T
    ) throws(FileFailure) -> T {
        let descriptor = try Self.open(path, in: directory)
        defer { close(descriptor) }
        return try read(descriptor, parse)
    }

    static func open(_ path: String, in directory: Int32 = AT_FDCWD, flags: Int32 = 0) throws(FileFailure) -> Int32 {
        while true {
            let descriptor = openat(directory, path, O_RDONLY | O_CLOEXEC | flags)
            if descriptor >= 0 { return descriptor }
            if errno != EINTR { throw FileFailure(code: errno) }
        }
    }

    /// What identifies an open file: another file made later at the same path has another number.
    static func inode(of descriptor: Int32) -> UInt64? {
        var status = stat()
        return fstat(descriptor, &status) == 0 ? UInt64(status.st_ino) : nil
    }
}

/// The entries of a directory.
enum Directory {
    struct Entry {
        let name: String
        /// Unknown on file systems that do not tell; then one has to try.
        let mayBeDirectory: Bool
    }

    static func entries(_ path: String) throws(FileFailure) -> [Entry] {
        guard let stream = opendir(path) else { throw FileFailure(code: errno) }
        defer { closedir(stream) }
        var entries: [Entry] = []
        while let entry = readdir(stream) {
            let kind = Int32(entry.pointee.d_type)
            let name = withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name == "." || name == ".." { continue }
            entries.append(Entry(name: name, mayBeDirectory: kind == 4 || kind == 0))  // DT_DIR, DT_UNKNOWN
        }
        return entries
    }

    static func exists(_ path: String) -> Bool { access(path, F_OK) == 0 }

    /// The last component of what a symbolic link points to; nil where there is no link.
    static func target(ofLink path: String) -> String? {
        let text = withUnsafeTemporaryAllocation(byteCount: 4096, alignment: 1) { bytes -> String? in
            guard let start = bytes.baseAddress else { return nil }
            let count = readlink(path, start.assumingMemoryBound(to: CChar.self), bytes.count)
            return count > 0 ? String(decoding: bytes[0..<count], as: UTF8.self) : nil
        }
        return text?.split(separator: "/").last.map(String.init)
    }
}
