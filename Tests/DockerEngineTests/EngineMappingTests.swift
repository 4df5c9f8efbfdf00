internal import Domain
internal import Testing
internal import Transport
@testable internal import DockerEngine

@Suite struct EngineMappingTests {
    private let mapping = DockerMapping(source: Source.ID("docker:local"), name: "local")
    private let connection = DockerConnection(address: .unix(path: "/nowhere"))

    private func decoded<Wire: Decodable>(_ type: Wire.Type, _ json: String) throws -> Wire {
        try connection.decode(type, HTTPResponse(status: 200, body: Array(json.utf8)), reading: "it", attempt: "read it")
    }

    private static func headers(_ pairs: (String, String)...) -> HTTPFields {
        HTTPFields(pairs.map { (name: $0.0, value: $0.1) })
    }

    @Test func greetsDocker20() {
        let greeting = Greeting(
            Self.headers(
                ("Api-Version", "1.41"), ("Server", "Docker/20.10.24+dfsg1 (linux)"), ("Date", "Mon, 23 Nov 2026 08:09:24 GMT")), pinned: nil)
        #expect(greeting.apiVersion == APIVersion(1, 41))
        #expect(greeting.title == "docker 20.10" && greeting.engineVersion == "20.10.24+dfsg1" && !greeting.isPodman)
        #expect(greeting.clock == Timestamp(rfc3339: "2026-11-23T08:09:24Z"))
        #expect(greeting.swarm == "inactive")
    }

    @Test func speaksNoNewerThanItKnows() {
        let greeting = Greeting(Self.headers(("Api-Version", "1.99"), ("Swarm", "active/manager")), pinned: nil)
        #expect(greeting.apiVersion == .newest && greeting.swarm == "active/manager" && greeting.title == "docker")
        #expect(Greeting(Self.headers(("Api-Version", "1.41")), pinned: APIVersion(1, 30)).apiVersion == APIVersion(1, 30))
        #expect(Greeting(Self.headers(), pinned: nil).apiVersion == .oldest)
    }

    @Test func recognisesPodman() {
        let greeting = Greeting(
            Self.headers(("Api-Version", "1.41"), ("Libpod-Api-Version", "4.3.1"), ("Server", "Libpod/4.3.1 (linux)")), pinned: nil)
        #expect(greeting.isPodman && greeting.title == "podman 4.3")
    }

    @Test(arguments: [("1.41", true), ("v1.24", true), ("1", false), ("1.x", false), ("", false), ("1.2.3", false), ("-1.4", false)])
    func readsVersions(_ text: String, _ isOne: Bool) {
        #expect((APIVersion(text) != nil) == isOne)
    }

    @Test func versionsCompareByNumber() {
        #expect(APIVersion(1, 9) < APIVersion(1, 24))
        #expect(APIVersion(1, 51) < APIVersion(2, 0))
    }

    @Test func readsTheDescription() throws {
        let info = try decoded(
            EngineInfo.self,
            """
            {"Name":"vm","ServerVersion":"20.10.24+dfsg1","NCPU":2,"MemTotal":25276502016,"CgroupVersion":"1","CgroupDriver":"cgroupfs",
            "OperatingSystem":"Debian GNU/Linux 12 (bookworm)","KernelVersion":"6.18","Architecture":"x86_64","Labels":["zone=a","bare"],
            "SecurityOptions":["name=seccomp,profile=default","name=rootless"],"Warnings":null,
            "Swarm":{"LocalNodeState":"active","ControlAvailable":true}}
            """)
        let host = mapping.host(Host(id: mapping.host, name: "x"), refinedBy: info, isLocal: true)
        #expect(host.name == "vm" && host.cpus == 2 && host.memory == 25_276_502_016 && host.cgroupVersion == 1)
        #expect(host.isRootless && host.isLocal && host.swarm == "active/manager")
        #expect(host.labels == ["zone": "a", "bare": ""])
    }

    @Test func anEmptyDescriptionIsFine() throws {
        let host = mapping.host(Host(id: mapping.host, name: "x"), refinedBy: try decoded(EngineInfo.self, "{}"), isLocal: false)
        #expect(host.name == "x" && host.swarm == "inactive" && host.cgroupVersion == nil)
    }

    @Test func readsNetworks() throws {
        let wires = try decoded(
            [NetworkResource].self,
            """
            [{"Name":"ingress","Id":"eoy4","Created":"2026-11-23T08:02:57.417237357Z","Scope":"swarm","Driver":"overlay","EnableIPv6":false,
            "IPAM":{"Driver":"default","Options":null,"Config":[{"Subnet":"10.0.0.0/24","Gateway":"10.0.0.1"}]},"Internal":false,
            "Attachable":false,"Ingress":true,"Containers":null,"Options":{"x":"4096"},"Labels":null},
            {"Name":"host","Id":"ff00","Scope":"local","Driver":"host","IPAM":{"Config":null}},{"Name":"lost"}]
            """)
        let networks = wires.compactMap(mapping.network)
        #expect(networks.map(\.name) == ["ingress", "host"])
        #expect(networks[0].subnets == [Network.Subnet(range: "10.0.0.0/24", gateway: "10.0.0.1")])
        #expect(networks[0].isIngress && networks[0].isBuiltIn && networks[1].isBuiltIn)
    }
}
