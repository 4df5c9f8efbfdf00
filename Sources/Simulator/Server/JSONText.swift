/// JSON as it is written, front to back: what the servers answer. Members stand in the order in which they are told.
///
/// ```swift
/// var text = JSONText()
/// text.object {
///     $0.field("Id", container.id)
///     $0.array("Names") { $0.element("/" + container.name) }
/// }
/// ```
struct JSONText {
    private(set) var bytes: [UInt8] = []
    private var isFirst = true
    /// `<`, `>` and `&` as `\u003c` …: what Go does unless it is told not to. Consul does, Docker does not.
    private let escapesHTML: Bool

    init(reserving count: Int = 512, escapesHTML: Bool = false) {
        self.escapesHTML = escapesHTML
        bytes.reserveCapacity(count)
    }

    // MARK: Values: the whole text, or elements of a list

    mutating func object(_ members: (inout JSONText) -> Void) {
        separate()
        nest("{", "}", members)
    }

    mutating func array(_ elements: (inout JSONText) -> Void) {
        separate()
        nest("[", "]", elements)
    }

    mutating func element(_ value: String) {
        separate()
        quote(value)
    }

    mutating func element(_ value: some BinaryInteger) {
        separate()
        number(value)
    }

    mutating func elements(_ values: some Sequence<String>) { for value in values { element(value) } }

    /// A value that has been written before.
    mutating func raw(_ value: [UInt8]) {
        separate()
        bytes += value
    }

    mutating func null() {
        separate()
        bytes += "null".utf8
    }

    // MARK: Members of an object

    mutating func field(_ key: StaticString, _ value: String) {
        name(key)
        quote(value)
    }

    mutating func field(_ key: StaticString, _ value: some BinaryInteger) {
        name(key)
        number(value)
    }

    mutating func field(_ key: StaticString, _ value: Bool) {
        name(key)
        bytes += (value ? "true" : "false").utf8
    }

    /// Whole numbers without a fraction, as Go writes them.
    mutating func field(_ key: StaticString, _ value: Double) {
        name(key)
        bytes += (value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : value.isFinite ? "\(value)" : "0").utf8
    }

    mutating func field(_ key: StaticString, _ values: [String]) { array(key) { $0.elements(values) } }

    /// Sorted by key, as Go writes maps.
    mutating func field(_ key: StaticString, _ values: [String: String]) {
        object(key) { for (key, value) in values.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) { $0.field(named: key, value) } }
    }

    mutating func field(_ key: StaticString, raw value: [UInt8]) {
        name(key)
        bytes += value
    }

    mutating func null(_ key: StaticString) {
        name(key)
        bytes += "null".utf8
    }

    mutating func object(_ key: StaticString, _ members: (inout JSONText) -> Void) {
        name(key)
        nest("{", "}", members)
    }

    mutating func array(_ key: StaticString, _ elements: (inout JSONText) -> Void) {
        name(key)
        nest("[", "]", elements)
    }

    // MARK: Members whose name is only known now

    mutating func field(named key: String, _ value: String) {
        name(key)
        quote(value)
    }

    mutating func field(named key: String, raw value: [UInt8]) {
        name(key)
        bytes += value
    }

    mutating func null(named key: String) {
        name(key)
        bytes += "null".utf8
    }

    mutating func object(named key: String, _ members: (inout JSONText) -> Void) {
        name(key)
        nest("{", "}", members)
    }

    mutating func array(named key: String, _ elements: (inout JSONText) -> Void) {
        name(key)
        nest("[", "]", elements)
    }

    // MARK: Letters

    private mutating func separate() {
        if isFirst { isFirst = false } else { bytes.append(UInt8(ascii: ",")) }
    }

    private mutating func nest(_ open: Unicode.Scalar, _ close: Unicode.Scalar, _ inside: (inout JSONText) -> Void) {
        bytes.append(UInt8(ascii: open))
        isFirst = true
        inside(&self)
        isFirst = false
        bytes.append(UInt8(ascii: close))
    }

    private mutating func name(_ key: StaticString) {
        separate()
        bytes.append(UInt8(ascii: "\""))
        key.withUTF8Buffer { bytes.append(contentsOf: $0) }
        bytes.append(UInt8(ascii: "\""))
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func name(_ key: String) {
        separate()
        quote(key)
        bytes.append(UInt8(ascii: ":"))
    }

    private mutating func number(_ value: some BinaryInteger) { bytes += String(value).utf8 }

    private mutating func quote(_ text: String) {
        bytes.append(UInt8(ascii: "\""))
        var text = text
        text.withUTF8 { letters in
            var start = 0
            for (index, byte) in letters.enumerated() where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") || isMarkup(byte) {
                bytes.append(contentsOf: letters[start..<index])
                escape(byte)
                start = index + 1
            }
            bytes.append(contentsOf: letters[start...])
        }
        bytes.append(UInt8(ascii: "\""))
    }

    private func isMarkup(_ byte: UInt8) -> Bool {
        escapesHTML && (byte == UInt8(ascii: "<") || byte == UInt8(ascii: ">") || byte == UInt8(ascii: "&"))
    }

    private mutating func escape(_ byte: UInt8) {
        bytes.append(UInt8(ascii: "\\"))
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
        case 0x0A: bytes.append(UInt8(ascii: "n"))
        case 0x0D: bytes.append(UInt8(ascii: "r"))
        case 0x09: bytes.append(UInt8(ascii: "t"))
        default:
            let digits = String(byte, radix: 16)
            bytes += "u00\(digits.utf8.count < 2 ? "0" : "")\(digits)".utf8
        }
    }
}
