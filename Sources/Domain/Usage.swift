/// What a container uses, measured over the interval that ended at `at`.
public struct Usage: Sendable, Hashable {
    public var at: Timestamp
    /// 100 is one core in full, as `docker stats` counts; nil until two samples have been taken.
    public var cpuPercent: Double?
    /// Bytes, page cache that can be dropped taken out, as `docker stats` counts.
    public var memory: UInt64
    /// Bytes; nil where there is no limit.
    public var memoryLimit: UInt64?
    /// Bytes a second; nil until two samples have been taken, or where the container has no network of its own.
    public var receiveRate: Double?
    public var sendRate: Double?
    public var readRate: Double?
    public var writeRate: Double?
    /// Bytes since the container started.
    public var received: UInt64
    public var sent: UInt64
    public var read: UInt64
    public var written: UInt64
    public var processes: Int

    public init(
        at: Timestamp, cpuPercent: Double? = nil, memory: UInt64 = 0, memoryLimit: UInt64? = nil,
        receiveRate: Double? = nil, sendRate: Double? = nil, readRate: Double? = nil, writeRate: Double? = nil,
        received: UInt64 = 0, sent: UInt64 = 0, read: UInt64 = 0, written: UInt64 = 0, processes: Int = 0
    ) {
        self.at = at
        self.cpuPercent = cpuPercent
        self.memory = memory
        self.memoryLimit = memoryLimit
        self.receiveRate = receiveRate
        self.sendRate = sendRate
        self.readRate = readRate
        self.writeRate = writeRate
        self.received = received
        self.sent = sent
        self.read = read
        self.written = written
        self.processes = processes
    }
}

/// The last readings of one container, oldest first, for the short history beside the numbers.
public struct UsageHistory: Sendable, Hashable {
    public static let capacity = 60
    public private(set) var latest: Usage
    /// CPU percent, oldest first; at most `capacity`.
    public private(set) var cpu: [Float] = []
    /// Bytes, oldest first; at most `capacity`.
    public private(set) var memory: [Float] = []

    public init(_ first: Usage) {
        latest = first
        append(first)
    }

    public mutating func append(_ usage: Usage) {
        latest = usage
        if let percent = usage.cpuPercent { push(Float(percent), to: &cpu) }
        push(Float(usage.memory), to: &memory)
    }

    private func push(_ value: Float, to ring: inout [Float]) {
        if ring.count >= Self.capacity { ring.removeFirst(ring.count - Self.capacity + 1) }
        ring.append(value)
    }
}
