internal import Domain
internal import JSON
internal import Synchronization

/// Programs run inside containers.
extension DockerHandler {
    func createExec(in reference: String, _ call: DockerRequest) throws(OrderRefusal) -> ServerReply {
        let tree = try call.json()
        let arguments = tree.command("Cmd")
        let (container, id) = try look { world throws(OrderRefusal) in
            let container = try world.container(reference, on: host)
            if arguments.isEmpty { throw OrderRefusal(.badRequest, "No exec command specified") }
            guard container.isRunning else { throw OrderRefusal(.conflict, "Container \(container.id) is not running") }
            if container.state == .paused { throw OrderRefusal(.conflict, "Container \(reference) is paused, unpause the container before exec") }
            return (container.id, world.random.hexadecimal(64))
        }
        state.execs.withLock {
            $0.add(ExecSessions.Session(id: id, container: container, arguments: arguments, usesTerminal: tree.flag("Tty"), takesInput: tree.flag("AttachStdin")))
        }
        return reply(201) { $0.field("Id", id) }
    }

    func exec(_ call: DockerRequest) async throws(OrderRefusal) -> ServerReply? {
        guard call.path.count == 3 else { return nil }
        let id = call.path[1]
        guard let session = state.execs.withLock({ $0[id] }) else { throw OrderRefusal(.notFound, "No such exec instance: \(id)") }
        switch (call.method, call.path[2]) {
        case ("GET", "json"): return reply(200) { Self.write(session, &$0) }
        case ("POST", "resize"):
            guard session.isRunning else { throw OrderRefusal(.notFound, "no such exec") }
            let (rows, columns) = (try call.integer("h") ?? 0, try call.integer("w") ?? 0)
            state.execs.withLock { $0.resize(id, rows: min(max(rows, 0), 9999), columns: min(max(columns, 0), 9999)) }
            return reply(200)
        case ("POST", "start"): return try startExec(session, call)
        default: return nil
        }
    }

    private static func write(_ session: ExecSessions.Session, _ text: inout JSONText) {
        text.field("ID", session.id)
        text.field("Running", session.isRunning)
        if let code = session.exitCode { text.field("ExitCode", code) } else { text.null("ExitCode") }
        text.object("ProcessConfig") {
            $0.field("tty", session.usesTerminal)
            $0.field("entrypoint", session.arguments.first ?? "")
            $0.field("arguments", Array(session.arguments.dropFirst()))
            $0.field("privileged", false)
        }
        text.field("OpenStdin", session.takesInput)
        text.field("OpenStderr", true)
        text.field("OpenStdout", true)
        text.field("CanRemove", false)
        text.field("ContainerID", session.container)
        text.field("DetachKeys", "")
        text.field("Pid", session.pid)
    }

    private func startExec(_ session: ExecSessions.Session, _ call: DockerRequest) throws(OrderRefusal) -> ServerReply {
        let tree = call.body.isEmpty ? JSONTree.null : try call.json()
        let (container, pid) = try look { world throws(OrderRefusal) in
            let container = try world.container(session.container, on: host)
            guard container.isRunning else { throw OrderRefusal(.conflict, "Container \(container.id) is not running") }
            if container.state == .paused { throw OrderRefusal(.conflict, "Container \(container.id) is paused, unpause the container before exec") }
            return (container, container.pid + 40)
        }
        guard let session = state.execs.withLock({ $0.begin(session.id, pid: pid) }) else {
            let words = Array("Error: Exec command \(session.id) has already run\r\n".utf8)
            return hijack(call) { stream in
                var bytes: [UInt8] = []
                LogFrames.frame(1, words, &bytes)
                await stream.write(bytes)
                await stream.close()
            }
        }
        let isShell = Shell.isShell(session.arguments[0]) && !session.arguments.contains("-c")
        // Looked into by its shell, it must be told as begun; what it does follows line by line.
        let execution = try look { world throws(OrderRefusal) in
            try world.order(.execute(container: container.id, arguments: session.arguments, host: host)).execution
        } ?? SimExecution(output: "")
        if tree.flag("Detach") {
            state.execs.withLock { $0.end(session.id, code: execution.exitCode) }
            return reply(200)
        }
        let state = state
        let talk = ShellTalk(cluster: cluster, container: container.id, session: session) { state.execs.withLock { $0[session.id]?.terminal ?? session.terminal } }
        return hijack(call) { stream in
            guard isShell, session.takesInput else {
                await stream.write(talk.framed(execution))
                state.execs.withLock { $0.end(session.id, code: execution.exitCode) }
                return await stream.close()
            }
            await talk.run(over: stream) { code in state.execs.withLock { $0.end(session.id, code: code) } }
        }
    }
}
