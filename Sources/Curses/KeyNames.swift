internal import Drawing

/// What the keys are called: by terminfo, by the final letter or number of a sequence, and with modifiers.
enum KeyNames {
    static let capabilities: [(String, Key)] = [
        ("kcuu1", .up), ("kcud1", .down), ("kcub1", .left), ("kcuf1", .right), ("khome", .home), ("kend", .end),
        ("kpp", .pageUp), ("knp", .pageDown), ("kich1", Key(name: "Insert")), ("kdch1", .delete), ("kbs", .backspace),
        ("kcbt", .backTab), ("kent", .enter),
        ("kf1", .function(1)), ("kf2", .function(2)), ("kf3", .function(3)), ("kf4", .function(4)), ("kf5", .function(5)),
        ("kf6", .function(6)), ("kf7", .function(7)), ("kf8", .function(8)), ("kf9", .function(9)), ("kf10", .function(10)),
        ("kf11", .function(11)), ("kf12", .function(12)),
    ]

    /// `CSI … letter` and `SS3 letter`.
    static func ofFinal(_ byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "A"): "Up"
        case UInt8(ascii: "B"): "Down"
        case UInt8(ascii: "C"): "Right"
        case UInt8(ascii: "D"): "Left"
        case UInt8(ascii: "H"): "Home"
        case UInt8(ascii: "F"): "End"
        case UInt8(ascii: "P"): "F1"
        case UInt8(ascii: "Q"): "F2"
        case UInt8(ascii: "R"): "F3"
        case UInt8(ascii: "S"): "F4"
        default: nil
        }
    }

    /// `CSI number ~`, of xterm, VT220, rxvt and the Linux console.
    static func ofNumber(_ number: Int) -> String? {
        switch number {
        case 1, 7: "Home"
        case 2: "Insert"
        case 3: "Delete"
        case 4, 8: "End"
        case 5: "PgUp"
        case 6: "PgDn"
        case 11...15: "F\(number - 10)"
        case 17...21: "F\(number - 11)"
        case 23, 24: "F\(number - 12)"
        default: nil
        }
    }

    /// `SS3 letter` of a keypad in application mode.
    static func ofKeypad(_ byte: UInt8) -> Key? {
        switch byte {
        case UInt8(ascii: "M"): .enter
        case UInt8(ascii: "I"): .tab
        case UInt8(ascii: " "): Key(" ")
        case UInt8(ascii: "X"): Key("=")
        case 0x6A...0x79: Key(Character(Unicode.Scalar(byte - 0x40)))
        default: nil
        }
    }

    /// `modifiers` as xterm counts them: 1, plus 1 for shift, 2 for alt, 4 for control.
    static func modified(_ name: String, _ modifiers: Int) -> Key {
        let bits = max(0, modifiers - 1)
        let prefix = (bits & 2 != 0 ? "alt-" : "") + (bits & 4 != 0 ? "ctrl-" : "") + (bits & 1 != 0 ? "shift-" : "")
        return Key(name: prefix + name)
    }

    /// A character that came as a number (`CSI … u`), which only some terminals send, for what has no byte of its own.
    static func ofScalar(_ value: Int, _ modifiers: Int) -> Key? {
        let bits = max(0, modifiers - 1) & 7
        if value >= 0, value < 0x20 || value == 0x7F {
            let key = ofControl(UInt8(value))
            return bits == 0 ? key : modified(key.name, modifiers)
        }
        guard let scalar = UInt32(exactly: value).flatMap(Unicode.Scalar.init), scalar.value >= 0xA0 || scalar.value < 0x7F else { return nil }
        let plain = Key(Character(scalar))
        // Shift is in the character already.
        if bits & ~1 == 0 { return plain }
        return modified(plain.name, (bits & ~1) + 1)
    }

    /// A control byte.
    static func ofControl(_ byte: UInt8) -> Key {
        switch byte {
        case 0: Key.control(" ")
        case 9: .tab
        // Both line ends: terminals send the first, and scripts the second.
        case 13, 10: .enter
        case 0x1B: .escape
        case 0x7F: .backspace
        case 1...26: Key.control(Character(Unicode.Scalar(byte + 0x60)))
        default: Key.control(Character(Unicode.Scalar(byte + 0x40)))
        }
    }
}
