internal import Domain

/// `/volumes`, `/system`, `/build`, `/plugins`, `/auth`.
extension DockerHandler {
    func storage(_ call: DockerRequest) async throws(OrderRefusal) -> ServerReply? {
        switch (call.method, call.path[0], call.path.count > 1 ? call.path[1] : "") {
        case ("GET", "volumes", ""): return try listVolumes(call)
        case ("POST", "volumes", "create"):
            let tree = try call.json(.serverError)
            let answer = try await order(.createVolume(tree.word("Name"), host: host))
            return reply(201) { write(volume: answer.id, &$0) }
        case ("POST", "volumes", "prune"): return try await pruneVolumes()
        case ("GET", "volumes", let name) where call.path.count == 2:
            guard look({ $0.hosts[host]?.volumes.contains(name) ?? false }) else { throw OrderRefusal(.notFound, "get \(name): no such volume") }
            return reply(200) { write(volume: name, &$0) }
        case ("DELETE", "volumes", let name) where call.path.count == 2:
            try await order(.removeVolume(name, host: host))
            return reply(204)
        case ("GET", "system", "df"): return usage()
        case ("POST", "build", "prune"):
            return reply(200) {
                $0.null("CachesDeleted")
                $0.field("SpaceReclaimed", 0)
            }
        case ("GET", "plugins", ""): return reply(200, Array("[]".utf8))
        default: return nil
        }
    }

    private func write(volume name: String, _ text: inout JSONText) {
        let made = look { $0.start }
        text.field("CreatedAt", made.rfc3339)
        text.field("Driver", "local")
        text.null("Labels")
        text.field("Mountpoint", "/var/lib/docker/volumes/\(name)/_data")
        text.field("Name", name)
        text.null("Options")
        text.field("Scope", "local")
    }

    private var used: Set<String> {
        look { world in Set(world.containers(on: host).flatMap(\.spec.mounts).filter { $0.kind == "volume" }.map(\.source)) }
    }

    private func listVolumes(_ call: DockerRequest) throws(OrderRefusal) -> ServerReply {
        let filters = try call.filters(["dangling", "driver", "label", "name"])
        let isDangling = try filters.flag("dangling")
        let used = used
        let all = look { world in Array(world.hosts[host]?.volumes ?? OrderedKeys()) }
        return reply(200) { text in
            text.array("Volumes") { list in
                for name in all where filters.admits("name", { name.contains($0) }) && isDangling.map({ $0 != used.contains(name) }) ?? true {
                    list.object { write(volume: name, &$0) }
                }
            }
            text.null("Warnings")
        }
    }

    /// Engines of this version take also those that have names.
    private func pruneVolumes() async throws(OrderRefusal) -> ServerReply {
        let used = used
        var removed: [String] = []
        for name in look({ world in Array(world.hosts[host]?.volumes ?? OrderedKeys()) }) where !used.contains(name) {
            try await order(.removeVolume(name, host: host))
            removed.append(name)
        }
        return reply(200) { [removed] in
            $0.field("VolumesDeleted", removed)
            $0.field("SpaceReclaimed", removed.count * 65_536)
        }
    }

    private func usage() -> ServerReply {
        let (images, counts) = look { world in
            (world.images(on: host), Dictionary(world.containers(on: host).map { ($0.imageID, 1) }, uniquingKeysWith: +))
        }
        return reply(200) { text in
            text.field("LayersSize", images.reduce(0) { $0 + $1.size })
            text.array("Images") { list in
                for image in images { list.object { Self.write(image, &$0, containers: counts[image.id] ?? 0) } }
            }
            text.field("Containers", [String]())
            text.field("Volumes", [String]())
            text.null("BuildCache")
            text.field("BuilderSize", 0)
        }
    }
}
