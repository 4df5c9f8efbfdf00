internal import FoundationEssentials

/// What the body of a failed answer says to a person: the `message` of the engine's JSON, or the text of whoever answered.
struct EngineMessage: Sendable, Hashable {
    private static let limit = 2000

    var text: String
    /// Some proxies answer in HTML, where only the fact is worth telling.
    var isHTML: Bool

    private struct Wire: Decodable {
        var message: String?
    }

    init(_ body: [UInt8]) {
        let start = body.drop { $0 == 0x20 || ($0 >= 0x09 && $0 <= 0x0D) }
        // Absence is the answer here: what is not the engine's JSON is told as the text it is.
        if start.first == UInt8(ascii: "{"), let message = (try? JSONDecoder().decode(Wire.self, from: Data(body)))?.message {
            text = Self.printable(message)
            isHTML = false
        } else {
            // 20.10 answers a version that is too old in plain text, docker-socket-proxy answers 403 in HTML.
            isHTML = start.first == UInt8(ascii: "<")
            text = isHTML ? Self.withoutTags(start) : Self.printable(String(decoding: start.prefix(Self.limit), as: UTF8.self))
        }
    }

    /// Text from an engine is data: control characters, which could steer a terminal, become spaces.
    static func printable(_ text: String) -> String {
        var clean = ""
        for scalar in text.unicodeScalars {
            let value = scalar.value
            let isControl = value < 0x20 || (value >= 0x7F && value < 0xA0)
            // Bidirectional overrides and line separators would rearrange what stands around them.
            let isSteering = (0x2028...0x202E).contains(value) || (0x2066...0x2069).contains(value)
            clean.unicodeScalars.append(isControl || isSteering ? " " : scalar)
            if clean.utf8.count > limit { return clean + "…" }
        }
        while clean.last == " " { clean.removeLast() }
        return clean
    }

    private static func withoutTags(_ html: ArraySlice<UInt8>) -> String {
        var plain: [UInt8] = []
        var isInTag = false
        for byte in html.prefix(limit) {
            switch byte {
            case UInt8(ascii: "<"): isInTag = true
            case UInt8(ascii: ">"):
                isInTag = false
                plain.append(0x20)
            default: if !isInTag { plain.append(byte) }
            }
        }
        return printable(String(decoding: plain, as: UTF8.self)).split(separator: " ").joined(separator: " ")
    }
}
