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
        if spoken.count > 80 { spoken.removeFirst() }
    }
}
