/// The id that Registrator gives to what it registers: `host:container:port`, with `:udp` behind for UDP.
///
/// Read by the pattern that Registrator itself cleans up with, so an id is taken for Registrator's exactly when Registrator would.
public struct RegistratorID: Sendable, Hashable, CustomStringConvertible {
    /// The host name of the Registrator that made it: its container's id, unless it was given the machine's name.
    public var host: String
    public var container: String
    /// The port inside the container.
    public var port: Int
    public var isUDP: Bool

    public init(host: String, container: String, port: Int, isUDP: Bool = false) {
        self.host = host
        self.container = container
        self.port = port
        self.isUDP = isUDP
    }

    /// nil for an id of any other form.
    public init?(_ serviceID: String) {
        guard serviceID.utf8.count <= 1024 else { return nil }
        var rest = serviceID[...]
        let isUDP = rest.hasSuffix(":udp")
        if isUDP { rest = rest.dropLast(4) }
        guard let last = rest.lastIndex(of: ":") else { return nil }
        let digits = rest[rest.index(after: last)...]
        rest = rest[..<last]
        // A container's name holds no colon, so what stands before the one in front of it is the host, colons and all.
        guard let middle = rest.lastIndex(of: ":") else { return nil }
        let host = rest[..<middle]
        let container = rest[rest.index(after: middle)...]
        guard !host.isEmpty, Self.isName(container), !digits.isEmpty, digits.utf8.allSatisfy({ (48...57).contains($0) }), let port = Int(digits)
        else { return nil }
        self.init(host: String(host), container: String(container), port: port, isUDP: isUDP)
    }

    public var description: String { "\(host):\(container):\(port)" + (isUDP ? ":udp" : "") }

    /// `[a-zA-Z0-9][a-zA-Z0-9_.-]+`: what Docker allows as a container's name.
    private static func isName(_ text: Substring) -> Bool {
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: false
            }
        }
        guard let first = text.utf8.first, isAlphanumeric(first), text.utf8.count > 1 else { return false }
        return text.utf8.allSatisfy { isAlphanumeric($0) || "_.-".utf8.contains($0) }
    }
}
