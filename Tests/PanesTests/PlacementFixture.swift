import Domain

/// A swarm of three nodes with a stack, a global service and a job, as it is on a good day and on some bad ones.
enum PlacementFixture {
    static let now = Timestamp(seconds: 1_795_420_984)
    static let engine = Source.ID("docker:local")
    static let swarm = Source.ID("swarm:local")

    static let healthy = picture(web: .init())
    /// An update goes through the web service, one task at a time.
    static let converging = picture(web: .init(isUpdating: true))
    /// The fifth web task fits nowhere.
    static let pending = picture(web: .init(hasUnplaced: true))
    static let nodeDown = picture(web: .init(), isNodeDown: true)
    /// A node is gone, an update was paused by a wrong image, a task fits nowhere and another one fails over and over.
    static let stuck = picture(web: .init(hasUnplaced: true), isNodeDown: true, hasFailures: true)

    /// Engines that answer and are part of no swarm.
    static let noSwarm: Snapshot = {
        var snapshot = base
        snapshot.sources.append(swarmSource(.absent("the engine of lab1 is part of no swarm: docker swarm init makes it one, docker swarm join makes it part of another")))
        return snapshot
    }()

    struct Web {
        var isUpdating = false
        var hasUnplaced = false
    }

    static func swarmSource(_ freshness: Freshness, remarks: [String] = []) -> Source {
        Source(id: swarm, kind: .swarm, title: "swarm 3 nodes", name: "local", address: "unix:///var/run/docker.sock", freshness: freshness, remarks: remarks)
    }

    static func ago(_ seconds: Int64) -> Timestamp { Timestamp(seconds: now.seconds - seconds) }

    static var base: Snapshot {
        var snapshot = Snapshot(takenAt: now)
        snapshot.sources = [
            Source(id: engine, kind: .docker, title: "docker 20.10", name: "local", address: "unix:///var/run/docker.sock", freshness: .live(since: ago(3600)))
        ]
        snapshot.hosts = [Host(id: Host.ID(engine, "h1"), name: "lab1", cpus: 4, memory: 8 << 30, isLocal: true)]
        return snapshot
    }

    static func picture(web: Web, isNodeDown: Bool = false, hasFailures: Bool = false) -> Snapshot {
        var snapshot = base
        snapshot.sources.append(swarmSource(.live(since: ago(3600))))
        var (workloads, tasks) = shop(web)
        let (others, otherTasks) = rest(hasFailures: hasFailures)
        workloads += others
        tasks += otherTasks
        if isNodeDown {
            leave(node(3), &tasks, &workloads)
            for index in tasks.indices where tasks[index].isUnplaced {
                tasks[index].reason = "no suitable node (max replicas per node limit exceed; 1 node not available for new tasks)"
            }
        }
        snapshot.nodes = nodes(isNodeDown: isNodeDown, tasks: tasks)
        snapshot.workloads = workloads
        snapshot.tasks = tasks
        snapshot.revisions.placement = 1
        return snapshot
    }

    static func node(_ number: Int) -> Node.ID { Node.ID(swarm, "n\(number)ux7q1gkd0w2rm4v5t8yzb3c") }
    static func service(_ name: String) -> Workload.ID { Workload.ID(swarm, name + "-k2f9d1w8q7x0") }

    // MARK: Nodes

    private static func nodes(isNodeDown: Bool, tasks: [WorkloadTask]) -> [Node] {
        (1...3).map { number in
            let isDown = isNodeDown && number == 3
            return Node(
                id: node(number), name: "h\(number)", address: "10.77.0.\(number)", status: isDown ? .down : .ready,
                roles: number == 1 ? ["leader", "manager"] : ["worker"], reachability: number == 1 ? "reachable" : "",
                labels: number == 3 ? ["zone": "b"] : ["zone": "a", "ssd": "true"], engineLabels: number == 3 ? [:] : ["storage": "nvme"],
                capacity: Resources(nanoCPUs: 4_000_000_000, memory: 8 << 30),
                reserved: tasks.filter { $0.isCurrent && $0.node == node(number) }.reduce(Resources(nanoCPUs: 0, memory: 0)) { $0 + $1.reserved },
                version: "20.10.24", platform: Platform(system: "linux", architecture: "x86_64"),
                plugins: ["Network/overlay", "Network/bridge", "Volume/local", "Log/json-file"], message: isDown ? "heartbeat failure" : "", revision: 40 + UInt64(number),
                isAnswering: number == 1)
        }
    }

