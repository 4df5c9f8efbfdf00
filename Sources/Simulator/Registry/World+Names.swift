extension World {
    /// What the registry's name server says: `[tag.]web.service[.dc1].consul`, `h1.node[.dc1].consul`. nil where the name is none of its own,
    /// or nothing is known by it.
    public func resolve(_ name: String) -> SimNameAnswer? {
        var labels = name.lowercased().split(separator: ".").map(String.init)
        guard labels.popLast() == "consul" else { return nil }
        if labels.last == registry.datacenter { labels.removeLast() }
        guard let kind = labels.popLast(), let last = labels.last else { return nil }
        if kind == "node" {
            guard let member = registry.members.first(where: { $0.key.lowercased() == labels.joined(separator: ".") })?.value else { return nil }
            return SimNameAnswer(records: [SimNameAnswer.Record(target: target(member.name), address: member.address, port: 0)])
        }
        guard kind == "service", let service = registry.serviceNames.first(where: { $0.lowercased() == last }) else { return nil }
        let tag = labels.count > 1 ? labels.dropLast().joined(separator: ".") : nil
        let records = registry.instances(of: service).filter { instance in
            (tag.map { wanted in instance.tags.contains { $0.lowercased() == wanted } } ?? true) && isUsable(instance)
        }
        return SimNameAnswer(records: records.map { instance in
            SimNameAnswer.Record(
                target: target(instance.node), address: instance.address.isEmpty ? registry.members[instance.node]?.address ?? "" : instance.address,
                port: instance.port)
        })
    }

    /// Not critical, its node's checks included.
    private func isUsable(_ instance: SimInstance) -> Bool {
        !registry.checks(of: instance).contains { $0.status == .critical } && !registry.nodeChecks(on: instance.node).contains { $0.status == .critical }
    }

    private func target(_ node: String) -> String { "\(node).node.\(registry.datacenter).consul" }
}
