internal import Yams

/// `consul` and `registry` of config.yaml.
extension ConfigReader {
    static let consulKeys = [
        "name", "address", "token", "token_file", "auth", "namespace", "partition", "datacenter", "production", "readonly", "tls",
    ]
    static let consulTLSKeys = ["verify", "ca", "cert", "key", "server_name"]
    static let registryKeys = ["mode", "scripts"]

    mutating func readConsul(_ node: Node) {
        let line = node.mark?.line
        if case .scalar(let scalar) = node, ["false", "no", "off"].contains(scalar.string.lowercased()) {
            file.consul = .init(value: [], line: line)
            return
        }
        guard case .sequence(let items) = node else {
            return report(node, "'consul' is \(kind(node)); expected a list ('- address: …') or false")
        }
        var entries: [ConfigFile.Consul] = []
        for item in items {
            guard case .mapping(let mapping) = item else {
                report(item, "an entry of 'consul' is \(kind(item)); expected 'address: …'")
                continue
            }
            var entry = ConfigFile.Consul(line: item.mark?.line)
            for (key, value) in mapping { readConsul(&entry, key, value) }
            entries.append(entry)
        }
        // Entries that are all wrong are a mistake, not a wish for none.
        if !entries.isEmpty || items.isEmpty { file.consul = .init(value: entries, line: line) }
    }

    private mutating func readConsul(_ entry: inout ConfigFile.Consul, _ key: Node, _ value: Node) {
        guard let name = known(key, among: Self.consulKeys, in: "consul."), !isNull(value) else { return }
        let path = "consul.\(name)"
        switch name {
        case "name": entry.name = text(value, path)
        case "address": entry.address = text(value, path)
        case "token": entry.token = text(value, path)
        case "token_file": entry.tokenFile = self.path(value, path)
        case "auth": entry.auth = text(value, path)
        case "namespace": entry.namespace = text(value, path)
        case "partition": entry.partition = text(value, path)
        case "datacenter": entry.datacenter = text(value, path)
        case "production": entry.isProduction = flag(value, path)
        case "readonly": entry.isReadOnly = flag(value, path)
        default: entry.tls = consulTLS(value, path)
        }
    }

    private mutating func consulTLS(_ node: Node, _ path: String) -> ConfigFile.TLS? {
        var tls = ConfigFile.TLS()
        guard case .mapping(let mapping) = node else {
            guard let isOn = flag(node, path, or: "ca: …, ") else { return nil }
            tls.isOn = isOn
            return tls
        }
        for (key, value) in mapping {
            guard let name = known(key, among: Self.consulTLSKeys, in: "\(path)."), !isNull(value) else { continue }
            switch name {
            // What is no answer must not turn the verification off.
            case "verify": tls.verifies = flag(value, "\(path).\(name)") ?? true
            case "ca": tls.ca = self.path(value, "\(path).\(name)")
            case "cert": tls.certificate = self.path(value, "\(path).\(name)")
            case "key": tls.key = self.path(value, "\(path).\(name)")
            default: tls.serverName = text(value, "\(path).\(name)")
            }
        }
        return tls
    }

    mutating func readRegistry(_ node: Node) {
        guard case .mapping(let mapping) = node else {
            return report(node, "'registry' is \(kind(node)); expected 'mode: …' and 'scripts: …'")
        }
        for (key, value) in mapping {
            guard let name = known(key, among: Self.registryKeys, in: "registry."), !isNull(value) else { continue }
            let line = value.mark?.line
            if name == "scripts" {
                file.registryScripts = flag(value, "registry.scripts").map { .init(value: $0, line: line) }
            } else if let word = text(value, "registry.mode") {
                if let mode = RegistrySetting.Mode(rawValue: word) {
                    file.registryMode = .init(value: mode, line: line)
                } else {
                    report(value, "'registry.mode' is \(shown(word)); expected \(RegistrySetting.Mode.allCases.map(\.rawValue).joined(separator: ", "))")
                }
            }
        }
    }
}
