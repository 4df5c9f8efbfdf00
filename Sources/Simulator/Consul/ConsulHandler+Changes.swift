/// Writes. The world says what it does not carry out in the server's own words.
extension ConsulHandler {
    func change(_ route: ConsulRoute, _ request: ServerRequest) throws(ConsulFault) {
        switch route {
        case .register:
            let (instance, checks) = try RegistrationReader.service(request.body)
            let replaces = request.queryValue("replace-existing-checks").map { $0.isEmpty || GoText.bool($0) == true } ?? false
            try order(.register(instance, checks: checks, replacesChecks: replaces, agent: agent))
        case .deregister(let id):
            if id.isEmpty { throw ConsulFault(status: 500, text: "ServiceID missing") }
            try order(.deregister(service: id, agent: agent))
        case .registerCheck: try order(.registerCheck(RegistrationReader.check(request.body), agent: agent))
        case .deregisterCheck(let id):
            if id.isEmpty { throw ConsulFault(status: 500, text: "CheckID missing") }
            try order(.deregisterCheck(id, agent: agent))
        case .tell(let status, let id): try order(.setTTL(check: id, status: status, output: request.queryValue("note") ?? "", agent: agent))
        case .tellFreely(let id):
            let (status, output) = try RegistrationReader.told(request.body)
            try order(.setTTL(check: id, status: status, output: output, agent: agent))
        case .maintain(let id):
            try order(.serviceMaintenance(service: id, isOn: enabling(request), reason: request.queryValue("reason") ?? "", agent: agent))
        case .maintainNode: try order(.nodeMaintenance(isOn: enabling(request), reason: request.queryValue("reason") ?? "", agent: agent))
        case .forceLeave(let node): try order(.forceLeave(node: node))
        case .catalogRegister: try write(request)
        case .catalogDeregister:
            let (node, service, check, datacenter) = try RegistrationReader.removal(request.body)
            try require(datacenter)
            if node.isEmpty { throw ConsulFault(status: 500, text: "Must provide node") }
            try order(.catalogDeregister(node: node, service: service, check: check))
        default: throw ConsulFault(status: 404, text: "")
        }
    }

    private func write(_ request: ServerRequest) throws(ConsulFault) {
        var entry = try RegistrationReader.catalogEntry(request.body)
        try require(entry.datacenter)
        if entry.node.isEmpty { throw ConsulFault(status: 500, text: "Must provide node") }
        if entry.address.isEmpty {
            guard entry.keepsNode, let known = cluster.with({ $0.registry.members[entry.node]?.address }) else {
                throw ConsulFault(status: 500, text: "Must provide address if SkipNodeUpdate is not set")
            }
            entry.address = known
        }
        try order(.catalogRegister(node: entry.node, address: entry.address, meta: entry.meta, instance: entry.instance, checks: entry.checks))
    }

    private func require(_ datacenter: String) throws(ConsulFault) {
        guard datacenter.isEmpty || datacenter == cluster.with({ $0.registry.datacenter }) else { throw ConsulFault(status: 500, text: "No path to datacenter") }
    }

    private func enabling(_ request: ServerRequest) throws(ConsulFault) -> Bool {
        guard let text = request.queryValue("enable") else { throw ConsulFault(status: 400, text: "Missing value for enable") }
        guard let value = GoText.bool(text) else { throw ConsulFault(status: 400, text: "Invalid value for enable: \"\(text)\"") }
        return value
    }

    private func order(_ order: Order) throws(ConsulFault) {
        do throws(OrderRefusal) {
            _ = try cluster.with { world throws(OrderRefusal) in try world.order(order) }
        } catch {
            throw ConsulFault(status: error.kind.status, text: error.message)
        }
    }
}
