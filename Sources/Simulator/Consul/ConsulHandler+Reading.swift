internal import JSON

/// Catalog and health.
extension ConsulHandler {
    func body(_ route: ConsulRoute, _ registry: SimRegistry, _ query: ConsulQuery) -> [UInt8] {
        switch route {
        case .nodes:
            return list(registry.members.values.sorted { $0.name < $1.name }.map { ConsulText.node($0, in: registry.datacenter) }, query)
        case .services: return memory.services(registry)
        case .node(let name): return node(name, registry, query)
        case .nodeServices(let name): return nodeServices(name, registry, query)
        case .service(let name): return catalogService(name, registry, query)
        case .state("any") where query.filter == nil: return memory.list(registry)
        case .state(let state):
            return list(registry.checks.values.filter { state == "any" || $0.status.rawValue == state }.map { ConsulText.check($0) }, query)
        case .checksOfNode(let name): return list(registry.checks(on: name).map { ConsulText.check($0) }, query)
        case .checksOfService(let name):
            return list(registry.instances(of: name).flatMap { registry.checks(of: $0) }.map { ConsulText.check($0) }, query)
        case .healthOfService(let name): return healthOfService(name, registry, query)
        default: return Array("null".utf8)
        }
    }

    private func list(_ items: [[UInt8]], _ query: ConsulQuery) -> [UInt8] {
        var text = JSONText(reserving: items.reduce(2) { $0 + $1.count + 1 })
        text.array { text in
            for item in items where accepts(item, query.filter) { text.raw(item) }
        }
        return text.bytes
    }

    func accepts(_ item: [UInt8], _ filter: FilterExpression?) -> Bool {
        guard let filter else { return true }
        // What was just written here is JSON.
        return (try? JSONTree(item)).map(filter.accepts) ?? false
    }

    private func node(_ name: String, _ registry: SimRegistry, _ query: ConsulQuery) -> [UInt8] {
        guard let member = registry.members[name] else { return Array("null".utf8) }
        return ConsulText.value { text in
            text.object {
                $0.field("Node", raw: ConsulText.node(member, in: registry.datacenter))
                $0.object("Services") {
                    for instance in registry.instances(on: name).sorted(by: { $0.id < $1.id }) {
                        let item = ConsulText.service(instance)
                        if accepts(item, query.filter) { $0.field(named: instance.id, raw: item) }
                    }
                }
            }
        }
    }

    private func nodeServices(_ name: String, _ registry: SimRegistry, _ query: ConsulQuery) -> [UInt8] {
        guard let member = registry.members[name] else { return Array(#"{"Node":null,"Services":null}"#.utf8) }
        return ConsulText.value { text in
            text.object {
                $0.field("Node", raw: ConsulText.node(member, in: registry.datacenter))
                $0.field("Services", raw: list(registry.instances(on: name).sorted { $0.id < $1.id }.map(ConsulText.service), query))
            }
        }
    }

    private func catalogService(_ name: String, _ registry: SimRegistry, _ query: ConsulQuery) -> [UInt8] {
        let items = tagged(registry.instances(of: name), query).compactMap { instance in
            registry.members[instance.node].map { ConsulText.catalogService(instance, on: $0, in: registry.datacenter) }
        }
        return list(items, query)
    }

    private func tagged(_ instances: [SimInstance], _ query: ConsulQuery) -> [SimInstance] {
        query.tags.isEmpty ? instances : instances.filter { instance in query.tags.allSatisfy { tag in instance.tags.contains { $0.lowercased() == tag.lowercased() } } }
    }

    private func healthOfService(_ name: String, _ registry: SimRegistry, _ query: ConsulQuery) -> [UInt8] {
        var ofNode: [String: [SimCheck]] = [:]
        let items = tagged(registry.instances(of: name), query).compactMap { instance -> [UInt8]? in
            guard let member = registry.members[instance.node] else { return nil }
            let shared = ofNode[instance.node] ?? registry.nodeChecks(on: instance.node)
            ofNode[instance.node] = shared
            let checks = shared + registry.checks(of: instance)
            if query.isPassing, checks.contains(where: { $0.status != .passing }) { return nil }
            return ConsulText.value { text in
                text.object {
                    $0.field("Node", raw: ConsulText.node(member, in: registry.datacenter))
                    $0.field("Service", raw: ConsulText.service(instance))
                    $0.array("Checks") { for check in checks { $0.raw(ConsulText.check(check)) } }
                }
            }
        }
        return list(items, query)
    }
}
