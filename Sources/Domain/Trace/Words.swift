/// How the trace puts amounts, times and text from outside into its sentences.
enum Words {
    /// `40 s`, `2 min`, `5 h`, `3 d`.
    static func span(_ seconds: Int64) -> String {
        switch seconds {
        case ..<60: "\(max(0, seconds)) s"
        case ..<3600: "\(seconds / 60) min"
        case ..<172_800: "\(seconds / 3600) h"
        default: "\(seconds / 86_400) d"
        }
    }

    /// ` 2 min ago`; empty where the time is not known.
    static func ago(_ moment: Timestamp?, _ now: Timestamp) -> String {
        moment.map { " " + span(now.seconds(since: $0)) + " ago" } ?? ""
    }

    /// `64 MB`: powers of 1024, as docker's own options count.
    static func bytes(_ value: UInt64) -> String {
        let text = Quantity.bytes(value, rounded: .down)
        guard let unit = text.last, unit != "B" else { return text.dropLast() + " B" }
        return text.dropLast() + " \(unit)B"
    }

    /// `a, b and 3 more`.
    static func list(_ words: [String], limit: Int) -> String {
        words.count <= limit
            ? words.joined(separator: ", ") : words.prefix(limit).joined(separator: ", ") + " and \(words.count - limit) more"
    }

    /// The lines of a text from outside that say something: at most so many, each cut at so many characters.
    static func lines(_ text: String, limit: Int, width: Int = 300) -> [String] {
        var lines: [String] = []
        // Megabytes of output are cut before anything walks over them.
        for line in String(text.unicodeScalars.prefix(16_384)).split(whereSeparator: \.isNewline) {
            let trimmed = trim(line)
            if trimmed.isEmpty { continue }
            lines.append(cut(trimmed, width))
            if lines.count == limit { break }
        }
        return lines
    }

    /// The one line of a text that is quoted in a sentence: the last, which is where programs say why they gave up.
    static func lastLine(_ text: String, width: Int = 160) -> String? {
        let end = String(String.UnicodeScalarView(text.unicodeScalars.suffix(8192)))
        return end.split(whereSeparator: \.isNewline).last { !trim($0).isEmpty }.map { cut(trim($0), width) }
    }

    static func firstLine(_ text: String, width: Int = 160) -> String? { lines(text, limit: 1, width: width).first }

    private static func trim(_ text: Substring) -> Substring {
        var text = text.drop { $0 == " " || $0 == "\t" }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }

    static func cut(_ text: some StringProtocol, _ width: Int) -> String {
        let scalars = text.unicodeScalars
        guard scalars.count > width else { return String(text) }
        return String(String.UnicodeScalarView(scalars.prefix(width - 1))) + "…"
    }
}
