internal import Domain

/// What the registry holds: services that somebody registered, those that running containers ask for, and who is under maintenance.
struct Holdings {
    static let serviceLimit = 5_000
    static let checkLimit = 10_000

    struct Instance: Sendable, Hashable {
        var registration: ServiceRegistration
        /// The running container it was made from, or is said to stand for.
        var container: Container.ID?
        /// Somebody registered it by name: it stays until it is taken out.
        var isHandmade: Bool
    }

    /// A check that was added to an instance or a node by itself.
    struct AddedCheck: Sendable, Hashable {
        var node: String
        /// Empty for a check of the node.
        var serviceID: String
        var definition: CheckDefinition
    }

    struct Maintenance: Sendable, Hashable {
        var reason: String
        var since: Timestamp
    }

    /// What there is to be of one check.
    struct WantedCheck: Sendable, Hashable {
        enum Body: Sendable, Hashable {
            case probe(CheckDefinition)
            case maintenance(Maintenance)
        }

        var body: Body
        var node: String
        var service = ""
        var serviceID = ""
        var tags: [String] = []
        var container: Container.ID?
        /// Said beside it, where something that was asked for is not done.
        var notes = ""
    }

    let source: Source.ID
    var handmade: [ServiceInstance.ID: ServiceRegistration] = [:]
    var added: [Check.ID: AddedCheck] = [:]
    /// By the raw id of an instance (`NODE/ID`), or by a node's name.
    var maintenance: [String: Maintenance] = [:]
    /// What each running container asks for.
    private var made: [Container.ID: (created: Timestamp, registrations: [ServiceRegistration])] = [:]
    private(set) var instances: [ServiceInstance.ID: Instance] = [:]
    private(set) var checks: [Check.ID: WantedCheck] = [:]

    init(source: Source.ID) { self.source = source }

    /// - Returns: whether anything is different by it; `settle` makes it count.
    mutating func set(_ registrations: [ServiceRegistration], of container: Container.ID, created: Timestamp) -> Bool {
        let known = made[container]?.registrations ?? []
        made[container] = registrations.isEmpty ? nil : (created, registrations)
        return known != registrations
    }

    func instanceID(_ registration: ServiceRegistration) -> ServiceInstance.ID {
        ServiceInstance.id(source, node: registration.node, serviceID: registration.id)
    }

    func checkID(node: String, _ id: String) -> Check.ID { Check.ID(source, node + "/" + id) }

    /// Works out instances and checks anew.
    ///
    /// Of two that claim one id the hand-made one counts, then the container made last: it is the one that replaced the other.
    mutating func settle(nodes: some Sequence<String>) {
        instances = [:]
        for (id, registration) in handmade.sorted(by: { $0.key.raw < $1.key.raw }).prefix(Self.serviceLimit) {
            let container = made.keys.first { !registration.container.isEmpty && $0.raw == registration.container }
            instances[id] = Instance(registration: registration, container: container, isHandmade: true)
        }
        for (container, asked) in made.sorted(by: { ($0.value.created, $0.key.raw) > ($1.value.created, $1.key.raw) }) {
            for registration in asked.registrations where instances.count < Self.serviceLimit {
                let id = instanceID(registration)
                if instances[id] == nil { instances[id] = Instance(registration: registration, container: container, isHandmade: false) }
            }
        }
        checks = [:]
        for (id, instance) in instances { want(checksOf: instance, id) }
        for node in Set(nodes).union(handmade.values.lazy.map(\.node)) {
            guard let maintenance = maintenance[node] else { continue }
            want(checkID(node: node, "_node_maintenance"), WantedCheck(body: .maintenance(maintenance), node: node))
        }
        for (id, check) in added {
            let instance = instances[ServiceInstance.id(source, node: check.node, serviceID: check.serviceID)]
            guard check.serviceID.isEmpty || instance != nil else { continue }
            want(id, WantedCheck(body: .probe(check.definition), node: check.node, instance))
        }
    }

    private mutating func want(checksOf instance: Instance, _ id: ServiceInstance.ID) {
        let registration = instance.registration
        for (index, definition) in registration.checks.prefix(64).enumerated() {
            let own = Self.checkID(definition, of: registration.id, index: index, among: registration.checks.count)
            want(checkID(node: registration.node, own), WantedCheck(body: .probe(definition), node: registration.node, instance))
        }
        if let maintenance = maintenance[id.raw] {
            let own = "_service_maintenance:\(registration.id)"
            want(checkID(node: registration.node, own), WantedCheck(body: .maintenance(maintenance), node: registration.node, instance))
        }
    }

    private mutating func want(_ id: Check.ID, _ check: WantedCheck) {
        guard checks.count < Self.checkLimit || checks[id] != nil else { return }
        checks[id] = check
    }

    /// As Consul names a service's checks that were given no id.
    static func checkID(_ definition: CheckDefinition, of service: String, index: Int, among count: Int) -> String {
        if !definition.id.isEmpty { return definition.id }
        return count == 1 ? "service:\(service)" : "service:\(service):\(index + 1)"
    }
}

extension Holdings.WantedCheck {
    init(body: Body, node: String, _ instance: Holdings.Instance?) {
        self.init(
            body: body, node: node, service: instance?.registration.name ?? "", serviceID: instance?.registration.id ?? "",
            tags: instance?.registration.tags ?? [], container: instance?.container)
        if case .probe(let definition) = body, definition.deregistersAfter != nil, instance?.isHandmade == false {
            notes = "it is not taken out for being critical: it stays as long as its container runs"
        }
    }

    var name: String {
        switch body {
        case .probe(let definition):
            if !definition.name.isEmpty { definition.name } else { service.isEmpty ? definition.kind : "Service “\(service)” check" }
        case .maintenance: service.isEmpty ? "Node Maintenance Mode" : "Service Maintenance Mode"
        }
    }
}

extension ServiceInstance {
    init(_ instance: Holdings.Instance, id: ID, nodeAddress: String) {
        let registration = instance.registration
        self.init(
            id: id, service: registration.name, serviceID: registration.id, node: registration.node,
            address: registration.address.isEmpty ? nodeAddress : registration.address, port: registration.port, tags: registration.tags,
            meta: registration.meta, container: instance.container)
    }
}
