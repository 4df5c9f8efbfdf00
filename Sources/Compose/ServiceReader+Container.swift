internal import Domain

extension ServiceReader {
    mutating func readContainer(_ fields: [String: Place]) throws(Trouble) {
        if let host = fields["hostname"] { service.hostName = try host.text() }
        if let isReadOnly = fields["read_only"] { service.isReadOnlyRoot = try isReadOnly.flag() }
        if let servers = fields["dns"] { service.nameServers = try servers.textOrTexts() }
        if let domains = fields["dns_search"] { service.searchDomains = try domains.textOrTexts() }
        if let hosts = fields["extra_hosts"] { service.hosts = try hostLines(hosts) }
        if let sysctls = fields["sysctls"] { service.sysctls = try sysctls.table() }
        try readCapabilities(fields)
        if let logging = try fields["logging"]?.fields(["driver", "options"]) {
            service.logDriver = try logging["driver"]?.text() ?? ""
            service.logOptions = try logging["options"]?.table() ?? [:]
        }
    }

    /// In the kernel's spelling, sorted, and none of them both added and dropped: adding counts (docker/cli, opts/capabilities.go).
    private mutating func readCapabilities(_ fields: [String: Place]) throws(Trouble) {
        func names(_ key: String) throws(Trouble) -> Set<String> {
            var names: Set<String> = []
            for name in try fields[key]?.texts() ?? [] {
                let name = name.uppercased()
                names.insert(name == "ALL" || name.hasPrefix("CAP_") ? name : "CAP_" + name)
            }
            return names.contains("ALL") ? ["ALL"] : names
        }
        let added = try names("cap_add")
        service.capabilitiesAdded = added.sorted()
        service.capabilitiesDropped = try names("cap_drop").subtracting(added).sorted()
    }

    /// `NAME:ADDRESS` and `NAME=ADDRESS` as lines of /etc/hosts, which is how a swarm wants them.
    private func hostLines(_ place: Place) throws(Trouble) -> [String] {
        func line(_ name: String, _ address: String) -> String {
            let isBracketed = address.hasPrefix("[") && address.hasSuffix("]")
            return "\(isBracketed ? String(address.dropFirst().dropLast()) : address) \(name)"
        }
        var lines: [String] = []
        if place.isMap {
            // Sorted as Docker sorts them, so that their order does not look like a change.
            for (name, addresses) in try place.children().sorted(by: { $0.name < $1.name }) where !addresses.isNull {
                for address in try addresses.textOrTexts() { lines.append(line(name, address)) }
            }
        } else {
            for item in try place.items() {
                let text = try item.text()
                let parts = text.split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == ":" || $0 == "=" }
                guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
                    throw item.trouble("\(shown(text)) is no name with an address", "write NAME:ADDRESS")
                }
                lines.append(line(String(parts[0]), String(parts[1])))
            }
        }
        return lines
    }

    mutating func readHealthCheck(_ place: Place?) throws(Trouble) {
        guard let place else { return }
        let fields = try place.fields(["test", "disable", "interval", "timeout", "start_period", "start_interval", "retries"])
        let test = try fields["test"].map { test throws(Trouble) in
            let words = test.isText ? ["CMD-SHELL", try test.text()] : try test.texts()
            guard let first = words.first, ["NONE", "CMD", "CMD-SHELL"].contains(first) else {
                throw test.trouble("a list has to begin with CMD, CMD-SHELL or NONE", "write [CMD, PROGRAM, …], or the command as one text")
            }
            return words
        }
        if try fields["disable"]?.flag() == true {
            guard test == nil else { throw place.trouble("it has a test and is disabled", "leave out one of them") }
            service.healthCheck = ServiceSpecification.HealthCheck(test: ["NONE"])
            return
        }
        if fields["start_interval"] != nil { ignore("healthcheck.start_interval", ServiceKeys.notOurs) }
        service.healthCheck = ServiceSpecification.HealthCheck(
            // Nothing keeps the image's own test.
            test: test ?? [],
            interval: try fields["interval"]?.duration() ?? .zero,
            timeout: try fields["timeout"]?.duration() ?? .zero,
            startPeriod: try fields["start_period"]?.duration() ?? .zero,
            retries: try fields["retries"]?.whole() ?? 0)
    }
}
