import Drawing
import Testing

@testable import Curses

@Suite struct KeyDecoderTests {
    static let keys: [(String, String)] = [
        ("j", "j"), ("G", "G"), (" ", "space"), ("é", "é"), ("漢", "漢"), ("🚀", "🚀"),
        ("\r", "Enter"), ("\n", "Enter"), ("\t", "Tab"), ("\u{7F}", "Backspace"), ("\u{8}", "ctrl-h"), ("\u{0}", "ctrl-space"),
        ("\u{1}", "ctrl-a"), ("\u{4}", "ctrl-d"), ("\u{1A}", "ctrl-z"), ("\u{1C}", "ctrl-\\"), ("\u{1F}", "ctrl-_"),
        ("\u{1B}[A", "Up"), ("\u{1B}OA", "Up"), ("\u{1B}[B", "Down"), ("\u{1B}OC", "Right"), ("\u{1B}[D", "Left"),
        ("\u{1B}[H", "Home"), ("\u{1B}OH", "Home"), ("\u{1B}[1~", "Home"), ("\u{1B}[7~", "Home"),
        ("\u{1B}[F", "End"), ("\u{1B}[4~", "End"), ("\u{1B}[8~", "End"), ("\u{1B}[2~", "Insert"), ("\u{1B}[3~", "Delete"),
        ("\u{1B}[5~", "PgUp"), ("\u{1B}[6~", "PgDn"), ("\u{1B}[Z", "shift-Tab"),
        ("\u{1B}OP", "F1"), ("\u{1B}[11~", "F1"), ("\u{1B}[[A", "F1"), ("\u{1B}[[E", "F5"), ("\u{1B}OS", "F4"),
        ("\u{1B}[15~", "F5"), ("\u{1B}[17~", "F6"), ("\u{1B}[21~", "F10"), ("\u{1B}[23~", "F11"), ("\u{1B}[24~", "F12"),
        ("\u{1B}[1;5A", "ctrl-Up"), ("\u{1B}[1;2D", "shift-Left"), ("\u{1B}[1;3C", "alt-Right"), ("\u{1B}[5;5~", "ctrl-PgUp"),
        ("\u{1B}[1;8H", "alt-ctrl-shift-Home"), ("\u{1B}[15;2~", "shift-F5"), ("\u{1B}[1;2P", "shift-F1"),
        ("\u{1B}x", "alt-x"), ("\u{1B} ", "alt-space"), ("\u{1B}é", "alt-é"), ("\u{1B}\r", "alt-Enter"), ("\u{1B}\u{1}", "alt-ctrl-a"),
        ("\u{1B}\u{1B}[A", "alt-Up"), ("\u{1B}OM", "Enter"), ("\u{1B}Oj", "*"), ("\u{1B}Op", "0"),
        ("\u{1B}[97;5u", "ctrl-a"), ("\u{1B}[27;5;97~", "ctrl-a"), ("\u{1B}[13;5u", "ctrl-Enter"), ("\u{1B}[65;2u", "A"),
    ]

    @Test(arguments: keys) func oneKey(bytes: String, name: String) {
        var decoder = KeyDecoder()
        #expect(names(decoder.decode(bytes.utf8, now: 0)) == [name])
        #expect(decoder.deadline == nil)
    }

    @Test(arguments: keys) func splitAnywhere(bytes: String, name: String) {
        var decoder = KeyDecoder()
        var inputs: [Input] = []
        for byte in bytes.utf8 { inputs += decoder.decode([byte], now: 0) }
        #expect(names(inputs) == [name])
    }

    @Test func aCharacterCanBeInserted() {
        var decoder = KeyDecoder()
        #expect(decoder.decode("a \u{1}".utf8, now: 0) == [.key(Key("a")), .key(Key(" ")), .key(.control("a"))])
        #expect(Key(" ").character == " ")
    }

    @Test func loneEscapeComesAfterItsDelay() {
        var decoder = KeyDecoder()
        #expect(decoder.decode([0x1B], now: 100).isEmpty)
        #expect(decoder.deadline == 100 + KeyDecoder.escapeDelay)
        #expect(decoder.expire(now: 100 + KeyDecoder.escapeDelay - 1).isEmpty)
        #expect(names(decoder.expire(now: 100 + KeyDecoder.escapeDelay)) == ["Esc"])
        #expect(decoder.deadline == nil)
    }

    @Test(arguments: [("\u{1B}\u{1B}", ["Esc", "Esc"]), ("\u{1B}[", ["alt-["]), ("\u{1B}O", ["alt-O"]), ("\u{1B}]", ["alt-]"])])
    func beginningsThatStayed(bytes: String, expected: [String]) {
        var decoder = KeyDecoder()
        #expect(decoder.decode(bytes.utf8, now: 0).isEmpty)
        #expect(names(decoder.expire(now: KeyDecoder.escapeDelay)) == expected)
    }

    @Test func longerBeginningsAreDroppedInTheEnd() {
        var decoder = KeyDecoder()
        #expect(decoder.decode("\u{1B}[1;".utf8, now: 0).isEmpty)
        #expect(decoder.expire(now: KeyDecoder.escapeDelay).isEmpty)
        #expect(decoder.expire(now: KeyDecoder.sequenceDelay).isEmpty)
        #expect(names(decoder.decode("j".utf8, now: 0)) == ["j"])
    }

