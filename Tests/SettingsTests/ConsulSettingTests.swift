import Settings
import Testing

@Suite struct ConsulSettingTests {
    @Test func theStandardAddressIsTriedAndNotExpected() throws {
        let settings = try Machine().load()
        let local = try #require(settings.registries.first)
        #expect(settings.registries.count == 1 && settings.problems == [])
        #expect(local.name == "local" && local.url == "http://127.0.0.1:8500" && !local.isExpected && local.origin == .builtIn)
        #expect(local.token == nil && local.tls == nil && local.problem == nil && !local.isReadOnly)
        #expect(settings.origins["consul"] == nil)
        #expect(settings.registry.mode == .auto && !settings.registry.allowsScripts)
    }

    @Test func aFlagBeatsTheEnvironmentBeatsTheFile() throws {
        let machine = try Machine()
        try machine.config("consul:\n  - address: file:8500\n")
        #expect(machine.load().registries.map(\.url) == ["http://file:8500"])
        #expect(machine.load().registries.map(\.isExpected) == [true])
        #expect(machine.load().origins["consul"] == .file(machine.configPath, line: 2))
        machine.environment = ["CONSUL_HTTP_ADDR": "env:8500"]
        #expect(machine.load().registries.map(\.url) == ["http://env:8500"])
        #expect(machine.load().registries.map(\.origin) == [.environment("CONSUL_HTTP_ADDR")])
        #expect(machine.load { $0.consul = ["flag:1", "flag:2"] }.registries.map(\.name) == ["flag", "flag-2"])
        let none = machine.load { $0.noConsul = true }
        #expect(none.registries == [] && none.origins["consul"] == .flag("--no-consul"))
        try machine.config("consul: false\n")
        #expect(machine.load().registries.map(\.url) == ["http://env:8500"])
        machine.environment = [:]
        #expect(machine.load().registries == [] && machine.load().problems == [])
        #expect(machine.load { $0.consul = ["h:1"]; $0.noConsul = true }.misuse == ["--consul and --no-consul exclude each other"])
        #expect(machine.load { $0.consul = [""] }.misuse == ["--consul wants an address, such as 127.0.0.1:8500 or https://host:8501"])
    }

    @Test(arguments: [
        ("10.0.0.1:8500", "", "http://10.0.0.1:8500", "10.0.0.1"), ("10.0.0.1:8500", "true", "https://10.0.0.1:8500", "10.0.0.1"),
        ("http://h:1/prefix/", "0", "http://h:1/prefix", "h"), ("http://h:1", "T", "https://h:1", "h"), ("https://h:8501", "false", "https://h:8501", "h"),
        ("HTTPS://h:1", "", "https://h:1", "h"), ("localhost:8500", "", "http://localhost:8500", "local"), ("[::1]:8500", "", "http://[::1]:8500", "local"),
        ("unix:///run/consul.sock", "1", "unix:///run/consul.sock", "local"), ("/run/consul.sock", "", "unix:///run/consul.sock", "local"),
        ("box", "", "http://box", "box"),
    ])
    func addresses(_ address: String, _ encrypts: String, _ url: String, _ name: String) throws {
        let machine = try Machine()
        machine.environment = ["CONSUL_HTTP_ADDR": address, "CONSUL_HTTP_SSL": encrypts]
        let setting = try #require(machine.load().registries.first)
        #expect(setting.url == url && setting.name == name && setting.problem == nil)
        #expect((setting.tls != nil) == url.hasPrefix("https://"))
    }

