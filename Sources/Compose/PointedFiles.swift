internal import Domain
internal import Glibc

/// The files that a Compose file points to, relative to its folder.
final class PointedFiles {
    /// Of all of them together: each may be named many times.
    private var bytesLeft = 32 << 20
    private let folder: String
    private let read: (String) throws(Complaint) -> [UInt8]

    /// - Parameter path: of the Compose file.
    init(beside path: String, read: @escaping (String) throws(Complaint) -> [UInt8]) {
        folder = path.hasPrefix("/") ? path : Self.workingFolder + "/" + path
        self.read = read
    }

    /// `./static` as `/srv/shop/static`.
    func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/") else { return path }
        var parts: [Substring] = []
        for part in (folder.split(separator: "/").dropLast() + path.split(separator: "/")) where part != "." {
            if part == ".." { _ = parts.popLast() } else { parts.append(part) }
        }
        return "/" + parts.joined(separator: "/")
    }

    /// What the file holds that `place` names.
    func bytes(_ place: Place) throws(Trouble) -> [UInt8] {
        let path = absolute(try place.text())
        let bytes: [UInt8]
        do {
            bytes = try read(path)
        } catch {
            throw place.trouble("\(printable(path, limit: 200)) \(error.answer)", error.remedy, reason: error.reason)
        }
        bytesLeft -= bytes.count
        guard bytesLeft >= 0 else { throw place.trouble("the files it points to are more than 32 MiB together") }
        return bytes
    }

    private static var workingFolder: String {
        guard let buffer = getcwd(nil, 0) else { return "" }
        defer { free(buffer) }
        return String(cString: buffer)
    }

    /// Secrets and configs are at most 1000 KiB for a swarm (swarmkit, manager/controlapi); nothing honest is larger than this.
    private static let fileLimit = 4 << 20

    /// The bytes of a file on this machine.
    static func fromDisk(_ path: String) throws(Complaint) -> [UInt8] {
        let file = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY)
        guard file >= 0 else { throw complaint(errno) }
        defer { close(file) }
        var status = stat()
        guard fstat(file, &status) == 0 else { throw complaint(errno) }
        // A pipe would be waited for, a device need not end.
        guard status.st_mode & S_IFMT == S_IFREG else { throw Complaint("is not a regular file") }
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = buffer.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { throw complaint(errno) }
            if count == 0 { return bytes }
            bytes += buffer[..<count]
            guard bytes.count <= fileLimit else { throw Complaint("is larger than \(fileLimit >> 20) MiB") }
        }
    }

    private static func complaint(_ number: Int32) -> Complaint {
        let words = strerror(number).map { String(cString: $0).lowercased() } ?? "error \(number)"
        let reason: Trouble.Reason = switch number {
        case ENOENT, ENOTDIR: .notFound
        case EACCES, EPERM: .forbidden
        default: .malformed
        }
        return Complaint("cannot be read: \(words)", reason: reason)
    }
}
