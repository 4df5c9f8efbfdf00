/// Takes values that look secret out of texts that are shown, exported or written to the journal.
///
/// It goes by names, wherever they stand: `DB_PASSWORD=…` in an environment, `"api-token":"…"` in JSON, `--password …` among
/// arguments; and by the place of a password in an address, `scheme://user:…@host`. What hides a secret behind a name that
/// tells nothing stays readable: masking helps against a look over the shoulder, it is no vault.
public enum SecretMask {
    /// Anywhere in a name.
    private static let telling = ["password", "passwd", "passphrase", "secret", "token", "apikey", "credential"]
    /// As the last part of a name of several parts, such as `PRIVATE_KEY`; `key` alone says nothing.
    private static let tellingEndings: Set<String> = ["key", "dsn", "auth"]
    /// As any whole part of a name.
    private static let tellingParts: Set<String> = ["pass", "pwd", "pw"]
    public static let sign = "•••"

    public static func isTelling(_ name: some StringProtocol) -> Bool {
        let name = name.lowercased()
        // What a secret is called is none: Swarm's `SecretName` and `SecretID`.
        if name.hasSuffix("name") || name.hasSuffix("id") { return false }
        if telling.contains(where: { name.contains($0) }) { return true }
        let parts = name.split { $0 == "_" || $0 == "-" || $0 == "." }.map(String.init)
        if parts.contains(where: tellingParts.contains) { return true }
        return parts.count > 1 && parts.last.map(tellingEndings.contains) == true
    }

    /// `NAME=value` with the value masked where the name is a telling one, or where it is an address with a password.
    public static func masked(variable: String) -> String {
        guard let cut = variable.firstIndex(of: "=") else { return masked(variable) }
        guard isTelling(variable[..<cut]) else { return masked(variable) }
        return cut < variable.index(before: variable.endIndex) ? variable[...cut] + sign : variable
    }

    public static func masked(_ text: String) -> String {
        var scan = Scan(Array(text.utf8))
        scan.run()
        return String(decoding: scan.out, as: UTF8.self)
    }
}

/// One pass over a text, byte by byte: names are ASCII, and what is masked is never looked into.
private struct Scan {
    private let bytes: [UInt8]
    private var index = 0
    /// Where the name that has just been passed over began; nil where there is none.
    private var nameStart: Int?
    private(set) var out: [UInt8] = []

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        out.reserveCapacity(bytes.count)
    }

    mutating func run() {
        while index < bytes.count {
            let byte = bytes[index]
            if Self.isName(byte) {
                if nameStart == nil { nameStart = index }
                take()
                continue
            }
            let name = nameStart.map { (start: $0, isTelling: SecretMask.isTelling(String(decoding: bytes[$0..<index], as: UTF8.self))) }
            nameStart = nil
            if byte == UInt8(ascii: ":"), isNext("://") { maskAddress() } else if let name, name.isTelling { maskValue(after: name.start) } else { take() }
        }
    }

    private mutating func take() {
        out.append(bytes[index])
        index += 1
    }

    private mutating func mask(to end: Int) {
        guard end > index else { return }
        out += Array(SecretMask.sign.utf8)
        index = end
    }

    /// Behind a telling name: `=value`, `":"value"`, or for a flag the next word.
    private mutating func maskValue(after start: Int) {
        let around = start > 0 && Self.isQuote(bytes[start - 1]) ? bytes[start - 1] : nil
        switch bytes[index] {
        case UInt8(ascii: "="):
            take()
            // In quotation marks, its own as on a command line or those around both as in JSON, a value may hold blanks.
            if let around {
                mask(to: end(quote: around))
            } else if index < bytes.count, Self.isQuote(bytes[index]) {
                let quote = bytes[index]
                take()
                mask(to: end(quote: quote))
            } else {
                mask(to: end(quote: nil))
            }
        case UInt8(ascii: "\"") where around != nil:
            take()
            while index < bytes.count, Self.isBlank(bytes[index]) || bytes[index] == UInt8(ascii: ":") || (bytes[index] == UInt8(ascii: ",") && bytes[start] == UInt8(ascii: "-")) { take() }
            guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return }
            take()
            // A list's next element is a name of its own, not this one's value.
            guard bytes[start] == UInt8(ascii: "-") || isMember(before: index - 1) else { return }
            mask(to: end(quote: UInt8(ascii: "\"")))
        case UInt8(ascii: " ") where bytes[start] == UInt8(ascii: "-"):
            take()
            if index < bytes.count, Self.isQuote(bytes[index]) {
                let quote = bytes[index]
                take()
                mask(to: end(quote: quote))
            } else {
                mask(to: end(quote: nil))
            }
        default: take()
        }
    }

    /// A colon stands between the quotation mark at `position` and the one before it.
    private func isMember(before position: Int) -> Bool {
        var back = position - 1
        while back >= 0, Self.isBlank(bytes[back]) { back -= 1 }
        return back >= 0 && bytes[back] == UInt8(ascii: ":")
    }

    /// `://user:password@`
    private mutating func maskAddress() {
        for _ in 0..<3 { take() }
        var colon: Int?
        var end = index
        while end < bytes.count, !Self.isQuote(bytes[end]), !Self.isBlank(bytes[end]), bytes[end] != UInt8(ascii: "/"), bytes[end] != UInt8(ascii: "@") {
            if bytes[end] == UInt8(ascii: ":"), colon == nil { colon = end }
            end += 1
        }
        guard end < bytes.count, bytes[end] == UInt8(ascii: "@"), let colon, end > colon + 1 else { return }
        while index <= colon { take() }
        mask(to: end)
    }

    private func isNext(_ text: StaticString) -> Bool {
        index + text.utf8CodeUnitCount <= bytes.count && text.withUTF8Buffer { bytes[index..<index + $0.count].elementsEqual($0) }
    }

    /// Where a value ends: at its quotation mark, or at a blank or any quotation mark where it has none of its own.
    private func end(quote: UInt8?) -> Int {
        var end = index
        while end < bytes.count {
            let byte = bytes[end]
            // A backslash takes the sign behind it along: JSON and shells write a quotation mark so.
            if byte == UInt8(ascii: "\\") {
                end += 2
                continue
            }
            if let quote { if byte == quote { break } } else if Self.isBlank(byte) || Self.isQuote(byte) { break }
            end += 1
        }
        return min(end, bytes.count)
    }

    private static func isQuote(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") }
    private static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0A || byte == 0x09 }

    private static func isName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."): true
        default: false
        }
    }
}
