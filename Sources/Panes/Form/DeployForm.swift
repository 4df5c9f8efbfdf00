public import Domain

/// The form of one service: its fields from a specification, and a specification from what was filled in.
///
/// A field that was not touched keeps exactly what the specification had there, so that what a line of text cannot say
/// (a mount's options, a second alias) is not lost by opening the form.
public enum DeployForm {
    /// Which field is wrong, and how.
    public struct Mistake: Error, Sendable, Hashable {
        public var words: String
    }

    private enum Row: Int, CaseIterable {
        case name, image, mode, replicas, command, ports, environment, mounts, networks, constraints
        case cpuLimit, memoryLimit, cpuReserved, memoryReserved, health, healthInterval, order
    }

    private static let modes: [(String, Workload.Mode)] = [("replicated", .replicated), ("global", .perNode), ("replicated job", .job(completions: 1)), ("global job", .jobPerNode)]
    private static let orders = ["stop-first", "start-first"]

    /// - Parameter before: what an existing service is now; its name and mode cannot change.
    public static func fields(_ before: ServiceSpecification?, networks: [String]) -> [Form.Field] {
        let texts = before.map(texts) ?? Row.allCases.map { $0 == .replicas ? "1" : "" }
        return Row.allCases.map { row in
            switch row {
            case .mode:
                let names = before.map { [name(of: $0.mode)] } ?? modes.map(\.0)
                return Form.Field("Mode", hint: before == nil ? "← → choose" : "cannot change", choices: names)
            case .order: return Form.Field("Update order", hint: "← → choose", choices: orders, selected: orders.firstIndex(of: texts[row.rawValue]) ?? 0)
            default: return Form.Field(label(row), hint: hint(row, isNew: before == nil, networks: networks), text: texts[row.rawValue])
            }
        }
    }

    private static func label(_ row: Row) -> String {
        switch row {
        case .name: "Name"
        case .image: "Image"
        case .mode: "Mode"
        case .replicas: "Tasks"
        case .command: "Command"
        case .ports: "Ports"
        case .environment: "Environment"
        case .mounts: "Mounts"
        case .networks: "Networks"
        case .constraints: "Constraints"
        case .cpuLimit: "CPU limit"
        case .memoryLimit: "Memory limit"
        case .cpuReserved: "CPU reserved"
        case .memoryReserved: "Memory reserved"
        case .health: "Health check"
        case .healthInterval: "Check interval"
        case .order: "Update order"
        }
    }

    private static func hint(_ row: Row, isNew: Bool, networks: [String]) -> String {
        switch row {
        case .name: isNew ? "required" : "cannot change"
        case .image: "required; busybox:1.36"
        case .replicas: "how many; not for global"
        case .command: "words; empty: the image's own"
        case .ports: "8080:80 53:53/udp 8081:80@host"
        case .environment: "KEY=value KEY2=\"two words\""
        case .mounts: "volume:/path /on/node:/path:ro"
        case .networks: networks.isEmpty ? "names; there is none in the swarm" : "of: " + networks.joined(separator: " ")
        case .constraints: "node.labels.ssd==true, node.role!=manager"
        case .cpuLimit, .cpuReserved: "0.5"
        case .memoryLimit, .memoryReserved: "512M"
        case .health: "wget -qO- localhost || exit 1"
        case .healthInterval: "10s"
        case .mode, .order: ""
        }
    }

    private static func name(of mode: Workload.Mode) -> String {
        switch mode {
        case .replicated, .pinned: "replicated"
        case .perNode: "global"
        case .job: "replicated job"
        case .jobPerNode: "global job"
        }
    }

