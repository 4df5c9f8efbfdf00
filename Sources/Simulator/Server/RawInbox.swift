internal import NIOCore
internal import Synchronization

/// What came on a hijacked connection and has not been read yet.
final class RawInbox: Sendable {
    /// With more than this nothing more is taken from the socket.
    private static let enough = 256 << 10

    private struct State {
        var bytes: [UInt8] = []
        var hasEnded = false
        var waiter: CheckedContinuation<[UInt8]?, Never>?
    }

    private let channel: any Channel
    private let state = Mutex(State())

    init(channel: any Channel) { self.channel = channel }

    var isFull: Bool { state.withLock { $0.bytes.count >= Self.enough } }

    func put(_ bytes: [UInt8]) {
        guard !bytes.isEmpty else { return }
        let waiter = state.withLock { state -> CheckedContinuation<[UInt8]?, Never>? in
            guard let waiter = state.waiter else {
                state.bytes += bytes
                return nil
            }
            state.waiter = nil
            return waiter
        }
        waiter?.resume(returning: bytes)
    }

    /// No more will come; what has come can still be taken.
    func end() {
        let waiter = state.withLock { state in
            state.hasEnded = true
            defer { state.waiter = nil }
            return state.waiter
        }
        waiter?.resume(returning: nil)
    }

    /// For one reader at a time.
    func take() async -> [UInt8]? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                enum Outcome { case wait, bytes([UInt8]), ended }
                let outcome = state.withLock { state -> Outcome in
                    if !state.bytes.isEmpty {
                        defer { state.bytes = [] }
                        return .bytes(state.bytes)
                    }
                    if state.hasEnded || state.waiter != nil { return .ended }
                    state.waiter = continuation
                    return .wait
                }
                switch outcome {
                case .wait: break
                case .ended: continuation.resume(returning: nil)
                case .bytes(let bytes):
                    continuation.resume(returning: bytes)
                    if bytes.count >= Self.enough { channel.read() }
                }
            }
        } onCancel: {
            end()
        }
    }

    func send(_ bytes: [UInt8]) async {
        // A failure means that the client has gone, which whoever reads is told by the end.
        try? await channel.writeAndFlush(ByteBuffer(bytes: bytes)).get()
    }

    func close() async {
        // Closed already: so much the better.
        try? await channel.close().get()
    }
}
