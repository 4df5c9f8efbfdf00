internal import Domain

/// Why a piece of text is not taken, in words that fit behind the place it stands at.
struct Complaint: Error {
    var reason: Trouble.Reason = .malformed
    /// What is wrong: "'80a' is not a port".
    let answer: String
    /// What to write instead.
    var remedy: String?

    init(_ answer: String, _ remedy: String? = nil, reason: Trouble.Reason = .malformed) {
        self.reason = reason
        self.answer = answer
        self.remedy = remedy
    }
}

/// A text of the file inside a sentence: in quotes, short, and without what a terminal would obey.
func shown(_ text: String) -> String { "'\(printable(text))'" }

func printable(_ text: String, limit: Int = 60) -> String {
    let scalars = text.unicodeScalars
    let start = scalars.prefix(limit).map { $0.properties.generalCategory == .control || $0.properties.generalCategory == .format ? "?" : $0 }
    return String(String.UnicodeScalarView(start)) + (scalars.dropFirst(limit).isEmpty ? "" : "…")
}
