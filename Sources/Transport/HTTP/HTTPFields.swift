/// Header fields in the order they came.
public struct HTTPFields: Sendable {
    public var entries: [(name: String, value: String)]

    public init(_ entries: [(name: String, value: String)] = []) {
        self.entries = entries
    }

    /// The first value of that name; letter case does not matter.
    public subscript(name: String) -> String? {
        entries.first { Self.isSame($0.name, name) }?.value
    }

    /// Every value of that name, in order.
    public func all(_ name: String) -> [String] {
        entries.compactMap { Self.isSame($0.name, name) ? $0.value : nil }
    }

    /// Whether a comma-separated field such as `Connection` names that token.
    func lists(_ token: String, in name: String) -> Bool {
        all(name).contains { value in
            value.split(separator: ",").contains { Self.isSame(String(Self.trimmed($0)), token) }
        }
    }

    static func isSame(_ one: String, _ other: String) -> Bool {
        one.utf8.count == other.utf8.count
            && zip(one.utf8, other.utf8).allSatisfy { lowercased($0) == lowercased($1) }
    }

    static func trimmed(_ text: Substring) -> Substring {
        var text = text
        while let first = text.first, first == " " || first == "\t" { text.removeFirst() }
        while let last = text.last, last == " " || last == "\t" { text.removeLast() }
        return text
    }

    /// Field names are ASCII (RFC 9110 §5.1), so no Unicode casing is wanted.
    private static func lowercased(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }
}