    /// Swarm counts what was on a dead node as history and starts it elsewhere, if it may run elsewhere.
    private static func leave(_ gone: Node.ID, _ tasks: inout [WorkloadTask], _ workloads: inout [Workload]) {
        for index in tasks.indices where tasks[index].node == gone && tasks[index].isCurrent {
            let old = tasks[index]
            tasks[index].isCurrent = false
            tasks[index].wanted = "shutdown"
            guard old.slot > 0 else {
                for position in workloads.indices where workloads[position].id == old.workload {
                    workloads[position].desired -= 1
                    workloads[position].running -= 1
                }
                continue
            }
            var new = old
            new = WorkloadTask(
                id: WorkloadTask.ID(swarm, old.id.raw + "b"), name: old.name, workload: old.workload, slot: old.slot, node: node(2), state: old.state,
                stateWord: old.stateWord, image: old.image, reserved: old.reserved, created: ago(95), since: ago(92))
            tasks.append(new)
        }
    }

    // MARK: The stack

    private static func shop(_ web: Web) -> ([Workload], [WorkloadTask]) {
        let policy = Workload.RolloutPolicy(parallelism: 1, delay: .seconds(5), onFailure: "pause", monitor: .seconds(5))
        let webDemand = Demand(
            constraints: web.hasUnplaced ? ["node.labels.ssd == true"] : [], resources: Resources(nanoCPUs: 500_000_000, memory: 512 << 20),
            platforms: [Platform(system: "linux", architecture: "amd64")], maximumPerNode: web.hasUnplaced ? 2 : nil, spreadOver: ["node.labels.zone"])
        let workloads = [
            Workload(
                id: service("shop_web"), name: "shop_web", group: "shop", kind: "service", image: web.isUpdating ? "registry.example.com/shop/web:1.5.0" : "registry.example.com/shop/web:1.4.2",
                digest: "sha256:0f1d9c7e54a0b7b6c1c6bd4e3b0a7c3fd6a9f2f4e0c1d7a8b9e5f60718293a4b", desired: 5, running: web.hasUnplaced || web.isUpdating ? 4 : 5,
                rollout: web.isUpdating ? .progressing : .settled, rolloutMessage: web.isUpdating ? "update in progress" : "", rolloutSince: web.isUpdating ? ago(250) : nil,
                updatePolicy: policy, rollbackPolicy: policy, demand: webDemand, ports: [Workload.Port(published: 8080, target: 80)], networks: ["shop_front", "shop_back"],
                labels: ["com.docker.stack.namespace": "shop", "tier": "front"], updated: ago(web.isUpdating ? 250 : 7500), hasPrevious: true, revision: 1184),
            Workload(
                id: service("shop_db"), name: "shop_db", group: "shop", kind: "service", image: "postgres:15.4", desired: 1, running: 1, updatePolicy: policy,
                demand: Demand(constraints: ["node.hostname == h1"], resources: Resources(nanoCPUs: 1_000_000_000, memory: 2 << 30)), networks: ["shop_back"],
                labels: ["com.docker.stack.namespace": "shop", "tier": "data"], updated: ago(1_900_000), revision: 212),
        ]
        var tasks = [1, 2, 1, 2, 3].enumerated().map { index, number in webTask(slot: index + 1, number: number, web) }
        if web.hasUnplaced {
            tasks[4] = WorkloadTask(
                id: WorkloadTask.ID(swarm, "web5"), name: "shop_web.5", workload: service("shop_web"), slot: 5, state: .pending, stateWord: "pending",
                reason: "no suitable node (max replicas per node limit exceed; scheduling constraints not satisfied on 1 node)",
                image: "registry.example.com/shop/web:1.4.2", reserved: webDemand.resources, created: ago(186), since: ago(185))
        }
        tasks.append(
            WorkloadTask(
                id: WorkloadTask.ID(swarm, "db1"), name: "shop_db.1", workload: service("shop_db"), slot: 1, node: node(1), containers: ["db0c1d2e3f4a"], state: .running, stateWord: "running",
                image: "postgres:15.4", addresses: ["10.0.2.3/24"], reserved: Resources(nanoCPUs: 1_000_000_000, memory: 2 << 30), created: ago(1_900_000), since: ago(1_899_990)))
        return (workloads, tasks)
    }

    private static func webTask(slot: Int, number: Int, _ web: Web) -> WorkloadTask {
        let isStarting = web.isUpdating && slot == 2
        let isOutdated = web.isUpdating && slot > 2
        return WorkloadTask(
            id: WorkloadTask.ID(swarm, "web\(slot)"), name: "shop_web.\(slot)", workload: service("shop_web"), slot: slot, node: node(number), containers: ["web\(slot)c1d2e3f4a"],
            state: isStarting ? .starting : .running, stateWord: isStarting ? "preparing" : "running", isOutdated: isOutdated,
            image: web.isUpdating && !isOutdated ? "registry.example.com/shop/web:1.5.0" : "registry.example.com/shop/web:1.4.2", addresses: ["10.0.1.\(slot + 2)/24"],
            reserved: Resources(nanoCPUs: 500_000_000, memory: 512 << 20), created: ago(isStarting ? 14 : web.isUpdating && slot == 1 ? 240 : 7490),
            since: ago(isStarting ? 12 : web.isUpdating && slot == 1 ? 230 : 7480))
    }

