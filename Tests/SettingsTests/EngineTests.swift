import Settings
import Testing

@Suite struct EngineTests {
    @Test func dockersOrder() throws {
        let machine = try Machine([".docker/config.json": #"{"auths":{},"currentContext":"stored"}"#])
        for name in ["flagged", "named", "stored"] { try machine.context(name, folder: name, host: "tcp://\(name):1") }
        machine.environment = ["DOCKER_HOST": "tcp://env:1", "DOCKER_CONTEXT": "named"]
        func addresses(_ change: (inout Overrides) -> Void = { _ in }) -> [String] { machine.load(change).engines.map(\.address) }

        #expect(addresses { $0.contexts = ["flagged"] } == ["tcp://flagged:1"])
        #expect(addresses { $0.hosts = ["tcp://h:1"] } == ["tcp://h:1"])
        #expect(addresses() == ["tcp://env:1"])
        #expect(addresses { $0.contexts = ["default"] } == ["tcp://env:1"])
        machine.environment["DOCKER_HOST"] = nil
        #expect(addresses() == ["tcp://named:1"])
        #expect(machine.load().origins["engines"] == .environment("DOCKER_CONTEXT"))
        machine.environment["DOCKER_CONTEXT"] = nil
        #expect(addresses() == ["tcp://stored:1"])
        #expect(machine.load().engines.map(\.name) == ["stored"])
        try machine.config("engines:\n  - host: tcp://ours:1\n")
        #expect(addresses() == ["tcp://ours:1"])
        machine.environment["DOCKER_CONTEXT"] = "default"
        #expect(addresses() == ["unix:///var/run/docker.sock"])
    }

    @Test func theFirstSocketThatExists() throws {
        let machine = try Machine()
        let home = machine.home
        let order = [
            "/var/run/docker.sock", "/run/user/1000/docker.sock", "\(home)/.docker/run/docker.sock", "\(home)/.docker/desktop/docker.sock",
            "\(home)/.colima/default/docker.sock", "\(home)/.rd/docker.sock", "\(home)/.orbstack/run/docker.sock",
            "/run/podman/podman.sock", "/run/user/1000/podman/podman.sock",
        ]
        machine.sockets = Set(order)
        for socket in order {
            let engine = try #require(machine.load().engines.first)
            #expect(engine.address == "unix://\(socket)")
            #expect(engine.origin == .found(socket))
            #expect(engine.name == "local")
            machine.sockets.remove(socket)
        }
        machine.environment = ["XDG_RUNTIME_DIR": "/r"]
        machine.sockets = ["/r/podman/podman.sock"]
        #expect(machine.load().engines.map(\.address) == ["unix:///r/podman/podman.sock"])
    }

    @Test func podmansVariableComesAfterDockersSockets() throws {
        let machine = try Machine()
        machine.environment = ["CONTAINER_HOST": "ssh://core@host/run/podman/podman.sock"]
        machine.sockets = ["/run/podman/podman.sock"]
        #expect(machine.load().engines.map(\.address) == ["ssh://core@host/run/podman/podman.sock"])
        #expect(machine.load().engines.map(\.name) == ["host"])
        machine.sockets.insert("/var/run/docker.sock")
        #expect(machine.load().engines.map(\.address) == ["unix:///var/run/docker.sock"])
    }

    @Test func contextsBringTheirCertificates() throws {
        let machine = try Machine()
        try machine.context("plain", folder: "a", host: "tcp://plain:2375")
        try machine.context("full", folder: "nested/b", host: "tcp://full:2376", tls: ["ca.pem", "cert.pem", "key.pem"])
        try machine.context("skips", folder: "c", host: "tcp://skips:2376", skips: true)
        try machine.context("far", folder: "d", host: "ssh://ops@far", tls: ["ca.pem"])
        try machine.context("empty", folder: "e", host: "")
        machine.environment = ["DOCKER_TLS_VERIFY": "1"]
        let engines = machine.load { $0.contexts = ["plain", "full", "skips", "far", "empty"] }.engines
        let folder = "\(machine.home)/.docker/contexts/tls/nested/b/docker"
        #expect(engines.map(\.name) == ["plain", "full", "skips", "far", "empty"])
        #expect(engines.map(\.tls) == [
            nil, TLSSetting(verifies: true, caPath: "\(folder)/ca.pem", certificatePath: "\(folder)/cert.pem", keyPath: "\(folder)/key.pem"),
            TLSSetting(verifies: false), nil, nil,
        ])
        #expect(engines.last?.address == "unix:///var/run/docker.sock")
    }

    @Test func aContextThatIsNotThereIsNotReplacedByAnother() throws {
        let machine = try Machine()
        machine.sockets = ["/var/run/docker.sock"]
        try machine.context("prod", folder: "a", host: "tcp://prod:1")
        machine.environment = ["DOCKER_CONTEXT": "prd"]
        let settings = machine.load()
        #expect(settings.engines.map(\.address) == [""])
        #expect(settings.engines.first?.problem == "no docker context is called 'prd'; known: default, prod")
        #expect(settings.misuse == [])
        #expect(machine.load { $0.contexts = ["prd"] }.misuse == ["--context: no docker context is called 'prd'; known: default, prod"])
    }

