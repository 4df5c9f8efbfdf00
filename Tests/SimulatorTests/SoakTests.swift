internal import ConsulEngine
internal import DockerEngine
internal import Domain
internal import Engine
internal import Store
internal import Synchronization
internal import Testing
internal import Transport
@testable internal import Simulator

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#else
internal import Darwin
#endif

/// An hour of a cluster in which things go wrong, seen through servers with which things go wrong.
@Suite struct SoakTests {
    private struct Stage {
        var scenario: String
        /// Of all answers, how many are spoiled: in the first half of the stage, and in the second.
        var share: (Double, Double)
    }

    /// Nine times four hundred seconds are an hour.
    private static let stages = [
        Stage(scenario: "rolling-deploy", share: (0.02, 0.05)), Stage(scenario: "memory-leak", share: (0.05, 0.05)),
        Stage(scenario: "node-loss", share: (0.05, 0.1)), Stage(scenario: "registry-without-leader", share: (0.2, 0.3)),
        Stage(scenario: "network-cut", share: (0.3, 0.5)), Stage(scenario: "no-capacity", share: (0.6, 0.4)),
        Stage(scenario: "flapping-check", share: (0.3, 0.2)), Stage(scenario: "calm", share: (0.1, 0.05)),
        Stage(scenario: "bad-deploy", share: (0.1, 0)),
    ]
    private static let stageLength = Duration.seconds(400)
    private static let speed = 80.0

    @Test(.timeLimit(.minutes(3))) func anHourOfFaultsLeavesThePictureTrueAndNothingBehind() async throws {
        let soak = try await Soak.begin(speed: Self.speed)
        defer { rmdir(soak.folder) }
        try await soak.warmUp()
        let before = SoakFootprint.now, filesBefore = SoakFootprint.openFiles
        soak.watch()

        var third: SoakFootprint?
        let began = soak.cluster.time
        for (number, stage) in Self.stages.enumerated() {
            if number > 0 { try await soak.cluster.restart(scenario: stage.scenario) } else { try soak.cluster.play(scenario: stage.scenario) }
            try soak.churn(2)
            for (half, share) in [stage.share.0, stage.share.1].enumerated() {
                soak.setShare(share)
                let part = Self.stageLength / 2 * (number * 2 + half + 1)
                await soak.cluster.wait(until: began.adding(part))
                soak.look(placement: half == 0)
            }
            if number == 2 { third = .now }
        }
        // What the churn has killed last comes back: without its agent the registry could not be asked.
        try soak.churn(0)
        await soak.cluster.wait(until: soak.cluster.time.adding(.seconds(20)))
        soak.stopClock()
        #expect(soak.cluster.time.seconds(since: began) >= 3600)
        for (door, control) in soak.controls { #expect(Set(control.done.keys) == Set(Fault.Kind.allCases), "\(door): not everything has gone wrong once") }

        let truth = soak.cluster.with { SoakPicture($0) }
        #expect(truth.facts.count > 100)
        let isTrue = await soak.comes(within: .seconds(45)) { SoakPicture($0) == truth && $0.sources.allSatisfy(\.freshness.isLive) }
        let last = soak.store.snapshot()
        #expect(isTrue, "\(SoakPicture(last).difference(from: truth).joined(separator: "\n"))\n\(last.sources.map { "\($0.id) \($0.freshness)" })")
        // What is kept beside the lists is of nobody who has gone.
        #expect(Set(last.usage.keys).subtracting(last.containers.map(\.id.raw)).isEmpty)
        #expect(last.events.count <= SnapshotStore.eventLimit)

        let end = SoakFootprint.now
        let first = try #require(third)
        print("soak: \(soak.controls.map { "\($0.door) \($0.control.done.values.reduce(0, +))" }) before \(before); after a third \(first); at the end \(end)")
        #expect(end.resident - first.resident < 16 << 20, "memory grows: \(first), then \(end)")
        #expect(end.descriptors - first.descriptors < 40, "\(first), then \(end)")
        #expect(end.threads - first.threads <= 2, "\(first), then \(end)")

        let isOver = await soak.endWatch(within: .seconds(10))
        #expect(isOver, "the watch goes on after its cancellation")
        #expect(await soak.falls(to: before.descriptors, within: .seconds(10)), "\(before) before, \(SoakFootprint.now) afterwards: \(SoakFootprint.openFiles.subtracting(filesBefore).sorted())")
        await soak.cluster.stop()
    }
}

/// The cluster, its faulty doors, and everything that watches it.
private final class Soak: Sendable {
    let cluster: PracticeCluster
    let doors: PracticeCluster.Doors
    let folder: String
    let controls: [(door: String, control: FaultControl)]
    let store: SnapshotStore
    private let changes: Bell
    private let attention = Attention()
    private let clock: SoakClock
    private let watching = Mutex<Task<Void, Never>?>(nil)

