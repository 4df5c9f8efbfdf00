/// Cuts a stream of bytes into lines, however the pieces fall. Serves logs, newline-delimited JSON, JSON text sequences
/// (RFC 7464: each text begins with 0x1E) and server-sent events; empty lines are handed out, too.
public struct LineFraming: Sendable {
    private let limit: Int
    private let address: String
    private var pending: [UInt8] = []

    /// - Parameters:
    ///   - limit: the longest line accepted, in bytes, its end not counted.
    ///   - address: named in the error, where the bytes come from somewhere.
    public init(limit: Int = 16 << 20, address: String = "") {
        self.limit = limit
        self.address = address
    }

    /// The lines that `bytes` completes, without LF, CRLF or a leading 0x1E.
    ///
    /// - Throws: `.tooLarge` once a line is over the limit. The lines of that call are lost, the stream is of no more use.
    public mutating func receive(_ bytes: some Collection<UInt8>) throws(TransportError) -> [[UInt8]] {
        let input = Array(bytes)
        var lines: [[UInt8]] = []
        var start = 0
        while let end = input[start...].firstIndex(of: 0x0A) {
            try admit(pending.count + end - start)
            if pending.isEmpty {
                lines.append(Self.bare(input[start..<end]))
            } else {
                pending += input[start..<end]
                lines.append(Self.bare(pending[...]))
                pending.removeAll(keepingCapacity: pending.count <= 64 << 10)
            }
            start = end + 1
        }
        try admit(pending.count + input.count - start)
        pending += input[start...]
        return lines
    }

    /// What stands behind the last line end, if anything: a last line that nobody ended.
    public mutating func finish() -> [UInt8]? {
        let line = pending.isEmpty ? nil : Self.bare(pending[...])
        pending = []
        return line
    }

    private mutating func admit(_ length: Int) throws(TransportError) {
        guard length > limit else { return }
        pending = []
        throw TransportError(.tooLarge(limit: limit), address: address)
    }

    private static func bare(_ line: ArraySlice<UInt8>) -> [UInt8] {
        var line = line
        if line.last == 0x0D { line.removeLast() }
        if line.first == 0x1E { line.removeFirst() }
        return Array(line)
    }
}
