internal import Commands
internal import Compose
internal import ConsulEngine
internal import Curses
internal import Dashboard
internal import DockerEngine
internal import Domain
internal import Drawing
internal import Engine
internal import Glibc
internal import HostEngine
internal import RegistryEngine
internal import Report
internal import Settings
internal import Themes
internal import Transport

/// One run of the program: wires the engines that exist to the dashboard or to a report. A new system is one line here.
struct Session {
    let settings: Settings
    let environment: [String: String]
    /// What is watched instead of anything real, where that was asked for.
    var practice: PracticeSession?
    var scenario = "calm"

    func engines() -> [any Engine] {
        if let practice {
            do throws(TransportError) { return try practice.engines(isReadOnly: settings.readOnly) } catch { preconditionFailure("the practice cluster's own address: \(error)") }
        }
        var engines: [any Engine] = []
        var containerEngines: [Source.ID: any ContainerEngine] = [:]
        for setting in settings.engines {
            do throws(TransportError) {
                let docker = DockerEngine(try configuration(setting), now: { Loop.wallClock() })
                containerEngines[docker.source.id] = docker
                engines += [docker, docker.swarmEngine()]
            } catch {
                engines.append(UnusableEngine(setting: setting, reason: setting.problem ?? error.description))
            }
        }
        engines += settings.registries.map(consul)
        engines.append(registry(over: containerEngines))
        engines.append(HostEngine(interval: settings.interval))
        return engines
    }

    private func consul(_ setting: ConsulSetting) -> any Engine {
        let tls = setting.tls.map { TLSOptions(verifiesServer: $0.verifies, caFile: $0.caPath, certificateFile: $0.certificatePath, keyFile: $0.keyPath, serverName: $0.serverName) }
        do throws(TransportError) {
            guard setting.problem == nil else { return UnusableEngine(setting: setting, reason: setting.problem ?? "") }
            let address = try Address.parse(setting.url, tls: tls)
            return ConsulEngine(
                ConsulEngine.Configuration(
                    name: setting.name, address: address, token: setting.token, namespace: setting.namespace, partition: setting.partition, basicAuth: setting.basicAuth,
                    datacenter: setting.datacenter, isExpected: setting.isExpected, isProduction: setting.isProduction, isReadOnly: setting.isReadOnly || settings.readOnly,
                    remarks: tls?.verifiesServer == false ? ["TLS: the server is not verified"] : []),
                now: { Loop.wallClock() })
        } catch {
            return UnusableEngine(setting: setting, reason: error.description)
        }
    }

    /// The built-in registry: its script checks run in the containers, through whatever engine holds them.
    private func registry(over engines: [Source.ID: any ContainerEngine]) -> any Engine {
        let mode: RegistryEngine.Mode =
            switch settings.registry.mode {
            case .auto: .auto
            case .on: .on
            case .off: .off
            }
        return RegistryEngine(
            RegistryEngine.Configuration(
                path: settings.stateFolder + "/registry.sqlite", mode: mode, allowsScripts: settings.registry.allowsScripts, isReadOnly: settings.readOnly,
                hostname: Environment.hostname()),
            run: { command, container, limit async throws(Trouble) in
                guard let engine = engines[container.source] else {
                    throw Trouble(.unsupported, attempt: "run a check in \(container.short)", answer: "its engine is not watched")
                }
                return try await engine.run(command, in: container, limit: limit)
            },
            now: { Loop.wallClock() })
    }

    private func configuration(_ setting: EngineSetting) throws(TransportError) -> DockerEngine.Configuration {
        let tls = setting.tls.map { TLSOptions(verifiesServer: $0.verifies, caFile: $0.caPath, certificateFile: $0.certificatePath, keyFile: $0.keyPath) }
        return DockerEngine.Configuration(
            name: setting.name, address: try Address.parse(setting.address, tls: tls), apiVersion: setting.apiVersion, headers: setting.headers,
            isProduction: setting.isProduction, isReadOnly: setting.isReadOnly || settings.readOnly,
            remarks: tls?.verifiesServer == false ? ["TLS: the server is not verified"] : [])
    }

