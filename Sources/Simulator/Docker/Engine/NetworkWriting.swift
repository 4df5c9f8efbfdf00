internal import Domain

/// A network in the engine's words.
struct NetworkWriting {
    let network: SimNetwork
    let world: World
    /// Whose engine tells it: it knows only its own containers.
    let host: String

    private var isPredefined: Bool { ["bridge", "host", "none", "docker_gwbridge"].contains(network.name) && network.host != nil }

    /// - Parameter hasContainers: only the answer about one network tells who is on it.
    func write(_ text: inout JSONText, hasContainers: Bool, isVerbose: Bool = false) {
        text.field("Name", network.name)
        text.field("Id", network.id)
        text.time("Created", network.created)
        text.field("Scope", network.scope.rawValue)
        text.field("Driver", network.driver)
        text.field("EnableIPv6", false)
        text.object("IPAM") { text in
            text.field("Driver", "default")
            if isPredefined || network.scope == .swarm { text.null("Options") } else { text.object("Options") { _ in } }
            text.array("Config") { list in
                guard !network.subnet.isEmpty else { return }
                list.object {
                    $0.field("Subnet", network.subnet)
                    if !network.gateway.isEmpty { $0.field("Gateway", network.gateway) }
                }
            }
        }
        text.field("Internal", network.isInternal)
        text.field("Attachable", network.isAttachable)
        text.field("Ingress", network.isIngress)
        text.object("ConfigFrom") { $0.field("Network", "") }
        text.field("ConfigOnly", false)
        if hasContainers { text.object("Containers") { containers(&$0) } } else if network.scope == .swarm { text.null("Containers") } else { text.object("Containers") { _ in } }
        text.field("Options", options)
        if network.labels.isEmpty, network.scope == .swarm, !hasContainers { text.null("Labels") } else { text.field("Labels", network.labels) }
        if hasContainers, network.scope == .swarm { peers(&text) }
        if hasContainers, network.scope == .swarm, isVerbose { services(&text) }
    }

    private var options: [String: String] {
        var options = network.options
        if let vxlan = network.vxlan { options["com.docker.network.driver.overlay.vxlanid_list"] = String(vxlan) }
        if network.name == "bridge", network.host != nil {
            options.merge([
                "com.docker.network.bridge.default_bridge": "true", "com.docker.network.bridge.enable_icc": "true",
                "com.docker.network.bridge.enable_ip_masquerade": "true", "com.docker.network.bridge.host_binding_ipv4": "0.0.0.0",
                "com.docker.network.bridge.name": "docker0", "com.docker.network.driver.mtu": "1500",
            ]) { own, _ in own }
        }
        return options
    }

    private func containers(_ text: inout JSONText) {
        var all: [(SimContainer, SimEndpoint)] = []
        for id in network.containers {
            guard let container = world.containers[id], container.host == host, let endpoint = container.endpoints.first(where: { $0.network == network.id })
            else { continue }
            all.append((container, endpoint))
        }
        for (container, endpoint) in all.sorted(by: { $0.0.id < $1.0.id }) {
            text.object(named: container.id) {
                $0.field("Name", container.name)
                $0.field("EndpointID", endpoint.id)
                $0.field("MacAddress", endpoint.mac)
                $0.field("IPv4Address", endpoint.address.isEmpty ? "" : "\(endpoint.address)/\(endpoint.prefix)")
                $0.field("IPv6Address", "")
            }
        }
    }

    /// The other machines that take part in an overlay.
    private func peers(_ text: inout JSONText) {
        let hosts = Set(network.containers.compactMap { world.containers[$0]?.host }).union([host])
        text.array("Peers") { list in
            for id in hosts.sorted() {
                guard let machine = world.hosts[id], network.isIngress || hosts.contains(id) else { continue }
                list.object {
                    $0.field("Name", String(machine.id.prefix(12)))
                    $0.field("IP", machine.address)
                }
            }
        }
    }

    private func services(_ text: inout JSONText) {
        text.object("Services") { text in
            for service in world.swarm.services.values.sorted(by: { $0.spec.name < $1.spec.name }) {
                guard let virtual = service.addresses.first(where: { $0.network == network.id }) else { continue }
                text.object(named: service.spec.name) { text in
                    text.field("VIP", String(virtual.address.prefix { $0 != "/" }))
                    text.field("Ports", [String]())
                    text.field("LocalLBIndex", 256)
                    text.array("Tasks") { list in
                        for task in world.tasks(of: service.id) where task.state == .running {
                            let address = task.addresses.first { $0.network == network.id }?.address ?? ""
                            list.object {
                                $0.field("Name", task.name)
                                $0.field("EndpointID", task.container ?? "")
                                $0.field("EndpointIP", String(address.prefix { $0 != "/" }))
                                $0.object("Info") { $0.field("Host IP", task.node.flatMap { world.hosts[$0]?.address } ?? "") }
                            }
                        }
                    }
                }
            }
        }
    }
}
