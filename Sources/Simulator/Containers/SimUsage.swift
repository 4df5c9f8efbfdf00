public import Domain

/// A reading of a container's counters.
public struct SimUsage: Sendable, Hashable {
    public var time: Timestamp
    /// Nanoseconds of processor since the start.
    public var cpu: UInt64
    public var cpuKernel: UInt64
    /// Nanoseconds of all processors of the host since it booted, in steps of 10 ms.
    public var hostCPU: UInt64
    public var onlineCPUs: Int
    /// Bytes, with the page cache that can be dropped.
    public var memory: UInt64
    public var inactiveFile: UInt64
    /// The container's limit, else the host's memory.
    public var memoryLimit: UInt64
    public var received: UInt64
    public var sent: UInt64
    public var packetsReceived: UInt64
    public var packetsSent: UInt64
    public var readBytes: UInt64
    public var writtenBytes: UInt64
    public var processes: Int
}

/// One line that a program wrote.
public struct SimLogLine: Sendable, Hashable {
    public var time: Timestamp
    public var isError: Bool
    public var text: String
    public init(time: Timestamp, isError: Bool, text: String) {
        self.time = time
        self.isError = isError
        self.text = text
    }
}

/// What a program that was run inside a container wrote, and how it ended.
public struct SimExecution: Sendable, Hashable {
    public var output: String
    public var errors: String
    public var exitCode: Int
    public init(output: String, errors: String = "", exitCode: Int = 0) {
        self.output = output
        self.errors = errors
        self.exitCode = exitCode
    }
}
