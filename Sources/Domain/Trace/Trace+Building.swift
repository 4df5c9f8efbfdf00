extension Trace {
    /// The chain around a place, with what is known now: the snapshot, and the evidence that has come in so far.
    ///
    /// Pure: asking its `questions` and calling it again with their answers is the caller's.
    public static func of(_ start: Place, in snapshot: Snapshot, evidence: Evidence) -> Trace {
        Tracing(start, snapshot, evidence).trace
    }
}
