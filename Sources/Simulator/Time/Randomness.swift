/// The world's one source of chance: SplitMix64, the same numbers for the same seed on every machine.
struct Randomness: Sendable {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    /// Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014).
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return Randomness.mixed(state)
    }

    static func mixed(_ value: UInt64) -> UInt64 {
        var z = value
        z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
        return z ^ (z >> 31)
    }

    mutating func number(below limit: Int) -> Int { limit <= 1 ? 0 : Int(next() % UInt64(limit)) }

    /// From 0 up to, not including, 1.
    mutating func fraction() -> Double { Double(next() >> 11) * 0x1p-53 }

    mutating func milliseconds(_ range: ClosedRange<Int>) -> Duration {
        .milliseconds(range.lowerBound + number(below: range.count))
    }

    /// Lower-case hexadecimal, as the ids of containers and local networks.
    mutating func hexadecimal(_ count: Int) -> String { text(count, "0123456789abcdef") }

    /// 25 letters and digits, as the ids of everything in a swarm.
    mutating func swarmID() -> String { text(25, "0123456789abcdefghijklmnopqrstuvwxyz") }

    /// `7d0b5f0e-…`, as the ids of Consul's nodes.
    mutating func uuid() -> String {
        [8, 4, 4, 4, 12].map { hexadecimal($0) }.joined(separator: "-")
    }

    /// `ABCD:EFGH:…`, twelve groups, as the id of an engine.
    mutating func engineID() -> String {
        (0..<12).map { _ in text(4, "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") }.joined(separator: ":")
    }

    private mutating func text(_ count: Int, _ alphabet: StaticString) -> String {
        alphabet.withUTF8Buffer { letters in
            var bits: UInt64 = 0
            var left = 0
            return String(unsafeUninitializedCapacity: count) { buffer in
                for i in 0..<count {
                    if left == 0 {
                        bits = next()
                        left = 8
                    }
                    buffer[i] = letters[Int((bits & 0xff) % UInt64(letters.count))]
                    bits >>= 8
                    left -= 1
                }
                return count
            }
        }
    }

    /// A number that only depends on the text: what is worked out again and again for one container must not change.
    static func fingerprint(_ text: String) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in text.utf8 { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        return mixed(hash)
    }
}
