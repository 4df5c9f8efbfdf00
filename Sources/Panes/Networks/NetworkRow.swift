internal import Commands
internal import Domain
internal import Drawing
internal import Widgets

/// One line of the networks tree.
struct NetworkRow: Sendable {
    enum ID: Hashable, Sendable {
        case heading(String)
        case link(String)
        case network(Network.ID)
        case plug(Network.ID, Container.ID)
        case route(Int)
    }

    struct Piece: Sendable {
        var text: String
        var role: Role
        init(_ text: String, _ role: Role = .text) {
            self.text = text
            self.role = role
        }
    }

    var id: ID
    var pieces: [Piece]
    /// The interface whose rates stand at the right end.
    var rates: String?
    var isDimmed = false

    /// The line as it would be read aloud.
    var words: String { pieces.map(\.text).joined(separator: " ") }
}

/// Builds the tree: the host's links with what is plugged into them, then the networks that have no link here.
struct NetworkForest {
    let snapshot: Snapshot
    /// Only the engines' networks, without the host's links.
    let isEngineView: Bool
    /// Who is plugged in where, found once for all networks: containers and their endpoints by position.
    private let plugs: [String: [(container: Int, endpoint: Int)]]

    init(snapshot: Snapshot, isEngineView: Bool) {
        self.snapshot = snapshot
        self.isEngineView = isEngineView
        var plugs: [String: [(container: Int, endpoint: Int)]] = [:]
        for container in snapshot.containers.indices {
            for endpoint in snapshot.containers[container].endpoints.indices {
                let plug = snapshot.containers[container].endpoints[endpoint]
                // Engines leave the id out while a container is created; the name is all there is then.
                let key = plug.networkID.isEmpty ? "name \(plug.network)" : plug.networkID
                plugs[key, default: []].append((container, endpoint))
            }
        }
        self.plugs = plugs
    }

    private func attachments(of network: Network) -> [(container: Container, endpoint: Endpoint)] {
        let found = (plugs[network.id.raw] ?? []) + (plugs["name \(network.name)"] ?? [])
        return found.sorted { $0.container < $1.container }.compactMap { plug in
            let container = snapshot.containers[plug.container]
            return container.id.source == network.id.source ? (container, container.endpoints[plug.endpoint]) : nil
        }
    }

    func trees() -> [Tree<NetworkRow>] {
        var forest: [Tree<NetworkRow>] = []
        var drawn = Set<Network.ID>()
        if !isEngineView, !snapshot.hostNetwork.links.isEmpty { forest.append(hostTree(&drawn)) }
        for host in snapshot.hosts {
            let networks = snapshot.networks.filter { $0.host == host.id && !drawn.contains($0.id) }
            guard !networks.isEmpty else { continue }
            let source = snapshot.source(host.id.source)
            let title = isEngineView || snapshot.hostNetwork.links.isEmpty ? "networks of \(host.name)" : "networks of \(host.name) without a link here"
            forest.append(
                Tree(
                    NetworkRow(id: .heading(host.id.description), pieces: [.init(title, .heading), .init(source?.title ?? "", .muted)]),
                    networks.map { networkTree($0, host: host) }))
        }
        return forest
    }

    // MARK: The host's own picture

