/// One line that a container printed.
public struct LogLine: Sendable, Hashable {
    public enum Stream: UInt8, Sendable, Hashable { case output = 1, error = 2 }
    public var container: Container.ID
    /// When the engine received it; nil where the engine gave no time.
    public var at: Timestamp?
    public var stream: Stream
    /// Bytes as printed, without the line end; made harmless only when it is drawn or saved.
    public var text: String

    public init(container: Container.ID, at: Timestamp?, stream: Stream, text: String) {
        self.container = container
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
