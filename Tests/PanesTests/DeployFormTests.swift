import Domain
import Panes
import Testing

@Suite struct DeployFormTests {
    private static let labels = DeployForm.fields(nil, networks: []).map(\.label)

    /// What a person types, by the labels of the fields.
    private static func values(_ typed: [String: String], before: ServiceSpecification? = nil) -> [String] {
        DeployForm.fields(before, networks: []).map { typed[$0.label] ?? $0.value }
    }

    @Test func aFilledInFormIsASpecification() throws {
        let s = try DeployForm.read(
            Self.values([
                "Name": "web", "Image": "nginx:1.25", "Tasks": "3", "Command": "sh -c \"echo hi; sleep 9\"", "Ports": "8080:80 53:53/udp 9000:9000@host",
                "Environment": "A=1 B=\"two words\"", "Mounts": "data:/var/lib/x /etc/x:/etc/x:ro tmpfs:/run", "Networks": "front back",
                "Constraints": "node.labels.ssd == true, node.role!=manager", "CPU limit": "0.5", "Memory reserved": "64M", "Health check": "wget -qO- localhost",
                "Check interval": "10s",
            ]), before: nil)
        #expect(s.name == "web" && s.replicas == 3 && s.arguments == ["sh", "-c", "echo hi; sleep 9"])
        #expect(s.ports == [.init(published: 8080, target: 80), .init(published: 53, target: 53, transport: "udp"), .init(published: 9000, target: 9000, isOnHost: true)])
        #expect(s.environment == ["A=1", "B=two words"])
        #expect(s.mounts.map(\.kind) == ["volume", "bind", "tmpfs"] && s.mounts[1].isReadOnly)
        #expect(s.constraints == ["node.labels.ssd == true", "node.role!=manager"])
        #expect(s.limits.nanoCPUs == 500_000_000 && s.reservations.memory == 64 << 20)
        #expect(s.healthCheck?.test == ["CMD-SHELL", "wget -qO- localhost"] && s.healthCheck?.interval == .seconds(10))
    }

