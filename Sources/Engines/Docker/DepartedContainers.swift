/// Containers that an event said are gone: an answer that was on its way meanwhile must not bring them back. An engine gives no id twice.
struct DepartedContainers: Sendable {
    /// No answer is waited for any longer.
    private static let memory = Duration.seconds(90)

    private var moments: [String: ContinuousClock.Instant] = [:]
    private var limit = 256

    mutating func insert(_ id: String, at now: ContinuousClock.Instant) {
        moments[id] = now
        guard moments.count > limit else { return }
        moments = moments.filter { now - $0.value < Self.memory }
        limit = max(256, moments.count * 2)
    }

    func contains(_ id: String) -> Bool { moments[id] != nil }
}
