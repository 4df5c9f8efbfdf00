/// Amounts as people type them: `0.5` processors, `512M`, `1m30s`.
enum Amount {
    /// Billionths of a core; nil for what is no positive number.
    static func nanoCPUs(_ text: String) -> Int64? {
        let parts = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        guard let whole = Int64(parts[0].isEmpty ? "0" : parts[0]), whole >= 0, whole < 1_000_000 else { return nil }
        var fraction: Int64 = 0
        if parts.count > 1 {
            guard parts[1].count <= 9, parts[1].allSatisfy(\.isNumber), let digits = Int64(parts[1].isEmpty ? "0" : parts[1]) else { return nil }
            fraction = digits
            for _ in parts[1].count..<9 { fraction *= 10 }
        }
        return whole * 1_000_000_000 + fraction
    }

    static func words(nanoCPUs: Int64) -> String {
        var text = "\(nanoCPUs / 1_000_000_000)"
        var rest = String(nanoCPUs % 1_000_000_000)
        rest = String(repeating: "0", count: max(0, 9 - rest.count)) + rest
        while rest.hasSuffix("0") { rest.removeLast() }
        if !rest.isEmpty { text += "." + rest }
        return text
    }

    /// Bytes; `K`, `M`, `G`, `T` are powers of 1024, as Docker counts.
    static func bytes(_ text: String) -> UInt64? {
        var digits = text.lowercased()
        if digits.hasSuffix("b") { digits.removeLast() }
        if digits.hasSuffix("i") { digits.removeLast() }
        var factor: UInt64 = 1
        if let unit = digits.last, let power = ["k": 1, "m": 2, "g": 3, "t": 4][unit] {
            digits.removeLast()
            for _ in 0..<power { factor *= 1024 }
        }
        guard let value = UInt64(digits) else { return nil }
        let (bytes, overflows) = value.multipliedReportingOverflow(by: factor)
        return overflows ? nil : bytes
    }

    static func words(bytes: UInt64) -> String {
        for (unit, power) in [("G", UInt64(1) << 30), ("M", 1 << 20), ("K", 1 << 10)] where bytes >= power && bytes % power == 0 { return "\(bytes / power)\(unit)" }
        return "\(bytes)"
    }

    static func duration(_ text: String) -> Duration? {
        var rest = text[...]
        var total = Duration.zero
        var isFirst = true
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard let value = Int64(digits), value < 1_000_000_000 else { return nil }
            switch unit {
            case "h": total += .seconds(value * 3600)
            case "m": total += .seconds(value * 60)
            case "s": total += .seconds(value)
            case "ms": total += .milliseconds(value)
            case "" where isFirst && rest.isEmpty: total += .seconds(value)
            default: return nil
            }
            isFirst = false
        }
        return isFirst ? nil : total
    }

    static func words(_ duration: Duration) -> String {
        let (seconds, attoseconds) = duration.components
        let milliseconds = attoseconds / 1_000_000_000_000_000
        if milliseconds != 0 { return "\(seconds * 1000 + milliseconds)ms" }
        if seconds % 3600 == 0, seconds > 0 { return "\(seconds / 3600)h" }
        return seconds % 60 == 0 && seconds > 0 ? "\(seconds / 60)m" : "\(seconds)s"
    }
}
