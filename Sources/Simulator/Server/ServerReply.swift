/// What a server says to a request. Framing (`Content-Length`, chunks, keeping the connection) is the server's own affair.
enum ServerReply: Sendable {
    case whole(status: Int, headers: [(String, String)], body: [UInt8])
    /// In chunks, until the sequence ends or the client goes. A chunk is asked for when the one before has left: a sequence made with
    /// `unfolding` holds nothing back for a client that does not read.
    case stream(status: Int, headers: [(String, String)], AsyncStream<[UInt8]>)
    /// 101, or 200 for Docker's old form of it, and then raw bytes both ways until the closure returns.
    case hijacked(status: Int, headers: [(String, String)], @Sendable (HijackedStream) async -> Void)
    /// Bytes as they are, the head among them, and then the end of the connection: what is no proper answer.
    case bytes(AsyncStream<[UInt8]>)
    /// No answer: the connection is closed, as of a machine that went off.
    case dropped
}

/// Cancelled when the client goes away.
protocol RequestHandler: Sendable {
    func answer(_ request: ServerRequest) async -> ServerReply
}

/// A connection that speaks no HTTP any more.
struct HijackedStream: Sendable {
    let inbox: RawInbox

    /// nil when the client has ended its side.
    func read() async -> [UInt8]? { await inbox.take() }

    /// Returns when they have left; bytes to a client that has gone are lost.
    func write(_ bytes: [UInt8]) async { await inbox.send(bytes) }

    func close() async { await inbox.close() }
}
