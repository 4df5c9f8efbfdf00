public import Domain
internal import Synchronization

/// The world with its clock and its servers.
public final class PracticeCluster: Sendable {
    private struct State {
        var world: World
        var clock: ClusterClock
    }

    private let state: Mutex<State>
    private let now: @Sendable () -> Timestamp
    private let bell = NewsBell()
    let housing = Mutex(Housing())
    /// What goes wrong at a door of a host that is opened; none or nil for nothing.
    let faults = Mutex<(@Sendable (_ host: String, HTTPServer.Place) -> FaultControl?)?>(nil)

    /// - Parameter speed: how many seconds of the world pass in one of ours, up to 1000; 0 stops it.
    public init(world: World, speed: Double = 1, now: @escaping @Sendable () -> Timestamp) {
        self.now = now
        state = Mutex(State(world: world, clock: ClusterClock(world: world.now, wall: now(), speed: speed)))
    }

    /// Lets the world catch up with the clock, then looks at it or changes it. Everything goes through here, one after the other: what
    /// takes long holds up everybody else.
    public func with<Value: Sendable, Failure: Error>(_ body: (inout World) throws(Failure) -> Value) throws(Failure) -> Value {
        let wall = now()
        let (outcome, last) = state.withLock { state -> (Result<Value, Failure>, UInt64) in
            state.world.advance(to: state.clock.time(at: wall))
            let outcome: Result<Value, Failure>
            do throws(Failure) {
                outcome = .success(try body(&state.world))
            } catch {
                outcome = .failure(error)
            }
            return (outcome, state.world.lastSequence)
        }
        bell.ring(last)
        return try outcome.get()
    }

    /// Returns when the world's sequence has passed that one, at the limit (in time of the wall), or when the task is cancelled.
    func news(after sequence: UInt64, atMost limit: Duration) async { await bell.wait(after: sequence, atMost: limit) }

    /// Returns when the world's clock has come there: orders that take their time are answered then.
    ///
    /// - Parameter isDone: or sooner.
    func wait(until time: Timestamp, or isDone: @Sendable (World) -> Bool = { _ in false }) async {
        while !Task.isCancelled {
            let sequence = with { $0.now >= time || isDone($0) ? nil : $0.lastSequence }
            guard let sequence else { return }
            let rest = state.withLock { $0.clock.wait(until: time, at: now()) } ?? .seconds(1)
            await news(after: sequence, atMost: max(min(rest, .seconds(1)), .milliseconds(1)))
        }
    }

    // MARK: What is played, and how fast

    public var scenario: Scenario? { with { $0.scenario } }
    /// The world's clock.
    public var time: Timestamp { with { $0.now } }
    public var speed: Double { state.withLock { $0.clock.speed } }

    /// Begins a scenario in the world as it stands: what an earlier one has broken stays broken.
    public func play(scenario name: String) throws(Trouble) {
        let scenario = try Self.scenario(named: name)
        with { $0.play(scenario) }
    }

    static func scenario(named name: String) throws(Trouble) -> Scenario {
        if let scenario = Scenario.named(name) { return scenario }
        throw Trouble(
            .notFound, attempt: "play the scenario “\(name)”", answer: "there is none of that name",
            remedy: "there are \(Scenario.all.map(\.name).joined(separator: ", "))")
    }

    /// Puts a fresh world in the place of the one that is there. Nobody may be waiting for its news.
    func begin(_ scenario: Scenario) {
        with { world in
            world = World(seed: world.seed, start: world.now, size: world.size)
            world.play(scenario)
        }
        bell.reset()
    }

    /// Whether a connection to an address of the cluster would open from its first host; nil where nothing comes back.
    public func opens(_ address: String, port: Int) -> Bool? {
        with { world in
            switch world.reach(address, port: port, from: nil, on: world.hosts.values.first?.id) {
            case .answers: true
            case .refuses: false
            case .silent: nil
            }
        }
    }

    public func setSpeed(_ speed: Double) {
        // What was due until now happens at the old speed.
        let wall = now()
        with { _ in }
        state.withLock { $0.clock.setSpeed(speed, at: wall) }
    }

    // MARK: Going on by itself

    /// Lets things happen when they are due, whether or not somebody asks. Ends by cancellation.
    ///
    /// - Parameter lost: told of hosts that have gone off or were cut off.
    func drive(lost: @Sendable (_ host: String) -> Void) async {
        var seen = with { $0.lastSequence }
        while !Task.isCancelled {
            let (next, last, gone) = with { [seen] world in
                let gone = world.lastSequence == seen ? [] : world.happenings(after: seen).compactMap { happening -> String? in
                    if case .host(let id, let isUp, let isCut) = happening.event, !isUp || isCut { id } else { nil }
                }
                return (world.nextTime, world.lastSequence, gone)
            }
            seen = last
            gone.forEach(lost)
            let due = next.flatMap { next in state.withLock { $0.clock.wait(until: next, at: now()) } } ?? .seconds(1)
            // An order may have something happen sooner than was known here: what it does at once is told.
            await news(after: last, atMost: min(max(due, .milliseconds(2)), .seconds(1)))
        }
    }
}
