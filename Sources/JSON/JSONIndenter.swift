/// Lays out JSON for reading without understanding it: order of keys, text of numbers, escapes and unknown fields stay as
/// they came. What is not JSON, or was cut short, comes out as it went in.
package struct JSONIndenter: Sendable {
    private enum Place { case value, string, escape }

    /// Nesting beyond this is not indented any further: hostile input must not cost memory by the square of its size.
    private static let depthLimit = 64

    private var output: [UInt8] = []
    private var depth = 0
    private var place = Place.value
    /// An opening bracket whose content has not begun: `{}` stays on one line.
    private var isOpen = false

    package static func indented(_ json: [UInt8]) -> String {
        var indenter = JSONIndenter()
        indenter.output.reserveCapacity(json.count * 2)
        for byte in json { indenter.receive(byte) }
        return String(decoding: indenter.output, as: UTF8.self)
    }

    private mutating func receive(_ byte: UInt8) {
        switch place {
        case .escape:
            output.append(byte)
            place = .string
        case .string:
            output.append(byte)
            if byte == UInt8(ascii: "\\") { place = .escape }
            if byte == UInt8(ascii: "\"") { place = .value }
        case .value: outsideString(byte)
        }
    }

    private mutating func outsideString(_ byte: UInt8) {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D: return
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            beginContent()
            output.append(byte)
            depth += 1
            isOpen = true
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            depth = max(0, depth - 1)
            if isOpen { isOpen = false } else { breakLine() }
            output.append(byte)
        case UInt8(ascii: ","):
            beginContent()
            output.append(byte)
            breakLine()
        case UInt8(ascii: ":"):
            beginContent()
            output.append(byte)
            output.append(0x20)
        default:
            beginContent()
            output.append(byte)
            if byte == UInt8(ascii: "\"") { place = .string }
        }
    }

    private mutating func beginContent() {
        guard isOpen else { return }
        isOpen = false
        breakLine()
    }

    private mutating func breakLine() {
        output.append(0x0A)
        for _ in 0..<min(depth, Self.depthLimit) { output += [0x20, 0x20] }
    }
}
