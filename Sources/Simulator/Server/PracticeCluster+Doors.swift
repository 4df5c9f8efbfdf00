#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif
internal import Synchronization

extension PracticeCluster {
    /// Where the cluster is reached.
    public struct Doors: Sendable {
        /// `unix:///…/h1.sock` by the host's name, managers of the swarm first.
        public var engines: [(name: String, url: String)]
        /// The agent of the first server: `http://127.0.0.1:40123`.
        public var consul: String
        public var dns: (host: String, port: Int)
        /// Where the agents at those addresses (`10.20.0.12`), of which nobody outside the practice cluster knows, are really reached.
        public var agents: [(address: String, url: String)]
    }

    /// What runs while the doors are open.
    struct Housing {
        var servers: [(host: String, server: HTTPServer)] = []
        var names: NameResponder?
        var driver: Task<Void, Never>?
        /// Where they were opened last: a restart opens them there again.
        var place: (folder: String, doors: Doors)?
    }

    /// A cluster of a thousand machines has a door at the first of them only.
    private static let doorLimit = 64

    /// - Parameter folder: made where it is not there, for its owner alone.
    public func start(in folder: String) async throws -> Doors {
        try Self.makePrivate(folder)
        do {
            let doors = try await open(folder, like: nil)
            housing.withLock { $0.place = (folder, doors) }
            return doors
        } catch {
            await stop()
            throw error
        }
    }

    /// Begins a scenario in a fresh world, the same as at the start, behind the same doors: nothing that an earlier one has broken
    /// stays broken. All servers are started anew; who watches comes back and lists everything again.
    public func restart(scenario name: String) async throws {
        let scenario = try Self.scenario(named: name)
        guard let place = housing.withLock({ $0.place }) else { return begin(scenario) }
        await stop()
        begin(scenario)
        _ = try await open(place.folder, like: place.doors)
        housing.withLock { $0.place = place }
    }

    public func stop() async {
        let housing = housing.withLock { housing in
            defer { housing = Housing() }
            return housing
        }
        housing.driver?.cancel()
        for (_, server) in housing.servers { await server.stop() }
        await housing.names?.stop()
        await housing.driver?.value
    }

    /// - Parameter like: doors of before, whose ports are taken again.
    private func open(_ folder: String, like before: Doors?) async throws -> Doors {
        let (hosts, members) = with { world in
            let managers = Set(world.swarm.nodes.values.filter { $0.spec.role == .manager }.map(\.id))
            let hosts = world.hosts.values.map { (id: $0.id, name: $0.name, isManager: managers.contains($0.id)) }
            let agents = world.registry.members.values.filter { $0.host != nil }
            return (hosts.filter(\.isManager) + hosts.filter { !$0.isManager }, agents.filter(\.isServer) + agents.filter { !$0.isServer })
        }
        var doors = Doors(engines: [], consul: "", dns: ("127.0.0.1", 0), agents: [])
        let ledger = SwarmLedger()
        for host in hosts.prefix(Self.doorLimit) {
            let handler = HostDoor(cluster: self, host: host.id, handler: DockerHandler(cluster: self, host: host.id, ledger: ledger))
            doors.engines.append((host.name, try await serve(handler, of: host.id, at: .unix(path: "\(folder)/\(host.name).sock"))))
        }
        let names = try await NameResponder.start(cluster: self, machine: members.first?.host ?? "", host: "127.0.0.1", port: before?.dns.port ?? 0)
        housing.withLock { $0.names = names }
        doors.dns = ("127.0.0.1", names.port)
        let memory = ConsulMemory()
        for member in members.prefix(Self.doorLimit) {
            let consul = ConsulHandler(cluster: self, agent: member.name, dnsPort: names.port, memory: memory)
            let host = member.host ?? ""
            let port = before?.agents.first { $0.address == member.address }.flatMap { Int($0.url.split(separator: ":").last ?? "") } ?? 0
            let url = try await serve(HostDoor(cluster: self, host: host, handler: consul), of: host, at: .tcp(host: "127.0.0.1", port: port))
            if doors.consul.isEmpty { doors.consul = url }
            doors.agents.append((member.address, url))
        }
        // Goes on, and keeps the cluster, until `stop`.
        let driver = Task { await drive { host in self.cut(host) } }
        housing.withLock { $0.driver = driver }
        return doors
    }

    private func serve(_ handler: any RequestHandler, of host: String, at place: HTTPServer.Place) async throws -> String {
        let control = faults.withLock { $0 }?(host, place)
        let server = try await HTTPServer.start(at: place, handler: control.map { FaultyHandler(handler: handler, control: $0) } ?? handler)
        housing.withLock { $0.servers.append((host, server)) }
        return server.url
    }

    private func cut(_ host: String) {
        let servers = housing.withLock { $0.servers.filter { $0.host == host } }
        for (_, server) in servers { server.cutConnections() }
    }

    /// Whoever can open the sockets can do everything, were it only in practice.
    private static func makePrivate(_ folder: String) throws {
        if mkdir(folder, 0o700) == 0 { return }
        let problem = errno
        var status = stat()
        guard problem == EEXIST, lstat(folder, &status) == 0 else { throw ServerFailure(place: folder, words: String(cString: strerror(problem))) }
        guard status.st_mode & S_IFMT == S_IFDIR, status.st_uid == geteuid(), status.st_mode & 0o077 == 0 else {
            throw ServerFailure(place: folder, words: "it is there already and is no folder of one's own that is closed to all others (chmod 700)")
        }
    }
}
