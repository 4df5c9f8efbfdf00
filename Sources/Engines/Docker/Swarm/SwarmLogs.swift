internal import Domain
internal import JSON
internal import Transport

/// The log of one task, or of all tasks of a service, wherever they run: the manager collects it from the nodes.
///
/// What was measured with 20.10: time stamps come before the details, and both in every part of a line that the engine cut.
/// A log that is followed never ends by itself, not even when its service has been removed; and only one that is not
/// followed says at its end which nodes it could not ask.
struct SwarmLogs: Sendable {
    /// Between looks whether there still is something to follow.
    private static let look = Duration.seconds(2)
    /// What an ended task printed last is on its way for a moment yet.
    private static let farewell = Duration.seconds(1)

    let connection: DockerConnection
    let origin: LogOrigin
    /// What nodes and tasks are called, by their ids.
    let names: [String: String]
    /// Whether a node, by its id, is down: then nobody hands out what its tasks printed.
    let isDown: @Sendable (String) async -> Bool

    private var attempt: String {
        let what =
            switch origin {
            case .task(let id): "task \(names[id.raw] ?? id.short)"
            case .workload(let id): "service \(names[id.raw] ?? id.short)"
            case .container(let id): "container \(id.short)"
            }
        return "read the log of \(what) of \(connection.address)"
    }

    /// Returns when the log ends, what it is of has ended, or the task is cancelled.
    func follow(_ request: LogRequest, into receive: @escaping @Sendable ([LogLine]) -> Void) async throws(Trouble) {
        var request = request
        let path: [String]
        var node: String?
        switch origin {
        case .task(let id):
            path = ["tasks", id.raw, "logs"]
            guard let task = try await connection.swarmTask(id.raw) else { throw gone }
            node = task.nodeID
            // Where there is nothing to come, only a log that is not followed says why.
            let isSilent = if let node, !task.hasEnded { await isDown(node) } else { true }
            if isSilent { request.follows = false }
        case .workload(let id): path = ["services", id.raw, "logs"]
        case .container: throw Trouble(.unsupported, attempt: attempt, answer: "a swarm holds the logs of services and their tasks")
        }
        let stream = try await connection.stream(call(path, request), attempt: attempt)
        guard request.follows else { return try await read(stream, into: receive) }
        try await readWhileThere(stream, on: node, into: receive)
    }

    private var gone: Trouble { Trouble(.notFound, attempt: attempt, answer: "it has gone, and its log with it") }

    private func call(_ path: [String], _ request: LogRequest) -> DockerCall {
        var query = [("stdout", "1"), ("stderr", "1"), ("timestamps", "1"), ("tail", request.tail.map(String.init) ?? "all")]
        if case .workload = origin { query.append(("details", "1")) }
        if request.follows { query.append(("follow", "1")) }
        if let since = request.since { query.append(("since", DockerConnection.unixTime(since))) }
        return DockerCall("GET", path, query)
    }

    private func read(_ stream: HTTPStream, into receive: @Sendable ([LogLine]) -> Void) async throws(Trouble) {
        var hasDetails = false
        if case .workload = origin { hasDetails = true }
        // Before API 1.42 only the specification tells whether there are frames, and that of each task for itself.
        var reader = LogReader(origin: origin, isRaw: LogReader.isRaw(stream.headers["Content-Type"]), hasDetails: hasDetails)
        try await reader.read(stream, attempt: attempt, address: connection.address, into: receive)
        if let words = reader.engineError, !Task.isCancelled {
            throw SwarmTrouble.incompleteLog(words, attempt: attempt, names: names)
        }
    }

    /// Reads for as long as what prints it is there.
    private func readWhileThere(
        _ stream: HTTPStream, on node: String?, into receive: @escaping @Sendable ([LogLine]) -> Void
    ) async throws(Trouble) {
        let result = await withTaskGroup(of: Result<Void, Trouble>?.self, returning: Result<Void, Trouble>.self) { group in
            group.addTask {
                do throws(Trouble) { return .success(try await read(stream, into: receive)) } catch { return .failure(error) }
            }
            group.addTask { await end(on: node).map { .failure($0) } }
            let first = await group.next() ?? nil
            group.cancelAll()
            // Cancelled, the reader still hands out what it had begun.
            for await rest in group where first == nil { if let rest { return rest } }
            return first ?? .success(())
        }
        try result.get()
    }

    /// Returns when nothing more is to come; with a trouble when it cannot come, and nobody else would say so.
    private func end(on node: String?) async -> Trouble? {
        do {
            repeat {
                try await Task.sleep(for: Self.look)
                if let node, await isDown(node) {
                    return Trouble(.unreachable, attempt: attempt, answer: "its node \(names[node] ?? node) is down: what it prints there cannot be had")
                }
            } while await !isOver()
            try await Task.sleep(for: Self.farewell)
        } catch {
            // Cancelled: whoever waits for the end does not wait any more.
        }
        return nil
    }

    /// A manager that does not answer has not said that it is over.
    private func isOver() async -> Bool {
        do throws(Trouble) {
            switch origin {
            case .task(let id): return try await connection.swarmTask(id.raw)?.hasEnded ?? true
            case .workload(let id): return try await !connection.hasService(id.raw)
            case .container: return true
            }
        } catch {
            return false
        }
    }
}
