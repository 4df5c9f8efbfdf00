public import Drawing

/// A theme as its file says it: what it sets, and what is wrong with it.
///
/// The format is flat, one setting a line; `themes/README.md` has every key.
/// ```
/// # a comment
/// light = no
/// $sea = #89b4fa
/// background = #1e1e2e
/// title = $sea bold
/// bar = #cdd6f4 on #313244
/// ```
/// A line that cannot be understood is a problem and is left out; the others count.
public struct ThemeFile: Sendable {
    /// What a line says about the selection or the background.
    enum Ground: Sendable, Hashable {
        case color(Color)
        /// `reverse`, `underline` or `own`: no colour of the theme's.
        case none
    }

    /// The `name` key. Themes are called by their file's name; this one is for the reader of the file.
    public internal(set) var name: String?
    /// `light = yes`: missing roles come from the light built-in theme.
    public internal(set) var isLight = false
    public internal(set) var problems: [ThemeProblem] = []
    /// The keys that the file sets, each once.
    public internal(set) var keys: Set<String> = []
    var styles: [Role: Style] = [:]
    var grounds: [String: Ground] = [:]

    /// Every key a file may have, palette variables aside, in the order of the documentation.
    public static let knownKeys =
        ["name", "light"] + groundWords.map(\.key) + Role.allCases.map(\.name)

    /// Made once: a role's name is looked up by reflection, and a file asks for it on every line.
    static let roles = Dictionary(uniqueKeysWithValues: Role.allCases.map { ($0.name, $0) })

    /// The keys that take one colour, and the word that stands for none.
    static let groundWords: [(key: String, none: String?)] = [
        ("background", nil), ("selection", "reverse"), ("selection.text", "own"), ("selection.elsewhere", "underline"),
    ]

    /// - Parameter path: as problems should name it.
    public init(text: String, path: String) {
        var reader = ThemeReader(path: path)
        self = reader.read(text)
    }

    /// The theme with what the file does not say taken from `base`: without one, the built-in theme of its darkness.
    public func palette(named name: String, over base: Palette? = nil) -> Palette {
        var palette = base ?? (isLight ? .binnacleLight : .binnacle)
        palette.name = name
        for (role, style) in styles { palette[role] = style }
        for (key, ground) in grounds {
            let color: Color? = if case .color(let color) = ground { color } else { nil }
            switch key {
            case "background": palette.background = color ?? .terminal
            case "selection": palette.selection = color
            case "selection.text": palette.selectionText = color
            default: palette.selectionElsewhere = color
            }
        }
        return palette
    }
}
