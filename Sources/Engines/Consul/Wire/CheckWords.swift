internal import JSON

/// What a check does, in words, from the `Definition` that Consul keeps for checks of external nodes and, from 1.11 on, tells
/// of others in part. Agents keep theirs to themselves.
struct CheckWords: Sendable, CustomStringConvertible {
    var deed: String?
    var interval: String?
    var timeout: String?

    mutating func read(_ reader: inout JSONReader) throws(JSONReader.Malformed) {
        var method = "GET"
        var url: String?
        var other: String?
        var interval = interval, timeout = timeout
        try reader.object { reader, key throws(JSONReader.Malformed) in
            switch key {
            case "HTTP": url = try reader.string().flatMap(Self.filled)
            case "Method": method = try reader.string().flatMap(Self.filled) ?? method
            case "TCP": other = try reader.string().flatMap(Self.filled).map { "connect to \($0)" } ?? other
            case "UDP": other = try reader.string().flatMap(Self.filled).map { "send UDP to \($0)" } ?? other
            case "GRPC": other = try reader.string().flatMap(Self.filled).map { "gRPC health of \($0)" } ?? other
            case "H2PING": other = try reader.string().flatMap(Self.filled).map { "HTTP/2 ping of \($0)" } ?? other
            case "Interval": interval = try reader.string().flatMap(Self.meant) ?? interval
            case "Timeout": timeout = try reader.string().flatMap(Self.meant) ?? timeout
            default: try reader.skip()
            }
        }
        deed = url.map { "\(method) \($0)" } ?? other
        self.interval = interval
        self.timeout = timeout
    }

    var description: String {
        let parts = [deed, interval.map { "every \($0)" }, timeout.map { "time-out \($0)" }].compactMap(\.self)
        guard deed != nil, parts.count > 1 else { return parts.joined(separator: ", ") }
        return "\(parts[0]) \(parts[1...].joined(separator: ", "))"
    }

    private static func filled(_ text: String) -> String? { text.isEmpty ? nil : text }

    /// Consul prints durations that nobody set as zero.
    static func meant(_ text: String) -> String? { text.isEmpty || text == "0s" || text == "0" ? nil : text }
}
