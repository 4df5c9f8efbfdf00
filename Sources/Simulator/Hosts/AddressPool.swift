/// The addresses of one IPv4 subnet, given out in turn so that an address that was just given back is not at once another's.
struct AddressPool: Sendable {
    let prefix: Int
    private let base: UInt32
    private var cursor: UInt32 = 1
    private var taken: Set<UInt32> = []

    /// nil when it is no subnet that could hold anything.
    init?(subnet: String) {
        let parts = subnet.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count == 2, let prefix = Int(parts[1]), (8...30).contains(prefix), let address = AddressPool.number(parts[0]) else { return nil }
        self.prefix = prefix
        base = address & (UInt32.max << UInt32(32 - prefix))
    }

    /// A network without addresses.
    init() {
        prefix = 32
        base = 0
    }

    var subnet: String { "\(AddressPool.text(base))/\(prefix)" }
    var gateway: String { AddressPool.text(base + 1) }
    private var size: UInt32 { prefix >= 32 ? 0 : UInt32(1) << UInt32(32 - prefix) }

    /// nil when all are taken.
    mutating func take() -> String? {
        guard size > 3, taken.count < Int(size) - 3 else { return nil }
        repeat {
            cursor += 1
            if cursor >= size - 1 { cursor = 2 }
        } while taken.contains(cursor)
        taken.insert(cursor)
        return AddressPool.text(base + cursor)
    }

    /// That very one; false when it is taken, or none of these.
    mutating func take(_ address: String) -> Bool {
        guard contains(address), let number = AddressPool.number(address), number - base > 1, number - base < size - 1 else { return false }
        return taken.insert(number - base).inserted
    }

    mutating func giveBack(_ address: String) {
        if let number = AddressPool.number(address), number >= base { taken.remove(number - base) }
    }

    func overlaps(_ other: AddressPool) -> Bool {
        let shift = UInt32(32 - min(prefix, other.prefix))
        return size > 0 && other.size > 0 && base >> shift == other.base >> shift
    }

    func contains(_ address: String) -> Bool {
        guard size > 0, let number = AddressPool.number(address) else { return false }
        return number >= base && number - base < size
    }

    static func isAddress(_ text: String) -> Bool { number(text) != nil }

    /// `02:42:` and the four bytes of the address, as Docker makes them.
    static func mac(of address: String) -> String {
        guard let number = number(address) else { return "" }
        return "02:42:" + [24, 16, 8, 0].map { shift in
            let byte = String((number >> UInt32(shift)) & 0xff, radix: 16)
            return byte.count == 1 ? "0" + byte : byte
        }.joined(separator: ":")
    }

    private static func number(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var value: UInt32 = 0
        for part in parts {
            guard let byte = UInt8(part) else { return nil }
            value = value << 8 | UInt32(byte)
        }
        return value
    }

    private static func text(_ number: UInt32) -> String {
        "\(number >> 24).\(number >> 16 & 0xff).\(number >> 8 & 0xff).\(number & 0xff)"
    }
}
