import Glibc
import Testing

/// Placement by keys, on a real swarm of three engines; what the screen says is compared with what the swarm says.
@Suite(.serialized, .enabled(if: !Lab.binary.isEmpty && !Lab.swarm.url.isEmpty, "needs BINNACLE_BINARY and BINNACLE_TEST_SWARM"))
struct SwarmTests {
    private let swarm = Lab.swarm

    private func withService(_ name: String, _ options: String = "--replicas 2", _ body: (Tmux) throws -> Void) rethrows {
        swarm.docker("service rm \(name)")
        swarm.docker("service create -q -d --name \(name) \(options) --endpoint-mode dnsrr --stop-grace-period 1s --no-resolve-image busybox:local sleep 100000")
        defer { swarm.docker("service rm \(name)") }
        try body(open(name))
    }

    /// The program on pane 3, with the filter on one service.
    private func open(_ name: String, size: (Int, Int) = (120, 40), more: String = "") -> Tmux {
        let tmux = Tmux(width: size.0, height: size.1)
        tmux.run("\(Lab.binary) -H \(swarm.url) \(more)")
        tmux.expect("swarm 3 nodes", within: 20)
        tmux.press("3")
        tmux.expect("swarm · 3 nodes")
        tmux.type("/\(name)")
        tmux.press("Enter")
        return tmux
    }

    private func running(_ name: String) -> Int { swarm.lines("service ps -q -f desired-state=running \(name)").count }

    private func until(_ what: String, _ condition: () -> Bool, _ location: SourceLocation = #_sourceLocation) {
        let deadline = ContinuousClock.now + .seconds(30)
        while !condition(), ContinuousClock.now < deadline { poll(nil, 0, 100) }
        let isSo = condition()
        #expect(isSo, "not seen: \(what)", sourceLocation: location)
    }

    @Test func scalesByDigitsAndBack() {
        withService("pt-scale") { tmux in
            tmux.expect("2/2", within: 20)
            tmux.press("s")
            tmux.expect("[ Cancel ]")
            tmux.type("5")
            tmux.expect("2 → 5")
            tmux.press("+")
            tmux.expect("2 → 6")
            tmux.press("-")
            tmux.expect("2 → 5")
            // Enter presses the focused button, which is Cancel.
            tmux.press("Enter")
            tmux.wait { !$0.contains("[ Cancel ]") }
            #expect(swarm.docker("service inspect -f {{.Spec.Mode.Replicated.Replicas}} pt-scale").hasPrefix("2"))
            tmux.press("s")
            tmux.expect("[ Cancel ]")
            tmux.type("5")
            tmux.expect("2 → 5")
            tmux.apply()
            tmux.expect("pt-scale: 5 of 5 running after", within: 30)
            tmux.expect("5/5")
            #expect(running("pt-scale") == 5)
            tmux.type(":undo")
            tmux.press("Enter")
            tmux.expect("5 → 2")
            tmux.apply()
            tmux.expect("2/2", within: 30)
            until("two tasks again") { running("pt-scale") == 2 }
            tmux.press("Q")
        }
    }

    @Test func anotherOperatorsChangeIsNotOverwritten() {
        withService("pt-two") { tmux in
            tmux.expect("2/2", within: 20)
            tmux.press("s")
            tmux.expect("[ Cancel ]")
            tmux.type("5")
            tmux.expect("2 → 5")
            swarm.docker("service scale -d pt-two=4")
            tmux.apply()
            tmux.expect("somebody else changed pt-two meanwhile")
            tmux.expect("tasks 2 → 4")
            tmux.press("Enter")
            tmux.expect("4/4", within: 30)
            #expect(swarm.docker("service inspect -f {{.Spec.Mode.Replicated.Replicas}} pt-two").hasPrefix("4"))
            tmux.press("Q")
        }
    }

    @Test func deploysByForm() {
        swarm.docker("service rm pt-form")
        defer { swarm.docker("service rm pt-form") }
        let tmux = open("pt-form")
        tmux.press("u")
        tmux.expect("A new service")
        tmux.press("Enter")
        tmux.expect("Deploy a service")
        tmux.type("pt-form")
        tmux.press("Tab")
        tmux.type("busybox:local")
        tmux.press("Tab", "Tab", "BSpace")
        tmux.type("3")
        tmux.press("Tab")
        tmux.type("sleep 100000")
        tmux.press("Enter")
        tmux.expect("service pt-form")
        tmux.apply()
        tmux.expect("pt-form: 3 of 3 running after", within: 30)
        tmux.expect("3/3")
        #expect(running("pt-form") == 3)
        tmux.press("Q")
    }