    @Test(arguments: [
        "\u{1B}[?1;2c", "\u{1B}]0;title\u{7}", "\u{1B}]11;rgb:0/0/0\u{1B}\\", "\u{1B}P1$r0m\u{1B}\\", "\u{1B}[99~", "\u{1B}[3;4R\u{1B}[?2026;2$y",
        "\u{1B}[<2;3;4M", "\u{1B}[<35;3;4M", "\u{1B}[12", "\u{1B}[>0;276;0c", "\u{1B}[[Z",
    ])
    func unknownIsSwallowed(bytes: String) {
        var decoder = KeyDecoder()
        let inputs = decoder.decode((bytes + "\u{1B}[Bx").utf8, now: 0)
        #expect(names(inputs).suffix(2) == ["Down", "x"])
        #expect(inputs.count == (bytes.hasSuffix("$y") ? 3 : 2))
    }

    @Test func invalidBytesAreDropped() {
        var decoder = KeyDecoder()
        let bytes: [UInt8] = [0xFF, 0x61, 0x80, 0xC3, 0x62, 0xED, 0xA0, 0x80, 0x63, 0xC0, 0xAF, 0xC2, 0x85]
        #expect(names(decoder.decode(bytes, now: 0)) == ["a", "b", "c"])
        // Half a character that stays half.
        #expect(decoder.decode([0xE6, 0xBC], now: 0).isEmpty)
        #expect(decoder.expire(now: KeyDecoder.sequenceDelay).isEmpty)
        #expect(names(decoder.decode("d".utf8, now: 0)) == ["d"])
    }

    @Test func terminfoGoesFirst() {
        var decoder = KeyDecoder()
        decoder.learn(Array("\u{1B}[7$".utf8), .home)
        decoder.learn([8], .backspace)
        decoder.learn([], .end)
        #expect(names(decoder.decode("\u{1B}[7$\u{8}".utf8, now: 0)) == ["Home", "Backspace"])
    }

    @Test func mouse() {
        var decoder = KeyDecoder()
        let bytes = "\u{1B}[<0;10;5M\u{1B}[<0;10;5m\u{1B}[<64;1;1M\u{1B}[<65;300;200M\u{1B}[<16;2;2M\u{1B}[<0;0;1M"
        #expect(
            decoder.decode(bytes.utf8, now: 0) == [
                .mouse(Mouse(action: .press, x: 9, y: 4)), .mouse(Mouse(action: .release, x: 9, y: 4)),
                .mouse(Mouse(action: .wheelUp, x: 0, y: 0)), .mouse(Mouse(action: .wheelDown, x: 299, y: 199)),
                .mouse(Mouse(action: .press, x: 1, y: 1)),
            ])
        let old: [UInt8] = [0x1B, 0x5B, 0x4D, 32, 43, 34, 0x1B, 0x5B, 0x4D, 35, 43, 34, 0x1B, 0x5B, 0x4D, 97, 33, 33]
        #expect(
            decoder.decode(old, now: 0) == [
                .mouse(Mouse(action: .press, x: 10, y: 1)), .mouse(Mouse(action: .release, x: 10, y: 1)),
                .mouse(Mouse(action: .wheelDown, x: 0, y: 0)),
            ])
    }

    @Test func focus() {
        var decoder = KeyDecoder()
        #expect(decoder.decode("\u{1B}[I\u{1B}[O".utf8, now: 0) == [.focus(true), .focus(false)])
    }

    @Test func pasteIsOneInput() {
        var decoder = KeyDecoder()
        let bytes = "a\u{1B}[200~one\rtwo\r\nthree\nX\u{1B}[20\u{1B}[A\u{1B}[201~b"
        let expected: [Input] = [.key(Key("a")), .paste("one\ntwo\nthree\nX\u{1B}[20\u{1B}[A"), .key(Key("b"))]
        #expect(decoder.decode(bytes.utf8, now: 0) == expected)
        var inputs: [Input] = []
        for byte in bytes.utf8 { inputs += decoder.decode([byte], now: 0) }
        #expect(inputs == expected)
    }

    @Test func pasteIsBounded() {
        var decoder = KeyDecoder()
        _ = decoder.decode("\u{1B}[200~".utf8, now: 0)
        for _ in 0..<20 { #expect(decoder.decode(repeatElement(UInt8(ascii: "x"), count: 100_000), now: 0).isEmpty) }
        guard case .paste(let text)? = decoder.decode("\u{1B}[201~".utf8, now: 0).first else {
            Issue.record("no paste")
            return
        }
        #expect(text.utf8.count == PasteBuffer.limit)
    }

    @Test func pasteWithoutAnEndIsGivenUp() {
        var decoder = KeyDecoder()
        #expect(decoder.decode("\u{1B}[200~lost".utf8, now: 0).isEmpty)
        #expect(decoder.expire(now: KeyDecoder.sequenceDelay).isEmpty)
        #expect(decoder.expire(now: KeyDecoder.pasteDelay) == [.paste("lost")])
        #expect(names(decoder.decode("j".utf8, now: 0)) == ["j"])
    }

    /// Whatever comes in, in whatever pieces, the decoder goes on.
    @Test func noiseNeverWedgesIt() {
        var state: UInt64 = 42
        func random() -> UInt8 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
        let likely = Array("\u{1B}[O<;0123456789~Mm\u{1B}]P".utf8)
        for _ in 0..<500 {
            var decoder = KeyDecoder()
            let bytes = (0..<200).map { _ in random() & 1 == 0 ? likely[Int(random()) % likely.count] : random() }
            _ = decoder.decode(bytes, now: 0)
            _ = decoder.expire(now: 10_000_000_000)
            _ = decoder.expire(now: 20_000_000_000)
            #expect(decoder.deadline == nil)
            #expect(names(decoder.decode("q".utf8, now: 30_000_000_000)) == ["q"])
        }
    }

    private func names(_ inputs: [Input]) -> [String] {
        inputs.map { if case .key(let key) = $0 { key.name } else { "\($0)" } }
    }
}
