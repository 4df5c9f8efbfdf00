/// One instance of a service as a registry holds it: where clients are sent who ask for the name.
public struct ServiceInstance: Sendable, Hashable, Identifiable {
    /// Raw is `NODE/SERVICE-ID`: the same service id on two nodes is two instances.
    public typealias ID = Identifier<ServiceInstance>

    public let id: ID
    public var service: String
    public var serviceID: String
    public var node: String
    /// What a client would dial: the service's own address, else its node's. Empty where neither is known.
    public var address: String
    /// 0 for a service without a port.
    public var port: Int
    public var tags: [String]
    public var meta: [String: String]
    /// The container it was made from, where the registry itself knows; else the join finds it.
    public var container: Container.ID?

    public init(
        id: ID, service: String, serviceID: String, node: String, address: String = "", port: Int = 0, tags: [String] = [], meta: [String: String] = [:],
        container: Container.ID? = nil
    ) {
        self.id = id
        self.service = service
        self.serviceID = serviceID
        self.node = node
        self.address = address
        self.port = port
        self.tags = tags
        self.meta = meta
        self.container = container
    }

    public static func id(_ source: Source.ID, node: String, serviceID: String) -> ID { ID(source, node + "/" + serviceID) }

    /// `10.0.0.2:8080`, `[::1]:80`, `10.0.0.2` without a port; empty where there is no address.
    public var endpoint: String {
        let host = address.contains(":") ? "[\(address)]" : address
        return port == 0 || host.isEmpty ? host : "\(host):\(port)"
    }
}
