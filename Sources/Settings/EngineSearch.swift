internal import Glibc

/// Which engines to watch: the docker command line's order, with our own file's `engines` before docker's stored
/// choice, and Podman where docker would give up.
///
/// 1. `--context`, `--host` · 2. `DOCKER_HOST` · 3. `DOCKER_CONTEXT` · 4. `engines` of config.yaml ·
/// 5. `currentContext` of docker's config.json · 6. the first of docker's sockets on this machine ·
/// 7. `CONTAINER_HOST`, which is Podman's · 8. Podman's sockets · 9. docker's standard socket, so that the error names it.
struct EngineSearch {
    let environment: [String: String]
    let file: ConfigFile
    let docker: DockerFolder?
    let sockets: LocalSockets
    let isSocket: (String) -> Bool
    /// `--readonly` or its like: holds for every engine.
    let isReadOnly: Bool
    var problems: [String] = []
    var misuse: [String] = []
    private var read: [DockerFolder.Context]?

    init(
        environment: [String: String], file: ConfigFile, docker: DockerFolder?, sockets: LocalSockets, isReadOnly: Bool,
        isSocket: @escaping (String) -> Bool
    ) {
        self.environment = environment
        self.file = file
        self.docker = docker
        self.sockets = sockets
        self.isReadOnly = isReadOnly
        self.isSocket = isSocket
    }

    mutating func engines(hosts: [String], contexts: [String]) -> [EngineSetting] {
        var engines = contexts.map { flagged(context: $0) }
        for host in hosts {
            if host.isEmpty {
                misuse.append("--host wants an address, such as ssh://user@host or tcp://host:2376")
            } else {
                engines.append(engine(host: host, origin: .flag("--host")))
            }
        }
        if engines.isEmpty { engines = unasked() }
        return unique(engines)
    }

    private mutating func unasked() -> [EngineSetting] {
        if let host = variable("DOCKER_HOST") { return [engine(host: host, origin: .environment("DOCKER_HOST"))] }
        if let context = variable("DOCKER_CONTEXT") { return [engine(context: context, origin: .environment("DOCKER_CONTEXT"))] }
        if let engines = file.engines { return engines.value.map { engine(entry: $0) } }
        if let docker, let context = docker.currentContext {
            return [engine(context: context, origin: .file(docker.configFile, line: nil))]
        }
        return [local()]
    }

    private mutating func flagged(context: String) -> EngineSetting {
        let engine = engine(context: context, origin: .flag("--context"))
        if let problem = engine.problem { misuse.append("--context: \(problem)") }
        return engine
    }

    private mutating func engine(host: String, origin: Settings.Origin) -> EngineSetting {
        let name = EngineSetting.name(forAddress: host)
        let setting = EngineSetting(name: name, address: host, tls: environmentTLS(host), origin: origin)
        return finish(setting, file.engines?.value.first { $0.host == host })
    }

    /// - Parameter given: the file's entry that names the context; without it, the one that fits is looked for.
    private mutating func engine(context name: String, origin: Settings.Origin, entry given: ConfigFile.Engine? = nil) -> EngineSetting {
        if name == "default" {
            return variable("DOCKER_HOST").map { engine(host: $0, origin: .environment("DOCKER_HOST")) } ?? local()
        }
        let entries = file.engines?.value ?? []
        let entry = given ?? entries.first { $0.context == name }
        if let context = contexts().first(where: { $0.name == name }) {
            // docker takes an empty address for its standard socket.
            let address = context.address.isEmpty ? "unix://\(LocalSockets.standard)" : context.address
            return finish(EngineSetting(name: name, address: address, tls: context.tls, origin: origin), entry)
        }
        if entry == nil, let named = entries.first(where: { $0.name == name }) {
            var setting = engine(entry: named)
            setting.origin = origin
            return setting
        }
        let known = ["default"] + contexts().map(\.name) + entries.compactMap { $0.context == nil ? $0.name : nil }
        let problem = "no docker context is called '\(name)'; known: \(known.joined(separator: ", "))"
        return finish(EngineSetting(name: name, address: "", origin: origin, problem: problem), entry)
    }

    private mutating func engine(entry: ConfigFile.Engine) -> EngineSetting {
        let origin = file.origin(entry.line)
        var setting: EngineSetting
        if let host = entry.host {
            // The entry is given and not looked for: two may share an address and differ in the rest.
            setting = EngineSetting(name: EngineSetting.name(forAddress: host), address: host, tls: environmentTLS(host), origin: origin)
        } else if let context = entry.context {
            setting = engine(context: context, origin: origin, entry: entry)
        } else {
            setting = local()
        }
        setting.origin = origin
        return finish(setting, entry)
    }

    /// The engine of this machine.
    private mutating func local() -> EngineSetting {
        if let path = sockets.docker.first(where: isSocket) {
            return finish(EngineSetting(name: "local", address: "unix://\(path)", origin: .found(path)), nil)
        }
        if let host = variable("CONTAINER_HOST") { return engine(host: host, origin: .environment("CONTAINER_HOST")) }
        if let path = sockets.podman.first(where: isSocket) {
            return finish(EngineSetting(name: "local", address: "unix://\(path)", origin: .found(path)), nil)
        }
        return finish(EngineSetting(name: "local", address: "unix://\(LocalSockets.standard)", origin: .builtIn), nil)
    }

    /// What the file's entry and the environment add to an engine, wherever its address came from: what is marked
    /// production in the file stays so when a flag asks for it.
    private mutating func finish(_ setting: EngineSetting, _ entry: ConfigFile.Engine?) -> EngineSetting {
        var setting = setting
        if let name = entry?.name { setting.name = name }
        if let tls = entry?.tls, EngineSetting.takesTLS(setting.address) { setting.tls = self.tls(tls) }
        setting.apiVersion = variable("DOCKER_API_VERSION") ?? entry?.apiVersion
        setting.headers = (customHeaders() ?? docker?.headers ?? [:]).merging(entry?.headers ?? [:]) { _, new in new }
        let isListed = (file.production?.value ?? []).contains { fnmatch($0, setting.name, 0) == 0 }
        setting.isProduction = entry?.isProduction ?? isListed
        setting.isReadOnly = isReadOnly || (entry?.isReadOnly ?? setting.isProduction)
        return setting
    }

    private mutating func contexts() -> [DockerFolder.Context] {
        if let read { return read }
        let found = docker?.contexts() ?? (contexts: [], problems: [])
        problems += found.problems
        read = found.contexts
        return found.contexts
    }

    private func unique(_ engines: [EngineSetting]) -> [EngineSetting] {
        var taken: Set<String> = []
        return engines.map { engine in
            var engine = engine
            var number = 2
            let name = engine.name
            while !taken.insert(engine.name).inserted {
                engine.name = "\(name)-\(number)"
                number += 1
            }
            return engine
        }
    }

    /// Set and not empty, as docker asks.
    func variable(_ name: String) -> String? {
        environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
