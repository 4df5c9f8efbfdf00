internal import Domain
internal import Testing
internal import Transport
@testable internal import DockerEngine

@Suite struct ContainerMappingTests {
    private let mapping = DockerMapping(source: Source.ID("docker:local"), name: "local")
    private let now = Timestamp(seconds: 1_795_421_000)

    private func containers(_ json: String) throws -> [Container] {
        try ContainerSummary.list(Array(json.utf8)).compactMap { mapping.container($0, StatusText($0.status ?? ""), at: now) }
    }

    @Test func readsAnEntryOfEngine20() throws {
        let json = """
            [{"Id":"56b3083a84530df42d046e5891ae5271adaa98bf6f5a4247e8f47d1b24c63b40","Names":["/web1"],"Image":"busybox:local",
            "ImageID":"sha256:f20b","Command":"/bin/httpd -f -p 80 -h /www","Created":1795420976,"Ports":[
            {"IP":"0.0.0.0","PrivatePort":80,"PublicPort":8081,"Type":"tcp"},{"IP":"::","PrivatePort":80,"PublicPort":8081,"Type":"tcp"},
            {"PrivatePort":53,"Type":"udp"}],"Labels":{"com.docker.compose.project":"shop"},"State":"running",
            "Status":"Up 21 minutes (healthy)","HostConfig":{"NetworkMode":"default"},"NetworkSettings":{"Networks":{"bridge":{
            "IPAMConfig":null,"Links":null,"Aliases":null,"NetworkID":"90f9","EndpointID":"eef7","Gateway":"172.17.0.1",
            "IPAddress":"172.17.0.2","IPPrefixLen":16,"IPv6Gateway":"","GlobalIPv6Address":"","MacAddress":"02:42:ac:11:00:02",
            "DriverOpts":null}}},"Mounts":[{"Type":"volume","Name":"data","Source":"/var/lib/x","Destination":"/data","RW":false}]}]
            """
        let web = try #require(try containers(json).first)
        #expect(web.name == "web1")
        #expect(web.id.description == "docker:local/56b3083a84530df42d046e5891ae5271adaa98bf6f5a4247e8f47d1b24c63b40")
        #expect(web.host == Host.ID(Source.ID("docker:local"), "local"))
        #expect(web.state == .running(since: Timestamp(seconds: now.seconds - 21 * 60)))
        #expect(web.health == .healthy)
        #expect(web.ports.count == 3 && web.publishedPorts.count == 1)
        #expect(web.ports[2] == Container.Port(containerPort: 53, transport: "udp"))
        #expect(web.created == Timestamp(seconds: 1_795_420_976))
        #expect(web.composeProject == "shop")
        #expect(web.mounts == [Container.Mount(kind: "volume", origin: "data", destination: "/data", isWritable: false)])
        #expect(
            web.endpoints == [
                Endpoint(
                    network: "bridge", networkID: "90f9", address: "172.17.0.2", gateway: "172.17.0.1", hardwareAddress: "02:42:ac:11:00:02")
            ])
    }

    @Test func nothingButAnIDIsEnough() throws {
        let bare = try containers(
            #"[{"Id":"0123456789abcdef0123"},{"Id":""},{},{"Id":"x","Names":null,"Ports":null,"Labels":null,"Mounts":null,"NetworkSettings":null,"State":null,"Health":null}]"#)
        #expect(bare.map(\.name) == ["0123456789ab", "x"])
        #expect(bare.map(\.state) == [.unknown("unknown"), .unknown("unknown")])
    }

    @Test(arguments: [
        (["/db", "/web/db"], "db"), (["/web/db", "/db"], "db"), (["/容器-🐳"], "容器-🐳"), ([], "abcdefabcdef"), (["/"], "abcdefabcdef"),
        (["plain"], "plain"),
    ])
    func choosesItsOwnName(_ names: [String], _ name: String) {
        #expect(DockerMapping.name(names, raw: "abcdefabcdef0000") == name)
    }

    @Test(arguments: [
        ("exited", "Exited (137) 4 minutes ago", Container.State.exited(code: 137, at: Timestamp(seconds: 1_795_421_000 - 240))),
        ("created", "Created", .created), ("restarting", "Restarting (1) 5 seconds ago", .restarting(exitCode: 1)),
        ("paused", "Up 2 hours (Paused)", .paused(since: nil)), ("dead", "Dead", .dead), ("removing", "Removal In Progress", .removing),
        ("running", "Up Less than a second", .running(since: Timestamp(seconds: 1_795_421_000))),
        ("running", "Up About an hour", .running(since: Timestamp(seconds: 1_795_421_000 - 3600))),
        ("stopped", "Exited (0) 2 weeks ago", .exited(code: 0, at: Timestamp(seconds: 1_795_421_000 - 14 * 86_400))),
        ("configured", "", .created), ("hibernating", "", .unknown("hibernating")),
    ])
    func readsStates(_ word: String, _ status: String, _ state: Container.State) {
        #expect(DockerMapping.state(word, StatusText(status), at: now) == state)
    }

    @Test(arguments: [
        ("Up 3 seconds (health: starting)", Container.Health.starting), ("Up 2 days (unhealthy)", .unhealthy), ("Up 2 days", .none),
        ("Up 5 minutes (healthy)", .healthy), ("Exited (1) 3 hours ago", .none),
    ])
    func readsHealthFromTheText(_ status: String, _ health: Container.Health) {
        #expect(StatusText(status).health == health)
    }

    @Test func healthOfNewEnginesWins() throws {
        let json = #"[{"Id":"a","State":"running","Status":"Up 2 days (healthy)","Health":{"Status":"unhealthy","FailingStreak":3}}]"#
        #expect(try containers(json).first?.health == .unhealthy)
    }

    @Test func longLabelsAreCut() throws {
        let label = String(repeating: "x", count: 10_000_000)
        let container = try #require(try containers("[{\"Id\":\"a\",\"Labels\":{\"big\":\"\(label)\",\"small\":\"y\"}}]").first)
        #expect(container.labels["small"] == "y")
        #expect(container.labels["big"]?.utf8.count ?? .max < 4200)
        #expect(container.labels["big"]?.hasSuffix("… (10000000 bytes)") == true)
    }

    @Test func readsAnInspection() throws {
        let json = """
            {"Id":"56b3","Created":"2026-11-23T08:02:56.197059203Z","Name":"/web1","RestartCount":2,"State":{"Status":"exited",
            "OOMKilled":true,"Pid":0,"ExitCode":137,"Error":"","StartedAt":"2026-11-23T08:02:56.381672003Z",
            "FinishedAt":"2026-11-23T08:05:00Z","Health":{"Status":"unhealthy","FailingStreak":7,"Log":[
            {"Start":"2026-11-23T08:03:00Z","End":"2026-11-23T08:03:01Z","ExitCode":2,"Output":"jq: not found"}]}},
            "HostConfig":{"RestartPolicy":{"Name":"on-failure","MaximumRetryCount":5}},
            "Config":{"Tty":true,"Healthcheck":{"Test":["CMD-SHELL","jq . x"]},"Env":null,"Labels":null}}
            """
        let response = Array(json.utf8)
        let connection = DockerConnection(address: .unix(path: "/nowhere"))
        let wire = try connection.decode(
            ContainerInspection.self, .init(status: 200, body: response), reading: "an inspection", attempt: "inspect")
        let detail = DockerMapping.detail(wire)
        #expect(detail.restartCount == 2 && detail.isOutOfMemoryKilled && detail.exitCode == 137 && detail.pid == nil)
        #expect(detail.restartPolicy == "on-failure:5" && detail.usesTerminal && detail.failingStreak == 7)
        #expect(detail.healthCommand == "CMD-SHELL jq . x")
        #expect(detail.probes.map(\.output) == ["jq: not found"])
        #expect(detail.startedAt == Timestamp(rfc3339: "2026-11-23T08:02:56.381672003Z"))
        #expect(DockerMapping.state(wire) == .exited(code: 137, at: Timestamp(rfc3339: "2026-11-23T08:05:00Z")))
    }

    @Test func zeroTimesMeanNever() throws {
        let connection = DockerConnection(address: .unix(path: "/nowhere"))
        let json = #"{"State":{"Status":"created","ExitCode":0,"StartedAt":"0001-01-01T00:00:00Z","FinishedAt":"0001-01-01T00:00:00Z"}}"#
        let wire = try connection.decode(ContainerInspection.self, .init(status: 200, body: Array(json.utf8)), reading: "x", attempt: "y")
        let detail = DockerMapping.detail(wire)
        #expect(detail.startedAt == nil && detail.finishedAt == nil && detail.exitCode == nil)
    }
}
