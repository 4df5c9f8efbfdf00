internal import Domain

/// Reads a whole file: its declarations first, then the services that name them.
struct StackReader {
    /// Of all services together: a swarm has 65535 of each transport.
    private static let portLimit = 100_000

    private var surroundings: Surroundings
    private var stack: StackSpecification

    init(name: String, file: String, environment: [String: String], files: PointedFiles) {
        surroundings = Surroundings(stack: name, environment: environment, files: files)
        stack = StackSpecification(name: name, path: file)
    }

    mutating func read(_ root: Place) throws(Trouble) -> StackSpecification {
        let fields = try root.fields(["version", "name", "include", "services", "networks", "volumes", "configs", "secrets", "models"])
        try checkTop(fields)
        guard let services = fields["services"] else { throw root.trouble("it has no services", "begin with 'services:'") }

        let networks = try networks(fields["networks"])
        try readVolumes(fields["volumes"])
        let secrets = try blobs(fields["secrets"], kind: "secret")
        let configs = try blobs(fields["configs"], kind: "config")
        for (key, network) in networks { surroundings.networks[key] = Surroundings.Declaration(name: network.name, isExternal: network.isExternal) }
        for (key, blob) in secrets { surroundings.secrets[key] = Surroundings.Declaration(name: blob.name, isExternal: blob.isExternal) }
        for (key, blob) in configs { surroundings.configs[key] = Surroundings.Declaration(name: blob.name, isExternal: blob.isExternal) }

        var portsLeft = Self.portLimit
        for (name, place) in try names(services) {
            var reader = ServiceReader(name: name, in: surroundings, portLimit: portsLeft)
            let service = try reader.read(place)
            portsLeft -= service.ports.count
            stack.services.append(service)
            stack.ignored += reader.ignored
        }
        guard !stack.services.isEmpty else { throw services.trouble("it has no services") }
        chooseNetworks(networks)
        stack.secrets = chosen(secrets.map(\.blob), by: stack.services.flatMap(\.secrets))
        stack.configs = chosen(configs.map(\.blob), by: stack.services.flatMap(\.configs))
        return stack
    }

    mutating func noteUnset(_ variables: [String]) {
        guard !variables.isEmpty else { return }
        let names = variables.prefix(8).map { printable($0) }.joined(separator: ", ") + (variables.count > 8 ? " and \(variables.count - 8) more" : "")
        stack.ignored.append("variables that are not set count as empty: \(names)")
    }

    private mutating func checkTop(_ fields: [String: Place]) throws(Trouble) {
        if let include = fields["include"] {
            throw include.trouble("other Compose files are not read into this one", "put everything into one file: docker compose config", reason: .unsupported)
        }
        if let version = fields["version"] {
            let text = try version.text()
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            guard parts.count <= 2, ["2", "3"].contains(parts.first), parts.dropFirst().allSatisfy({ Int($0) != nil }) else {
                throw version.trouble("\(shown(text)) is not a version that is known here", "leave it out, or write '3.8'", reason: .unsupported)
            }
        }
        if let name = try fields["name"]?.text(), name != stack.name { stack.ignored.append("name \(shown(name)): the stack is called \(stack.name)") }
        if fields["models"] != nil { stack.ignored.append("models: a stack has none") }
    }

    /// The entries of a section, their names checked: they become part of names in the orchestrator.
    private func names(_ section: Place?) throws(Trouble) -> [(name: String, place: Place)] {
        let children = try section?.children() ?? []
        for (name, place) in children {
            guard ComposeFile.isName(name) else {
                throw place.trouble("\(shown(name)) is not a name", "use letters, digits, '_', '-' and '.'")
            }
        }
        return children
    }

    private mutating func networks(_ section: Place?) throws(Trouble) -> [(key: String, network: StackSpecification.Network)] {
        var networks: [(key: String, network: StackSpecification.Network)] = []
        for (key, place) in try names(section) {
            let declaration = NetworkDeclaration(key, in: surroundings)
            networks.append((key, try declaration.read(place, ignored: &stack.ignored)))
        }
        return networks
    }

    private mutating func readVolumes(_ section: Place?) throws(Trouble) {
        for (key, place) in try names(section) {
            guard !place.isNull else {
                surroundings.volumes[key] = Surroundings.Declaration(name: surroundings.scoped(key), isExternal: false, labels: surroundings.labelled([:]))
                continue
            }
            let options = ["driver", "driver_opts", "labels"]
            let fields = try place.fields(["name", "external"] + options)
            var declaration = try surroundings.declaration(of: key, fields)
            for option in options where fields[option] != nil && declaration.isExternal {
                throw place.trouble("somebody else's volume has no \(option)", "leave out \(option), or external")
            }
            if !declaration.isExternal {
                declaration.driver = try fields["driver"]?.text() ?? ""
                declaration.driverOptions = try fields["driver_opts"]?.table() ?? [:]
                declaration.labels = surroundings.labelled(try fields["labels"]?.table() ?? [:])
            }
            surroundings.volumes[key] = declaration
        }
    }

    private mutating func blobs(_ section: Place?, kind: String) throws(Trouble) -> [(key: String, blob: StackSpecification.Blob)] {
        var blobs: [(key: String, blob: StackSpecification.Blob)] = []
        for (key, place) in try names(section) {
            blobs.append((key, try BlobDeclaration(key, kind: kind, in: surroundings).read(place)))
        }
        return blobs
    }

    /// Docker makes the networks that services join, and no others.
    private mutating func chooseNetworks(_ declared: [(key: String, network: StackSpecification.Network)]) {
        let joined = Set(stack.services.flatMap { $0.networks.map(\.network) })
        var made: Set<String> = []
        for (key, network) in declared {
            if !joined.contains(network.name) {
                stack.ignored.append("network \(key): no service joins it, so it is not made")
            } else if made.insert(network.name).inserted {
                stack.networks.append(network)
            }
        }
        let standard = surroundings.scoped("default")
        if joined.contains(standard), made.insert(standard).inserted {
            stack.networks.append(StackSpecification.Network(name: standard, labels: surroundings.labelled([:])))
        }
    }

    /// Its own a stack makes all; of others' those that services name have to be there.
    private func chosen(_ blobs: [StackSpecification.Blob], by files: [ServiceSpecification.HandedFile]) -> [StackSpecification.Blob] {
        let named = Set(files.map(\.name))
        return blobs.filter { !$0.isExternal || named.contains($0.name) }
    }
}
