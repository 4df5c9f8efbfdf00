import Domain
import Simulator
import Testing

/// Containers of plain images, whose program is a script.
@Suite struct ScriptTests {
    private func cluster(_ script: String, adapting: (inout SimContainerSpec) -> Void = { _ in }) throws -> Cluster {
        var cluster = Cluster()
        try cluster.run("busybox:1.32", ["sh", "-c", script], name: "one", adapting: adapting)
        return cluster
    }

    private func lines(_ cluster: Cluster) throws -> [String] { cluster.world.logs(of: try cluster.world.container("one", on: "h1")).map(\.text) }

    @Test func saysWhatItIsToldToSay() throws {
        var cluster = try cluster("echo one; echo two >&2; printf three; exit 3")
        cluster.wait(1)
        let one = try cluster.world.container("one", on: "h1")
        #expect(one.state == .exited && one.exitCode == 3)
        let lines = cluster.world.logs(of: one)
        #expect(lines.map(\.text) == ["one", "two", "three"] && lines.map(\.isError) == [false, true, false])
    }

    @Test func takesItsTime() throws {
        var cluster = try cluster("i=0; while [ $i -lt 5 ]; do i=$((i + 1)); echo tick $i; sleep 10; done")
        cluster.wait(25)
        #expect(try lines(cluster) == ["tick 1", "tick 2", "tick 3"])
        cluster.wait(30)
        #expect(try cluster.world.container("one", on: "h1").state == .exited)
    }

    @Test func aSignalIsHeardWhereItIsTrapped() throws {
        var cluster = try cluster("trap 'echo bye; exit 4' TERM; while :; do sleep 0.1; done")
        cluster.wait(1)
        try cluster.world.order(.stopContainer("one", grace: .seconds(5), host: "h1"))
        cluster.wait(1)
        let one = try cluster.world.container("one", on: "h1")
        #expect(one.state == .exited && one.exitCode == 4 && one.finishedAt.map { $0 < cluster.world.now.adding(.milliseconds(-500)) } == true)
        #expect(try lines(cluster) == ["bye"])
    }

    @Test func aSignalIsNotHeardWhereItIsNot() throws {
        var cluster = try cluster("while :; do sleep 0.1; done")
        cluster.wait(1)
        try cluster.world.order(.killContainer("one", signal: "TERM", host: "h1"))
        cluster.wait(20)
        #expect(try cluster.world.container("one", on: "h1").isRunning)
        try cluster.world.order(.stopContainer("one", grace: .seconds(2), host: "h1"))
        cluster.wait(3)
        #expect(try cluster.world.container("one", on: "h1").exitCode == 137)
    }

    @Test func whatGoesRoundWithoutADeedCostsNothing() throws {
        var cluster = try cluster("while :; do sleep 0.1; done")
        var other = Cluster()
        cluster.wait(2)
        other.wait(2)
        let before = cluster.world.deedsDone
        let without = other.world.deedsDone
        cluster.wait(600)
        other.wait(600)
        #expect(cluster.world.deedsDone - before < other.world.deedsDone - without + 100)
    }

    @Test func whatSpinsUsesItsCore() throws {
        var cluster = try cluster("while :; do :; done")
        cluster.wait(10)
        let one = try cluster.world.container("one", on: "h1")
        #expect(try #require(cluster.world.usage(of: one)).cpu > 3_000_000_000)
    }

    @Test func aHealthCheckLooksAtWhatIsThere() throws {
        var cluster = try cluster("sleep 1000; true") { spec in
            var check = SimHealthCheck(test: ["CMD-SHELL", "test -e /tmp/ok || { echo missing; exit 1; }"])
            check.interval = .seconds(1)
            check.retries = 1
            spec.healthCheck = check
        }
        cluster.wait(3)
        let ill = try #require(cluster.world.health(of: try cluster.world.container("one", on: "h1")))
        #expect(ill.status == .unhealthy && ill.log.last?.output == "missing\n")
        try cluster.world.order(.execute(container: "one", arguments: ["touch", "/tmp/ok"], host: "h1"))
        cluster.wait(3)
        #expect(cluster.world.health(of: try cluster.world.container("one", on: "h1"))?.status == .healthy)
    }

    @Test func whatIsNotThereDoesNotStart() throws {
        var cluster = Cluster()
        var spec = SimContainerSpec(image: "busybox:1.32")
        spec.command = ["nope"]
        try cluster.world.order(.createContainer(spec, name: "one", host: "h1"))
        let refusal = cluster.refusal(.startContainer("one", host: "h1"))
        #expect(refusal?.kind.status == 400 && refusal?.message.hasSuffix("exec: \"nope\": executable file not found in $PATH: unknown") == true)
        #expect(try cluster.world.container("one", on: "h1").exitCode == 127)
    }

    @Test func endlessTalkIsKeptWithinBounds() throws {
        var cluster = try cluster("while :; do echo y; done")
        cluster.wait(60)
        #expect(try lines(cluster).count <= 1000)
        #expect(try cluster.world.container("one", on: "h1").isRunning)
    }
}
