/// What the kernel's small text files need: numbers, words and lines, read in place.
///
/// Positions are byte offsets; every function moves `position` past what it has read. Garbage gives nil, never a trap.
extension Span<UInt8> {
    /// A decimal number at `position`; nil where there is none or where it does not fit.
    func number(_ position: inout Int) -> UInt64? {
        var value: UInt64 = 0
        let start = position
        while position < count {
            let digit = self[position] &- 48
            if digit > 9 { break }
            let (scaled, overflowed) = value.multipliedReportingOverflow(by: 10)
            let (sum, carried) = scaled.addingReportingOverflow(UInt64(digit))
            if overflowed || carried { return nil }
            value = sum
            position += 1
        }
        return position > start ? value : nil
    }

    /// A hexadecimal number at `position`.
    func hexNumber(_ position: inout Int) -> UInt64? {
        var value: UInt64 = 0
        let start = position
        while position < count, let digit = Self.hexDigit(self[position]) {
            if value >> 60 != 0 { return nil }
            value = value << 4 | UInt64(digit)
            position += 1
        }
        return position > start ? value : nil
    }

    static func hexDigit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 97...102: byte - 87
        case 65...70: byte - 55
        default: nil
        }
    }

    func skipBlanks(_ position: inout Int) {
        while position < count, self[position] == 32 || self[position] == 9 { position += 1 }
    }

    /// Up to the start of the next line.
    func skipLine(_ position: inout Int) {
        while position < count, self[position] != 10 { position += 1 }
        if position < count { position += 1 }
    }

    /// The next word of this line, as a range; nil at the end of the line.
    func word(_ position: inout Int) -> Range<Int>? {
        skipBlanks(&position)
        let start = position
        while position < count, self[position] > 32 { position += 1 }
        return position > start ? start..<position : nil
    }

    func text(_ range: Range<Int>) -> String {
        String(unsafeUninitializedCapacity: range.count) { target in
            for offset in range { target.initializeElement(at: offset - range.lowerBound, to: self[offset]) }
            return range.count
        }
    }

    /// Whether `key` stands at `position`.
    func has(_ key: StaticString, at position: Int) -> Bool {
        let length = key.utf8CodeUnitCount
        guard position + length <= count else { return false }
        for offset in 0..<length where key.utf8Start[offset] != self[position + offset] { return false }
        return true
    }

    /// The number that follows `key` and a blank at the start of a line: `total_inactive_file 4096`.
    func value(of key: StaticString) -> UInt64? {
        var position = 0
        while position < count {
            if has(key, at: position) {
                var after = position + key.utf8CodeUnitCount
                if after < count, self[after] == 32 {
                    skipBlanks(&after)
                    return number(&after)
                }
            }
            skipLine(&position)
        }
        return nil
    }

    /// Whether `needle` occurs anywhere.
    func contains(_ needle: String) -> Bool {
        let wanted = Array(needle.utf8)
        guard let first = wanted.first, wanted.count <= count else { return false }
        for start in 0...(count - wanted.count) where self[start] == first {
            var offset = 1
            while offset < wanted.count, self[start + offset] == wanted[offset] { offset += 1 }
            if offset == wanted.count { return true }
        }
        return false
    }

    /// The first line without its end and the blanks around it.
    var firstLine: String {
        var start = 0
        skipBlanks(&start)
        var end = start
        while end < count, self[end] != 10, self[end] != 0 { end += 1 }
        while end > start, self[end - 1] <= 32 { end -= 1 }
        return text(start..<end)
    }
}
