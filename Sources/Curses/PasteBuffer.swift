/// Text between the brackets of a paste, as it comes in.
struct PasteBuffer {
    /// What is pasted beyond this is dropped: nobody pastes more into a dashboard on purpose.
    static let limit = 1 << 20
    static let end: [UInt8] = Array("\u{1B}[201~".utf8)

    private var bytes: [UInt8] = []
    private var matched = 0

    /// Takes bytes up to the end bracket; the number of them, and whether that was it.
    mutating func receive(_ input: ArraySlice<UInt8>) -> (count: Int, isWhole: Bool) {
        var count = 0
        for byte in input {
            count += 1
            if byte == Self.end[matched] {
                matched += 1
                if matched == Self.end.count { return (count, true) }
                continue
            }
            // The only byte of the bracket that can begin it anew is its first.
            for held in Self.end[..<matched] { append(held) }
            matched = byte == Self.end[0] ? 1 : 0
            if matched == 0 { append(byte) }
        }
        return (count, false)
    }

    private mutating func append(_ byte: UInt8) {
        if bytes.count < Self.limit { bytes.append(byte) }
    }

    /// Terminals send a carriage return for each line end. Invalid bytes are dropped.
    var text: String {
        var result = String.UnicodeScalarView()
        var last: Unicode.Scalar = " "
        for scalar in String(decoding: bytes, as: UTF8.self).unicodeScalars {
            if scalar == "\r" {
                result.append("\n")
            } else if scalar != "\u{FFFD}", !(scalar == "\n" && last == "\r") {
                result.append(scalar)
            }
            last = scalar
        }
        return String(result)
    }
}