    @Test func brokenDockerFilesAreNamed() throws {
        let machine = try Machine([
            ".docker/config.json": #"{"currentContext": 5}"#, ".docker/contexts/meta/a/meta.json": "{",
            ".docker/contexts/meta/b/meta.json": #"{"Endpoints":{}}"#,
        ])
        try machine.context("good", folder: "c", host: "tcp://good:1")
        let settings = machine.load { $0.contexts = ["good"] }
        let docker = "\(machine.home)/.docker"
        #expect(settings.problems == [
            "\(docker)/config.json: 'currentContext' is not as docker writes it; its current context and headers are not known",
            "\(docker)/contexts/meta/a/meta.json: is not JSON; this context is left out",
            "\(docker)/contexts/meta/b/meta.json: the file is not as docker writes it; this context is left out",
        ])
        #expect(settings.engines.map(\.address) == ["tcp://good:1"])
    }

    @Test(arguments: [
        ([:], "tcp://h:1", nil),
        (["DOCKER_CERT_PATH": "CERTS"], "tcp://h:1", nil),
        (["DOCKER_TLS_VERIFY": ""], "tcp://h:1", nil),
        (["DOCKER_TLS_VERIFY": "0", "DOCKER_CERT_PATH": "CERTS"], "tcp://h:1", true),
        (["DOCKER_TLS_VERIFY": "1", "DOCKER_TLS": "1", "DOCKER_CERT_PATH": "CERTS"], "tcp://h:1", true),
        (["DOCKER_TLS": "1", "DOCKER_CERT_PATH": "CERTS"], "tcp://h:1", false),
        (["DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "CERTS"], "unix:///x.sock", nil),
        (["DOCKER_TLS_VERIFY": "1", "DOCKER_CERT_PATH": "CERTS"], "ssh://h", nil),
        ([:], "https://h:1", true),
    ] as [([String: String], String, Bool?)])
    func tlsByTheEnvironment(_ variables: [String: String], _ host: String, _ verifies: Bool?) throws {
        let machine = try Machine(["certs/ca.pem": "", "certs/cert.pem": "", "certs/key.pem": ""])
        machine.environment = variables.mapValues { $0 == "CERTS" ? "\(machine.home)/certs" : $0 }
        machine.environment["DOCKER_HOST"] = host
        let settings = machine.load()
        #expect(settings.engines.first?.tls?.verifies == verifies)
        if verifies != nil, variables["DOCKER_CERT_PATH"] != nil {
            #expect(settings.engines.first?.tls?.keyPath == "\(machine.home)/certs/key.pem")
        }
        #expect(settings.problems == [])
    }

    @Test func certificatesAreLookedForInDockersFolderAndComeInPairs() throws {
        let machine = try Machine([".docker/cert.pem": ""])
        machine.environment = ["DOCKER_HOST": "tcp://h:2376", "DOCKER_TLS_VERIFY": "1"]
        let settings = machine.load()
        #expect(settings.engines.first?.tls == TLSSetting(verifies: true))
        let docker = "\(machine.home)/.docker"
        #expect(settings.problems == [
            "\(docker): a certificate without its key; no client certificate is sent",
            "\(docker)/ca.pem does not exist (DOCKER_TLS_VERIFY is set): the system's own certificates decide",
        ])
    }

    @Test func headersAndVersionGoWithEveryEngine() throws {
        let machine = try Machine([".docker/config.json": #"{"HttpHeaders":{"A":"1","B":"2"}}"#])
        try machine.config("engines:\n  - host: tcp://a:1\n    headers: {B: 3}\n    api_version: \"1.30\"\n  - host: tcp://b:1\n")
        var engines = machine.load().engines
        #expect(engines.map(\.headers) == [["A": "1", "B": "3"], ["A": "1", "B": "2"]])
        #expect(engines.map(\.apiVersion) == ["1.30", nil])
        machine.environment = ["DOCKER_CUSTOM_HEADERS": #"C=x=y,"D=1,2",bad"#, "DOCKER_API_VERSION": "1.41"]
        engines = machine.load().engines
        #expect(engines.map(\.headers) == [["C": "x=y", "D": "1,2", "B": "3"], ["C": "x=y", "D": "1,2"]])
        #expect(engines.map(\.apiVersion) == ["1.41", "1.41"])
    }

    @Test func severalEnginesHaveNamesOfTheirOwn() throws {
        let machine = try Machine()
        try machine.context("prod", folder: "a", host: "tcp://prod:1")
        let settings = machine.load {
            $0.hosts = ["tcp://prod:2376", "unix:///var/run/docker.sock", "/run/podman/podman.sock", "ssh://u@[::1]:22", ":2375", ""]
            $0.contexts = ["prod"]
        }
        #expect(settings.engines.map(\.name) == ["prod", "prod-2", "local", "podman", "::1", "local-2"])
        #expect(settings.misuse == ["--host wants an address, such as ssh://user@host or tcp://host:2376"])
    }

    @Test(arguments: [
        ("tcp://10.0.0.1:2376/prefix", "10.0.0.1"), ("ssh://ops@files.example:22/run/x.sock", "files.example"), ("box", "box"),
        ("unix:///var/run/docker.sock", "local"), ("unix:///tmp/other.sock", "other"), ("unix://", "local"), ("", "local"),
        ("tcp://[fe80::1]:2375", "fe80::1"), ("tcp://", "local"),
    ])
    func namesForAddresses(_ address: String, _ name: String) {
        #expect(EngineSetting.name(forAddress: address) == name)
    }
}
