internal import Drawing

/// How many colours there are to choose from, and the choice.
enum ColorDepth: Sendable, Hashable {
    case none, eight, sixteen, indexed, direct

    /// `available` is what terminfo says, 0 for none.
    init(mode: ColorMode, available: Int, direct: Bool, refused: Bool) {
        let most: ColorDepth =
            if direct { .direct } else if available >= 256 { .indexed } else if available >= 16 { .sixteen } else if available >= 8 { .eight } else { .none }
        switch mode {
        case .automatic: self = refused ? .none : most
        case .never: self = .none
        case .ansi16: self = most == .none || most == .eight ? most : .sixteen
        case .indexed256: self = most == .direct ? .indexed : most
        case .direct: self = most
        }
    }

    var count: Int {
        switch self {
        case .none: 0
        case .eight: 8
        case .sixteen: 16
        case .indexed: 256
        case .direct: 1 << 24
        }
    }

    /// The number curses knows a colour by; -1 is the terminal's own.
    func index(of color: Color) -> Int32 {
        switch (color, self) {
        case (.terminal, _), (_, .none): -1
        // The first eight numbers are the ANSI colours in direct-colour entries as well.
        case (.ansi(let number), .direct) where number >= 8: Self.packed(Self.standard(number))
        case (.ansi(let number), _): Int32(number & 15)
        case (.rgb(let r, let g, let b), .direct): Self.packed((r, g, b))
        case (.rgb(let r, let g, let b), .indexed): Int32(Self.indexed(r, g, b))
        case (.rgb(let r, let g, let b), _): Int32(Self.ansi(r, g, b))
        }
    }

    private static func packed(_ color: (UInt8, UInt8, UInt8)) -> Int32 {
        let value = Int32(color.0) << 16 | Int32(color.1) << 8 | Int32(color.2)
        return value > 0 && value < 8 ? 8 : value
    }

    /// Nearest in the 6×6×6 cube or the grey ramp. The first sixteen are left out: users make of them what they like.
    static func indexed(_ r: UInt8, _ g: UInt8, _ b: UInt8) -> UInt8 {
        func step(_ v: UInt8) -> Int { v < 48 ? 0 : v < 115 ? 1 : (Int(v) - 35) / 40 }
        func level(_ step: Int) -> Int { step == 0 ? 0 : 55 + 40 * step }
        let (sr, sg, sb) = (step(r), step(g), step(b))
        let cube = (level(sr), level(sg), level(sb))
        // Weighted as the distance is, so that it is the nearest grey.
        let average = (2 * Int(r) + 4 * Int(g) + 3 * Int(b)) / 9
        let grey = min(23, max(0, (average - 3) / 10))
        let shade = 8 + 10 * grey
        func distance(_ c: (Int, Int, Int)) -> Int {
            let (dr, dg, db) = (c.0 - Int(r), c.1 - Int(g), c.2 - Int(b))
            return 2 * dr * dr + 4 * dg * dg + 3 * db * db
        }
        if distance((shade, shade, shade)) < distance(cube) { return UInt8(232 + grey) }
        return UInt8(16 + 36 * sr + 6 * sg + sb)
    }

    /// Nearest by hue rather than by distance, which would turn every pastel into white or grey.
    static func ansi(_ r: UInt8, _ g: UInt8, _ b: UInt8) -> UInt8 {
        let high = max(r, g, b)
        let low = min(r, g, b)
        if high - low < 40 || high < 64 {
            let luminance = (Int(r) * 2 + Int(g) * 5 + Int(b)) / 8
            return luminance < 50 ? 0 : luminance < 160 ? 8 : luminance < 224 ? 7 : 15
        }
        let middle = low / 2 + high / 2
        let hue: UInt8 = (r > middle ? 1 : 0) | (g > middle ? 2 : 0) | (b > middle ? 4 : 0)
        return high > 170 ? hue + 8 : hue
    }

    /// What xterm makes of the bright ANSI colours.
    private static func standard(_ number: UInt8) -> (UInt8, UInt8, UInt8) {
        if number & 15 == 8 { return (127, 127, 127) }
        return (number & 1 == 0 ? 0 : 255, number & 2 == 0 ? 0 : 255, number & 4 == 0 ? 0 : 255)
    }
}
