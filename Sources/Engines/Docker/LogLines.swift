internal import Domain

/// Puts the log lines of one container together out of pieces: takes the engine's time stamps off, joins what the engine
/// cut into parts, keeps the two streams apart.
struct LogLines: Sendable {
    /// A longer line is handed out in lines of this many bytes.
    static let lineLimit = 64 << 10

    private let container: Container.ID
    private var output: UnfinishedLine
    private var error: UnfinishedLine

    /// - Parameter isRaw: the container has a terminal; its log comes without frames.
    init(container: Container.ID, isRaw: Bool) {
        self.container = container
        output = UnfinishedLine(isRaw: isRaw)
        error = UnfinishedLine(isRaw: isRaw)
    }

    /// The lines that `bytes` completes.
    ///
    /// - Parameter beginsMessage: the engine began a new log message here, with a time stamp of its own.
    mutating func receive(_ bytes: some Sequence<UInt8>, _ stream: LogLine.Stream, beginsMessage: Bool) -> [LogLine] {
        var lines: [LogLine] = []
        var rest = Array(bytes)[...]
        var isBeginning = beginsMessage
        while !rest.isEmpty {
            let end = rest.firstIndex(of: 0x0A)
            self[stream].append(rest[..<(end ?? rest.endIndex)], beginsMessage: isBeginning)
            isBeginning = false
            while let (at, text) = self[stream].overflow() { lines.append(line(at, stream, text)) }
            guard let end else { break }
            let (at, text) = self[stream].close()
            lines.append(line(at, stream, text))
            rest = rest[(end + 1)...]
        }
        return lines
    }

    /// What nobody ended with a newline.
    mutating func finish() -> [LogLine] {
        var lines: [LogLine] = []
        for stream in [LogLine.Stream.output, .error] where !self[stream].isEmpty {
            let (at, text) = self[stream].close()
            lines.append(line(at, stream, text))
        }
        return lines
    }

    private func line(_ at: Timestamp?, _ stream: LogLine.Stream, _ text: [UInt8]) -> LogLine {
        LogLine(container: container, at: at, stream: stream, text: String(decoding: text, as: UTF8.self))
    }

    private subscript(stream: LogLine.Stream) -> UnfinishedLine {
        get { stream == .output ? output : error }
        set { if stream == .output { output = newValue } else { error = newValue } }
    }
}

/// A line whose end has not come.
///
/// The engine cuts lines over 16 KiB into messages and, asked for time stamps, puts one before each of them, so also into
/// the middle of the line (moby, `WriteLogStream` and `logger.Copier`). In frames such a stamp stands where a message
/// begins; in the raw log of a terminal only its place tells it, a multiple of 16 KiB.
private struct UnfinishedLine: Sendable {
    private static let messageLimit = 16 << 10
    /// No stamp is longer, offset of the time zone included.
    private static let stampLimit = 36

    private let isRaw: Bool
    private var at: Timestamp?
    private var text: [UInt8] = []
    /// Where in `text` a stamp may stand that has not been looked for yet.
    private var nextStamp = 0
    private var hasBegun = false

    init(isRaw: Bool) { self.isRaw = isRaw }

    var isEmpty: Bool { !hasBegun }

    mutating func append(_ piece: ArraySlice<UInt8>, beginsMessage: Bool) {
        if beginsMessage, hasBegun, !isRaw, nextStamp > 0, let stamp = MessageStamp(piece) {
            text += piece.dropFirst(stamp.length)
        } else {
            text += piece
        }
        hasBegun = true
        takeStamps(isComplete: false)
    }

    /// A full line's worth of an endless line.
    mutating func overflow() -> (Timestamp?, [UInt8])? {
        guard text.count > LogLines.lineLimit + Self.stampLimit else { return nil }
        let head = Array(text.prefix(LogLines.lineLimit))
        text.removeFirst(LogLines.lineLimit)
        nextStamp -= LogLines.lineLimit
        return (at, head)
    }

    mutating func close() -> (Timestamp?, [UInt8]) {
        takeStamps(isComplete: true)
        // A terminal ends its lines with CR LF.
        if text.last == 0x0D { text.removeLast() }
        defer { self = UnfinishedLine(isRaw: isRaw) }
        return (at, text)
    }

    private mutating func takeStamps(isComplete: Bool) {
        while nextStamp < text.count, isComplete || text.count >= nextStamp + Self.stampLimit {
            if nextStamp == 0 || isRaw, let stamp = MessageStamp(text[nextStamp...]) {
                if nextStamp == 0 { at = stamp.time }
                text.removeSubrange(nextStamp..<(nextStamp + stamp.length))
            }
            nextStamp += Self.messageLimit
        }
    }
}

/// `2026-11-23T08:02:56.381672003Z ` at the start of a message.
private struct MessageStamp {
    var time: Timestamp
    var length: Int

    init?(_ bytes: ArraySlice<UInt8>) {
        guard bytes.count >= 21, bytes[bytes.startIndex + 10] == UInt8(ascii: "T"),
            let space = bytes.prefix(36).firstIndex(of: 0x20),
            let time = Timestamp(rfc3339: String(decoding: bytes[..<space], as: UTF8.self))
        else { return nil }
        self.time = time
        length = space - bytes.startIndex + 1
    }
}
