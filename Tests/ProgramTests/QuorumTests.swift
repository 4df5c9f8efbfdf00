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
}
