/// A colour as a theme names it.
public enum Color: Sendable, Hashable {
    /// The terminal's own foreground or background.
    case terminal
    /// One of the terminal's first sixteen colours, whatever the user made of them.
    case ansi(UInt8)
    case rgb(UInt8, UInt8, UInt8)
}

/// How a role looks.
public struct Style: Sendable, Hashable {
    public struct Traits: OptionSet, Sendable, Hashable {
        public let rawValue: UInt8
        public init(rawValue: UInt8) { self.rawValue = rawValue }
        public static let bold = Traits(rawValue: 1)
        public static let dim = Traits(rawValue: 2)
        public static let italic = Traits(rawValue: 4)
        public static let underline = Traits(rawValue: 8)
        public static let reverse = Traits(rawValue: 16)
    }

    public var foreground: Color
    /// nil: the palette's own background.
    public var background: Color?
    public var traits: Traits

    public init(foreground: Color = .terminal, background: Color? = nil, traits: Traits = []) {
        self.foreground = foreground
        self.background = background
        self.traits = traits
    }
}

/// A theme resolved: a style for every role, and what the overlays do.
public struct Palette: Sendable, Hashable {
    public var name: String
    public var background: Color
    public var styles: [Style]
    /// Background of the row under the cursor; nil means reverse video.
    public var selection: Color?
    /// Background of the selected row in a pane without the focus; nil means underline.
    public var selectionElsewhere: Color?
    /// Foreground on the selected row; nil keeps the role's own.
    public var selectionText: Color?

    public init(name: String, background: Color = .terminal, style: (Role) -> Style, selection: Color?, selectionElsewhere: Color?, selectionText: Color?) {
        self.name = name
        self.background = background
        self.styles = Role.allCases.map(style)
        self.selection = selection
        self.selectionElsewhere = selectionElsewhere
        self.selectionText = selectionText
    }

    public subscript(role: Role) -> Style {
        get { styles[Int(role.rawValue)] }
        set { styles[Int(role.rawValue)] = newValue }
    }

    /// The style of a role with its overlays applied: what the terminal is asked for.
    public func style(_ role: Role, _ overlay: Overlay) -> Style {
        var style = self[role]
        if style.background == nil { style.background = background }
        if overlay.contains(.bold) { style.traits.insert(.bold) }
        if overlay.contains(.underlined) { style.traits.insert(.underline) }
        if overlay.contains(.dimmed) {
            let stale = self[.stale]
            style.foreground = stale.foreground
            style.traits.formUnion(stale.traits)
        }
        if overlay.contains(.marked) {
            let mark = self[.mark]
            style.foreground = mark.foreground
            style.traits.formUnion(mark.traits)
        }
        if overlay.contains(.selected) {
            if let selection {
                style.background = selection
                if let selectionText { style.foreground = selectionText }
            } else {
                style.traits.formSymmetricDifference(.reverse)
            }
        } else if overlay.contains(.selectedElsewhere) {
            if let selectionElsewhere { style.background = selectionElsewhere } else { style.traits.insert(.underline) }
        }
        if overlay.contains(.reversed) { style.traits.formSymmetricDifference(.reverse) }
        return style
    }
}
