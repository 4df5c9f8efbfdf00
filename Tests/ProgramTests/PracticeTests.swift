import Testing

/// The practice cluster as a newcomer meets it: on a machine with nothing but the program.
@Suite(.serialized, .enabled(if: !Lab.binary.isEmpty, "needs BINNACLE_BINARY"))
struct PracticeTests {
    private func open(_ arguments: String = "--practice", size: (Int, Int) = (120, 36)) -> Tmux {
        let state = "/tmp/binnacle-state-\(UInt32.random(in: 0 ... .max))"
        let tmux = Tmux(width: size.0, height: size.1, environment: "DOCKER_HOST=unix:///nonexistent.sock XDG_STATE_HOME=\(state)")
        tmux.run("\(Lab.binary) \(arguments)")
        tmux.expect("PRACTICE", within: 20)
        return tmux
    }

    private var folders: [Substring] { shell("ls -d /tmp/binnacle-practice-* 2> /dev/null").output.split(separator: "\n") }

    /// Scales a service, loses a node, finds the cause by `t`, takes the scaling back.
    @Test func theWholeWalk() {
        let tmux = open("--practice=node-loss", size: (160, 48))
        for pane in ["1 Networks", "2 Containers", "3 Placement", "4 Health"] { tmux.expect(pane) }
        tmux.expect("consul 1.8 ●", within: 20)
        tmux.press("3")
        tmux.type("/cart")
        tmux.press("Enter")
        tmux.expect("shop/cart", within: 15)
        tmux.press("g", "Down")
        tmux.press("s")
        tmux.expect("[ Cancel ]")
        tmux.type("4")
        tmux.expect("2 → 4")
        tmux.apply()
        tmux.expect("4/4", within: 30)
        tmux.press("4")
        tmux.expect("Agent not live or unreachable", within: 60)
        tmux.press("g", "t")
        tmux.expect("node h2 is down", within: 20)
        tmux.expect("likely cause")
        tmux.press("Escape")
        tmux.expect("by check")
        tmux.type(":undo")
        tmux.press("Enter")
        tmux.expect("4 → 2", within: 15)
        tmux.apply()
        tmux.press("3")
        tmux.expect(that: "two tasks are wanted again", within: 30) { $0.contains("2/2") }
        tmux.press("Q")
        tmux.expect("READY>")
    }

    @Test func everyViewSaysThatItIsPractice() {
        let before = folders
        let tmux = open(size: (80, 24))
        #expect(folders.count == before.count + 1)
        for key in ["1", "2", "3", "4", "5", "?"] {
            tmux.press(key)
            tmux.expect("PRACTICE")
        }
        // Help begins with what there is to find.
        tmux.expect("Scenario: Calm")
        tmux.press("Escape")
        tmux.expect("Timeline")
        tmux.press("q")
        tmux.expect("Leave Binnacle?")
        tmux.expect("PRACTICE")
        tmux.press("Escape")
        tmux.expect(that: "it stays") { !$0.contains("Leave Binnacle?") }
        tmux.press("Q")
        tmux.expect("READY>")
        let after = folders
        #expect(after == before, "the folder of its sockets is left behind")
    }

    @Test func scenariosAreSwitchedFromThePalette() {
        let tmux = open()
        tmux.expect("shop_web", within: 20)
        tmux.type(":scenario memory-leak")
        tmux.press("Enter")
        tmux.expect("grows by 4 MB a second", within: 15)
        tmux.type(":speed 30")
        tmux.press("Enter")
        tmux.expect("30 times as fast")
        tmux.press("5")
        tmux.expect("oom", within: 60)
        tmux.type(":scenario memry-leak")
        tmux.press("Enter")
        tmux.expect("did you mean “memory-leak”?")
        tmux.press("Q")
    }

    @Test func theReportsShowItToo() {
        let look = JSONLook("--practice")
        #expect(look.status == 0)
        #expect(look.list("containers").count > 20 && look.list("nodes").count == 3 && look.list("checks").count > 20)
        #expect(look.list("services").contains { ($0["name"] as? String) == "web" })
        #expect(shell("\(Lab.binary) --practice=nosuch").status == 64)
        #expect(shell("\(Lab.binary) --practice --host unix:///x.sock").status == 64)
    }

    /// What `make run` decides by.
    @Test func whetherAnEngineAnswersIsTold() {
        #expect(shell("DOCKER_HOST=unix:///nonexistent.sock \(Lab.binary) --answers").status == 1)
        if !Lab.engine.url.isEmpty { #expect(shell("\(Lab.binary) --answers --host \(Lab.engine.url)").status == 0) }
    }
}
