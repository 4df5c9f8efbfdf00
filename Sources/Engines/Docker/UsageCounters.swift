internal import Domain

/// The counters of one `/stats` answer, for the difference to the next. Formulas of the docker CLI.
struct UsageCounters: Sendable, Hashable {
    var at: Timestamp
    var cpu: UInt64
    /// Nanoseconds of the whole host, all its processors; nil where not told.
    var system: UInt64?
    var cpus: Int
    var memory: UInt64
    var memoryLimit: UInt64?
    var received: UInt64
    var sent: UInt64
    var read: UInt64
    var written: UInt64
    var processes: Int
    var hasNetwork: Bool

    /// nil for a container that does not run: the engine then answers zeros at the zero time.
    init?(_ wire: StatsReading) {
        guard let at = wire.read.flatMap({ Timestamp(rfc3339: $0) }) else { return nil }
        self.at = at
        cpu = wire.cpu?.usage?.total ?? 0
        system = wire.cpu?.system
        cpus = Self.cpus(wire.cpu)
        memory = Self.memory(wire.memory)
        memoryLimit = wire.memory?.limit.flatMap { $0 == 0 ? nil : $0 }
        hasNetwork = !(wire.networks ?? [:]).isEmpty
        (received, sent) = (wire.networks ?? [:]).values.reduce((0, 0)) { ($0.0 &+ ($1.received ?? 0), $0.1 &+ ($1.sent ?? 0)) }
        (read, written) = Self.blocks(wire.blockIO)
        processes = Int(clamping: wire.processes?.current ?? 0)
    }

    /// - Parameter wallClock: Podman counts only busy time of the host as `system_cpu_usage`, which inflates the docker
    ///   formula (containers/podman#28761): there the time between the two readings is the measure.
    func usage(since earlier: UsageCounters?, wallClock: Bool) -> Usage {
        var usage = Usage(
            at: at, memory: memory, memoryLimit: memoryLimit, received: received, sent: sent, read: read, written: written,
            processes: processes)
        guard let earlier, at > earlier.at else { return usage }
        let seconds = Double(at.nanoseconds - earlier.at.nanoseconds) / 1e9
        func rate(_ new: UInt64, _ old: UInt64) -> Double { new >= old ? Double(new - old) / seconds : 0 }
        if wallClock {
            usage.cpuPercent = cpu >= earlier.cpu ? Double(cpu - earlier.cpu) / (seconds * 1e9) * 100 : 0
        } else {
            usage.cpuPercent = earlier.system.flatMap { percent(cpuBefore: earlier.cpu, systemBefore: $0) }
        }
        if hasNetwork {
            usage.receiveRate = rate(received, earlier.received)
            usage.sendRate = rate(sent, earlier.sent)
        }
        usage.readRate = rate(read, earlier.read)
        usage.writeRate = rate(written, earlier.written)
        return usage
    }

    /// 100 is one core in full. Counters that went back (a restart between) give 0, a missing host counter gives nil.
    func percent(cpuBefore: UInt64, systemBefore: UInt64) -> Double? {
        guard let system else { return nil }
        guard system > systemBefore, cpu > cpuBefore else { return 0 }
        return Double(cpu - cpuBefore) / Double(system - systemBefore) * Double(cpus) * 100
    }

    private static func cpus(_ wire: StatsReading.CPU?) -> Int {
        if let online = wire?.onlineCPUs, online > 0 { return online }
        // Podman 4.2 and older tell neither (containers/podman#15754).
        return max(1, wire?.usage?.perCPU?.count ?? 1)
    }

    /// Page cache that can be dropped is taken out: `total_inactive_file` on cgroup v1, `inactive_file` on v2.
    private static func memory(_ wire: StatsReading.Memory?) -> UInt64 {
        let usage = wire?.usage ?? 0
        if let inactive = wire?.stats?["total_inactive_file"], inactive < usage { return usage - inactive }
        let inactive = wire?.stats?["inactive_file"] ?? 0
        return inactive < usage ? usage - inactive : usage
    }

    /// Version 1 writes "Read", version 2 "read"; the list is empty or null where no block device was touched.
    private static func blocks(_ wire: StatsReading.BlockIO?) -> (read: UInt64, written: UInt64) {
        var sums: (read: UInt64, written: UInt64) = (0, 0)
        for entry in wire?.bytes ?? [] {
            switch entry.op?.utf8.first {
            case UInt8(ascii: "r"), UInt8(ascii: "R"): sums.read &+= entry.value ?? 0
            case UInt8(ascii: "w"), UInt8(ascii: "W"): sums.written &+= entry.value ?? 0
            default: break
            }
        }
        return sums
    }
}
