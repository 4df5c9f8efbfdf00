public import Domain

/// What Consul's servers and agents hold.
public struct SimRegistry: Sendable {
    public let datacenter = "dc1"
    /// `10.20.0.11:8300`; empty while there is none.
    public internal(set) var leader = ""
    /// Rises with every change; `X-Consul-Index` is the one of the table that was asked.
    public internal(set) var index: UInt64 = 10
    public internal(set) var nodesIndex: UInt64 = 10
    public internal(set) var servicesIndex: UInt64 = 10
    public internal(set) var checksIndex: UInt64 = 10
    /// By the service's name; kept after its last instance has gone, as a blocking query for it must wake.
    public internal(set) var serviceIndexes: [String: UInt64] = [:]
    /// Agents by node name.
    public internal(set) var members = Roster<String, SimMember>()
    /// By `node/id`.
    public internal(set) var instances = Roster<String, SimInstance>()
    /// By `node/id`.
    public internal(set) var checks = Roster<String, SimCheck>()
    /// Keys of instances by service name and by node, of checks by instance key and by node.
    var instancesByService: [String: OrderedKeys] = [:]
    var instancesByNode: [String: OrderedKeys] = [:]
    var checksByInstance: [String: OrderedKeys] = [:]
    var checksByNode: [String: OrderedKeys] = [:]
    var instancesByContainer: [String: OrderedKeys] = [:]
    var names = Roster<String, Int>()

    /// Names of all services, in the order in which they came.
    public var serviceNames: [String] { names.keys }

    public func instances(of service: String) -> [SimInstance] { (instancesByService[service] ?? OrderedKeys()).compactMap { instances[$0] } }
    public func instances(on node: String) -> [SimInstance] { (instancesByNode[node] ?? OrderedKeys()).compactMap { instances[$0] } }
    public func checks(on node: String) -> [SimCheck] { (checksByNode[node] ?? OrderedKeys()).compactMap { checks[$0] } }
    /// The instance's own, without those of its node.
    public func checks(of instance: SimInstance) -> [SimCheck] { (checksByInstance[instance.key] ?? OrderedKeys()).compactMap { checks[$0] } }
    /// Those of the node that are of no service; they count for every instance there.
    public func nodeChecks(on node: String) -> [SimCheck] { checks(on: node).filter { $0.serviceID.isEmpty } }
}

/// An agent and its node.
public struct SimMember: Sendable, Identifiable {
    public enum Status: Int, Sendable, Hashable { case alive = 1, leaving, left, failed }
    /// The node's id: a UUID.
    public let id: String
    public let name: String
    public let address: String
    public let isServer: Bool
    public internal(set) var status: Status = .alive
    /// The machine it runs on; nil for a node that only the catalog knows.
    public let host: String?
    public internal(set) var meta: [String: String]
    public internal(set) var createIndex: UInt64 = 0
    public internal(set) var modifyIndex: UInt64 = 0
    var generation = 0
}

public struct SimInstance: Sendable, Hashable, Identifiable {
    public var node: String
    public var id: String
    public var name: String
    public var tags: [String] = []
    public var address = ""
    public var port = 0
    public var meta: [String: String] = [:]
    public var passingWeight = 1
    public var warningWeight = 1
    /// The container that it was made for.
    public internal(set) var container: String?
    /// It was put into the catalog in the name of a node whose agent knows nothing of it.
    public internal(set) var isOrphan = false
    public internal(set) var createIndex: UInt64 = 0
    public internal(set) var modifyIndex: UInt64 = 0

    public init(node: String, id: String, name: String) {
        self.node = node
        self.id = id
        self.name = name
    }
    public var key: String { "\(node)/\(id)" }
}

public struct SimCheck: Sendable, Hashable, Identifiable {
    public enum Status: String, Sendable, Hashable {
        case passing, warning, critical
        /// No agent says so: only who writes into the catalog can.
        case unknown
    }
    public enum Kind: Sendable, Hashable {
        case http(url: String, method: String)
        /// `10.0.1.4:6379`.
        case tcp(String)
        /// Run by the agent.
        case script([String])
        /// Run in a container.
        case docker(container: String, shell: String, arguments: [String])
        case ttl(Duration)
        case grpc(String)
        case alias(node: String, service: String)
        /// Consul's own `serfHealth`.
        case serf
        case maintenance
        /// Put into the catalog from outside; nobody runs it.
        case none

        /// Consul's word for it.
        public var text: String {
            switch self {
            case .http: "http"
            case .tcp: "tcp"
            case .script: "script"
            case .docker: "docker"
            case .ttl: "ttl"
            case .grpc: "grpc"
            case .alias: "alias"
            case .maintenance: "maintenance"
            case .serf, .none: ""
            }
        }
    }

    public var node: String
    public var id: String
    public var name: String
    /// Of a maintenance check it is critical, as Consul tells it.
    public var status: Status = .critical
    public var notes = ""
    public var output = ""
    /// Empty: of the node.
    public var serviceID = ""
    public var serviceName = ""
    public var serviceTags: [String] = []
    public var kind: Kind
    /// Of one that was put into the catalog: how it is defined, as it was given.
    public var definition = ""
    public var interval: Duration = .seconds(10)
    public var timeout: Duration = .seconds(10)
    public var deregisterAfter: Duration = .zero
    public internal(set) var createIndex: UInt64 = 0
    public internal(set) var modifyIndex: UInt64 = 0
    /// When the status last changed.
    public internal(set) var changed = Timestamp(nanoseconds: 0)
    var generation = 0
    /// A fault that a scenario gave it: the output.
    var fault: String?
    var flapping: Duration?
    var dueRun = false
    /// The end of a TTL.
    var expires: Timestamp?

    public init(node: String, id: String, name: String, kind: Kind) {
        self.node = node
        self.id = id
        self.name = name
        self.kind = kind
    }
    public var key: String { "\(node)/\(id)" }
}
