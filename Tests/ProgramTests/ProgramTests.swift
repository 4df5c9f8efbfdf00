import Testing

/// The program itself, in tmux, on a real engine.
@Suite(.serialized, .enabled(if: Lab.isReady, Lab.needs))
struct ProgramTests {
    let binary = Lab.binary
    let engine = Lab.engine.url

    @Test func showsContainersAndGivesTheTerminalBack() {
        Lab.engine.run("pt-show") { name in
            let tmux = Tmux(width: 160, height: 48)
            tmux.type("\(binary) -H \(engine); echo left=$((100+$?))")
            tmux.press("Enter")
            tmux.expect(name)
            tmux.expect("3 Placement")
            #expect(tmux.isAlternate)
            tmux.resize(80, 24)
            tmux.expect("1 Netw")
            tmux.expect(name)
            tmux.press("Q")
            tmux.expect("left=100")
            #expect(!tmux.isAlternate)
        }
    }

    @Test func stopsByKeysOnlyAfterThePlan() {
        Lab.engine.run("pt-stop") { name in
            let tmux = Tmux(width: 120, height: 30)
            tmux.type("\(binary) -H \(engine)")
            tmux.press("Enter")
            tmux.expect(name)
            tmux.type("/\(name)")
            tmux.press("Enter", "T")
            tmux.expect("[ Cancel ]")
            tmux.press("Enter")
            tmux.wait { !$0.contains("[ Cancel ]") }
            #expect(Lab.engine.docker("inspect -f {{.State.Running}} \(name)").hasPrefix("true"))
            tmux.press("T")
            tmux.expect("[ Cancel ]")
            tmux.press("Tab", "Enter")
            tmux.expect("exited")
            #expect(Lab.engine.docker("inspect -f {{.State.Running}} \(name)").hasPrefix("false"))
            tmux.press("Q")
        }
    }

    @Test func followsLogsAndOpensAShell() {
        Lab.engine.run("pt-logs") { name in
            let tmux = Tmux(width: 120, height: 30)
            tmux.type("\(binary) -H \(engine)")
            tmux.press("Enter")
            tmux.expect(name)
            tmux.type("/\(name)")
            tmux.press("Enter", "l")
            tmux.expect("hello-from-\(name)")
            tmux.press("Escape")
            tmux.wait { !$0.contains("hello-from-\(name)") }
            tmux.press("e")
            tmux.expect("exit or ctrl-d comes back")
            tmux.type("echo in-$((40+2))")
            tmux.press("Enter")
            tmux.expect("in-42")
            tmux.type("exit 3")
            tmux.press("Enter")
            tmux.expect("ended with exit 3")
            tmux.press("Q")
        }
    }

    @Test(arguments: ["TERM", "HUP", "SEGV"])
    func leavesACleanTerminalHoweverItEnds(signal: String) {
        let tmux = Tmux(width: 80, height: 24)
        tmux.type("\(binary) -H \(engine) & echo pid=$!; fg; echo over")
        tmux.press("Enter")
        tmux.expect("2 Containers")
        let pids = shell("pgrep -f \"^\(binary) -H \(engine)\"").output.split(separator: "\n")
        for pid in pids { _ = shell("kill -\(signal) \(pid)") }
        tmux.expect("over")
        #expect(!tmux.isAlternate)
    }

    @Test func anAbsentEngineIsSaidAndNothingHangs() {
        let tmux = Tmux(width: 80, height: 24)
        tmux.type("\(binary) -H unix:///tmp/no-such-engine.sock")
        tmux.press("Enter")
        tmux.expect("socket")
        tmux.press("?")
        tmux.expect("Moving")
        // An Esc with a key right behind it would be one key: alt-Q.
        tmux.press("Escape")
        tmux.wait { !$0.contains("Moving") }
        tmux.press("Q")
        tmux.expect("READY>")
        #expect(shell("\(binary) -H unix:///tmp/no-such-engine.sock --once").status == 2)
    }

    @Test func printsFactsAsTextAndAsJSON() {
        Lab.engine.run("pt-json") { name in
            let json = shell("\(binary) -H \(engine) --json").output
            for key in ["\"schema\" : 1", "\"cpu_percent\"", "\"memory_bytes\"", "\"taken_at\"", "\"workloads\"", "\"name\" : \"\(name)\""] { #expect(json.contains(key), "no \(key)") }
            let text = shell("\(binary) -H \(engine) --once containers").output
            #expect(text.contains(name))
            #expect(shell("\(binary) nonsense").status == 64)
        }
    }

    @Test(arguments: ["dumb", "vt100", "linux", "xterm-256color"])
    func everyTerminalIsServedOrTold(term: String) {
        let tmux = Tmux(width: 80, height: 24, term: term, environment: term == "vt100" ? "NO_COLOR=1 LC_ALL=C" : "")
        tmux.type("\(binary) -H \(engine); echo over=$((100+$?))")
        tmux.press("Enter")
        if term == "dumb" {
            tmux.expect("over=101")
            tmux.expect("--once")
        } else {
            tmux.expect("2 Containers")
            tmux.press("Q")
            tmux.expect("over=100")
        }
    }
}
