internal import Domain
internal import Drawing

/// What a registry's DNS gives for a service beside what is registered, and what a connection from here to an instance says.
struct NameAnswers {
    /// So many connections are tried for one service.
    static let connections = 16

    enum Verdict: Hashable {
        /// It has not answered yet, or gave nothing that could be compared.
        case unknown
        case given
        /// Rightly: the registry's own checks say that it is not to be used.
        case leftOut
        case missing
        /// Although the registry's own checks say that it is not to be used.
        case givenAnyway
    }

    let source: Source.ID
    let service: String
    /// nil where nobody answers for the registry's names, or where that is not known.
    let server: NameServer?
    let evidence: Evidence

    init(_ source: Source.ID, _ service: String, evidence: Evidence, in snapshot: Snapshot) {
        self.source = source
        self.service = service
        self.evidence = evidence
        server = snapshot.registry(source)?.dns
    }

    var name: String { "\(service).service" + (server.map { $0.domain.isEmpty ? "" : "." + $0.domain } ?? "") }

    // MARK: Questions

    func questions(_ instances: some Sequence<ServiceInstance>) -> [Evidence.Question] {
        var questions = server.map { [Evidence.Question.services(name: name, $0), .addresses(name: name, $0)] } ?? []
        questions += Self.connections(instances)
        return questions
    }

    static func connections(_ instances: some Sequence<ServiceInstance>) -> [Evidence.Question] {
        var questions: [Evidence.Question] = []
        for instance in instances where questions.count < connections {
            if let question = connection(instance), !questions.contains(question) { questions.append(question) }
        }
        return questions
    }

    private static func connection(_ instance: ServiceInstance) -> Evidence.Question? {
        instance.address.isEmpty || !(1...65_535).contains(instance.port) ? nil : .connect(host: instance.address, port: instance.port)
    }

    // MARK: DNS

    var records: Evidence.Answer? { server.flatMap { evidence[.services(name: name, $0)] } }
    var addresses: Evidence.Answer? { server.flatMap { evidence[.addresses(name: name, $0)] } }

    /// What the registry's own checks make of the instance: a container's HEALTHCHECK is nothing that its DNS knows of.
    static func decider(_ health: InstanceHealth) -> Check? {
        health.checks.filter { $0.id.source == health.instance.id.source && ($0.status == .critical || $0.status == .maintenance) }.max { $0.status < $1.status }
    }

    func verdict(_ health: InstanceHealth) -> Verdict {
        guard let isGiven = isGiven(health.instance) else { return .unknown }
        let isBarred = Self.decider(health) != nil
        return isGiven ? (isBarred ? .givenAnyway : .given) : isBarred ? .leftOut : .missing
    }

    /// SRV knows the port and is asked first; by addresses alone only what has an IP address can be found.
    private func isGiven(_ instance: ServiceInstance) -> Bool? {
        switch records {
        case .services(let records): return records.contains { Self.matches($0, instance) }
        case .nothing, .noSuchName: return false
        default: break
        }
        switch addresses {
        case .addresses(let addresses) where Self.isAddress(instance.address): return addresses.contains { Self.isSame($0, instance.address) }
        case .nothing, .noSuchName: return false
        default: return nil
        }
    }

    private static func matches(_ record: Evidence.ServiceRecord, _ instance: ServiceInstance) -> Bool {
        guard record.port == instance.port else { return false }
        if record.addresses.contains(where: { isSame($0, instance.address) }) { return true }
        // Without an address beside it the record names the node, or the service's own address where that is a name.
        return record.addresses.isEmpty && (isSame(record.host, instance.address) || record.host.lowercased().hasPrefix(instance.node.lowercased() + "."))
    }

    private static func isAddress(_ text: String) -> Bool { !text.isEmpty && (text.contains(":") || text.allSatisfy { $0 == "." || ("0"..."9").contains($0) }) }

    /// Names may end in a dot and be written large.
    private static func isSame(_ a: String, _ b: String) -> Bool { !b.isEmpty && plain(a) == plain(b) }

    private static func plain(_ name: String) -> String { (name.hasSuffix(".") ? String(name.dropLast()) : name).lowercased() }

    /// What DNS sends clients to and nobody has registered.
    func strangers(_ instances: [ServiceInstance]) -> [String] {
        if case .services(let records)? = records {
            return records.filter { record in !instances.contains { Self.matches(record, $0) } }.map(Self.words)
        }
        guard case .addresses(let addresses)? = addresses, instances.allSatisfy({ Self.isAddress($0.address) }) else { return [] }
        return addresses.filter { address in !instances.contains { Self.isSame($0.address, address) } }
    }

    // MARK: Words

    static func words(_ record: Evidence.ServiceRecord) -> String {
        let name = plain(record.host)
        let host = name.contains(":") ? "[\(name)]" : name
        return "\(host):\(record.port)" + (record.addresses.isEmpty || record.addresses == [record.host] ? "" : " (" + record.addresses.joined(separator: ", ") + ")")
    }

    func words(_ health: InstanceHealth) -> (text: String, role: Role)? {
        switch verdict(health) {
        case .unknown: nil
        case .given: ("DNS gives it to clients", .muted)
        case .leftOut: ("DNS leaves it out, as it should: " + Self.reason(health), .info)
        case .missing: ("DNS does not give it, though no check of the registry speaks against it; one answer may hold only some of many", .warning)
        case .givenAnyway: ("DNS gives it to clients although " + Self.reason(health), .bad)
        }
    }

    private static func reason(_ health: InstanceHealth) -> String {
        guard let decider = decider(health) else { return "" }
        return decider.status == .maintenance ? "it is in maintenance" : "\(decider.name) is \(decider.status.word)"
    }

    /// Whether a connection from here opens.
    func connection(_ instance: ServiceInstance, among questions: [Evidence.Question]) -> (text: String, role: Role) {
        guard let question = Self.connection(instance) else { return (instance.address.isEmpty ? "no address to connect to" : "no port to connect to", .muted) }
        switch evidence[question] {
        case .connected(let span)?: return ("from here a connection opens within \(Self.milliseconds(span)) ms", .good)
        case .notConnected(let why)?: return ("from here no connection opens: \(why)", .bad)
        case .failed(let trouble)?: return (trouble.description, .warning)
        case nil where !questions.contains(question): return ("not tried from here: only the first \(Self.connections) are", .muted)
        default: return ("connecting from here: asking…", .info)
        }
    }

    private static func milliseconds(_ span: Duration) -> Int64 {
        let (seconds, attoseconds) = span.components
        return max(1, seconds &* 1000 &+ attoseconds / 1_000_000_000_000_000)
    }
}
