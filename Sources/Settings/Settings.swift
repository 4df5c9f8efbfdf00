/// What the program was told, by whom, and what was wrong with it.
///
/// Flags beat the environment, the environment beats the file, the file beats the default; `origins` remembers which
/// it was, so that a person who wonders "why this host?" gets an answer.
public struct Settings: Sendable {
    /// Never empty. An engine that was asked for and cannot be found is here with its `problem`.
    public var engines: [EngineSetting] = []
    /// The Consul agents to ask. One that was asked for and cannot be is here with its `problem`.
    public var registries: [ConsulSetting] = []
    public var registry = RegistrySetting()
    public var theme = "binnacle"
    /// No change is offered anywhere, and nothing unlocks that.
    public var readOnly = false
    public var color = ColorSetting.auto
    /// nil: as the locale says.
    public var ascii: Bool?
    public var mouse = true
    /// Command name → the keys that replace its own; an empty list leaves the command without a key. Whether such a
    /// command and such a key exist, and whether keys clash, is for the catalogue of commands to say.
    public var keys: [String: [String]] = [:]
    /// Between two samples of what has to be sampled.
    public var interval = Duration.seconds(2)
    /// Names of engines where a change wants the name typed; `*` and `?` stand for what they do in a shell.
    public var production: [String] = []
    /// How long an unlocked production engine stays unlocked.
    public var unlock = Duration.seconds(15 * 60)
    /// Where history and journal are kept: `$XDG_STATE_HOME/binnacle`. It need not exist yet.
    public var stateFolder = ""
    /// The file that was read, nil where there is none.
    public var configFile: String?
    /// Sentences for the person, with file and line where there is one. The program goes on.
    public var problems: [String] = []
    /// What is wrong with the flags themselves. The program prints these and exits with status 64.
    public var misuse: [String] = []
    /// By the setting's name in the file (`theme`, `engines`, `keys.scale`); what is missing here is the default.
    public var origins: [String: Origin] = [:]

    public init() {}

    /// Where an answer came from.
    public enum Origin: Sendable, Hashable, CustomStringConvertible {
        case flag(String)
        case environment(String)
        case file(String, line: Int?)
        /// Found by looking: a socket that exists.
        case found(String)
        case builtIn

        public var description: String {
            switch self {
            case .flag(let flag): "flag \(flag)"
            case .environment(let variable): "environment \(variable)"
            case .file(let path, let line): line.map { "\(path):\($0)" } ?? path
            case .found(let path): "found \(path)"
            case .builtIn: "default"
            }
        }
    }
}

/// How many colours to use.
public enum ColorSetting: String, Sendable, Hashable, CaseIterable {
    /// As many as the terminal's description says, none where `NO_COLOR` is set.
    case auto
    case never
    case sixteen = "16"
    case twoHundredFiftySix = "256"
    /// 24 bits.
    case direct
}

/// What the command line gave; nil and empty mean "not given".
public struct Overrides: Sendable {
    /// `--host`, as `docker -H` takes it; repeated for several engines.
    public var hosts: [String] = []
    /// `--context`, a docker context's name; repeated for several engines.
    public var contexts: [String] = []
    /// `--consul`, as `CONSUL_HTTP_ADDR` has it, or the name of an entry of the file; repeated for several registries.
    public var consul: [String] = []
    public var noConsul = false
    public var theme: String?
    public var readOnly = false
    public var noColor = false
    public var color: ColorSetting?
    public var ascii = false
    public var noMouse = false
    public var interval: Duration?
    /// `--config`: this file and no other; it has to exist.
    public var configFile: String?
    public var stateFolder: String?

    public init() {}
}
