/// The sequence that asks a terminal to take a text into its clipboard.
enum Clipboard {
    /// Terminals and tmux drop longer ones whole.
    static let limit = 74 * 1024

    static func sequence(for text: String, term: String) -> [UInt8]? {
        // They would show the text instead.
        if term.hasPrefix("linux") || term.hasPrefix("vt1") || term.hasPrefix("vt2") { return nil }
        let count = (text.utf8.count + 2) / 3 * 4
        guard count <= limit else { return nil }
        return Array("\u{1B}]52;c;".utf8) + base64(Array(text.utf8)) + [7]
    }

    static func base64(_ bytes: [UInt8]) -> [UInt8] {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var result: [UInt8] = []
        result.reserveCapacity((bytes.count + 2) / 3 * 4)
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var bits = group.reduce(0) { $0 << 8 | UInt32($1) }
            bits <<= UInt32(3 - group.count) * 8
            for index in 0..<4 {
                result.append(index <= group.count ? alphabet[Int(bits >> UInt32(18 - 6 * index) & 63)] : UInt8(ascii: "="))
            }
        }
        return result
    }
}
