/// `GET /containers/{id}/stats`. Counters are unsigned and may exceed 2^53 (limits of 9223372036854771712 occur).
struct StatsReading: Decodable, Sendable {
    struct CPU: Decodable, Sendable {
        struct Usage: Decodable, Sendable {
            var total: UInt64?
            /// Absent on cgroup v2.
            var perCPU: [UInt64]?
            enum CodingKeys: String, CodingKey {
                case total = "total_usage"
                case perCPU = "percpu_usage"
            }
        }

        var usage: Usage?
        /// Nanoseconds of the whole host; missing on Windows.
        var system: UInt64?
        var onlineCPUs: Int?

        enum CodingKeys: String, CodingKey {
            case usage = "cpu_usage"
            case system = "system_cpu_usage"
            case onlineCPUs = "online_cpus"
        }
    }

    struct Memory: Decodable, Sendable {
        var usage: UInt64?
        var limit: UInt64?
        /// Null with Podman 4: the page cache then stays counted.
        var stats: [String: UInt64]?
    }

    struct Interface: Decodable, Sendable {
        var received: UInt64?
        var sent: UInt64?
        enum CodingKeys: String, CodingKey {
            case received = "rx_bytes"
            case sent = "tx_bytes"
        }
    }

    struct BlockIO: Decodable, Sendable {
        struct Entry: Decodable, Sendable {
            var op: String?
            var value: UInt64?
        }

        /// Empty or null is common.
        var bytes: [Entry]?
        enum CodingKeys: String, CodingKey { case bytes = "io_service_bytes_recursive" }
    }

    struct Processes: Decodable, Sendable {
        var current: UInt64?
    }

    /// The zero time when the container does not run.
    var read: String?
    var cpu: CPU?
    var memory: Memory?
    var networks: [String: Interface]?
    var blockIO: BlockIO?
    var processes: Processes?

    enum CodingKeys: String, CodingKey {
        case read
        case cpu = "cpu_stats"
        case memory = "memory_stats"
        case networks
        case blockIO = "blkio_stats"
        case processes = "pids_stats"
    }
}
