internal import JSON

/// Takes apart the multiplexed stream of logs and attach without a terminal: `[type][0 0 0][length, big-endian][payload]`
/// (Engine API, "Stream format"). Frames may be cut at any byte; a line may span frames, a frame may hold many lines.
struct LogFraming: Sendable {
    struct Frame: Sendable, Hashable {
        enum Kind: UInt8, Sendable, Hashable {
            case input = 0, output = 1, error = 2
            /// A failure of the engine while it reads the log, in its words.
            case engineError = 3
        }

        var kind: Kind
        var payload: [UInt8]
        /// False for the rest of a frame so long that it is handed out in pieces.
        var isBeginning = true
    }

    struct Malformed: Error, Sendable, Hashable {
        var header: [UInt8]
    }

    private enum State {
        case header
        /// Collecting a whole frame.
        case payload(Frame.Kind, remaining: Int)
        /// Passing on a frame that is too long to be collected.
        case passing(Frame.Kind, remaining: Int, isBeginning: Bool)
    }

    /// Engines cut at 16 KiB; a longer frame is believed, and passed on as it comes instead of being held.
    private static let collectLimit = 1 << 20

    private var state = State.header
    private var pending: [UInt8] = []

    /// Whether the stream may end here without something having been cut off.
    var isBetweenFrames: Bool { if case .header = state { pending.isEmpty } else { false } }

    /// - Throws: `Malformed` for a header that none of the stream's makers write; what follows cannot be read either.
    mutating func receive(_ bytes: [UInt8]) throws(Malformed) -> [Frame] {
        var frames: [Frame] = []
        var rest = bytes[...]
        while true {
            switch state {
            case .header:
                let missing = 8 - pending.count
                pending += rest.prefix(missing)
                rest = rest.dropFirst(missing)
                guard pending.count == 8 else { return frames }
                state = try Self.opened(pending)
                pending.removeAll(keepingCapacity: true)
                if case .payload(let kind, 0) = state {
                    frames.append(Frame(kind: kind, payload: []))
                    state = .header
                }
            case .payload(let kind, let remaining):
                let piece = rest.prefix(remaining)
                rest = rest.dropFirst(remaining)
                pending += piece
                guard piece.count == remaining else {
                    state = .payload(kind, remaining: remaining - piece.count)
                    return frames
                }
                frames.append(Frame(kind: kind, payload: pending))
                pending.removeAll(keepingCapacity: true)
                state = .header
            case .passing(let kind, let remaining, let isBeginning):
                guard !rest.isEmpty else { return frames }
                let piece = rest.prefix(remaining)
                rest = rest.dropFirst(remaining)
                frames.append(Frame(kind: kind, payload: Array(piece), isBeginning: isBeginning))
                state = piece.count == remaining ? .header : .passing(kind, remaining: remaining - piece.count, isBeginning: false)
            }
            if rest.isEmpty, case .header = state { return frames }
        }
    }

    /// The part of a frame that had come when the stream ended.
    mutating func finish() -> Frame? {
        guard case .payload(let kind, _) = state, !pending.isEmpty else { return nil }
        let frame = Frame(kind: kind, payload: pending)
        pending = []
        state = .header
        return frame
    }

    private static func opened(_ header: [UInt8]) throws(Malformed) -> State {
        guard let kind = Frame.Kind(rawValue: header[0]), header[1] == 0, header[2] == 0, header[3] == 0 else {
            throw Malformed(header: header)
        }
        let length = header[4...].reduce(0) { $0 << 8 | Int($1) }
        return length > collectLimit ? .passing(kind, remaining: length, isBeginning: true) : .payload(kind, remaining: length)
    }
}
