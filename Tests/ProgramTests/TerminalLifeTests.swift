import Testing

/// What becomes of the terminal: left to the shell and taken again, resized in haste, without colours and without Unicode.
@Suite(.serialized, .enabled(if: Lab.isReady, Lab.needs))
struct TerminalLifeTests {
    let start = "\(Lab.binary) -H \(Lab.engine.url)"

    /// Whether each part is where it belongs in a window of this size: title, panes across the whole width, footer.
    private func isWhole(_ screen: String, _ width: Int, _ height: Int) -> Bool {
        let lines = screen.split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        guard lines.count == height, lines[0].hasPrefix(" binnacle"), lines[height - 1].hasSuffix("? help") else { return false }
        let isBridge = width >= 150 && height >= 40
        if isBridge { return lines[1..<height - 1].allSatisfy { $0.count == width && "┌│└".contains($0.first!) && "┐│┘".contains($0.last!) } }
        // The rule under the tabs; a window that is lower than this has no room for them.
        return height < 10 || (lines[1].contains("2 Containers") && lines[2].count == width)
    }

    @Test func leavesTheTerminalToTheShellAndComesBackWhole() {
        Lab.engine.run("pt-stopped") { name in
            let tmux = Tmux(width: 120, height: 30)
            tmux.run(start)
            tmux.expect(name)
            tmux.press("C-z")
            tmux.expect("Stopped")
            #expect(tmux.isOrdinary)
            tmux.run("echo still-$((40+2))")
            tmux.expect("still-42")
            tmux.expect("READY> echo still-$((40+2))")
            tmux.resize(80, 24)
            tmux.run("fg; echo left=$((100+$?))")
            tmux.expect(that: "the dashboard is back, in the size of now") { isWhole($0, 80, 24) && $0.contains(name) && !$0.contains("READY>") }
            #expect(tmux.isAlternate)
            tmux.press("Q")
            tmux.expect("left=100")
            #expect(tmux.isOrdinary)
        }
    }

    @Test func whatIsHalfTypedSurvivesBeingStopped() {
        let tmux = Tmux(width: 120, height: 30)
        tmux.run(start)
        tmux.expect("2 Containers")
        tmux.press("W")
        tmux.expect("New network on")
        tmux.type("half-a-na")
        tmux.expect("half-a-na")
        tmux.press("C-z")
        tmux.expect("Stopped")
        tmux.run("fg")
        tmux.expect("half-a-na")
        tmux.type("me")
        tmux.expect("half-a-name")
        tmux.press("Escape")
        tmux.expect(that: "the form is gone") { isWhole($0, 120, 30) && !$0.contains("half-a-name") }
        tmux.press("Q")
        tmux.wait { _ in !tmux.isAlternate }
        #expect(tmux.isOrdinary)
    }

    @Test func aStormOfSizesEndsInAWholeScreen() {
        Lab.engine.run("pt-storm") { name in
            let tmux = Tmux(width: 160, height: 48)
            tmux.run("\(start); echo left=$((100+$?))")
            tmux.expect(name)
            for (width, height) in [(160, 48), (97, 31), (20, 5), (150, 40)] {
                let storm = (0..<15).flatMap { _ in [(20, 5), (160, 48)] }
                tmux.resize(through: storm + [(width, height)])
                tmux.expect(that: "\(width)x\(height) is whole") { isWhole($0, width, height) && $0.contains(name) }
            }
            tmux.press("?")
            tmux.expect("Moving")
            tmux.press("Escape")
            tmux.expect(that: "help is closed") { isWhole($0, 150, 40) && !$0.contains("Moving") }
            tmux.press("Q")
            tmux.expect("left=100")
            #expect(tmux.isOrdinary)
        }
    }

    @Test func aPlainTerminalGetsASCIIWithoutColours() {
        Lab.engine.run("pt-plain") { name in
            let tmux = Tmux(width: 160, height: 48, environment: "LC_ALL=C NO_COLOR=1")
            tmux.record()
            tmux.run(start)
            tmux.expect(name)
            tmux.expect("3 Placement")
            tmux.wait { _ in tmux.written.contains("Placement") }
            #expect(tmux.written.contains("Placement"))
            for (key, title) in [("?", "+ Help "), ("S", "+ Sources "), ("J", "+ Journal ")] {
                tmux.press(key)
                tmux.expect(title)
                tmux.press("Escape")
                tmux.expect("+ 1 Networks ")
            }
            let written = tmux.written
            #expect(written.utf8.allSatisfy { $0 < 128 })
            #expect(colours(in: written) == [])
            tmux.press("Q")
        }
    }

    /// The colours that a text sets by SGR. The default colours (39 and 49) are none.
    private func colours(in text: String) -> [Int] {
        text.split(separator: "\u{1B}").flatMap { piece -> [Int] in
            let parameters = piece.dropFirst().prefix { $0.isNumber || $0 == ";" }
            guard piece.first == "[", piece.dropFirst(1 + parameters.count).first == "m" else { return [] }
            return parameters.split(separator: ";").compactMap { Int($0) }.filter { (30...38).contains($0) || (40...48).contains($0) || (90...107).contains($0) }
        }
    }
}
