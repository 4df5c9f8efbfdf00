/// What an answer that goes on is made from, piece by piece.
protocol Follower: Sendable {
    /// nil ends the answer; empty is nothing for now.
    mutating func next() async -> [UInt8]?
}

/// A follower as the stream of an answer: the next piece is made when the client has taken the one before.
actor Following<Source: Follower> {
    private var source: Source

    private init(_ source: Source) { self.source = source }

    private func next() async -> [UInt8]? {
        if Task.isCancelled { return nil }
        var source = source
        let piece = await source.next()
        self.source = source
        return piece
    }

    static func stream(_ source: Source) -> AsyncStream<[UInt8]> {
        let following = Following(source)
        return AsyncStream { await following.next() }
    }
}
