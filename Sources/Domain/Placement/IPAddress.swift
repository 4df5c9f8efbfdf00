/// An internet address of either version, for the constraint `node.ip`.
struct IPAddress: Hashable {
    /// IPv4 as `::ffff:a.b.c.d`, so that both notations of it are one address, as in Go's `net.IP.Equal`.
    let bits: UInt128
    static let mapped: UInt128 = 0xffff_0000_0000

    var isIPv4: Bool { bits >> 32 == Self.mapped >> 32 }

    /// nil for everything that is not the whole of one address: zones, ports and host names included.
    init?(_ text: some StringProtocol) {
        guard text.contains(":") else {
            guard let four = Self.dotted(text) else { return nil }
            bits = Self.mapped | UInt128(four)
            return
        }
        // A gap stands for at least one group of zeros, and can be there once.
        let halves = text.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
        guard let head = Self.groups(halves[0]) else { return nil }
        guard halves.count == 2 else {
            guard head.count == 8 else { return nil }
            bits = Self.joined(head)
            return
        }
        guard let tail = Self.groups(halves[1]), head.count + tail.count < 8 else { return nil }
        bits = Self.joined(head + Array(repeating: 0, count: 8 - head.count - tail.count) + tail)
    }

    private static func joined(_ groups: [UInt16]) -> UInt128 { groups.reduce(0) { $0 << 16 | UInt128($1) } }

    /// The groups between the colons, the last two perhaps written as an IPv4 address; nil when one of them is none.
    private static func groups(_ text: some StringProtocol) -> [UInt16]? {
        if text.isEmpty { return [] }
        var found: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if index == parts.count - 1, part.contains(".") {
                guard let four = dotted(part) else { return nil }
                found += [UInt16(four >> 16), UInt16(four & 0xffff)]
            } else {
                guard (1...4).contains(part.count), part.allSatisfy({ $0.isASCII && $0.isHexDigit }), let group = UInt16(part, radix: 16) else {
                    return nil
                }
                found.append(group)
            }
        }
        return found
    }

    private static func dotted(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var address: UInt32 = 0
        for part in parts {
            // Go refuses leading zeros: some systems read them as octal.
            guard part.allSatisfy({ $0.isASCII && $0.isNumber }), part == "0" || !part.hasPrefix("0"), let byte = UInt8(part) else { return nil }
            address = address << 8 | UInt32(byte)
        }
        return address
    }
}

/// A block of addresses: `10.0.0.0/8`.
struct IPNetwork: Hashable {
    let base: IPAddress
    /// Of the 128 bits.
    let mask: UInt128

    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let base = IPAddress(parts[0]), parts[1].allSatisfy({ $0.isASCII && $0.isNumber }), let length = Int(parts[1]) else {
            return nil
        }
        let width = parts[0].contains(":") ? 128 : 32
        guard length <= width else { return nil }
        self.base = base
        mask = width == length ? .max : ~(UInt128.max >> (128 - width + length))
    }

    /// Never true across versions: `::/0` holds no IPv4 address.
    func contains(_ address: IPAddress) -> Bool {
        address.isIPv4 == base.isIPv4 && address.bits & mask == base.bits & mask
    }
}
