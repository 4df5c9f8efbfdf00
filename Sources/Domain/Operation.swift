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
    }

    public enum Prune: String, Sendable, Hashable, CaseIterable {
        case containers, images, networks, volumes, buildCache = "build cache"
    }

    public enum Target: Sendable, Hashable {
        case container(Container.ID, name: String)
        case network(Network.ID, name: String)
        /// The engine as a whole: prune, create a network.
        case source(Source.ID, name: String)

        public var source: Source.ID {
            switch self {
            case .container(let id, _): id.source
            case .network(let id, _): id.source
            case .source(let id, _): id
            }
        }
        public var name: String {
            switch self {
            case .container(_, let name), .network(_, let name), .source(_, let name): name
            }
        }
        public var raw: String {
            switch self {
            case .container(let id, _): id.raw
            case .network(let id, _): id.raw
            case .source(let id, _): id.raw
            }
        }
    }

    public var action: Action
    public var target: Target

    public init(_ action: Action, on target: Target) {
        self.action = action
        self.target = target
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
        }
    }
}
