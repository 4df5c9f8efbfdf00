import Settings
import Testing

@Suite struct ConfigTests {
    @Test func everyKey() throws {
        let machine = try Machine()
        try machine.context("stage", folder: "a", host: "ssh://stage")
        try machine.config(
            """
            theme: paper
            readonly: no
            color: direct
            ascii: true
            mouse: off
            interval: 0.5
            unlock: 5
            state: ~/state
            production: ["*-prod", main]
            keys:
              scale: s
              logs: [l, F4]
              undeploy: []
            engines:
              - name: here
              - context: stage
                production: true
              - host: tcp://10.0.0.6:2376
                name: eu-prod
                readonly: false
                tls: {ca: /c/ca.pem, cert: /c/cert.pem, key: ~/key.pem, verify: false}
              - {host: "tcp://h:1", tls: true}
            """)
        machine.sockets = ["/run/user/1000/docker.sock"]
        let settings = machine.load()
        #expect(settings.problems == [])
        #expect(settings.theme == "paper" && !settings.readOnly && settings.color == .direct && settings.ascii == true && !settings.mouse)
        #expect(settings.interval == .milliseconds(500) && settings.unlock == .seconds(300))
        #expect(settings.stateFolder == "\(machine.home)/state")
        #expect(settings.keys == ["scale": ["s"], "logs": ["l", "F4"], "undeploy": []])
        #expect(settings.origins["keys.logs"] == .file(machine.configPath, line: 12))
        #expect(settings.engines.map(\.name) == ["here", "stage", "eu-prod", "h"])
        #expect(settings.engines.map(\.address) == ["unix:///run/user/1000/docker.sock", "ssh://stage", "tcp://10.0.0.6:2376", "tcp://h:1"])
        #expect(settings.engines.map(\.isProduction) == [false, true, true, false])
        #expect(settings.engines.map(\.isReadOnly) == [false, true, false, false])
        #expect(settings.engines[2].tls == TLSSetting(
            verifies: false, caPath: "/c/ca.pem", certificatePath: "/c/cert.pem", keyPath: "\(machine.home)/key.pem"))
        #expect(settings.engines[3].tls == TLSSetting(verifies: true))
        #expect(settings.engines[1].origin == .file(machine.configPath, line: 16))
    }

    @Test func whatTheFileSaysOfAnEngineHoldsWhenAFlagAsksForIt() throws {
        let machine = try Machine()
        try machine.context("p", folder: "a", host: "tcp://p:1")
        try machine.config(
            """
            engines:
              - {context: p, name: big, production: true}
              - {host: "tcp://10.0.0.9:1", name: nine, production: true}
            """)
        let byContext = machine.load { $0.contexts = ["p"] }.engines
        #expect(byContext.map(\.name) == ["big"] && byContext.map(\.isReadOnly) == [true])
        let byHost = machine.load { $0.hosts = ["tcp://10.0.0.9:1"] }.engines
        #expect(byHost.map(\.name) == ["nine"] && byHost.map(\.isProduction) == [true])
        let byName = machine.load { $0.contexts = ["nine"] }.engines
        #expect(byName.map(\.address) == ["tcp://10.0.0.9:1"] && byName.map(\.origin) == [.flag("--context")])
    }

    @Test(arguments: [
        ("theme: slate\nthemes: x", 2, "'themes' is not a key; did you mean 'theme'?"),
        ("read-only: true", 1, "'read-only' is not a key; did you mean 'readonly'?"),
        ("qqqqqq: true", 1, "'qqqqqq' is not a key; known: theme, readonly, color,"),
        ("mouse: maybe", 1, "'mouse' is 'maybe'; expected true or false"),
        ("\n\nmouse: [true]", 3, "'mouse' is a list; expected true or false"),
        ("ascii: x", 1, "'ascii' is 'x'; expected auto, true or false"),
        ("color: 17", 1, "'color' is '17'; expected auto, never, 16, 256, direct"),
        ("interval: fast", 1, "'interval' is 'fast'; expected a number of seconds, 0.2 to 3600"),
        ("interval: 0", 1, "'interval' is '0'; expected a number of seconds, 0.2 to 3600"),
        ("interval: nan", 1, "'interval' is 'nan'; expected"),
        ("theme: {a: b}", 1, "'theme' is a mapping; expected one value"),
        ("state: here", 1, "'state' is 'here'; expected a path that begins with / or ~/"),
        ("keys: s", 1, "'keys' is 's'; expected commands with their keys, such as 'scale: s'"),
        ("keys:\n  scale:", 2, "'keys.scale' has no value; to leave it without a key write []"),
        ("engines: local", 1, "'engines' is 'local'; expected a list"),
        ("engines:\n  - tcp://h:1", 2, "an engine is 'tcp://h:1'; expected 'host: …' or 'context: …'"),
        ("engines:\n  - host: tcp://h:1\n    hosts: x", 3, "'engines.hosts' is not a key; did you mean 'host'?"),
        ("engines:\n  - host: tcp://h:1\n    tls: {verfy: no}", 3, "'engines.tls.verfy' is not a key; did you mean 'verify'?"),
        ("engines:\n  - host: tcp://h:1\n    api-version: 1", 3, "'engines.api-version' is not a key; did you mean 'api_version'?"),
        ("- theme", 1, "expected keys with values such as 'theme: binnacle', found a list"),
    ])
    func aMistakeIsNamedWithItsLine(_ yaml: String, _ line: Int, _ message: String) throws {
        let machine = try Machine()
        try machine.config(yaml)
        let problems = machine.load().problems
        #expect(problems.count == 1)
        #expect(problems.first?.hasPrefix("\(machine.configPath):\(line): \(message)") == true, "\(problems)")
    }

    @Test(arguments: [
        ("theme: slate\nmouse: [a, b\n", 3), ("theme: slate\n\tmouse: x", 2), ("a: b: c", 1), ("theme: a\ntheme: b\n", 1),
        ("theme: *nowhere", 1),
    ])
    func whatIsNotYAMLIsNamedWithItsLineAndTheDefaultsHold(_ yaml: String, _ line: Int) throws {
        let machine = try Machine()
        try machine.config(yaml)
        let settings = machine.load()
        #expect(settings.theme == "binnacle")
        #expect(settings.problems.count == 1)
        let problem = try #require(settings.problems.first)
        #expect(problem.hasPrefix("\(machine.configPath):\(line): ") && problem.hasSuffix("; nothing in the file is used"), "\(problem)")
        #expect(!problem.contains("\n"))
    }

    @Test func theRestCountsWhenOneValueIsWrong() throws {
        let machine = try Machine()
        try machine.config("mouse: maybe\ntheme: slate\nnonsense: 1\ninterval: 3\n")
        let settings = machine.load()
        #expect(settings.problems.count == 2)
        #expect(settings.theme == "slate" && settings.interval == .seconds(3) && settings.mouse)
    }

    @Test func aMistakeNeverTurnsVerificationOff() throws {
        let machine = try Machine()
        try machine.config("engines:\n  - host: tcp://h:1\n    tls: {verify: nope}\n")
        #expect(machine.load().engines.first?.tls?.verifies == true)
    }

    @Test(arguments: ["", "# nothing\n", "---\n", "theme:\nengines:\n  # - host: x\n"])
    func anEmptyFileIsNoMistake(_ yaml: String) throws {
        let machine = try Machine()
        try machine.config(yaml)
        #expect(machine.load().problems == [])
        #expect(machine.load().theme == "binnacle")
        #expect(machine.load().configFile == machine.configPath)
    }

    @Test func whatCannotBeReadIsNamed() throws {
        let machine = try Machine([".config/binnacle/config.yaml/inside": ""])
        let settings = machine.load()
        #expect(settings.problems == ["\(machine.configPath): is not a regular file; nothing in the file is used"])
        #expect(settings.configFile == nil)
    }

    @Test func theSampleChangesNothingAndUncommentedHasNoMistake() throws {
        let machine = try Machine()
        try machine.config(Settings.sample)
        let asPrinted = machine.load()
        #expect(asPrinted.problems == [] && asPrinted.origins.keys.sorted() == ["config", "engines"])

        // A setting has no space behind its '#', or more than one.
        let lines = Settings.sample.split(separator: "\n").filter { !$0.hasPrefix("# ") || $0.hasPrefix("#  ") }
        try machine.config(lines.map { $0.dropFirst() }.joined(separator: "\n"))
        let settings = machine.load()
        #expect(settings.problems == [])
        #expect(settings.engines.map(\.name) == ["laptop", "staging", "files", "prod"])
        #expect(settings.engines[3].tls?.caPath == "\(machine.home)/certs/ca.pem")
        #expect(settings.theme == "binnacle" && settings.interval == .seconds(2) && settings.unlock == .seconds(900) && settings.mouse)
    }
}
