extension Settings {
    /// Asks the flags, the environment, the file and the machine, in that order. Nothing is thrown: what is wrong is
    /// in `problems` and `misuse`, and the rest counts.
    ///
    /// Files are read only where they exist, YAML and JSON are started only for what was read.
    /// - Parameters:
    ///   - home: the person's home, nil where there is none; `HOME` in `environment` is not looked at.
    ///   - userID: tells where the runtime folder is when `XDG_RUNTIME_DIR` does not.
    public static func load(_ overrides: Overrides, environment: [String: String], home: String?, userID: UInt32) -> Settings {
        load(overrides, environment: environment, home: home, userID: userID, isSocket: Disk.isSocket)
    }

    static func load(
        _ overrides: Overrides, environment: [String: String], home: String?, userID: UInt32, isSocket: @escaping (String) -> Bool
    ) -> Settings {
        var settings = Settings()
        let folders = Folders(environment: environment, home: home, userID: userID)
        let file = settings.readFile(overrides, folders)
        settings.apply(file)
        settings.apply(environment)
        settings.apply(overrides)
        settings.placeState(overrides, file, folders)

        let docker = folders.docker.map(DockerFolder.init)
        settings.problems += docker?.problems ?? []
        var search = EngineSearch(
            environment: environment, file: file, docker: docker,
            sockets: LocalSockets(environment: environment, home: folders.home, userID: userID),
            isReadOnly: settings.readOnly, isSocket: isSocket)
        settings.engines = search.engines(hosts: overrides.hosts, contexts: overrides.contexts)
        settings.origins["engines"] = settings.engines.first?.origin
        settings.problems += search.problems
        settings.misuse += search.misuse
        settings.findRegistries(overrides, file, environment)
        return settings
    }

    private mutating func findRegistries(_ overrides: Overrides, _ file: ConfigFile, _ environment: [String: String]) {
        var search = ConsulSearch(environment: environment, file: file, isReadOnly: readOnly)
        registries = search.registries(addresses: overrides.consul, none: overrides.noConsul)
        if overrides.noConsul {
            origins["consul"] = .flag("--no-consul")
        } else if let entry = file.consul, registries.isEmpty {
            origins["consul"] = file.origin(entry.line)
        } else if let origin = registries.first?.origin, origin != .builtIn {
            origins["consul"] = origin
        }
        problems += search.problems
        misuse += search.misuse
    }

    private mutating func readFile(_ overrides: Overrides, _ folders: Folders) -> ConfigFile {
        let asked: (path: String, origin: Origin)? =
            overrides.configFile.map { ($0, .flag("--config")) }
            ?? folders.variable("BINNACLE_CONFIG").map { ($0, .environment("BINNACLE_CONFIG")) }
        guard let path = asked?.path ?? folders.config.map({ "\($0)/config.yaml" }) else { return ConfigFile() }
        switch Disk.read(path) {
        case .text(let text):
            configFile = path
            origins["config"] = asked?.origin ?? .builtIn
            var reader = ConfigReader(path: path, home: folders.home)
            let file = reader.read(text)
            problems += file.problems
            return file
        case .absent:
            // Only a file that somebody named has to be there.
            switch asked?.origin {
            case .flag: misuse.append("--config: \(path) does not exist")
            case .some(let origin): problems.append("\(path) does not exist (\(origin)); the defaults hold")
            case nil: break
            }
        case .unreadable(let reason): problems.append("\(path): \(reason); nothing in the file is used")
        }
        return ConfigFile()
    }

    private mutating func apply(_ file: ConfigFile) {
        take(file.theme, "theme", \.theme, file)
        take(file.readOnly, "readonly", \.readOnly, file)
        take(file.color, "color", \.color, file)
        take(file.ascii, "ascii", \.ascii, file)
        take(file.mouse, "mouse", \.mouse, file)
        take(file.interval, "interval", \.interval, file)
        take(file.unlock, "unlock", \.unlock, file)
        take(file.production, "production", \.production, file)
        take(file.registryMode, "registry.mode", \.registry.mode, file)
        take(file.registryScripts, "registry.scripts", \.registry.allowsScripts, file)
        for (command, entry) in file.keys {
            keys[command] = entry.value
            origins["keys.\(command)"] = file.origin(entry.line)
        }
    }

