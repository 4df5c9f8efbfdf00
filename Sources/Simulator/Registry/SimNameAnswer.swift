/// What the registry's name server says to a question.
public struct SimNameAnswer: Sendable, Hashable {
    public struct Record: Sendable, Hashable {
        /// `h1.node.dc1.consul`.
        public var target: String
        public var address: String
        /// 0 for a node.
        public var port: Int
    }
    /// Instances that are not critical; empty with a service that has none (the server says NXDOMAIN then).
    public var records: [Record]
}
