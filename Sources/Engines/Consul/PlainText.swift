/// Text from a server on its way into a sentence for a person.
enum PlainText {
    private static let limit = 2000

    /// Control characters, which could steer a terminal, become spaces; long text is cut.
    static func printable(_ text: String) -> String {
        var clean = ""
        for scalar in text.unicodeScalars {
            let value = scalar.value
            let isControl = value < 0x20 || (value >= 0x7F && value < 0xA0)
            // Bidirectional overrides and line separators would rearrange what stands around them.
            let isSteering = (0x2028...0x202E).contains(value) || (0x2066...0x2069).contains(value)
            clean.unicodeScalars.append(isControl || isSteering ? " " : scalar)
            if clean.utf8.count > limit { return clean + "…" }
        }
        while clean.last == " " { clean.removeLast() }
        return clean
    }

    static func printable(_ body: [UInt8]) -> String { printable(String(decoding: body.prefix(limit), as: UTF8.self)) }

    /// A word as a person would type it into a POSIX shell.
    static func quoted(_ word: String) -> String {
        let isPlain = !word.isEmpty && word.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "_-./:@%+=,".utf8.contains(byte)
            }
        }
        return isPlain ? word : "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
    }
}