    private func hostTree(_ drawn: inout Set<Network.ID>) -> Tree<NetworkRow> {
        let picture = snapshot.hostNetwork
        let uplink = picture.uplink
        let tops = picture.links.filter { $0.master == nil }.sorted { (rank($0, uplink), $0.name) < (rank($1, uplink), $1.name) }
        var children: [Tree<NetworkRow>] = []
        for link in tops {
            let network = snapshot.networks.first { network in
                network.bridgeName == link.name && (snapshot.host(network.host)?.isLocal ?? false)
                    && (network.subnets.isEmpty || network.subnets.contains { subnet in subnet.gateway.isEmpty || link.addresses.contains { $0.hasPrefix(subnet.gateway + "/") } })
            }
            if let network { drawn.insert(network.id) }
            children.append(linkTree(link, network: network, uplink: uplink))
        }
        if !picture.routes.isEmpty {
            children.append(
                Tree(
                    NetworkRow(id: .heading("routes"), pieces: [.init("routes", .heading), .init("\(picture.routes.count)", .muted)]),
                    picture.routes.enumerated().map { index, route in
                        Tree(
                            NetworkRow(
                                id: .route(index),
                                pieces: [
                                    .init(route.destination, route.destination == "default" ? .accent : .text),
                                    .init(route.gateway.isEmpty ? "directly" : "via \(route.gateway)", .text), .init("by \(route.link)", .muted),
                                    .init(route.metric > 0 ? "metric \(route.metric)" : "", .muted),
                                ]))
                    }))
        }
        for remark in picture.remarks { children.append(Tree(NetworkRow(id: .heading(remark), pieces: [.init("▲ " + remark, .warning)]))) }
        return Tree(NetworkRow(id: .heading("host"), pieces: [.init(picture.hostName, .heading), .init("this machine", .muted)]), children)
    }

    /// The uplink first, then bridges, then the rest, loopback last.
    private func rank(_ link: Link, _ uplink: Route?) -> Int {
        if link.name == uplink?.link { return 0 }
        switch link.kind {
        case .physical: return 1
        case .bridge: return 2
        case .vlan, .vxlan, .tunnel, .other: return 3
        case .veth: return 4
        case .loopback: return 5
        }
    }

    private func linkTree(_ link: Link, network: Network?, uplink: Route?) -> Tree<NetworkRow> {
        var pieces = [NetworkRow.Piece(link.name, .title)]
        if !link.addresses.isEmpty { pieces.append(.init(link.addresses.filter { !$0.hasPrefix("fe80") }.joined(separator: " "), .text)) }
        switch link.kind {
        case .bridge: if network == nil { pieces.append(.init("bridge", .muted)) }
        case .veth:
            if let end = containerEnd(of: link) { pieces += [.init("⇄", .accent), .init(end, .text)] } else { pieces.append(.init("veth, its other end is in another namespace", .muted)) }
        case .loopback: pieces.append(.init("loopback", .muted))
        default: break
        }
        // Loopback is always "unknown", and a bridge without plugs is down: neither is a fault.
        if !link.isUp || (link.operState == "down" && link.kind != .bridge) { pieces.append(.init("down", .warning)) }
        if link.name == uplink?.link { pieces.append(.init("uplink, default via \(uplink?.gateway ?? "?")", .accent)) }
        if link.errors > 0 { pieces.append(.init("\(link.errors) errors", .warning)) }
        var children: [Tree<NetworkRow>] = []
        var seen = Set<Container.ID>()
        // By the names people know: interface names are random.
        let names = Dictionary(snapshot.containers.map { ($0.id.raw, $0.name) }, uniquingKeysWith: { first, _ in first })
        let ports = snapshot.hostNetwork.links.filter { $0.master == link.name }.map { (link: $0, name: $0.container.flatMap { names[$0] } ?? $0.name) }
            .sorted { NaturalOrder.precedes($0.name, $1.name) }.map(\.link)
        for port in ports { children.append(portTree(port, network: network, seen: &seen)) }
        if let network {
            pieces += [.init("network", .muted), .init(network.name, .accent)]
            let missing = attachments(of: network).filter { !seen.contains($0.container.id) && $0.container.isUp }
            children += missing.map { plugTree($0.container, $0.endpoint, network: network, note: "") }
            pieces.append(.init(children.isEmpty ? "nothing plugged in" : "\(children.count) plugged in", .muted))
        }
        let id: NetworkRow.ID = network.map { .network($0.id) } ?? .link(link.name)
        return Tree(NetworkRow(id: id, pieces: pieces, rates: rates(link)), children)
    }

