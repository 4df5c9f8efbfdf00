internal import Drawing

/// What begins with Esc.
enum EscapeSequence {
    enum Parsed: Equatable {
        /// More bytes may follow.
        case incomplete
        /// So many bytes, and what they say, if anything.
        case whole(Int, Input?)
        /// `CSI 200 ~`: what follows is pasted.
        case paste(Int)
    }

    /// `bytes` begins with Esc.
    static func parse(_ bytes: ArraySlice<UInt8>) -> Parsed {
        let start = bytes.startIndex
        guard bytes.count > 1 else { return .incomplete }
        switch bytes[start + 1] {
        case UInt8(ascii: "["): return control(bytes)
        case UInt8(ascii: "O"): return single(bytes)
        // OSC, DCS, APC, PM and SOS: answers to questions that were never asked.
        case UInt8(ascii: "]"), UInt8(ascii: "P"), UInt8(ascii: "_"), UInt8(ascii: "^"), UInt8(ascii: "X"): return text(bytes)
        case 0x1B:
            // Esc twice is two keys, unless a sequence follows: rxvt's way to say alt.
            guard bytes.count > 2 else { return .incomplete }
            guard bytes[start + 2] == UInt8(ascii: "[") || bytes[start + 2] == UInt8(ascii: "O") else { return .whole(1, .key(.escape)) }
            guard case .whole(let count, let input) = parse(bytes[(start + 1)...]) else { return .incomplete }
            if case .key(let key)? = input { return .whole(count + 1, .key(Key(name: "alt-" + key.name))) }
            return .whole(count + 1, input)
        case let byte where byte < 0x20 || byte == 0x7F:
            return .whole(2, .key(Key(name: "alt-" + KeyNames.ofControl(byte).name)))
        default:
            switch UTF8Prefix.of(bytes[(start + 1)...]) {
            case .incomplete: return .incomplete
            case .invalid: return .whole(2, nil)
            case .character(let character, let count): return .whole(count + 1, .key(Key(name: "alt-" + Key(character).name)))
            }
        }
    }

    private static func control(_ bytes: ArraySlice<UInt8>) -> Parsed {
        var index = bytes.startIndex + 2
        guard index < bytes.endIndex else { return .incomplete }
        if bytes[index] == UInt8(ascii: "[") {
            // The Linux console's F1 to F5: CSI [ A to CSI [ E.
            guard index + 1 < bytes.endIndex else { return .incomplete }
            let letter = bytes[index + 1]
            return .whole(4, letter >= 0x41 && letter <= 0x45 ? .key(.function(Int(letter) - 0x40)) : nil)
        }
        if bytes[index] == UInt8(ascii: "M") {
            guard bytes.count >= 6 else { return .incomplete }
            return .whole(6, MouseReport.old(bytes[index + 1], bytes[index + 2], bytes[index + 3]).map(Input.mouse))
        }
        var marker: UInt8 = 0
        if bytes[index] >= 0x3C, bytes[index] <= 0x3F {
            marker = bytes[index]
            index += 1
        }
        var numbers: [Int] = []
        var number: Int?
        while index < bytes.endIndex {
            let byte = bytes[index]
            switch byte {
            case 0x30...0x39: number = min(0xFFFF_FFFF, (number ?? 0) * 10 + Int(byte - 0x30))
            case UInt8(ascii: ";"):
                numbers.append(number ?? 0)
                number = nil
            case 0x3A, 0x20...0x2F, 0x3C...0x3F: break
            case 0x40...0x7E:
                if let number { numbers.append(number) }
                return finished(marker, numbers, byte, index + 1 - bytes.startIndex)
            // A control character or another Esc within: what came before was cut off.
            default: return .whole(index - bytes.startIndex, nil)
            }
            index += 1
            if index - bytes.startIndex > 64 { return .whole(64, nil) }
        }
        return .incomplete
    }

    private static func finished(_ marker: UInt8, _ numbers: [Int], _ final: UInt8, _ count: Int) -> Parsed {
        if marker == UInt8(ascii: "<"), final == UInt8(ascii: "M") || final == UInt8(ascii: "m") {
            return .whole(count, MouseReport.sgr(numbers, isRelease: final == UInt8(ascii: "m")).map(Input.mouse))
        }
        guard marker == 0 else { return .whole(count, nil) }
        let first = numbers.first ?? 1
        let modifiers = numbers.count > 1 ? numbers[1] : 1
        switch final {
        case UInt8(ascii: "I") where numbers.isEmpty: return .whole(count, .focus(true))
        case UInt8(ascii: "O") where numbers.isEmpty: return .whole(count, .focus(false))
        case UInt8(ascii: "Z"): return .whole(count, .key(.backTab))
        case UInt8(ascii: "~") where first == 200: return .paste(count)
        case UInt8(ascii: "~") where first == 27 && numbers.count == 3:
            return .whole(count, KeyNames.ofScalar(numbers[2], modifiers).map(Input.key))
        case UInt8(ascii: "~"): return .whole(count, KeyNames.ofNumber(first).map { .key(KeyNames.modified($0, modifiers)) })
        case UInt8(ascii: "u"): return .whole(count, KeyNames.ofScalar(first, modifiers).map(Input.key))
        default: return .whole(count, KeyNames.ofFinal(final).map { .key(KeyNames.modified($0, modifiers)) })
        }
    }

    private static func single(_ bytes: ArraySlice<UInt8>) -> Parsed {
        guard bytes.count > 2 else { return .incomplete }
        let byte = bytes[bytes.startIndex + 2]
        if byte == 0x1B { return .whole(2, .key("alt-O")) }
        if let name = KeyNames.ofFinal(byte) { return .whole(3, .key(Key(name: name))) }
        return .whole(3, KeyNames.ofKeypad(byte).map(Input.key))
    }

    /// Up to BEL or `ESC \`.
    private static func text(_ bytes: ArraySlice<UInt8>) -> Parsed {
        for index in bytes.indices.dropFirst(2) {
            if bytes[index] == 7 { return .whole(index + 1 - bytes.startIndex, nil) }
            if bytes[index] == 0x1B {
                guard index + 1 < bytes.endIndex else { return .incomplete }
                return .whole(index - bytes.startIndex + (bytes[index + 1] == UInt8(ascii: "\\") ? 2 : 0), nil)
            }
        }
        return bytes.count > 4096 ? .whole(bytes.count, nil) : .incomplete
    }
}
