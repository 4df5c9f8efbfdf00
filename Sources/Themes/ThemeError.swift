public import Drawing

/// One thing that is wrong in a theme file, or with finding it.
public struct ThemeProblem: Sendable, Hashable, CustomStringConvertible {
    /// The file's path, or nil where no file was found at all.
    public var file: String?
    /// Counted from 1; nil where the whole file is meant.
    public var line: Int?
    /// What was found and what was expected: "'blod' is not a trait; known: bold, dim, italic, underline, reverse".
    public var message: String

    public init(file: String?, line: Int?, message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    public var description: String {
        guard let file else { return message }
        return line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)"
    }
}

/// Why a theme is not as its name promises. A file with one bad line is still a theme: `usable` is what to draw with.
public struct ThemeError: Error, Sendable, CustomStringConvertible {
    /// In the order of the file's lines; never empty.
    public var problems: [ThemeProblem]
    /// What is good in the file over the built-in theme of its darkness; nil where there is no such file, and the
    /// theme in use should stay.
    public var usable: Palette?

    public init(problems: [ThemeProblem], usable: Palette? = nil) {
        self.problems = problems
        self.usable = usable
    }

    /// One problem a line.
    public var description: String { problems.map(\.description).joined(separator: "\n") }
}
