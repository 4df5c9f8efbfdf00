/// Numbers as short words. Formatted by hand: these run for every visible cell of every frame.
public enum Figure {
    /// `0`, `912B`, `84M`, `1.2G`: at most five characters, powers of 1024 as `docker stats` counts.
    public static func bytes(_ value: UInt64) -> String {
        if value < 1024 { return value == 0 ? "0" : "\(value)B" }
        let units: [Character] = ["K", "M", "G", "T", "P", "E"]
        var scaled = Double(value) / 1024
        var unit = 0
        while scaled >= 999.5, unit < units.count - 1 {
            scaled /= 1024
            unit += 1
        }
        return short(scaled) + String(units[unit])
    }

    /// Bytes a second: `1.2M/s`; `0` for nothing at all.
    public static func rate(_ value: Double?) -> String {
        guard let value, value.isFinite, value >= 0 else { return "–" }
        if value < 1 { return "0" }
        return bytes(UInt64(min(value, 1e18))) + "/s"
    }

    /// `41%`, `0.3%`, `1204%`.
    public static func percent(_ value: Double?) -> String {
        guard let value, value.isFinite else { return "–" }
        let tenths = Int((max(0, min(value, 1_000_000)) * 10).rounded())
        if tenths == 0 { return "0%" }
        return tenths < 100 ? "\(tenths / 10).\(tenths % 10)%" : "\((tenths + 5) / 10)%"
    }

    /// `7s`, `4m`, `2h`, `3d`, `5w`, `2y`.
    public static func age(_ seconds: Int64) -> String {
        switch seconds {
        case ..<0: "0s"
        case ..<60: "\(seconds)s"
        case ..<3600: "\(seconds / 60)m"
        case ..<86_400: "\(seconds / 3600)h"
        case ..<1_209_600: "\(seconds / 86_400)d"
        case ..<63_072_000: "\(seconds / 604_800)w"
        default: "\(seconds / 31_536_000)y"
        }
    }

    /// Two units where that tells more: `4m12s`, `2h05m`, `3d4h`.
    public static func longAge(_ seconds: Int64) -> String {
        switch seconds {
        case ..<60: return age(seconds)
        case ..<3600: return "\(seconds / 60)m\(padded(seconds % 60))s"
        case ..<86_400: return "\(seconds / 3600)h\(padded(seconds / 60 % 60))m"
        case ..<1_209_600: return "\(seconds / 86_400)d\(seconds / 3600 % 24)h"
        default: return age(seconds)
        }
    }

    /// `4`, `1.5`, `0.25` processor cores from billionths of them; what is hardly anything is not nothing.
    public static func cores(_ billionths: Int64) -> String {
        let hundredths = max(0, billionths) / 10_000_000 + (max(0, billionths) % 10_000_000 >= 5_000_000 ? 1 : 0)
        let (whole, rest) = (hundredths / 100, hundredths % 100)
        if rest == 0 { return billionths > 0 && hundredths == 0 ? "0.01" : String(whole) }
        return rest % 10 == 0 ? "\(whole).\(rest / 10)" : "\(whole).\(rest < 10 ? "0" : "")\(rest)"
    }

    private static func padded(_ value: Int64) -> String { value < 10 ? "0\(value)" : "\(value)" }

    private static func short(_ value: Double) -> String {
        if value < 9.95 {
            let tenths = Int((value * 10).rounded())
            return tenths % 10 == 0 ? "\(tenths / 10)" : "\(tenths / 10).\(tenths % 10)"
        }
        return "\(Int(value.rounded()))"
    }
}
