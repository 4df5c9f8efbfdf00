public import Domain

/// What an API may ask of the world. Containers, networks, services and nodes are named as an API's caller may: by id, by name, by the
/// beginning of an id.
public enum Order: Sendable {
    // An engine. `host` is the id or name of the engine's machine.
    case createContainer(SimContainerSpec, name: String, host: String)
    case startContainer(String, host: String)
    /// `grace` nil: the container's own.
    case stopContainer(String, grace: Duration?, host: String)
    case killContainer(String, signal: String, host: String)
    case restartContainer(String, grace: Duration?, host: String)
    case pauseContainer(String, host: String)
    case unpauseContainer(String, host: String)
    case renameContainer(String, to: String, host: String)
    case removeContainer(String, force: Bool, volumes: Bool, host: String)
    case updateContainer(String, nanoCPUs: Int64?, memory: UInt64?, restart: SimContainerSpec.Restart?, host: String)
    case pruneContainers(labels: [String], host: String)
    case pullImage(String, host: String)
    case removeImage(String, force: Bool, host: String)
    case pruneImages(all: Bool, host: String)
    case createVolume(String, host: String)
    case removeVolume(String, host: String)
    case createNetwork(SimNetworkSpec, host: String)
    case removeNetwork(String, host: String)
    /// An address of one's own is asked for, or the next one that is free.
    case connect(network: String, container: String, address: String = "", aliases: [String], host: String)
    case disconnect(network: String, container: String, force: Bool, host: String)
    case pruneNetworks(host: String)
    /// Runs a program inside; the answer has what it wrote.
    case execute(container: String, arguments: [String], host: String)

    // The swarm.
    case createService(SimServiceSpec)
    /// The version is the one that was read; another one is refused.
    case updateService(String, version: UInt64, SimServiceSpec)
    case rollBackService(String, version: UInt64)
    case removeService(String)
    case updateNode(String, version: UInt64, SimNodeSpec)
    case removeNode(String, force: Bool)

    // The registry. `agent` is the node name of the agent that is asked.
    case register(SimInstance, checks: [SimCheck], replacesChecks: Bool, agent: String)
    case deregister(service: String, agent: String)
    case registerCheck(SimCheck, agent: String)
    case deregisterCheck(String, agent: String)
    case setTTL(check: String, status: SimCheck.Status, output: String, agent: String)
    case serviceMaintenance(service: String, isOn: Bool, reason: String, agent: String)
    case nodeMaintenance(isOn: Bool, reason: String, agent: String)
    /// Past the agents, as for a machine that has none.
    case catalogRegister(node: String, address: String, meta: [String: String], instance: SimInstance?, checks: [SimCheck])
    /// Both ids empty: the whole node.
    case catalogDeregister(node: String, service: String, check: String)
    case forceLeave(node: String)

    /// What no API can do: somebody pulls a plug.
    case mishap(Mishap)
}

/// Things that befall a cluster; scenarios are made of them. Names of containers may be beginnings (`shop_worker.1`).
public enum Mishap: Sendable, Hashable {
    case loseHost(String)
    case returnHost(String)
    case cutNetwork(String)
    case joinNetwork(String)
    /// Bytes a second, until the limit ends it.
    case leak(container: String, bytesPerSecond: Int64)
    case stopLeak(container: String)
    case crash(container: String, code: Int, lastWords: String)
    /// Its health probes and checks fail with this; empty ends it.
    case sicken(container: String, fault: String)
    /// The service's containers work so much harder.
    case load(service: String, factor: Double)
    /// A check, by id, or by the name of its service.
    case flap(check: String, every: Duration)
    case failCheck(String, output: String)
    case healCheck(String)
    case loseRegistryLeader
    case returnRegistryLeader
    /// Containers without a service are killed and come back: this many events a second.
    case churn(Double)
    case deploy(service: String, image: String)
    case scale(service: String, to: Int)
    case reserve(service: String, nanoCPUs: Int64, memory: Int64)
    case constrain(service: String, String)
    case drain(String)
    case activate(String)
    case stopContainer(String)
    case say(container: String, text: String)
}

/// What the world says to an order that it carries out.
public struct Answer: Sendable, Hashable {
    /// Of what was made.
    public var id = ""
    public var warnings: [String] = []
    /// When it is done: a stop takes its time, and a server answers then. nil: now.
    public var doneAt: Timestamp?
    /// It is done sooner when this container is no longer in the run that had that number.
    public var run: Run?
    public struct Run: Sendable, Hashable {
        public let container: String
        let generation: Int
    }
    /// What a prune took away.
    public var removed: [String] = []
    public var reclaimed: UInt64 = 0
    public var execution: SimExecution?
    public init() {}
}

/// Why an order is not carried out, in the words of the real server.
public struct OrderRefusal: Error, Sendable, Hashable {
    public enum Kind: Sendable, Hashable {
        /// HTTP 304.
        case notModified
        case badRequest, forbidden, notFound, conflict
        /// HTTP 500: where the real one does not say it better.
        case serverError
        case notImplemented, unavailable

        /// As HTTP says it.
        public var status: Int {
            switch self {
            case .notModified: 304
            case .badRequest: 400
            case .forbidden: 403
            case .notFound: 404
            case .conflict: 409
            case .serverError: 500
            case .notImplemented: 501
            case .unavailable: 503
            }
        }
    }

    public var kind: Kind
    public var message: String
    public init(_ kind: Kind, _ message: String) {
        self.kind = kind
        self.message = message
    }
}
