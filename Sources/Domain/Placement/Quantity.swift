/// Amounts in the units that people write into service files: `512M`, `1.5 CPUs`.
enum Quantity {
    /// Which way a figure may be off. What is asked rounds up and what is free rounds down, so that following
    /// "reserve 1.9G instead of 2G" is never too much by the digits that are not shown.
    enum Rounding { case up, down }

    /// The name of `Resources.disk` in `Refusal.other`.
    static let disk = "disk"
    /// The name of `Resources.slots` in `Refusal.other`.
    static let slot = "slot"

    /// `0.5`, `2`: exact, because reservations are round numbers and what they leave of whole cores is too.
    static func cores(_ nanoCPUs: Int64) -> String {
        let (whole, rest) = nanoCPUs.magnitude.quotientAndRemainder(dividingBy: 1_000_000_000)
        var digits = String(String(1_000_000_000 + rest).dropFirst())
        while digits.hasSuffix("0") { digits.removeLast() }
        return (nanoCPUs < 0 ? "-" : "") + String(whole) + (digits.isEmpty ? "" : "." + digits)
    }

    /// `0.5 CPU`, `1 CPU`, `1.5 CPUs`.
    static func cpus(_ nanoCPUs: Int64) -> String { cores(nanoCPUs) + (nanoCPUs <= 1_000_000_000 ? " CPU" : " CPUs") }

    /// `912B`, `512M`, `1.5G`: powers of 1024, as docker's own options count.
    static func bytes(_ value: UInt64, rounded: Rounding) -> String {
        let units: [Character] = ["B", "K", "M", "G", "T", "P", "E"]
        var power = 0
        while power < units.count - 1, value >> (10 * (power + 1)) > 0 { power += 1 }
        let unit: UInt64 = 1 << (10 * power)
        var (whole, rest) = value.quotientAndRemainder(dividingBy: unit)
        // The rest is below 2^60: ten times as much still fits.
        var (tenths, dust) = (rest * 10).quotientAndRemainder(dividingBy: unit)
        if rounded == .up, dust > 0 { tenths += 1 }
        whole += tenths / 10
        tenths %= 10
        return String(whole) + (tenths > 0 ? ".\(tenths)" : "") + String(units[power])
    }

    /// Of a resource that has only a name: `2`, `0.25`.
    static func amount(_ value: Double, of name: String) -> String {
        if name == disk, value >= 0, value < 0x1p63 { return bytes(UInt64(value), rounded: .down) }
        if value.magnitude < 0x1p53, Double(Int64(value)) == value { return String(Int64(value)) }
        return String(value)
    }
}
