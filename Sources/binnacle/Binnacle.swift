internal import ArgumentParser
internal import Dashboard
internal import Domain
internal import Glibc
internal import Report
internal import Settings
internal import Simulator

/// The command line. Everything it says is turned into `Overrides` and handed on.
@main
struct Binnacle: ParsableCommand {
    static let version = "0.1.0"

    static let configuration = CommandConfiguration(
        commandName: "binnacle",
        abstract: "A full-screen dashboard for Docker engines, swarms and Consul: containers, networks, placement, health, and what happened.",
        discussion: """
            Without arguments it opens on the engine that the docker command would use. Press ? inside for all keys.

            Exit status of --once and --json: 0 nothing has a problem, 1 something has, 2 a source could not be read. \
            Bad usage is 64.
            """,
        version: "binnacle \(version)")

    @Argument(help: "The pane to begin with, or the only one to print: networks, containers, placement, health, timeline.")
    var pane: String?

    @Option(name: [.customShort("H"), .long], help: "An engine, as docker -H takes it: unix://, tcp://, ssh://. Repeat it for several.")
    var host: [String] = []

    @Option(help: "A docker context. Repeat it for several.")
    var context: [String] = []

    @Option(help: "A Consul agent, as CONSUL_HTTP_ADDR has it: host:port, http://, https://, unix://. Repeat it for several.")
    var consul: [String] = []

    @Flag(help: "Ask no Consul; the built-in registry takes its place.")
    var noConsul = false

    @Option(
        defaultAsFlag: "calm",
        help: ArgumentHelp("Open the practice cluster, which runs inside Binnacle: nothing in it is real. A scenario may be named: --practice=memory-leak.", valueName: "scenario"))
    var practice: String?

    @Option(help: "How fast the practice cluster's clock runs (default 1).")
    var practiceSpeed: Double?

    /// Containers that end and start again each second: for measuring.
    @Option(help: .hidden)
    var practiceChurn: Double?

    /// Containers, nodes, services, tasks, checks: for measuring.
    @Option(help: .hidden)
    var practiceSize: String?

    /// Serves the practice cluster's sockets in a folder and shows nothing: for tests and measurements.
    @Option(help: .hidden)
    var practiceServe: String?

    /// Whether an engine answers, by the exit status: for `make run`.
    @Flag(help: .hidden)
    var answers = false

    @Flag(help: "Print the facts as plain text and exit.")
    var once = false

    @Flag(help: "Print the facts as one JSON object and exit.")
    var json = false

    @Flag(name: [.customLong("readonly")], help: "Offer no change at all.")
    var readOnly = false

    @Option(help: "The theme to begin with.")
    var theme: String?

    @Flag(help: "Draw without colours, as with NO_COLOR.")
    var noColor = false

    @Flag(help: "Draw with ASCII characters only.")
    var ascii = false

    @Flag(help: "Leave the mouse to the terminal.")
    var noMouse = false

    @Option(help: "Seconds between two readings of what has to be measured (default 2).")
    var interval: Double?

    @Option(help: "The configuration file, instead of $XDG_CONFIG_HOME/binnacle/config.yaml.")
    var config: String?

    @Flag(help: "Print a commented configuration file and exit.")
    var printConfig = false

    @Flag(help: .hidden)
    var printKeys = false

    func validate() throws {
        if let pane, Self.section(pane) == nil {
            throw ValidationError("There is no pane “\(pane)”. The panes are networks, containers, placement, health and timeline.")
        }
        if let practiceSpeed, !(practiceSpeed >= 0 && practiceSpeed <= 1000) { throw ValidationError("--practice-speed takes 0 to 1000.") }
        if let practiceSize, Self.size(practiceSize) == nil { throw ValidationError("--practice-size takes five numbers: containers,nodes,services,tasks,checks.") }
        if practice != nil, !(host.isEmpty && context.isEmpty && consul.isEmpty) { throw ValidationError("--practice watches the practice cluster and nothing else: leave out --host, --context and --consul.") }
        if let interval, !(interval >= 0.2 && interval <= 3600) { throw ValidationError("--interval takes 0.2 to 3600 seconds.") }
    }

    func run() throws {
        Footprint.prepare()
        if printConfig {
            print(Settings.sample, terminator: "")
            return
        }
        if printKeys {
            print(KeyDocumentation.markdown(), terminator: "")
            return
        }
        let environment = Environment.all()
        let settings = Settings.load(overrides, environment: environment, home: environment["HOME"], userID: getuid())
        guard settings.misuse.isEmpty else {
            Standard.error(settings.misuse.map { "binnacle: \($0)\n" }.joined())
            throw ExitCode(64)
        }
        let practice = try openPractice()
        defer { practice?.close() }
        let session = Session(settings: settings, environment: environment, practice: practice, scenario: self.practice ?? "calm")
        if answers { throw ExitCode(session.answers() ? 0 : 1) }
        if once || json {
            for problem in settings.problems { Standard.error("binnacle: \(problem)\n") }
            let status = try session.survey(pane.flatMap(Self.section), asJSON: json)
            throw ExitCode(status)
        }
        throw ExitCode(session.open(focus: pane.flatMap(Self.section)))
    }

    /// nil where what is real shall be watched.
    private func openPractice() throws -> PracticeSession? {
        guard practice != nil || practiceServe != nil else { return nil }
        do throws(Trouble) {
            let session = try PracticeSession.open(
                scenario: practice ?? "calm", speed: practiceSpeed ?? 1, size: practiceSize.flatMap(Self.size) ?? .base, churn: practiceChurn ?? 0, folder: practiceServe)
            if practiceServe != nil { session.serve() }
            return session
        } catch {
            Standard.error("binnacle: \(error)\n")
            throw ExitCode(error.reason == .notFound ? 64 : 1)
        }
    }

    private static func size(_ text: String) -> World.Size? {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).compactMap { Int($0) }
        guard numbers.count == 5, numbers.allSatisfy({ (0...1_000_000).contains($0) }) else { return nil }
        return .scaled(containers: numbers[0], nodes: numbers[1], services: numbers[2], tasks: numbers[3], checks: numbers[4])
    }

    static func section(_ word: String) -> TextReport.Section? { TextReport.Section(rawValue: word.lowercased()) }

    private var overrides: Overrides {
        var overrides = Overrides()
        overrides.hosts = host
        overrides.contexts = context
        overrides.consul = consul
        overrides.noConsul = noConsul
        overrides.theme = theme
        overrides.readOnly = readOnly
        overrides.noColor = noColor
        overrides.ascii = ascii
        overrides.noMouse = noMouse
        overrides.interval = interval.map { .milliseconds(Int64($0 * 1000)) }
        overrides.configFile = config
        return overrides
    }
}
