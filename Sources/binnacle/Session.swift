internal import Commands
internal import Compose
internal import Curses
internal import Dashboard
internal import DockerEngine
internal import Domain
internal import Drawing
internal import Engine
internal import Glibc
internal import HostEngine
internal import Report
internal import Settings
internal import Themes
internal import Transport

/// One run of the program: wires the engines that exist to the dashboard or to a report. A new system is one line here.
struct Session {
    let settings: Settings
    let environment: [String: String]

    func engines() -> [any Engine] {
        var engines: [any Engine] = settings.engines.flatMap { setting -> [any Engine] in
            do throws(TransportError) {
                let docker = DockerEngine(try configuration(setting), now: { Loop.wallClock() })
                return [docker, docker.swarmEngine()]
            } catch {
                return [UnusableEngine(setting: setting, reason: setting.problem ?? error.description)]
            }
        }
        engines.append(HostEngine(interval: settings.interval))
        return engines
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
            focus: focus.flatMap { section in PaneID.allCases.first { $0.word == section.rawValue } } ?? .containers, problems: problems)
        do throws(TerminalError) {
            let signal = try loop.run(options: options, terminalOptions: terminalOptions, palette: palette)
            return signal.map { 128 + $0 } ?? 0
        } catch {
            Standard.error("binnacle: \(error)\n")
            return 1
        }
    }

    private func parts(_ attention: Attention) -> Loop.Parts {
        let folder = settings.stateFolder
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
            palette: { name in
                do throws(ThemeError) { return .success(try themes.palette(named: name)) } catch {
                    return .failure(Loop.ThemeFailure(message: error.problems.first?.description ?? error.description, usable: error.usable))
                }
            })
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
        let snapshot = Survey(engines: engines()).take()
        if asJSON {
            Standard.output(try JSONReport(snapshot).text())
        } else {
            Standard.output(TextReport(snapshot).text(section.map { [$0] } ?? TextReport.Section.allCases))
        }
        return Verdict(snapshot).rawValue
    }
}