    @Test(arguments: [
        (["Name": ""], "A name is needed"), (["Image": ""], "An image is needed"), (["Tasks": "many"], "no number"), (["Tasks": "-1"], "no number"),
        (["Ports": "http"], "Ports"), (["Ports": "1:2:3"], "too many parts"), (["Ports": "0:80"], "Ports"), (["Ports": "80/icmp"], "none of tcp"),
        (["Environment": "=x"], "not KEY=value"), (["Environment": "\"open"], "not closed"), (["Mounts": "data"], "Mounts"), (["Constraints": "node.role"], "neither == nor !="),
        (["CPU limit": "half"], "CPU limit"), (["Memory limit": "99999999999G"], "Memory limit"), (["Check interval": "10s"], "no health check"),
    ])
    func mistakesAreNamed(typed: [String: String], words: String) {
        let valid = ["Name": "web", "Image": "nginx"].merging(typed) { $1 }
        do throws(DeployForm.Mistake) {
            _ = try DeployForm.read(Self.values(valid), before: nil)
            Issue.record("\(typed) was taken")
        } catch { #expect(error.words.contains(words), "\(error.words)") }
    }

    @Test func whatIsNotTouchedStaysAsItWas() throws {
        var before = ServiceSpecification(name: "web", image: "nginx:1.25@sha256:abc", command: ["/entry"], arguments: ["a b", "c"], replicas: 2)
        before.mounts = [.init(kind: "bind", origin: "/a", destination: "/b", propagation: "rslave")]
        before.networks = [.init(network: "front", aliases: ["www"])]
        before.healthCheck = .init(test: ["CMD", "nc", "-z", "localhost", "80"], interval: .milliseconds(1500), retries: 3)
        before.limits = Resources(nanoCPUs: 333_333_333, memory: 1_000_001)
        before.update = .init(parallelism: 2, order: "start-first")
        #expect(try DeployForm.read(Self.values([:], before: before), before: before) == before)
        let after = try DeployForm.read(Self.values(["Tasks": "4", "Networks": "front back"], before: before), before: before)
        #expect(after.replicas == 4 && after.networks == [.init(network: "front", aliases: ["www"]), .init(network: "back")])
        #expect(after.mounts == before.mounts && after.healthCheck == before.healthCheck)
    }

    @Test func oneMountChangesAlone() throws {
        var before = ServiceSpecification(name: "web", image: "nginx")
        before.mounts = [
            .init(origin: "data", destination: "/data", driver: "nfs", driverOptions: ["o": "addr=192.0.2.1"], skipsCopy: true),
            .init(kind: "tmpfs", origin: "", destination: "/run", size: 1 << 20), .init(kind: "cluster", origin: "block", destination: "/block"),
        ]
        let after = try DeployForm.read(Self.values(["Mounts": "data:/data:ro tmpfs:/run block:/block logs:/logs"], before: before), before: before)
        #expect(after.mounts[0].isReadOnly && after.mounts[0].driver == "nfs" && after.mounts[0].skipsCopy)
        #expect(after.mounts[1...2] == before.mounts[1...2] && after.mounts[3] == .init(origin: "logs", destination: "/logs"))
    }

    @Test func secretsAreHiddenAndKept() throws {
        var before = ServiceSpecification(name: "web", image: "nginx")
        before.environment = ["A=1", "DB_PASSWORD=hunter 2", "UNSET", "API_TOKEN=abc"]
        let shown = DeployForm.fields(before, networks: []).first { $0.label == "Environment" }?.value
        #expect(shown == "A=1 DB_PASSWORD=••• UNSET API_TOKEN=•••")
        func read(_ text: String) throws -> [String] { try DeployForm.read(Self.values(["Environment": text], before: before), before: before).environment }
        #expect(try read("A=2 DB_PASSWORD=••• UNSET API_TOKEN=new") == ["A=2", "DB_PASSWORD=hunter 2", "UNSET", "API_TOKEN=new"])
        #expect(try read("DB_PASSWORD=•••") == ["DB_PASSWORD=hunter 2"])
        #expect(throws: DeployForm.Mistake.self) { try read("OTHER_TOKEN=•••") }
        #expect(throws: DeployForm.Mistake.self) { try read("A=1 NEW") }
    }

    @Test(arguments: [
        ("CMD nc -z localhost 81", ["CMD", "nc", "-z", "localhost", "81"]), ("NONE", ["NONE"]), ("CMD-SHELL nc -z localhost", ["CMD-SHELL", "nc -z localhost"]),
        ("nc -z \"local host\"", ["CMD-SHELL", "nc -z \"local host\""]), ("CMDS x", ["CMD-SHELL", "CMDS x"]),
    ])
    func aHealthCheckKeepsItsForm(text: String, test: [String]) throws {
        var before = ServiceSpecification(name: "web", image: "nginx")
        before.healthCheck = .init(test: ["CMD", "nc", "-z", "localhost", "80"], retries: 3)
        let after = try DeployForm.read(Self.values(["Health check": text], before: before), before: before)
        #expect(after.healthCheck == .init(test: test, retries: 3))
    }

    @Test func anExistingServiceKeepsItsName() {
        let before = ServiceSpecification(name: "web", image: "nginx")
        #expect(throws: DeployForm.Mistake.self) { try DeployForm.read(Self.values(["Name": "other"], before: before), before: before) }
    }

    @Test(arguments: [["a"], ["a b", "c"], ["", "x"], ["say \"hi\"", "back\\slash"], ["it's", "tab\tin"]])
    func wordsSurviveTheWayThereAndBack(words: [String]) { #expect(Words.split(Words.joined(words)) == words) }

    @Test func anOpenQuotationMarkIsNoLine() { #expect(Words.split("a \"b") == nil) }
}
