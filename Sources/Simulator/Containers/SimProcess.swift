/// A line of `ps`.
public struct SimProcess: Sendable, Hashable {
    public var user: String
    /// On the host.
    public var pid: Int
    public var parent: Int
    /// Percent.
    public var cpu: Double
    public var memory: Double
    /// Bytes.
    public var resident: UInt64
    public var virtual: UInt64
    /// Seconds of processor.
    public var time: Int
    public var command: String
}