    private static func texts(_ s: ServiceSpecification) -> [String] {
        Row.allCases.map { row in
            switch row {
            case .name: s.name
            case .image: s.image
            case .mode: name(of: s.mode)
            case .replicas: if case .job(let completions) = s.mode { "\(completions)" } else { "\(s.replicas)" }
            case .command: Words.joined(s.arguments)
            case .ports: s.ports.map(text).joined(separator: " ")
            case .environment: Words.joined(s.environment.map { SecretMask.masked(variable: $0) })
            case .mounts: Words.joined(s.mounts.map(text))
            case .networks: s.networks.map(\.network).joined(separator: " ")
            case .constraints: s.constraints.joined(separator: ", ")
            case .cpuLimit: s.limits.nanoCPUs.map { Amount.words(nanoCPUs: $0) } ?? ""
            case .memoryLimit: s.limits.memory.map { Amount.words(bytes: $0) } ?? ""
            case .cpuReserved: s.reservations.nanoCPUs.map { Amount.words(nanoCPUs: $0) } ?? ""
            case .memoryReserved: s.reservations.memory.map { Amount.words(bytes: $0) } ?? ""
            case .health: s.healthCheck.map { $0.test.first == "CMD-SHELL" ? $0.test.dropFirst().joined(separator: " ") : Words.joined($0.test) } ?? ""
            case .healthInterval: s.healthCheck.flatMap { $0.interval > .zero ? Amount.words($0.interval) : nil } ?? ""
            case .order: s.update?.order ?? orders[0]
            }
        }
    }

    private static func text(_ port: Workload.Port) -> String {
        (port.published.map { "\($0):" } ?? "") + "\(port.target)" + (port.transport == "tcp" ? "" : "/" + port.transport) + (port.isOnHost ? "@host" : "")
    }

    private static func text(_ mount: ServiceSpecification.Mount) -> String {
        if mount.kind == "tmpfs" { return "tmpfs:" + mount.destination }
        return (mount.origin.isEmpty ? "" : mount.origin + ":") + mount.destination + (mount.isReadOnly ? ":ro" : "")
    }

    // MARK: Reading

    /// - Parameter values: in the order of `fields`.
    public static func read(_ values: [String], before: ServiceSpecification?) throws(Mistake) -> ServiceSpecification {
        let untouched = before.map(texts)
        var s = before ?? ServiceSpecification(name: "", image: "")
        for row in Row.allCases {
            let value = values[row.rawValue].trimmed
            if let untouched, untouched[row.rawValue].trimmed == value { continue }
            try apply(row, value, to: &s, isNew: before == nil)
        }
        if s.name.isEmpty { throw Mistake(words: "A name is needed") }
        if s.image.isEmpty { throw Mistake(words: "An image is needed") }
        return s
    }

    private static func apply(_ row: Row, _ value: String, to s: inout ServiceSpecification, isNew: Bool) throws(Mistake) {
        switch row {
        case .name:
            guard isNew else { throw Mistake(words: "A service cannot be renamed: deploy another and undeploy this one") }
            s.name = value
        case .image: s.image = value
        case .mode:
            guard isNew else { return }
            s.mode = modes.first { $0.0 == value }?.1 ?? .replicated
        case .replicas:
            guard let count = Int(value), (0...99_999).contains(count) else { throw Mistake(words: "Tasks: “\(value)” is no number from 0 to 99999") }
            if case .job = s.mode { s.mode = .job(completions: count) }
            s.replicas = count
        case .command: s.arguments = try words(value, "Command")
        case .environment:
            s.environment = try environment(try words(value, "Environment"), before: s.environment)
        case .networks: s.networks = try words(value, "Networks").map { name in s.networks.first { $0.network == name } ?? .init(network: name) }
        case .constraints:
            s.constraints = value.split(separator: ",").map { String($0).trimmed }.filter { !$0.isEmpty }
            if let bad = s.constraints.first(where: { !$0.contains("==") && !$0.contains("!=") }) { throw Mistake(words: "Constraints: “\(bad)” has neither == nor !=") }
        case .ports: s.ports = try words(value, "Ports").map { word throws(Mistake) in try port(word) }
        case .mounts: s.mounts = try words(value, "Mounts").map { word throws(Mistake) in try mount(word, before: s.mounts) }
        case .cpuLimit: s.limits.nanoCPUs = try amount(value, "CPU limit", "0.5", Amount.nanoCPUs)
        case .cpuReserved: s.reservations.nanoCPUs = try amount(value, "CPU reserved", "0.5", Amount.nanoCPUs)
        case .memoryLimit: s.limits.memory = try amount(value, "Memory limit", "512M", Amount.bytes)
        case .memoryReserved: s.reservations.memory = try amount(value, "Memory reserved", "512M", Amount.bytes)
        case .health:
            guard !value.isEmpty else { return s.healthCheck = nil }
            let test = try healthTest(value)
            if s.healthCheck == nil { s.healthCheck = .init(test: test) } else { s.healthCheck?.test = test }
        case .healthInterval:
            let interval = try amount(value, "Check interval", "10s", Amount.duration) ?? .zero
            guard s.healthCheck != nil || interval == .zero else { throw Mistake(words: "Check interval: there is no health check to run") }
            s.healthCheck?.interval = interval
        case .order:
            guard s.update != nil || value != orders[0] else { return }
            if s.update == nil { s.update = Workload.RolloutPolicy() }
            s.update?.order = value
        }
    }

