internal import Domain
internal import Engine
internal import Glibc
internal import Synchronization
internal import Testing
@testable internal import RegistryEngine

/// What the registry has told so far, folded as the store folds it, and a wait for what a test expects of it.
final class Ledger: Sendable {
    struct Told: Sendable {
        var source: Source?
        var registry: Registry?
        var instances: [ServiceInstance]?
        var members: [Member]?
        var checks: [String: Check]?
        var events: [Event] = []
        /// Every status of every check, in the order told.
        var statuses: [String: [Check.Status]] = [:]

        mutating func note(_ check: Check) {
            checks?[check.id.raw] = check
            if statuses[check.id.raw]?.last != check.status { statuses[check.id.raw, default: []].append(check.status) }
        }
    }

    struct TimedOut: Error, CustomStringConvertible {
        var description: String
    }

    private struct State: Sendable {
        var told = Told()
        var count = 0
        var waiters: [Int: CheckedContinuation<Void, Never>] = [:]
        var nextWaiter = 0
    }

    private let state = Mutex(State())

    var told: Told { state.withLock { $0.told } }

    func receive(_ update: Update) {
        let waiters = state.withLock { state in
            switch update {
            case .source(let source): state.told.source = source
            case .registry(let registry): state.told.registry = registry
            case .instances(_, let instances): state.told.instances = instances
            case .members(_, let members): state.told.members = members
            case .checks(_, let checks):
                state.told.checks = [:]
                for check in checks { state.told.note(check) }
            case .checkChanges(let changed, let gone):
                for check in changed { state.told.note(check) }
                for id in gone { state.told.checks?[id.raw] = nil }
            case .event(let event): state.told.events.append(event)
            case .host, .containers, .container, .containerGone, .detail, .networks, .usage, .hostNetwork, .nodes, .workloads, .tasks, .tasksOf: break
            }
            state.count += 1
            defer { state.waiters = [:] }
            return state.waiters.values
        }
        for waiter in waiters { waiter.resume() }
    }

    /// What `match` makes of the first state for which it makes anything.
    func find<Found: Sendable>(_ what: String, within limit: Duration = .seconds(20), _ match: (Told) -> Found?) async throws -> Found {
        let deadline = ContinuousClock.now + limit
        while true {
            let (told, count) = state.withLock { ($0.told, $0.count) }
            if let found = match(told) { return found }
            guard ContinuousClock.now < deadline else { throw TimedOut(description: "\(what) did not come within \(limit): \(told)") }
            await more(than: count, until: deadline)
        }
    }

    func check(_ raw: String, _ status: Check.Status) async throws -> Check {
        try await find("\(raw) \(status)") { $0.checks?[raw].flatMap { $0.status == status ? $0 : nil } }
    }

    private func more(than known: Int, until deadline: ContinuousClock.Instant) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // The end of the limit is an answer, so is its cancellation.
                try? await Task.sleep(until: deadline)
            }
            group.addTask { await self.change(after: known) }
            await group.next()
            group.cancelAll()
        }
    }

    private func change(after known: Int) async {
        let number = state.withLock { state in
            state.nextWaiter += 1
            return state.nextWaiter
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isLate = state.withLock { state in
                    guard state.count <= known, !Task.isCancelled else { return true }
                    state.waiters[number] = continuation
                    return false
                }
                if isLate { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiters.removeValue(forKey: number) }?.resume()
        }
    }
}

/// A file of its own, gone with the test.
final class ScratchFile: Sendable {
    let path = "/tmp/binnacle-registry-\(getpid())-\(UInt32.random(in: 0 ... .max)).sqlite"

    deinit { unlink(path) }
}

/// A registry under watch, and what is told to it.
struct Bench: Sendable {
    static let docker = Source.ID("docker:local")
    static let hurried = RegistryWatch.Pace(
        consulPatience: .milliseconds(100), firstRound: .seconds(3), inspectionPatience: .milliseconds(100), jitter: .milliseconds(5),
        gathering: .milliseconds(2), writing: .milliseconds(20))

    let engine: RegistryEngine
    let ledger = Ledger()
    let attention = Attention()

    /// - Parameter run: what a command in a container comes to.
    init(
        path: String, mode: RegistryEngine.Mode = .on, allowsScripts: Bool = false, isReadOnly: Bool = false, pace: RegistryWatch.Pace = hurried,
        now: Timestamp = Timestamp(seconds: 1_800_000_000),
        run: @escaping CommandRunner = { _, _, _ in CommandResult(exitCode: 0, output: "") }
    ) {
        engine = RegistryEngine(
            RegistryEngine.Configuration(path: path, mode: mode, allowsScripts: allowsScripts, isReadOnly: isReadOnly, hostname: "box"), pace: pace, run: run, now: { now })
    }

    /// Watches while `body` runs, and returns when the watch has ended.
    func watched(_ body: @Sendable () async throws -> Void) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await engine.watch(into: { ledger.receive($0) }, attention: attention) }
            defer { group.cancelAll() }
            try await body()
        }
    }

    func live() async throws { _ = try await ledger.find("a live registry") { $0.source?.freshness.isLive == true ? true : nil } }

    func hear(_ containers: [Container]) { engine.hear(.containers(Self.docker, containers)) }

    func hearDocker() {
        engine.hear(.source(Source(id: Self.docker, kind: .docker, title: "docker", name: "local", address: "unix:///var/run/docker.sock", freshness: .live(since: Timestamp(seconds: 1)))))
        engine.hear(.host(Host(id: Host.ID(Self.docker, "local"), name: "node-1", isLocal: true)))
    }

    func hearConsul(_ freshness: Freshness) {
        engine.hear(.source(Source(id: Source.ID("consul"), kind: .consul, title: "consul", name: "local", address: "http://127.0.0.1:8500", freshness: freshness)))
    }

    static func container(
        _ name: String, id: String? = nil, port: Int? = nil, inside: Int = 80, variables: [String: String] = [:], isRunning: Bool = true, isInspected: Bool = true,
        labels: [String: String] = [:]
    ) -> Container {
        Container(
            id: Container.ID(docker, id ?? "id-of-\(name)"), host: Host.ID(docker, "local"), name: name, image: "nginx:1.25", created: Timestamp(seconds: 1),
            state: isRunning ? .running(since: nil) : .exited(code: 0, at: nil),
            ports: port.map { [Container.Port(hostAddress: "0.0.0.0", hostPort: $0, containerPort: inside)] } ?? [], labels: labels, networkMode: "bridge",
            endpoints: [Endpoint(network: "bridge", networkID: "n", address: "127.0.0.1")],
            detail: isInspected ? Container.Detail(serviceVariables: variables) : nil)
    }
}
