/// One record of a DNS answer, as far as its kind is of use here.
public struct DNSRecord: Sendable, Hashable {
    /// What is asked for.
    public enum Kind: UInt16, Sendable, Hashable, CaseIterable {
        case a = 1
        case aaaa = 28
        case srv = 33
    }

    public enum Value: Sendable, Hashable {
        /// An IP address, from an A or AAAA record.
        case address(String)
        case service(priority: Int, weight: Int, port: Int, target: String)
        /// The name asked for is only another name of this one (CNAME).
        case alias(String)
    }

    /// Without the dot at its end. Bytes that no name should hold stand as `\ddd`.
    public var name: String
    public var value: Value
    /// Seconds for which it may be remembered.
    public var timeToLive: Int

    public init(name: String, value: Value, timeToLive: Int = 0) {
        self.name = name
        self.value = value
        self.timeToLive = timeToLive
    }
}

/// What a DNS server answered.
public struct DNSAnswer: Sendable, Hashable {
    public enum Code: Sendable, Hashable {
        case noError
        case noSuchName
        /// 2 is a failure of the server, 5 a refusal.
        case other(Int)
    }

    public var code: Code
    /// In the server's order. None under `.noError`: the name is known, but not with this kind of record.
    public var records: [DNSRecord]
    /// What the server sent along unasked, such as the addresses of the targets of SRV records.
    public var additional: [DNSRecord]

    public init(code: Code, records: [DNSRecord] = [], additional: [DNSRecord] = []) {
        self.code = code
        self.records = records
        self.additional = additional
    }
}
