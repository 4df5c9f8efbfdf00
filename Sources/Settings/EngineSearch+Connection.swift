/// How the connection to an engine is made: certificates and headers, by the environment's and the file's word.
extension EngineSearch {
    /// For an address that no docker context brought: the variables that the docker command line looks at.
    ///
    /// `DOCKER_TLS_VERIFY` counts when it is not empty, even as `0`; `DOCKER_CERT_PATH` alone turns nothing on. Our
    /// one difference: `https://` says TLS in so many words, and is verified.
    mutating func environmentTLS(_ address: String) -> TLSSetting? {
        guard EngineSetting.takesTLS(address) else { return nil }
        let verifies = variable("DOCKER_TLS_VERIFY") != nil
        guard verifies || variable("DOCKER_TLS") != nil else {
            return address.hasPrefix("https://") ? TLSSetting(verifies: true) : nil
        }
        guard let folder = variable("DOCKER_CERT_PATH") ?? docker?.path else { return TLSSetting(verifies: verifies) }
        let tls = material(in: folder, verifies: verifies)
        if verifies, tls.caPath == nil {
            problems.append("\(folder)/ca.pem does not exist (DOCKER_TLS_VERIFY is set): the system's own certificates decide")
        }
        return tls
    }

    /// What the file says of one engine; nil where it says `tls: false`.
    mutating func tls(_ entry: ConfigFile.TLS) -> TLSSetting? {
        guard entry.isOn else { return nil }
        var tls = entry.folder.map { material(in: $0, verifies: entry.verifies) } ?? TLSSetting(verifies: entry.verifies)
        // Files named one by one are taken at their word: a missing one is for the connection to complain of.
        if let ca = entry.ca { tls.caPath = ca }
        if let certificate = entry.certificate { tls.certificatePath = certificate }
        if let key = entry.key { tls.keyPath = key }
        return paired(tls, where: "engines.tls")
    }

    /// The files of a certificate folder, as far as they are there.
    private mutating func material(in folder: String, verifies: Bool) -> TLSSetting {
        func file(_ name: String) -> String? { Disk.exists("\(folder)/\(name)") ? "\(folder)/\(name)" : nil }
        return paired(
            TLSSetting(verifies: verifies, caPath: file("ca.pem"), certificatePath: file("cert.pem"), keyPath: file("key.pem")),
            where: folder)
    }

    /// A certificate is of no use without its key, nor the key without it: neither is sent, and the person is told.
    private mutating func paired(_ tls: TLSSetting, where place: String) -> TLSSetting {
        guard (tls.certificatePath == nil) != (tls.keyPath == nil) else { return tls }
        problems.append("\(place): a \(tls.keyPath == nil ? "certificate without its key" : "key without its certificate"); no client certificate is sent")
        var tls = tls
        tls.certificatePath = nil
        tls.keyPath = nil
        return tls
    }

    /// `DOCKER_CUSTOM_HEADERS`, a line of CSV: `name=value,"other=with, comma"`. It replaces config.json's headers.
    func customHeaders() -> [String: String]? {
        guard let line = variable("DOCKER_CUSTOM_HEADERS") else { return nil }
        var headers: [String: String] = [:]
        for field in Self.fields(line) {
            guard let equals = field.firstIndex(of: "=") else { continue }
            let name = field[..<equals]
            if !name.isEmpty { headers[String(name)] = String(field[field.index(after: equals)...]) }
        }
        return headers
    }

    private static func fields(_ line: String) -> [String] {
        var fields = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: fields.append("")
            default: fields[fields.count - 1].append(character)
            }
        }
        return fields
    }
}
