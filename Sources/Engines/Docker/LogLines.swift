internal import Domain

/// Puts the log lines of one container together out of pieces, or those of all tasks of a service: takes the engine's time
/// stamps off, joins what the engine cut into parts, keeps the two streams apart.
struct LogLines: Sendable {
    /// A longer line is handed out in lines of this many bytes.
    static let lineLimit = 64 << 10

    private struct Source: Hashable {
        var stream: LogLine.Stream
        /// Empty where the log is one container's.
        var task: String
    }

    private let origin: LogOrigin
    private let isRaw: Bool
    private let hasDetails: Bool
    private var unfinished: [Source: UnfinishedLine] = [:]
    /// Whose message the last frame of a stream began.
    private var tasks: [LogLine.Stream: String] = [:]

    /// - Parameters:
    ///   - isRaw: the container has a terminal; its log comes without frames.
    ///   - hasDetails: the engine was asked to say in each message which task it is of.
    init(origin: LogOrigin, isRaw: Bool, hasDetails: Bool = false) {
        self.origin = origin
        self.isRaw = isRaw
        self.hasDetails = hasDetails
    }

    /// The lines that `bytes` completes.
    ///
    /// - Parameter beginsMessage: the engine began a new log message here, with a time stamp of its own.
    mutating func receive(_ bytes: some Sequence<UInt8>, _ stream: LogLine.Stream, beginsMessage: Bool) -> [LogLine] {
        var lines: [LogLine] = []
        var rest = Array(bytes)[...]
        var isBeginning = beginsMessage
        if hasDetails, !isRaw, beginsMessage { tasks[stream] = MessageHead(rest, hasDetails: true)?.task }
        let source = Source(stream: stream, task: tasks[stream] ?? "")
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 0x0A)
            var line = unfinished.removeValue(forKey: source) ?? UnfinishedLine(isRaw: isRaw, hasDetails: hasDetails)
            line.append(rest[..<(end ?? rest.endIndex)], beginsMessage: isBeginning)
            isBeginning = false
            while let part = line.overflow() { lines.append(finished(part, stream)) }
            guard let end else {
                unfinished[source] = line
                break
            }
            lines.append(finished(line.close(), stream))
            rest = rest[(end + 1)...]
        }
        return lines
    }

    /// What nobody ended with a newline.
    mutating func finish() -> [LogLine] {
        defer { unfinished = [:] }
        return unfinished.sorted { ($0.key.stream.rawValue, $0.key.task) < ($1.key.stream.rawValue, $1.key.task) }.map { source, line in
            var line = line
            return finished(line.close(), source.stream)
        }
    }

    private func finished(_ part: UnfinishedLine.Part, _ stream: LogLine.Stream) -> LogLine {
        let task = part.task.map { LogOrigin.task(WorkloadTask.ID(origin.source, $0)) }
        return LogLine(origin: task ?? origin, at: part.at, stream: stream, text: String(decoding: part.text, as: UTF8.self))
    }
}

/// A line whose end has not come.
///
/// The engine cuts lines over 16 KiB into messages and, asked for time stamps, puts one before each of them, so also into
/// the middle of the line (moby, `WriteLogStream` and `logger.Copier`). In frames such a stamp stands where a message
/// begins; in the raw log of a terminal only its place tells it, a multiple of 16 KiB.
private struct UnfinishedLine: Sendable {
    struct Part: Sendable {
        var at: Timestamp?
        var task: String?
        var text: [UInt8]
    }

    private static let messageLimit = 16 << 10
    /// No stamp is longer, offset of the time zone included.
    private static let stampLimit = 36
    /// The three ids that a swarm writes are 137 bytes; labels and variables that the log's options ask for come on top.
    private static let detailLimit = 1024

    private let isRaw: Bool
    private let hasDetails: Bool
    private var at: Timestamp?
    private var task: String?
    private var text: [UInt8] = []
    /// Where in `text` the head of a message may stand that has not been looked for yet.
    private var nextHead = 0
    private var hasBegun = false

    init(isRaw: Bool, hasDetails: Bool) {
        self.isRaw = isRaw
        self.hasDetails = hasDetails
    }

    private var headLimit: Int { hasDetails ? Self.stampLimit + Self.detailLimit : Self.stampLimit }

    mutating func append(_ piece: ArraySlice<UInt8>, beginsMessage: Bool) {
        var piece = piece
        if beginsMessage, !isRaw, hasDetails || (hasBegun && nextHead > 0), let head = MessageHead(piece, hasDetails: hasDetails) {
            if !hasBegun {
                at = head.time
                task = head.task
                nextHead = Self.messageLimit
            }
            piece = piece.dropFirst(head.length)
        }
        text += piece
        hasBegun = true
        takeHeads(isComplete: false)
    }

    /// A full line's worth of an endless line.
    mutating func overflow() -> Part? {
        guard text.count > LogLines.lineLimit + headLimit else { return nil }
        let head = Array(text.prefix(LogLines.lineLimit))
        text.removeFirst(LogLines.lineLimit)
        nextHead -= LogLines.lineLimit
        return Part(at: at, task: task, text: head)
    }

    /// The line, whose end has come.
    mutating func close() -> Part {
        takeHeads(isComplete: true)
        // A terminal ends its lines with CR LF.
        if text.last == 0x0D { text.removeLast() }
        return Part(at: at, task: task, text: text)
    }

    private mutating func takeHeads(isComplete: Bool) {
        while nextHead < text.count, isComplete || text.count >= nextHead + headLimit {
            if nextHead == 0 || isRaw, let head = MessageHead(text[nextHead...], hasDetails: hasDetails) {
                if nextHead == 0 {
                    at = head.time
                    task = head.task
                }
                text.removeSubrange(nextHead..<(nextHead + head.length))
            }
            nextHead += Self.messageLimit
        }
    }
}

/// What stands before a message: `2026-11-23T08:02:56.381672003Z `, and where details were asked for, after that
/// `com.docker.swarm.node.id=…,com.docker.swarm.service.id=…,com.docker.swarm.task.id=… ` (measured with 20.10; the log's
/// options may add labels and variables between them).
private struct MessageHead {
    private static let taskKey = Array("com.docker.swarm.task.id=".utf8)

    var time: Timestamp
    var task: String?
    var length: Int

    init?(_ bytes: ArraySlice<UInt8>, hasDetails: Bool) {
        guard bytes.count >= 21, bytes[bytes.startIndex + 10] == UInt8(ascii: "T"),
            let space = bytes.prefix(36).firstIndex(of: 0x20),
            let time = Timestamp(rfc3339: String(decoding: bytes[..<space], as: UTF8.self))
        else { return nil }
        self.time = time
        length = space - bytes.startIndex + 1
        guard hasDetails else { return }
        let rest = bytes[(space + 1)...]
        guard let end = rest.firstIndex(of: 0x20) else { return }
        for detail in rest[..<end].split(separator: UInt8(ascii: ",")) where detail.starts(with: Self.taskKey) {
            task = String(decoding: detail.dropFirst(Self.taskKey.count), as: UTF8.self)
            length = end - bytes.startIndex + 1
        }
    }
}
