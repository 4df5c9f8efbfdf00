/// Whose lines: one container's, one task's wherever it runs, or all tasks' of a workload.
public enum LogOrigin: Sendable, Hashable {
    case container(Container.ID)
    case task(WorkloadTask.ID)
    case workload(Workload.ID)

    public var source: Source.ID {
        switch self {
        case .container(let id): id.source
        case .task(let id): id.source
        case .workload(let id): id.source
        }
    }
}

/// One line that a container printed.
public struct LogLine: Sendable, Hashable {
    public enum Stream: UInt8, Sendable, Hashable { case output = 1, error = 2 }
    public var origin: LogOrigin
    /// When the engine received it; nil where the engine gave no time.
    public var at: Timestamp?
    public var stream: Stream
    /// Bytes as printed, without the line end; made harmless only when it is drawn or saved.
    public var text: String

    public init(origin: LogOrigin, at: Timestamp?, stream: Stream, text: String) {
        self.origin = origin
        self.at = at
        self.stream = stream
        self.text = text
    }
}

/// What part of the logs is wanted.
public struct LogRequest: Sendable, Hashable {
    /// Lines from the end to begin with; nil for all.
    public var tail: Int?
    public var since: Timestamp?
    public var follows: Bool

    public init(tail: Int? = 500, since: Timestamp? = nil, follows: Bool = true) {
        self.tail = tail
        self.since = since
        self.follows = follows
    }
}

/// The processes of a container as the engine's `top` tells them.
public struct ProcessTable: Sendable, Hashable {
    public var titles: [String]
    public var rows: [[String]]
    public init(titles: [String], rows: [[String]]) {
        self.titles = titles
        self.rows = rows
    }
}
