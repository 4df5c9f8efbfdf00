/// One change of a check's status, as it was seen.
public struct CheckTransition: Sendable, Hashable {
    public var check: Check.ID
    /// When it changed, or when Binnacle first saw that it had.
    public var at: Timestamp
    /// nil for the first status ever seen of it.
    public var from: Check.Status?
    public var to: Check.Status
    /// It changed while nobody was watching: `at` is only when that was found out.
    public var wasUnwatched: Bool

    public init(check: Check.ID, at: Timestamp, from: Check.Status?, to: Check.Status, wasUnwatched: Bool = false) {
        self.check = check
        self.at = at
        self.from = from
        self.to = to
        self.wasUnwatched = wasUnwatched
    }
}
