internal import Domain

/// Large clusters for measuring: everything in its place at once, without the minutes that a swarm would take for it.
extension World {
    mutating func buildScaled(containers: Int, nodes: Int, services: Int, tasks: Int, checks: Int) {
        now = start.adding(.seconds(-3600))
        for number in 0..<max(1, nodes) {
            addMachine(
                "n\(number + 1)", ["zone": ["a", "b", "c", "d"][number % 4], "rack": "r\(number / 40)"], isServer: number < 3,
                cpus: number == 0 ? 64 : 16, gigabytes: number == 0 ? 512 : 64)
        }
        for id in hosts.keys {
            for reference in ["shop/web:2.0", "shop/cart:1.3", "shop/worker:1.8", "redis:6.2", "busybox:1.32"] { hosts[id]?.images.insert(reference) }
        }
        addLoose(containers)
        addServices(services, tasks: tasks)
        addChecks(checks)
        now = start
        ring = HappeningRing(capacity: 4096)
    }

    private mutating func addLoose(_ count: Int) {
        guard let host = hosts.keys.first else { return }
        for number in 0..<count {
            var spec = SimContainerSpec(image: "busybox:1.32")
            spec.command = ["httpd", "-f"]
            spec.labels = ["com.docker.compose.project": "group\(number / 25)", "com.docker.compose.service": "part\(number % 25)"]
            spec.restart = .unlessStopped
            do throws(OrderRefusal) {
                let id = try make(spec, name: "group\(number / 25)_part\(number % 25)_1", on: host)
                // One in twenty has been left lying.
                if number % 20 == 19 { self.containers[id]?.state = .exited } else { try start(id) }
            } catch { assertionFailure(error.message) }
        }
    }

    private mutating func addServices(_ count: Int, tasks: Int) {
        let images = ["shop/web:2.0", "shop/cart:1.3", "shop/worker:1.8", "redis:6.2"]
        let machines = hosts.keys
        var turn = 0
        for number in 0..<count {
            let network = "net\(number / 100)"
            if overlays[network] == nil { add(name: network, driver: "overlay", host: nil, pool: AddressPool(subnet: "10.\(30 + number / 100 % 200).0.0/16")) }
            var container = SimContainerSpec(image: images[number % images.count])
            container.labels = ["com.docker.stack.namespace": "stack\(number / 10)"]
            var template = SimTaskTemplate(container: container)
            template.networks = [SimAttachment(overlays[network] ?? network)]
            template.reservations = SimResources(nanoCPUs: 50_000_000, memory: 64 << 20)
            template.platforms = [SimPlatform(architecture: "amd64")]
            let replicas = tasks / count + (number < tasks % count ? 1 : 0)
            var spec = SimServiceSpec(name: "stack\(number / 10)_svc\(number)", task: template)
            spec.labels = container.labels
            spec.mode = .replicated(replicas)
            let id = add(spec)
            for slot in 1..<replicas + 1 {
                settle(id, slot, on: machines[turn % machines.count])
                turn += 1
            }
        }
    }

    /// A task that runs, as if it had gone its way.
    private mutating func settle(_ service: String, _ slot: Int, on node: String) {
        guard let known = swarm.services[service] else { return }
        let id = newTask(of: known, slot: slot)
        swarm.tasks[id]?.generation += 1
        swarm.tasks[id]?.node = node
        swarm.nodes[node]?.tasks.insert(id)
        book(id)
        guard let task = swarm.tasks[id] else { return }
        swarm.tasks[id]?.state = .preparing
        makeReady(task)
        swarm.tasks[id]?.generation += 1
        guard let ready = swarm.tasks[id] else { return }
        launch(ready)
        swarm.tasks[id]?.state = .running
        swarm.tasks[id]?.message = "started"
    }

    private mutating func addChecks(_ count: Int) {
        let running = swarm.tasks.values.filter { $0.state == .running }
        guard !running.isEmpty else { return }
        for number in 0..<count {
            let task = running[number % running.count]
            guard let container = task.container.flatMap({ containers[$0] }), let host = hosts[container.host] else { continue }
            let port = container.exposedPorts.first?.number ?? 0
            let name = task.serviceName.split(separator: "_").last.map(String.init) ?? task.serviceName
            var instance = SimInstance(node: host.name, id: "\(host.name):\(container.name):\(port)", name: name)
            instance.address = container.address
            instance.port = port
            instance.container = container.id
            put(instance)
            var check = SimCheck(
                node: host.name, id: "service:\(instance.id)" + (number < running.count ? "" : ":\(number / running.count + 1)"), name: "Service '\(name)' check",
                kind: port == 0 ? .script(["/bin/true"]) : .tcp("\(container.address):\(port)"))
            check.status = .passing
            check.output = port == 0 ? "ok" : "TCP connect \(container.address):\(port): Success"
            check.serviceID = instance.id
            check.serviceName = name
            put(check)
        }
    }
}
