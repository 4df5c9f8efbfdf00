public import Domain
internal import Engine
internal import JSON
internal import Transport

/// Looking into one service, task or node, and at what they print.
extension SwarmEngine {
    public func rawJSON(of target: Operation.Target) async throws(Trouble) -> String {
        let name = PlainText.printable(target.name)
        let attempt = connection.attempt("show \(target.kind) \(name)")
        let call: DockerCall
        switch target {
        case .workload(let id, _): call = DockerCall("GET", ["services", id.raw])
        case .node(let id, _): call = DockerCall("GET", ["nodes", id.raw])
        case .task(let id, _): call = DockerCall("GET", ["tasks", id.raw])
        case .group(_, let name):
            call = DockerCall("GET", ["services"], [DockerCall.filters(["label": ["com.docker.stack.namespace=\(name)"]])])
        // `GET /swarm` would show the tokens by which anybody joins; the engine's description tells the rest of it.
        case .source: call = DockerCall("GET", ["info"])
        case .container, .network, .instance, .member, .check:
            throw Trouble(.unsupported, attempt: attempt, answer: "a swarm holds services, tasks and nodes")
        }
        do throws(Trouble) {
            return JSONIndenter.indented(try await connection.swarmAnswer(call, attempt: attempt))
        } catch {
            if error.reason == .notFound { throw Trouble(.notFound, attempt: attempt, answer: "it has gone") }
            throw error
        }
    }

    public func logs(
        of origin: LogOrigin, _ request: LogRequest, into receive: @escaping @Sendable ([LogLine]) -> Void
    ) async throws(Trouble) {
        let board = await board
        var names: [String: String] = [:]
        for node in board.nodes { names[node.id.raw] = node.name }
        for workload in board.workloads { names[workload.id.raw] = workload.name }
        for task in board.tasks { names[task.id.raw] = task.name }
        let logs = SwarmLogs(connection: connection, origin: origin, names: names.mapValues(PlainText.printable)) { [self] id in
            await nodes.contains { $0.id.raw == id && $0.status == .down }
        }
        try await logs.follow(request, into: receive)
    }
}
