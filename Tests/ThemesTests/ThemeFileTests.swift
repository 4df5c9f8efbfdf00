import Drawing
import Testing
import Themes

@Suite struct ThemeFileTests {
    private func file(_ text: String) -> ThemeFile { ThemeFile(text: text, path: "themes/x.theme") }

    @Test func readsColorsNamesBackgroundsAndTraits() {
        let file = file(
            """
            # a theme
            name = Some theme   # for the reader
            light = no
            background = #1E1e2E
            text=#cdd6f4
            title = bright-blue bold underline # a comment
            bar = terminal on black
            match = #000000 on #ffdd00 bold dim italic underline reverse
            """)
        #expect(file.problems.isEmpty)
        #expect(file.name == "Some theme")
        let palette = file.palette(named: "x")
        #expect(palette.name == "x")
        #expect(palette.background == .rgb(0x1E, 0x1E, 0x2E))
        #expect(palette[.text] == Style(foreground: .rgb(0xCD, 0xD6, 0xF4)))
        #expect(palette[.title] == Style(foreground: .ansi(12), traits: [.bold, .underline]))
        #expect(palette[.bar] == Style(foreground: .terminal, background: .ansi(0)))
        #expect(palette[.match] == Style(
            foreground: .rgb(0, 0, 0), background: .rgb(0xFF, 0xDD, 0), traits: [.bold, .dim, .italic, .underline, .reverse]))
        #expect(file.keys == ["name", "light", "background", "text", "title", "bar", "match"])
    }

    @Test func missingKeysComeFromTheBuiltInThemeOfTheSameDarkness() {
        let dark = file("good = green").palette(named: "d")
        #expect(dark[.good].foreground == .ansi(2))
        #expect(dark[.bad] == Palette.binnacle[.bad])
        #expect(dark.selection == Palette.binnacle.selection)
        let light = file("light = yes").palette(named: "l")
        #expect(light[.bad] == Palette.binnacleLight[.bad])
        #expect(light.background == Palette.binnacleLight.background)
        #expect(file("").palette(named: "m", over: .mono)[.bad] == Palette.mono[.bad])
    }

    @Test func variablesMayStandAnywhere() {
        let file = file(
            """
            good = $leaf bold
            bar = $leaf on $soil
            background = $soil
            $leaf = #40a040
            $soil = black
            """)
        #expect(file.problems.isEmpty)
        let palette = file.palette(named: "x")
        #expect(palette[.good] == Style(foreground: .rgb(0x40, 0xA0, 0x40), traits: .bold))
        #expect(palette[.bar] == Style(foreground: .rgb(0x40, 0xA0, 0x40), background: .ansi(0)))
        #expect(palette.background == .ansi(0))
    }

    @Test func theSelectionHasWordsForNoColor() {
        let palette = file(
            """
            selection = reverse
            selection.text = own
            selection.elsewhere = underline
            """
        ).palette(named: "x", over: .binnacleLight)
        #expect(palette.selection == nil)
        #expect(palette.selectionText == nil)
        #expect(palette.selectionElsewhere == nil)
        #expect(file("selection = #112233").palette(named: "x").selection == .rgb(0x11, 0x22, 0x33))
    }

    @Test func windowsLineEndingsAndAByteOrderMarkAreNoMistake() {
        let file = file("\u{FEFF}text = red\r\ngood = green bold\r\n")
        #expect(file.problems.isEmpty)
        #expect(file.palette(named: "x")[.good].traits == .bold)
        #expect(file.palette(named: "x")[.text].foreground == .ansi(1))
    }

    @Test(arguments: [
        ("good = green blod", "1: 'blod' is not a trait; known: bold, dim, italic, underline, reverse"),
        ("\n# x\nbordr = red", "3: 'bordr' is not a key; did you mean border?"),
        ("qqqqqq = red", "1: 'qqqqqq' is not a key; themes/README.md has them all"),
        ("border.focussed = red", "1: 'border.focussed' is not a key; did you mean border.focused?"),
        ("good", "1: 'good' is no setting; expected: key = value"),
        ("= red", "1: expected one key before '=', found none"),
        ("good bad = red", "1: expected one key before '=', found 'good bad'"),
        ("good = # nothing", "1: 'good' has no value; expected a colour: #RRGGBB,"),
        ("good = #89b4f", "1: '#89b4f' is not a colour; known: #RRGGBB, terminal, black,"),
        ("good = gren", "1: 'gren' is not a colour; known: #RRGGBB,"),
        ("good = bold", "1: 'bold' stands where the colour is due; write 'terminal bold'"),
        ("good = red on", "1: 'on' wants a colour behind it"),
        ("good = red on blu", "1: 'blu' is not a colour"),
        ("good = red blue", "1: 'blue' is a second colour; a background is written 'on blue'"),
        ("good = red #112233", "1: '#112233' is a second colour; a background is written 'on #112233'"),
        ("good = $leaf", "1: '$leaf' is not defined; write '$leaf' = #RRGGBB on a line of its own"),
        ("$leaf = red\ngood = $lefa", "2: '$lefa' is not defined; known: $leaf"),
        ("$leaf = $other", "1: a variable is a colour, not another variable: '$other'"),
        ("$leaf = red bold", "1: 'bold' is too much: a variable is one colour"),
        ("$ = red", "1: a variable needs a name"),
        ("light = maybe", "1: 'maybe' is neither yes nor no"),
        ("selection = red bold", "1: 'bold' is too much: selection is one colour or 'reverse'"),
        ("selection = underline", "1: 'underline' is not a colour; known: reverse, #RRGGBB"),
        ("background = reverse", "1: 'reverse' is not a colour"),
        ("good = red\n\ngood = green", "3: 'good' was set on line 1 already; this line wins"),
        ("good = \u{1B}[31m", "1: '?[31m' is not a colour"),
    ])
    func aMistakeIsNamedWithItsLine(_ text: String, _ expected: String) {
        let problems = file(text).problems.map(\.description)
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("themes/x.theme:\(expected)") == true, "\(problems)")
    }

    @Test func allMistakesAreCollectedInOrderAndTheRestCounts() {
        let file = file(
            """
            good = grene
            bad = red blod
            $a = nocolor
            warning = yellow
            """)
        #expect(file.problems.map(\.line) == [1, 2, 3])
        let palette = file.palette(named: "x")
        #expect(palette[.good] == Palette.binnacle[.good])
        #expect(palette[.bad] == Style(foreground: .ansi(1)))
        #expect(palette[.warning] == Style(foreground: .ansi(3)))
    }

    @Test func hostileTextIsShownShortAndHarmless() {
        let file = file(String(repeating: "\u{202E}x", count: 500) + "\n" + String(repeating: "\0", count: 2000))
        #expect(file.problems.count == 2)
        #expect(file.problems.allSatisfy { $0.description.count < 120 && !$0.description.unicodeScalars.contains("\u{202E}") })
    }
}
