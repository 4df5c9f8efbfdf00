internal import Domain
internal import Testing
internal import Transport
@testable internal import DockerEngine

/// Expected values as worked out by hand in samples/docker/expected-values.txt, with the docker CLI's formulas.
@Suite struct UsageCountersTests {
    private func counters(_ json: String) throws -> UsageCounters? {
        let connection = DockerConnection(address: .unix(path: "/nowhere"))
        let wire = try connection.decode(
            StatsReading.self, HTTPResponse(status: 200, body: Array(json.utf8)), reading: "statistics", attempt: "read statistics")
        return UsageCounters(wire)
    }

    private func reading(_ second: Int, cpu: UInt64, system: String, memory: String = #""usage":0"#, more: String = "") -> String {
        """
        {"read":"2026-11-23T08:09:\(second).0Z","cpu_stats":{"cpu_usage":{"total_usage":\(cpu)}\(system)},"memory_stats":{\(memory)},
        "pids_stats":{"current":3,"limit":18446744073709551615}\(more)}
        """
    }

    @Test func cgroupVersion2() throws {
        let before = try #require(try counters(reading(25, cpu: 19_231_677, system: #","system_cpu_usage":1294990000000,"online_cpus":2"#)))
        let after = try #require(
            try counters(
                reading(
                    26, cpu: 519_231_677, system: #","system_cpu_usage":1297050000000,"online_cpus":2"#,
                    memory: #""usage":52428800,"limit":25276502016,"stats":{"inactive_file":20971520,"anon":20971520}"#,
                    more: #","blkio_stats":{"io_service_bytes_recursive":[{"op":"read","value":8192},{"op":"write","value":4096},{"op":"total","value":9}]}"#)))
        let usage = after.usage(since: before, wallClock: false)
        #expect(abs((usage.cpuPercent ?? 0) - 48.54368932) < 0.0001)
        #expect(usage.memory == 31_457_280 && usage.memoryLimit == 25_276_502_016 && usage.processes == 3)
        #expect(usage.read == 8192 && usage.written == 4096 && usage.readRate == 8192)
        #expect(usage.receiveRate == nil, "it has no network of its own")
    }

    @Test func cgroupVersion1() throws {
        let memory = #""usage":331776,"limit":25276502016,"stats":{"total_inactive_file":1000,"inactive_file":5,"hierarchical_memory_limit":9223372036854771712}"#
        let network = #","networks":{"eth0":{"rx_bytes":2094,"tx_bytes":635},"eth1":{"rx_bytes":6,"tx_bytes":5}}"#
        let now = try #require(
            try counters(reading(26, cpu: 5, system: #","system_cpu_usage":7"#, memory: memory, more: network)))
        #expect(now.memory == 330_776 && now.received == 2100 && now.sent == 640)
        #expect(now.cpus == 1, "neither online_cpus nor percpu_usage: Podman 4.2")
    }

    @Test func oneSampleTellsNoRate() throws {
        let usage = try #require(try counters(reading(26, cpu: 5, system: #","system_cpu_usage":7"#))).usage(since: nil, wallClock: false)
        #expect(usage.cpuPercent == nil && usage.readRate == nil)
    }

    @Test func aRestartBetweenGivesZero() throws {
        let before = try #require(try counters(reading(25, cpu: 900, system: #","system_cpu_usage":100"#)))
        let after = try #require(try counters(reading(26, cpu: 5, system: #","system_cpu_usage":200"#)))
        #expect(after.usage(since: before, wallClock: false).cpuPercent == 0)
        #expect(after.usage(since: before, wallClock: true).cpuPercent == 0)
    }

    @Test func podmanIsMeasuredByTheClock() throws {
        let before = try #require(try counters(reading(20, cpu: 0, system: #","system_cpu_usage":1"#)))
        let after = try #require(try counters(reading(22, cpu: 1_000_000_000, system: #","system_cpu_usage":2"#)))
        #expect(after.usage(since: before, wallClock: true).cpuPercent == 50)
    }

    @Test func whatDoesNotRunHasNoReading() throws {
        #expect(try counters(#"{"read":"0001-01-01T00:00:00Z","memory_stats":{},"blkio_stats":{"io_service_bytes_recursive":null}}"#) == nil)
        #expect(try counters("{}") == nil)
    }
}
