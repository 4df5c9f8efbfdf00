internal import Domain

/// Lines of a log in the form in which the engine hands them out.
struct LogFrames: Sendable {
    /// Of a container with a terminal: no frames, and its own ends of lines.
    var isRaw = false
    var hasOutput = true
    var hasErrors = true
    var hasTimes = false

    /// - Parameter details: `com.docker.swarm.node.id=…,…`; stands between the time and the text.
    func bytes(_ lines: [SimLogLine], details: String = "") -> [UInt8] {
        var bytes: [UInt8] = []
        for line in lines where isRaw ? hasOutput : line.isError ? hasErrors : hasOutput { write(line, details, &bytes) }
        return bytes
    }

    private func write(_ line: SimLogLine, _ details: String, _ bytes: inout [UInt8]) {
        var payload: [UInt8] = []
        if hasTimes {
            payload += GoTime.stamp(line.time)
            payload.append(UInt8(ascii: " "))
        }
        if !details.isEmpty { payload += (details + " ").utf8 }
        payload += line.text.utf8
        payload += (isRaw ? "\r\n" : "\n").utf8
        if isRaw { bytes += payload } else { Self.frame(line.isError ? 2 : 1, payload, &bytes) }
    }

    /// 1 output, 2 errors, 3 what the engine itself has to say.
    static func frame(_ kind: UInt8, _ payload: [UInt8], _ bytes: inout [UInt8]) {
        guard !payload.isEmpty else { return }
        let length = UInt32(clamping: payload.count)
        bytes += [kind, 0, 0, 0] + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: length >> UInt32($0)) }
        bytes += payload
    }
}

/// What of a log is wanted.
struct LogWish: Sendable {
    var frames = LogFrames()
    var follows: Bool
    var since: Timestamp?
    var until: Timestamp?
    var tail: Int
    var hasDetails: Bool

    init(_ call: DockerRequest) throws(OrderRefusal) {
        frames.hasOutput = call.flag("stdout")
        frames.hasErrors = call.flag("stderr")
        frames.hasTimes = call.flag("timestamps")
        guard frames.hasOutput || frames.hasErrors else { throw OrderRefusal(.badRequest, "Bad parameters: you must choose at least one stream") }
        follows = call.flag("follow")
        // The world leaves out what came at that very moment.
        since = try call.time("since").map { Timestamp(nanoseconds: $0.nanoseconds - 1) }
        until = try call.time("until")
        tail = Int(call.text("tail")).flatMap { $0 >= 0 ? $0 : nil } ?? .max
        hasDetails = call.flag("details")
    }
}

/// `GET /containers/{id}/logs`.
struct ContainerLogFollower: Follower {
    let cluster: PracticeCluster
    let id: String
    var wish: LogWish
    /// Who attaches to what does not run waits until it does: the count of its starts and ends by then.
    let awaited: Int?
    private var read: Timestamp?

    init(cluster: PracticeCluster, id: String, wish: LogWish, awaited: Int? = nil) {
        self.cluster = cluster
        self.id = id
        self.wish = wish
        self.awaited = awaited
    }

    mutating func next() async -> [UInt8]? {
        if let read, !wish.follows || wish.until.map({ $0 <= read }) ?? false { return nil }
        if read != nil {
            // Cancelled: the stream sees it before it asks again.
            try? await Task.sleep(for: .milliseconds(100))
        }
        let (since, tail) = (read ?? wish.since, read == nil ? wish.tail : .max)
        let found = cluster.with { [id, wish, awaited] world -> (lines: [SimLogLine], now: Timestamp, isToCome: Bool)? in
            guard let container = world.containers[id] else { return nil }
            let isToCome = container.isRunning || container.state == .restarting || container.generation == awaited
            return (world.logs(of: container, since: since, until: wish.until, tail: tail), world.now, isToCome)
        }
        guard let found else { return nil }
        read = found.now
        // What does not run says nothing more.
        if !found.isToCome { wish.follows = false }
        return wish.frames.bytes(found.lines)
    }
}