    @Test func deploysAStackFromAFileAndUndeploysItByName() {
        let folder = "/tmp/binnacle-stack-\(UInt32.random(in: 0 ... .max))"
        _ = shell("mkdir -p \(folder)")
        let file = """
            services:
              web:
                image: busybox:local
                command: sleep 100000
                stop_grace_period: 1s
                depends_on: [db]
                deploy:
                  replicas: 2
                  endpoint_mode: dnsrr
              db:
                image: busybox:local
                command: ["sleep", "100000"]
                stop_grace_period: 1s
                deploy:
                  endpoint_mode: dnsrr
            """
        _ = shell("cat > \(folder)/compose.yaml <<'EOF'\n\(file)\nEOF")
        defer { _ = shell("rm -rf \(folder)") }
        swarm.docker("stack rm ptstack")
        defer { swarm.docker("stack rm ptstack") }
        let tmux = open("ptstack")
        tmux.press("u")
        tmux.expect("A stack")
        tmux.press("Down", "Enter")
        tmux.expect("Compose file")
        tmux.type("\(folder)/compose.yaml")
        tmux.press("Tab")
        tmux.type("ptstack")
        tmux.press("Enter")
        tmux.expect("service ptstack_web")
        tmux.expect("depends_on")
        tmux.apply()
        tmux.expect("ptstack: 3 of 3 running after", within: 30)
        until("the stack runs") { running("ptstack_web") == 2 && running("ptstack_db") == 1 }
        tmux.expect("ptstack_db", within: 20)
        tmux.press("g", "X")
        tmux.expect("Type ptstack to apply")
        tmux.press("Tab", "Enter")
        tmux.expect("[ Apply ]")
        #expect(running("ptstack_db") == 1, "applied without its name typed")
        tmux.type("ptstack")
        tmux.press("Enter")
        until("the stack is gone") { !swarm.docker("service ls --format {{.Name}}").contains("ptstack_") }
        tmux.press("Q")
    }

    @Test func saysWhyATaskIsNotPlacedAndWhatWouldHelp() {
        withService("pt-stuck", "--replicas 1 --constraint node.labels.disk==ssd") { tmux in
            tmux.expect("0/1", within: 20)
            tmux.press("i")
            tmux.expect("lab-n1")
            tmux.expect("disk")
            tmux.expect(that: "the scheduler's own words stand there") { $0.contains("no suitable node") }
            tmux.press("Escape")
            let text = shell("\(Lab.binary) -H \(swarm.url) --once placement")
            #expect(text.output.contains("pt-stuck") && text.output.contains("no suitable node") && text.status == 1)
            #expect(shell("\(Lab.binary) -H \(swarm.url) --json").output.contains("\"would_help\""))
            tmux.press("Q")
        }
    }

    @Test func aTakenPortIsSaid() {
        withService("pt-port", "--replicas 4 --publish mode=host,target=80,published=18080") { tmux in
            tmux.expect("3/4", within: 30)
            tmux.expect(that: "the port is the reason") { $0.contains("18080") || $0.contains("host-mode port already in use") }
            tmux.press("Q")
        }
    }

    @Test func anUpdateThatFailsIsSaidWithTheTasksOwnReason() {
        withService("pt-bad", "--replicas 2 --update-failure-action pause --restart-max-attempts 1 --restart-delay 1s") { tmux in
            tmux.expect("2/2", within: 20)
            tmux.press("u")
            tmux.expect("pt-bad anew")
            tmux.press("Enter")
            tmux.expect("Deploy pt-bad anew")
            tmux.press("Tab")
            for _ in 0..<20 { tmux.press("BSpace") }
            tmux.type("nosuch:image")
            tmux.press("Enter")
            tmux.expect("busybox:local → nosuch:image")
            tmux.apply()
            tmux.expect("No such image", within: 60)
            tmux.expect("paused", within: 60)
            #expect(swarm.docker("service inspect -f {{.UpdateStatus.State}} pt-bad").hasPrefix("paused"))
            tmux.type(":undo")
            tmux.press("Enter")
            tmux.expect("nosuch:image → busybox:local")
            tmux.apply()
            tmux.expect("pt-bad: 2 of 2 running after", within: 60)
            tmux.press("Q")
        }
    }

