/// A command line as a list of words, by the rules that Docker uses for `command: "…"` (google/shlex): blanks separate, quotes
/// join, a backslash takes the next character as it is even between double quotes, and a word that begins with `#` ends the line.
/// Nothing is expanded.
enum ShellWords {
    static func split(_ line: String) throws(Complaint) -> [String] {
        var words: [String] = []
        // Nil between words: '' is a word too.
        var word: String.UnicodeScalarView?
        var quote: Unicode.Scalar?
        var scalars = line.unicodeScalars[...]

        while let scalar = scalars.popFirst() {
            if let open = quote {
                if scalar == open {
                    quote = nil
                } else if scalar == "\\", open == "\"" {
                    word?.append(try escaped(&scalars, line))
                } else {
                    word?.append(scalar)
                }
                continue
            }
            switch scalar {
            case " ", "\t", "\r", "\n":
                if let complete = word { words.append(String(complete)) }
                word = nil
            case "#" where word == nil:
                scalars = scalars.drop { $0 != "\n" }
            case "\"", "'":
                quote = scalar
                word = word ?? String.UnicodeScalarView()
            default:
                let next = scalar == "\\" ? try escaped(&scalars, line) : scalar
                word = (word ?? String.UnicodeScalarView()) + [next]
            }
        }
        if let quote { throw Complaint("the quote \(quote) in \(shown(line)) is not closed") }
        if let complete = word { words.append(String(complete)) }
        return words
    }

    private static func escaped(_ scalars: inout Substring.UnicodeScalarView, _ line: String) throws(Complaint) -> Unicode.Scalar {
        guard let scalar = scalars.popFirst() else { throw Complaint("nothing follows the backslash at the end of \(shown(line))") }
        return scalar
    }
}
