/// A name in its parts, as they came: `WEB`, `service`, `consul`.
struct NameLabels: Sendable, Hashable {
    var labels: [[UInt8]]

    init(_ labels: [[UInt8]]) { self.labels = labels }
    /// Parts that no message can carry are cut.
    init(_ text: String) { labels = text.utf8.split(separator: UInt8(ascii: ".")).map { Array($0.prefix(63)) } }

    /// Lower-case.
    var texts: [String] { labels.map { String(decoding: $0, as: UTF8.self).lowercased() } }
    var folded: NameLabels { NameLabels(labels.map { $0.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 } }) }
}

/// One question, as it comes over the wire.
struct NameQuery: Sendable {
    enum Kind {
        static let a: UInt16 = 1, ns: UInt16 = 2, cname: UInt16 = 5, soa: UInt16 = 6, ptr: UInt16 = 12, txt: UInt16 = 16, aaaa: UInt16 = 28, srv: UInt16 = 33
        static let opt: UInt16 = 41, any: UInt16 = 255
    }

    let id: UInt16
    let opcode: UInt16
    let isRecursionDesired: Bool
    let name: NameLabels
    let kind: UInt16
    let kindClass: UInt16
    /// How much the client takes in one datagram, where it says so (EDNS).
    let size: Int?

    /// What is wrong with a message: `ignored` where an answer could set two servers talking to each other.
    enum Malformed: Error { case ignored, answered(id: UInt16) }

    init(_ bytes: [UInt8]) throws(Malformed) {
        guard bytes.count >= 12 else { throw .ignored }
        func pair(_ at: Int) -> UInt16 { UInt16(bytes[at]) << 8 | UInt16(bytes[at + 1]) }
        let flags = pair(2)
        id = pair(0)
        guard flags & 0x8000 == 0 else { throw .ignored }
        guard pair(4) == 1, pair(6) == 0, pair(8) == 0 else { throw .answered(id: id) }
        var labels: [[UInt8]] = []
        var position = 12
        var total = 0
        while true {
            guard position < bytes.count else { throw .answered(id: id) }
            let length = Int(bytes[position])
            position += 1
            if length == 0 { break }
            total += length + 1
            // A pointer makes no sense in the first name of a message.
            guard length < 64, total < 255, position + length <= bytes.count else { throw .answered(id: id) }
            labels.append(Array(bytes[position..<position + length]))
            position += length
        }
        guard position + 4 <= bytes.count else { throw .answered(id: id) }
        opcode = flags >> 11 & 0xF
        isRecursionDesired = flags & 0x0100 != 0
        name = NameLabels(labels)
        kind = pair(position)
        kindClass = pair(position + 2)
        position += 4
        // The root's name, then the record's kind and size.
        let hasOptions = pair(10) > 0 && position + 5 <= bytes.count && bytes[position] == 0 && pair(position + 1) == Kind.opt
        size = hasOptions ? Int(pair(position + 3)) : nil
    }
}

/// A record of an answer.
struct NameRecord: Sendable, Hashable {
    enum Value: Sendable, Hashable {
        case address([UInt8])
        case service(priority: Int, weight: Int, port: Int, target: NameLabels)
        case text(String)
        case server(NameLabels), alias(NameLabels), pointer(NameLabels)
        case authority(serial: UInt32)
    }

    var name: NameLabels
    var value: Value

    var target: NameLabels? { if case .service(_, _, _, let target) = value { target } else { nil } }
}

/// What is answered, and how it is written.
struct NameAnswer: Sendable {
    enum Code: UInt16, Sendable { case success = 0, malformed = 1, noSuchName = 3, notImplemented = 4, refused = 5 }

    var code = Code.success
    /// The name is in a zone that is answered for here.
    var isAuthoritative = true
    var answers: [NameRecord] = []
    var authority: [NameRecord] = []
    var extra: [NameRecord] = []

    func bytes(to query: NameQuery, isCompressed: Bool = true) -> [UInt8] {
        var writer = NameWriter(isCompressed: isCompressed)
        writer.pair(query.id)
        writer.pair(0x8000 | query.opcode << 11 | (isAuthoritative ? 0x0400 : 0) | (query.isRecursionDesired ? 0x0100 : 0) | code.rawValue)
        for count in [1, answers.count, authority.count, extra.count + (query.size == nil ? 0 : 1)] { writer.pair(UInt16(clamping: count)) }
        writer.name(query.name)
        writer.pair(query.kind)
        writer.pair(query.kindClass)
        for record in answers + authority + extra { writer.record(record) }
        if let size = query.size {
            writer.bytes.append(0)
            for value in [NameQuery.Kind.opt, UInt16(clamping: size), 0, 0, 0] { writer.pair(value) }
        }
        return writer.bytes
    }

    static func malformed(_ id: UInt16) -> [UInt8] { [UInt8(id >> 8), UInt8(id & 0xFF), 0x80, 0x01, 0, 0, 0, 0, 0, 0, 0, 0] }
}

private struct NameWriter {
    var bytes: [UInt8] = []
    private var places: [NameLabels: Int] = [:]
    private let isCompressed: Bool

    init(isCompressed: Bool) { self.isCompressed = isCompressed }

    mutating func pair(_ value: UInt16) { bytes += [UInt8(value >> 8), UInt8(value & 0xFF)] }

    /// The end of a name that stands already in the message is pointed to.
    mutating func name(_ name: NameLabels) {
        var rest = name
        while !rest.labels.isEmpty {
            if isCompressed {
                let key = rest.folded
                if let place = places[key] { return pair(0xC000 | UInt16(place)) }
                if bytes.count < 0x4000 { places[key] = bytes.count }
            }
            let label = rest.labels.removeFirst()
            bytes.append(UInt8(label.count))
            bytes += label
        }
        bytes.append(0)
    }

    mutating func record(_ record: NameRecord) {
        name(record.name)
        pair(kind(record.value))
        pair(1)
        // Consul has nothing kept unless it is told to.
        for _ in 0..<2 { pair(0) }
        let start = bytes.count
        pair(0)
        switch record.value {
        case .address(let address): bytes += address
        case .service(let priority, let weight, let port, let target):
            for value in [priority, weight, port] { pair(UInt16(clamping: value)) }
            name(target)
        case .text(let text):
            let letters = Array(text.utf8.prefix(255))
            bytes.append(UInt8(letters.count))
            bytes += letters
        case .server(let target), .alias(let target), .pointer(let target): name(target)
        case .authority(let serial):
            name(NameLabels("ns.consul"))
            name(NameLabels("hostmaster.consul"))
            for value in [serial, 3600, 600, 86400, 0] {
                pair(UInt16(value >> 16))
                pair(UInt16(value & 0xFFFF))
            }
        }
        let length = bytes.count - start - 2
        bytes[start] = UInt8(length >> 8 & 0xFF)
        bytes[start + 1] = UInt8(length & 0xFF)
    }

    private func kind(_ value: NameRecord.Value) -> UInt16 {
        switch value {
        case .address(let address): address.count == 4 ? NameQuery.Kind.a : NameQuery.Kind.aaaa
        case .service: NameQuery.Kind.srv
        case .text: NameQuery.Kind.txt
        case .server: NameQuery.Kind.ns
        case .alias: NameQuery.Kind.cname
        case .pointer: NameQuery.Kind.ptr
        case .authority: NameQuery.Kind.soa
        }
    }
}
