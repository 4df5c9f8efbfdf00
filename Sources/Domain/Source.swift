/// One place that facts come from: a Docker engine, the local host's files, later a swarm, a cluster, a registry.
public struct Source: Sendable, Hashable, Identifiable {
    /// Stable for the run, and across runs for the same configuration: `docker:local`, `host`.
    public struct ID: Sendable, Hashable, Comparable, CustomStringConvertible {
        public let raw: String
        public init(_ raw: String) { self.raw = raw }
        public var description: String { raw }
        public static func < (a: ID, b: ID) -> Bool { a.raw < b.raw }
    }

    public enum Kind: String, Sendable, Hashable, CaseIterable {
        case docker, host, swarm, kubernetes, marathon, mesos, helios, consul, etcd, zookeeper, registry
    }

    public let id: ID
    public var kind: Kind
    /// What the strip shows: `docker 20.10`, before the first answer just `docker`.
    public var title: String
    /// The context, host or cluster name that tells several sources of one kind apart: `local`, `prod`.
    public var name: String
    /// Where it is: `unix:///var/run/docker.sock`.
    public var address: String
    public var freshness: Freshness
    /// Changes in it are refused until unlocked: contexts marked `production`, or `--readonly`.
    public var isReadOnly: Bool
    public var isProduction: Bool
    /// What a person should know about this source and cannot see: "TLS: server not verified".
    public var remarks: [String]

    public init(
        id: ID, kind: Kind, title: String, name: String, address: String, freshness: Freshness = .waiting,
        isReadOnly: Bool = false, isProduction: Bool = false, remarks: [String] = []
    ) {
        self.id = id
        self.kind = kind
        self.title = title
        self.name = name
        self.address = address
        self.freshness = freshness
        self.isReadOnly = isReadOnly
        self.isProduction = isProduction
        self.remarks = remarks
    }
}

/// How true the facts of a source are now. A dead source keeps its last facts: they turn stale, they do not vanish.
public enum Freshness: Sendable, Hashable {
    /// Not asked yet.
    case waiting
    /// The first answer is on its way.
    case connecting(since: Timestamp)
    /// Followed live; everything shown is as the source last said.
    case live(since: Timestamp)
    /// Was live until `since`; the facts are that old. The engine is trying again.
    case stale(since: Timestamp, Trouble)
    /// Never answered since the program started. The engine is trying again.
    case failed(since: Timestamp, Trouble)
    /// Asked and answered: there is no such system here, which is nothing wrong. Why, and what would change it. The engine goes on looking.
    case absent(String)

    public var isLive: Bool { if case .live = self { true } else { false } }

    public var trouble: Trouble? {
        switch self {
        case .stale(_, let trouble), .failed(_, let trouble): trouble
        case .waiting, .connecting, .live, .absent: nil
        }
    }
}

/// A failure in the words a person needs: what was tried, what came back, what to do.
public struct Trouble: Error, Sendable, Hashable, CustomStringConvertible {
    public enum Reason: String, Sendable, Hashable {
        case unreachable, forbidden, unauthorized, notFound, conflict, unsupported, malformed, timedOut, refusedByPlan, cancelled
    }

    public var reason: Reason
    /// What was tried: "list containers of unix:///var/run/docker.sock".
    public var attempt: String
    /// What came back: "permission denied on the socket".
    public var answer: String
    /// What to do: "add yourself to the group docker: sudo usermod -aG docker $USER, then log in again".
    public var remedy: String?

    public init(_ reason: Reason, attempt: String, answer: String, remedy: String? = nil) {
        self.reason = reason
        self.attempt = attempt
        self.answer = answer
        self.remedy = remedy
    }

    public var description: String {
        "could not \(attempt): \(answer)" + (remedy.map { "; \($0)" } ?? "")
    }
}
