public import Domain

/// One thing that happened, in terms from which an event of the Docker engine or a bump of a Consul index is made.
public struct Happening: Sendable, Hashable {
    /// Rises by one with each.
    public let sequence: UInt64
    public let time: Timestamp
    /// The host whose engine tells it; nil for what the swarm or the registry tells.
    public let host: String?
    public let event: Event

    public enum Event: Sendable, Hashable {
        case container(ContainerEvent)
        case network(NetworkEvent)
        case image(reference: String, action: String)
        case volume(name: String, action: String, container: String?)
        case service(SwarmEvent)
        case node(SwarmEvent)
        /// No engine tells of these; dashboards poll for them.
        case task(id: String, service: String, node: String?, from: SimTask.State, to: SimTask.State)
        case registry(RegistryEvent)
        case host(id: String, isUp: Bool, isCut: Bool)
        /// A step of the scenario was taken.
        case scenario(String)
    }

    public struct ContainerEvent: Sendable, Hashable {
        public enum Action: Sendable, Hashable {
            case create, start, stop, restart, pause, unpause, destroy, oom, update
            case die(exitCode: Int)
            case kill(signal: Int)
            case rename(from: String)
            case health(SimHealth.Status)
            case execCreate(command: String, exec: String)
            case execStart(command: String, exec: String)
            case execDie(exec: String, exitCode: Int)
        }
        public let action: Action
        public let id: String
        public let name: String
        public let image: String
        public let labels: [String: String]
    }

    public struct NetworkEvent: Sendable, Hashable {
        public enum Action: String, Sendable, Hashable { case create, destroy, connect, disconnect, update, remove }
        public let action: Action
        public let id: String
        public let name: String
        public let driver: String
        /// Of connect and disconnect.
        public let container: String?
    }

    public struct SwarmEvent: Sendable, Hashable {
        public enum Action: String, Sendable, Hashable { case create, update, remove }
        public let action: Action
        public let id: String
        public let name: String
        /// `state.old`, `updatestate.new` … as the engine's attributes have them.
        public let changes: [String: String]
    }

    public struct RegistryEvent: Sendable, Hashable {
        public enum Table: Sendable, Hashable { case nodes, services, checks, leader }
        public let table: Table
        /// The index after it.
        public let index: UInt64
        public let node: String
        /// Empty for what is of the node.
        public let service: String
        /// Of a check that changed.
        public let check: String
    }
}

/// The last happenings, so many and no more.
struct HappeningRing: Sendable {
    private var ring: [Happening] = []
    private var start = 0
    private(set) var last: UInt64 = 0
    let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    /// Takes one in and tells it with its number.
    mutating func append(_ event: Happening.Event, host: String?, time: Timestamp) -> Happening {
        last += 1
        let happening = Happening(sequence: last, time: time, host: host, event: event)
        if ring.count < capacity {
            ring.append(happening)
        } else {
            ring[start] = happening
            start = (start + 1) % capacity
        }
        return happening
    }

    /// Oldest first.
    func after(_ sequence: UInt64) -> [Happening] {
        let wanted = last > sequence ? Int(clamping: min(last - sequence, UInt64(ring.count))) : 0
        return (ring.count - wanted..<ring.count).map { ring[(start + $0) % ring.count] }
    }
}
