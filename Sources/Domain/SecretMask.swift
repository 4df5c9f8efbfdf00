/// Takes values that look secret out of texts that are shown, exported or written to the journal.
///
/// It goes by the names of environment variables, `DB_PASSWORD=…`, wherever they stand in JSON, a command line or a table.
public enum SecretMask {
    static let telling = ["password", "passwd", "passphrase", "secret", "token", "apikey", "api_key", "access_key", "private_key", "credential", "auth_key"]
    public static let sign = "•••"

    public static func isTelling(_ name: some StringProtocol) -> Bool {
        let name = name.lowercased()
        return telling.contains { name.contains($0) }
    }

    /// `NAME=value` with the value masked where the name is a telling one.
    public static func masked(variable: String) -> String {
        guard let cut = variable.firstIndex(of: "="), isTelling(variable[..<cut]), cut < variable.index(before: variable.endIndex) else { return variable }
        return variable[...cut] + sign
    }

    /// Every `NAME=value` in a text; a value ends at a quotation mark, at a blank or at the end of the line.
    public static func masked(_ text: String) -> String {
        let bytes = Array(text.utf8)
        var out: [UInt8] = []
        out.reserveCapacity(bytes.count)
        var start = 0
        var index = 0
        while index < bytes.count {
            guard bytes[index] == UInt8(ascii: "=") else {
                index += 1
                continue
            }
            var begin = index
            while begin > start, isName(bytes[begin - 1]) { begin -= 1 }
            guard begin < index, isTelling(String(decoding: bytes[begin..<index], as: UTF8.self)) else {
                index += 1
                continue
            }
            out += bytes[start...index]
            var end = index + 1
            // In quotation marks, its own as on a command line or those around both as in JSON, a value may hold blanks.
            let around = begin > start ? bytes[begin - 1] : 0
            let own = end < bytes.count ? bytes[end] : 0
            let quote: UInt8? = isQuote(around) ? around : isQuote(own) ? own : nil
            if quote != nil, !isQuote(around) { end += 1 }
            while end < bytes.count, !ends(bytes, end, quote) { end += 1 }
            if end > index + 1 { out += Array(sign.utf8) }
            start = end
            index = end
        }
        return String(decoding: out + bytes[start...], as: UTF8.self)
    }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"): true
        default: false
        }
    }

    private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }

    private static func ends(_ bytes: [UInt8], _ index: Int, _ quote: UInt8?) -> Bool {
        let byte = bytes[index]
        // A quotation mark behind a backslash belongs to the value: JSON writes it so.
        if isQuote(byte), quote == nil || byte == quote { return bytes[index - 1] != UInt8(ascii: "\\") }
        return quote == nil && (byte == 0x20 || byte == 0x0A)
    }
}
