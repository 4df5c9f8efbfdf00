internal import Drawing

/// Reads the lines of a theme file. Variables are read first, so that a palette may stand at the end as well.
struct ThemeReader {
    private struct Line {
        var number: Int
        var key: Substring
        var words: [Substring]
    }

    let path: String
    private var file = ThemeFile()
    private var variables: [Substring: Color] = [:]

    init(path: String) { self.path = path }

    mutating func read(_ text: String) -> ThemeFile {
        let lines = split(text)
        var firstLine: [Substring: Int] = [:]
        for line in lines {
            if let earlier = firstLine.updateValue(line.number, forKey: line.key) {
                report(line, "\(quoted(line.key)) was set on line \(earlier) already; this line wins")
            }
        }
        for line in lines where line.key.hasPrefix("$") { readVariable(line) }
        for line in lines where !line.key.hasPrefix("$") { readSetting(line) }
        file.problems.sort { ($0.line ?? 0) < ($1.line ?? 0) }
        return file
    }

    private mutating func split(_ text: String) -> [Line] {
        var lines: [Line] = []
        // A byte order mark is no letter of the first key.
        let scalars = text.unicodeScalars
        let body = scalars.first == "\u{FEFF}" ? Substring(scalars.dropFirst()) : text[...]
        for (index, raw) in body.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let words = raw.split(whereSeparator: \.isWhitespace)
            guard let first = words.first, !first.hasPrefix("#") else { continue }
            let number = index + 1
            guard let equals = raw.firstIndex(of: "=") else {
                problem(number, "\(quoted(first)) is no setting; expected: key = value")
                continue
            }
            let keyWords = raw[..<equals].split(whereSeparator: \.isWhitespace)
            guard keyWords.count == 1 else {
                problem(number, "expected one key before '=', found \(keyWords.isEmpty ? "none" : quoted(keyWords.joined(separator: " ")[...]))")
                continue
            }
            let value = raw[raw.index(after: equals)...].split(whereSeparator: \.isWhitespace)
            lines.append(Line(number: number, key: keyWords[0], words: withoutComment(value)))
        }
        return lines
    }

    /// `#` begins a comment, except that `#` with something directly behind it where a colour is due is a colour,
    /// right or wrong: `title = #89b4f` is a mistake to name and not an empty value.
    private func withoutComment(_ words: [Substring]) -> [Substring] {
        for (index, word) in words.enumerated() where word.hasPrefix("#") && !word.isHexColor {
            let wantsColor = index == 0 || words[index - 1] == "on"
            if wantsColor && word.count > 1 { continue }
            return Array(words[..<index])
        }
        return words
    }

    private mutating func readVariable(_ line: Line) {
        guard line.key.count > 1 else { return report(line, "a variable needs a name, as in $blue = #89b4fa") }
        guard let word = line.words.first else { return report(line, "\(quoted(line.key)) has no value; expected a colour: \(Self.colors)") }
        guard !word.hasPrefix("$") else { return report(line, "a variable is a colour, not another variable: \(quoted(word))") }
        guard let color = color(word, line) else { return }
        if line.words.count > 1 { report(line, "\(quoted(line.words[1])) is too much: a variable is one colour, traits stand where it is used") }
        variables[line.key] = color
    }

    private mutating func readSetting(_ line: Line) {
        let key = String(line.key)
        guard ThemeFile.knownKeys.contains(key) else {
            let near = NearNames(known: ThemeFile.knownKeys).like(key)
            let hint = near.isEmpty ? "themes/README.md has them all" : "did you mean \(near.joined(separator: " or "))?"
            return report(line, "\(quoted(line.key)) is not a key; \(hint)")
        }
        guard let first = line.words.first else {
            return report(line, "\(quoted(line.key)) has no value; expected \(key == "light" ? "yes or no" : key == "name" ? "a name" : "a colour: \(Self.colors)")")
        }
        file.keys.insert(key)
        if key == "name" {
            file.name = line.words.joined(separator: " ")
        } else if key == "light" {
            guard line.words.count == 1, first == "yes" || first == "no" else {
                return report(line, "\(quoted(line.words.joined(separator: " ")[...])) is neither yes nor no")
            }
            file.isLight = first == "yes"
        } else if let ground = ThemeFile.groundWords.first(where: { $0.key == key }) {
            readGround(line, first, none: ground.none)
        } else if let role = ThemeFile.roles[key], let style = style(line) {
            file.styles[role] = style
        }
    }

    private mutating func readGround(_ line: Line, _ word: Substring, none: String?) {
        if line.words.count > 1 { report(line, "\(quoted(line.words[1])) is too much: \(line.key) is one colour\(none.map { " or '\($0)'" } ?? "")") }
        if let none, word == none {
            file.grounds[String(line.key)] = ThemeFile.Ground.none
        } else if let color = color(word, line, or: none) {
            file.grounds[String(line.key)] = .color(color)
        }
    }

    /// `COLOUR [on COLOUR] [trait …]`. A wrong trait costs that trait only, a wrong colour the whole line.
    private mutating func style(_ line: Line) -> Style? {
        var words = line.words[...]
        guard let first = words.popFirst() else { return nil }
        if Style.Traits(notation: first) != nil {
            report(line, "\(quoted(first)) stands where the colour is due; write 'terminal \(first)' for the terminal's own")
            return nil
        }
        guard let foreground = color(first, line) else { return nil }
        var style = Style(foreground: foreground)
        if words.first == "on" {
            words.removeFirst()
            guard let word = words.popFirst() else {
                report(line, "'on' wants a colour behind it: \(Self.colors)")
                return style
            }
            guard let background = color(word, line) else { return nil }
            style.background = background
        }
        for word in words {
            if let trait = Style.Traits(notation: word) {
                style.traits.insert(trait)
            } else if Color(notation: word) != nil || word.hasPrefix("$") {
                report(line, "\(quoted(word)) is a second colour; a background is written 'on \(word)', before the traits")
            } else {
                report(line, "\(quoted(word)) is not a trait; known: \(Style.Traits.names.map(\.0).joined(separator: ", "))")
            }
        }
        return style
    }

    private static let colors = "#RRGGBB, terminal, black, red, green, yellow, blue, magenta, cyan, white, or bright-…"

    private mutating func color(_ word: Substring, _ line: Line, or alternative: String? = nil) -> Color? {
        if word.hasPrefix("$") {
            if let color = variables[word] { return color }
            let known = variables.keys.sorted().joined(separator: ", ")
            report(line, "\(quoted(word)) is not defined; \(known.isEmpty ? "write \(quoted(word)) = #RRGGBB on a line of its own" : "known: \(known)")")
            return nil
        }
        if let color = Color(notation: word) { return color }
        report(line, "\(quoted(word)) is not a colour; known: \(alternative.map { "\($0), " } ?? "")\(Self.colors)")
        return nil
    }

    private mutating func report(_ line: Line, _ message: String) { problem(line.number, message) }

    private mutating func problem(_ line: Int, _ message: String) {
        file.problems.append(ThemeProblem(file: path, line: line, message: message))
    }

    /// A word of the file as a message may show it: short, and without what a terminal would obey.
    private func quoted(_ word: Substring) -> String {
        var shown = String.UnicodeScalarView()
        for scalar in word.unicodeScalars.prefix(40) {
            switch scalar.properties.generalCategory {
            case .control, .format, .surrogate, .unassigned, .lineSeparator, .paragraphSeparator: shown.append("?")
            default: shown.append(scalar)
            }
        }
        return "'\(String(shown))\(word.unicodeScalars.count > 40 ? "…" : "")'"
    }
}

extension ThemeFile {
    /// A file that says nothing.
    init() {}
}