    static func begin(speed: Double) async throws -> Soak {
        var template = Array("/tmp/practice-XXXXXX".utf8CString)
        _ = try #require(mkdtemp(&template))
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let start = Timestamp(seconds: 1_795_500_000)
        let begun = ContinuousClock.now
        let cluster = PracticeCluster(world: World(seed: 7, start: start), speed: speed) { start.adding(ContinuousClock.now - begun) }
        let names = cluster.with { world in world.hosts.values.map { (id: $0.id, name: $0.name) } }
        var controls: [(door: String, control: FaultControl)] = []
        var table: [String: FaultControl] = [:]
        for (number, host) in names.enumerated() {
            for (kind, name) in ["engine", "agent"].enumerated() {
                let control = FaultControl(FaultPlan(seed: UInt64(100 + number * 2 + kind)))
                table["\(name) \(host.id)"] = control
                // Of the agents one is watched.
                if kind == 0 || number == 0 { controls.append(("\(name) \(host.name)", control)) }
            }
        }
        cluster.faults.withLock { [table] faults in
            faults = { host, place in if case .unix = place { table["engine \(host)"] } else { table["agent \(host)"] } }
        }
        return Soak(cluster, try await cluster.start(in: folder), folder, controls)
    }

    private init(_ cluster: PracticeCluster, _ doors: PracticeCluster.Doors, _ folder: String, _ controls: [(door: String, control: FaultControl)]) {
        self.cluster = cluster
        self.doors = doors
        self.folder = folder
        self.controls = controls
        let clock = SoakClock(cluster: cluster)
        self.clock = clock
        let changes = Bell()
        self.changes = changes
        store = SnapshotStore(now: { clock.now }, onChange: { changes.ring() })
    }

    private var consul: Address { get throws { try Address.parse(doors.consul, tls: nil) } }

    /// Starts what lives as long as the process, threads for sockets and the clock's timer, so that its descriptors are not taken for
    /// somebody's.
    func warmUp() async throws {
        await Bell().wait(atMost: .milliseconds(1))
        _ = try await HTTPClient(address: try consul).send(HTTPRequest(path: "/v1/status/leader"))
    }

    func watch() {
        let engines: [any Engine]
        do { engines = try self.engines() } catch { preconditionFailure("the cluster's own address: \(error)") }
        watching.withLock { [store, attention] in $0 = Task { await Fleet(engines).watch(into: { store.receive($0) }, attention: attention) } }
    }

    private func engines() throws -> [any Engine] {
        var engines: [any Engine] = []
        for (index, door) in doors.engines.enumerated() {
            let docker = DockerEngine(DockerEngine.Configuration(name: door.name, address: try Address.parse(door.url, tls: nil)), now: { [clock] in clock.now })
            engines.append(docker)
            if index == 0 { engines.append(docker.swarmEngine()) }
        }
        var configuration = ConsulEngine.Configuration(name: "practice", address: try consul)
        for agent in doors.agents { configuration.routes[agent.address] = try Address.parse(agent.url, tls: nil) }
        return engines + [ConsulEngine(configuration, now: { [clock] in clock.now })]
    }

    /// Of the registry little is asked, and most of that waits long.
    func setShare(_ share: Double) { for (door, control) in controls { control.setShare(door.hasPrefix("agent") ? min(share * 2, 0.6) : share) } }

    func churn(_ rate: Double) throws { _ = try cluster.with { world throws(OrderRefusal) in try world.order(.mishap(.churn(rate))) } }

    /// Everything is on the screen, as far as it is known.
    func look(placement: Bool) {
        attention.set(Attention.Focus(visible: Set(store.snapshot().containers.map(\.id.raw)), wantsAll: true, wantsPlacement: placement))
    }

    func stopClock() {
        setShare(0)
        cluster.setSpeed(0)
        clock.stop()
    }

    func comes(within limit: Duration, _ condition: (Snapshot) -> Bool) async -> Bool {
        let end = ContinuousClock.now + limit
        while ContinuousClock.now < end {
            if condition(store.snapshot()) { return true }
            await changes.wait(atMost: .milliseconds(500))
        }
        return false
    }

    func endWatch(within limit: Duration) async -> Bool {
        guard let watching = watching.withLock({ $0.take() }) else { return false }
        watching.cancel()
        return await withTaskGroup(of: Bool.self) { group in
            // Its handle cannot be let go of, so what waits for it must be somebody whom nobody waits for.
            let ended = Bell()
            Task {
                await watching.value
                ended.ring()
            }
            group.addTask {
                await ended.wait()
                return !Task.isCancelled
            }
            group.addTask {
                try? await Task.sleep(for: limit)  // cancelled: the other one was faster
                return false
            }
            let first = await group.next() ?? false
            group.cancelAll()
            return first
        }
    }

    /// Whether so many descriptors are left, or fewer.
    func falls(to descriptors: Int, within limit: Duration) async -> Bool {
        let end = ContinuousClock.now + limit
        let silence = Bell()
        while SoakFootprint.now.descriptors > descriptors {
            guard ContinuousClock.now < end else { return false }
            await silence.wait(atMost: .milliseconds(100))
        }
        return true
    }
}

/// The time by which the watchers live: the world's, and the wall's from when that stands still.
private final class SoakClock: Sendable {
    private let cluster: PracticeCluster
    private let stopped = Mutex<ContinuousClock.Instant?>(nil)

    init(cluster: PracticeCluster) { self.cluster = cluster }

    var now: Timestamp { cluster.time.adding(stopped.withLock { $0.map { .now - $0 } ?? .zero }) }

    func stop() { stopped.withLock { $0 = .now } }
}
