/// The character that bytes from a keyboard begin with.
enum UTF8Prefix: Equatable {
    case character(Character, Int)
    case incomplete
    /// The first byte belongs to no character.
    case invalid

    static func of(_ bytes: ArraySlice<UInt8>) -> UTF8Prefix {
        guard let lead = bytes.first else { return .incomplete }
        let count =
            switch lead {
            case 0x20..<0x7F: 1
            case 0xC2...0xDF: 2
            case 0xE0...0xEF: 3
            case 0xF0...0xF4: 4
            default: 0
            }
        guard count > 0 else { return .invalid }
        let present = bytes.prefix(count)
        guard present.dropFirst().allSatisfy({ $0 & 0xC0 == 0x80 }) else { return .invalid }
        guard present.count == count else { return .incomplete }
        // Overlong forms and surrogates fail here; U+0080 to U+009F are control characters.
        guard let text = String(validating: present, as: UTF8.self), let scalar = text.unicodeScalars.first else { return .invalid }
        guard scalar.value < 0x7F || scalar.value >= 0xA0 else { return .invalid }
        return .character(Character(scalar), count)
    }
}
