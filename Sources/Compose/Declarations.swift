internal import Domain

extension Surroundings {
    /// The name of something declared: its own where it has one, its key where it is somebody else's, else with the stack's name
    /// in front. `external: {name: …}` is the old spelling (compose/loader/loader.go).
    func declaration(of key: String, _ fields: [String: Place]) throws(Trouble) -> Declaration {
        var name = try fields["name"]?.text() ?? ""
        var isExternal = false
        if let external = fields["external"] {
            if external.isMap {
                isExternal = true
                if let older = try external.fields(["name"])["name"] {
                    guard name.isEmpty else { throw older.trouble("it has two names", "keep the one beside external") }
                    name = try older.text()
                }
            } else {
                isExternal = try external.flag()
            }
        }
        return Declaration(name: name.isEmpty ? (isExternal ? key : scoped(key)) : name, isExternal: isExternal)
    }
}

/// A network under the top-level `networks`.
struct NetworkDeclaration {
    private let key: String
    private let surroundings: Surroundings

    init(_ key: String, in surroundings: Surroundings) {
        self.key = key
        self.surroundings = surroundings
    }

    func read(_ place: Place, ignored: inout [String]) throws(Trouble) -> StackSpecification.Network {
        guard !place.isNull else {
            return StackSpecification.Network(name: surroundings.scoped(key), labels: surroundings.labelled([:]))
        }
        let fields = try place.fields([
            "name", "driver", "driver_opts", "ipam", "external", "internal", "attachable", "labels", "enable_ipv4", "enable_ipv6",
        ])
        let declaration = try surroundings.declaration(of: key, fields)
        guard !declaration.isExternal else { return StackSpecification.Network(name: declaration.name, isExternal: true) }
        var network = StackSpecification.Network(name: declaration.name)
        if let driver = try fields["driver"]?.text(), !driver.isEmpty { network.driver = driver }
        network.driverOptions = try fields["driver_opts"]?.table() ?? [:]
        network.isInternal = try fields["internal"]?.flag() ?? false
        network.isAttachable = try fields["attachable"]?.flag() ?? false
        network.labels = surroundings.labelled(try fields["labels"]?.table() ?? [:])
        for key in ["enable_ipv4", "enable_ipv6"] where fields[key] != nil { ignore(key, "a stack does not set it", &ignored) }
        network.subnet = try subnet(fields["ipam"], &ignored)
        return network
    }

    private func subnet(_ place: Place?, _ ignored: inout [String]) throws(Trouble) -> String {
        guard let fields = try place?.fields(["driver", "config", "options"]) else { return "" }
        if let driver = try fields["driver"]?.text(), driver != "default" { ignore("ipam.driver", ServiceKeys.notOurs, &ignored) }
        if fields["options"] != nil { ignore("ipam.options", "a stack does not set them", &ignored) }
        var subnets: [String] = []
        for item in try fields["config"]?.items() ?? [] {
            let details = ["ip_range", "gateway", "aux_addresses"]
            let pool = try item.fields(["subnet"] + details)
            for key in details where pool[key] != nil { ignore("ipam.config.\(key)", "a stack does not set it", &ignored) }
            if let subnet = try pool["subnet"]?.text() { subnets.append(subnet) }
        }
        for subnet in subnets.dropFirst() { ignore("subnet \(printable(subnet))", "one for a network is all that is set from here", &ignored) }
        return subnets.first ?? ""
    }

    private func ignore(_ what: String, _ why: String, _ ignored: inout [String]) {
        ignored.append("\(what) of the network \(key): \(why)")
    }
}

/// A config or a secret under the top-level key of that name.
struct BlobDeclaration {
    private let key: String
    private let kind: String
    private let surroundings: Surroundings

    /// - Parameter kind: `config`, `secret`.
    init(_ key: String, kind: String, in surroundings: Surroundings) {
        self.key = key
        self.kind = kind
        self.surroundings = surroundings
    }

    func read(_ place: Place) throws(Trouble) -> StackSpecification.Blob {
        let drivers = ["driver", "driver_opts", "template_driver"]
        let sources = kind == "config" ? ["file", "environment", "content"] : ["file", "environment"]
        let fields = try place.fields(["name", "external", "labels"] + sources + drivers)
        let declaration = try surroundings.declaration(of: key, fields)
        let given = sources.filter { fields[$0] != nil }
        guard !declaration.isExternal else {
            guard given.isEmpty else { throw place.trouble("somebody else's \(kind) has no \(given[0])", "leave out \(given[0]), or external") }
            return StackSpecification.Blob(name: declaration.name, isExternal: true)
        }
        for driver in drivers {
            guard let field = fields[driver] else { continue }
            throw field.trouble(
                "a \(kind) with a driver is not made from here", "make it with docker \(kind) create, and write external: true", reason: .unsupported)
        }
        guard given.count == 1 else {
            throw place.trouble(
                given.isEmpty ? "nothing says what it holds" : "it holds both \(given[0]) and \(given[1])",
                "write one of \(sources.joined(separator: ", ")), or external: true")
        }
        return StackSpecification.Blob(name: declaration.name, data: try data(fields), labels: surroundings.labelled(try fields["labels"]?.table() ?? [:]))
    }

    private func data(_ fields: [String: Place]) throws(Trouble) -> [UInt8] {
        if let file = fields["file"] { return try surroundings.files.bytes(file) }
        if let variable = fields["environment"] {
            let name = try variable.text()
            guard let value = surroundings.environment[name] else {
                throw variable.trouble("the variable \(shown(name)) is not set", "set it, or write file: PATH", reason: .notFound)
            }
            return Array(value.utf8)
        }
        return Array(try fields["content"]?.text().utf8 ?? "".utf8)
    }
}
