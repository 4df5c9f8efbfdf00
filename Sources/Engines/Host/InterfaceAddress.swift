internal import Glibc

/// What `getifaddrs` tells of an interface: it asks the kernel by rtnetlink, which needs no privilege.
struct InterfaceAddress: Hashable {
    var index: Int
    /// `IFF_…`
    var flags: UInt32
    /// CIDR, IPv4 before IPv6, in the kernel's order.
    var addresses: [String]

    /// Interfaces by name.
    typealias Table = [String: InterfaceAddress]

    static func all() throws(FileFailure) -> Table {
        var first: UnsafeMutablePointer<ifaddrs>?
        guard getifaddrs(&first) == 0 else { throw FileFailure(code: errno) }
        defer { freeifaddrs(first) }
        var table: Table = [:]
        var later: [(String, String)] = []
        var next = first
        while let entry = next {
            next = entry.pointee.ifa_next
            guard let namePointer = entry.pointee.ifa_name, let address = entry.pointee.ifa_addr else { continue }
            let name = String(cString: namePointer)
            table[name, default: InterfaceAddress(index: 0, flags: 0, addresses: [])].flags = entry.pointee.ifa_flags
            switch Int32(address.pointee.sa_family) {
            case AF_PACKET:
                // sll_ifindex of sockaddr_ll, which Glibc's module does not have: after family and protocol.
                table[name]?.index = Int(UnsafeRawPointer(address).load(fromByteOffset: 4, as: Int32.self))
            case AF_INET:
                let bytes = Self.bytes(address, at: 4, count: 4)
                let mask = entry.pointee.ifa_netmask.map { Self.bytes($0, at: 4, count: 4) }
                table[name]?.addresses.append("\(bytes[0]).\(bytes[1]).\(bytes[2]).\(bytes[3])/\(length(mask, whole: 32))")
            case AF_INET6:
                let mask = entry.pointee.ifa_netmask.map { Self.bytes($0, at: 8, count: 16) }
                later.append((name, "\(text6(Self.bytes(address, at: 8, count: 16)))/\(length(mask, whole: 128))"))
            default: break
            }
        }
        for (name, address) in later { table[name]?.addresses.append(address) }
        return table
    }

    /// Bytes of a socket address: IPv4 starts at 4, IPv6 at 8 (`sin_addr`, `sin6_addr`).
    private static func bytes(_ address: UnsafeMutablePointer<sockaddr>, at offset: Int, count: Int) -> [UInt8] {
        Array(UnsafeRawBufferPointer(start: UnsafeRawPointer(address) + offset, count: count))
    }

    private static func length(_ mask: [UInt8]?, whole: Int) -> Int {
        mask?.reduce(0) { $0 + $1.nonzeroBitCount } ?? whole
    }

    /// IPv6 text as RFC 5952 wants it: the longest run of zero groups becomes `::`.
    static func text6(_ bytes: [UInt8]) -> String {
        guard bytes.count == 16 else { return "" }
        let groups = (0..<8).map { UInt16(bytes[$0 * 2]) << 8 | UInt16(bytes[$0 * 2 + 1]) }
        var best = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > best.count, end - start > 1 { best = start..<end }
            start = max(end, start + 1)
        }
        func joined(_ range: Range<Int>) -> String {
            range.map { String(groups[$0], radix: 16) }.joined(separator: ":")
        }
        return best.isEmpty ? joined(0..<8) : joined(0..<best.lowerBound) + "::" + joined(best.upperBound..<8)
    }
}