    private static func words(_ text: String, _ field: String) throws(Mistake) -> [String] {
        guard let words = Words.split(text) else { throw Mistake(words: "\(field): a quotation mark is not closed") }
        return words
    }

    private static func amount<Value>(_ text: String, _ field: String, _ example: String, _ read: (String) -> Value?) throws(Mistake) -> Value? {
        if text.isEmpty { return nil }
        guard let value = read(text) else { throw Mistake(words: "\(field): “\(text)” is not an amount like \(example)") }
        return value
    }

    private static func port(_ word: String) throws(Mistake) -> Workload.Port {
        func number(_ text: Substring) throws(Mistake) -> Int {
            guard let port = Int(text), (1...65_535).contains(port) else { throw Mistake(words: "Ports: “\(word)” is not like 8080:80, 53:53/udp or 8081:80@host") }
            return port
        }
        var rest = word[...]
        let isOnHost = rest.hasSuffix("@host")
        if isOnHost { rest = rest.dropLast(5) }
        var transport = "tcp"
        if let slash = rest.lastIndex(of: "/") {
            transport = String(rest[rest.index(after: slash)...])
            rest = rest[..<slash]
            guard ["tcp", "udp", "sctp"].contains(transport) else { throw Mistake(words: "Ports: “\(transport)” is none of tcp, udp, sctp") }
        }
        let parts = rest.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count <= 2, let last = parts.last else { throw Mistake(words: "Ports: “\(word)” has too many parts; an address cannot be given") }
        return Workload.Port(published: parts.count == 2 ? try number(parts[0]) : nil, target: try number(last), transport: transport, isOnHost: isOnHost)
    }

    /// A masked word stands for the variable that it hides.
    private static func environment(_ words: [String], before: [String]) throws(Mistake) -> [String] {
        var hidden = before
        return try words.map { word throws(Mistake) in
            if let index = hidden.firstIndex(where: { SecretMask.masked(variable: $0) == word }) { return hidden.remove(at: index) }
            if word.hasSuffix("=" + SecretMask.sign) { throw Mistake(words: "Environment: “\(word)” hides no value of before: type the value") }
            guard word.contains("="), !word.hasPrefix("=") else { throw Mistake(words: "Environment: “\(word)” is not KEY=value") }
            return word
        }
    }

    /// `CMD` with words and `NONE` are Docker's own forms; all else is for the shell.
    private static func healthTest(_ text: String) throws(Mistake) -> [String] {
        if text == "NONE" { return [text] }
        for form in ["CMD", "CMD-SHELL"] where text.hasPrefix(form + " ") {
            return form == "CMD" ? try words(text, "Health check") : [form, String(text.dropFirst(form.count)).trimmed]
        }
        return ["CMD-SHELL", text]
    }

    /// One that is there already keeps what a word cannot say.
    private static func mount(_ word: String, before: [ServiceSpecification.Mount]) throws(Mistake) -> ServiceSpecification.Mount {
        if let same = before.first(where: { text($0) == word }) { return same }
        var parts = word.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
        let isReadOnly = parts.last == "ro"
        if isReadOnly || parts.last == "rw" { parts.removeLast() }
        guard let destination = parts.last, destination.hasPrefix("/"), parts.count <= 2 else {
            throw Mistake(words: "Mounts: “\(word)” is not like data:/path, /on/node:/path:ro or tmpfs:/path")
        }
        let origin = parts.count == 2 ? parts[0] : ""
        let kind = origin == "tmpfs" ? "tmpfs" : origin.hasPrefix("/") ? "bind" : "volume"
        let new = ServiceSpecification.Mount(kind: kind, origin: kind == "tmpfs" ? "" : origin, destination: destination, isReadOnly: isReadOnly)
        guard var mount = before.first(where: { ($0.kind, $0.origin, $0.destination) == (new.kind, new.origin, new.destination) }) else { return new }
        mount.isReadOnly = isReadOnly
        return mount
    }
}
