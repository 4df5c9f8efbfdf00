internal import Domain
import Engine
internal import Testing
@testable internal import DockerEngine

@Suite struct DockerCallsTests {
    private static let source = Source.ID("docker:local")
    private static let web = Operation.Target.container(Container.ID(source, "4c01db0b339c"), name: "web 1")
    private static let front = Operation.Target.network(Network.ID(source, "90f984"), name: "front")
    private static let engine = Operation.Target.source(source, name: "local")

    struct Case: Sendable {
        var operation: Operation
        var call: String
        var command: String
        init(_ action: Operation.Action, _ target: Operation.Target, _ call: String, _ command: String) {
            operation = Operation(action, on: target)
            self.call = call
            self.command = command
        }
    }

    static let cases = [
        Case(.start, web, "POST /v1.41/containers/4c01db0b339c/start", "docker start 'web 1'"),
        Case(.stop(grace: nil), web, "POST /v1.41/containers/4c01db0b339c/stop", "docker stop 'web 1'"),
        Case(.stop(grace: 3), web, "POST /v1.41/containers/4c01db0b339c/stop?t=3", "docker stop -t 3 'web 1'"),
        Case(.restart(grace: 0), web, "POST /v1.41/containers/4c01db0b339c/restart?t=0", "docker restart -t 0 'web 1'"),
        Case(.pause, web, "POST /v1.41/containers/4c01db0b339c/pause", "docker pause 'web 1'"),
        Case(.unpause, web, "POST /v1.41/containers/4c01db0b339c/unpause", "docker unpause 'web 1'"),
        Case(.kill(signal: "SIGHUP"), web, "POST /v1.41/containers/4c01db0b339c/kill?signal=SIGHUP", "docker kill -s SIGHUP 'web 1'"),
        Case(.rename(to: "a&b"), web, "POST /v1.41/containers/4c01db0b339c/rename?name=a%26b", "docker rename 'web 1' 'a&b'"),
        Case(
            .removeContainer(force: true, volumes: true), web, "DELETE /v1.41/containers/4c01db0b339c?force=1&v=1", "docker rm -f -v 'web 1'"),
        Case(.prune(.images), engine, "POST /v1.41/images/prune", "docker image prune -f"),
        Case(.prune(.buildCache), engine, "POST /v1.41/build/prune", "docker builder prune -f"),
        Case(
            .createNetwork(NetworkSpecification(name: "front", subnet: "10.9.0.0/24", gateway: "10.9.0.1", isInternal: true)), engine,
            #"POST /v1.41/networks/create {"Attachable":false,"CheckDuplicate":true,"Driver":"bridge","IPAM":{"Config":[{"Gateway":"10.9.0.1","Subnet":"10.9.0.0/24"}]},"Internal":true,"Name":"front"}"#,
            "docker network create -d bridge --subnet 10.9.0.0/24 --gateway 10.9.0.1 --internal front"),
        Case(
            .connect(container: Container.ID(source, "c1"), name: "db", address: "10.9.0.7", aliases: ["data"]), front,
            #"POST /v1.41/networks/90f984/connect {"Container":"c1","EndpointConfig":{"Aliases":["data"],"IPAMConfig":{"IPv4Address":"10.9.0.7"}}}"#,
            "docker network connect --ip 10.9.0.7 --alias data front db"),
        Case(
            .disconnect(container: Container.ID(source, "c1"), name: "db", force: true), front,
            #"POST /v1.41/networks/90f984/disconnect {"Container":"c1","Force":true}"#, "docker network disconnect -f front db"),
        Case(.removeNetwork, front, "DELETE /v1.41/networks/90f984", "docker network rm front"),
    ]

    @Test(arguments: cases)
    func saysWhatIsSent(_ example: Case) {
        let version = APIVersion(1, 41)
        #expect(DockerCalls(version: version).calls(for: example.operation).map { $0.text(version) } == [example.call])
        #expect(DockerCommand(example.operation, at: []).text == example.command)
    }

    @Test func whatDoesNotFitItsTargetHasNoCall() {
        let calls = DockerCalls(version: .newest)
        #expect(calls.calls(for: Operation(.start, on: Self.front)).isEmpty)
        #expect(calls.calls(for: Operation(.removeNetwork, on: Self.web)).isEmpty)
    }

    @Test(arguments: [("plain-1.2_x", "plain-1.2_x"), ("", "''"), ("it's", "'it'\\''s'"), ("$(rm)", "'$(rm)'"), ("容器", "'容器'")])
    func quotesForTheShell(_ word: String, _ quoted: String) {
        #expect(CommandLineText.quoted(word) == quoted)
    }

    @Test(arguments: [
        ("web", true), ("a1", true), ("a", false), ("", false), ("-web", false), ("we b", false), ("we/b", false), ("Web_1.2-x", true), ("容器", false),
    ])
    func knowsNames(_ name: String, _ isValid: Bool) {
        #expect(ContainerName.isValid(name) == isValid)
    }

    @Test(arguments: [(0, "0 B"), (999, "999 B"), (1000, "1 kB"), (1_980_000, "2 MB"), (1_540_000, "1.5 MB"), (12_000_000_000, "12 GB")])
    func saysSizes(_ bytes: UInt64, _ words: String) {
        #expect(ByteCount.words(bytes) == words)
    }

    @Test func saysHowLongItTook() {
        let operation = Operation(.stop(grace: nil), on: Self.web)
        #expect(OperationReport(operation: operation, name: "web", duration: .milliseconds(1234)).done == "stopped web in 1.2 s")
        #expect(OperationReport(operation: operation, name: "web", duration: .zero).wasAlready == "web was already stopped")
    }
}
