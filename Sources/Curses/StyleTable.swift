internal import CCurses
internal import Drawing

/// Attributes and colour pairs for every role and overlay, filled as they are asked for.
struct StyleTable {
    struct Look {
        var traits: UInt32 = 0
        /// -1: not looked up yet.
        var pair: Int32 = -1
        var blankTraits: UInt32 = 0
        var blankPair: Int32 = 0

        /// Only its background is seen on a blank.
        var hasPlainBlank: Bool { blankTraits == 0 }
    }

    let depth: ColorDepth
    private var palette: Palette
    private var looks: [Look]
    private var pairs: [Int64: Int32] = [:]
    private var nextPair: Int32 = 1
    /// 64 on the Linux console, where nine times nine combinations could be asked for.
    private let limit: Int32
    private let define: (_ pair: Int32, _ foreground: Int32, _ background: Int32) -> Bool

    private static let overlays = 128

    init(palette: Palette, depth: ColorDepth, limit: Int32, define: @escaping (Int32, Int32, Int32) -> Bool) {
        self.palette = palette
        self.depth = depth
        self.limit = limit
        self.define = define
        looks = Array(repeating: Look(), count: Role.allCases.count * Self.overlays)
    }

    /// Pairs in use.
    var count: Int { pairs.count }

    mutating func apply(_ palette: Palette) {
        self.palette = palette
        looks.withUnsafeMutableBufferPointer { $0.update(repeating: Look()) }
    }

    /// Makes room in a small table; what is on the screen must be painted anew.
    mutating func forgetPairs() {
        pairs.removeAll(keepingCapacity: true)
        nextPair = 1
        looks.withUnsafeMutableBufferPointer { $0.update(repeating: Look()) }
    }

    mutating func look(_ role: Role, _ overlay: Overlay) -> Look {
        let index = Int(role.rawValue) * Self.overlays + Int(overlay.rawValue & 0x7F)
        if looks[index].pair >= 0 { return looks[index] }
        let ink = Ink(role, overlay, palette: palette, depth: depth)
        let (shown, pair) = settle(ink)
        let (blank, blankPair) = settle(ink.blank)
        looks[index] = Look(
            traits: UInt32(shown.traits.rawValue), pair: pair, blankTraits: UInt32(blank.traits.rawValue), blankPair: blankPair)
        return looks[index]
    }

    private mutating func settle(_ ink: Ink) -> (Ink, Int32) {
        if let pair = pair(ink.foreground, ink.background) { return (ink, pair) }
        // No pair left: keep the background, or at least show that there was one.
        if let pair = pairs[Self.key(-1, ink.background)] { return (ink, pair) }
        var plain = ink
        if ink.background >= 0 { plain.traits.insert(.reverse) }
        return (plain, 0)
    }

    private mutating func pair(_ foreground: Int32, _ background: Int32) -> Int32? {
        if depth == .none || (foreground < 0 && background < 0) { return 0 }
        if let known = pairs[Self.key(foreground, background)] { return known }
        guard nextPair < limit, define(nextPair, foreground, background) else { return nil }
        pairs[Self.key(foreground, background)] = nextPair
        nextPair += 1
        return nextPair - 1
    }

    private static func key(_ foreground: Int32, _ background: Int32) -> Int64 { Int64(foreground) << 32 | Int64(background) & 0xFFFF_FFFF }
}
