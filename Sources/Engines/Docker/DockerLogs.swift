internal import Domain
internal import Engine
internal import JSON
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
            if let known { known } else if let told = LogReader.isRaw(stream.headers["Content-Type"]) { told } else { try await usesTerminal(attempt) }
        var reader = LogReader(origin: .container(container), isRaw: isRaw)
        try await reader.read(stream, attempt: attempt, address: connection.address, into: receive)
        if let words = reader.engineError { throw Trouble(.unsupported, attempt: attempt, answer: PlainText.printable(words)) }
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
}

/// Bytes of a log to lines, frames taken off where there are any. Pure.
struct LogReader: Sendable {
    struct Failure: Error, Sendable, Hashable {
        var words: String
    }

    private let origin: LogOrigin
    private let hasDetails: Bool
    private var isRaw: Bool?
    private var framing = LogFraming()
    private var lines: LogLines
    /// What the engine said went wrong while it read the log.
    private(set) var engineError: String?

    /// - Parameters:
    ///   - isRaw: whether it comes without frames; nil looks at its first byte.
    ///   - hasDetails: the engine was asked to say in each message which task it is of.
    init(origin: LogOrigin, isRaw: Bool?, hasDetails: Bool = false) {
        self.origin = origin
        self.hasDetails = hasDetails
        self.isRaw = isRaw
        lines = LogLines(origin: origin, isRaw: isRaw ?? false, hasDetails: hasDetails)
    }

    /// What API 1.42 and later say of it; nil before.
    static func isRaw(_ contentType: String?) -> Bool? {
        switch contentType?.split(separator: ";").first {
        case "application/vnd.docker.raw-stream": true
        case "application/vnd.docker.multiplexed-stream": false
        default: nil
        }
    }

    mutating func receive(_ bytes: [UInt8]) throws(Failure) -> [LogLine] {
        guard let first = bytes.first else { return [] }
        if isRaw == nil {
            // Frames begin with 0 to 3, time stamps, which are always asked for, with a digit.
            isRaw = first > 3
            lines = LogLines(origin: origin, isRaw: first > 3, hasDetails: hasDetails)
        }
        if isRaw == true { return withoutFaults(lines.receive(bytes, .output, beginsMessage: false)) }
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

    /// Reads a stream to its end, or to the cancellation of the task.
    mutating func read(
        _ stream: HTTPStream, attempt: String, address: Address, into receive: @Sendable ([LogLine]) -> Void
    ) async throws(Trouble) {
        do throws(TransportError) {
            for try await chunk in stream.chunks {
                do throws(Failure) {
                    let lines = try self.receive(chunk)
                    if !lines.isEmpty { receive(lines) }
                } catch {
                    throw TransportError(.notHTTP(error.words), address: address.description)
                }
            }
            let rest = finish()
            if !rest.isEmpty { receive(rest) }
        } catch {
            let rest = finish()
            if !rest.isEmpty { receive(rest) }
            if error.reason == .cancelled { return }
            if case .notHTTP(let words) = error.reason { throw Trouble(.malformed, attempt: attempt, answer: words) }
            throw DockerTrouble.make(error, attempt: attempt, address: address)
        }
    }

    /// What was begun and never ended.
    mutating func finish() -> [LogLine] {
        let rest = framing.finish().map { take($0) } ?? []
        return rest + withoutFaults(lines.finish())
    }

    /// What went wrong has frames of its own kind; in the raw log of a terminal it is a line, told from others by its missing
    /// stamp (moby, `WriteLogStream`).
    private mutating func withoutFaults(_ lines: [LogLine]) -> [LogLine] {
        guard isRaw == true, let fault = lines.last(where: Self.isFault) else { return lines }
        engineError = fault.text
        return lines.filter { !Self.isFault($0) }
    }

    private static func isFault(_ line: LogLine) -> Bool { line.at == nil && line.text.hasPrefix("Error grabbing logs: ") }

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