    private func portTree(_ port: Link, network: Network?, seen: inout Set<Container.ID>) -> Tree<NetworkRow> {
        let container = port.container.flatMap { raw in snapshot.containers.first { $0.id.raw == raw } }
        guard let container else {
            let end = port.container.map { "container \($0.prefix(12)) of an engine that is not watched" } ?? "its other end is not known"
            return Tree(NetworkRow(id: .link(port.name), pieces: [.init(port.name, .muted), .init("⇄", .accent), .init(end, .muted)], rates: rates(port)))
        }
        seen.insert(container.id)
        let endpoint = network.flatMap { network in container.endpoints.first { $0.networkID == network.id.raw || $0.network == network.name } }
        var pieces: [NetworkRow.Piece] = [.init(port.name, .muted), .init("⇄", .accent), .init(container.name, container.problem == nil ? .text : .bad)]
        pieces.append(.init(port.containerInterface ?? "", .muted))
        pieces.append(.init(endpoint?.address ?? "", .text))
        pieces += published(container)
        let id: NetworkRow.ID = network.map { .plug($0.id, container.id) } ?? .link(port.name)
        return Tree(NetworkRow(id: id, pieces: pieces, rates: rates(port)))
    }

    private func containerEnd(of link: Link) -> String? {
        guard let raw = link.container else { return nil }
        let name = snapshot.containers.first { $0.id.raw == raw }?.name ?? String(raw.prefix(12))
        return name + " " + (link.containerInterface ?? "")
    }

    private func rates(_ link: Link) -> String {
        "↓ \(Figure.rate(link.receiveRate)) ↑ \(Figure.rate(link.sendRate))"
    }

    // MARK: The engine's networks

    private func networkTree(_ network: Network, host: Host) -> Tree<NetworkRow> {
        let attachments = attachments(of: network)
        var pieces: [NetworkRow.Piece] = [.init(network.name, .title), .init(network.driver == network.name ? "" : network.driver, .muted)]
        if network.scope != "local" { pieces.append(.init(network.scope, .info)) }
        pieces += network.subnets.map { .init($0.range + ($0.gateway.isEmpty ? "" : " gateway \($0.gateway)"), .text) }
        if network.isInternal { pieces.append(.init("internal", .info)) }
        if network.isAttachable { pieces.append(.init("attachable", .info)) }
        if network.isIngress { pieces.append(.init("ingress", .info)) }
        if network.hasIPv6 { pieces.append(.init("IPv6", .info)) }
        let up = attachments.filter(\.container.isUp).count
        pieces.append(.init(attachments.isEmpty ? "nobody attached" : "\(attachments.count) attached" + (up < attachments.count ? ", \(up) running" : ""), .muted))
        return Tree(NetworkRow(id: .network(network.id), pieces: pieces), attachments.map { plugTree($0.container, $0.endpoint, network: network, note: $0.container.isUp ? "" : $0.container.state.word) })
    }

    private func plugTree(_ container: Container, _ endpoint: Endpoint, network: Network, note: String) -> Tree<NetworkRow> {
        var pieces: [NetworkRow.Piece] = [.init(container.name, container.problem == nil ? .text : .bad), .init(endpoint.address, .text)]
        if !endpoint.addressIPv6.isEmpty { pieces.append(.init(endpoint.addressIPv6, .text)) }
        if !endpoint.hardwareAddress.isEmpty { pieces.append(.init(endpoint.hardwareAddress, .muted)) }
        pieces += published(container)
        if !note.isEmpty { pieces.append(.init(note, .muted)) }
        return Tree(NetworkRow(id: .plug(network.id, container.id), pieces: pieces, isDimmed: !container.isUp))
    }

    private func published(_ container: Container) -> [NetworkRow.Piece] {
        container.publishedPorts.map { .init(ContainerRow.words($0), .info) }
    }
}
