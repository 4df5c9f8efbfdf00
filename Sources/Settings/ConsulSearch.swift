internal import Glibc

/// Which Consul agents to ask: `--consul`, then `CONSUL_HTTP_ADDR`, then `consul` of config.yaml, then the standard address of
/// this machine, where an agent may or may not be. `--no-consul` and `consul: false` mean none.
struct ConsulSearch {
    let environment: [String: String]
    let file: ConfigFile
    /// `--readonly` or its like: holds for every registry.
    let isReadOnly: Bool
    var problems: [String] = []
    var misuse: [String] = []

    init(environment: [String: String], file: ConfigFile, isReadOnly: Bool) {
        self.environment = environment
        self.file = file
        self.isReadOnly = isReadOnly
    }

    mutating func registries(addresses: [String], none: Bool) -> [ConsulSetting] {
        if none {
            if !addresses.isEmpty { misuse.append("--consul and --no-consul exclude each other") }
            return []
        }
        if !addresses.isEmpty { return unique(flagged(addresses)) }
        if let address = variable("CONSUL_HTTP_ADDR") {
            return [registry(address, origin: .environment("CONSUL_HTTP_ADDR"), entry(for: address), isAlone: true)]
        }
        if let entries = file.consul?.value {
            return unique(entries.map { registry($0.address ?? ConsulSetting.standard, origin: file.origin($0.line), $0, isAlone: entries.count == 1) })
        }
        var local = registry(ConsulSetting.standard, origin: .builtIn, nil, isAlone: true)
        local.isExpected = false
        return [local]
    }

    private mutating func flagged(_ addresses: [String]) -> [ConsulSetting] {
        if addresses.count > 1, let name = ["CONSUL_HTTP_TOKEN_FILE", "CONSUL_HTTP_TOKEN"].first(where: { variable($0) != nil }) {
            problems.append("\(name) is sent to none of several registries, for it cannot be meant for all; 'consul' of config.yaml takes a token for each")
        }
        return addresses.compactMap { address in
            guard !address.isEmpty else {
                misuse.append("--consul wants an address, such as 127.0.0.1:8500 or https://host:8501")
                return nil
            }
            let named = file.consul?.value.first { $0.name == address }
            let setting = registry(
                named.map { $0.address ?? ConsulSetting.standard } ?? address, origin: .flag("--consul"), named ?? entry(for: address),
                isAlone: addresses.count == 1)
            if setting.url.isEmpty, let problem = setting.problem { misuse.append("--consul: \(setting.address): \(problem)") }
            return setting
        }
    }

    private func entry(for address: String) -> ConfigFile.Consul? {
        file.consul?.value.first { ConsulAddress.areSame($0.address ?? ConsulSetting.standard, address) }
    }

    /// What the file says of the address and what the environment says of all.
    ///
    /// - Parameter isAlone: no other registry is asked, so that a token of the environment can only be meant for this one.
    private mutating func registry(_ address: String, origin: Settings.Origin, _ entry: ConfigFile.Consul?, isAlone: Bool) -> ConsulSetting {
        let asked: Bool?
        do throws(NoAnswer) { asked = try truth("CONSUL_HTTP_SSL") } catch {
            var setting = ConsulSetting(name: entry?.name, address: address, origin: origin)
            setting.problem = error.sentence + "; whether to encrypt cannot be guessed"
            return setting
        }
        // The file's own word on TLS is about this address, the variable about whatever is asked.
        let usesTLS = entry?.tls.map(\.isOn) ?? (asked ?? false)
        var setting = ConsulSetting(name: entry?.name, address: address, usesTLS: usesTLS, origin: origin)
        if setting.tls != nil { setting.tls = tls(entry?.tls) }
        setting.namespace = variable("CONSUL_NAMESPACE") ?? entry?.namespace
        setting.partition = variable("CONSUL_PARTITION") ?? entry?.partition
        setting.datacenter = entry?.datacenter
        let isListed = (file.production?.value ?? []).contains { fnmatch($0, setting.name, 0) == 0 }
        setting.isProduction = entry?.isProduction ?? isListed
        setting.isReadOnly = isReadOnly || (entry?.isReadOnly ?? setting.isProduction)
        if let auth = entry?.auth ?? (isAlone ? variable("CONSUL_HTTP_AUTH") : nil) { setting.basicAuth = auth.contains(":") ? auth : auth + ":" }
        takeToken(entry, isAlone: isAlone, into: &setting)
        return setting
    }

