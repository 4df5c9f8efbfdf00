public import Drawing

/// The themes that need no file. `themes/` ships each as a file too, to copy from; a test keeps the two alike.
extension Palette {
    public static let builtIn: [Palette] = [.binnacle, .binnacleLight, .mono]

    /// The default, on whatever background the terminal has: its colours are of middle lightness, 4.5:1 and more
    /// against `#1e1e2e` and 3:1 against white, and where more is needed it brings a background of its own.
    public static let binnacle = Palette(
        name: "binnacle",
        style: { role in
            switch role {
            case .text, .bar, .dialog: Style()
            case .title: Style(traits: .bold)
            case .input: Style(traits: .underline)
            case .muted, .keyLabel, .tab: Style(foreground: Color(0x828c97))
            case .heading: Style(foreground: Color(0x828c97), traits: .bold)
            case .border, .stale: Style(foreground: Color(0x76808b))
            case .accent, .borderFocused, .dialogBorder: Style(foreground: Color(0x3c95e8))
            case .key: Style(foreground: Color(0x3c95e8), traits: .bold)
            case .good, .gaugeLow: Style(foreground: Color(0x47a34f))
            case .info: Style(foreground: Color(0x0ca0b3))
            case .graph: Style(foreground: Color(0x15a296))
            case .warning, .gaugeMiddle: Style(foreground: Color(0xb08d13))
            case .bad, .gaugeHigh: Style(foreground: Color(0xf0615a), traits: .bold)
            case .mark: Style(foreground: Color(0xc972c3), traits: .bold)
            case .own: Style(foreground: Color(0x9582ea))
            case .match: Style(foreground: Color(0x000000), background: Color(0xd7af00))
            case .tabActive, .buttonFocused: Style(foreground: Color(0xffffff), background: Color(0x2f67b0), traits: .bold)
            case .button: Style(foreground: Color(0xffffff), background: Color(0x56606b))
            case .danger: Style(foreground: Color(0xffffff), background: Color(0xb3302f), traits: .bold)
            case .production: Style(foreground: Color(0xffffff), background: Color(0x9c2f7a), traits: .bold)
            }
        },
        selection: Color(0x2f5f9e), selectionElsewhere: nil, selectionText: Color(0xffffff))

    /// For light terminals, and painting its own light ground where the terminal is dark.
    public static let binnacleLight = Palette(
        name: "binnacle-light", background: Color(0xffffff),
        style: { role in
            switch role {
            case .text, .bar, .dialog: Style(foreground: Color(0x1f2830))
            case .title: Style(foreground: Color(0x1f2830), traits: .bold)
            case .input: Style(foreground: Color(0x1f2830), background: Color(0xe9eef4))
            case .muted, .keyLabel, .tab: Style(foreground: Color(0x5f6873))
            case .heading: Style(foreground: Color(0x5f6873), traits: .bold)
            case .border, .stale: Style(foreground: Color(0x76808b))
            case .accent, .borderFocused, .dialogBorder: Style(foreground: Color(0x036ab7))
            case .key: Style(foreground: Color(0x036ab7), traits: .bold)
            case .good, .gaugeLow: Style(foreground: Color(0x117823))
            case .info: Style(foreground: Color(0x0d7280))
            case .graph: Style(foreground: Color(0x11746b))
            case .warning, .gaugeMiddle: Style(foreground: Color(0x8b5a00))
            case .bad, .gaugeHigh: Style(foreground: Color(0xb92a2c), traits: .bold)
            case .mark: Style(foreground: Color(0x9c4796), traits: .bold)
            case .own: Style(foreground: Color(0x6c58bb))
            case .match: Style(foreground: Color(0x000000), background: Color(0xffd75f))
            case .tabActive, .buttonFocused: Style(foreground: Color(0xffffff), background: Color(0x036ab7), traits: .bold)
            case .button: Style(foreground: Color(0x1f2830), background: Color(0xd5dde6))
            case .danger: Style(foreground: Color(0xffffff), background: Color(0xb92a2c), traits: .bold)
            case .production: Style(foreground: Color(0xffffff), background: Color(0x8b3886), traits: .bold)
            }
        },
        selection: Color(0xd6e6f7), selectionElsewhere: Color(0xeaeff5), selectionText: nil)

    /// No colour at all: bold, dim, underline and reverse carry what the signs beside them say too.
    public static let mono = Palette(
        name: "mono",
        style: { role in
            switch role {
            case .text, .good, .info, .keyLabel, .bar, .gaugeLow, .graph, .tab, .dialog, .button: Style()
            case .muted, .border, .stale: Style(traits: .dim)
            case .title, .accent, .key, .borderFocused, .dialogBorder, .warning, .gaugeMiddle: Style(traits: .bold)
            case .heading: Style(traits: [.bold, .underline])
            case .input, .own: Style(traits: .underline)
            case .mark: Style(traits: [.bold, .italic])
            case .match, .tabActive, .buttonFocused: Style(traits: .reverse)
            case .bad, .gaugeHigh, .danger, .production: Style(traits: [.bold, .reverse])
            }
        },
        selection: nil, selectionElsewhere: nil, selectionText: nil)
}
