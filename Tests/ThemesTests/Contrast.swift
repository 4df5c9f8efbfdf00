import Drawing

/// WCAG 2 contrast of colours, on a stand-in for what the terminal brings.
struct Contrast {
    /// What `terminal` is taken to be, ground and writing.
    var ground: (UInt8, UInt8, UInt8)
    var writing: (UInt8, UInt8, UInt8)

    static let darkTerminal = Contrast(ground: (0x1E, 0x1E, 0x2E), writing: (0xCD, 0xD6, 0xF4))
    static let blackTerminal = Contrast(ground: (0, 0, 0), writing: (0xE5, 0xE5, 0xE5))
    static let lightTerminal = Contrast(ground: (255, 255, 255), writing: (0x20, 0x20, 0x20))

    /// xterm's own sixteen.
    private static let sixteen: [(UInt8, UInt8, UInt8)] = [
        (0, 0, 0), (205, 0, 0), (0, 205, 0), (205, 205, 0), (0, 0, 238), (205, 0, 205), (0, 205, 205), (229, 229, 229),
        (127, 127, 127), (255, 0, 0), (0, 255, 0), (255, 255, 0), (92, 92, 255), (255, 0, 255), (0, 255, 255), (255, 255, 255),
    ]

    func luminance(_ color: Color, isGround: Bool = false) -> Double {
        switch color {
        case .terminal: Self.luminance(isGround ? ground : writing)
        case .ansi(let index): Self.luminance(Self.sixteen[Int(index)])
        case .rgb(let r, let g, let b): Self.luminance((r, g, b))
        }
    }

    /// 1 to 21; reverse video swaps the two and changes nothing.
    func ratio(_ style: Style) -> Double {
        Self.ratio(luminance(style.foreground), luminance(style.background ?? .terminal, isGround: true))
    }

    static func ratio(_ a: Double, _ b: Double) -> Double { (max(a, b) + 0.05) / (min(a, b) + 0.05) }

    private static func luminance(_ color: (UInt8, UInt8, UInt8)) -> Double {
        func linear(_ byte: UInt8) -> Double {
            let value = Double(byte) / 255
            guard value > 0.04045 else { return value / 12.92 }
            return power((value + 0.055) / 1.055)
        }
        return 0.2126 * linear(color.0) + 0.7152 * linear(color.1) + 0.0722 * linear(color.2)
    }

    /// The 2.4th power: the square and the fifth root of the square, by Newton's steps.
    private static func power(_ x: Double) -> Double {
        let square = x * x
        var root = 1.0
        for _ in 0..<60 { root = (4 * root + square / (root * root * root * root)) / 5 }
        return square * root
    }
}
