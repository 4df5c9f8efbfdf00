public import Domain

/// The lines of one or several containers in the order of their times, bounded in number and in bytes.
///
/// What had to go is counted and shown: nothing is lost silently.
public struct LogBuffer: Sendable {
    public struct Line: Sendable, Hashable {
        public var at: Timestamp?
        /// Index into the names of the page.
        public var origin: Int
        public var isError: Bool
        public var text: String
    }

    public let lineLimit: Int
    public let byteLimit: Int
    public private(set) var lines: [Line] = []
    public private(set) var dropped = 0
    private var bytes = 0

    public init(lineLimit: Int = 20_000, byteLimit: Int = 8 << 20) {
        self.lineLimit = lineLimit
        self.byteLimit = byteLimit
    }

    /// Adds a batch; returns how many of the oldest lines went.
    public mutating func append(_ batch: [LogLine], origins: [LogOrigin: Int]) -> Int {
        var isOrdered = true
        var last = lines.last?.at
        for line in batch {
            let entry = Line(at: line.at, origin: origins[line.origin] ?? 0, isError: line.stream == .error, text: LogText.clean(line.text))
            bytes += entry.text.utf8.count
            if let at = entry.at {
                if let last, at < last { isOrdered = false }
                last = max(last ?? at, at)
            }
            lines.append(entry)
        }
        // Several followers deliver side by side: their lines are woven together by the engine's own times.
        if !isOrdered {
            lines = lines.enumerated().sorted { a, b in
                guard let x = a.element.at, let y = b.element.at, x != y else { return a.offset < b.offset }
                return x < y
            }.map(\.element)
        }
        return trim()
    }

    private mutating func trim() -> Int {
        guard lines.count > lineLimit || bytes > byteLimit else { return 0 }
        // A tenth more than needed, so that a busy log does not move the whole array for each line.
        var count = 0
        let target = lines.count > lineLimit ? lines.count - lineLimit + lineLimit / 10 : 0
        while count < lines.count - 1, count < target || bytes > byteLimit * 9 / 10 {
            bytes -= lines[count].text.utf8.count
            count += 1
        }
        lines.removeFirst(count)
        dropped += count
        return count
    }
}
