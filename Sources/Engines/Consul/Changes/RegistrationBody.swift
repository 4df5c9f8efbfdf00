internal import Domain
internal import Engine
internal import JSON

/// Services and checks as Consul wants them written.
enum RegistrationBody {
    static func service(_ registration: ServiceRegistration) -> JSONTree {
        let checks = registration.checks.map { check($0) }
        return .object([
            "ID": registration.id.isEmpty ? nil : .string(registration.id), "Name": .string(registration.name),
            "Tags": registration.tags.isEmpty ? nil : .strings(registration.tags),
            "Address": registration.address.isEmpty ? nil : .string(registration.address),
            "Port": registration.port == 0 ? nil : .number(registration.port),
            "Meta": registration.meta.isEmpty ? nil : .dictionary(registration.meta),
            "Checks": checks.isEmpty ? nil : .array(checks),
        ])
    }

    /// The same in the catalog, for a node without an agent.
    static func catalogEntry(_ registration: ServiceRegistration, nodeAddress: String) -> JSONTree {
        .object([
            "Node": .string(registration.node), "Address": .string(nodeAddress), "SkipNodeUpdate": .flag(true),
            "Service": .object([
                "ID": .string(registration.id.isEmpty ? registration.name : registration.id), "Service": .string(registration.name),
                "Tags": registration.tags.isEmpty ? nil : .strings(registration.tags),
                "Address": registration.address.isEmpty ? nil : .string(registration.address),
                "Port": registration.port == 0 ? nil : .number(registration.port),
                "Meta": registration.meta.isEmpty ? nil : .dictionary(registration.meta),
            ]),
        ])
    }

    /// - Parameters:
    ///   - isAlone: it is registered by itself, not within its service.
    ///   - service: the id of the service that it is for; nil for the node's own.
    static func check(_ definition: CheckDefinition, isAlone: Bool = false, service: String? = nil) -> JSONTree {
        var tree = JSONTree.object([
            // The one key that differs between a check by itself and one within a service.
            (isAlone ? "ID" : "CheckID"): definition.id.isEmpty ? nil : .string(definition.id), "Name": definition.name.isEmpty ? nil : .string(definition.name),
            "Notes": definition.notes.isEmpty ? nil : .string(definition.notes), "ServiceID": service.map { .string($0) },
        ])
        func set(_ key: String, _ value: JSONTree) { tree.set(value, at: [key]) }
        var isTimed = true
        switch definition.probe {
        case .http(let url, let method, let verifies):
            set("HTTP", .string(url))
            if !method.isEmpty, method != "GET" { set("Method", .string(method)) }
            if !verifies { set("TLSSkipVerify", .flag(true)) }
        case .tcp(let endpoint): set("TCP", .string(endpoint))
        case .script(let arguments): set("Args", .strings(arguments))
        case .docker(let container, let shell, let arguments):
            set("DockerContainerID", .string(container))
            if !shell.isEmpty { set("Shell", .string(shell)) }
            set("Args", .strings(arguments))
        case .ttl(let seconds):
            set("TTL", .string(duration(seconds)))
            isTimed = false
        }
        if isTimed {
            set("Interval", .string(duration(definition.interval)))
            if let timeout = definition.timeout { set("Timeout", .string(duration(timeout))) }
        }
        if let status = definition.initialStatus { set("Status", .string(status)) }
        if let limit = definition.deregistersAfter { set("DeregisterCriticalServiceAfter", .string(duration(limit))) }
        return tree
    }

    /// `10s`, `1500ms`: as Go reads durations.
    static func duration(_ seconds: Double) -> String {
        seconds == seconds.rounded() && abs(seconds) < 1e9 ? "\(Int(seconds))s" : "\(Int((min(max(seconds, -1e9), 1e9) * 1000).rounded()))ms"
    }

    /// Why Consul would not take it; nil where it would.
    static func problem(_ definition: CheckDefinition) -> String? {
        func isBad(_ seconds: Double?) -> Bool { seconds.map { !($0 > 0 && $0 < 1e9) } ?? false }
        let times: [Double?] =
            if case .ttl(let seconds) = definition.probe { [seconds, definition.deregistersAfter] } else { [definition.interval, definition.timeout, definition.deregistersAfter] }
        if times.contains(where: isBad) { return "its times must be more than nothing" }
        switch definition.probe {
        case .http(let url, _, _): return url.isEmpty ? "it has no URL" : nil
        case .tcp(let endpoint): return endpoint.contains(":") ? nil : "“\(PlainText.printable(endpoint))” is no HOST:PORT"
        case .script(let arguments): return arguments.isEmpty ? "it has no command" : nil
        case .docker(let container, _, let arguments): return container.isEmpty || arguments.isEmpty ? "it needs a container and a command" : nil
        case .ttl: return nil
        }
    }

    static func runsScript(_ definition: CheckDefinition) -> Bool {
        switch definition.probe {
        case .script, .docker: true
        case .http, .tcp, .ttl: false
        }
    }
}