    @Test func logsAndShellFollowATaskToItsNode() {
        swarm.docker("service rm pt-far")
        let print = "sh -c \"echo far-away-words; exec sleep 100000\""
        for (name, node) in [("pt-near", "lab-n1"), ("pt-far", "lab-n2")] {
            swarm.docker("service rm \(name)")
            swarm.docker("service create -q -d --name \(name) --constraint node.hostname==\(node) --endpoint-mode dnsrr --stop-grace-period 1s --no-resolve-image busybox:local \(print)")
        }
        defer { swarm.docker("service rm pt-near pt-far") }
        let tmux = open("pt-far")
        tmux.expect("1/1", within: 20)
        tmux.press("l")
        tmux.expect("far-away-words", within: 20)
        tmux.press("Escape")
        tmux.wait { !$0.contains("far-away-words") }
        // Its task, below the service.
        tmux.press("Right", "Down", "e")
        tmux.expect("whose own engine is not watched")
        tmux.press("Q")
        tmux.expect("READY>")
        tmux.run("\(Lab.binary) -H \(swarm.url) -H \(variable("BINNACLE_TEST_SWARM_2") ?? "")")
        tmux.expect("swarm 3 nodes", within: 20)
        tmux.press("3")
        tmux.type("/pt-far")
        tmux.press("Enter")
        tmux.expect("1/1", within: 20)
        tmux.press("Right", "Down", "e")
        tmux.expect("exit or ctrl-d comes back")
        tmux.run("hostname; echo in-$((40+2))")
        tmux.expect("in-42")
        tmux.run("exit")
        tmux.expect("The shell in")
        tmux.press("Q")
    }

    @Test func aBadImageIsSaidInFull() {
        swarm.docker("service rm pt-image")
        swarm.docker("service create -q -d --name pt-image --replicas 1 --endpoint-mode dnsrr --no-resolve-image --restart-max-attempts 1 nosuch:image")
        defer { swarm.docker("service rm pt-image") }
        let tmux = open("pt-image")
        tmux.expect("0/1", within: 20)
        tmux.expect("No such image", within: 20)
        tmux.press("Q")
    }

    @Test func drainsANodeAndWatchesANodeDie() {
        withService("pt-drain", "--replicas 3") { tmux in
            tmux.expect("3/3", within: 20)
            tmux.press("Escape")
            tmux.wait { !$0.contains("/pt-drain") }
            tmux.press("v")
            tmux.expect("by node")
            tmux.type("/lab-n2")
            tmux.press("Enter", "g", "a")
            tmux.expect("draining")
            tmux.press("End", "Enter")
            tmux.expect("active → drain")
            tmux.apply()
            until("lab-n2 is drained") { swarm.docker("node inspect -f {{.Spec.Availability}} lab-n2").hasPrefix("drain") }
            tmux.expect("drain")
            until("its tasks moved") { !swarm.docker("service ps -f desired-state=running --format {{.Node}} pt-drain").contains("lab-n2") }
            tmux.type(":undo")
            tmux.press("Enter")
            tmux.expect("drain → active")
            tmux.apply()
            until("lab-n2 is active") { swarm.docker("node inspect -f {{.Spec.Availability}} lab-n2").hasPrefix("active") }
            _ = shell("\(Lab.scripts)/swarm kill 3")
            tmux.press("Escape")
            tmux.expect("swarm 2/3 nodes", within: 30)
            _ = shell("\(Lab.scripts)/swarm restart 3")
            tmux.expect("swarm 3 nodes", within: 60)
            tmux.press("Q")
        }
    }

    @Test func losingTheManagerIsSaidAndSurvived() {
        withService("pt-lost") { tmux in
            tmux.expect("2/2", within: 20)
            _ = shell("\(Lab.scripts)/swarm kill 1")
            tmux.expect("stale", within: 20)
            // What was known stays on the screen.
            tmux.expect("pt-lost")
            _ = shell("\(Lab.scripts)/swarm restart 1")
            tmux.expect(that: "it is live again", within: 60) { !$0.contains("stale") && $0.contains("swarm 3 nodes") }
            tmux.press("Q")
        }
    }

    @Test func rollsBack() {
        withService("pt-back") { tmux in
            tmux.expect("2/2", within: 20)
            swarm.docker("service update -q -d --env-add COLOUR=blue pt-back")
            until("the update is through") { swarm.docker("service inspect -f {{.UpdateStatus.State}} pt-back").hasPrefix("completed") }
            tmux.press("B")
            tmux.expect("COLOUR=blue")
            tmux.apply()
            until("it is rolled back") { !swarm.docker("service inspect -f {{.Spec.TaskTemplate.ContainerSpec.Env}} pt-back").contains("COLOUR") }
            tmux.press("Q")
        }
    }

    @Test func aWorkerSaysWhatItCannotKnow() {
        let tmux = Tmux(width: 80, height: 24)
        tmux.run("\(Lab.binary) -H \(variable("BINNACLE_TEST_SWARM_2") ?? "")")
        tmux.press("3")
        tmux.expect("worker", within: 20)
        tmux.expect("manager")
        tmux.press("Q")
    }

    @Test func readOnlyOffersNoChange() {
        withService("pt-ro") { tmux in
            tmux.press("Q")
            let locked = open("pt-ro", more: "--readonly")
            locked.expect("2/2", within: 20)
            for key in ["s", "X", "B", "r", "u"] {
                locked.press(key)
                locked.expect("read-only")
            }
            locked.press("Q")
        }
    }
}
