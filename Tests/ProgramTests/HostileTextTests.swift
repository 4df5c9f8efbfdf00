import Testing

/// What containers bring along is data, however much of it there is and whatever it says to a terminal.
@Suite(.serialized, .enabled(if: Lab.isReady, Lab.needs))
struct HostileTextTests {
    let engine = Lab.engine

    @Test func aLabelOfTenMegabytesIsListedAndDescribed() {
        let name = "pt-big"
        engine.docker("rm -f \(name)")
        defer { engine.docker("rm -f \(name)") }
        // No command line holds that much, and the client's --label-file takes no line that long.
        let made = shell(
            #"{ printf '{"Image":"busybox:local","Cmd":["sleep","100000"],"StopTimeout":1,"Labels":{"big":"'; head -c 10000000 /dev/zero | tr '\0' x; printf '"}}'; }"#
                + " | curl -fsS --unix-socket \(engine.socket) -H Content-Type:application/json --data-binary @- http://engine/containers/create?name=\(name)")
        #expect(made.status == 0, "\(made.output)")
        engine.docker("start \(name)")

        let tmux = Tmux(width: 160, height: 48)
        tmux.run("\(Lab.binary) -H \(engine.url) containers")
        tmux.expect(that: "it is listed") { $0.line(with: "● \(name)").contains("running") }
        tmux.type("/\(name)")
        tmux.press("Enter", "i")
        tmux.expect("Describe \(name)")
        tmux.expect(that: "the label is there") { !$0.line(with: " big  ").isEmpty && $0.contains("xxxxxxxx") }
        tmux.press("Escape")
        tmux.expect("4 Health")
        tmux.press("y")
        tmux.expect("JSON of \(name)")
        tmux.expect("\"Id\"")
        tmux.press("Escape")
        tmux.expect("4 Health")
        // News still come, and each brings the label along.
        engine.docker("stop -t 0 \(name)")
        tmux.expect(that: "it is seen to end") { $0.line(with: "○ \(name)").contains("exited") }
        tmux.press("Q")
        tmux.wait { _ in !tmux.isAlternate }
        #expect(tmux.isOrdinary)
        #expect(shell("\(Lab.binary) -H \(engine.url) --once containers").output.contains(name))
    }

    @Test func whatALogSaysToTheTerminalIsNotHeard() {
        let name = "pt-escape"
        engine.docker("rm -f \(name)")
        defer { engine.docker("rm -f \(name)") }
        // Title, colour, erasing, backspaces, the alternate screen, a device control string, an eight-bit CSI, the clipboard.
        let said = [
            #"pt-start\n\033]0;pt-title\007pt-titled\n\033[31mpt-red\033[0m\n\033[2J\033[Hpt-erased\nabc\b\b\bX\rpt-overwritten\n"#,
            #"\033[?1049lpt-alternate\n\033Ppt-string\033\\\\pt-device\n\302\23331mpt-eight\n\033]52;c;cHQ=\007pt-clipboard\npt-end\n"#,
        ].joined()
        let seen = ["pt-start", "pt-titled", "pt-red", "pt-erased", "pt-overwritten", "pt-alternate", "pt-device", "pt-eight", "pt-clipboard", "pt-end"]
        let label = #"--label "evil=$(printf '\033]0;pt-title\007\033[31mpt-label')""#
        engine.docker("run -d --name \(name) --stop-timeout 1 \(label) busybox:local sh -c \"printf '\(said)'; exec sleep 100000\"")

        let tmux = Tmux(width: 120, height: 48)
        let title = tmux.title
        tmux.record()
        tmux.run("\(Lab.binary) -H \(engine.url) containers")
        tmux.expect(name)
        tmux.type("/\(name)")
        tmux.press("Enter", "l")
        tmux.expect("pt-end")
        let lines = tmux.screen.filter { $0 != "│" }.split(separator: "\n").map { $0.split(separator: " ").joined(separator: " ") }
        for word in seen { #expect(lines.contains(word), "no line that is \(word) alone among \(lines)") }
        tmux.press("Escape")
        tmux.expect("4 Health")
        tmux.press("i")
        tmux.expect(that: "the label is there without its colour") { $0.line(with: "evil ").contains("= pt-label") }
        #expect(tmux.isAlternate)
        #expect(tmux.title == title)
        #expect(tmux.written.contains("pt-end"))
        for sequence in ["]0;pt", "Ppt", "]52;c;cHQ", "[31mpt", "[?1049lpt"] {
            #expect(!tmux.written.contains("\u{1B}\(sequence)"), "ESC \(sequence) reached the terminal")
        }
        tmux.press("Q")
    }
}
