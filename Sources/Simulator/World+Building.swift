internal import Domain

/// The base cluster: a web shop on three machines.
extension World {
    mutating func build() {
        images = ImageCatalog(seed: seed, now: start).images
        switch size {
        case .base:
            now = start.adding(.seconds(-3 * 3600))
            for (name, zone) in [("h1", "a"), ("h2", "b"), ("h3", "c")] { addMachine(name, ["zone": zone, "ssd": name == "h2" ? "true" : "false"], isServer: true) }
            addAgents()
            addShop()
            _ = advance(to: start)
        case .scaled(let containers, let nodes, let services, let tasks, let checks):
            buildScaled(containers: containers, nodes: nodes, services: services, tasks: tasks, checks: checks)
        }
    }

    /// A machine with an engine, a node of the swarm and an agent of the registry. The first is the swarm's manager.
    @discardableResult
    mutating func addMachine(_ name: String, _ labels: [String: String], isServer: Bool, cpus: Int = 4, gigabytes: UInt64 = 8) -> String {
        let id = random.swarmID()
        let number = hosts.count + 11
        let address = "10.20.\(number / 250).\(number % 250)"
        hosts[id] = SimHost(
            id: id, engineID: random.engineID(), name: name, cpus: cpus, memory: gigabytes << 30, os: "linux", architecture: "x86_64",
            labels: ["storage": labels["ssd"] == "true" ? "ssd" : "disk"], engineVersion: "20.10.24", kernel: "5.10.0-21-amd64",
            operatingSystem: "Debian GNU/Linux 11 (bullseye)", address: address, bootedAt: start.adding(.seconds(-86_400 * 12 - Int64(number) * 17)))
        hostNames[name] = id
        for (name, driver, subnet) in [
            ("bridge", "bridge", "172.17.0.0/16"), ("host", "host", ""), ("none", "null", ""), ("docker_gwbridge", "bridge", "172.18.0.0/16"),
        ] {
            let options = driver == "bridge" ? ["com.docker.network.bridge.name": name == "bridge" ? "docker0" : name] : [:]
            add(name: name, driver: driver, host: id, pool: AddressPool(subnet: subnet), options: options)
        }
        if overlays["ingress"] == nil { add(name: "ingress", driver: "overlay", host: nil, pool: AddressPool(subnet: ingressSubnet), isIngress: true) }
        var spec = SimNodeSpec(role: swarm.nodes.isEmpty ? .manager : .worker)
        spec.labels = labels
        swarm.nodes[id] = SimNode(
            id: id, version: swarmChanged(), created: now, updated: now, spec: spec, hostname: name, platform: SimPlatform(architecture: "x86_64"),
            resources: SimResources(nanoCPUs: Int64(cpus) * 1_000_000_000, memory: Int64(gigabytes << 30)), engineVersion: "20.10.24",
            engineLabels: hosts[id]?.labels ?? [:], address: address, isLeader: swarm.nodes.isEmpty)
        addMember(name, address, host: id, isServer: isServer)
        return id
    }

    /// Large clusters have more tasks behind the mesh than a /24 has room for.
    private var ingressSubnet: String { size == .base ? "10.0.0.0/24" : "10.0.0.0/16" }

    private mutating func addMember(_ name: String, _ address: String, host: String, isServer: Bool) {
        put(SimMember(id: random.uuid(), name: name, address: address, isServer: isServer, host: host, meta: ["consul-network-segment": ""]))
        elect()
        var serf = SimCheck(node: name, id: "serfHealth", name: "Serf Health Status", kind: .serf)
        serf.status = .passing
        serf.output = "Agent alive and reachable"
        put(serf)
        guard isServer else { return }
        var consul = SimInstance(node: name, id: "consul", name: "consul")
        consul.port = 8300
        put(consul)
    }

    private mutating func addAgents() {
        for (id, host) in hosts {
            for reference in ["consul:1.8.7", "gliderlabs/registrator:v7", "busybox:1.32"] { hosts[id]?.images.insert(reference) }
            var agent = SimContainerSpec(image: "consul:1.8.7")
            agent.networkMode = "host"
            agent.restart = .unlessStopped
            agent.command = ["agent", "-server", "-bootstrap-expect=3", "-bind=\(host.address)"]
            launch(agent, "consul", id)
            var registrator = SimContainerSpec(image: "gliderlabs/registrator:v7")
            registrator.networkMode = "host"
            registrator.restart = .unlessStopped
            registrator.command = ["-internal", "-explicit", "-cleanup", "consul://localhost:8500"]
            registrator.mounts = [SimMount(kind: "bind", source: "/var/run/docker.sock", destination: "/tmp/docker.sock")]
            launch(registrator, "registrator", id)
        }
        guard let first = hosts.keys.first else { return }
        hosts[first]?.images.insert("shop/backup:1.0")
        var backup = SimContainerSpec(image: "shop/backup:1.0")
        backup.labels = ["com.docker.compose.project": "tools", "com.docker.compose.service": "backup"]
        backup.mounts = [SimMount(kind: "volume", source: "backups", destination: "/backup")]
        launch(backup, "backup", first)
        var toolbox = SimContainerSpec(image: "busybox:1.32")
        toolbox.command = ["httpd", "-f", "-p", "8000"]
        toolbox.exposedPorts = [SimPort(8000)]
        toolbox.bindings = [SimBinding(SimPort(8000), hostPort: 8000)]
        toolbox.restart = .always
        toolbox.labels = ["com.docker.compose.project": "tools", "com.docker.compose.service": "toolbox"]
        launch(toolbox, "toolbox", first)
    }

