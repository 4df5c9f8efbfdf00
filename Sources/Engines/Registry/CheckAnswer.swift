internal import Domain

/// How one run of a check ended.
struct CheckAnswer: Sendable, Hashable {
    /// Bytes of output kept, as Consul keeps them.
    static let limit = 4096

    var status: Check.Status
    /// At most `limit` bytes, without control characters but line ends and tabs.
    var output: String

    init(_ status: Check.Status, _ output: String) {
        self.status = status
        self.output = Self.printable(output)
    }

    static func printable(_ text: String) -> String {
        var kept = String.UnicodeScalarView()
        var bytes = 0
        for scalar in text.unicodeScalars {
            if scalar.properties.generalCategory == .control, scalar != "\n", scalar != "\t" { continue }
            bytes += UTF8.width(scalar)
            guard bytes <= limit else { break }
            kept.append(scalar)
        }
        return String(kept)
    }
}
