internal import Domain

/// What an agent answers to a question for a name, as Consul 1.8 does in all its ways: a service of which nothing passes and one that
/// nobody knows are the same to it, and a question for one kind of record is often answered with another.
struct NameLookup {
    typealias Kind = NameQuery.Kind

    /// Without EDNS no datagram has more records than this.
    static let shortAnswer = 3

    let registry: SimRegistry
    let now: Timestamp
    private let query: NameQuery

    init(_ query: NameQuery, in registry: SimRegistry, now: Timestamp) {
        self.query = query
        self.registry = registry
        self.now = now
    }

    func answer() -> NameAnswer {
        guard query.opcode == 0 else { return NameAnswer(code: .notImplemented, isAuthoritative: false) }
        var labels = query.name.texts
        if labels.suffix(2) == ["in-addr", "arpa"] { return pointer(labels.dropLast(2).reversed().joined(separator: ".")) }
        guard labels.popLast() == "consul" else { return NameAnswer(code: .refused, isAuthoritative: false) }
        if labels.isEmpty { return apex() }
        let kinds = ["service", "connect", "ingress", "node", "query", "addr"]
        guard let place = labels.lastIndex(where: { kinds.contains($0) || (query.kind == Kind.srv && $0.hasPrefix("_")) }) else { return nothing }
        // RFC 2782 knows no “service” before the zone, so it may be left out there.
        let isImplied = !kinds.contains(labels[place])
        let parts = Array(labels[..<(isImplied ? place + 1 : place)])
        let behind = labels[(place + 1)...]
        guard behind.count < 2, behind.first.map({ $0 == registry.datacenter }) ?? true, !parts.isEmpty else { return nothing }
        switch isImplied ? "service" : labels[place] {
        case "service": return service(parts)
        case "node": return node(parts.joined(separator: "."))
        case "addr": return parts.count == 1 ? address(parts[0]) : nothing
        default: return nothing
        }
    }

    private var authority: NameRecord { NameRecord(name: NameLabels("consul"), value: .authority(serial: UInt32(truncatingIfNeeded: now.seconds))) }
    private var nothing: NameAnswer { NameAnswer(code: .noSuchName, authority: [authority]) }

    // MARK: Services

    private func service(_ parts: [String]) -> NameAnswer {
        var name = parts[parts.count - 1]
        var tag = parts.dropLast().joined(separator: ".")
        if parts.count == 2, parts[0].hasPrefix("_"), parts[1].hasPrefix("_") {
            name = String(parts[0].dropFirst())
            tag = String(parts[1].dropFirst())
            if tag == "tcp" { tag = "" }
        }
        let found = usable(name, tag).shuffled()
        if found.isEmpty { return nothing }
        return query.kind == Kind.srv ? endpoints(found) : addresses(found)
    }

    /// Nothing critical, maintenance and the node's own checks included.
    private func usable(_ name: String, _ tag: String) -> [SimInstance] {
        var instances = registry.instances(of: name)
        if instances.isEmpty, let known = registry.serviceNames.first(where: { $0.lowercased() == name }) { instances = registry.instances(of: known) }
        return instances.filter { instance in
            (tag.isEmpty || instance.tags.contains { $0.lowercased() == tag }) && !registry.checks(of: instance).contains { $0.status == .critical }
                && !registry.nodeChecks(on: instance.node).contains { $0.status == .critical }
        }
    }

    private func addresses(_ instances: [SimInstance]) -> NameAnswer {
        var seen: Set<String> = []
        var answer = NameAnswer()
        for instance in instances {
            let address = instance.address.isEmpty ? registry.members[instance.node]?.address ?? "" : instance.address
            guard seen.insert(address).inserted, let record = record(query.name, address), fits(record) else { continue }
            answer.answers.append(record)
        }
        if answer.answers.isEmpty { answer.authority = [authority] }
        return answer
    }

    private func endpoints(_ instances: [SimInstance]) -> NameAnswer {
        var seen: Set<String> = []
        var answer = NameAnswer()
        for instance in instances where seen.insert("\(instance.node) \(instance.address) \(instance.port)").inserted {
            guard let member = registry.members[instance.node] else { continue }
            let isWarning = (registry.checks(of: instance) + registry.nodeChecks(on: instance.node)).contains { $0.status == .warning }
            let address = instance.address.isEmpty ? member.address : instance.address
            let packed = Self.packed(address)
            let target =
                instance.address.isEmpty
                ? nodeName(member.name)
                : packed.map { NameLabels("\(Self.hexadecimal($0)).addr.\(registry.datacenter).consul") } ?? NameLabels(instance.address)
            answer.answers.append(
                NameRecord(
                    name: query.name,
                    value: .service(priority: 1, weight: isWarning ? instance.warningWeight : instance.passingWeight, port: instance.port, target: target)))
            if let packed { answer.extra.append(NameRecord(name: target, value: .address(packed))) }
            answer.extra += notes(of: member, as: nodeName(member.name))
        }
        return answer
    }

    // MARK: Nodes, addresses, the zone itself

