internal import Drawing

/// A style as one particular terminal can show it: colour numbers and video attributes.
struct Ink: Sendable, Hashable {
    var foreground: Int32
    var background: Int32
    var traits: Style.Traits

    init(_ role: Role, _ overlay: Overlay, palette: Palette, depth: ColorDepth) {
        self.init(palette.style(role, overlay), depth)
        // What a background was to say must not get lost where it cannot be told from the one beside it.
        let own = palette[role].background
        if depth == .none, let own, own != palette.background { traits.insert(.reverse) }
        if overlay.contains(.selected), palette.selection != nil {
            let plain = Ink(palette.style(role, overlay.subtracting(.selected)), depth)
            if looksAlike(plain, depth) { traits.formSymmetricDifference(.reverse) }
        } else if overlay.contains(.selectedElsewhere), !overlay.contains(.selected), palette.selectionElsewhere != nil {
            let plain = Ink(palette.style(role, overlay.subtracting(.selectedElsewhere)), depth)
            if looksAlike(plain, depth) { traits.insert(.underline) }
        }
    }

    private init(_ style: Style, _ depth: ColorDepth) {
        foreground = depth.index(of: style.foreground)
        background = depth.index(of: style.background ?? .terminal)
        traits = style.traits
        if depth == .eight {
            // Bright colours are the dim ones in bold there, and only as foreground.
            if foreground >= 8 {
                foreground &= 7
                // Bright black would be invisible on black on the many terminals that do not brighten bold.
                if foreground == 0 { foreground = 7 } else { traits.insert(.bold) }
            }
            if background >= 8 { background &= 7 }
        }
        if foreground >= 0, foreground == background {
            // Two colours of the theme fell together: legible wins.
            foreground = isLight(background, depth) ? 0 : depth == .direct ? 0xFFFFFF : depth == .indexed || depth == .sixteen ? 15 : 7
        }
    }

    /// With few colours a dark selection becomes black, and black is what most terminals have for a background.
    private func looksAlike(_ plain: Ink, _ depth: ColorDepth) -> Bool {
        if background == plain.background { return true }
        return (depth == .eight || depth == .sixteen) && background <= 0 && plain.background <= 0
    }

    private func isLight(_ color: Int32, _ depth: ColorDepth) -> Bool {
        switch depth {
        case .direct: (color >> 8 & 0xFF) > 128
        case .indexed where color >= 232: color > 244
        case .indexed where color >= 16: (color - 16) / 6 % 6 > 2
        default: color == 7 || color >= 10
        }
    }

    /// The same on a blank, where the foreground cannot be seen: fewer changes for the terminal to be told of.
    var blank: Ink {
        var ink = self
        if !traits.contains(.reverse), !traits.contains(.underline) {
            ink.foreground = -1
            ink.traits = []
        }
        return ink
    }
}
