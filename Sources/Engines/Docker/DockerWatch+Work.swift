internal import Domain
internal import Engine
internal import Transport

/// Fetching what events made doubtful.
extension DockerWatch {
    private enum Errand: Sendable {
        case containers(DirtyContainers.Work)
        case inspection(String)
        case networks
    }

    /// Starts errands as the bell rings, as many at once as their kinds allow; ends with the first that fails.
    func dispatch() async throws {
        let bell = work
        await withDiscardingTaskGroup { group in
            for await _ in bell.rings {
                while failure == nil, let errand = nextErrand() {
                    group.addTask { await self.run(errand) }
                }
            }
            group.cancelAll()
        }
        try Task.checkCancellation()
        if let failure { throw failure }
    }

    private func nextErrand() -> Errand? {
        if let work = dirty.next() { return .containers(work) }
        if let id = inspections.next() { return .inspection(id) }
        if wantsNetworks, !isReadingNetworks {
            wantsNetworks = false
            isReadingNetworks = true
            return .networks
        }
        return nil
    }

    private func run(_ errand: Errand) async {
        do {
            switch errand {
            case .containers(.everything): try await readEverything()
            case .containers(.container(let id)): try await read(id)
            case .inspection(let id): await inspect(id)
            case .networks: await readNetworks()
            }
        } catch {
            guard !Task.isCancelled else { return }
            failure = error as? Trouble ?? Trouble(.unreachable, attempt: connection.attempt("read containers"), answer: "\(error)")
            work.finish()
        }
        switch errand {
        case .containers(let done): dirty.finished(done)
        case .inspection(let id): inspections.finished(id)
        case .networks: isReadingNetworks = false
        }
        work.ring()
    }

    private func readEverything() async throws {
        let (containers, texts, clock) = try await fetchList()
        picture.listedAt = clock
        lastSign = .now
        let present = containers.filter { !departed.contains($0.id.raw) }
        sink(.containers(source.id, picture.replaceAll(with: present, texts: texts, at: now())))
    }

    private func read(_ id: String) async throws {
        let (list, _) = try await connection.containers([id])
        lastSign = .now
        // The filter also matches prefixes and, with Podman, patterns.
        let wire = list.first { $0.id == id }
        let text = StatusText(wire?.status ?? "")
        guard let wire, !departed.contains(id), let container = mapping.container(wire, text, at: now()) else {
            // Gone between its event and this question.
            return gone(id)
        }
        let known = picture.containers[id]
        let merged = picture.replace(with: container, text: text, at: now())
        if merged != known { sink(.container(merged)) }
        if merged.health != .none, merged.detail == nil, !unfathomable.contains(id) { inspections.mark(id) }
    }

    /// A container that cannot be looked into is no reason to give up the session: it may just have gone.
    func inspect(_ id: String) async {
        do {
            guard let (_, wire) = try await connection.inspection(id) else { return }
            learn(id, wire)
        } catch {
            unfathomable.insert(id)
        }
    }

    private func learn(_ id: String, _ wire: ContainerInspection) {
        let detail = DockerMapping.detail(wire)
        let health = wire.state?.health.map { DockerMapping.health($0.status) }
        let changed = picture.learn(id, detail, health: health)
        guard picture.containers[id] != nil else { return }
        sink(.detail(mapping.containerID(id), detail))
        if let changed { sink(.container(changed)) }
    }

    func readNetworks() async {
        do {
            let networks = try await connection.networks()
            sink(.networks(source.id, networks.compactMap(mapping.network)))
        } catch {
            guard !Task.isCancelled else { return }
            remark("no networks: \(error.answer)")
        }
    }

    /// `/info`, once a session: it walks over all containers in old engines.
    func describe(_ greeting: Greeting) async {
        let guess = LocalMachine.isLikely(connection.address)
        let basic = mapping.host(greeting, name: LocalMachine.name(for: connection.address), isLocal: guess)
        do {
            let info = try await connection.info()
            // A forwarded socket (ssh -L) is a unix socket here whose engine runs elsewhere.
            let isLocal = guess && (info.name ?? "").isEmpty || guess && info.name == LocalMachine.hostName
            let refined = mapping.host(basic, refinedBy: info, isLocal: isLocal)
            host = refined
            sink(.host(refined))
            if greeting.engineVersion.isEmpty {
                tell { $0.title = Greeting.title(greeting.engineName, refined.engineVersion) }
            }
        } catch {
            guard !Task.isCancelled else { return }
            host = basic
            sink(.host(basic))
            remark("no description of the engine: \(error.answer)")
        }
    }
}
