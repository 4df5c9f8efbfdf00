public import Domain

/// A whole cluster as one value: machines, containers, a swarm, a registry. See README.md.
public struct World: Sendable {
    public let seed: UInt64
    /// Of the last advance. Orders take effect at this time.
    public internal(set) var now: Timestamp
    public let start: Timestamp
    public let size: Size

    /// By id.
    public internal(set) var hosts = Roster<String, SimHost>()
    /// What can be pulled, by reference.
    public internal(set) var images = Roster<String, SimImage>()
    /// Of all hosts, by id.
    public internal(set) var containers = Roster<String, SimContainer>()
    /// Local ones and overlays, by id.
    public internal(set) var networks = Roster<String, SimNetwork>()
    public internal(set) var swarm: SimSwarm
    public internal(set) var registry = SimRegistry()
    /// What is being played; nil is calm.
    public internal(set) var scenario: Scenario?

    var agenda = Agenda()
    var ring = HappeningRing(capacity: 4096)
    var random: Randomness
    /// What has happened since the advance or the order began.
    var fresh: [Happening] = []
    /// Host ids by name.
    var hostNames: [String: String] = [:]
    /// Overlay ids by name.
    var overlays = Roster<String, String>()
    var scenarioGeneration = 0
    var churn: (rate: Double, generation: Int) = (0, 0)
    /// By the beginning of a container's name, in the order of entry.
    var afflictions: [(name: String, affliction: Affliction)] = []
    /// What containers' programs are doing that were given as scripts, by container.
    var scripts: [String: ScriptProgram] = [:]
    var lastTurn: UInt64 = 0
    /// What was written inside containers, by container and path.
    var files: [String: [String: String]] = [:]
    /// Paces by service id.
    var loads: [String: Double] = [:]
    /// Containers of no service, which churn may kill.
    var loose = OrderedKeys()
    /// What agents of the registry could not tell while it had no leader.
    var waitingOrders: [Order] = []
    /// Something keeps the registry's servers from choosing a leader.
    var isElectionBlocked = false
    /// How many entries of the agenda have been worked off: the measure of the world's own cost.
    public private(set) var deedsDone = 0

    /// A cluster of that size that has been running for a while.
    public init(seed: UInt64, start: Timestamp, size: Size = .base) {
        self.seed = seed
        self.start = start
        self.size = size
        now = start
        random = Randomness(seed: seed)
        swarm = SimSwarm(id: random.swarmID(), created: start.adding(.seconds(-86_400 * 12)))
        build()
        fresh = []
    }

    /// Lets time go by until then, and tells what happened, in order. A time before `now` changes nothing.
    @discardableResult
    public mutating func advance(to time: Timestamp) -> [Happening] {
        fresh = []
        while let entry = agenda.take(by: time) {
            now = max(now, entry.time)
            deedsDone += 1
            perform(entry.deed)
        }
        now = max(now, time)
        defer { fresh = [] }
        return fresh
    }

    @discardableResult
    public mutating func advance(by duration: Duration) -> [Happening] { advance(to: now.adding(duration)) }

    /// When the next thing is due; nil when nothing ever is. A driver may sleep until then.
    public var nextTime: Timestamp? { agenda.nextTime }

    public var lastSequence: UInt64 { ring.last }

    /// What happened after that one, as far back as the ring goes, oldest first.
    public func happenings(after sequence: UInt64) -> [Happening] { ring.after(sequence) }

    mutating func tell(_ event: Happening.Event, host: String? = nil) {
        fresh.append(ring.append(event, host: host, time: now))
    }

    mutating func plan(_ deed: Deed, in duration: Duration) { agenda.enter(deed, at: later(by: duration)) }

    /// Whatever time somebody asks for, it is a moment that can be counted: some years from now at most.
    func later(by duration: Duration) -> Timestamp { now.adding(max(.zero, min(duration, .seconds(315_360_000)))) }
}

extension World {
    /// How large a cluster is built.
    public enum Size: Sendable, Hashable {
        /// Three hosts, eight services in two stacks, some twenty-five containers.
        case base
        /// For measuring: so many containers on the first host, which are of no service, and besides them the tasks' own on all nodes.
        case scaled(containers: Int, nodes: Int, services: Int, tasks: Int, checks: Int)
    }
}
