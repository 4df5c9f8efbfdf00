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
    static func open(scenario: String, speed: Double, size: World.Size, churn: Double = 0, folder: String? = nil) throws(Trouble) -> PracticeSession {
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
        do { if churn > 0 { _ = try world.order(.mishap(.churn(churn))) } } catch {
            throw Trouble(.unsupported, attempt: "keep the practice cluster busy", answer: error.message)
        }
        let cluster = PracticeCluster(world: world, speed: speed, now: { Loop.wallClock() })
        let doors = try wait(attempt: "open the practice cluster in \(place)") { try await cluster.start(in: place) }
        return PracticeSession(cluster: cluster, doors: doors, folder: place)
    }

    /// Waits on this thread for what a task does: it takes a moment, and nothing can be shown before it is done.
    private static func wait<Value: Sendable>(attempt: String, _ body: @escaping @Sendable () async throws -> Value) throws(Trouble) -> Value {
        let gate = Gate()
        let outcome = Mutex<Result<Value, Trouble>?>(nil)
        _Concurrency.Task {
            do {
                let value = try await body()
                outcome.withLock { $0 = .success(value) }
            } catch {
                outcome.withLock { $0 = .failure(error as? Trouble ?? Trouble(.unreachable, attempt: attempt, answer: "\(error)")) }
            }
            gate.open()
        }
        while true {
            if let outcome = outcome.withLock({ $0 }) { return try outcome.get() }
            gate.wait(milliseconds: 1000)
        }
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
            play: { name throws(Trouble) in
                try PracticeSession.wait(attempt: "play the scenario “\(name)”") { try await cluster.restart(scenario: name) }
            }, setSpeed: { cluster.setSpeed($0) })
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
        let cluster = cluster
        // It cannot fail, and it has nothing to say.
        _ = try? Self.wait(attempt: "close the practice cluster") { await cluster.stop() }
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