    // MARK: The rest

    private static func rest(hasFailures: Bool) -> ([Workload], [WorkloadTask]) {
        var workloads = [
            Workload(
                id: service("agent"), name: "agent", kind: "service", mode: .perNode, image: "prom/node-exporter:v1.6.1", desired: 3, running: 3,
                ports: [Workload.Port(published: 9100, target: 9100, isOnHost: true)], labels: ["team": "ops"], updated: ago(400_000), revision: 88),
            Workload(
                id: service("reindex"), name: "reindex", kind: "service", mode: .job(completions: 3), image: "shop/tools:1.4.2", desired: 1, running: 1, completed: 2, updated: ago(320),
                revision: 1201),
        ]
        var tasks = (1...3).map { number in
            WorkloadTask(
                id: WorkloadTask.ID(swarm, "agent\(number)"), name: "agent.h\(number)", workload: service("agent"), node: node(number), containers: ["agent\(number)d2e3f4a"], state: .running,
                stateWord: "running", image: "prom/node-exporter:v1.6.1", created: ago(400_000), since: ago(399_980))
        }
        tasks += (1...3).map { slot in
            WorkloadTask(
                id: WorkloadTask.ID(swarm, "reindex\(slot)"), name: "reindex.\(slot)", workload: service("reindex"), slot: slot, node: node(slot == 2 ? 1 : 2), state: slot < 3 ? .finished : .running,
                stateWord: slot < 3 ? "complete" : "running", exitCode: slot < 3 ? 0 : nil, image: "shop/tools:1.4.2", created: ago(320), since: ago(slot < 3 ? 120 : 118))
        }
        if hasFailures { fail(&workloads, &tasks) }
        return (workloads, tasks)
    }

    private static func fail(_ workloads: inout [Workload], _ tasks: inout [WorkloadTask]) {
        workloads.append(
            Workload(
                id: service("mail"), name: "mail", kind: "service", image: "registry.example.com/mail:2.0.1", desired: 2, running: 1, rollout: .paused,
                rolloutMessage: "update paused due to failure or early termination of task m2x9q0w7e5r3t1y8u6i4o2p0a", rolloutSince: ago(130), labels: ["team": "ops"], updated: ago(150),
                hasPrevious: true, revision: 1190))
        workloads.append(Workload(id: service("worker"), name: "worker", kind: "service", image: "shop/worker:1.4.2", desired: 2, running: 1, updated: ago(90_000), revision: 930))
        let mail = service("mail")
        tasks.append(
            WorkloadTask(
                id: WorkloadTask.ID(swarm, "mail1"), name: "mail.1", workload: mail, slot: 1, node: node(1), state: .running, stateWord: "running", isOutdated: true,
                image: "registry.example.com/mail:2.0.0", created: ago(90_000), since: ago(89_990)))
        tasks.append(
            WorkloadTask(
                id: WorkloadTask.ID(swarm, "mail2"), name: "mail.2", workload: mail, slot: 2, node: node(2), state: .rejected, stateWord: "rejected",
                reason: "No such image: registry.example.com/mail:2.0.1@sha256:5b0c3fd6a9f2f4e0c1d7a8b9e5f60718293a4b0f1d9c7e54a0b7b6c1c6bd4e3b", image: "registry.example.com/mail:2.0.1",
                created: ago(140), since: ago(131)))
        let worker = service("worker")
        tasks.append(
            WorkloadTask(
                id: WorkloadTask.ID(swarm, "worker1"), name: "worker.1", workload: worker, slot: 1, node: node(1), state: .running, stateWord: "running", image: "shop/worker:1.4.2",
                created: ago(90_000), since: ago(89_990)))
        for attempt in 1...3 {
            tasks.append(
                WorkloadTask(
                    id: WorkloadTask.ID(swarm, "worker2-\(attempt)"), name: "worker.2", workload: worker, slot: 2, node: node(2), state: .failed, stateWord: "failed", wanted: "shutdown",
                    isCurrent: false, reason: "task: non-zero exit (137)", exitCode: 137, image: "shop/worker:1.4.2", created: ago(Int64(attempt) * 40), since: ago(Int64(attempt) * 40 - 30)))
        }
        tasks.append(
            WorkloadTask(
                id: WorkloadTask.ID(swarm, "worker2"), name: "worker.2", workload: worker, slot: 2, node: node(2), state: .starting, stateWord: "ready", wanted: "ready", image: "shop/worker:1.4.2",
                created: ago(9), since: ago(8)))
    }
}
