internal import Domain

/// What is kept of a container's output: when it ran, and the few lines that something made it say. The rest is worked out.
struct SimJournal: Sendable {
    struct Run: Sendable {
        var start: Timestamp
        var end: Timestamp?
        var number: UInt64
    }

    private(set) var runs: [Run] = []
    private(set) var spoken: [SimLogLine] = []
    private var started: UInt64 = 0
    private var bytes = 0

    private static let limit = 800
    private static let byteLimit = 256 << 10

    mutating func begin(at time: Timestamp) {
        started += 1
        runs.append(Run(start: time, end: nil, number: started))
        if runs.count > 6 { runs.removeFirst() }
    }

    mutating func end(at time: Timestamp) {
        if !runs.isEmpty { runs[runs.count - 1].end = time }
    }

    mutating func say(_ text: String, isError: Bool = false, at time: Timestamp) {
        spoken.append(SimLogLine(time: time, isError: isError, text: text))
        bytes += text.utf8.count
        guard spoken.count > Self.limit * 5 / 4 || bytes > Self.byteLimit * 5 / 4 else { return }
        // Not one by one: what is taken out moves all the others.
        var surplus = max(0, spoken.count - Self.limit)
        for line in spoken.prefix(surplus) { bytes -= line.text.utf8.count }
        while surplus < spoken.count - 1, bytes > Self.byteLimit {
            bytes -= spoken[surplus].text.utf8.count
            surplus += 1
        }
        spoken.removeFirst(surplus)
    }
}
