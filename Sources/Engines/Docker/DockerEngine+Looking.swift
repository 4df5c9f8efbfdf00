public import Domain
public import Engine
internal import JSON
internal import Transport

/// Looking into one container or network.
extension DockerEngine {
    public func detail(of container: Container.ID) async throws(Trouble) -> Container.Detail {
        guard let (_, wire) = try await connection.inspection(container.raw) else { throw gone("inspect", "container", container.short) }
        return DockerMapping.detail(wire)
    }

    public func rawJSON(of target: Operation.Target) async throws(Trouble) -> String {
        switch target {
        case .container(let id, let name):
            guard let (body, _) = try await connection.inspection(id.raw) else { throw gone("inspect", "container", name) }
            return JSONIndenter.indented(body)
        case .network(let id, let name):
            guard let (body, _) = try await connection.network(id.raw) else { throw gone("inspect", "network", name) }
            return JSONIndenter.indented(body)
        case .source:
            let call = DockerCall("GET", ["info"])
            return JSONIndenter.indented(try await connection.perform(call, attempt: connection.attempt("read the description")).body)
        case .workload, .node, .task, .group, .instance, .member, .check:
            throw Trouble(.unsupported, attempt: "show \(PlainText.printable(target.name))", answer: "an engine by itself holds none")
        }
    }

    public func processes(of container: Container.ID) async throws(Trouble) -> ProcessTable {
        let answer = try await connection.processes(container.raw)
        return ProcessTable(titles: answer.titles ?? [], rows: answer.processes ?? [])
    }

    public func logs(
        of origin: LogOrigin, _ request: LogRequest, into receive: @escaping @Sendable ([LogLine]) -> Void
    ) async throws(Trouble) {
        guard case .container(let container) = origin else {
            throw Trouble(.unsupported, attempt: "read a log", answer: "an engine by itself holds the logs of its containers only")
        }
        try await DockerLogs(connection: connection, container: container).follow(request, into: receive)
    }

    public func shell(in container: Container.ID, command: [String], size: TerminalSize) async throws(Trouble) -> any ShellSession {
        // A shell changes whatever is typed into it.
        guard !configuration.isReadOnly else {
            throw Trouble(.refusedByPlan, attempt: "open a shell in \(container.short)", answer: DockerPlans.readOnly)
        }
        return try await DockerShell.start(command, in: container, size: size, over: connection)
    }

    public func run(_ command: [String], in container: Container.ID, limit: Duration) async throws(Trouble) -> CommandResult {
        // What a command changes cannot be told beforehand.
        guard !configuration.isReadOnly else {
            throw Trouble(.refusedByPlan, attempt: "run a command in \(container.short)", answer: DockerPlans.readOnly)
        }
        return try await ContainerCommand(command: command, container: container, limit: limit, connection: connection).run()
    }

    private func gone(_ verb: String, _ kind: String, _ name: String) -> Trouble {
        Trouble(.notFound, attempt: "\(verb) \(kind) \(PlainText.printable(name))", answer: "it has gone")
    }
}
