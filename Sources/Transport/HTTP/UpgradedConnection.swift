/// A connection that no longer speaks HTTP: both directions carry the peer's own bytes. Dropping it closes it.
///
/// One task may read while another writes.
public final class UpgradedConnection: Sendable {
    /// 101, or 200 from an engine that ignored the upgrade and still lends its connection.
    public let status: Int
    /// `Content-Type` tells a multiplexed stream from a raw one (API 1.42 and later).
    public let headers: HTTPFields
    private let lifeline: Lifeline

    init(connection: Connection, status: Int, headers: HTTPFields) {
        self.status = status
        self.headers = headers
        lifeline = Lifeline(connection)
    }

    /// The next bytes, those that came right behind the head first; nil when the peer has ended its direction.
    public func read() async throws(TransportError) -> [UInt8]? {
        switch try await lifeline.connection.next() {
        case .bytes(let bytes): bytes
        case .end: nil
        case .head: throw TransportError(.notHTTP("a second head"), address: lifeline.connection.address.description)
        }
    }

    /// Returns when the system has taken the bytes, so a peer that does not read holds the writer back. Cancelling the task
    /// closes the connection.
    public func write(_ bytes: [UInt8]) async throws(TransportError) {
        try await lifeline.connection.write(bytes)
    }

    /// Ends our direction: the peer reads an end of input, and what it still says can be read.
    public func closeWrite() async {
        await lifeline.connection.closeOutput()
    }

    /// Ends both directions at once.
    public func close() async {
        await lifeline.connection.close()
    }
}
