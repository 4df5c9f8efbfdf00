/// A change that an operator asks for: what to do, to what. A value; nothing happens until an engine performs its plan.
public struct Operation: Sendable, Hashable {
    public enum Action: Sendable, Hashable {
        case start, pause, unpause
        /// Seconds the container is given to end by itself; nil for the engine's default of ten.
        case stop(grace: Int?)
        case restart(grace: Int?)
        case kill(signal: String)
        case rename(to: String)
        case removeContainer(force: Bool, volumes: Bool)
        case prune(Prune)
        case createNetwork(NetworkSpecification)
        case connect(container: Container.ID, name: String, address: String, aliases: [String])
        case disconnect(container: Container.ID, name: String, force: Bool)
        case removeNetwork
        /// To a workload, or to the orchestrator when there is none yet.
        case workload(WorkloadChange)
        case node(NodeChange)
        case registry(RegistryChange)
    }

    public enum Prune: String, Sendable, Hashable, CaseIterable {
        case containers, images, networks, volumes, buildCache = "build cache"
    }

    public enum Target: Sendable, Hashable {
        case container(Container.ID, name: String)
        case network(Network.ID, name: String)
        /// The engine as a whole: prune, create a network.
        case source(Source.ID, name: String)
        case workload(Workload.ID, name: String)
        case node(Node.ID, name: String)
        case task(WorkloadTask.ID, name: String)
        /// All workloads of one group: a stack, a namespace.
        case group(Source.ID, name: String)
        case instance(ServiceInstance.ID, name: String)
        case member(Member.ID, name: String)
        case check(Check.ID, name: String)

        public var source: Source.ID {
            switch self {
            case .container(let id, _): id.source
            case .network(let id, _): id.source
            case .source(let id, _), .group(let id, _): id
            case .workload(let id, _): id.source
            case .node(let id, _): id.source
            case .task(let id, _): id.source
            case .instance(let id, _): id.source
            case .member(let id, _): id.source
            case .check(let id, _): id.source
            }
        }
        public var name: String {
            switch self {
            case .container(_, let name), .network(_, let name), .source(_, let name), .workload(_, let name), .node(_, let name), .task(_, let name),
                .group(_, let name), .instance(_, let name), .member(_, let name), .check(_, let name):
                name
            }
        }
        /// What kind of thing it is, in the words of the timeline.
        public var kind: String {
            switch self {
            case .container: "container"
            case .network: "network"
            case .source: "engine"
            case .workload: "service"
            case .node: "node"
            case .task: "task"
            case .group: "stack"
            case .instance: "service instance"
            case .member: "node"
            case .check: "check"
            }
        }
        public var raw: String {
            switch self {
            case .container(let id, _): id.raw
            case .network(let id, _): id.raw
            case .source(let id, _): id.raw
            case .workload(let id, _): id.raw
            case .node(let id, _): id.raw
            case .task(let id, _): id.raw
            case .group(_, let name): name
            case .instance(let id, _): id.raw
            case .member(let id, _): id.raw
            case .check(let id, _): id.raw
            }
        }
    }

    public var action: Action
    public var target: Target

    public init(_ action: Action, on target: Target) {
        self.action = action
        self.target = target
    }

    /// What a slip of the finger must not do anywhere: a service, a stack or a node gone.
    public var wantsItsNameTyped: Bool {
        switch action {
        case .workload(.undeploy), .node(.remove): true
        case .registry(.deregister): if case .member = target { true } else { false }
        default: false
        }
    }
}

/// What a new network shall be.
public struct NetworkSpecification: Sendable, Hashable {
    public var name: String
    public var driver: String
    /// CIDR; empty lets the engine choose.
    public var subnet: String
    public var gateway: String
    public var isInternal: Bool
    public var isAttachable: Bool

    public init(name: String, driver: String = "bridge", subnet: String = "", gateway: String = "", isInternal: Bool = false, isAttachable: Bool = false) {
        self.name = name
        self.driver = driver
        self.subnet = subnet
        self.gateway = gateway
        self.isInternal = isInternal
        self.isAttachable = isAttachable
    }
}

extension Operation.Action {
    /// The verb a person reads: "stop", "remove".
    public var verb: String {
        switch self {
        case .start: "start"
        case .pause: "pause"
        case .unpause: "unpause"
        case .stop: "stop"
        case .restart: "restart"
        case .kill: "kill"
        case .rename: "rename"
        case .removeContainer, .removeNetwork: "remove"
        case .prune(let what): "prune \(what.rawValue)"
        case .createNetwork: "create network"
        case .connect: "connect"
        case .disconnect: "disconnect"
        case .workload(let change): change.verb
        case .node(let change): change.verb
        case .registry(let change): change.verb
        }
    }
}