    /// What the builder makes is right; should it be refused all the same, the container is left out and a test sees it.
    private mutating func launch(_ spec: SimContainerSpec, _ name: String, _ host: String) {
        do throws(OrderRefusal) { try start(try make(spec, name: name, on: host)) } catch { assertionFailure(error.message) }
    }

    private mutating func addShop() {
        for (name, subnet) in [("shop_front", "10.0.1.0/24"), ("shop_back", "10.0.2.0/24"), ("data_net", "10.0.3.0/24")] {
            add(
                name: name, driver: "overlay", host: nil, pool: AddressPool(subnet: subnet), isAttachable: name == "data_net",
                labels: ["com.docker.stack.namespace": name.hasPrefix("data") ? "data" : "shop"])
        }
        add(shop("data_db", "postgres:13.2", 1, ["data_net"], ["SERVICE_NAME=db", "SERVICE_CHECK_TCP=true", "POSTGRES_PASSWORD=kept-secret"], cpus: 0.5, megabytes: 512, limit: 1024) {
            $0.task.constraints = ["node.labels.ssd == true"]
            $0.task.container.mounts = [SimMount(kind: "volume", source: "data_db", destination: "/var/lib/postgresql/data")]
        })
        add(shop("data_cache", "redis:6.2", 1, ["data_net"], ["SERVICE_NAME=cache", "SERVICE_CHECK_TCP=true"], cpus: 0.1, megabytes: 128, limit: 256))
        add(shop("shop_cart", "shop/cart:1.3", 2, ["shop_back", "data_net"], ["SERVICE_NAME=cart", "SERVICE_CHECK_HTTP=/health"], cpus: 0.2, megabytes: 128, limit: 256))
        add(shop("shop_pay", "shop/pay:2.9", 2, ["shop_back", "data_net"], ["SERVICE_NAME=pay", "SERVICE_TAGS=internal", "SERVICE_CHECK_TCP=true", "PAY_API_TOKEN=kept-secret"], cpus: 0.2, megabytes: 256, limit: 512) {
            $0.update.failureAction = .rollback
            $0.update.monitor = .seconds(20)
        })
        add(shop("shop_search", "shop/search:4.2", 2, ["shop_back"], ["SERVICE_NAME=search", "SERVICE_CHECK_HTTP=/_health"], cpus: 0.5, megabytes: 512, limit: 1024))
        add(shop("shop_worker", "shop/worker:1.8", 2, ["shop_back", "data_net"], [], cpus: 0.3, megabytes: 128, limit: 256))
        add(shop("shop_web", "shop/web:2.0", 4, ["shop_front", "shop_back"], ["SERVICE_NAME=web", "SERVICE_TAGS=public,v2", "SERVICE_CHECK_HTTP=/health"], cpus: 0.25, megabytes: 192, limit: 512) {
            $0.ports = [SimServicePort(target: 8080, published: 8080)]
            $0.update.delay = .seconds(3)
            $0.task.spreadOver = ["node.labels.zone"]
        })
        add(shop("shop_edge", "shop/edge:1.4", 1, ["shop_front"], ["SERVICE_80_NAME=edge", "SERVICE_80_CHECK_HTTP=/"], cpus: 0.1, megabytes: 64, limit: 128) {
            $0.mode = .global
            $0.ports = [SimServicePort(target: 80, published: 80, mode: .host), SimServicePort(target: 443, published: 443, mode: .host)]
        })
    }

    private func shop(
        _ name: String, _ image: String, _ replicas: Int, _ networks: [String], _ environment: [String], cpus: Double, megabytes: Int64, limit: Int64,
        adapting: (inout SimServiceSpec) -> Void = { _ in }
    ) -> SimServiceSpec {
        let parts = name.split(separator: "_").map(String.init)
        var container = SimContainerSpec(image: image)
        container.environment = environment + (environment.contains { $0.hasPrefix("SERVICE_") } ? ["SERVICE_CHECK_INTERVAL=10s"] : [])
        container.labels = ["com.docker.stack.namespace": parts[0]]
        var task = SimTaskTemplate(container: container)
        task.networks = networks.map { SimAttachment(overlays[$0] ?? $0, aliases: [parts.last ?? name]) }
        task.reservations = SimResources(nanoCPUs: Int64(cpus * 1e9), memory: megabytes << 20)
        task.limits = SimResources(nanoCPUs: Int64(cpus * 4e9), memory: limit << 20)
        var spec = SimServiceSpec(name: name, task: task)
        spec.labels = ["com.docker.stack.namespace": parts[0], "com.docker.stack.image": image]
        spec.mode = .replicated(replicas)
        adapting(&spec)
        return spec
    }
}
