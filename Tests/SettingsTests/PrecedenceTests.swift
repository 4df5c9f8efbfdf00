import Settings
import Testing

@Suite struct PrecedenceTests {
    @Test func defaultsWithNothingAtAll() throws {
        let machine = try Machine()
        let settings = machine.load()
        #expect(settings.theme == "binnacle")
        #expect(!settings.readOnly && settings.mouse && settings.ascii == nil && settings.color == .auto)
        #expect(settings.interval == .seconds(2) && settings.unlock == .seconds(900))
        #expect(settings.stateFolder == "\(machine.home)/.local/state/binnacle")
        #expect(settings.configFile == nil)
        #expect(settings.problems == [] && settings.misuse == [])
        #expect(settings.engines.map(\.address) == ["unix:///var/run/docker.sock"])
        #expect(settings.engines.first?.origin == .builtIn)
        #expect(settings.engines.first?.name == "local")
    }

    @Test func aFlagBeatsTheEnvironmentBeatsTheFile() throws {
        let machine = try Machine()
        try machine.config("theme: slate\ncolor: 256\nreadonly: false\n")
        #expect(machine.load().theme == "slate")
        #expect(machine.load().origins["theme"] == .file(machine.configPath, line: 1))
        #expect(machine.load().color == .twoHundredFiftySix)

        machine.environment = ["BINNACLE_THEME": "paper", "NO_COLOR": "1", "BINNACLE_READONLY": "1"]
        let environment = machine.load()
        #expect(environment.theme == "paper" && environment.color == .never && environment.readOnly)
        #expect(environment.origins["theme"] == .environment("BINNACLE_THEME"))
        #expect(environment.origins["color"] == .environment("NO_COLOR"))

        let flags = machine.load {
            $0.theme = "amber"
            $0.color = .sixteen
            $0.ascii = true
            $0.noMouse = true
            $0.interval = .seconds(5)
            $0.stateFolder = "/s"
        }
        #expect(flags.theme == "amber" && flags.color == .sixteen && flags.ascii == true && !flags.mouse)
        #expect(flags.interval == .seconds(5) && flags.stateFolder == "/s")
        #expect(flags.origins["theme"] == .flag("--theme"))
        #expect(flags.origins["theme"]?.description == "flag --theme")
    }

    @Test func emptyVariablesDoNotCount() throws {
        let machine = try Machine()
        machine.environment = ["NO_COLOR": "", "BINNACLE_THEME": "", "BINNACLE_READONLY": "", "DOCKER_HOST": "", "DOCKER_CONTEXT": ""]
        let settings = machine.load()
        #expect(settings.color == .auto && settings.theme == "binnacle" && !settings.readOnly)
        #expect(settings.engines.map(\.origin) == [.builtIn])
    }

    @Test func foldersFollowXDG() throws {
        let machine = try Machine(["c/binnacle/config.yaml": "theme: slate", "d/config.json": #"{"HttpHeaders":{"A":"b"}}"#])
        machine.environment = [
            "XDG_CONFIG_HOME": "\(machine.home)/c", "XDG_STATE_HOME": "/st", "DOCKER_CONFIG": "\(machine.home)/d",
        ]
        let settings = machine.load()
        #expect(settings.theme == "slate" && settings.stateFolder == "/st/binnacle")
        #expect(settings.configFile == "\(machine.home)/c/binnacle/config.yaml")
        #expect(settings.engines.first?.headers == ["A": "b"])
        machine.environment = ["XDG_CONFIG_HOME": "c", "XDG_STATE_HOME": "st"]
        #expect(machine.load().theme == "binnacle")
        #expect(machine.load().stateFolder == "\(machine.home)/.local/state/binnacle")
    }

    @Test func withoutAHomeTheProgramGoesOn() throws {
        let machine = try Machine()
        let settings = machine.load(withoutHome: true)
        #expect(settings.stateFolder == "/tmp/binnacle-1000")
        #expect(settings.problems == ["neither HOME nor XDG_STATE_HOME is set: history and journal are kept in /tmp/binnacle-1000"])
        #expect(settings.engines.map(\.address) == ["unix:///var/run/docker.sock"])
        machine.environment = ["XDG_RUNTIME_DIR": "/run/user/7"]
        #expect(machine.load(withoutHome: true).stateFolder == "/run/user/7/binnacle")
    }

    @Test func aFileThatWasNamedHasToBeThere() throws {
        let machine = try Machine(["mine.yaml": "theme: amber"])
        #expect(machine.load { $0.configFile = "\(machine.home)/mine.yaml" }.theme == "amber")
        #expect(machine.load { $0.configFile = "/no/such.yaml" }.misuse == ["--config: /no/such.yaml does not exist"])
        machine.environment = ["BINNACLE_CONFIG": "/no/such.yaml"]
        #expect(machine.load().problems == ["/no/such.yaml does not exist (environment BINNACLE_CONFIG); the defaults hold"])
    }

    @Test func readOnlyHoldsForEveryEngine() throws {
        let machine = try Machine()
        try machine.config("engines:\n  - host: tcp://a:1\n    readonly: false\n  - host: tcp://b:1\n")
        #expect(machine.load().engines.map(\.isReadOnly) == [false, false])
        #expect(machine.load { $0.readOnly = true }.engines.map(\.isReadOnly) == [true, true])
    }

    @Test func anIntervalOutOfRangeIsMisuse() throws {
        let settings = try Machine().load { $0.interval = .zero }
        #expect(settings.misuse == ["--interval wants 0.2 to 3600 seconds"])
        #expect(settings.interval == .seconds(2))
    }
}
