internal import Domain

/// The routes of the main table, from `/proc/net/route` and, for the default only, `/proc/net/ipv6_route`.
enum RouteTable {
    private static let isUp: UInt64 = 0x1
    private static let rejects: UInt64 = 0x200

    /// Tab-separated after a heading: name, destination, gateway, flags, two counts, metric, mask. Addresses are
    /// hexadecimal in the byte order of the machine: `010011AC` is 172.17.0.1.
    static func routes4(_ text: Span<UInt8>) -> [Route] {
        var routes: [Route] = []
        var position = 0
        text.skipLine(&position)
        while position < text.count {
            if let route = route4(text, &position) { routes.append(route) }
            text.skipLine(&position)
        }
        return routes
    }

    private static func route4(_ text: Span<UInt8>, _ position: inout Int) -> Route? {
        guard let name = text.word(&position), let destination = hex(text, &position), let gateway = hex(text, &position),
            let flags = hex(text, &position), flags & isUp != 0, flags & rejects == 0, text.word(&position) != nil,
            text.word(&position) != nil, let metric = decimal(text, &position), let mask = hex(text, &position)
        else { return nil }
        let length = UInt32(truncatingIfNeeded: mask).nonzeroBitCount
        return Route(
            destination: destination == 0 && mask == 0 ? "default" : "\(dotted(destination))/\(length)",
            gateway: gateway == 0 ? "" : dotted(gateway), link: text.text(name), metric: Int(clamping: metric))
    }

    /// Destination, its length, source, its length, next hop, metric, two counts, flags, name; all hexadecimal.
    static func defaultRoutes6(_ text: Span<UInt8>) -> [Route] {
        var routes: [Route] = []
        var position = 0
        while position < text.count {
            if let route = defaultRoute6(text, &position), !routes.contains(route) { routes.append(route) }
            text.skipLine(&position)
        }
        return routes
    }

    private static func defaultRoute6(_ text: Span<UInt8>, _ position: inout Int) -> Route? {
        guard let destination = text.word(&position), destination.count == 32, destination.allSatisfy({ text[$0] == 48 }),
            let length = hex(text, &position), length == 0, text.word(&position) != nil, text.word(&position) != nil,
            let gateway = text.word(&position), gateway.count == 32, let metric = hex(text, &position),
            text.word(&position) != nil, text.word(&position) != nil, let flags = hex(text, &position), flags & isUp != 0,
            flags & rejects == 0, let name = text.word(&position)
        else { return nil }
        let link = text.text(name)
        if link == "lo" { return nil }
        return Route(
            destination: "default", gateway: gateway.allSatisfy { text[$0] == 48 } ? "" : address6(text, gateway), link: link,
            metric: Int(clamping: metric))
    }

    private static func hex(_ text: Span<UInt8>, _ position: inout Int) -> UInt64? {
        text.skipBlanks(&position)
        return text.hexNumber(&position)
    }

    private static func decimal(_ text: Span<UInt8>, _ position: inout Int) -> UInt64? {
        text.skipBlanks(&position)
        return text.number(&position)
    }

    /// Dotted text of an address whose first byte in memory is its first number.
    static func dotted(_ value: UInt64) -> String {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: value)) { b in "\(b[0]).\(b[1]).\(b[2]).\(b[3])" }
    }

    private static func address6(_ text: Span<UInt8>, _ range: Range<Int>) -> String {
        var bytes: [UInt8] = []
        for offset in stride(from: range.lowerBound, to: range.upperBound, by: 2) {
            guard let high = Span<UInt8>.hexDigit(text[offset]), let low = Span<UInt8>.hexDigit(text[offset + 1]) else { return "" }
            bytes.append(high << 4 | low)
        }
        return InterfaceAddress.text6(bytes)
    }
}