    @Test(arguments: [
        ("ftp://h", "'ftp' is not a way to talk to Consul"), ("tcp://h:1", "'tcp' is not a way"), ("unix://", "an absolute path is expected"),
        ("unix://run", "an absolute path is expected"), ("http://", "it has no host"), (":8500", ""), ("http://me:secret@h:1", "a user name does not belong"),
    ])
    func whatIsNoAddress(_ address: String, _ problem: String) throws {
        let machine = try Machine()
        machine.environment = ["CONSUL_HTTP_ADDR": address]
        let setting = try #require(machine.load().registries.first)
        // Only a port is as good as the machine itself.
        guard !problem.isEmpty else { return #expect(setting.problem == nil) }
        #expect(setting.url == "" && setting.problem?.hasPrefix(problem) == true, "\(setting)")
        #expect(!setting.address.contains("secret"))
        #expect(machine.load().misuse == [])
        #expect(machine.load { $0.consul = [address] }.misuse.first?.contains(problem) == true)
    }

    @Test func tokensAndTheirFiles() throws {
        let machine = try Machine(["token": "\n from-file \n", "empty": " \n", "two": "one two\n"])
        machine.environment = ["CONSUL_HTTP_TOKEN": "plain"]
        func setting(_ file: String? = nil) throws -> ConsulSetting {
            machine.environment["CONSUL_HTTP_TOKEN_FILE"] = file.map { "\(machine.home)/\($0)" }
            return try #require(machine.load().registries.first)
        }
        #expect(try setting().token == "plain")
        #expect(try setting("token").token == "from-file" && setting("token").tokenFile == "\(machine.home)/token")
        #expect(try setting("empty").token == "plain" && setting("empty").tokenFile == nil)
        #expect(try setting("none").problem == "the token file \(machine.home)/none does not exist (CONSUL_HTTP_TOKEN_FILE)")
        #expect(try setting(".").problem?.contains("is not a regular file") == true)
        #expect(try setting("two").token == nil && setting("two").problem?.contains("is no token") == true)
        machine.environment = ["CONSUL_HTTP_TOKEN": "a\r\nX-Other: b"]
        #expect(try setting().token == nil && setting().problem?.contains("what CONSUL_HTTP_TOKEN holds is no token") == true)
    }

    @Test func aTokenOfTheEnvironmentGoesToOneRegistryOnly() throws {
        let machine = try Machine(["t": "own"])
        try machine.config("consul:\n  - address: a:1\n")
        machine.environment = ["CONSUL_HTTP_TOKEN": "plain", "CONSUL_HTTP_AUTH": "me"]
        #expect(machine.load().registries.map(\.token) == ["plain"])
        #expect(machine.load().registries.map(\.basicAuth) == ["me:"])
        try machine.config("consul:\n  - address: a:1\n  - address: b:1\n    token_file: ~/t\n  - {address: \"c:1\", token: c, auth: \"u:p\"}\n")
        #expect(machine.load().registries.map(\.token) == [nil, "own", "c"])
        #expect(machine.load().registries.map(\.basicAuth) == [nil, nil, "u:p"])
        let flagged = machine.load { $0.consul = ["b:1", "d:1"] }
        #expect(flagged.registries.map(\.token) == ["own", nil])
        #expect(flagged.problems.count == 1 && flagged.problems.first?.hasPrefix("CONSUL_HTTP_TOKEN is sent to none") == true)
        #expect(machine.load { $0.consul = ["d:1"] }.registries.map(\.token) == ["plain"])
    }

    @Test func encryptionByTheEnvironment() throws {
        let machine = try Machine()
        machine.environment = [
            "CONSUL_HTTP_ADDR": "https://h:8501", "CONSUL_CACERT": "/ca", "CONSUL_CLIENT_CERT": "/cert", "CONSUL_CLIENT_KEY": "/key",
            "CONSUL_TLS_SERVER_NAME": "server.dc1.consul:8501", "CONSUL_HTTP_SSL_VERIFY": "false", "CONSUL_NAMESPACE": "n", "CONSUL_PARTITION": "p",
        ]
        var settings = machine.load()
        #expect(settings.registries.first?.tls == TLSSetting(
            verifies: false, caPath: "/ca", certificatePath: "/cert", keyPath: "/key", serverName: "server.dc1.consul"))
        #expect(settings.registries.first?.namespace == "n" && settings.registries.first?.partition == "p")
        #expect(settings.problems == [])
        machine.environment["CONSUL_CLIENT_KEY"] = nil
        machine.environment["CONSUL_HTTP_SSL_VERIFY"] = "nope"
        machine.environment["CONSUL_CACERT"] = nil
        machine.environment["CONSUL_CAPATH"] = "/certs"
        settings = machine.load()
        #expect(settings.registries.first?.tls == TLSSetting(verifies: true, serverName: "server.dc1.consul"))
        #expect(settings.problems == [
            "CONSUL_HTTP_SSL_VERIFY is 'nope'; expected true or false; the server is verified",
            "CONSUL_CAPATH is not read; name one file with all the certificates by CONSUL_CACERT",
            "CONSUL_CLIENT_CERT without CONSUL_CLIENT_KEY; no client certificate is sent",
        ])
        // Without TLS none of it matters.
        machine.environment["CONSUL_HTTP_ADDR"] = "h:8500"
        #expect(machine.load().registries.map(\.tls) == [nil] && machine.load().problems == [])
        // A token must not go out in plain text because of a slip.
        machine.environment["CONSUL_HTTP_SSL"] = "ture"
        #expect(machine.load().registries.first?.problem == "CONSUL_HTTP_SSL is 'ture'; expected true or false; whether to encrypt cannot be guessed")
    }

    @Test func everyKeyOfTheFile() throws {
        let machine = try Machine()
        try machine.config(
            """
            production: ["*-prod"]
            consul:
              - name: here
              - address: https://10.0.0.7:8501
                name: eu-prod
                readonly: false
                token: t
                datacenter: dc2
                namespace: team
                partition: default
                auth: reader:secret
                tls: {ca: /c/ca.pem, cert: /c/cert.pem, key: ~/key.pem, server_name: server.dc2.consul, verify: false}
              - {address: "h:1", production: true, tls: true}
            registry: {mode: on, scripts: true}
            """)
        let settings = machine.load()
        #expect(settings.problems == [])
        #expect(settings.registries.map(\.name) == ["here", "eu-prod", "h"])
        #expect(settings.registries.map(\.url) == ["http://127.0.0.1:8500", "https://10.0.0.7:8501", "https://h:1"])
        #expect(settings.registries.map(\.isExpected) == [true, true, true])
        #expect(settings.registries.map(\.isProduction) == [false, true, true])
        #expect(settings.registries.map(\.isReadOnly) == [false, false, true])
        let prod = settings.registries[1]
        #expect(prod.token == "t" && prod.datacenter == "dc2" && prod.namespace == "team" && prod.partition == "default" && prod.basicAuth == "reader:secret")
        #expect(prod.tls == TLSSetting(
            verifies: false, caPath: "/c/ca.pem", certificatePath: "/c/cert.pem", keyPath: "\(machine.home)/key.pem", serverName: "server.dc2.consul"))
        #expect(settings.registries[2].tls == TLSSetting(verifies: true))
        #expect(settings.registry.mode == .on && settings.registry.allowsScripts)
        #expect(settings.origins["registry.mode"] == .file(machine.configPath, line: 14))

        // What the file says holds where a flag asks for the same, by its address or by its name.
        for asked in ["10.0.0.7:8501", "https://10.0.0.7:8501", "eu-prod"] {
            let registries = machine.load { $0.consul = [asked] }.registries
            #expect(registries.map(\.token) == ["t"] && registries.map(\.url) == ["https://10.0.0.7:8501"] && registries.map(\.origin) == [.flag("--consul")])
        }
        #expect(machine.load { $0.readOnly = true }.registries.map(\.isReadOnly) == [true, true, true])
    }

    @Test(arguments: [
        ("consul: maybe", 1, "'consul' is 'maybe'; expected a list ('- address: …') or false"),
        ("consul: {address: h}", 1, "'consul' is a mapping; expected a list ('- address: …') or false"),
        ("consul:\n  - h:1", 2, "an entry of 'consul' is 'h:1'; expected 'address: …'"),
        ("consul:\n  - address: h:1\n    tokn: x", 3, "'consul.tokn' is not a key; did you mean 'token'?"),
        ("consul:\n  - address: h:1\n    token_file: here", 3, "'consul.token_file' is 'here'; expected a path that begins with / or ~/"),
        ("consul:\n  - address: h:1\n    tls: {verfy: no}", 3, "'consul.tls.verfy' is not a key; did you mean 'verify'?"),
        ("registry: off", 1, "'registry' is 'off'; expected 'mode: …' and 'scripts: …'"),
        ("registry: {mode: maybe}", 1, "'registry.mode' is 'maybe'; expected auto, on, off"),
        ("registry: {scripts: maybe}", 1, "'registry.scripts' is 'maybe'; expected true or false"),
    ])
    func aMistakeIsNamedWithItsLine(_ yaml: String, _ line: Int, _ message: String) throws {
        let machine = try Machine()
        try machine.config(yaml)
        let settings = machine.load()
        #expect(settings.problems == ["\(machine.configPath):\(line): \(message)"])
        #expect(settings.registries.count == 1 && !settings.registry.allowsScripts)
    }

    @Test func aMistakeNeverTurnsVerificationOff() throws {
        let machine = try Machine()
        try machine.config("consul:\n  - address: https://h:1\n    tls: {verify: nope, ca: /ca}\n")
        #expect(machine.load().registries.first?.tls == TLSSetting(verifies: true, caPath: "/ca"))
    }

    @Test func theSampleNamesThemAll() throws {
        let machine = try Machine([".consul-token": "t\n"])
        try machine.config(Settings.sample)
        #expect(machine.load().registries.map(\.origin) == [.builtIn])
        let lines = Settings.sample.split(separator: "\n").filter { !$0.hasPrefix("# ") || $0.hasPrefix("#  ") }
        try machine.config(lines.map { $0.dropFirst() }.joined(separator: "\n"))
        let settings = machine.load()
        #expect(settings.registries.map(\.name) == ["here", "prod"] && settings.registries.map(\.token) == ["t", "11111111-2222-3333-4444-555555555555"])
        #expect(settings.registries.map(\.problem) == [nil, nil] && settings.registries.last?.tls?.serverName == "server.dc2.consul")
        #expect(settings.registry == RegistrySetting())
    }
}
