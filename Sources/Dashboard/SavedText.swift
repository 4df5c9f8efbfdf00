internal import Glibc

/// A text written to a new file in the working directory. No file that exists is ever overwritten.
enum SavedText {
    struct Failure: Error, CustomStringConvertible {
        var description: String
    }

    static func write(_ text: String, named name: String) -> Result<String, Failure> {
        let stem = name.hasSuffix(".txt") ? String(name.dropLast(4)) : name
        for number in 0..<1000 {
            let path = number == 0 ? stem + ".txt" : "\(stem)-\(number).txt"
            let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            if descriptor < 0, errno == EEXIST { continue }
            guard descriptor >= 0 else { return .failure(Failure(description: "could not save to \(path): \(String(cString: strerror(errno)))")) }
            defer { close(descriptor) }
            let bytes = Array(text.utf8)
            var sent = 0
            while sent < bytes.count {
                let n = bytes[sent...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
                if n < 0 {
                    if errno == EINTR { continue }
                    return .failure(Failure(description: "could not save all of \(path): \(String(cString: strerror(errno)))"))
                }
                sent += n
            }
            return .success(path)
        }
        return .failure(Failure(description: "could not save: there are a thousand files called \(stem)-N.txt already"))
    }
}
