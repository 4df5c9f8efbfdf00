import Domain
import Testing

@testable import HostEngine

/// The host's files as text, of both cgroup versions, good and bad.
@Suite struct HostFilesTests {
    @Test func readsBothFormsOfBlockTraffic() {
        let one = Array("8:0 Read 4096\n8:0 Write 100\n8:16 Read 4\n8:0 Sync 9\nTotal 8192\n".utf8)
        #expect(CgroupReadings.traffic1(one.span) == CgroupReadings.Traffic(read: 4100, written: 100))
        let two = Array("8:0 rbytes=4096 wbytes=7 rios=1 wios=1\n8:16 rbytes=1 wbytes=1\n".utf8)
        #expect(CgroupReadings.traffic2(two.span) == CgroupReadings.Traffic(read: 4097, written: 8))
    }

    @Test func readsMemoryOfBothVersions() {
        let one = Array("cache 10\ninactive_file 1\ntotal_inactive_file 4096\n".utf8)
        #expect(CgroupReadings.inactiveFile1(one.span) == 4096)
        let two = Array("anon 5\ninactive_file 12\n".utf8)
        #expect(CgroupReadings.inactiveFile2(two.span) == 12)
        #expect(CgroupReadings.limit(Array("max\n".utf8).span) == nil)
        #expect(CgroupReadings.limit(Array("9223372036854771712\n".utf8).span) == nil, "cgroup v1 writes 'no limit' as a huge number")
        #expect(CgroupReadings.limit(Array("1048576\n".utf8).span) == 1_048_576)
    }

    @Test func sumsEveryInterfaceButLoopback() {
        let text = Array(
            """
            Inter-|   Receive                                                |  Transmit
             face |bytes    packets errs drop fifo frame compressed multicast|bytes    packets errs drop fifo colls carrier compressed
                lo:    9000       1    0    0    0     0          0         0     9000       1    0    0    0     0       0          0
              eth0:    1500      20    0    0    0     0          0         0      700      10    0    0    0     0       0          0
              eth1: 100 1 0 0 0 0 0 0 50 1 0 0 0 0 0 0

            """.utf8)
        #expect(NetworkText.total(text.span)?.received == 1600)
        #expect(NetworkText.total(text.span)?.sent == 750)
    }

    @Test func namesTheContainersEndByItsIndex() {
        let text = Array("Idx\tDevice    : Count Querier\tGroup    Users Timer\tReporter\n1\tlo        :     1      V3\n\t\t\t\t010000E0     1 0:00000000\t\t0\n8\teth0      :     1      V3\n\t\t\t\t010000E0     1 0:00000000\t\t0\n".utf8)
        #expect(NetworkText.interfaces(text.span) == [NamedInterface(index: 8, name: "eth0")], "the loopback has no other end")
    }

    @Test func readsLittleEndianRoutes() {
        let text = Array("Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\neth0\t00000000\t010011AC\t0003\t0\t0\t100\t00000000\t0\t0\t0\ndocker0\t000011AC\t00000000\t0001\t0\t0\t0\t0000FFFF\t0\t0\t0\n".utf8)
        let routes = RouteTable.routes4(text.span)
        #expect(routes.contains(Route(destination: "default", gateway: "172.17.0.1", link: "eth0", metric: 100)))
        #expect(routes.contains(Route(destination: "172.17.0.0/16", gateway: "", link: "docker0", metric: 0)))
    }

    @Test(arguments: ["", "\n", "garbage", "eth0:", ":::::", "8:0 Read", "8:0 Read x", "rbytes=", "99999999999999999999999999 1\n", "Idx\n\n\n8"])
    func garbageIsNoFact(text: String) {
        let bytes = Array(text.utf8)
        _ = CgroupReadings.traffic2(bytes.span)
        _ = NetworkText.interfaces(bytes.span)
        #expect(CgroupReadings.traffic1(bytes.span).read == 0)
        #expect(CgroupReadings.inactiveFile1(bytes.span) == nil)
        #expect(RouteTable.routes4(bytes.span).isEmpty)
    }

    @Test func ratesAreOverTheTimeBetween() {
        var meter = UsageMeter()
        let first = Counters(at: 1_000_000_000, processorTime: 0, network: InterfaceCounters(received: 0))
        #expect(meter.usage(of: first, at: Timestamp(seconds: 1)).cpuPercent == nil)
        let second = Counters(at: 3_000_000_000, processorTime: 1_000_000_000, network: InterfaceCounters(received: 2000))
        let usage = meter.usage(of: second, at: Timestamp(seconds: 3))
        #expect(usage.cpuPercent == 50)
        #expect(usage.receiveRate == 1000)
        // A counter that went back belongs to another life of the container.
        let restarted = Counters(at: 5_000_000_000, processorTime: 10, network: InterfaceCounters(received: 5))
        #expect(meter.usage(of: restarted, at: Timestamp(seconds: 5)).cpuPercent == nil)
    }
}
