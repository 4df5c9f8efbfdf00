internal import Domain

/// What is known of a datacenter, and what of it has been told. Pure: facts go in, updates come out.
struct ConsulPicture: Sendable {
    let source: Source.ID
    var agent: AgentSelf?
    var checks = CheckBook()
    var sweep = InstanceSweep()
    private(set) var nodes: [CatalogNode] = []
    private(set) var services: [String] = []
    /// nil where the agent's own members are not those of the datacenter shown, or it does not tell them.
    var agents: [AgentMember]?
    var datacenters: [String] = []
    /// Empty where there is none.
    var leader: String?
    var dns: NameServer?
    /// The datacenter that was asked for, where that is not left to the agent.
    var datacenter: String?

    private(set) var members: [Member] = []
    private(set) var instances: [ServiceInstance] = []
    private var registry: Registry?
    private var hasTold = (members: false, instances: false)

    init(source: Source.ID) { self.source = source }

    /// Not even the servers can be seen.
    var isBlank: Bool { nodes.isEmpty && services.isEmpty && checks.isEmpty && (agents ?? []).isEmpty }

    mutating func take(nodes list: [CatalogNode]) {
        guard list != nodes else { return }
        // An address that changed is that of its instances, too.
        let before = Dictionary(nodes.map { ($0.name, $0.address) }, uniquingKeysWith: { $1 })
        if list.contains(where: { node in before[node.name].map { $0 != node.address } ?? false }) { sweep.wantSweep() }
        nodes = list
        sweep.setUnits(nodes: nodes.map(\.name), services: services)
    }

    mutating func take(services names: [String]) {
        // The list also comes when nothing in it differs: an instance was added, changed or taken out.
        sweep.wantSweep()
        guard names != services else { return }
        services = names
        sweep.setUnits(nodes: nodes.map(\.name), services: services)
    }

    /// What differs from what was told.
    mutating func news() -> [Update] {
        var updates: [Update] = []
        if let news = checks.news(source: source) {
            updates.append(news.update)
            sweep.mark(news.affected)
        }
        let members = membersNow()
        if members != self.members || !hasTold.members {
            self.members = members
            hasTold.members = true
            updates.append(.members(source, members))
        }
        let registry = registryNow()
        if registry != self.registry {
            self.registry = registry
            updates.append(.registry(registry))
        }
        return updates
    }

    /// The same for instances, which come later than all else.
    mutating func newsOfInstances() -> [Update] {
        guard sweep.isComplete else { return [] }
        let list = sweep.instances
        guard list != instances || !hasTold.instances else { return [] }
        instances = list
        hasTold.instances = true
        return [.instances(source, list)]
    }

    private func registryNow() -> Registry {
        Registry(
            id: source, datacenter: datacenter ?? agent?.datacenter ?? nodes.first?.datacenter ?? "", datacenters: datacenters, leader: leader,
            node: agent?.node ?? "", dns: dns, runsScripts: agent.map { $0.runsLocalScripts || $0.runsRemoteScripts } ?? false)
    }

    /// Nodes of the catalog, each with what its agent's gossip says; then agents that the catalog has let go of.
    private func membersNow() -> [Member] {
        let byName = Dictionary((agents ?? []).map { ($0.name, $0) }, uniquingKeysWith: { $1 })
        var members = nodes.map { node in
            var member = byName[node.name].map { self.member($0) } ?? Member(id: Member.ID(source, node.name), name: node.name)
            if member.address.isEmpty { member.address = node.address }
            if !node.datacenter.isEmpty { member.datacenter = node.datacenter }
            member.meta = node.meta
            member.isAsked = node.name == agent?.node
            if byName[node.name] == nil {
                // Only agents have this check; that it fails means that the others do not hear of it.
                member.status = checks.serf[node.name].map { $0 == .passing ? .alive : .failed } ?? .external
                if member.isAsked, member.status == .external { member.status = .alive }
            }
            return member
        }
        let catalogued = Set(nodes.map(\.name))
        for agent in agents ?? [] where !catalogued.contains(agent.name) { members.append(member(agent)) }
        return members.sorted { $0.name < $1.name }
    }

    private func member(_ agent: AgentMember) -> Member {
        Member(
            id: Member.ID(source, agent.name), name: agent.name, address: agent.address, datacenter: agent.datacenter, status: agent.status,
            isServer: agent.isServer, isLeader: agent.serverAddress != nil && agent.serverAddress == leader, isAsked: agent.name == self.agent?.node,
            version: agent.version)
    }
}
