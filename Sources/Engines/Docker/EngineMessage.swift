internal import Engine
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
            text = PlainText.printable(message)
            isHTML = false
        } else {
            // 20.10 answers a version that is too old in plain text, docker-socket-proxy answers 403 in HTML.
            isHTML = start.first == UInt8(ascii: "<")
            text = isHTML ? Self.withoutTags(start) : PlainText.printable(start)
        }
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
        return PlainText.printable(String(decoding: plain, as: UTF8.self)).split(separator: " ").joined(separator: " ")
    }
}
