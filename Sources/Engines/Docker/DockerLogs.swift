internal import Domain
internal import Transport

/// The log of one container, as lines.
struct DockerLogs: Sendable {
    let connection: DockerConnection
    let container: Container.ID

    /// Returns when the log ends, the container stops or the task is cancelled.
    func follow(_ request: LogRequest, into receive: @Sendable ([LogLine]) -> Void) async throws(Trouble) {
        let attempt = "read the log of \(container.short) of \(connection.address)"
        let version = try await connection.acquaintance().apiVersion
        // From API 1.42 on the answer says whether it has frames; before, only the container's settings do.
        let known: Bool? = version >= APIVersion(1, 42) ? nil : try await usesTerminal(attempt)
        let stream = try await connection.stream(call(request), attempt: attempt)
        let isRaw =
            if let known { known } else if let told = Self.isRaw(stream.headers["Content-Type"]) { told } else { try await usesTerminal(attempt) }
        var reader = LogReader(container: container, isRaw: isRaw)
        do throws(TransportError) {
            for try await chunk in stream.chunks {
                do throws(LogReader.Failure) {
                    let lines = try reader.receive(chunk)
                    if !lines.isEmpty { receive(lines) }
                } catch {
                    throw TransportError(.notHTTP(error.words), address: connection.address.description)
                }
            }
            let rest = reader.finish()
            if !rest.isEmpty { receive(rest) }
        } catch {
            let rest = reader.finish()
            if !rest.isEmpty { receive(rest) }
            if error.reason == .cancelled { return }
            if case .notHTTP(let words) = error.reason { throw Trouble(.malformed, attempt: attempt, answer: words) }
            throw DockerTrouble.make(error, attempt: attempt, address: connection.address)
        }
        if let words = reader.engineError { throw Trouble(.unsupported, attempt: attempt, answer: EngineMessage.printable(words)) }
    }

    private func call(_ request: LogRequest) -> DockerCall {
        var query = [("stdout", "1"), ("stderr", "1"), ("timestamps", "1"), ("tail", request.tail.map(String.init) ?? "all")]
        if request.follows { query.append(("follow", "1")) }
        if let since = request.since { query.append(("since", DockerConnection.unixTime(since))) }
        return DockerCall("GET", ["containers", container.raw, "logs"], query)
    }

    private func usesTerminal(_ attempt: String) async throws(Trouble) -> Bool {
        guard let (_, wire) = try await connection.inspection(container.raw) else {
            throw Trouble(.notFound, attempt: attempt, answer: "the container has gone")
        }
        return wire.config?.usesTerminal ?? false
    }

    private static func isRaw(_ contentType: String?) -> Bool? {
        switch contentType?.split(separator: ";").first {
        case "application/vnd.docker.raw-stream": true
        case "application/vnd.docker.multiplexed-stream": false
        default: nil
        }
    }
}

/// Bytes of a log to lines, frames taken off where there are any. Pure.
struct LogReader: Sendable {
    struct Failure: Error, Sendable, Hashable {
        var words: String
    }

    private let isRaw: Bool
    private var framing = LogFraming()
    private var lines: LogLines
    /// What the engine said went wrong while it read the log.
    private(set) var engineError: String?

    init(container: Container.ID, isRaw: Bool) {
        self.isRaw = isRaw
        lines = LogLines(container: container, isRaw: isRaw)
    }

    mutating func receive(_ bytes: [UInt8]) throws(Failure) -> [LogLine] {
        if isRaw { return lines.receive(bytes, .output, beginsMessage: false) }
        let frames: [LogFraming.Frame]
        do throws(LogFraming.Malformed) {
            frames = try framing.receive(bytes)
        } catch {
            throw Failure(words: "the log's frames are broken: a header of \(error.header)")
        }
        var finished: [LogLine] = []
        for frame in frames { finished += take(frame) }
        return finished
    }

    /// What was begun and never ended.
    mutating func finish() -> [LogLine] {
        let rest = framing.finish().map { take($0) } ?? []
        return rest + lines.finish()
    }

    private mutating func take(_ frame: LogFraming.Frame) -> [LogLine] {
        switch frame.kind {
        case .engineError:
            engineError = String(decoding: frame.payload, as: UTF8.self)
            return []
        case .error: return lines.receive(frame.payload, .error, beginsMessage: frame.isBeginning)
        case .input, .output: return lines.receive(frame.payload, .output, beginsMessage: frame.isBeginning)
        }
    }
}
