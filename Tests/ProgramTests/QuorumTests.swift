import Glibc
import Testing

/// A swarm whose managers go: who leads, and what may still be known when nobody can decide.
@Suite(.serialized, .enabled(if: !Lab.binary.isEmpty && !Lab.swarm.url.isEmpty, "needs BINNACLE_BINARY and BINNACLE_TEST_SWARM"))
struct QuorumTests {
    private let swarm = Lab.swarm

    @Test func losingTheMajorityIsSaidAndSurvived() {
        // The tests share one swarm: it is made anew with three managers, and afterwards as it was.
        _ = shell("\(Lab.scripts)/swarm stop; \(Lab.scripts)/swarm start --managers 3 && \(Lab.scripts)/swarm image all")
        defer { _ = shell("\(Lab.scripts)/swarm stop; \(Lab.scripts)/swarm start && \(Lab.scripts)/swarm image all") }
        swarm.docker("service create -q -d --name pt-quorum --replicas 2 --endpoint-mode dnsrr --stop-grace-period 1s --no-resolve-image busybox:local sleep 100000")
        let tmux = Tmux(width: 160, height: 48)
        tmux.run("\(Lab.binary) -H \(swarm.url) placement")
        tmux.expect("swarm 3 nodes", within: 20)
        tmux.press("3", "z")
        tmux.expect("2/2", within: 20)
        _ = shell("\(Lab.scripts)/swarm kill 2; \(Lab.scripts)/swarm kill 3")
        tmux.expect("stale", within: 60)
        tmux.expect("quorum", within: 90)
        // What was known stays, and nothing can be changed meanwhile.
        tmux.expect("pt-quorum")
        tmux.press("s")
        tmux.expect("does not answer just now")
        _ = shell("\(Lab.scripts)/swarm restart 3")
        tmux.expect(that: "a majority is back", within: 90) { !$0.contains("stale") && $0.contains("swarm ") && $0.contains("pt-quorum") }
        tmux.press("Q")
    }

    @Test func rolesAndLabelsAreChangedAndADeadNodeIsTakenOffTheBooks() {
        // A removed node cannot come back by itself.
        defer { _ = shell("\(Lab.scripts)/swarm stop; \(Lab.scripts)/swarm start && \(Lab.scripts)/swarm image all") }
        let tmux = Tmux(width: 120, height: 40)
        tmux.run("\(Lab.binary) -H \(swarm.url) placement")
        tmux.expect("swarm 3 nodes", within: 20)
        tmux.press("3", "v")
        tmux.expect("by node")
        tmux.type("/lab-n3")
        tmux.press("Enter", "g")
        tmux.type(":labels")
        tmux.press("Enter")
        tmux.expect("Labels of node lab-n3")
        tmux.type("zone=c")
        tmux.press("Enter")
        tmux.expect("zone")
        tmux.apply()
        until("the label is there") { swarm.docker("node inspect -f {{.Spec.Labels}} lab-n3").contains("zone:c") }
        tmux.expect("zone=c")
        tmux.type(":role")
        tmux.press("Enter")
        tmux.expect("Make it a manager")
        tmux.press("Down", "Enter")
        tmux.expect("worker → manager")
        tmux.apply()
        until("it manages") { swarm.docker("node inspect -f {{.Spec.Role}} lab-n3").hasPrefix("manager") }
        tmux.expect("manager", within: 20)
        until("it is reached") { swarm.docker("node inspect -f {{.ManagerStatus.Reachability}} lab-n3").hasPrefix("reachable") }
        tmux.type(":undo")
        tmux.press("Enter")
        tmux.expect("manager → worker")
        tmux.apply()
        until("it works only") { swarm.docker("node inspect -f {{.Spec.Role}} lab-n3").hasPrefix("worker") }
        until("it has left the managers") { !swarm.docker("node ls").line(with: "lab-n3").contains("Reachable") }
        _ = shell("\(Lab.scripts)/swarm kill 3")
        tmux.expect("down", within: 30)
        tmux.press("X")
        tmux.expect("Type lab-n3 to apply")
        tmux.type("lab-n3")
        tmux.press("Tab", "Enter")
        until("it is off the books") { !swarm.docker("node ls").contains("lab-n3") }
        tmux.expect("swarm 2 nodes", within: 20)
        tmux.press("Q")
    }

    private func until(_ what: String, _ condition: () -> Bool, _ location: SourceLocation = #_sourceLocation) {
        let deadline = ContinuousClock.now + .seconds(30)
        while !condition(), ContinuousClock.now < deadline { poll(nil, 0, 100) }
        let isSo = condition()
        #expect(isSo, "not seen: \(what)", sourceLocation: location)
    }
}
