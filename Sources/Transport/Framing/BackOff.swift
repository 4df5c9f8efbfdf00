/// How long to wait before the next attempt: doubling from `first` to `limit`, each between half of that and all of it, so
/// that clients which lost the same engine do not come back in step.
public struct BackOff: Sendable {
    private let first: Duration
    private let limit: Duration
    private var step: Duration

    public init(first: Duration = .milliseconds(250), limit: Duration = .seconds(15)) {
        precondition(first > .zero && limit >= first, "a back-off grows from a positive first wait to its limit")
        self.first = first
        self.limit = limit
        step = first
    }

    public mutating func next() -> Duration {
        var generator = SystemRandomNumberGenerator()
        return next(using: &generator)
    }

    public mutating func next(using generator: inout some RandomNumberGenerator) -> Duration {
        let wait = step * Double.random(in: 0.5...1, using: &generator)
        step = step > limit / 2 ? limit : step * 2
        return wait
    }

    /// After a success: the next wait is short again.
    public mutating func reset() {
        step = first
    }
}
