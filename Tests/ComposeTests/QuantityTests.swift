@testable import Compose
import Testing

@Suite struct QuantityTests {
    @Test(arguments: [
        ("0", 0), ("0s", 0), ("10s", 10_000_000_000), ("1m30s", 90_000_000_000), ("1h2m3s", 3_723_000_000_000), ("1.5h", 5_400_000_000_000),
        (".5s", 500_000_000),
        ("1.s", 1_000_000_000),
        ("500ms", 500_000_000),
        ("5us", 5000),
        ("5\u{B5}s", 5000),
        ("5\u{3BC}s", 5000),
        ("7ns", 7),
        ("+3s", 3_000_000_000),
        ("0.000000001s", 1), ("2562047h", 9_223_369_200_000_000_000),
    ] as [(String, Int64)])
    func durations(_ text: String, _ nanoseconds: Int64) {
        #expect(Quantity.duration(text) == .nanoseconds(nanoseconds))
    }

    @Test(arguments: ["", "10", "s", "-1s", "1 s", "1s ", "1d", "1w", ".s", "1..5s", "1,5s", "1s-2s", "+", "2562048h", "99999999999999999999s", "18446744073709551615h", "١s", "1e3s"])
    func noDurations(_ text: String) {
        #expect(Quantity.duration(text) == nil)
    }

    @Test(arguments: [
        ("0", 0),
        ("1024", 1024),
        ("512M", 536_870_912),
        ("512m", 536_870_912),
        ("1gb", 1_073_741_824),
        ("1GiB", 1_073_741_824),
        ("1 g", 1_073_741_824),
        ("1.5g", 1_610_612_736),
        ("0.1k", 102),
        ("64kb", 65_536),
        ("5b", 5),
        ("1t", 1_099_511_627_776),
        ("8191p", 9_222_246_136_947_933_184),
        ("1.123456789123456789p", 1_264_899_894_215_813),
    ] as [(String, UInt64)])
    func sizes(_ text: String, _ bytes: UInt64) {
        #expect(Quantity.bytes(text) == bytes)
    }

    @Test(arguments: ["", "M", "-1", "1x", "1mm", "1  g", "8192p", "99999999999999999999", "1.2.3", "1e9", "NaN", "0x10"])
    func noSizes(_ text: String) {
        #expect(Quantity.bytes(text) == nil)
    }

    @Test(arguments: [
        ("0.5", 500_000_000), ("2", 2_000_000_000), ("0.1", 100_000_000), ("0.000000001", 1), ("1.10", 1_100_000_000), (".25", 250_000_000),
        ("0.70000000000000000000000", 700_000_000), ("9223372036", 9_223_372_036_000_000_000), ("0", 0),
    ] as [(String, Int64)])
    func cores(_ text: String, _ billionths: Int64) {
        #expect(Quantity.nanoCPUs(text) == billionths)
    }

    @Test(arguments: ["", ".", "-1", "0.0000000001", "0.10000000000000000000000000000001", "1/2", "1e-1", "9223372037", "99999999999999999999", "1 ", "0.5m"])
    func noCores(_ text: String) {
        #expect(Quantity.nanoCPUs(text) == nil)
    }
}
