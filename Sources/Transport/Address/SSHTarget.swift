/// A host reached with the user's own `ssh`, its configuration, keys and known hosts included.
public struct SSHTarget: Sendable, Hashable {
    public var user: String?
    public var host: String
    public var port: Int?
    /// The engine's socket on that host; nil leaves the choice to the `docker` program there.
    public var socketPath: String?

    public init(user: String? = nil, host: String, port: Int? = nil, socketPath: String? = nil) {
        self.user = user
        self.host = host
        self.port = port
        self.socketPath = socketPath
    }
}

extension SSHTarget: CustomStringConvertible {
    public var description: String {
        let login = user.map { "\($0)@" } ?? ""
        let name = host.contains(":") ? "[\(host)]" : host
        return "ssh://\(login)\(name)" + (port.map { ":\($0)" } ?? "") + (socketPath ?? "")
    }
}

extension SSHTarget {
    /// The arguments behind the program's name, as docker/cli's connhelper builds them. `--` keeps a host that begins
    /// with a dash from being read as an option.
    var arguments: [String] {
        var arguments: [String] = []
        if let user { arguments += ["-l", user] }
        if let port { arguments += ["-p", String(port)] }
        arguments += ["-o", "ConnectTimeout=30", "-T", "--", host, "docker"]
        if let socketPath { arguments.append("--host=unix://\(Self.quoted(socketPath))") }
        return arguments + ["system", "dial-stdio"]
    }

    /// sshd hands the words to a shell over there, so anything but plain path characters is quoted.
    private static func quoted(_ word: String) -> String {
        let isPlain = word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"):
                true
            default: "/._-+:@,%=".utf8.contains(byte)
            }
        }
        if isPlain { return word }
        return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
