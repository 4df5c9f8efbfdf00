#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// What this process holds of the machine.
struct SoakFootprint: CustomStringConvertible {
    /// Bytes in memory; 0 where the system does not tell.
    var resident: Int
    var descriptors: Int
    var threads: Int

    static var now: SoakFootprint {
        let pages = text("/proc/self/statm").split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        return SoakFootprint(resident: pages * Int(sysconf(Int32(_SC_PAGESIZE))), descriptors: count("/proc/self/fd"), threads: count("/proc/self/task"))
    }

    private static func text(_ path: String) -> String {
        let file = open(path, O_RDONLY)
        guard file >= 0 else { return "" }
        defer { close(file) }
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = read(file, &bytes, bytes.count)
        return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
    }

    private static func count(_ path: String) -> Int {
        guard let folder = opendir(path) else { return 0 }
        defer { closedir(folder) }
        var count = 0
        while readdir(folder) != nil { count += 1 }
        return count
    }

    /// What the descriptors are: `socket:[123]`, `anon_inode:[eventpoll]`.
    static var openFiles: Set<String> {
        Set((0..<1024).compactMap { number -> String? in
            var buffer = [UInt8](repeating: 0, count: 256)
            let count = buffer.withUnsafeMutableBytes { bytes in
                bytes.baseAddress.map { readlink("/proc/self/fd/\(number)", $0.assumingMemoryBound(to: CChar.self), 256) } ?? 0
            }
            return count > 0 ? "\(number) \(String(decoding: buffer.prefix(count), as: UTF8.self))" : nil
        })
    }

    var description: String { "\(resident >> 10) KB, \(descriptors) descriptors, \(threads) threads" }
}
