internal import Domain

/// Times as Go writes them.
enum GoTime {
    static let never = "0001-01-01T00:00:00Z"

    /// `2026-11-24T14:41:08.410292564Z`: nanoseconds without the zeros at the end.
    static func text(_ time: Timestamp?) -> String {
        guard let time else { return never }
        return String(decoding: bytes(time, isPadded: false), as: UTF8.self)
    }

    /// As it stands before a line of a log: always nine digits.
    static func stamp(_ time: Timestamp) -> [UInt8] { bytes(time, isPadded: true) }

    private static func bytes(_ time: Timestamp, isPadded: Bool) -> [UInt8] {
        let t = time.utc
        var bytes: [UInt8] = []
        bytes.reserveCapacity(30)
        func put(_ value: Int, _ width: Int, _ after: Unicode.Scalar?) {
            var divisor = 1
            for _ in 1..<width { divisor *= 10 }
            var rest = value
            while divisor > 0 {
                bytes.append(48 + UInt8(rest / divisor % 10))
                rest %= divisor
                divisor /= 10
            }
            if let after { bytes.append(UInt8(ascii: after)) }
        }
        put(min(9999, t.year), 4, "-")
        put(t.month, 2, "-")
        put(t.day, 2, "T")
        put(t.hour, 2, ":")
        put(t.minute, 2, ":")
        put(t.second, 2, nil)
        let fraction = Int((time.nanoseconds % 1_000_000_000 + 1_000_000_000) % 1_000_000_000)
        if fraction > 0 || isPadded {
            bytes.append(UInt8(ascii: "."))
            put(fraction, 9, nil)
            if !isPadded { while bytes.last == 48 { bytes.removeLast() } }
        }
        bytes.append(UInt8(ascii: "Z"))
        return bytes
    }
}

extension JSONText {
    mutating func time(_ key: StaticString, _ time: Timestamp?) { field(key, GoTime.text(time)) }
}
