internal import Glibc
internal import Panes

/// Standard output and error, written whole and at once: nothing of it goes through a buffered stream.
enum Standard {
    static func output(_ text: String) { write(text, to: 1) }
    static func error(_ text: String) { write(text, to: 2) }

    private static func write(_ text: String, to descriptor: Int32) {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let n = bytes[sent...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if n < 0 {
                if errno == EINTR { continue }
                return
            }
            sent += n
        }
    }
}

/// What the process was given.
enum Environment {
    static func all() -> [String: String] {
        var all: [String: String] = [:]
        var entry = environ
        while let pointer = entry.pointee {
            let text = String(cString: pointer)
            if let cut = text.firstIndex(of: "=") { all[String(text[..<cut])] = String(text[text.index(after: cut)...]) }
            entry += 1
        }
        return all
    }

    /// What this machine calls itself; empty where it does not.
    static func hostname() -> String {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return "" }
        return String(decoding: name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// Seconds east of UTC, here and now.
    static func utcOffset() -> Int {
        var now = time(nil)
        var local = tm()
        localtime_r(&now, &local)
        return local.tm_gmtoff
    }
}

/// Where journal and history are kept; only its owner may look in.
enum StateFolder {
    /// What cannot be made is complained about by whoever wants to write there.
    static func make(_ path: String) {
        var part = ""
        for name in path.split(separator: "/") {
            part += "/" + name
            mkdir(part, 0o700)
        }
    }
}

enum KeyDocumentation {
    static func markdown() -> String { HelpText.markdown() }
}