    /// Opens the dashboard; returns the exit status.
    func open(focus: TextReport.Section?) -> Int32 {
        let attention = Attention()
        let loop = Loop(parts: parts(attention))
        Footprint.shrinkAfterStart()
        var terminalOptions = TerminalOptions()
        terminalOptions.color =
            switch settings.color {
            case .auto: .automatic
            case .never: .never
            case .sixteen: .ansi16
            case .twoHundredFiftySix: .indexed256
            case .direct: .direct
            }
        terminalOptions.unicode = settings.ascii.map { !$0 }
        terminalOptions.mouse = settings.mouse
        let keymap = Keymap(overrides: settings.keys)
        var problems = settings.problems + keymap.problems
        let palette = startingPalette(&problems)
        let themes = ThemeLibrary(environment: environment, home: environment["HOME"])
        let options = Dashboard.Options(
            keymap: keymap, isReadOnly: settings.readOnly, theme: settings.theme, themes: { themes.names() }, utcOffset: Environment.utcOffset(),
            focus: focus.flatMap { section in PaneID.allCases.first { $0.word == section.rawValue } } ?? .containers, problems: problems,
            practice: practice?.practice(scenario: scenario))
        do throws(TerminalError) {
            let signal = try loop.run(options: options, terminalOptions: terminalOptions, palette: palette)
            return signal.map { 128 + $0 } ?? 0
        } catch {
            Standard.error("binnacle: \(error)\n")
            return 1
        }
    }

    private func parts(_ attention: Attention) -> Loop.Parts {
        let folder = stateFolder
        let practice = practice
        let environment = environment
        StateFolder.make(folder)
        let themes = ThemeLibrary(environment: environment, home: environment["HOME"])
        return Loop.Parts(
            engines: engines(), attention: attention, journalPath: folder + "/journal.jsonl", historyPath: folder + "/history.sqlite",
            user: environment["USER"] ?? environment["LOGNAME"] ?? "uid \(getuid())",
            stackFile: { name, path throws(Trouble) in
                let home = environment["HOME"] ?? ""
                let path = path == "~" || path.hasPrefix("~/") ? home + path.dropFirst() : path
                return try ComposeFile.stack(named: name, path: path, environment: environment)
            },
            inquire: { question in
                guard let practice else { return await NetworkProbe.answer(question) }
                return await practice.answer(question)
            },
            palette: { name in
                do throws(ThemeError) { return .success(try themes.palette(named: name)) } catch {
                    return .failure(Loop.ThemeFailure(message: error.problems.first?.description ?? error.description, usable: error.usable))
                }
            })
    }

    /// What is done in practice is not mixed with what was done for real.
    private var stateFolder: String { practice == nil ? settings.stateFolder : settings.stateFolder + "/practice" }

    /// Whether any of the engines answers.
    func answers() -> Bool {
        Survey(engines: engines().filter { $0.source.kind == .docker }).take().sources.contains { $0.kind == .docker && $0.freshness.isLive }
    }

    private func startingPalette(_ problems: inout [String]) -> Palette {
        do throws(ThemeError) {
            return try ThemeLibrary(environment: environment, home: environment["HOME"]).palette(named: settings.theme)
        } catch {
            problems += error.problems.map(\.description)
            return error.usable ?? .binnacle
        }
    }

    /// Looks once at everything, prints it, returns the exit status.
    func survey(_ section: TextReport.Section?, asJSON: Bool) throws -> Int32 {
        StateFolder.make(stateFolder)
        let snapshot = Survey(engines: engines()).take()
        if asJSON {
            Standard.output(try JSONReport(snapshot).text())
        } else {
            Standard.output(TextReport(snapshot).text(section.map { [$0] } ?? TextReport.Section.allCases))
        }
        return Verdict(snapshot).rawValue
    }
}