    /// A file wins over a token that stands there, as with the consul command line. One that is empty counts as none.
    private func takeToken(_ entry: ConfigFile.Consul?, isAlone: Bool, into setting: inout ConsulSetting) {
        let isOwn = entry?.token != nil || entry?.tokenFile != nil
        guard isOwn || isAlone else { return }
        let path = isOwn ? entry?.tokenFile : variable("CONSUL_HTTP_TOKEN_FILE")
        setting.token = isOwn ? entry?.token : variable("CONSUL_HTTP_TOKEN")
        var place = isOwn ? "'token'" : "CONSUL_HTTP_TOKEN"
        if let path {
            let whose = isOwn ? "'token_file'" : "CONSUL_HTTP_TOKEN_FILE"
            switch Disk.read(path) {
            case .text(let text):
                let token = text.drop { $0.isWhitespace }
                if let end = token.lastIndex(where: { !$0.isWhitespace }) {
                    setting.token = String(token[...end])
                    setting.tokenFile = path
                    place = path
                }
            case .absent: fail(&setting, "the token file \(path) does not exist (\(whose))")
            case .unreadable(let reason): fail(&setting, "the token file \(path) (\(whose)): \(reason)")
            }
        }
        if let token = setting.token, !token.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) || token.utf8.count > 4096 {
            setting.token = nil
            fail(&setting, "what \(place) holds is no token: it has a space or another character that none has, or is too long")
        }
    }

    /// The first thing that is wrong is the one to mend first.
    private func fail(_ setting: inout ConsulSetting, _ problem: String) { setting.problem = setting.problem ?? problem }

    private mutating func tls(_ entry: ConfigFile.TLS?) -> TLSSetting {
        guard let entry else { return environmentTLS() }
        let tls = TLSSetting(
            verifies: entry.verifies, caPath: entry.ca, certificatePath: entry.certificate, keyPath: entry.key, serverName: entry.serverName)
        // `tls: true` says only that it is on.
        return tls == TLSSetting(verifies: true) ? environmentTLS() : paired(tls, "consul.tls.cert", "consul.tls.key")
    }

    private mutating func environmentTLS() -> TLSSetting {
        var verifies = true
        do throws(NoAnswer) { verifies = try truth("CONSUL_HTTP_SSL_VERIFY") ?? true } catch {
            // What is no answer must not turn the verification off.
            problems.append(error.sentence + "; the server is verified")
        }
        if variable("CONSUL_CACERT") == nil, variable("CONSUL_CAPATH") != nil {
            problems.append("CONSUL_CAPATH is not read; name one file with all the certificates by CONSUL_CACERT")
        }
        let tls = TLSSetting(
            verifies: verifies, caPath: variable("CONSUL_CACERT"), certificatePath: variable("CONSUL_CLIENT_CERT"), keyPath: variable("CONSUL_CLIENT_KEY"),
            // A port at its end is no part of the name.
            serverName: variable("CONSUL_TLS_SERVER_NAME").map { String($0.prefix { $0 != ":" }) })
        return paired(tls, "CONSUL_CLIENT_CERT", "CONSUL_CLIENT_KEY")
    }

    /// A certificate is of no use without its key, nor the key without it: neither is sent, and the person is told.
    private mutating func paired(_ tls: TLSSetting, _ certificate: String, _ key: String) -> TLSSetting {
        guard (tls.certificatePath == nil) != (tls.keyPath == nil) else { return tls }
        problems.append((tls.keyPath == nil ? "\(certificate) without \(key)" : "\(key) without \(certificate)") + "; no client certificate is sent")
        var tls = tls
        tls.certificatePath = nil
        tls.keyPath = nil
        return tls
    }

    private struct NoAnswer: Error {
        var sentence: String
    }

    /// As Go reads a truth, and so the consul command line; nil where the variable is not set.
    private func truth(_ name: String) throws(NoAnswer) -> Bool? {
        guard let word = variable(name) else { return nil }
        switch word {
        case "1", "t", "T", "true", "TRUE", "True": return true
        case "0", "f", "F", "false", "FALSE", "False": return false
        default:
            let shown = String(String.UnicodeScalarView(word.unicodeScalars.prefix(60).map { $0.properties.generalCategory == .control ? "?" : $0 }))
            throw NoAnswer(sentence: "\(name) is '\(shown)'; expected true or false")
        }
    }

    private func unique(_ registries: [ConsulSetting]) -> [ConsulSetting] {
        var taken: Set<String> = []
        return registries.map { registry in
            var registry = registry
            var number = 2
            let name = registry.name
            while !taken.insert(registry.name).inserted {
                registry.name = "\(name)-\(number)"
                number += 1
            }
            return registry
        }
    }

    private func variable(_ name: String) -> String? { environment[name].flatMap { $0.isEmpty ? nil : $0 } }
}
