import Domain

/// A chain from a red check to a container that was killed for memory, with everything that a link can be.
enum TraceFixture {
    static let check = Check.ID(HealthFixture.consul, "n1/service:web1")
    static let container = Container.ID(HealthFixture.engine, "c0ffee0123456789")

    static let refused = Trace.Link(
        .check, "web answers", state: .broken,
        facts: [
            .init("status", "critical for 4 min"),
            .init("output", "Get \"http://10.0.0.1:8080/health\": dial tcp 10.0.0.1:8080: connect: connection refused\nand a second line"),
        ], place: .check(check))
    static let instance = Trace.Link(
        .instance, "web1 on n1", state: .doubtful, joint: .init("by its service id web1", .certain), facts: [.init("endpoint", "10.0.0.1:8080"), .init("tags", "v1, canary")],
        place: .instance(ServiceInstance.ID(HealthFixture.consul, "n1/web1")))
    static let workload = Trace.Link(.workload, "none", state: .missing, facts: [.init("why", "no orchestrator has placed this container")])
    static let network = Trace.Link(.network, "bridge", state: .good, joint: .init("by the container's endpoint", .certain), facts: [.init("address", "172.17.0.2")], place: .network(Network.ID(HealthFixture.engine, "n1")))
    static let path = Trace.Link(.path, "from here to 10.0.0.1:8080", state: .pending, facts: [.init("TCP", "asking…")])

    static func killed(lines: Int) -> Trace.Link {
        Trace.Link(
            .container, "web1", state: .broken, joint: .init("by address and port 10.0.0.1:8080", .likely),
            facts: [
                .init("state", "exited, killed (SIGKILL, exit 137)", isEvidence: true), .init("memory", "the kernel killed it for memory (OOM)", isEvidence: true),
                .init("restarts", "4, policy no"), .init("last lines", (1...lines).map { "line \($0) before it died" }.joined(separator: "\n"), isEvidence: true),
            ], place: .container(container))
    }

    static func trace(_ links: [Trace.Link], cause: Int?, verdict: String, questions: [Evidence.Question] = []) -> Trace {
        Trace(start: .check(check), title: "check web answers", links: links, cause: cause, verdict: verdict, questions: questions)
    }

    static func memory(lines: Int = 6) -> Trace {
        trace(
            [refused, instance, workload, killed(lines: lines), network, path], cause: 3,
            verdict: "The container web1 was killed for memory (OOM): nothing answers at 10.0.0.1:8080, so the check is critical", questions: [.connect(host: "10.0.0.1", port: 8080)])
    }
}
