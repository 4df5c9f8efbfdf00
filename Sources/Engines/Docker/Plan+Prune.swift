internal import Domain
internal import Engine

/// What exactly a prune would take, as far as the engine tells beforehand.
extension Plan {
    mutating func describePrune(_ what: Operation.Prune, _ version: APIVersion, _ plans: DockerPlans) async throws(Trouble) {
        let doomed: [PruneVictim] =
            switch what {
            case .containers: try await plans.stoppedContainers()
            case .images: try await plans.danglingImages()
            case .networks: try await plans.unusedNetworks()
            case .volumes: try await plans.unusedVolumes(version)
            case .buildCache: try await plans.buildCache(version)
            }
        changes = doomed.map { Change(subject: $0.name, before: $0.now, after: "removed") }
        let bytes = doomed.reduce(0) { $0 + $1.bytes }
        guard !doomed.isEmpty else { return obstacle = "there is nothing to prune" }
        warnings = ["\(doomed.count) \(what.noun(doomed.count)) disappear\(doomed.count == 1 ? "s" : "")" + (bytes > 0 ? ", \(ByteCount.words(UInt64(bytes)))" : "")]
        switch what {
        case .containers: warnings.append("what was written inside them is lost")
        case .volumes: warnings.append("the data in them is lost")
        case .networks, .images, .buildCache: break
        }
        warnings.append("what ends or is made between now and then may be taken as well or stay")
    }
}

struct PruneVictim: Sendable, Hashable {
    var name: String
    var now: String
    var bytes: Int64 = 0
}

extension Operation.Prune {
    func noun(_ count: Int) -> String {
        switch self {
        case .containers: count == 1 ? "container" : "containers"
        case .images: count == 1 ? "image" : "images"
        case .networks: count == 1 ? "network" : "networks"
        case .volumes: count == 1 ? "volume" : "volumes"
        case .buildCache: count == 1 ? "cache entry" : "cache entries"
        }
    }
}

extension DockerPlans {
    fileprivate func stoppedContainers() async throws(Trouble) -> [PruneVictim] {
        try await connection.containers().list.compactMap { wire in
            guard ["created", "exited", "dead"].contains(wire.state ?? "") else { return nil }
            let status = PlainText.printable(wire.status ?? "")
            return PruneVictim(
                name: PlainText.printable(DockerMapping.name(wire.names, raw: wire.id ?? "")), now: status.isEmpty ? wire.state ?? "" : status)
        }
    }

    fileprivate func danglingImages() async throws(Trouble) -> [PruneVictim] {
        let images = try await connection.get(
            [ImageSummary]?.self, DockerCall("GET", ["images", "json"], [DockerCall.filters(["dangling": ["true"]])]),
            reading: "the list of images")
        // Used by any container, a stopped one included, an image stays.
        let used = Set(try await connection.containers().list.compactMap(\.imageID))
        return (images ?? []).compactMap { image in
            guard let id = image.id, !used.contains(id) else { return nil }
            let size = image.size ?? 0
            return PruneVictim(
                name: image.digests?.first { !$0.hasPrefix("<none>") } ?? DockerEvent.short(id),
                now: "untagged, \(ByteCount.words(UInt64(max(0, size))))", bytes: max(0, size))
        }
    }

    fileprivate func unusedNetworks() async throws(Trouble) -> [PruneVictim] {
        let running = try await connection.containers().list.filter { ["running", "paused", "restarting"].contains($0.state ?? "") }
        let used = Set(running.flatMap { $0.networks.values.compactMap(\.networkID) })
        return try await connection.networks().compactMap { wire in
            // Swarm-wide networks are in use on nodes this engine does not see.
            guard let network = mapping.network(wire), !network.isBuiltIn, network.scope == "local", network.name != "docker_gwbridge",
                !["host", "none", "null"].contains(network.driver), !used.contains(network.id.raw)
            else { return nil }
            return PruneVictim(
                name: PlainText.printable(network.name), now: "\(network.driver) \(network.subnets.map(\.range).joined(separator: ", ")), unused")
        }
    }

    fileprivate func unusedVolumes(_ version: APIVersion) async throws(Trouble) -> [PruneVictim] {
        let list = try await connection.get(
            VolumeList.self, DockerCall("GET", ["volumes"], [DockerCall.filters(["dangling": ["true"]])]), reading: "the list of volumes")
        return (list.volumes ?? []).compactMap { volume in
            guard let name = volume.name else { return nil }
            // From API 1.42 on only volumes without a name of their own are taken, unless all are asked for.
            let isAnonymous = volume.labels?["com.docker.volume.anonymous"] != nil
            guard isAnonymous || version < APIVersion(1, 42) else { return nil }
            return PruneVictim(name: PlainText.printable(name), now: "unused")
        }
    }

    fileprivate func buildCache(_ version: APIVersion) async throws(Trouble) -> [PruneVictim] {
        let query = version >= APIVersion(1, 42) ? [("type", "build-cache")] : []
        let usage = try await connection.get(
            DiskUsage.self, DockerCall("GET", ["system", "df"], query), timeout: .seconds(120), reading: "the disk usage")
        return (usage.buildCache ?? []).compactMap { cache in
            guard cache.isInUse != true, cache.isShared != true else { return nil }
            let size = max(0, cache.size ?? 0)
            let description = PlainText.printable(cache.description ?? "")
            return PruneVictim(
                name: description.isEmpty ? DockerEvent.short(cache.id ?? "") : description, now: ByteCount.words(UInt64(size)), bytes: size)
        }
    }
}
