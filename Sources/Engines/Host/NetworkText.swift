/// One interface's line of `/proc/PID/net/dev`.
struct InterfaceCounters: Hashable {
    var received: UInt64 = 0
    var receiveErrors: UInt64 = 0
    var sent: UInt64 = 0
    var sendErrors: UInt64 = 0
}

/// One interface of a network namespace, as `/proc/PID/net/igmp` or `dev_mcast` lists it.
struct NamedInterface: Hashable {
    let index: Int
    let name: String
}

/// The text files below `/proc/PID/net`.
enum NetworkText {
    /// Sums over all interfaces but the loopback; nil where there is no other.
    static func total(_ text: Span<UInt8>) -> InterfaceCounters? {
        var sum = InterfaceCounters()
        var found = false
        forEachInterface(text) { name, counters in
            if name.count == 2, text.has("lo", at: name.lowerBound) { return }
            found = true
            sum.received &+= counters.received
            sum.sent &+= counters.sent
        }
        return found ? sum : nil
    }

    static func counters(_ text: Span<UInt8>) -> [String: InterfaceCounters] {
        var table: [String: InterfaceCounters] = [:]
        forEachInterface(text) { name, counters in table[text.text(name)] = counters }
        return table
    }

    /// Eight numbers received, eight sent; the first of each are bytes, the third errors.
    private static func forEachInterface(_ text: Span<UInt8>, _ body: (Range<Int>, InterfaceCounters) -> Void) {
        var position = 0
        line: while position < text.count {
            defer { text.skipLine(&position) }
            text.skipBlanks(&position)
            let start = position
            while position < text.count, text[position] != UInt8(ascii: ":") {
                // The two lines of headings have no colon.
                if text[position] == 10 { continue line }
                position += 1
            }
            let name = start..<position
            position += 1
            var counters = InterfaceCounters()
            for column in 0..<11 {
                text.skipBlanks(&position)
                guard let value = text.number(&position) else { continue line }
                switch column {
                case 0: counters.received = value
                case 2: counters.receiveErrors = value
                case 8: counters.sent = value
                case 10: counters.sendErrors = value
                default: break
                }
            }
            if !name.isEmpty { body(name, counters) }
        }
    }

    /// Index and name start the lines of `/proc/PID/net/igmp` (those of the groups start with tabs) and of `dev_mcast`
    /// (which has one for each address). The loopback is left out: it is in every namespace and nobody's peer.
    static func interfaces(_ text: Span<UInt8>) -> [NamedInterface] {
        var list: [NamedInterface] = []
        var position = 0
        while position < text.count {
            if let index = text.number(&position), index > 0, index <= UInt64(Int32.max), let name = text.word(&position) {
                if !(name.count == 2 && text.has("lo", at: name.lowerBound)) {
                    let interface = NamedInterface(index: Int(index), name: text.text(name))
                    if !list.contains(interface) { list.append(interface) }
                }
            }
            text.skipLine(&position)
        }
        return list
    }
}
