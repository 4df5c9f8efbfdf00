/// When a list is due again: after its interval, or as soon as it is wanted, but never so often that reading it takes more
/// than a tenth of the time. The cost is the engine's as much as ours: a list that takes long is long.
struct Cadence: Sendable {
    private static let share = 10

    private var last: ContinuousClock.Instant?
    private var cost = Duration.zero
    private var isWanted = false

    /// How long to wait yet; zero when it is due. What has never been read is due at once.
    func wait(every interval: Duration, at now: ContinuousClock.Instant) -> Duration {
        guard let last else { return .zero }
        let pause = cost * Self.share
        return max(.zero, (isWanted ? pause : max(interval, pause)) - (now - last))
    }

    func isDue(every interval: Duration, at now: ContinuousClock.Instant) -> Bool { wait(every: interval, at: now) == .zero }

    mutating func want() { isWanted = true }

    /// Due at once, whatever it costs: somebody asks for it.
    mutating func demand() { last = nil }

    mutating func ran(from start: ContinuousClock.Instant, to end: ContinuousClock.Instant) {
        last = end
        cost = end - start
        isWanted = false
    }
}
