internal import ConsulEngine
internal import Dashboard
internal import DockerEngine
internal import Domain
internal import Engine
internal import Glibc
internal import Settings
internal import Simulator
internal import Synchronization
internal import Transport

/// A practice cluster that runs inside this process, reached over sockets like any other.
struct PracticeSession {
    let cluster: PracticeCluster
    let doors: PracticeCluster.Doors
    private let folder: String

    /// Opens the doors of a cluster in a folder of its own.
    static func open(scenario: String, speed: Double, size: World.Size, folder: String? = nil) throws(Trouble) -> PracticeSession {
        guard Scenario.named(scenario) != nil else {
            let names = Scenario.all.map(\.name)
            let hint = nearName(scenario, among: names).map { "did you mean “\($0)”?" } ?? "there are \(names.joined(separator: ", "))"
            throw Trouble(.notFound, attempt: "open the practice cluster", answer: "there is no scenario “\(scenario)”; \(hint)")
        }
        let place: String
        if let folder { place = folder } else { place = try fresh() }
        // Any seed would do; one and the same lets two people see the same cluster.
        var world = World(seed: 7, start: Loop.wallClock(), size: size)
        world.play(Scenario.named(scenario))
        let cluster = PracticeCluster(world: world, speed: speed, now: { Loop.wallClock() })
        let gate = Gate()
        let opened = Mutex<Result<PracticeCluster.Doors, Trouble>?>(nil)
        _Concurrency.Task {
            do {
                let doors = try await cluster.start(in: place)
                opened.withLock { $0 = .success(doors) }
            } catch {
                opened.withLock { $0 = .failure(Trouble(.unreachable, attempt: "open the practice cluster in \(place)", answer: "\(error)")) }
            }
            gate.open()
        }
        while opened.withLock({ $0 == nil }) { gate.wait(milliseconds: 1000) }
        guard let outcome = opened.withLock({ $0 }) else { throw Trouble(.cancelled, attempt: "open the practice cluster", answer: "it was given up") }
        return PracticeSession(cluster: cluster, doors: try outcome.get(), folder: place)
    }

    private static func fresh() throws(Trouble) -> String {
        var template = Array("/tmp/binnacle-practice-XXXXXX".utf8CString)
        guard let made = mkdtemp(&template) else {
            throw Trouble(.forbidden, attempt: "make a folder for the practice cluster's sockets in /tmp", answer: String(cString: strerror(errno)))
        }
        return String(cString: made)
    }

    /// Its engines and its registry, through the same engines as the real ones.
    func engines(isReadOnly: Bool) throws(TransportError) -> [any Engine] {
        var engines: [any Engine] = []
        for (index, door) in doors.engines.enumerated() {
            let docker = DockerEngine(
                DockerEngine.Configuration(name: door.name, address: try Address.parse(door.url, tls: nil), isReadOnly: isReadOnly), now: { Loop.wallClock() })
            engines.append(docker)
            // One manager tells of the whole swarm.
            if index == 0 { engines.append(docker.swarmEngine()) }
        }
        var consul = ConsulEngine.Configuration(name: "practice", address: try Address.parse(doors.consul, tls: nil), isReadOnly: isReadOnly)
        for agent in doors.agents { consul.routes[agent.address] = try Address.parse(agent.url, tls: nil) }
        engines.append(ConsulEngine(consul, now: { Loop.wallClock() }))
        return engines
    }

    /// What the dashboard may do with it.
    func practice(scenario: String) -> Practice {
        let cluster = cluster
        return Practice(
            scenarios: Scenario.all.map { Practice.Scenario(name: $0.name, title: $0.title, find: $0.find) }, scenario: scenario,
            play: { name throws(Trouble) in try cluster.play(scenario: name) }, setSpeed: { cluster.setSpeed($0) })
    }

    /// Addresses of the cluster exist only in it; its name server is a real one.
    func answer(_ question: Evidence.Question) async -> Evidence.Answer {
        guard case .connect(let host, let port) = question else { return await NetworkProbe.answer(question) }
        switch cluster.opens(host, port: port) {
        case true?: return .connected(after: .milliseconds(1))
        case false?: return .notConnected("connection refused")
        case nil: return .notConnected("no answer within 2 s")
        }
    }

    /// Closes the doors and removes the folder.
    func close() {
        let gate = Gate()
        let isClosed = Mutex(false)
        let cluster = cluster
        _Concurrency.Task {
            await cluster.stop()
            isClosed.withLock { $0 = true }
            gate.open()
        }
        for _ in 0..<20 where !isClosed.withLock({ $0 }) { gate.wait(milliseconds: 100) }
        for door in doors.engines where door.url.hasPrefix("unix://") { unlink(String(door.url.dropFirst("unix://".count))) }
        rmdir(folder)
    }

    /// Only serves, for tests and measurements: prints the doors, a line each, and goes on until the process is ended.
    func serve() -> Never {
        for door in doors.engines { Standard.output("engine \(door.name) \(door.url)\n") }
        Standard.output("consul \(doors.consul)\n")
        Standard.output("dns \(doors.dns.host):\(doors.dns.port)\nready\n")
        while true { pause() }
    }
}
