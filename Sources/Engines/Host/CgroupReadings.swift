/// The cgroup files that a reading is made of; the names differ between version 1 and 2, the meaning does not.
enum CgroupReadings {
    struct Traffic: Hashable {
        var read: UInt64 = 0
        var written: UInt64 = 0
    }

    /// Nanoseconds of processor time: `cpuacct.usage`.
    static func processorTime1(_ text: Span<UInt8>) -> UInt64? {
        var position = 0
        return text.number(&position)
    }

    /// Nanoseconds of processor time: `usage_usec` of `cpu.stat`.
    static func processorTime2(_ text: Span<UInt8>) -> UInt64? {
        text.value(of: "usage_usec").map { $0 &* 1000 }
    }

    /// A file that holds one number and nothing else.
    static func number(_ text: Span<UInt8>) -> UInt64? {
        var position = 0
        text.skipBlanks(&position)
        return text.number(&position)
    }

    /// Bytes that may be used; nil for `max`, and for the page-rounded 2^63 by which version 1 says the same.
    static func limit(_ text: Span<UInt8>) -> UInt64? {
        guard let bytes = number(text), bytes < 1 << 60 else { return nil }
        return bytes
    }

    /// Bytes of page cache that could be dropped, children included: `memory.stat` of version 1.
    static func inactiveFile1(_ text: Span<UInt8>) -> UInt64? { text.value(of: "total_inactive_file") }

    /// Bytes of page cache that could be dropped: `memory.stat` of version 2.
    static func inactiveFile2(_ text: Span<UInt8>) -> UInt64? { text.value(of: "inactive_file") }

    /// Lines like `8:0 Read 4096`, one for each device and kind: `blkio.throttle.io_service_bytes*`.
    static func traffic1(_ text: Span<UInt8>) -> Traffic {
        var traffic = Traffic()
        var position = 0
        while position < text.count {
            // "Total 8192" has no device and thus no third word.
            if text.word(&position) != nil, let kind = text.word(&position) {
                text.skipBlanks(&position)
                if let bytes = text.number(&position) {
                    switch text[kind.lowerBound] {
                    case UInt8(ascii: "R"), UInt8(ascii: "r"): traffic.read &+= bytes
                    case UInt8(ascii: "W"), UInt8(ascii: "w"): traffic.written &+= bytes
                    default: break
                    }
                }
            }
            text.skipLine(&position)
        }
        return traffic
    }

    /// Lines like `8:0 rbytes=4096 wbytes=0 rios=1 …`, one for each device: `io.stat`.
    static func traffic2(_ text: Span<UInt8>) -> Traffic {
        var traffic = Traffic()
        var position = 0
        while position < text.count {
            while let word = text.word(&position) {
                var value = word.lowerBound + 7
                if text.has("rbytes=", at: word.lowerBound) {
                    traffic.read &+= text.number(&value) ?? 0
                } else if text.has("wbytes=", at: word.lowerBound) {
                    traffic.written &+= text.number(&value) ?? 0
                }
            }
            text.skipLine(&position)
        }
        return traffic
    }

    /// `cgroup.procs`: at most the first 16 pids. A 0 is a process of a pid namespace that is not visible from here.
    static func processes(_ text: Span<UInt8>) -> [Int32] {
        var pids: [Int32] = []
        var position = 0
        while position < text.count, pids.count < 16 {
            if let pid = text.number(&position), pid <= UInt64(Int32.max) { pids.append(Int32(pid)) }
            text.skipLine(&position)
        }
        return pids
    }
}
