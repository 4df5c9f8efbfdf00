internal import Transport

/// Where a list stands that is asked for again and again, each time waiting until it is another.
///
/// The rules are Consul's own: begin without an index; one that went back (a snapshot was restored, another server
/// answers) means to begin anew; zero or none is taken for 1, and the caller must slow down, for with it nothing waits
/// (hashicorp/consul#4421). Indexes of other events are hashes, so they fill all 64 bits.
struct BlockingIndex: Sendable, Hashable {
    /// What to ask with; nil for the list as it is now.
    private(set) var value: UInt64?
    /// How many answers in a row had no index to wait by.
    private(set) var faults = 0

    /// Only answers with status 200 may be handed in: failures carry an index of 1.
    mutating func take(_ text: String?) {
        guard let text, let new = UInt64(text), new > 0 else {
            value = 1
            faults += 1
            return
        }
        faults = 0
        value = if let value, new < value { nil } else { new }
    }

    /// How long to wait before asking again, over and above what is due anyway: doubling from a second to half a minute.
    var penalty: Duration { faults == 0 ? .zero : min(.seconds(1 << min(faults - 1, 5)), .seconds(30)) }
}

/// What the headers of a list say about it.
struct ListStanding: Sendable, Hashable {
    var index: String?
    /// False where the server that answered knows no leader; nil where it does not say.
    var knowsLeader: Bool?
    /// Milliseconds since that server heard from the leader.
    var lastContact: UInt64
    /// Newer servers say when they left something out for want of permission.
    var isFiltered: Bool

    init(_ headers: HTTPFields) {
        index = headers["X-Consul-Index"]
        knowsLeader = headers["X-Consul-Knownleader"].flatMap { $0 == "true" ? true : $0 == "false" ? false : nil }
        lastContact = headers["X-Consul-Lastcontact"].flatMap(UInt64.init) ?? 0
        isFiltered = headers["X-Consul-Results-Filtered-By-ACLs"] == "true"
    }
}
