/// Amounts as Compose files write them, read without rounding errors.
enum Quantity {
    /// Go's durations: `1m30s`, `1.5h`, `500ms`; `0` alone needs no unit. Nil for what is none, is negative, or does not fit
    /// into Docker's 64 bits of nanoseconds.
    static func duration(_ text: String) -> Duration? {
        var rest = text.utf8[...]
        if rest.first == UInt8(ascii: "+") { rest = rest.dropFirst() }
        if rest.elementsEqual("0".utf8) { return .zero }
        guard !rest.isEmpty else { return nil }
        var total: UInt128 = 0
        while !rest.isEmpty {
            guard let number = Decimal(prefix: &rest) else { return nil }
            let unit = rest.prefix { !isDigit($0) && $0 != UInt8(ascii: ".") }
            guard let nanoseconds = nanoseconds(Substring(unit)) else { return nil }
            rest = rest[unit.endIndex...]
            total += number.times(nanoseconds)
            guard total <= UInt128(Int64.max) else { return nil }
        }
        return .nanoseconds(Int64(total))
    }

    /// `512M`, `1gb`, `1.5 GiB`, `1024`: letters are powers of 1024 whatever follows them (docker/go-units, RAMInBytes).
    static func bytes(_ text: String) -> UInt64? {
        var rest = text.lowercased().utf8[...]
        guard let number = Decimal(prefix: &rest) else { return nil }
        if rest.first == UInt8(ascii: " ") { rest = rest.dropFirst() }
        var unit: UInt64 = 1
        if let letter = rest.first, let power = Array("kmgtp".utf8).firstIndex(of: letter) {
            unit <<= 10 * (UInt64(power) + 1)
            rest = rest.dropFirst()
        }
        if rest.first == UInt8(ascii: "i") { rest = rest.dropFirst() }
        if rest.first == UInt8(ascii: "b") { rest = rest.dropFirst() }
        let total = number.times(unit)
        guard rest.isEmpty, total <= UInt128(Int64.max) else { return nil }
        return UInt64(total)
    }

    /// Cores as billionths of one. Nil for what is no number, or is finer than that.
    static func nanoCPUs(_ text: String) -> Int64? {
        var rest = text.utf8[...]
        guard let number = Decimal(prefix: &rest), rest.isEmpty, number.isWhole(times: 1_000_000_000) else { return nil }
        return Int64(exactly: number.times(1_000_000_000))
    }

    private static func nanoseconds(_ unit: Substring) -> UInt64? {
        switch unit {
        case "ns": 1
        // Two signs for micro: U+00B5 and the Greek letter.
        case "us", "\u{B5}s", "\u{3BC}s": 1_000
        case "ms": 1_000_000
        case "s": 1_000_000_000
        case "m": 60_000_000_000
        case "h": 3_600_000_000_000
        default: nil
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

    /// Digits with at most one point between or around them.
    private struct Decimal {
        private var whole: UInt64 = 0
        private var fraction: UInt64 = 0
        /// Ten to the power of the fraction's digits.
        private var scale: UInt64 = 1
        /// Digits other than 0 followed that the fraction has no room for.
        private var isCut = false

        init?(prefix text: inout Substring.UTF8View) {
            var hasDigits = false
            while let byte = text.first, Quantity.isDigit(byte) {
                let (tens, isTooLong) = whole.multipliedReportingOverflow(by: 10)
                let (sum, isTooLarge) = tens.addingReportingOverflow(UInt64(byte - UInt8(ascii: "0")))
                guard !isTooLong, !isTooLarge else { return nil }
                whole = sum
                hasDigits = true
                text = text.dropFirst()
            }
            if text.first == UInt8(ascii: ".") {
                text = text.dropFirst()
                while let byte = text.first, Quantity.isDigit(byte) {
                    let digit = UInt64(byte - UInt8(ascii: "0"))
                    if scale < 1_000_000_000_000_000_000 {
                        fraction = fraction * 10 + digit
                        scale *= 10
                    } else if digit > 0 {
                        isCut = true
                    }
                    hasDigits = true
                    text = text.dropFirst()
                }
            }
            guard hasDigits else { return nil }
        }

        /// Rounded down. 64 bits by 64 bits fit.
        func times(_ unit: UInt64) -> UInt128 {
            UInt128(whole) * UInt128(unit) + UInt128(fraction) * UInt128(unit) / UInt128(scale)
        }

        func isWhole(times unit: UInt64) -> Bool {
            !isCut && UInt128(fraction) * UInt128(unit) % UInt128(scale) == 0
        }
    }
}
