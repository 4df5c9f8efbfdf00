/// A moment on the wall clock: nanoseconds since 1970-01-01T00:00:00Z.
///
/// Every source reports wall-clock times, so the whole program reckons with them; "how long ago" is worked out at the
/// moment of drawing from the `now` that the drawing is given, never from a hidden clock.
public struct Timestamp: Sendable, Hashable, Comparable, Codable {
    public var nanoseconds: Int64

    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }
    public init(seconds: Int64) { self.nanoseconds = seconds &* 1_000_000_000 }

    public var seconds: Int64 { nanoseconds / 1_000_000_000 }

    public static func < (a: Timestamp, b: Timestamp) -> Bool { a.nanoseconds < b.nanoseconds }

    public func adding(_ duration: Duration) -> Timestamp {
        let (s, a) = duration.components
        return Timestamp(nanoseconds: nanoseconds &+ s &* 1_000_000_000 &+ a / 1_000_000_000)
    }

    /// Whole seconds from `earlier` to here, never negative: clocks of two machines may disagree a little.
    public func seconds(since earlier: Timestamp) -> Int64 {
        max(0, (nanoseconds &- earlier.nanoseconds) / 1_000_000_000)
    }
}

extension Timestamp {
    /// Reads RFC 3339 with up to nine fractional digits (`2026-11-23T08:02:56.381672003Z`, offsets allowed).
    ///
    /// Docker writes "never" as `0001-01-01T00:00:00Z`; that, the empty string and anything malformed give `nil`.
    public init?(rfc3339 text: some StringProtocol) {
        let bytes = Array(text.utf8)
        guard bytes.count >= 20 else { return nil }
        func number(_ range: Range<Int>) -> Int64? {
            var value: Int64 = 0
            for i in range {
                guard bytes[i] >= 48, bytes[i] <= 57 else { return nil }
                value = value * 10 + Int64(bytes[i] - 48)
            }
            return value
        }
        guard let year = number(0..<4), let month = number(5..<7), let day = number(8..<10), let hour = number(11..<13),
            let minute = number(14..<16), let second = number(17..<19), bytes[4] == 45, bytes[7] == 45, year >= 1970,
            (1...12).contains(month), (1...31).contains(day), hour < 24, minute < 60, second <= 60
        else { return nil }
        var index = 19
        var fraction: Int64 = 0
        if bytes[index] == 46 {
            index += 1
            var scale: Int64 = 100_000_000
            while index < bytes.count, bytes[index] >= 48, bytes[index] <= 57 {
                fraction += Int64(bytes[index] - 48) * scale
                scale /= 10
                index += 1
            }
        }
        var offset: Int64 = 0
        guard index < bytes.count else { return nil }
        switch bytes[index] {
        case 90, 122: break
        case 43, 45:
            guard bytes.count >= index + 6, let h = number(index + 1..<index + 3), let m = number(index + 4..<index + 6)
            else { return nil }
            offset = (h * 3600 + m * 60) * (bytes[index] == 43 ? 1 : -1)
        default: return nil
        }
        let days = Timestamp.days(year: year, month: month, day: day)
        let seconds = days * 86_400 + hour * 3600 + minute * 60 + second - offset
        self.init(nanoseconds: seconds * 1_000_000_000 + fraction)
    }

    /// Calendar fields in UTC.
    public var utc: (year: Int, month: Int, day: Int, hour: Int, minute: Int, second: Int) {
        let total = seconds - (nanoseconds % 1_000_000_000 < 0 ? 1 : 0)
        let day = total >= 0 ? total / 86_400 : (total - 86_399) / 86_400
        let rest = Int(total - day * 86_400)
        // Howard Hinnant's civil_from_days: eras of 400 years counted from 0000-03-01.
        let z = day + 719_468
        let era = (z >= 0 ? z : z - 146_096) / 146_097
        let dayOfEra = z - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let m = (5 * dayOfYear + 2) / 153
        let month = m < 10 ? m + 3 : m - 9
        let year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
        return (Int(year), Int(month), Int(dayOfYear - (153 * m + 2) / 5 + 1), rest / 3600, rest / 60 % 60, rest % 60)
    }

    /// `2026-11-23T08:02:56Z`, the form used in reports and files.
    public var rfc3339: String {
        let t = utc
        return "\(padded(t.year, 4))-\(padded(t.month, 2))-\(padded(t.day, 2))T"
            + "\(padded(t.hour, 2)):\(padded(t.minute, 2)):\(padded(t.second, 2))Z"
    }

    /// `08:02:56`, with `offset` seconds east of UTC added first.
    public func clock(offset: Int = 0) -> String {
        let t = Timestamp(nanoseconds: nanoseconds + Int64(offset) * 1_000_000_000).utc
        return "\(padded(t.hour, 2)):\(padded(t.minute, 2)):\(padded(t.second, 2))"
    }

    /// `2026-11-23`, with `offset` seconds east of UTC added first.
    public func date(offset: Int = 0) -> String {
        let t = Timestamp(nanoseconds: nanoseconds + Int64(offset) * 1_000_000_000).utc
        return "\(padded(t.year, 4))-\(padded(t.month, 2))-\(padded(t.day, 2))"
    }

    private static func days(year: Int64, month: Int64, day: Int64) -> Int64 {
        let y = month <= 2 ? year - 1 : year
        let era = y / 400
        let yearOfEra = y - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        return era * 146_097 + yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear - 719_468
    }

    private func padded(_ value: Int, _ width: Int) -> String {
        let digits = String(value)
        return digits.count >= width ? digits : String(repeating: "0", count: width - digits.count) + digits
    }
}
