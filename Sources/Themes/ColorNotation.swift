internal import Drawing

/// Colours as theme files write them.
extension Color {
    /// The terminal's sixteen by the numbers that every terminal gives them.
    static let names = [
        "black", "red", "green", "yellow", "blue", "magenta", "cyan", "white",
        "bright-black", "bright-red", "bright-green", "bright-yellow", "bright-blue", "bright-magenta", "bright-cyan",
        "bright-white",
    ]

    /// `#RRGGBB`, one of the sixteen names, or `terminal`; nil for anything else.
    init?(notation: Substring) {
        if notation == "terminal" {
            self = .terminal
        } else if let index = Self.names.firstIndex(where: { $0 == notation }) {
            self = .ansi(UInt8(index))
        } else if notation.isHexColor, let value = UInt32(notation.dropFirst(), radix: 16) {
            self = Color(value)
        } else {
            return nil
        }
    }

    /// `0x89b4fa`; what lies above the low 24 bits is ignored.
    init(_ rgb: UInt32) {
        self = .rgb(UInt8(truncatingIfNeeded: rgb >> 16), UInt8(truncatingIfNeeded: rgb >> 8), UInt8(truncatingIfNeeded: rgb))
    }
}

extension Substring {
    /// Whether this is `#` and six hexadecimal digits: a colour, where any other `#` begins a comment.
    var isHexColor: Bool {
        let bytes = utf8
        return bytes.count == 7 && bytes.first == UInt8(ascii: "#")
            && bytes.dropFirst().allSatisfy { (48...57).contains($0) || (65...70).contains($0) || (97...102).contains($0) }
    }
}

extension Style.Traits {
    static let names: [(String, Style.Traits)] = [
        ("bold", .bold), ("dim", .dim), ("italic", .italic), ("underline", .underline), ("reverse", .reverse),
    ]

    init?(notation: Substring) {
        guard let found = Self.names.first(where: { $0.0 == notation }) else { return nil }
        self = found.1
    }
}
