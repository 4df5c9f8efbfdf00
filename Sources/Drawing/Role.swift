/// What a piece of the screen means. Panes draw with roles; a palette says what each role looks like in a theme.
///
/// A cell keeps its role and not its colours, so that a theme can be switched without drawing anything anew.
public enum Role: UInt8, Sendable, Hashable, CaseIterable {
    case text, muted, title, heading, accent
    case border, borderFocused
    case good, info, warning, bad, stale
    case key, keyLabel, bar
    case match, mark
    case gaugeLow, gaugeMiddle, gaugeHigh, graph
    case tab, tabActive
    case input, dialog, dialogBorder, button, buttonFocused, danger
    case own, production

    /// The name used in theme files: `borderFocused` is `border.focused`.
    public var name: String {
        switch self {
        case .borderFocused: "border.focused"
        case .keyLabel: "key.label"
        case .gaugeLow: "gauge.low"
        case .gaugeMiddle: "gauge.middle"
        case .gaugeHigh: "gauge.high"
        case .tabActive: "tab.active"
        case .dialogBorder: "dialog.border"
        case .buttonFocused: "button.focused"
        default: String(describing: self)
        }
    }
}

/// What is laid over a role: the row under the cursor, a marked row, old data, emphasis.
public struct Overlay: OptionSet, Sendable, Hashable {
    public let rawValue: UInt8
    public init(rawValue: UInt8) { self.rawValue = rawValue }
    public static let selected = Overlay(rawValue: 1)
    public static let marked = Overlay(rawValue: 2)
    public static let dimmed = Overlay(rawValue: 4)
    public static let bold = Overlay(rawValue: 8)
    public static let underlined = Overlay(rawValue: 16)
    public static let reversed = Overlay(rawValue: 32)
    /// The selected row of a pane that has not the focus.
    public static let selectedElsewhere = Overlay(rawValue: 64)
}
