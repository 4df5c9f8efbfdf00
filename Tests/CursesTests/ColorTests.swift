import Drawing
import Testing

@testable import Curses

@Suite struct ColorTests {
    @Test(arguments: [
        ((0, 0, 0), 16), ((255, 255, 255), 231), ((255, 0, 0), 196), ((0x5F, 0x87, 0xAF), 67), ((8, 8, 8), 232), ((0x76, 0x76, 0x76), 243),
        ((238, 238, 238), 255), ((0x2E, 0x34, 0x40), 237),
    ] as [((UInt8, UInt8, UInt8), UInt8)])
    func nearestOf256(color: (UInt8, UInt8, UInt8), index: UInt8) {
        #expect(ColorDepth.indexed(color.0, color.1, color.2) == index)
    }

    /// Against all 240, by the same distance: the shortcut must find as good a colour.
    @Test func nearestOf256IsNearest() {
        func rgb(_ index: Int) -> (Int, Int, Int) {
            if index >= 232 { return (8 + 10 * (index - 232), 8 + 10 * (index - 232), 8 + 10 * (index - 232)) }
            let levels = [0, 95, 135, 175, 215, 255]
            return (levels[(index - 16) / 36], levels[(index - 16) / 6 % 6], levels[(index - 16) % 6])
        }
        func distance(_ a: (Int, Int, Int), _ b: (Int, Int, Int)) -> Int {
            2 * (a.0 - b.0) * (a.0 - b.0) + 4 * (a.1 - b.1) * (a.1 - b.1) + 3 * (a.2 - b.2) * (a.2 - b.2)
        }
        for r in stride(from: 0, through: 255, by: 17) {
            for g in stride(from: 0, through: 255, by: 17) {
                for b in stride(from: 0, through: 255, by: 17) {
                    let found = Int(ColorDepth.indexed(UInt8(r), UInt8(g), UInt8(b)))
                    let best = (16..<256).map { distance(rgb($0), (r, g, b)) }.min() ?? 0
                    #expect(distance(rgb(found), (r, g, b)) == best, "\(r) \(g) \(b)")
                }
            }
        }
    }

    @Test(arguments: [
        ((0, 0, 0), 0), ((255, 255, 255), 15), ((0xA3, 0xBE, 0x8C), 10), ((0xBF, 0x61, 0x6A), 9), ((0x80, 0, 0), 1), ((0x88, 0xC0, 0xD0), 14),
        ((0x3B, 0x42, 0x52), 8), ((0xD8, 0xDE, 0xE9), 7), ((0xEB, 0xCB, 0x8B), 11), ((0, 0, 0x90), 4),
    ] as [((UInt8, UInt8, UInt8), UInt8)])
    func nearestOf16(color: (UInt8, UInt8, UInt8), index: UInt8) {
        #expect(ColorDepth.ansi(color.0, color.1, color.2) == index)
    }

    @Test(arguments: [
        (ColorMode.automatic, 256, false, false, ColorDepth.indexed), (.automatic, 16, false, false, .sixteen), (.automatic, 8, false, false, .eight),
        (.automatic, 0, false, false, .none), (.automatic, 256, false, true, .none), (.automatic, 1 << 24, true, false, .direct),
        (.never, 256, false, false, .none), (.ansi16, 256, false, true, .sixteen), (.ansi16, 8, false, false, .eight), (.ansi16, 0, false, false, .none),
        (.indexed256, 1 << 24, true, false, .indexed), (.indexed256, 8, false, false, .eight), (.direct, 256, false, false, .indexed),
    ])
    func depth(mode: ColorMode, available: Int, direct: Bool, refused: Bool, depth: ColorDepth) {
        #expect(ColorDepth(mode: mode, available: available, direct: direct, refused: refused) == depth)
    }

    @Test func directColorsAreThemselves() {
        #expect(ColorDepth.direct.index(of: .rgb(0x12, 0x34, 0x56)) == 0x123456)
        #expect(ColorDepth.direct.index(of: .ansi(3)) == 3)
        #expect(ColorDepth.direct.index(of: .rgb(0, 0, 3)) == 8)
        #expect(ColorDepth.direct.index(of: .terminal) == -1)
    }

    @Test func selectionIsAlwaysSeen() {
        for depth in [ColorDepth.none, .eight, .sixteen, .indexed, .direct] {
            for role in Role.allCases {
                let plain = Ink(role, [], palette: Sample.palette, depth: depth)
                for overlay in [Overlay.selected, .selectedElsewhere] {
                    let chosen = Ink(role, overlay, palette: Sample.palette, depth: depth)
                    #expect(chosen.background != plain.background || chosen.traits != plain.traits, "\(role) \(depth)")
                }
            }
        }
        let mono = Ink(.text, .selected, palette: Sample.palette, depth: .none)
        #expect(mono.traits.contains(.reverse) && mono.foreground == -1 && mono.background == -1)
        // Black on a terminal that is black already would not be.
        #expect(Ink(.text, .selected, palette: Sample.palette, depth: .eight).traits.contains(.reverse))
        #expect(Ink(.text, .selected, palette: Sample.palette, depth: .indexed).traits.isEmpty)
        var reversing = Sample.palette
        reversing.selection = nil
        #expect(Ink(.text, .selected, palette: reversing, depth: .none).traits.contains(.reverse))
    }

    @Test func brightBecomesBoldWhereThereAreEight() {
        let ink = Ink(.good, [], palette: Sample.palette, depth: .eight)
        #expect(ink.foreground == 2 && ink.traits.contains(.bold))
        #expect(Ink(.buttonFocused, [], palette: Sample.palette, depth: .none).traits.contains(.reverse))
    }

    @Test func textOnItsOwnColourStaysLegible() {
        var palette = Sample.palette
        palette[.danger] = Style(foreground: .rgb(0x80, 0, 0), background: .rgb(0x85, 5, 5))
        for depth in [ColorDepth.eight, .sixteen, .indexed] {
            let ink = Ink(.danger, [], palette: palette, depth: depth)
            #expect(ink.foreground != ink.background)
        }
    }

    @Test func pairsAreSharedAndBounded() {
        var log: [Int32] = []
        var table = StyleTable(palette: Sample.palette, depth: .indexed, limit: 4) { pair, _, _ in
            log.append(pair)
            return true
        }
        #expect(table.look(.text, []).pair == 0)
        let good = table.look(.good, [])
        #expect(good.pair == 1 && good.blankPair == 0)
        #expect(table.look(.good, .bold).pair == 1)
        for role in Role.allCases { _ = table.look(role, .selected) }
        #expect(log == [1, 2, 3])
        #expect(table.count == 3)
        table.apply(Sample.palette)
        #expect(table.look(.good, []).pair == 1)
        table.forgetPairs()
        #expect(table.count == 0)
    }
}
