internal import Domain

extension ServiceReader {
    mutating func readPorts(_ place: Place?) throws(Trouble) {
        for item in try place?.items() ?? [] {
            if item.isMap {
                service.ports.append(try port(item))
            } else {
                let entry = try item.parsed(PortEntry.init)
                if !entry.address.isEmpty { ignore("address \(entry.address)", Self.everyAddress) }
                guard service.ports.count + entry.count <= portLimit else { throw item.trouble("the stack has too many ports") }
                service.ports += entry.ports
            }
            guard service.ports.count <= portLimit else { throw item.trouble("the stack has too many ports") }
        }
        // As Docker sorts them, so that their order does not look like a change.
        service.ports.sort { ($0.published ?? 0, $0.transport, $0.target) < ($1.published ?? 0, $1.transport, $1.target) }
    }

    private static let everyAddress = "a swarm publishes ports on every address of its nodes"

    private mutating func port(_ place: Place) throws(Trouble) -> Workload.Port {
        let fields = try place.fields(["target", "published", "protocol", "mode", "host_ip", "name", "app_protocol"])
        guard let target = fields["target"] else { throw place.trouble("it has no target", "write target: PORT of the task") }
        if let address = try fields["host_ip"]?.text(), !["0.0.0.0", "::", ""].contains(address) { ignore("address \(address)", Self.everyAddress) }
        let published = try fields["published"]?.whole(0...65535) ?? 0
        return Workload.Port(
            published: published == 0 ? nil : published,
            target: try target.whole(1...65535),
            transport: try fields["protocol"]?.choice(of: PortEntry.transports) ?? "tcp",
            isOnHost: try fields["mode"]?.choice(of: ["ingress", "host"]) == "host")
    }

    mutating func readMounts(_ place: Place?) throws(Trouble) {
        for item in try place?.items() ?? [] {
            service.mounts.append(item.isMap ? try longMount(item) : try shortMount(item))
        }
    }

    private mutating func shortMount(_ place: Place) throws(Trouble) -> ServiceSpecification.Mount {
        let entry = try place.parsed(MountEntry.init)
        let ours = entry.isBind ? Self.propagations : ["nocopy"]
        for option in entry.otherOptions where !ours.contains(option) { ignore("volume option \(option)", Self.mountOptions[option] ?? "a stack does not know it") }
        var mount = try mount(kind: entry.isBind ? "bind" : "volume", entry.source, entry.target, isReadOnly: entry.isReadOnly, place)
        mount.skipsCopy = !entry.isBind && entry.otherOptions.contains("nocopy")
        if entry.isBind, let propagation = entry.otherOptions.last(where: Self.propagations.contains) { mount.propagation = propagation }
        return mount
    }

    private static let propagations = ["shared", "rshared", "slave", "rslave", "private", "rprivate"]

    private mutating func longMount(_ place: Place) throws(Trouble) -> ServiceSpecification.Mount {
        let options = ["bind": ["propagation", "create_host_path", "recursive", "selinux"], "volume": ["nocopy", "labels", "subpath"], "tmpfs": ["size", "mode"]]
        // Consistency is a matter of Docker Desktop.
        let fields = try place.fields(["type", "source", "target", "read_only", "consistency", "bind", "volume", "tmpfs", "cluster", "image"])
        guard let type = fields["type"] else { throw place.trouble("it has no type", "write type: volume, bind or tmpfs") }
        if ["npipe", "cluster", "image"].contains(try type.text()) {
            throw type.trouble("mounts of this type are not made from here", "use volume, bind or tmpfs", reason: .unsupported)
        }
        let kind = try type.choice(of: ["volume", "bind", "tmpfs"])
        guard let target = fields["target"] else { throw place.trouble("it has no target", "write target: PATH in the task") }
        for key in ["bind", "volume", "tmpfs", "cluster", "image"] where key != kind {
            if let other = fields[key] { throw other.trouble("a mount of the type '\(kind)' has no such options") }
        }
        let details = try fields[kind]?.fields(options[kind] ?? []) ?? [:]
        for (name, option) in details.sorted(by: { $0.key < $1.key }) where !option.asksForNothing && !["propagation", "nocopy", "labels", "size"].contains(name) {
            ignore("volumes.\(kind).\(name)", Self.mountOptions[name] ?? "a stack does not set it")
        }
        var mount = try mount(
            kind: kind, try fields["source"]?.text() ?? "", try target.text(), isReadOnly: try fields["read_only"]?.flag() ?? false, place)
        mount.propagation = try details["propagation"]?.text() ?? ""
        mount.skipsCopy = try details["nocopy"]?.flag() ?? false
        mount.labels.merge(try details["labels"]?.table() ?? [:]) { $1 }
        mount.size = try details["size"]?.bytes()
        return mount
    }

