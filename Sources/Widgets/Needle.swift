/// A text that is looked for, in bytes of UTF-8. Case matters only if it has a capital letter.
///
/// Letters beyond ASCII are found in either case where both take equally many bytes, as nearly all do.
struct Needle: Sendable {
    private let lower: [UInt8]
    /// The capitals; the same as `lower` where case matters.
    private let upper: [UInt8]
    /// Where each scalar ends that takes several bytes: they are all of one case.
    private let scalars: [Range<Int>]
    /// How far the place to look at may move when this byte stands at the needle's end (Horspool).
    private let skips: [Int]

    init(_ text: String) {
        let isExact = text.contains(where: \.isUppercase)
        var lower: [UInt8] = []
        var upper: [UInt8] = []
        var scalars: [Range<Int>] = []
        for scalar in text.unicodeScalars {
            let own = Array(String(scalar).utf8)
            let capital = isExact ? own : Array(String(scalar).uppercased().utf8)
            lower += own
            upper += capital.count == own.count ? capital : own
            if own.count > 1 { scalars.append(lower.count - own.count..<lower.count) }
        }
        var skips = Array(repeating: max(1, lower.count), count: 256)
        for index in lower.indices.dropLast() {
            skips[Int(lower[index])] = lower.count - 1 - index
            skips[Int(upper[index])] = lower.count - 1 - index
        }
        self.lower = lower
        self.upper = upper
        self.scalars = scalars
        self.skips = skips
    }

    var count: Int { lower.count }

    /// The first place at or after `start`.
    func first(in bytes: UnsafeBufferPointer<UInt8>, from start: Int = 0) -> Int? {
        let last = count - 1
        guard last >= 0 else { return nil }
        var index = start
        while index + last < bytes.count {
            if stands(at: index, in: bytes) { return index }
            index += skips[Int(bytes[index + last])]
        }
        return nil
    }

    /// The last place that ends at or before `end`.
    func last(in bytes: UnsafeBufferPointer<UInt8>, before end: Int) -> Int? {
        guard count > 0 else { return nil }
        var index = min(end, bytes.count) - count
        while index >= 0 {
            if stands(at: index, in: bytes) { return index }
            index -= 1
        }
        return nil
    }

    /// The bytes within `range` that belong to it, hits that touch or overlap taken together.
    func spans(in bytes: UnsafeBufferPointer<UInt8>, within range: Range<Int>) -> [Range<Int>] {
        var spans: [Range<Int>] = []
        var start = max(0, range.lowerBound - count + 1)
        let end = min(bytes.count, range.upperBound + count - 1)
        while let found = first(in: UnsafeBufferPointer(rebasing: bytes[..<end]), from: start) {
            let span = (found..<found + count).clamped(to: range)
            if let last = spans.last, last.upperBound >= span.lowerBound {
                spans[spans.count - 1] = last.lowerBound..<span.upperBound
            } else {
                spans.append(span)
            }
            start = found + 1
        }
        return spans
    }

    private func stands(at start: Int, in bytes: UnsafeBufferPointer<UInt8>) -> Bool {
        // From the end, where most places fail.
        var index = count - 1
        while index >= 0 {
            let byte = bytes[start + index]
            guard byte == lower[index] || byte == upper[index] else { return false }
            index -= 1
        }
        return scalars.allSatisfy { scalar in
            let found = bytes[start + scalar.lowerBound..<start + scalar.upperBound]
            return found.elementsEqual(lower[scalar]) || found.elementsEqual(upper[scalar])
        }
    }
}
