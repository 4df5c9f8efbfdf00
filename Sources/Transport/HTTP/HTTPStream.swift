/// An answer whose body is read as it comes. Dropping it, its `chunks` and their iterators closes the connection.
public struct HTTPStream: Sendable {
    public let status: Int
    public let headers: HTTPFields
    /// The body's bytes in the pieces they arrived in, without chunk framing. One reader at a time.
    public let chunks: Chunks

    init(status: Int, headers: HTTPFields, connection: Connection) {
        self.status = status
        self.headers = headers
        chunks = Chunks(lifeline: Lifeline(connection))
    }

    /// Reads from the socket only while less than 64 KB wait to be taken: a slow reader slows the server down. Ends when the
    /// body is complete, throws `.cutShort` or `.reset` when it never will be.
    public struct Chunks: AsyncSequence, Sendable {
        fileprivate let lifeline: Lifeline

        public func makeAsyncIterator() -> Iterator {
            Iterator(lifeline: lifeline)
        }

        public struct Iterator: AsyncIteratorProtocol, Sendable {
            fileprivate let lifeline: Lifeline

            /// Cancelling the task closes the connection and throws `.cancelled`.
            public mutating func next(
                isolation actor: isolated (any Actor)? = #isolation
            ) async throws(TransportError) -> [UInt8]? {
                try await nextPiece()
            }

            public mutating func next() async throws(TransportError) -> [UInt8]? {
                try await nextPiece()
            }

            private func nextPiece() async throws(TransportError) -> [UInt8]? {
                switch try await lifeline.connection.next() {
                case .bytes(let bytes): bytes
                case .end: nil
                case .head:
                    throw TransportError(.notHTTP("a second head"), address: lifeline.connection.address.description)
                }
            }
        }
    }
}

/// Closes a connection when the last who could read from it is gone.
final class Lifeline: Sendable {
    let connection: Connection

    init(_ connection: Connection) {
        self.connection = connection
    }

    deinit {
        connection.abandon(.cancelled)
    }
}
