internal import Drawing

/// Turns the bytes of a terminal into keys, pastes and mouse events. Pure: time comes in as a number.
struct KeyDecoder {
    /// How long an Esc may turn out to be the beginning of a sequence.
    static let escapeDelay: Int64 = 25_000_000
    /// A longer beginning of one is not a key; on a slow line its end may take its time.
    static let sequenceDelay: Int64 = 250_000_000
    static let pasteDelay: Int64 = 2_000_000_000

    private var pending: [UInt8] = []
    private var paste: PasteBuffer?
    private var lastByte: Int64 = 0
    private var keys: [[UInt8]: Key] = [:]
    private var longest = 0

    /// A sequence as terminfo has it; it goes before what is usual.
    mutating func learn(_ sequence: [UInt8], _ key: Key) {
        guard !sequence.isEmpty else { return }
        keys[sequence] = key
        longest = max(longest, sequence.count)
    }

    /// When to stop waiting for the rest of what has begun, on the clock of `decode`; nil if nothing has.
    var deadline: Int64? {
        if paste != nil { return lastByte + Self.pasteDelay }
        guard let first = pending.first else { return nil }
        let isEscape = first == 0x1B && pending.count <= 2
        return lastByte + (isEscape ? Self.escapeDelay : Self.sequenceDelay)
    }

    mutating func decode(_ bytes: some Sequence<UInt8>, now: Int64) -> [Input] {
        lastByte = now
        pending.append(contentsOf: bytes)
        var inputs: [Input] = []
        var index = 0
        while index < pending.count {
            guard let count = step(pending[index...], &inputs) else { break }
            index += count
        }
        pending.removeFirst(index)
        return inputs
    }

    /// Gives up on the rest of a sequence once its time is over.
    mutating func expire(now: Int64) -> [Input] {
        guard let deadline, now >= deadline else { return [] }
        if let paste {
            // The end bracket got lost: better the text than a keyboard that is dead from here on.
            self.paste = nil
            return [.paste(paste.text)]
        }
        defer { pending = [] }
        switch pending.count {
        case 1 where pending[0] == 0x1B: return [.key(.escape)]
        case 2 where pending == [0x1B, 0x1B]: return [.key(.escape), .key(.escape)]
        case 2 where pending[0] == 0x1B && pending[1] < 0x7F: return [.key(Key(name: "alt-" + String(Unicode.Scalar(pending[1]))))]
        default: return []
        }
    }

    /// The number of bytes used, or nil if more are needed.
    private mutating func step(_ bytes: ArraySlice<UInt8>, _ inputs: inout [Input]) -> Int? {
        if var open = paste.take() {
            let (count, isWhole) = open.receive(bytes)
            if isWhole { inputs.append(.paste(open.text)) } else { paste = open }
            return count
        }
        let first = bytes[bytes.startIndex]
        if first == 0x1B {
            if let (key, count) = known(bytes) {
                inputs.append(.key(key))
                return count
            }
            switch EscapeSequence.parse(bytes) {
            case .incomplete: return nil
            case .paste(let count):
                paste = PasteBuffer()
                return count
            case .whole(let count, let input):
                if let input { inputs.append(input) }
                return count
            }
        }
        if first < 0x20 || first == 0x7F {
            inputs.append(.key(keys[[first]] ?? KeyNames.ofControl(first)))
            return 1
        }
        switch UTF8Prefix.of(bytes) {
        case .incomplete: return nil
        case .invalid: return 1
        case .character(let character, let count):
            inputs.append(.key(Key(character)))
            return count
        }
    }

    private func known(_ bytes: ArraySlice<UInt8>) -> (Key, Int)? {
        var count = min(longest, bytes.count)
        while count > 1 {
            if let key = keys[Array(bytes.prefix(count))] { return (key, count) }
            count -= 1
        }
        return nil
    }
}
