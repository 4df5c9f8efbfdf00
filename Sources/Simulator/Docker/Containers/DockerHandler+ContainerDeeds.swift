internal import Domain
internal import JSON

/// `/containers`: changing.
extension DockerHandler {
    func change(_ id: String, _ verb: String, _ call: DockerRequest) async throws(OrderRefusal) -> ServerReply? {
        switch verb {
        case "start": try await order(.startContainer(id, host: host))
        case "stop": try await order(.stopContainer(id, grace: try grace(call), host: host))
        case "restart": try await order(.restartContainer(id, grace: try grace(call), host: host))
        case "kill": try await order(.killContainer(id, signal: call.text("signal"), host: host))
        case "pause": try await order(.pauseContainer(id, host: host))
        case "unpause": try await order(.unpauseContainer(id, host: host))
        case "rename": try await order(.renameContainer(id, to: call.text("name"), host: host))
        case "update": return try await updateContainer(id, call)
        case "wait": return try await waitFor(id, call)
        case "exec": return try createExec(in: id, call)
        case "attach": return try attach(to: id, call)
        case "resize":
            let container = try look { world throws(OrderRefusal) in try world.container(id, on: host) }
            guard container.isRunning else { throw OrderRefusal(.conflict, "Container \(container.id) is not running") }
            return reply(200)
        default: return nil
        }
        return reply(204)
    }

    /// Below zero it waits for ever, which is as long as a day here.
    private func grace(_ call: DockerRequest) throws(OrderRefusal) -> Duration? {
        try call.integer("t").map { .seconds($0 < 0 ? 86_400 : min($0, 86_400)) }
    }

    func createContainer(_ call: DockerRequest) async throws(OrderRefusal) -> ServerReply {
        let tree = try call.json(.serverError)
        let spec = try ContainerReading(tree: tree).spec()
        let answer = try await order(.createContainer(spec, name: call.text("name"), host: host))
        return reply(201) {
            $0.field("Id", answer.id)
            $0.field("Warnings", answer.warnings)
        }
    }

    func pruneContainers(_ call: DockerRequest) async throws(OrderRefusal) -> ServerReply {
        let answer = try await order(.pruneContainers(labels: try call.filters(["label", "label!", "until"])["label"], host: host))
        return reply(200) {
            $0.list("ContainersDeleted", answer.removed)
            $0.field("SpaceReclaimed", answer.reclaimed)
        }
    }

    private func updateContainer(_ id: String, _ call: DockerRequest) async throws(OrderRefusal) -> ServerReply {
        let tree = try call.json(.serverError)
        let memory = tree.number("Memory")
        let restart = SimContainerSpec.Restart(rawValue: tree.word("RestartPolicy", "Name"))
        let cpus = tree.number("NanoCpus")
        let answer = try await order(
            .updateContainer(id, nanoCPUs: cpus > 0 ? cpus : nil, memory: memory > 0 ? UInt64(memory) : nil, restart: restart, host: host))
        return reply(200) { $0.list("Warnings", answer.warnings) }
    }

    /// The head goes out at once; the answer follows when what is waited for has come.
    private func waitFor(_ id: String, _ call: DockerRequest) async throws(OrderRefusal) -> ServerReply {
        let word = call.text("condition")
        guard let condition = ExitFollower.Condition(rawValue: word.isEmpty ? "not-running" : word) else {
            throw OrderRefusal(.badRequest, "Invalid condition: \"\(word)\"")
        }
        let container = try look { world throws(OrderRefusal) in try world.container(id, on: host) }
        let follower = ExitFollower(cluster: cluster, id: container.id, condition: condition, generation: container.generation, code: container.exitCode)
        return .stream(status: 200, headers: headers(type: "application/json"), Following.stream(follower))
    }

    /// What it writes from now on. What is typed goes nowhere: none of the practice programs reads.
    private func attach(to id: String, _ call: DockerRequest) throws(OrderRefusal) -> ServerReply {
        let container = try look { world throws(OrderRefusal) in try world.container(id, on: host) }
        var query = call.request.query.filter { $0.name != "follow" && $0.name != "since" }
        query.append((name: "follow", value: call.flag("stream") ? "1" : "0"))
        if !query.contains(where: { $0.name == "stdout" || $0.name == "stderr" }) { query.append((name: "stdout", value: "1")) }
        var request = call.request
        request.query = query
        var wish = try LogWish(DockerRequest(request))
        wish.frames.isRaw = container.spec.usesTerminal
        if !call.flag("logs") { wish.since = cluster.time }
        let follower = ContainerLogFollower(cluster: cluster, id: container.id, wish: wish, awaited: container.isRunning ? nil : container.generation)
        return hijack(call) { stream in
            var follower = follower
            while !Task.isCancelled, let bytes = await follower.next() {
                if !bytes.isEmpty { await stream.write(bytes) }
            }
            await stream.close()
        }
    }

    func hijack(_ call: DockerRequest, _ talk: @escaping @Sendable (HijackedStream) async -> Void) -> ServerReply {
        let isUpgrade = call.request.header("Upgrade") != nil
        let upgrade = isUpgrade ? [("Connection", "Upgrade"), ("Upgrade", "tcp")] : []
        return .hijacked(
            status: isUpgrade ? 101 : 200, headers: [("Content-Type", "application/vnd.docker.raw-stream")] + upgrade + headers(type: nil).filter { $0.0 != "Date" },
            talk)
    }
}

/// `POST /containers/{id}/wait`.
struct ExitFollower: Follower {
    enum Condition: String, Sendable { case notRunning = "not-running", nextExit = "next-exit", removed }

    let cluster: PracticeCluster
    let id: String
    let condition: Condition
    /// As it was when somebody began to wait.
    let generation: Int
    /// Of the last look, for what has been removed meanwhile.
    var code: Int
    private var isDone = false

    init(cluster: PracticeCluster, id: String, condition: Condition, generation: Int, code: Int) {
        self.cluster = cluster
        self.id = id
        self.condition = condition
        self.generation = generation
        self.code = code
    }

    mutating func next() async -> [UInt8]? {
        if isDone { return nil }
        while !Task.isCancelled {
            let (container, sequence) = cluster.with { [id] world in (world.containers[id], world.lastSequence) }
            if let container {
                code = container.exitCode
                let rests = !container.isRunning && container.state != .restarting
                let isOver =
                    switch condition {
                    case .notRunning: rests
                    case .nextExit: rests && container.generation != generation
                    case .removed: false
                    }
                if isOver { return answer() }
            } else {
                return answer()
            }
            await cluster.news(after: sequence, atMost: .seconds(1))
        }
        return nil
    }

    private mutating func answer() -> [UInt8] {
        isDone = true
        return Array("{\"Error\":null,\"StatusCode\":\(code)}\n".utf8)
    }
}
