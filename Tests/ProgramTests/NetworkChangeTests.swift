import Testing

/// What is changed by keys alone. After each step the engine is asked, not the screen.
@Suite(.serialized, .enabled(if: Lab.isReady, Lab.needs))
struct NetworkChangeTests {
    let engine = Lab.engine
    /// Networks stand in the order of their names: G finds the last.
    let network = "zz-pt-net"

    private var networks: [Substring] { engine.lines("network ls --format {{.Name}}") }
    private var attached: String { engine.docker("network inspect -f \"{{range .Containers}}{{.Name}} {{end}}\" \(network)") }
    private var containers: [Substring] { engine.lines("ps -a --format {{.Names}}") }

    private func open(_ pane: String) -> Tmux {
        let tmux = Tmux(width: 120, height: 60)
        tmux.run("\(Lab.binary) -H \(engine.url) \(pane)")
        return tmux
    }

    @Test func aNetworkIsMadeJoinedLeftAndRemoved() {
        engine.docker("network rm \(network)")
        defer { engine.docker("network rm \(network)") }
        engine.run("pt-join") { name in
            let tmux = open("networks")
            tmux.expect(name)

            tmux.press("W")
            tmux.expect("New network on")
            tmux.type(network)
            tmux.expect(network)
            tmux.press("Enter")
            tmux.expect("Plan: create network")
            #expect(!networks.contains(network[...]))
            tmux.apply()
            tmux.expect("created network \(network)")
            #expect(networks.contains(network[...]))

            tmux.press("G", "A")
            tmux.expect("Connect to \(network)")
            tmux.choose(name)
            tmux.press("Enter")
            tmux.expect("Plan: connect \(network)")
            #expect(attached == "\n")
            tmux.apply()
            tmux.expect("connected \(name) to \(network)")
            #expect(attached == "\(name) \n")

            // Its row is the last now.
            tmux.expect("  └ \(name)")
            tmux.press("G", "D")
            tmux.expect("Plan: disconnect \(network)")
            tmux.apply()
            tmux.expect("disconnected \(name) from \(network)")
            #expect(attached == "\n")

            tmux.expect(that: "nobody is attached any more") { $0.line(with: "\(network) bridge").contains("nobody attached") }
            tmux.press("G", "X")
            tmux.expect("Plan: remove \(network)")
            #expect(networks.contains(network[...]))
            tmux.apply()
            tmux.expect("removed network \(network)")
            #expect(!networks.contains(network[...]))
            tmux.press("Q")
        }
    }

    @Test func aPlanThatIsLeftChangesNothing() {
        engine.docker("network rm \(network)")
        engine.docker("network create \(network)")
        defer { engine.docker("network rm \(network)") }
        let tmux = open("networks")
        tmux.expect(network)
        for leave in [["Escape"], ["Enter"], ["Tab", "Tab", "Enter"]] {
            tmux.press("G", "X")
            tmux.expect("[ Cancel ]")
            for key in leave { tmux.press(key) }
            tmux.expect(that: "the plan is closed") { !$0.contains("Plan: ") }
        }
        #expect(networks.contains(network[...]))
        tmux.press("Q")
    }

    @Test func pruningTakesWhatIsStoppedOnlyAfterThePlan() {
        engine.docker("rm -f pt-dead")
        engine.docker("run --name pt-dead busybox:local true")
        defer { engine.docker("rm -f pt-dead") }
        engine.run("pt-alive") { name in
            let tmux = open("containers")
            tmux.expect("pt-dead")
            tmux.expect(name)
            tmux.press("P")
            tmux.expect("Prune what on")
            tmux.press("Enter")
            tmux.expect("Plan: prune containers")
            tmux.expect(that: "the plan names what goes") { $0.line(with: "pt-dead: ").contains("removed") && !$0.contains("\(name): ") }
            #expect(containers.contains("pt-dead"))
            tmux.apply()
            tmux.expect(that: "the row is gone") { !$0.contains("pt-dead") && $0.contains(name) }
            #expect(!containers.contains("pt-dead"))
            #expect(containers.contains(name[...]))
            tmux.press("Q")
        }
    }
}
