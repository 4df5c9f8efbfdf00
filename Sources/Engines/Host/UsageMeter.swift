internal import Domain

/// The counters of one container at one moment. What could not be read is nil.
struct Counters: Hashable {
    /// Nanoseconds on the monotonic clock, taken beside the processor time.
    var at: UInt64
    /// Nanoseconds of all cores together.
    var processorTime: UInt64?
    /// Bytes, page cache that can be dropped taken out.
    var memory: UInt64 = 0
    var memoryLimit: UInt64?
    var network: InterfaceCounters?
    var blocks: CgroupReadings.Traffic?
    var processes: UInt64 = 0
}

/// Makes usage out of consecutive counters: rates are over the time between two of them.
struct UsageMeter: Hashable {
    /// Shorter intervals say more about the clock than about the container; the rates before are kept.
    static let shortest: UInt64 = 250_000_000

    private struct Rates: Hashable {
        var processor: Double?
        var received: Double?
        var sent: Double?
        var read: Double?
        var written: Double?
    }

    private(set) var last: Counters?
    private var rates: Rates?

    /// Whether rates are known.
    var hasRates: Bool { rates != nil }

    /// The container was started anew: what was counted before has no meaning now.
    mutating func forget() {
        last = nil
        rates = nil
    }

    mutating func usage(of now: Counters, at time: Timestamp) -> Usage {
        if let before = last {
            if now.at >= before.at &+ Self.shortest {
                rates = Self.rates(from: before, to: now)
                last = now
            }
        } else {
            last = now
        }
        return Usage(
            at: time, cpuPercent: rates?.processor.map { $0 * 100 / 1e9 }, memory: now.memory, memoryLimit: now.memoryLimit,
            receiveRate: now.network == nil ? nil : rates?.received, sendRate: now.network == nil ? nil : rates?.sent,
            readRate: rates?.read, writeRate: rates?.written, received: now.network?.received ?? 0,
            sent: now.network?.sent ?? 0, read: now.blocks?.read ?? 0, written: now.blocks?.written ?? 0,
            processes: Int(clamping: now.processes))
    }

    private static func rates(from before: Counters, to now: Counters) -> Rates {
        let seconds = Double(now.at - before.at) / 1e9
        // A counter that went back belongs to something started anew: no rate for this interval.
        func rate(_ earlier: UInt64?, _ later: UInt64?) -> Double? {
            guard let earlier, let later, later >= earlier else { return nil }
            return Double(later - earlier) / seconds
        }
        return Rates(
            processor: rate(before.processorTime, now.processorTime),
            received: rate(before.network?.received, now.network?.received),
            sent: rate(before.network?.sent, now.network?.sent), read: rate(before.blocks?.read, now.blocks?.read),
            written: rate(before.blocks?.written, now.blocks?.written))
    }
}
