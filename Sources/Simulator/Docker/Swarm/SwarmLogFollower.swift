internal import Domain

/// The log of a task, or of all tasks of a service: the managers collect it from the nodes.
struct SwarmLogFollower: Follower {
    enum Origin: Sendable { case task(String), service(String) }

    let cluster: PracticeCluster
    let origin: Origin
    let wish: LogWish
    private var read: Timestamp?

    init(cluster: PracticeCluster, origin: Origin, wish: LogWish) {
        self.cluster = cluster
        self.origin = origin
        self.wish = wish
    }

    private struct Part: Sendable {
        var lines: [SimLogLine] = []
        var details = ""
        var isRaw = false
        /// Why it cannot be had.
        var fault: String?
    }

    /// One that is followed does not end, not even with its service.
    mutating func next() async -> [UInt8]? {
        if read != nil {
            if !wish.follows { return nil }
            // Cancelled: the stream sees it before it asks again.
            try? await Task.sleep(for: .milliseconds(150))
        }
        let (since, tail) = (read ?? wish.since, read == nil ? wish.tail : .max)
        let isFirst = read == nil
        let (parts, now) = cluster.with { [origin, wish] world in (Self.parts(origin, world, since: since, tail: tail, wish), world.now) }
        read = now
        var bytes: [UInt8] = []
        for part in parts {
            var frames = wish.frames
            frames.isRaw = part.isRaw
            bytes += frames.bytes(part.lines, details: wish.hasDetails ? part.details : "")
        }
        let faults = parts.compactMap(\.fault)
        // Only one that is not followed says at its end what is missing.
        if isFirst, !wish.follows, !faults.isEmpty {
            let words = "Error grabbing logs: rpc error: code = Unknown desc = warning: incomplete log stream. some logs could not be retrieved for the following reasons: "
            LogFrames.frame(3, Array((words + faults.joined(separator: ", ") + "\n").utf8), &bytes)
        }
        return bytes
    }

    private static func parts(_ origin: Origin, _ world: World, since: Timestamp?, tail: Int, _ wish: LogWish) -> [Part] {
        let tasks =
            switch origin {
            case .task(let id): world.swarm.tasks[id].map { [$0] } ?? []
            case .service(let id): world.tasks(of: id)
            }
        return tasks.map { task in
            var part = Part()
            guard let node = task.node else {
                part.fault = "task \(task.id) has not been scheduled"
                return part
            }
            guard let host = world.hosts[node], host.isReachable, world.swarm.nodes[node]?.state == .ready else {
                part.fault = "node \(node) is not available"
                return part
            }
            guard let container = task.container.flatMap({ world.containers[$0] }) else { return part }
            part.details = "com.docker.swarm.node.id=\(node),com.docker.swarm.service.id=\(task.service),com.docker.swarm.task.id=\(task.id)"
            part.isRaw = container.spec.usesTerminal
            part.lines = world.logs(of: container, since: since, until: wish.until, tail: tail)
            return part
        }
    }
}
