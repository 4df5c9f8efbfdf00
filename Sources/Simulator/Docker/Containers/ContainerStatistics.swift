internal import Domain

/// `GET /containers/{id}/stats`: one reading, with the one before it where there is one. As the engine tells it with cgroup v1.
struct ContainerStatistics {
    let container: SimContainer
    /// nil where nothing runs.
    let usage: SimUsage?
    let before: SimUsage?

    private static let lists: [StaticString] = [
        "io_serviced_recursive", "io_queue_recursive", "io_service_time_recursive", "io_wait_time_recursive", "io_merged_recursive", "io_time_recursive",
        "sectors_recursive",
    ]

    var json: [UInt8] {
        var text = JSONText(reserving: 2200)
        text.object { text in
            text.time("read", usage?.time)
            text.time("preread", before?.time)
            text.object("pids_stats") { if let usage { $0.field("current", usage.processes) } }
            text.object("blkio_stats") { blocks(&$0) }
            text.field("num_procs", 0)
            text.object("storage_stats") { _ in }
            text.object("cpu_stats") { processor(usage, &$0) }
            text.object("precpu_stats") { processor(before, &$0) }
            text.object("memory_stats") { memory(&$0) }
            text.field("name", "/" + container.name)
            text.field("id", container.id)
            if let usage, !["host", "none"].contains(container.spec.networkMode) { text.object("networks") { Self.networks(usage, &$0) } }
        }
        return text.bytes
    }

    private func blocks(_ text: inout JSONText) {
        guard let usage else {
            text.null("io_service_bytes_recursive")
            for key in Self.lists { text.null(key) }
            return
        }
        text.array("io_service_bytes_recursive") { list in
            for (word, value) in [("Read", usage.readBytes), ("Write", usage.writtenBytes), ("Total", usage.readBytes + usage.writtenBytes)] {
                list.object {
                    $0.field("major", 8)
                    $0.field("minor", 0)
                    $0.field("op", word)
                    $0.field("value", value)
                }
            }
        }
        for key in Self.lists { text.field(key, [String]()) }
    }

    private func processor(_ usage: SimUsage?, _ text: inout JSONText) {
        text.object("cpu_usage") { text in
            text.field("total_usage", usage?.cpu ?? 0)
            if let usage {
                let count = max(1, usage.onlineCPUs)
                text.array("percpu_usage") { list in
                    for index in 0..<count { list.element(usage.cpu / UInt64(count) + (index == 0 ? usage.cpu % UInt64(count) : 0)) }
                }
            }
            text.field("usage_in_kernelmode", usage?.cpuKernel ?? 0)
            text.field("usage_in_usermode", usage.map { $0.cpu - min($0.cpu, $0.cpuKernel) } ?? 0)
        }
        if let usage {
            text.field("system_cpu_usage", usage.hostCPU)
            text.field("online_cpus", usage.onlineCPUs)
        }
        text.object("throttling_data") { for key in ["periods", "throttled_periods", "throttled_time"] as [StaticString] { $0.field(key, 0) } }
    }

    private func memory(_ text: inout JSONText) {
        guard let usage else { return }
        let own = usage.memory - min(usage.memory, usage.inactiveFile)
        let limit = container.spec.memory > 0 ? container.spec.memory : 9_223_372_036_854_771_712
        text.field("usage", usage.memory)
        text.field("max_usage", usage.memory + usage.memory / 50)
        text.object("stats") { text in
            let amounts: [(StaticString, UInt64)] = [
                ("active_anon", own), ("active_file", 0), ("cache", usage.inactiveFile), ("hierarchical_memory_limit", limit),
                ("inactive_anon", 0), ("inactive_file", usage.inactiveFile), ("mapped_file", 0), ("rss", own), ("total_active_anon", own),
                ("total_active_file", 0), ("total_cache", usage.inactiveFile), ("total_inactive_anon", 0), ("total_inactive_file", usage.inactiveFile),
                ("total_mapped_file", 0), ("total_rss", own), ("unevictable", 0),
            ]
            for (key, value) in amounts { text.field(key, value) }
        }
        text.field("limit", usage.memoryLimit)
    }

    private static func networks(_ usage: SimUsage, _ text: inout JSONText) {
        text.object("eth0") {
            $0.field("rx_bytes", usage.received)
            $0.field("rx_packets", usage.packetsReceived)
            $0.field("rx_errors", 0)
            $0.field("rx_dropped", 0)
            $0.field("tx_bytes", usage.sent)
            $0.field("tx_packets", usage.packetsSent)
            $0.field("tx_errors", 0)
            $0.field("tx_dropped", 0)
        }
    }
}

/// `GET /containers/{id}/top`.
enum ProcessListing {
    static func json(_ processes: [SimProcess], isWide: Bool, started: Timestamp) -> [UInt8] {
        var text = JSONText(reserving: 1024)
        let clock = String(started.clock().prefix(5))
        text.object { text in
            text.array("Processes") { list in
                for process in processes {
                    let pid = String(process.pid)
                    list.array {
                        if isWide {
                            $0.elements([
                                process.user, pid, "\(process.cpu)", "\(process.memory)", String(process.virtual / 1024), String(process.resident / 1024), "?", "Ss",
                                clock, "\(process.time / 60):\(two(process.time % 60))", process.command,
                            ])
                        } else {
                            let time = "\(two(process.time / 3600)):\(two(process.time / 60 % 60)):\(two(process.time % 60))"
                            $0.elements([process.user, pid, String(process.parent), String(Int(process.cpu)), clock, "?", time, process.command])
                        }
                    }
                }
            }
            text.field(
                "Titles",
                isWide
                    ? ["USER", "PID", "%CPU", "%MEM", "VSZ", "RSS", "TTY", "STAT", "START", "TIME", "COMMAND"]
                    : ["UID", "PID", "PPID", "C", "STIME", "TTY", "TIME", "CMD"])
        }
        return text.bytes
    }

    private static func two(_ value: Int) -> String { value < 10 ? "0\(value)" : String(value) }
}