    private mutating func take<Value>(
        _ entry: ConfigFile.Entry<Value>?, _ name: String, _ setting: WritableKeyPath<Settings, Value>, _ file: ConfigFile
    ) {
        guard let entry else { return }
        self[keyPath: setting] = entry.value
        origins[name] = file.origin(entry.line)
    }

    /// Our own variables, and `NO_COLOR` as no-color.org has it: set to anything that is not empty.
    private mutating func apply(_ environment: [String: String]) {
        func value(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
        if value("NO_COLOR") != nil {
            color = .never
            origins["color"] = .environment("NO_COLOR")
        }
        if let name = value("BINNACLE_THEME") {
            theme = name
            origins["theme"] = .environment("BINNACLE_THEME")
        }
        // Even as `0`: whoever sets this wants no accident, and DOCKER_TLS_VERIFY taught everybody to read it so.
        if value("BINNACLE_READONLY") != nil {
            readOnly = true
            origins["readonly"] = .environment("BINNACLE_READONLY")
        }
    }

    private mutating func apply(_ overrides: Overrides) {
        if let name = overrides.theme { (theme, origins["theme"]) = (name, .flag("--theme")) }
        if overrides.readOnly { (readOnly, origins["readonly"]) = (true, .flag("--readonly")) }
        if let asked = overrides.color { (color, origins["color"]) = (asked, .flag("--color")) }
        if overrides.noColor { (color, origins["color"]) = (.never, .flag("--no-color")) }
        if overrides.ascii { (ascii, origins["ascii"]) = (true, .flag("--ascii")) }
        if overrides.noMouse { (mouse, origins["mouse"]) = (false, .flag("--no-mouse")) }
        if let asked = overrides.interval {
            if asked >= .milliseconds(200), asked <= .seconds(3600) {
                (interval, origins["interval"]) = (asked, .flag("--interval"))
            } else {
                misuse.append("--interval wants 0.2 to 3600 seconds")
            }
        }
    }

    private mutating func placeState(_ overrides: Overrides, _ file: ConfigFile, _ folders: Folders) {
        if let folder = overrides.stateFolder {
            (stateFolder, origins["state"]) = (folder, .flag("--state"))
        } else if let entry = file.state {
            // XDG_STATE_HOME only says where the default is: it is no answer that would beat the file's.
            (stateFolder, origins["state"]) = (entry.value, file.origin(entry.line))
        } else if let folder = folders.state {
            stateFolder = folder
        } else {
            stateFolder = folders.makeshiftState
            problems.append("neither HOME nor XDG_STATE_HOME is set: history and journal are kept in \(stateFolder)")
        }
    }
}

/// Where a person's files are, by the XDG specification: relative paths in its variables do not count.
private struct Folders {
    let environment: [String: String]
    let home: String?
    let userID: UInt32

    init(environment: [String: String], home: String?, userID: UInt32) {
        self.environment = environment
        self.home = home.flatMap { $0.hasPrefix("/") ? $0 : nil }
        self.userID = userID
    }

    var config: String? { (absolute("XDG_CONFIG_HOME") ?? home.map { "\($0)/.config" }).map { "\($0)/binnacle" } }
    var state: String? { (absolute("XDG_STATE_HOME") ?? home.map { "\($0)/.local/state" }).map { "\($0)/binnacle" } }
    var docker: String? { variable("DOCKER_CONFIG") ?? home.map { "\($0)/.docker" } }
    /// For an account without a home: its own folder, cleared at logout; failing that one that carries its number.
    var makeshiftState: String { absolute("XDG_RUNTIME_DIR").map { "\($0)/binnacle" } ?? "/tmp/binnacle-\(userID)" }

    func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
    private func absolute(_ name: String) -> String? { variable(name).flatMap { $0.hasPrefix("/") ? $0 : nil } }
}
