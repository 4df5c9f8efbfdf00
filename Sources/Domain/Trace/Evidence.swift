/// What was found out for a trace beyond the snapshot: answers to questions that cost a request each.
public struct Evidence: Sendable, Hashable {
    public enum Question: Sendable, Hashable {
        /// Does a TCP connection open from here? The host is an IP address or a name.
        case connect(host: String, port: Int)
        /// The A and AAAA records of a name.
        case addresses(name: String, NameServer)
        /// The SRV records of a name.
        case services(name: String, NameServer)
        /// What it printed last.
        case lastLines(LogOrigin)
        /// The container as an inspection tells it now.
        case detail(Container.ID)
    }

    /// One SRV record, with the addresses that came along with it.
    public struct ServiceRecord: Sendable, Hashable {
        public var host: String
        public var port: Int
        public var addresses: [String]
        public init(host: String, port: Int, addresses: [String] = []) {
            self.host = host
            self.port = port
            self.addresses = addresses
        }
    }

    public enum Answer: Sendable, Hashable {
        case connected(after: Duration)
        /// Why no connection opened: "connection refused", "no answer within 2 s".
        case notConnected(String)
        case addresses([String])
        case services([ServiceRecord])
        /// NXDOMAIN: the server knows no such name.
        case noSuchName
        /// The server knows the name and has nothing to give for it: Consul does so when no instance passes.
        case nothing
        case lines([LogLine])
        case detail(Container.Detail)
        /// The question itself could not be asked.
        case failed(Trouble)
    }

    public var answers: [Question: Answer]

    public init(_ answers: [Question: Answer] = [:]) { self.answers = answers }

    public subscript(question: Question) -> Answer? {
        get { answers[question] }
        set { answers[question] = newValue }
    }
}