    /// Options of both forms that there is more to say about.
    private static let mountOptions = [
        "create_host_path": "the path has to be there on every node that a task may run on",
        "z": "a stack relabels nothing", "Z": "a stack relabels nothing", "selinux": "a stack relabels nothing",
    ]

    private func mount(kind: String, _ source: String, _ target: String, isReadOnly: Bool, _ place: Place) throws(Trouble) -> ServiceSpecification.Mount {
        guard target.hasPrefix("/") || target.contains("\\") else {
            throw place.trouble("\(shown(target)) is not a path in the task that begins with /", "write SOURCE:/PATH")
        }
        let origin: String
        switch kind {
        case "bind":
            guard !source.isEmpty else { throw place.trouble("it has no source", "write source: PATH on the nodes") }
            origin = try pathOnNodes(source, place)
        case "tmpfs":
            guard source.isEmpty else { throw place.trouble("a tmpfs has no source") }
            origin = ""
        default:
            guard !source.isEmpty else {
                origin = ""
                break
            }
            let volume = try surroundings.declaration(source, place, among: surroundings.volumes, section: "volumes")
            return ServiceSpecification.Mount(
                kind: kind, origin: volume.name, destination: target, isReadOnly: isReadOnly, driver: volume.driver, driverOptions: volume.driverOptions, labels: volume.labels)
        }
        return ServiceSpecification.Mount(kind: kind, origin: origin, destination: target, isReadOnly: isReadOnly)
    }

    /// Relative paths are beside the file, `~` is the home folder here: Docker knows no better either.
    private func pathOnNodes(_ source: String, _ place: Place) throws(Trouble) -> String {
        guard source.hasPrefix("~") else { return source.contains("\\") ? source : surroundings.files.absolute(source) }
        guard source == "~" || source.hasPrefix("~/"), let home = surroundings.environment["HOME"] else {
            throw place.trouble("\(shown(source)) names a home folder that is not known", "write the whole path")
        }
        return home + source.dropFirst()
    }

    mutating func readNetworks(_ place: Place?) throws(Trouble) {
        var wanted: [(name: String, place: Place?)] = []
        if let place, place.isMap {
            wanted = try place.children().map { ($0.name, $0.place) }
        } else {
            for item in try place?.items() ?? [] { wanted.append((try item.text(), item)) }
        }
        if wanted.isEmpty { wanted = [("default", nil)] }
        var joined: Set<String> = []
        for (key, place) in wanted {
            if let place, !joined.insert(key).inserted { throw place.trouble("\(shown(key)) stands here twice") }
            var network = surroundings.scoped(key)
            if let declared = surroundings.networks[key] {
                network = declared.name
            } else if key != "default", let place {
                network = try surroundings.declaration(key, place, among: surroundings.networks, section: "networks").name
            }
            var aliases: [String] = []
            if let place, place.isMap { aliases = try networkAliases(place) }
            // The engine's own networks have no name service.
            if !["bridge", "default", "host", "none"].contains(network), !aliases.contains(name) { aliases.append(name) }
            service.networks.append(ServiceSpecification.Attachment(network: network, aliases: aliases))
        }
        service.networks.sort { $0.network < $1.network }
    }

    private mutating func networkAliases(_ place: Place) throws(Trouble) -> [String] {
        let ignorable = ["driver_opts", "gw_priority", "interface_name", "ipv4_address", "ipv6_address", "link_local_ips", "mac_address", "priority"]
        let fields = try place.fields(["aliases"] + ignorable)
        for key in ignorable where fields[key] != nil {
            ignore("networks.\(key)", key == "driver_opts" ? ServiceKeys.notOurs : "the swarm chooses addresses and interfaces")
        }
        return try fields["aliases"]?.texts() ?? []
    }

    /// Configs or secrets. A target that is no whole path is Docker's to complete: `/TARGET`, `/run/secrets/TARGET`.
    func handedFiles(_ place: Place?, among declared: [String: Surroundings.Declaration], section: String) throws(Trouble) -> [ServiceSpecification.HandedFile] {
        var files: [ServiceSpecification.HandedFile] = []
        for item in try place?.items() ?? [] {
            let fields = item.isMap ? try item.fields(["source", "target", "uid", "gid", "mode"]) : ["source": item]
            guard let source = fields["source"] else { throw item.trouble("it has no source", "write source: NAME as under the top-level \(section)") }
            let name = try source.text()
            files.append(
                ServiceSpecification.HandedFile(
                    name: try surroundings.declaration(name, source, among: declared, section: section).name,
                    target: try fields["target"]?.text() ?? name,
                    user: try fields["uid"]?.text() ?? "0",
                    group: try fields["gid"]?.text() ?? "0",
                    mode: try fields["mode"]?.permissions() ?? 0o444))
        }
        // Stable, by name: a target may differ for the same name.
        return files.enumerated().sorted { ($0.element.name, $0.offset) < ($1.element.name, $1.offset) }.map(\.element)
    }
}
