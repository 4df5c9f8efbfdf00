/// Amounts of what a node offers or a task asks for. Only what the orchestrator accounts for is set.
public struct Resources: Sendable, Hashable {
    /// Billionths of a core (Swarm's NanoCPUs; Kubernetes' `250m` is 250 000 000; Mesos' 0.25 likewise).
    public var nanoCPUs: Int64?
    /// Bytes.
    public var memory: UInt64?
    /// Bytes.
    public var disk: UInt64?
    /// How many tasks or pods fit by count.
    public var slots: Int?
    /// Everything else by name: `nvidia.com/gpu`, Swarm's generic resources, Mesos port counts.
    public var others: [String: Double]

    public init(nanoCPUs: Int64? = nil, memory: UInt64? = nil, disk: UInt64? = nil, slots: Int? = nil, others: [String: Double] = [:]) {
        self.nanoCPUs = nanoCPUs
        self.memory = memory
        self.disk = disk
        self.slots = slots
        self.others = others
    }

    public var isEmpty: Bool { self == Resources() }

    /// Both amounts together; what neither accounts for stays unset.
    public static func + (a: Resources, b: Resources) -> Resources {
        Resources(
            nanoCPUs: sum(a.nanoCPUs, b.nanoCPUs), memory: sum(a.memory, b.memory), disk: sum(a.disk, b.disk), slots: sum(a.slots, b.slots),
            others: a.others.merging(b.others) { $0 + $1 })
    }

    // Amounts come from outside: a sum that does not fit saturates instead of trapping.
    private static func sum<Amount: FixedWidthInteger>(_ a: Amount?, _ b: Amount?) -> Amount? {
        guard let a else { return b }
        guard let b else { return a }
        let (total, overflows) = a.addingReportingOverflow(b)
        return overflows ? .max : total
    }
}
