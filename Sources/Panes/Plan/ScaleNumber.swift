internal import Drawing

/// A count that is typed or stepped. The first digit replaces what stood there; further ones are put behind it.
struct ScaleNumber: Sendable, Hashable {
    /// More than any orchestrator will start by hand; keeps a stuck key from asking for the impossible.
    static let most = 99_999

    private(set) var value: Int
    private var isTyping = false

    init(_ value: Int) { self.value = max(0, value) }

    var text: String { String(value) }

    /// False when the key means nothing here.
    mutating func handle(_ key: Key) -> Bool {
        switch key.name {
        case "+", "=":
            value = min(Self.most, value + 1)
            isTyping = false
        case "-", "_":
            value = max(0, value - 1)
            isTyping = false
        case "Backspace":
            value /= 10
            isTyping = true
        default:
            guard let digit = key.character?.wholeNumberValue, (0...9).contains(digit) else { return false }
            value = isTyping ? min(Self.most, value * 10 + digit) : digit
            isTyping = true
        }
        return true
    }
}
