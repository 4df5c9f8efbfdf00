internal import Domain

/// Reads one service as `docker stack deploy` does (docker/cli, compose/loader and compose/convert/service.go).
struct ServiceReader {
    let name: String
    let surroundings: Surroundings
    /// How many ports it may have: ranges are short to write.
    let portLimit: Int
    var service: ServiceSpecification
    private(set) var ignored: [String] = []
    private var said: Set<String> = []

    init(name: String, in surroundings: Surroundings, portLimit: Int) {
        self.name = name
        self.surroundings = surroundings
        self.portLimit = portLimit
        service = ServiceSpecification(name: surroundings.scoped(name), image: "")
    }

    mutating func read(_ place: Place) throws(Trouble) -> ServiceSpecification {
        let fields = try place.fields(ServiceKeys.all)
        // In the file's order.
        for (key, value) in try place.children() where fields[key] != nil {
            if let remedy = ServiceKeys.refused[key] { throw value.trouble("a stack does not obey it", remedy, reason: .unsupported) }
            if let sentence = ServiceKeys.ignored[key], !value.asksForNothing { ignore(key, sentence) }
        }
        service.image = try image(fields, place)
        try readProcess(fields)
        try readEnvironment(fields)
        try readContainer(fields)
        try readHealthCheck(fields["healthcheck"])
        try readDeploy(fields["deploy"])
        try readRestart(fields)
        try readPorts(fields["ports"])
        try readMounts(fields["volumes"])
        try readNetworks(fields["networks"])
        service.configs = try handedFiles(fields["configs"], among: surroundings.configs, section: "configs")
        service.secrets = try handedFiles(fields["secrets"], among: surroundings.secrets, section: "secrets")

        service.labels = surroundings.labelled(service.labels)
        service.labels[Surroundings.imageLabel] = service.image
        service.containerLabels = surroundings.labelled(try fields["labels"]?.table() ?? [:])
        return service
    }

    mutating func ignore(_ what: String, _ why: String) {
        let sentence = "\(printable(what)) of \(name): \(why)"
        if said.insert(sentence).inserted { ignored.append(sentence) }
    }

    private func image(_ fields: [String: Place], _ place: Place) throws(Trouble) -> String {
        guard let image = fields["image"] else {
            guard let build = fields["build"] else { throw place.trouble("it has no image", "write image: NAME:TAG") }
            throw build.trouble(
                "it has no image, and nothing is built here", "build it, push it to where the nodes can pull it, and write image: NAME:TAG",
                reason: .unsupported)
        }
        let text = try image.text()
        // Not the whole grammar of references, which the engine knows; what an unset variable or a slip leaves behind.
        let ends = [text.unicodeScalars.first, text.unicodeScalars.last]
        let isName = ends.allSatisfy { $0.map(Self.isWord) ?? false }
            && text.unicodeScalars.allSatisfy { Self.isWord($0) || ".-/:@+".unicodeScalars.contains($0) }
        guard isName else { throw image.trouble("\(shown(text)) is not the name of an image", "write it as NAME:TAG") }
        return text
    }

    private static func isWord(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar {
        case "A"..."Z", "a"..."z", "0"..."9", "_": true
        default: false
        }
    }

    private mutating func readProcess(_ fields: [String: Place]) throws(Trouble) {
        // Docker's names in a service: Command replaces the image's entry point, Args its command.
        if let entrypoint = fields["entrypoint"] { service.command = try entrypoint.command() }
        if let command = fields["command"] { service.arguments = try command.command() }
        if let folder = fields["working_dir"] { service.workingFolder = try folder.text() }
        if let user = fields["user"] { service.user = try user.text() }
        if let groups = fields["group_add"] { service.groups = try groups.texts() }
        if let signal = fields["stop_signal"] { service.stopSignal = try signal.text() }
        if let grace = fields["stop_grace_period"] { service.stopGrace = try grace.duration() }
        if let terminal = fields["tty"] { service.usesTerminal = try terminal.flag() }
        if let initial = fields["init"] { service.usesInit = try initial.flag() }
    }

    /// What the file says counts over what its `env_file`s say, and of these the last. A name without a value, or with an empty
    /// one, takes the value it has on this machine (compose/loader/loader.go, updateEnvironment); without any it is left out.
    private mutating func readEnvironment(_ fields: [String: Place]) throws(Trouble) {
        var variables: [String: String] = [:]
        func add(_ name: String, _ value: String?) {
            if let value, !value.isEmpty {
                variables[name] = value
            } else {
                variables[name] = surroundings.environment[name] ?? value
            }
        }
        for file in try environmentFiles(fields["env_file"]) {
            do {
                for (name, value) in try VariableFile.variables(try surroundings.files.bytes(file)) {
                    // Without a value it is as if the line were not there.
                    if let value = value ?? surroundings.environment[name] { add(name, value) }
                }
            } catch let complaint as Complaint {
                throw file.trouble(complaint)
            } catch let trouble as Trouble {
                throw trouble
            } catch {
                throw file.trouble("\(error)")
            }
        }
        for (name, value) in try fields["environment"]?.pairs() ?? [] { add(name, value) }
        service.environment = variables.map { "\($0)=\($1)" }.sorted()
    }

    /// One path, or a list of paths, or of `path`, `required` and `format`; files that need not be there and are not, left out.
    private func environmentFiles(_ place: Place?) throws(Trouble) -> [Place] {
        guard let place else { return [] }
        if place.isText { return [place] }
        var files: [Place] = []
        for item in try place.items() {
            guard item.isMap else { files.append(item); continue }
            let fields = try item.fields(["path", "required", "format"])
            guard let path = fields["path"] else { throw item.trouble("it has no path") }
            if let format = fields["format"] { throw format.trouble("only Docker's own format is read", "leave it out", reason: .unsupported) }
            if try fields["required"]?.flag() == false {
                do {
                    _ = try surroundings.files.bytes(path)
                } catch {
                    if error.reason == .notFound { continue }
                    throw error
                }
            }
            files.append(path)
        }
        return files
    }
}