    private func node(_ name: String) -> NameAnswer {
        guard let member = registry.members[name] ?? registry.members.values.first(where: { $0.name.lowercased() == name }) else { return nothing }
        var answer = NameAnswer()
        let notes = notes(of: member, as: query.name)
        if let record = record(query.name, member.address), query.kind != Kind.txt, query.kind != Kind.srv, fits(record) { answer.answers.append(record) }
        switch query.kind {
        case Kind.txt, Kind.any: answer.answers += notes
        case Kind.srv: break
        default: answer.extra = notes
        }
        return answer
    }

    /// `7f000001.addr.consul`
    private func address(_ text: String) -> NameAnswer {
        guard text.utf8.count == 8 || text.utf8.count == 32, let bytes = Self.bytes(text) else { return nothing }
        let record = NameRecord(name: query.name, value: .address(bytes))
        let isAsked = query.kind == Kind.any || query.kind == (bytes.count == 4 ? Kind.a : Kind.aaaa)
        return isAsked ? NameAnswer(answers: [record]) : NameAnswer(extra: [record])
    }

    private func pointer(_ address: String) -> NameAnswer {
        if let member = registry.members.values.first(where: { $0.address == address }) {
            return NameAnswer(answers: [NameRecord(name: query.name, value: .pointer(nodeName(member.name)))])
        }
        if let instance = registry.instances.values.first(where: { $0.address == address }) {
            return NameAnswer(answers: [NameRecord(name: query.name, value: .pointer(NameLabels("\(instance.name).service.consul")))])
        }
        return nothing
    }

    private func apex() -> NameAnswer {
        let servers = registry.members.values.filter(\.isServer)
        let names = servers.map { NameRecord(name: query.name, value: .server(nodeName($0.name))) }
        let extra = servers.compactMap { record(nodeName($0.name), $0.address) }
        switch query.kind {
        case Kind.soa: return NameAnswer(answers: [authority], authority: names, extra: extra)
        case Kind.ns: return NameAnswer(answers: names, extra: extra)
        default: return nothing
        }
    }

    private func nodeName(_ node: String) -> NameLabels { NameLabels("\(node).node.\(registry.datacenter).consul") }

    private func notes(of member: SimMember, as name: NameLabels) -> [NameRecord] {
        ConsulText.meta(of: member).sorted { $0.key < $1.key }.map { NameRecord(name: name, value: .text("\($0.key)=\($0.value)")) }
    }

    /// nil where there is no address at all.
    private func record(_ name: NameLabels, _ address: String) -> NameRecord? {
        if let packed = Self.packed(address) { return NameRecord(name: name, value: .address(packed)) }
        return address.isEmpty ? nil : NameRecord(name: name, value: .alias(NameLabels(address)))
    }

    /// An address goes out to whoever did not ask for the other kind.
    private func fits(_ record: NameRecord) -> Bool {
        guard case .address(let bytes) = record.value else { return true }
        switch query.kind {
        case Kind.a: return bytes.count == 4
        case Kind.aaaa: return bytes.count == 16
        default: return [Kind.any, Kind.srv, Kind.ns, Kind.txt].contains(query.kind)
        }
    }
}

extension NameLookup {
    /// `10.0.1.4`; anything that is no such address has none.
    static func packed(_ address: String) -> [UInt8]? {
        let parts = address.split(separator: ".", omittingEmptySubsequences: false)
        let bytes = parts.compactMap { UInt8($0) }
        return parts.count == 4 && bytes.count == 4 ? bytes : nil
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func bytes(_ digits: String) -> [UInt8]? {
        let letters = Array(digits.utf8)
        var bytes: [UInt8] = []
        for start in stride(from: 0, to: letters.count - 1, by: 2) {
            guard let byte = UInt8(String(decoding: letters[start...start + 1], as: UTF8.self), radix: 16) else { return nil }
            bytes.append(byte)
        }
        return bytes
    }
}

extension NameAnswer {
    /// Cut so that it fits, without a word about it: unless it is told otherwise, Consul does not say that there would be more.
    func trimmed(to query: NameQuery, isDatagram: Bool) -> NameAnswer {
        let limit = isDatagram ? max(512, query.size ?? 0) : 65535
        var answer = self
        let isShort = isDatagram && limit == 512
        if isShort, answers.count > NameLookup.shortAnswer { answer.keep(NameLookup.shortAnswer) }
        func size(_ answer: NameAnswer) -> Int { answer.bytes(to: query, isCompressed: !isShort).count }
        guard answer.answers.count > 1, size(answer) > limit else { return answer }
        answer.authority = []
        // As many as fit: halving the interval between what does and what does not.
        var fitting = 1, tooMany = answer.answers.count + 1
        while fitting + 1 < tooMany {
            let middle = (fitting + tooMany) / 2
            var part = answer
            part.keep(middle)
            if size(part) <= limit { fitting = middle } else { tooMany = middle }
        }
        answer.keep(fitting)
        return answer
    }

    /// The first so many, and beside them only what their targets need.
    private mutating func keep(_ count: Int) {
        guard count < answers.count else { return }
        answers = Array(answers.prefix(count))
        let targets = Set(answers.compactMap(\.target))
        var seen: Set<NameLabels> = []
        extra = extra.filter { targets.contains($0.name) && seen.insert($0.name).inserted }
    }
}
